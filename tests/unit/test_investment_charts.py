"""Charts of an investment: what is drawn and what is said, at the ends of what can be too."""

from __future__ import annotations

import json
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import pytest
from jsonschema import ValidationError

from gapatlas.charts import allocation, how_sure, investment
from gapatlas.charts.amounts import money, money_span, percent, span, tally
from gapatlas.charts.row_labels import LETTERS, axis_lines, label_lines, shortened
from gapatlas.charts.theme import PALETTES
from gapatlas.investment import pictures
from gapatlas.investment.pictures import Setting
from gapatlas.investment.words import OUTCOME_WORDS

QUANTILES = ["q05", "q25", "q50", "q75", "q95"]
SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]
COMPONENTS = ["Case construction", "Interviewing", "Evidence", "Legal support"]
SETTING = Setting("Atlantis", "2025-2027", "Source: a made-up one.")


def five(middle, spread=10.0):
    return dict(zip(QUANTILES, middle + spread * np.array([-2, -0.8, 0, 0.8, 2]), strict=True))


def fan(years=3, gain=5.0):
    return pd.DataFrame(
        [
            {"year": 2025 + year, "kind": kind, **five(100 + more)}
            for year in range(years)
            for kind, more in (("without", 0.0), ("with", gain))
        ]
    )


def change(*middles):
    return pd.DataFrame([{"year": 2025 + at, **five(m, 2.0)} for at, m in enumerate(middles)])


def scenarios(costs=((8e3, 14e3, 26e3, 90e3, np.inf),)):
    return pd.DataFrame(
        [
            {
                "scenario": f"Scenario {number}",
                **five(20.0 * number),
                **dict(zip(pictures.COST_COLUMNS, cost, strict=True)),
            }
            for number, cost in enumerate(costs)
        ]
    )


def timings():
    return pd.DataFrame(
        [
            {"every": every, **five(40), **{f"gain_{k}": v for k, v in five(gain, 2).items()}}
            for every, gain in ((2, 6.0), (0, 0.0), (1, -9.0), (3, 1.0))
        ]
    )


def inputs(count=3):
    return pd.DataFrame(
        [
            {
                "input": f"Input {number}",
                "rests_on": ("data", "evidence", "judgement")[number % 3],
                "at_low": 10.0 - number,
                "at_high": 20.0 + number,
                "input_low": "0.9",
                "input_high": "1.4",
                "total": 0.1 * (number + 1) / count,
                "total_low": -0.01,
                "total_high": 0.4,
                "first": 0.05,
                "first_low": 0.01,
                "first_high": 0.09,
                "worth": 1000.0 * number,
                "worth_low": 900.0 * number,
                "worth_high": 1200.0 * number,
                "chance": 0.1 * number / count,
            }
            for number in range(count)
        ]
    )


def parts(data=0.1, evidence=0.2, judgement=0.7):
    return pd.DataFrame(
        {
            "group": ["data", "evidence", "judgement"],
            "share": [data, evidence, judgement],
            "share_low": [data - 0.05, evidence - 0.05, judgement - 0.05],
            "share_high": [data + 0.05, evidence + 0.05, judgement + 0.05],
        }
    )


def amounts(places=("A", "B"), given=(0.0, 8000.0)):
    return pd.DataFrame(
        [
            {"place": place, "component": component, "allocated": money_ / 4, "equal": 1000.0}
            for place, money_ in zip(places, given, strict=True)
            for component in COMPONENTS
        ]
    )


def gains(places=("A", "B"), middle=3.0):
    return pd.DataFrame(
        [
            {"place": place, "plan": plan, "q05": middle - 8, "q50": middle, "q95": middle + 8}
            for place in places
            for plan in ("allocated", "equal")
        ]
    )


# ------------------------------------------------------------------ numbers in words


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0"),
        (-0.04, "0"),
        (1.25, "1.2"),
        (-3.0, "-3"),
        (9.97, "10"),
        (12.6, "13"),
        (1234.5, "1,234"),
        (np.inf, "no upper limit"),
        (-np.inf, "no lower limit"),
        (np.nan, ""),
        (None, ""),
    ],
)
def test_numbers_of_people_claim_no_more_than_they_know(value, told):
    assert tally(value) == told


def test_an_interval_has_both_ends():
    assert span(-2.5, 30.2) == "-2.5 to 30"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0, "0 dollars"),
        (5.678, "5.68 dollars"),
        (54_321, "54,300 dollars"),
        (999_999, "1 million dollars"),
        (1_234_567, "1.23 million dollars"),
        (2.5e9, "2.5 billion dollars"),
        (-54_321, "-54,300 dollars"),
        (np.inf, "no amount"),
        (np.nan, ""),
    ],
)
def test_money_is_told_to_three_figures(value, told):
    assert money(value, "dollars") == told


def test_intervals_of_money_can_run_on_or_not_be_there_at_all():
    assert money_span(1000, 2000) == "1,000 to 2,000"
    assert money_span(1000, np.inf) == "1,000 to no upper limit"
    assert money_span(np.inf, np.inf) == "no amount"


@pytest.mark.parametrize(
    ("share", "told"), [(0, "less than 1%"), (0.204, "20%"), (0.999, "more than 99%")]
)
def test_a_chance_is_never_never_and_never_always(share, told):
    assert percent(share) == told


# ------------------------------------------------------------------ labels


def test_labels_stand_in_two_lines_that_a_narrow_screen_has_room_for():
    long = "Effect of survivor-centred interviewing on suspects found per victim [judgement]"
    lines = label_lines(["Short", long, "word " * 60])
    assert lines.loc[0].tolist() == ["", "Short"]
    assert " ".join(lines.loc[1]) == long
    assert lines.loc[2, "lower"].endswith("...")
    assert lines.map(len).to_numpy().max() <= LETTERS
    assert label_lines([]).columns.tolist() == ["upper", "lower"]


def test_names_are_shortened_and_titles_of_axes_wrap():
    assert shortened("word " * 60).endswith(" ...")
    assert len(shortened("word " * 60)) <= LETTERS
    assert axis_lines("Further survivors referred to services", 20) == [
        "Further survivors",
        "referred to services",
    ]


# ------------------------------------------------------------------ by year


def test_the_last_year_of_a_fan_carries_the_labels():
    shown = investment.fan_rows(fan()).set_index(["kind", "year"])
    assert shown["label"].dropna().to_dict() == {
        ("with", 2027): "With: 105",
        ("without", 2027): "Without: 100",
    }
    assert shown.loc[("with", 2026), "without_words"] == "100 (50%: 92 to 108; 90%: 80 to 120)"


@pytest.mark.parametrize(("gain", "upper"), [(0.5, "with"), (-0.5, "without"), (90, "with")])
def test_labels_of_a_fan_never_overlap_and_keep_their_order(gain, upper):
    shown = investment.fan_rows(fan(gain=gain))
    at = shown.dropna(subset=["label"]).set_index("kind")["label_at"]
    least = shown["q95"].max() * investment.LETTER_HEIGHT / investment.FAN_HEIGHT
    assert at.idxmax() == upper
    assert abs(at["with"] - at["without"]) >= least * 0.999


def test_a_single_year_is_drawn_as_two_dots_beside_each_other():
    shown = investment.fan_rows(fan(years=1)).set_index("kind")
    assert shown["alone"].all()
    assert shown.loc["without", "x"] < 2025 < shown.loc["with", "x"]
    assert shown["x_from"].max() < shown["x"].min()
    assert shown["x"].max() < shown["x_to"].min()


def test_a_fan_of_one_kind_alone_has_its_words():
    one = fan()[lambda years: years["kind"] == "without"]
    shown = investment.fan_rows(one)
    assert (shown["with_words"] == "").all()
    assert "with it" not in pictures.fan_picture(one, SETTING).alt


def test_a_change_says_fewer_and_more_and_none():
    for middle, label in ((3.0, "3 more"), (-3.0, "3 fewer"), (0.01, "No change")):
        shown = investment.change_rows(change(1.0, middle))
        assert shown["label"].dropna().tolist() == [label]


def test_a_picture_of_change_says_in_how_many_years_it_is_clear():
    assert "In 1 of 3 years" in pictures.change_picture(change(0, 3, 9), SETTING).words
    assert "In every year" in pictures.change_picture(change(0, 1), SETTING).words
    assert "In 2 of 2 years" in pictures.change_picture(change(-9, -9), SETTING).words


# ------------------------------------------------------------------ the spread


def test_dots_are_the_quantiles_and_zero_parts_them():
    draws = np.random.default_rng(1).normal(20, 40, 20_000)
    shown = investment.dot_rows(draws)
    dots = shown[shown["what"] == "dot"]
    assert len(dots) == investment.DOTS == investment.dots_drawn(shown)
    assert dots["level"].max() <= investment.TALLEST
    assert dots["x"].nunique() <= investment.MOST_BINS + 1
    fewer = dots[dots["side"] == "fewer"]
    assert len(fewer) / len(dots) == pytest.approx(np.mean(draws < 0), abs=0.02)
    assert (fewer["x"] < 0).all()
    assert (dots.loc[dots["side"] == "more", "x"] > 0).all()
    interval = shown[shown["what"] == "interval"].iloc[0]
    assert interval[QUANTILES].tolist() == pytest.approx(np.quantile(draws, SHARES).tolist())


def test_each_dot_stands_in_the_bin_of_its_value():
    draws = np.random.default_rng(2).gamma(2, 0.3, 5000) - 0.2
    dots = investment.dot_rows(draws)[lambda shown: shown["what"] == "dot"]
    width = np.diff(np.unique(dots["x"])).min()
    assert ((dots["value"] - dots["x"]).abs() <= width / 2 * 1.0001).all()


def test_where_nothing_changes_all_dots_are_rings_at_zero():
    shown = investment.dot_rows(np.zeros(1000))
    dots = shown[shown["what"] == "dot"]
    assert len(dots) == investment.FEWER_DOTS
    assert set(dots["side"]) == {"none"}
    assert set(dots["x"]) == {0.0}
    interval = shown[shown["what"] == "interval"].iloc[0]
    assert interval["axis_from"] < 0 < interval["axis_to"]
    picture = pictures.dots_picture(np.zeros(1000), SETTING)
    assert picture.words.endswith("Chance of more: 0%.")


def test_the_chance_of_harm_is_said_and_written_into_the_chart():
    draws = np.concatenate([np.full(120, -3.0), np.full(880, 7.0)])
    picture = pictures.dots_picture(draws, SETTING)
    assert "Chance of fewer convictions than without the investment: 12%." in picture.words
    assert "▼ Fewer: 12%" in set(picture.datasets["rows"]["text"])
    assert "7 (90%: -3 to 7)" in picture.title


def test_a_single_draw_can_be_drawn():
    assert lawful(pictures.dots_picture([4.0], SETTING))


# ------------------------------------------------------------------ scenarios


def test_a_cost_without_a_limit_ends_in_a_triangle():
    costs = ((8e3, 14e3, 26e3, 90e3, np.inf), (8e3, 9e3, 10e3, 11e3, 12e3))
    shown = investment.range_rows(scenarios(costs), "scenario", "dollars", pictures.COST_COLUMNS)
    assert shown["runs_on"].tolist() == [True, False]
    assert shown["line_to"].tolist() == [shown["edge"].max(), 12e3]
    assert shown["words"].tolist() == [
        "26,000 (90%: 8,000 to no upper limit)",
        "10,000 (90%: 8,000 to 12,000)",
    ]


def test_what_no_amount_buys_has_words_and_no_mark():
    costs = ((8e3, 9e3, np.inf, np.inf, np.inf), (np.inf,) * 5)
    shown = investment.range_rows(scenarios(costs), "scenario", "dollars", pictures.COST_COLUMNS)
    assert shown["words"].tolist() == [
        "no middle value (90%: 8,000 to no upper limit)",
        "no amount buys one",
    ]
    assert shown["middle"].isna().all()
    assert shown.loc[1, ["line_from", "line_to", "thick_from", "thick_to"]].isna().all()
    assert shown["runs_on"].tolist() == [True, False]


def test_where_no_scenario_has_a_cost_the_picture_still_stands():
    picture = pictures.costs_picture(scenarios(((np.inf,) * 5,)), SETTING)
    assert "Scenario 0: no amount buys one." in picture.alt
    assert lawful(picture)
    assert picture.table().iloc[0, 1] == "no amount"


def test_a_cost_far_beyond_the_others_runs_on():
    costs = ((1e3, 2e3, 3e3, 4e3, 5e6), (1e3, 2e3, 3e3, 4e3, 5e3))
    shown = investment.range_rows(scenarios(costs), "scenario", "dollars", pictures.COST_COLUMNS)
    assert shown["runs_on"].tolist() == [True, False]
    assert shown["edge"].max() == investment.FARTHEST * 3e3
    assert "5 million" in shown.loc[0, "words"]


def test_scenarios_of_one_name_have_rows_of_their_own():
    twice = pd.concat([scenarios(), scenarios()])
    assert pictures.scenarios_picture(twice, SETTING).datasets["rows"]["row"].is_unique


def test_fewer_outcomes_keep_their_sign():
    lost = pd.DataFrame([{"scenario": "Harm", **five(-50)}])
    shown = investment.range_rows(lost, "scenario")
    assert shown["words"].tolist() == ["-50 (90%: -70 to -30)"]
    assert shown.loc[0, ["line_from", "line_to"]].tolist() == [-70, -30]


# ------------------------------------------------------------------ refreshers


def test_refreshers_are_in_order_with_none_first():
    shown = investment.refresher_rows(timings())
    assert shown["label"].tolist() == ["None", "1", "2", "3"]
    assert shown["words"][0] == "40 (50%: 32 to 48; 90%: 20 to 60)"


def test_only_a_clear_difference_is_called_one():
    against = pictures.refresher_picture(timings(), SETTING, against_none=True)
    assert "clearly more with one every 2 years; clearly fewer with one every year" in against.title
    unclear = timings().query("every in (0, 3)")
    same = pictures.refresher_picture(unclear, SETTING, against_none=True)
    assert "no timing is clearly better or worse than none" in same.title
    assert "clearly" not in pictures.refresher_picture(timings(), SETTING).title


# ------------------------------------------------------------------ allocation


def test_money_is_stacked_in_the_order_of_the_components_and_none_is_lost():
    deal = amounts().sample(frac=1, random_state=1)
    shown = allocation.segment_rows(deal, COMPONENTS, "dollars")
    assert set(shown["place"]) == {"B"}
    assert shown["component"].tolist() == COMPONENTS
    assert shown["start"].tolist() == [0, 2000, 4000, 6000]
    assert shown["end"].tolist() == [2000, 4000, 6000, 8000]


def test_a_place_with_nothing_keeps_its_row():
    picture = pictures.allocation_picture(amounts(), gains(), COMPONENTS, SETTING)
    assert picture.names == ("B", "A")
    assert picture.alt.endswith("B 8,000 US dollars. Places that get nothing: 1 of 2.")
    table = picture.table().set_index("Place")
    assert table["Allocated (US dollars a year)"].to_dict() == {"B": 8000, "A": 0}
    assert table["Equal split (US dollars a year)"].to_dict() == {"B": 4000, "A": 4000}
    assert table.loc["A", "Further convictions, allocated"] == "3 (90%: -5 to 11)"


def test_where_no_money_is_spent_the_picture_says_so():
    deal = amounts(given=(0.0, 0.0))
    picture = pictures.allocation_picture(deal, gains(), COMPONENTS, SETTING)
    assert picture.alt.endswith("No money is spent. Places that get nothing: 2 of 2.")
    assert picture.datasets["segments"].empty


def test_gains_can_be_losses_and_carry_their_money():
    shown = allocation.gain_rows(amounts(), gains(middle=-3.0), "dollars").set_index(
        ["place", "plan"]
    )
    assert shown.loc[("B", "allocated"), "gain_words"] == "-3 (90%: -11 to 5)"
    assert shown.loc[("B", "allocated"), "amount_words"] == "8,000 dollars"
    assert shown.loc[("B", "equal"), "amount"] == 4000


def test_many_places_are_cut_in_the_picture_and_whole_in_the_table():
    places = tuple(f"Place {number}" for number in range(pictures.PLACES_SHOWN + 3))
    deal = amounts(places, tuple(range(len(places))))
    picture = pictures.allocation_picture(deal, gains(places), COMPONENTS, SETTING)
    assert len(picture.names) == pictures.PLACES_SHOWN
    assert set(picture.datasets["rows"]["place"]) == set(picture.names)
    assert "3 more places stand in the table" in picture.source
    assert len(picture.table()) == len(places)


# ------------------------------------------------------------------ how sure


def test_a_tornado_is_sorted_cut_and_marked():
    shown = how_sure.tornado_rows(inputs(12), 15.0)
    assert shown["row"].tolist() == [f"Input {number}" for number in range(11, 1, -1)]
    assert shown["lower"][0] == "Input 11 [judgement]"
    picture = pictures.tornado_picture(inputs(12), 15.0, SETTING)
    assert "2 more inputs stand in the table" in picture.source
    assert len(picture.table()) == 12
    assert "between -1 and 31, around 15" in picture.alt


@pytest.mark.parametrize(
    ("low", "high", "left", "right", "texts"),
    [
        (10, 20, 10, 20, ("0.9", "1.4")),
        (20, 10, 10, 20, ("1.4", "0.9")),
        (20, 30, 15, 30, ("0.9", "1.4")),  # both ends on one side of the middle
        (15, 15, 15, 15, ("0.9", "1.4")),
    ],
)
def test_words_of_the_ends_stand_outside_the_bars(low, high, left, right, texts):
    one = inputs(1).assign(at_low=low, at_high=high)
    shown = how_sure.tornado_rows(one, 15.0).iloc[0]
    assert (shown["left_at"], shown["right_at"]) == (left, right)
    assert (shown["left_text"], shown["right_text"]) == texts


def test_indices_are_cut_for_the_eye_alone():
    shown = how_sure.index_rows(inputs())
    assert shown["row"].tolist() == ["Input 2", "Input 1", "Input 0"]
    assert (shown["total_low"] == 0).all()
    assert shown["total_words"][0] == "10% (95%: 0% to 40%)"


def test_what_is_worth_nothing_would_change_nothing():
    worthless = inputs().assign(worth=0.0, worth_low=0.0, worth_high=10.0)
    title = pictures.worth_picture(worthless, SETTING).title
    assert title.startswith("No single missing number would clearly change the decision")
    picture = pictures.worth_picture(inputs(), SETTING, (5000.0, 4000.0, 6000.0))
    assert picture.title.startswith("The number that would be worth most to know: Input 2")
    assert picture.words == (
        "To know all of them would be worth 5,000 US dollars (90%: 4,000 to 6,000)."
    )


def test_worth_without_an_interval_has_no_line():
    bare = inputs().drop(columns=["worth_low", "worth_high", "chance"])
    shown = how_sure.worth_rows(bare, "dollars")
    assert shown["worth_low"].isna().all()
    assert shown["words"][0] == "2,000 dollars"
    assert list(pictures.worth_picture(bare, SETTING).table().columns) == [
        "Input",
        "Rests on",
        "Worth of knowing it (US dollars)",
    ]


def test_parts_fill_the_bar_and_their_labels_do_not_cross():
    for shares in ((0.1, 0.2, 0.7), (0.6, 0.3, 0.1), (0.45, 0.1, 0.45)):
        shown = how_sure.part_rows(parts(*shares))
        assert shown["start"].iloc[0] == pytest.approx(0)
        assert shown["end"].iloc[-1] == pytest.approx(1)
        assert shown["start"].iloc[1:].tolist() == pytest.approx(shown["end"].iloc[:-1].tolist())
        above, below = shown[shown["on_left"]], shown[~shown["on_left"]]
        assert above["label_at"].is_monotonic_increasing  # later labels nearer to the bar
        assert below["label_at"].is_monotonic_increasing  # later labels farther away
        assert (above["label_at"] < how_sure.BAR_TOP).all()
        assert (below["label_at"] > how_sure.BAR_BOTTOM).all()
        assert below["label_at"].max() + how_sure.LABEL_STEP / 2 <= how_sure.SHARE_HEIGHT


def test_a_share_below_nothing_is_chance_and_is_not_drawn():
    shown = how_sure.part_rows(parts(-0.02, 0.02, 1.0))
    assert shown["name"].tolist() == ["evidence", "judgement"]
    assert shown["end"].iloc[-1] == pytest.approx(1)
    assert shown["label"].iloc[1] == "Judgement: 100%\n(90%: 95% to 100%)"
    table = pictures.parts_picture(parts(-0.02, 0.02, 1.0), SETTING).table()
    assert table.iloc[0].tolist() == ["Data", "0% (90%: 0% to 3%)"]


def test_where_nothing_varies_there_is_no_picture_of_parts():
    assert pictures.parts_picture(parts(np.nan, np.nan, np.nan), SETTING) is None


# ------------------------------------------------------------------ every picture


def every_picture(setting=SETTING):
    return {
        "fan": pictures.fan_picture(fan(), setting),
        "change": pictures.change_picture(change(1.0, -2.0), setting),
        "dots": pictures.dots_picture(np.linspace(-5, 30, 500), setting),
        "scenarios": pictures.scenarios_picture(scenarios(), setting),
        "costs": pictures.costs_picture(scenarios(), setting),
        "refreshers": pictures.refresher_picture(timings(), setting),
        "gains of refreshers": pictures.refresher_picture(timings(), setting, against_none=True),
        "allocation": pictures.allocation_picture(amounts(), gains(), COMPONENTS, setting),
        "tornado": pictures.tornado_picture(inputs(), 15.0, setting),
        "indices": pictures.indices_picture(inputs(), setting),
        "worth": pictures.worth_picture(inputs(), setting),
        "parts": pictures.parts_picture(parts(), setting),
    }


def test_every_picture_says_where_when_and_from_what():
    for name, picture in every_picture().items():
        assert "Atlantis, 2025-2027" in picture.title, name
        assert picture.source.endswith("Source: a made-up one."), name
        assert picture.alt.startswith(picture.title), name
        assert len(picture.alt) > len(picture.title) + 2, name
        assert "  " not in f"{picture.title}{picture.source}{picture.alt}", name


@pytest.mark.parametrize("outcome", list(OUTCOME_WORDS))
def test_each_outcome_has_its_own_words(outcome):
    setting = replace(SETTING, outcome=outcome)
    words = OUTCOME_WORDS[outcome].many
    assert f"Further {words} a year" in pictures.change_picture(change(1.0), setting).title
    assert words in " ".join(pictures.fan_picture(fan(), setting).table().columns).lower()


def lawful(picture):
    """The whole specification, after it has been held against the schema of Vega-Lite."""
    kept = {
        key: json.loads(data.to_json(orient="records")) for key, data in picture.datasets.items()
    }
    spec = picture.template.filled(kept, picture.names)
    alt.TopLevelLayerSpec.validate(spec)
    return spec


def test_every_chart_is_lawful_vega_and_travels():
    for name, picture in every_picture().items():
        assert all(lawful(picture)["datasets"].values()), name
        assert set(picture.spec()["datasets"]) == set(picture.datasets), name


def test_the_check_of_lawfulness_finds_what_is_not():
    picture = pictures.parts_picture(parts(), SETTING)
    broken = replace(picture, template=replace(picture.template, text='{"layer": [{"mark": 3}]}'))
    with pytest.raises(ValidationError):
        lawful(broken)


def test_a_picture_is_a_chart_with_title_source_and_description_in_a_notebook():
    picture = pictures.parts_picture(parts(), SETTING)
    spec = picture.chart().to_dict()
    assert spec["title"]["text"] == picture.title
    assert " ".join(spec["title"]["subtitle"]) == picture.source
    assert spec["description"] == picture.alt


def test_every_chart_is_drawn_in_the_colours_of_its_scheme():
    light, dark = PALETTES["light"], PALETTES["dark"]
    for name, picture in every_picture(replace(SETTING, scheme="dark")).items():
        text = json.dumps(picture.template.filled({}, picture.names))
        assert dark.text in text, name
        assert light.text not in text, name
        assert light.accent not in text, name


def fields(spec):
    """Names of the columns that a specification draws, per name of its data."""
    found = {}

    def walk(layer, data):
        data = layer.get("data", {}).get("name", data)
        for channel in layer.get("encoding", {}).values():
            for one in channel if isinstance(channel, list) else [channel]:
                if isinstance(one, dict) and "field" in one:
                    found.setdefault(data, set()).add(one["field"])
        for inner in layer.get("layer", []):
            walk(inner, data)

    walk(spec, None)
    return found


def test_every_column_that_a_chart_draws_is_there():
    for name, picture in every_picture().items():
        for data, columns in fields(picture.template.filled({}, picture.names)).items():
            assert columns <= set(picture.datasets[data].columns), f"{name}: {data}"


def test_every_table_has_words_for_column_names_and_a_row_for_each_figure():
    lengths = {
        "fan": 6,
        "change": 2,
        "dots": 7,
        "scenarios": 1,
        "costs": 1,
        "refreshers": 4,
        "gains of refreshers": 4,
        "allocation": 2,
        "tornado": 3,
        "indices": 3,
        "worth": 3,
        "parts": 3,
    }
    for name, picture in every_picture().items():
        table = picture.table()
        assert len(table) == lengths[name], name
        assert table.columns.is_unique
        assert not any("_" in column for column in table.columns), name
        assert not table.isna().any(axis=None), name


def test_nothing_to_draw_gives_no_picture():
    assert pictures.fan_picture(fan().head(0), SETTING) is None
    assert pictures.change_picture(change(1.0).head(0), SETTING) is None
    assert pictures.dots_picture([], SETTING) is None
    assert pictures.scenarios_picture(scenarios().head(0), SETTING) is None
    assert pictures.costs_picture(scenarios().head(0), SETTING) is None
    assert pictures.refresher_picture(timings().head(0), SETTING) is None
    assert pictures.allocation_picture(amounts().head(0), gains(), COMPONENTS, SETTING) is None
    assert pictures.tornado_picture(inputs().head(0), 0.0, SETTING) is None
    assert pictures.indices_picture(inputs().head(0), SETTING) is None
    assert pictures.worth_picture(inputs().head(0), SETTING) is None
    assert pictures.parts_picture(parts().head(0), SETTING) is None


def test_empty_frames_have_the_columns_that_are_drawn():
    pairs = {
        "fan": investment.fan_rows(fan().head(0)),
        "change": investment.change_rows(change(1.0).head(0)),
        "scenarios": investment.range_rows(scenarios().head(0), "scenario"),
        "costs": investment.range_rows(
            scenarios().head(0), "scenario", "dollars", pictures.COST_COLUMNS
        ),
        "refreshers": investment.refresher_rows(timings().head(0)),
        "tornado": how_sure.tornado_rows(inputs().head(0), 0.0),
        "indices": how_sure.index_rows(inputs().head(0)),
        "worth": how_sure.worth_rows(inputs().head(0), "dollars"),
        "parts": how_sure.part_rows(parts().head(0)),
    }
    whole = every_picture()
    for name, rows in pairs.items():
        assert rows.empty, name
        assert set(rows.columns) == set(whole[name].datasets["rows"].columns), name
