"""The page Enforcement gaps as a map of rates: what it shows, and which address stands for it.

What it shows of gaps stands in `test_gap_views.py`.
"""

from __future__ import annotations

import pandas as pd
import pytest

from gapatlas.charts import class_breaks
from gapatlas.charts.words import interval_text, value_text
from gapatlas.config import load_config
from gapatlas.export import read_back
from gapatlas.languages import column_in_alphabet
from gapatlas.tables import only_row
from tests.pages.reading import (
    GAPS,
    METHODS,
    OVERVIEW,
    ROOT,
    address,
    assert_in_order,
    charts,
    choose,
    figures,
    legend_of,
    open_panels,
    outlined,
    rate_map,
    the_map,
    visit,
    words,
)

CONFIG = load_config(ROOT / "config.yaml").config
DEFAULT_ADDRESS = {
    "measure": CONFIG.defaults.measure,
    "source": CONFIG.measures[CONFIG.defaults.measure].source,
    "year": str(CONFIG.defaults.year_to),
    "window": str(CONFIG.defaults.window),
    "place": str(CONFIG.defaults.place),
}
RATE = {
    "show": "rate",
    "benchmark": "median",
    "peers": "region",
    "own": "",
    "view": "",
    "beside": "",
    "layers": "",
}
US_MEASURE = next(id_ for id_, m in CONFIG.measures.items() if m.source == "fbi_ht")
MAPPED = [
    id_
    for id_, m in CONFIG.measures.items()
    if CONFIG.map_of_level(m.level) and m.source not in CONFIG.periods()
]
SHARE = {"measure": "convicted_per_prosecuted", "source": "unodc_glotip"}


def library(atlas, state):
    """What the library says of a page's address: the rows of its one window."""
    year, window = int(state["year"]), int(state["window"])
    frame = atlas.measure(
        state["measure"], years=(year - window + 1, year), window=window, source=state["source"]
    )
    return frame.data.set_index("jurisdiction_id", drop=False)


def one_of_status(atlas, status, *, window=1, years=(2010, 2022)):
    """A place, year and row of the library that has a status: something real to ask for."""
    data = atlas.measure(**_named(SHARE), years=years, window=window).data
    row = only_row(data[data["status"] == status])
    query = {**SHARE, "year": str(row.year_to), "window": str(window), "place": row.jurisdiction_id}
    return query, row


def _named(share):
    return {"measure_id": share["measure"], "source": share["source"]}


# ------------------------------------------------------------------ first visit


def test_a_first_visit_shows_the_defaults(shipped):
    page = rate_map()

    assert_in_order(page)
    title = CONFIG.measures[CONFIG.defaults.measure].title
    first = CONFIG.defaults.year_to - CONFIG.defaults.window + 1
    assert page.subheader[0].value == f"{title}, {first}-{CONFIG.defaults.year_to}"
    assert CONFIG.measures[CONFIG.defaults.measure].caution in [i.value for i in page.info]


def test_the_address_holds_every_part_of_the_state_in_order(shipped):
    page = rate_map()

    assert list(address(page).items()) == list({**DEFAULT_ADDRESS, **RATE}.items())


@pytest.mark.parametrize("window", [1, 3, 5])
@pytest.mark.parametrize("measure", MAPPED)
def test_every_measure_can_be_shown_over_every_window(shipped, measure, window):
    page = rate_map({"measure": measure, "window": str(window), "year": "2019"})

    assert_in_order(page)
    assert address(page)["measure"] == measure
    assert address(page)["window"] == str(window)
    assert page.subheader[0].value.startswith(f"{CONFIG.measures[measure].title}, ")
    assert len(figures(page)) > 10


@pytest.mark.parametrize("measure", ["tip_convicted_per_prosecuted", "convicted_per_charged"])
def test_what_no_map_draws_and_what_has_no_years_is_not_offered(shipped, measure):
    page = rate_map({"measure": measure})

    assert_in_order(page)
    assert address(page)["measure"] == CONFIG.defaults.measure
    [picker] = [box for box in page.selectbox if box.key == "measure"]
    assert len(picker.options) == len(MAPPED) < len(CONFIG.measures)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_map_is_described_in_words(shipped, theme):
    page = rate_map(theme=theme)

    assert CONFIG.measures[CONFIG.defaults.measure].title in the_map(page).alt


# ------------------------------------------------------------------ address


def test_a_link_opens_the_view_that_it_names(shipped):
    link = {
        "measure": "detected_per_100k",
        "source": "unodc_glotip",
        "year": "2014",
        "window": "3",
        "place": "NLD",
    }

    page = rate_map(link)

    assert address(page) == {**link, **RATE}
    assert page.subheader[0].value.endswith(", 2012-2014")
    assert "**Netherlands**, 2012-2014" in words(page)
    assert outlined(page) == "NLD"


HOSTILE = {
    "empty values": dict.fromkeys(DEFAULT_ADDRESS, ""),
    "unknown ids": {"measure": "mesure", "source": "src", "place": "XXX"},
    "ids of other kinds": {"measure": "ROU", "source": "detected_per_100k", "place": "fbi_ht"},
    "huge numbers": {"year": "9" * 400, "window": "9" * 400},
    "negative numbers": {"year": "-2015", "window": "-3"},
    "no numbers": {"year": "2015.5", "window": "1e1"},
    "numbers in other scripts": {"year": "٢٠١٥", "window": "५"},
    "signs and spaces": {"year": " 2015", "window": "+3"},
    "sql": {"measure": "x'; DROP TABLE place; --", "place": "ROU' OR '1'='1", "year": "1 OR 1=1"},
    "markup": {"measure": "<script>alert(1)</script>", "place": "<img src=x onerror=alert(1)>"},
    "controls": {"measure": "\x00\x1b[31m\n", "place": "R\u202eOU", "source": "\ud7ff\ufffe"},
    "paths": {"source": "../../etc/passwd", "place": "%2e%2e%2f"},
    "long": {"measure": "m" * 100_000, "place": "R" * 100_000},
    "repeated": {"measure": ["a", "b"], "year": ["x", "y"], "place": ["Q", "Z"]},
    "other keys": {"state": "x", "__proto__": "x", "year_to": "2010"},
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_an_address_that_means_nothing_opens_the_default_view(shipped, query):
    page = rate_map(query)

    assert_in_order(page)
    # A number beyond the years that there are is brought to the nearest of them.
    wanted = {**DEFAULT_ADDRESS, "place": ""} if query.get("place") == "" else DEFAULT_ADDRESS
    assert {**address(page), "year": DEFAULT_ADDRESS["year"]} == {**wanted, **RATE}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("0", "2007"), ("1850", "2007"), ("2006", "2007"), ("2023", "2022"), ("999999", "2022")],
)
def test_a_year_outside_the_data_becomes_the_nearest_year(shipped, asked, shown):
    page = rate_map({**SHARE, "window": "5", "year": asked})

    assert address(page)["year"] == shown
    assert page.slider(key="year").value == int(shown)


def test_of_a_repeated_key_the_last_counts(shipped):
    page = rate_map({**SHARE, "window": "1", "year": ["2010", "2013"]})

    assert address(page)["year"] == "2013"


def test_the_address_follows_every_choice(shipped):
    page = rate_map()

    choose(page, measure="convicted_per_100k")
    choose(page, window=1)
    choose(page, year=2011)
    choose(page, place="ALB")

    assert list(address(page).items()) == [
        ("measure", "convicted_per_100k"),
        ("source", "unodc_glotip"),
        ("year", "2011"),
        ("window", "1"),
        ("place", "ALB"),
        *RATE.items(),
    ]
    assert page.subheader[0].value.endswith(", 2011")
    assert outlined(page) == "ALB"


def test_a_copied_address_shows_the_same_page_to_another_reader(shipped):
    mine = choose(rate_map(), measure="prosecuted_per_100k", window=3, place="DEU")

    theirs = rate_map(address(mine))

    assert words(theirs) == words(mine)
    pd.testing.assert_frame_equal(figures(theirs), figures(mine))


# ------------------------------------------------------------------ choices fit each other


def test_a_us_measure_brings_the_map_of_states_and_drops_the_country(shipped):
    page = rate_map()
    world = the_map(page).spec["data"]["url"]

    choose(page, measure=US_MEASURE)

    assert_in_order(page)
    assert the_map(page).spec["data"]["url"] != world
    assert the_map(page).spec["projection"]["type"] == "identity"
    assert address(page)["place"] == ""
    assert outlined(page) == ""
    assert all(id_.startswith("US-") or len(id_) == 3 for id_ in figures(page).index)
    options = page.selectbox(key="place").options
    assert "Texas" in options
    assert "Romania" not in options


def test_back_from_the_states_the_world_has_its_source_and_no_place(shipped):
    page = rate_map()

    choose(page, measure=US_MEASURE)
    choose(page, measure=CONFIG.defaults.measure)

    assert_in_order(page)
    assert address(page)["source"] == DEFAULT_ADDRESS["source"]
    assert address(page)["place"] == ""


def test_a_longer_window_moves_the_year_into_what_it_can_cover(shipped):
    first, _ = shipped.years_of(CONFIG.defaults.measure)
    page = rate_map({"window": "1", "year": str(first)})
    assert address(page)["year"] == str(first)

    choose(page, window=5)

    assert address(page)["year"] == str(first + 4)
    assert page.slider(key="year").min == first + 4


@pytest.mark.parametrize("change", [{"window": 5}, {"window": 1}, {"measure": "detected_per_100k"}])
def test_a_year_that_still_exists_stays_when_another_choice_changes(shipped, change):
    page = rate_map({**SHARE, "window": "3", "year": "2018"})

    choose(page, **change)

    assert address(page)["year"] == "2018"
    assert page.slider(key="year").value == 2018


def test_another_edition_of_a_source_keeps_its_own_years_and_figures(shipped):
    page = rate_map({"measure": US_MEASURE, "window": "1", "year": "2023", "place": "US-TX"})
    last = {source: shipped.years_of(US_MEASURE, source)[1] for source in ("fbi_ht", "fbi_ht_2020")}
    assert address(page)["year"] == str(last["fbi_ht"])

    choose(page, source="fbi_ht_2020")

    assert_in_order(page)
    assert address(page)["source"] == "fbi_ht_2020"
    assert address(page)["year"] == str(last["fbi_ht_2020"])
    assert shipped.source("fbi_ht_2020").edition in words(page)
    assert shipped.source("fbi_ht").edition not in words(page)


# ------------------------------------------------------------------ the map's figures

VIEWS = [
    {"measure": measure, "window": window, "year": year}
    for measure in ("convicted_per_prosecuted", "detected_per_100k", US_MEASURE)
    for window, year in (("1", "2015"), ("5", "2020"))
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: "-".join(view.values()))
def test_the_map_is_given_the_figures_of_the_library(shipped, view):
    page = rate_map(view)

    shown, wanted = figures(page), library(shipped, address(page))
    counted = wanted["years_without_denominator"] > 0
    reported = wanted[wanted["numerator_low"].notna()]
    alone = wanted[counted & wanted["numerator_low"].isna()]
    assert sorted(shown.index) == sorted([*reported.index, *alone.index])
    shown = shown.loc[reported.index]
    assert len(reported) < len(wanted), "a view with places that report nothing was wanted"
    for short, name in (
        ("nl", "numerator_low"),
        ("nh", "numerator_high"),
        ("dl", "denominator_low"),
        ("dh", "denominator_high"),
        ("used", "years_used"),
        ("year", "year_to"),
    ):
        expected = reported[name].astype("int64").loc[shown.index]
        assert shown[short].tolist() == expected.tolist(), name
    last_decimal = 10 ** shipped.config.measures[view["measure"]].decimals
    for short, name in (("lo", "low"), ("hi", "high")):
        expected = reported[name].astype("float64").loc[shown.index] * last_decimal
        assert shown[short].tolist() == pytest.approx(expected.tolist(), rel=0, abs=0.51), name


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: "-".join(view.values()))
def test_a_class_says_what_the_figure_is(shipped, view):
    """A figure in a numbered class lies within its bounds; a zero is a reported zero."""
    page = rate_map(view)

    legend = legend_of(the_map(page))
    wanted = library(shipped, address(page))
    for place, number in figures(page)["k"].items():
        label, row = legend[number], wanted.loc[place]
        if label == "Zero":
            assert row.numerator_high == 0
        elif label == "Range only":
            assert row.status == "censored"
        elif label == "Count only":
            assert pd.isna(row.value)
            assert row.years_without_denominator > 0 or row.denominator_high == 0
        elif label == "Not reported":
            assert pd.isna(row.value_low)
        else:
            low, high = _bounds(label)
            slack = 0.5 * 10 ** -shipped.config.measures[view["measure"]].decimals
            assert low - slack <= row.value_low <= row.value_high <= high + slack, place


def _bounds(label):
    number = [float(word.replace(",", "")) for word in label.split() if word[0].isdigit()]
    if label.startswith("Up to"):
        return 0.0, number[0]
    return (number[0], float("inf")) if label.startswith("Over") else tuple(number)


def test_colours_mean_the_same_in_every_year(shipped):
    page = rate_map({**SHARE, "window": "3", "year": "2010"})
    early = the_map(page)

    late = the_map(choose(page, year=2021))

    assert late.spec == early.spec
    assert not late.tables["figures"].equals(early.tables["figures"])


def test_class_breaks_come_from_the_figures_of_all_years(shipped):
    page = rate_map({**SHARE, "window": "1", "year": "2015"})

    everything = shipped.measure(**_named(SHARE), years=shipped.years_of(SHARE["measure"])).data
    decimals = shipped.config.measures[SHARE["measure"]].decimals

    breaks = class_breaks(everything["value"].to_numpy(dtype="float64"))
    assert legend_of(the_map(page)) == breaks.labels(decimals)


def test_the_line_under_the_map_counts_what_is_exact_ranged_and_not_reported(shipped):
    page = rate_map({**SHARE, "window": "1", "year": "2015"})

    wanted = library(shipped, address(page))
    status = wanted["status"].value_counts()
    assert (
        f"{len(wanted):,} places: {status['exact']} with exact counts, "
        f"{status['censored']} with a range, {status['not_reported']} not reported."
    ) in words(page)
    assert "Source: UNODC GLOTIP (" in words(page)


# ------------------------------------------------------------------ the table twin


def test_the_table_under_the_map_holds_every_place_of_the_window(shipped):
    page = open_panels(rate_map({**SHARE, "window": "1", "year": "2015"}), "map_table")

    table = page.dataframe[0].value
    wanted = library(shipped, address(page)).sort_values("name", key=column_in_alphabet)

    assert table["Place"].tolist() == wanted["name"].tolist()
    assert table["Value"].tolist() == pytest.approx(wanted["value"].tolist(), nan_ok=True)
    decimals = shipped.config.measures[SHARE["measure"]].decimals
    assert table["Value or range"].tolist() == [
        value_text(row, decimals) for row in wanted.itertuples()
    ]
    missing = table[table["Status"] == "Not reported"]
    assert len(missing) > 0
    assert missing["Value"].isna().all()
    assert set(missing["Persons convicted"]) == {"not reported"}


def test_the_downloaded_table_gives_back_the_figures(shipped, downloads, tmp_path):
    page = rate_map({**SHARE, "window": "1", "year": "2015", "place": "ROU"})
    open_panels(page, "map_table")

    file = tmp_path / "figures.csv"
    file.write_text(downloads["map_table_download"](), encoding="utf-8")

    text = file.read_text(encoding="utf-8")
    again = read_back(file).set_index(["jurisdiction_id", "year_to"])
    frame = shipped.measure(**_named(SHARE), years=(2015, 2015))
    wanted = frame.data.set_index(["jurisdiction_id", "year_to"]).loc[again.index]
    assert len(again) == len(frame.data)
    for column in ("value", "low", "high", "numerator_low", "denominator_high"):
        expected = wanted[column].astype("float64").tolist()
        found = again[column].astype("float64").tolist()
        assert found == pytest.approx(expected, nan_ok=True), column
    assert again["status"].tolist() == wanted["status"].tolist()
    assert shipped.source("unodc_glotip").citation in text
    assert f"# Unit: {frame.unit}" in text


def test_a_closed_panel_makes_no_table(shipped, downloads):
    page = rate_map()

    assert len(page.dataframe) == 0
    assert set(downloads) == {"page_download"}


# ------------------------------------------------------------------ one place


def test_a_place_is_told_with_value_interval_unit_and_years(shipped):
    query, row = one_of_status(shipped, "exact", window=3)
    measure = shipped.config.measures[SHARE["measure"]]

    page = rate_map(query)

    sentence = next(m.value for m in page.markdown if m.value.startswith(f"**{row.name}**"))
    for part in (
        f"{row.year_from}-{row.year_to}",
        f"**{value_text(row, measure.decimals)}**",
        f"95% interval {interval_text(row, measure.decimals)}",
        f"{row.years_used} of 3 years reported",
        measure.unit,
    ):
        assert part in sentence


def test_a_place_with_a_range_is_told_with_its_range(shipped):
    query, row = one_of_status(shipped, "censored")

    page = rate_map(query)

    sentence = next(m.value for m in page.markdown if m.value.startswith(f"**{row.name}**"))
    assert f"**{value_text(row, 2)}**" in sentence
    assert " to " in value_text(row, 2)


def test_a_place_that_reports_nothing_is_told_so_without_a_number(shipped):
    query, row = one_of_status(shipped, "not_reported")

    page = rate_map(query)

    assert_in_order(page)
    sentence = next(m.value for m in page.markdown if m.value.startswith(f"**{row.name}**"))
    assert sentence == (
        f"**{row.name}**, {row.year_to}: no figure. "
        "What this measure needs is not reported, which is not zero."
    )


def test_a_place_outside_the_source_is_told_so_and_never_blamed(shipped):
    covered = shipped.measure("convicted_per_prosecuted").data["jurisdiction_id"]
    places = shipped.places_of("convicted_per_prosecuted")
    row = only_row(places[~places["jurisdiction_id"].isin(covered)])

    page = rate_map({**SHARE, "place": row.jurisdiction_id})

    assert_in_order(page)
    assert row.name in words(page)
    assert "is not part of this source. That says nothing of its laws." in words(page)
    assert len(charts(page)) == 1


def test_without_a_place_only_the_map_is_shown(shipped):
    page = rate_map({"measure": US_MEASURE})

    assert_in_order(page)
    assert page.selectbox(key="place").value is None
    assert len(charts(page)) == 1


def test_the_agencies_behind_police_figures_stand_beside_them(shipped):
    query = {"measure": US_MEASURE, "window": "3", "year": "2021", "place": "US-TX"}

    page = rate_map(query)

    reporters = shipped.reporters("fbi_ht", ["US-TX"]).set_index("year")["reporters"]
    listed = ", ".join(f"{year}: {reporters[year]}" for year in (2019, 2020, 2021))
    assert f"Agencies with a record, {listed}." in words(page)
    assert "Agencies with a record" not in words(rate_map())


# ------------------------------------------------------------------ the same words for everyone


def test_going_to_another_page_and_back_keeps_the_view(shipped):
    reader = visit(OVERVIEW)
    reader.switch_page(GAPS).run()
    choose(reader, measure="convicted_per_100k", year=2012)
    before, view = words(reader), address(reader)

    reader.switch_page(METHODS).run()
    reader.switch_page(GAPS)
    reader.query_params = view
    reader.run()

    assert words(reader) == before
    assert address(reader) == view


def test_a_choice_of_one_reader_does_not_reach_another(shipped):
    mine, theirs = rate_map(), rate_map()

    choose(mine, measure="convicted_per_100k", place="ALB")
    theirs.run()

    assert address(theirs) == {**DEFAULT_ADDRESS, **RATE}
    assert address(mine)["place"] == "ALB"


# ------------------------------------------------------------------ what is not known


def test_the_page_lists_exactly_who_counts_many_and_does_not_report(shipped):
    page = visit(GAPS, {"measure": "convicted_per_100_detected", "place": "PER", "view": "silent"})
    assert_in_order(page)
    assert "**202 of 877** times" in words(page)
    assert "Peru has 16 such years and reports no figure in 2010, 2011, 2014-2022." in words(page)

    [table] = [frame.value for frame in page.dataframe if "Which years" in frame.value]
    assert table["Of these without a figure"].sum() == 202
    assert table["Place"].iloc[0] == "Peru"


def test_a_place_that_reports_every_year_is_said_to(shipped):
    page = visit(GAPS, {"measure": "convicted_per_100_detected", "place": "ROU", "view": "silent"})

    assert "Romania has" in words(page)
    assert "reports a figure in each" in words(page) or "reports no figure in" in words(page)


def test_a_rate_per_people_has_no_list_of_silence(shipped):
    page = visit(GAPS, {"measure": "convicted_per_100k", "view": "silent"})

    assert_in_order(page)
    assert "This measure divides by people" in words(page)
