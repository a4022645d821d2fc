"""Charts of cases: what is drawn, what is said, and what is withheld and never a zero."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd
import pytest

from gapatlas.cases import EVIDENCE
from gapatlas.charts import evidence as charts
from gapatlas.charts.template import NAMES, ROWS
from gapatlas.evidence import VIEWS
from gapatlas.evidence.pictures import beside_rows, funnel_rows
from gapatlas.evidence.pictures_model import (
    curve_rows,
    effect_rows,
    median_words,
    outcome_curve_rows,
    pair_rows,
    pairing_rows,
    reach_rows,
)
from gapatlas.evidence.sentences import (
    acquittal_sentence,
    outcomes_sentence,
    split_sentence,
)
from gapatlas.evidence.shares import outcome_shares, printed_share
from gapatlas.protection import BRAND, WITHHELD_TEXT
from gapatlas.release.shares import ended_shares
from tests.evidence_world import (
    RANGE,
    WHOLE,
    as_counts,
    count_rows,
    counts_alone,
    made_up_cases,
    tables,
)

TEMPLATES = {
    "funnel": charts.funnel_template,
    "shares": lambda scheme: charts.shares_template("Share", scheme),
    "dense shares": lambda scheme: charts.shares_template("Share", scheme, dense=True),
    "beside": lambda scheme: charts.beside_template("Share", scheme),
    "differences": lambda scheme: charts.differences_template("Points", scheme),
    "heat": lambda scheme: charts.heat_template("Evidence", "Defence", scheme),
    "signed heat": lambda scheme: charts.heat_template("", "", scheme, signed=True),
    "curve": lambda scheme: charts.curve_template("Share", scheme),
    "outcome curves": lambda scheme: charts.outcome_curves_template("Share", scheme),
    "parts": lambda scheme: charts.parts_template(("a", "b", "c"), "Share", scheme),
}
YEARS_AFTER = "Years after the charge"
COUNTS = ("Rounded to 5", "At least", "At most", "rounded to 5", "Networks, rounded")


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_is_a_chart_without_data(kind):
    spec = TEMPLATES[kind]("dark").filled({ROWS: []}, ["b", "a"])

    assert json.dumps(NAMES) not in json.dumps(spec)
    alt.Chart.from_dict(spec)


# ------------------------------------------------------------------ shares


def shares_of(persons):
    counts = as_counts(count_rows("place", "AAA", persons))
    [first, *_] = outcome_shares(counts, ended_shares(counts)).to_dict("records")
    return first


def test_a_share_divides_by_those_whose_case_has_ended():
    found = shares_of(WHOLE)

    assert (found["outcome"], found["status"]) == ("convicted", "shown")
    assert (found["ended"], found["charged"]) == (165, 200)
    assert found["share"] == pytest.approx(105 / 165, abs=1e-4)
    assert found["low"] < found["share"] < found["high"]


def test_where_a_part_is_withheld_an_interval_is_all_that_is_told():
    found = shares_of(RANGE)

    assert found["status"] == "range"
    assert pd.isna(found["share"])
    assert (found["persons"], found["charged"]) == (60, 100)
    # Of at most 102 charged 58 to 62 were convicted, and at least 18 were let go.
    assert found["low"] < 58 / 102 < 62 / (62 + 18) < found["high"]


def test_what_is_withheld_has_no_figure():
    found = shares_of({**WHOLE, "convicted": None})

    assert found["status"] == "withheld"
    for name in ("share", "low", "high", "persons"):
        assert pd.isna(found[name]), name


def test_an_interval_of_printed_figures_is_wider_than_that_of_the_figures():
    low, high = printed_share([20.0, float("nan")], [100.0, 100.0], base=5, threshold=10)

    assert low[0] < 0.133 < 0.289 < high[0], "Wilson's interval of 20 in 100"
    assert pd.isna(low[1])


# ------------------------------------------------------------------ rows


def test_withheld_steps_keep_their_place_and_have_no_length():
    shown = funnel_rows(made_up_cases()).set_index("row")

    assert list(shown.index)[:3] == ["all", "ended", "convicted"]
    assert shown.loc["ended", "persons"] == 330
    assert shown.loc["nolle_prosequi", "withheld"]
    assert pd.isna(shown.loc["nolle_prosequi", "persons"])
    assert shown.loc["nolle_prosequi", "words"] == WITHHELD_TEXT


def test_values_stand_in_the_order_of_a_list_and_unknown_last():
    found = made_up_cases()

    def labels(split):
        return list(found.shares(split, "convicted")["label"])

    assert labels("place") == ["Betaland", "Zetaland", "Not known"]
    assert labels("year_charged") == ["2012", "2020", "Not known"]
    assert labels("victims_band") == ["1 victim", "21+ victims", "Not known"]
    assert labels("cross_border") == ["Across a border", "Within one country", "Not known"]


def test_differences_are_largest_first_and_withheld_last():
    found = made_up_cases()

    shown = effect_rows(found.effects("evidence"))

    sizes = shown["points"].abs().dropna().tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert shown["withheld"].tolist() == [False] * 5 + [True] * 11
    assert shown["sure"].tolist()[:2] == [True, False], "4 (2 to 6), and one of which 2 touches 0"
    assert (shown.loc[shown["withheld"], "words"] == WITHHELD_TEXT).all()


def test_with_stands_before_without_and_their_label_once():
    found = made_up_cases()
    table = found.shares("surveillance", "convicted")

    shown = beside_rows(table.assign(factor="surveillance", label="Surveillance"))

    assert list(table["value"]) == ["present", "absent", "unknown"]
    assert shown["kind"].tolist() == ["with", "without"]
    assert shown["lower"].tolist()[1] == ""
    assert shown["lower"].iloc[0] == "Surveillance: with 47 to 89%; without 64%"


def test_pairs_are_a_triangle_with_the_outstanding_one_marked():
    shown = pair_rows(tables()["case_pair"])

    assert len(shown) == 28
    assert shown["stands_out"].sum() == 1
    assert shown["shade"].iloc[0] == 2
    assert set(shown.loc[~shown["stands_out"], "shade"]) <= {-1, 0}
    assert (shown.loc[shown["withheld"], "text"] == "").all()
    assert "-0" not in set(shown["text"])


def test_a_matrix_without_any_figure_is_all_withheld():
    pairings = tables()["case_pairing"].assign(pooled=float("nan"), status="withheld")

    shown = pairing_rows(pairings)

    assert shown["withheld"].all()
    assert set(shown["words"]) == {WITHHELD_TEXT}


def test_a_line_of_an_outcome_breaks_where_it_is_withheld():
    shown = outcome_curve_rows(tables()["case_time_outcome"])

    runs = shown.groupby("outcome")["run"].nunique()
    assert runs.to_dict() == {"Acquitted": 2, "Guilty by plea": 1}
    assert shown["outcome"].iloc[0] == "Guilty by plea", "the most frequent comes first"


def test_the_year_in_which_half_have_ended_is_told_with_its_interval():
    half = tables()["case_time_median"]
    never = half.assign(median=float("nan"))

    assert median_words(half) == (
        "by the end of the year after the charge (95% interval: the year after the charge to "
        "2 years after the charge)"
    )
    assert median_words(never) == "later than can be shown"
    assert (curve_rows(tables()["case_time"], never)["what"] == "curve").all()


def test_parts_of_a_network_fill_the_bar_and_have_intervals():
    found = made_up_cases()
    years = found.table("case_network_year").assign(label=["2012-2015", "2016-2020"])

    shown = reach_rows(years, found)

    assert shown["end"].max() == pytest.approx(1)
    assert shown["withheld"].tolist() == [False, False, False, True]
    assert shown["words"].iloc[2].startswith("10% (95% interval ")


# ------------------------------------------------------------------ words


def test_outcomes_are_told_with_intervals_and_what_is_open():
    text = outcomes_sentence(made_up_cases())

    assert text.startswith("About 400 persons were charged in 2012-2020. For about 330 of them")
    assert text.count("95% interval") == 3
    assert "About 70 are pending" in text


def test_two_groups_are_needed_for_a_comparison_and_what_is_hidden_is_said():
    text = split_sentence(made_up_cases(), "place", "convicted")

    assert text.startswith("Fewer than two places have a share that can be compared.")
    assert "2 of 3 places have no exact share here" in text


def test_groups_with_many_open_cases_are_left_out_of_the_comparison():
    early = {"all": 200, "convicted": 40, "acquitted": 20, "dismissed": 20, "open": 120}
    rows = count_rows("charge", "a", WHOLE) + count_rows("charge", "b", WHOLE)
    found = made_up_cases(
        changed={"case_count": as_counts(rows + count_rows("charge", "c", early))}
    )

    text = split_sentence(found, "charge", "convicted")

    assert text.startswith("Of 2 charges that can be compared")
    assert "chance may be all that parts them" in text
    assert "Left out: 1 of 3 charges in which more than a third of the cases are open" in text


def test_acquittal_goes_with_a_defence_only_where_intervals_lie_apart():
    many = {"all": 1000, "convicted": 500, "acquitted": 300, "dismissed": 100, "open": 100}
    few = {**many, "convicted": 700, "acquitted": 100}
    rows = count_rows("consent", "used", many) + count_rows("consent", "not_used", few)
    found = made_up_cases(changed={"case_count": as_counts(rows)})

    assert "goes most with “consent”: 33%" in acquittal_sentence(found)
    assert "no line of defence goes with clearly more" in acquittal_sentence(made_up_cases())


def test_an_empty_view_says_what_the_source_does_tell():
    found = counts_alone()

    assert [view for view in VIEWS if found.has(view)] == ["outcomes"]
    assert found.why_empty("pairs").startswith("This source has no types of evidence: it tells how")
    assert "by place, year of the charge, charge" in found.why_empty("evidence")
    assert "not the year in which each case ended" in found.why_empty("time")
    assert made_up_cases().why_empty("pairs").startswith("Too few persons")
    assert found.pictures("pairs") == ()


# ------------------------------------------------------------------ marks and tables


@pytest.mark.parametrize("view", VIEWS)
def test_everything_that_is_made_up_says_so(view):
    found = made_up_cases({"synthetic": True, "brand": BRAND})

    for picture in found.pictures(view, split="charge"):
        for text in (picture.title, picture.alt):
            assert text.startswith(f"{BRAND}. SYNTHETIC: ")
        assert BRAND in picture.source
        assert (picture.table()["Protection"] == BRAND).all()
        picture.spec()
    picture.chart()


@pytest.mark.parametrize("view", VIEWS)
def test_no_table_holds_a_count_below_ten_or_a_withheld_zero(view):
    found = made_up_cases()

    for split in ("none", "place") if view == "outcomes" else ("none",):
        for picture in found.pictures(view, split=split):
            table = picture.table()
            assert (table["Source"] == "Cases of the office").all()
            assert (table["Charged in"] == "2012-2020").all()
            assert WITHHELD_TEXT in picture.source
            for column in table:
                if str(column).endswith(COUNTS):
                    assert (table[column].dropna() >= 10).all(), column
            hidden = table[table["Status"] == WITHHELD_TEXT] if "Status" in table else table[:0]
            told = hidden.select_dtypes("number").drop(columns=YEARS_AFTER, errors="ignore")
            assert not (told == 0).any().any()


def test_estimates_say_on_how_many_they_rest_where_a_sample_was_drawn():
    found = made_up_cases({"sample": 50_000.0})

    [differences, counted] = found.pictures("evidence")

    assert "about 50,000 persons drawn by lot" in differences.source
    assert "drawn by lot" not in counted.source
    assert {*EVIDENCE} == set(found.effects("evidence")["factor"])


def test_a_view_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="There is no view 'charts'; allowed: outcomes"):
        made_up_cases().pictures("charts")
