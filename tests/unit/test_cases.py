"""Evidence and defence: what is refused, what is withheld, and what the sentences say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from gapatlas.cases import (
    COMPLEMENTARY,
    DEFENCE,
    DISPOSED,
    EVIDENCE,
    SHOWN,
    SMALL,
    Adjusted,
    Basis,
    Floor,
    Networks,
    Pairs,
    Reliance,
    adjusted,
    duration_finding,
    effect_findings,
    evidence_by_defence,
    evidence_effects,
    evidence_pairs,
    find_networks,
    how_many_compared,
    matrix_finding,
    network_finding,
    pair_finding,
    patterns,
    reliance_finding,
    reliance_on_testimony,
    selection_banner,
    time_to_end,
)
from gapatlas.cases.findings import more_often, range_text
from gapatlas.cases.logistic import Terms, fit
from gapatlas.errors import TooLittleDataError
from tests.case_worlds import by_years_after, case_world, people

LAST = 2020
WORLD = case_world(
    np.random.default_rng(1), persons=2500, slopes={"expert": 1.0, "surveillance": -1.0}
)


SOME = ("surveillance", "expert", "financial_records")


def grouped(rows: list[tuple[str, int, int]], factor: str = "expert") -> pd.DataFrame:
    """Rows of (value, persons, convicted), in one place, year and of one charge."""
    frame = pd.DataFrame(rows, columns=[factor, "persons", "convicted"])
    return frame.assign(place="P", year_charged=2010, charge="C")


# ------------------------------------------------------------------ what comes in


def test_disposed_is_all_but_pending_and_unknown() -> None:
    assert DISPOSED == ("guilty_plea", "guilty_trial", "acquitted", "dismissed", "nolle_prosequi")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expert": "perhaps"}, "expert: .*perhaps.* is not one of present, absent, unknown"),
        ({"persons": -1}, "not missing or negative"),
        ({"convicted": None}, "not missing or negative"),
        ({"convicted": 500}, "must not exceed"),
    ],
)
def test_counts_that_cannot_be_are_refused(change: dict[str, object], words: str) -> None:
    frame = grouped([("present", 40, 20), ("absent", 40, 20)]).assign(**change)
    with pytest.raises(ValueError, match=words):
        adjusted(frame, ["expert"])


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="no column surveillance"):
        patterns(grouped([("present", 40, 20)]), ["expert", "surveillance"])


def test_patterns_that_are_alike_become_one_and_missing_is_unknown() -> None:
    frame = grouped([("present", 3, 1), ("present", 4, 2), (None, 5, 5), ("absent", 0, 0)])
    found = patterns(frame, ["expert"])
    assert found.to_dict("records") == [
        {"expert": "present", "persons": 7, "convicted": 3},
        {"expert": "unknown", "persons": 5, "convicted": 5},
    ]


def test_too_few_convicted_are_too_little() -> None:
    with pytest.raises(TooLittleDataError, match="Too few cases"):
        adjusted(grouped([("present", 40, 5), ("absent", 40, 4)]), ["expert"])


def test_a_floor_has_its_base_within_its_threshold() -> None:
    with pytest.raises(ValueError, match="base"):
        Floor(threshold=5, base=10)


def test_a_regression_needs_persons_and_codes_in_range() -> None:
    one = np.ones(1)
    terms = Terms(np.ones((1, 1)), one, (np.array([3]),), (2,), one, one)
    with pytest.raises(ValueError, match="out of range"):
        fit(terms)
    with pytest.raises(ValueError, match="at least one person"):
        fit(dataclasses.replace(terms, persons=np.zeros(1), convicted=np.zeros(1)))


def test_a_separated_column_does_not_run_off() -> None:
    frame = grouped([("present", 60, 60), ("absent", 60, 20), ("unknown", 20, 10)])
    columns = patterns(frame, ["expert", "place", "year_charged", "charge"])
    assert adjusted(frame, ["expert"]).table.iloc[0]["status"] == SMALL
    assert len(columns) == 3


# ------------------------------------------------------------------ what is withheld


def test_raw_figures_are_those_of_rounded_counts() -> None:
    frame = grouped([("present", 42, 31), ("absent", 58, 17)])
    row = adjusted(frame, ["expert"]).table.iloc[0]
    assert (row["persons_with"], row["persons_without"]) == (40, 60)
    assert (row["share_with"], row["share_without"]) == (0.75, 0.25)
    assert row["raw_points"] == 50
    assert row["status"] == SHOWN
    chances = np.array([31 / 42, 17 / 58])
    reach = 196 * np.sqrt(np.sum(chances * (1 - chances) / [42, 58]))
    middle = 100 * (chances[0] - chances[1])
    expected = pytest.approx([middle - reach, middle, middle + reach], abs=1.5)
    assert [row["low"], row["points"], row["high"]] == expected
    assert row["odds_low"] < row["odds_ratio"] < row["odds_high"]


@pytest.mark.parametrize(
    ("present", "absent"),
    [((30, 25), (60, 30)), ((60, 30), (30, 25)), ((30, 5), (60, 30)), ((9, 4), (60, 30))],
)
def test_a_group_below_the_threshold_withholds_every_figure(present, absent) -> None:
    row = adjusted(grouped([("present", *present), ("absent", *absent)]), ["expert"]).table.iloc[0]
    assert row["status"] == SMALL
    assert row.drop(["factor", "value", "status"]).isna().all()


def test_counts_that_would_give_away_the_few_not_known_are_withheld() -> None:
    frame = grouped([("present", 42, 31), ("absent", 58, 17), ("unknown", 4, 2)])
    row = adjusted(frame, ["expert"]).table.iloc[0]
    assert row["status"] == COMPLEMENTARY
    figures = ["raw_points", "share_with", "share_without", "persons_with", "persons_without"]
    assert row[figures].isna().all()
    assert row["low"] < row["points"] < row["high"]


def test_pairs_and_pairings_of_few_are_withheld_and_left_out() -> None:
    few = WORLD.copy()
    few.loc[few["expert"] == "present", "surveillance"] = "absent"
    few.loc[few["expert"] == "present", "duress"] = "not_used"
    table = evidence_pairs(few, SOME).table.set_index(["first", "second"])
    assert table.loc[("surveillance", "expert"), "status"] == SMALL
    assert pd.isna(table.loc[("surveillance", "expert"), "points"])
    assert (table["status"] == SHOWN).sum() == 2
    cells = evidence_by_defence(few, SOME, ("duress", "consent")).table.set_index(
        ["evidence", "defence"]
    )
    assert cells.loc[("expert", "duress"), "status"] == SMALL
    assert cells.loc[("expert", "duress"), ["raw", "pooled", "persons"]].isna().all()


def test_a_pairing_that_is_nearly_its_whole_row_is_withheld() -> None:
    near = WORLD.copy()
    used = near.index[(near["expert"] == "present")]
    near.loc[used, "duress"] = "used"
    near.loc[used[:4], "duress"] = "not_used"
    cells = evidence_by_defence(near, SOME, ("duress", "consent")).table.set_index(
        ["evidence", "defence"]
    )
    assert cells.loc[("expert", "duress"), "status"] == COMPLEMENTARY
    assert cells.loc[("expert", "duress"), ["raw", "pooled", "persons"]].isna().all()


def test_no_pair_of_few_persons_is_compared() -> None:
    found = evidence_pairs(WORLD.head(100))
    assert found.compared == 0
    assert (found.table["status"] == SMALL).all()
    text = pair_finding(found).text
    assert text == "No pair of kinds of evidence rests on enough persons."


def test_testimony_with_few_persons_is_withheld() -> None:
    found = reliance_on_testimony(WORLD)
    hidden = found.shares[found.shares["status"] == SMALL]
    assert len(hidden) > 0
    assert hidden[["share", "low", "high", "raw_share", "persons"]].isna().all(axis=None)
    shown = found.shares[found.shares["status"] == SHOWN]
    assert ((shown["low"] < shown["share"]) & (shown["share"] < shown["high"])).all()


# ------------------------------------------------------------------ durations

CASES = [
    (0, "guilty_plea", 40), (0, "dismissed", 20), (1, "guilty_plea", 30), (1, "dismissed", 4),
    (1, "pending", 20), (2, "guilty_plea", 12), (2, "dismissed", 14), (2, "pending", 60),
]  # fmt: skip


def test_time_to_the_end_by_hand() -> None:
    """200 at risk, 60 end; 140 at risk, 34 end, 20 leave; 86 at risk, 26 end."""
    found = time_to_end(by_years_after(CASES, LAST), LAST)
    still = [140 / 200, 140 / 200 * 106 / 140, 140 / 200 * 106 / 140 * 60 / 86]
    assert found.ended["share"].tolist() == [round(1 - s, 3) for s in still]
    assert found.ended["at_risk"].tolist() == [200, 140, 85]
    assert found.median == (2, 1, 2)
    assert found.years == (2018, 2020)
    assert found.persons == 200
    assert np.isnan(found.without_year)


def test_an_outcome_of_few_takes_another_with_it() -> None:
    """Four dismissals in a year: shown, the pleas would give them away. They return with the 14 of
    the year after."""
    found = time_to_end(by_years_after(CASES, LAST), LAST).outcomes
    status = found.pivot(index="years_after", columns="outcome", values="status")
    assert status.loc[1].tolist() == [SMALL, SMALL]
    assert status.loc[[0, 2]].eq(SHOWN).all(axis=None)
    assert found.loc[found["status"] == SMALL, ["share", "low", "high"]].isna().all(axis=None)
    last = found[found["years_after"] == 2].set_index("outcome")["share"]
    assert last["guilty_plea"] == pytest.approx(0.2 + 0.7 * 30 / 140 + 0.53 * 12 / 86, abs=6e-4)


def test_outcomes_of_few_become_one() -> None:
    rows = [(0, "guilty_plea", 40), (0, "acquitted", 3), (0, "dismissed", 12), (1, "pending", 30)]
    found = time_to_end(by_years_after(rows, LAST), LAST).outcomes
    assert set(found["outcome"]) == {"guilty_plea", "other outcomes"}


def test_a_year_in_which_few_end_waits_for_the_next() -> None:
    rows = [(0, "dismissed", 30), (1, "dismissed", 3), (2, "dismissed", 15), (3, "pending", 40)]
    found = time_to_end(by_years_after(rows, LAST), LAST)
    assert found.ended["years_after"].tolist() == [0, 2]


def test_years_that_would_leave_a_few_are_not_shown() -> None:
    rows = [(0, "dismissed", 30), (1, "dismissed", 30), (2, "dismissed", 6)]
    assert time_to_end(by_years_after(rows, LAST), LAST).ended["years_after"].tolist() == [0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((2015, 2014, "dismissed", 20), "before it was charged"),
        ((2015, 2021, "dismissed", 20), "after the last year"),
        ((2021, None, "pending", 20), "after the last year"),
        ((2015, 2016, "pending", 20), "a pending case has a year"),
        ((2015, 2016, "lost", 20), "lost"),
    ],
)
def test_times_that_cannot_be_are_refused(row, words) -> None:
    with pytest.raises(ValueError, match=words):
        time_to_end(people([row]), LAST)


def test_ends_without_a_year_are_left_out_and_counted() -> None:
    rows = [(2015, 2016, "dismissed", 40), (2015, None, "pending", 40)]
    found = time_to_end(people([*rows, (2015, None, "unknown", 23)]), LAST)
    assert (found.persons, found.without_year) == (80, 25)
    assert np.isnan(time_to_end(people([*rows, (2015, None, "unknown", 3)]), LAST).without_year)


def test_too_few_cases_have_no_duration() -> None:
    found = time_to_end(people([(2015, 2016, "dismissed", 4)]), LAST)
    assert found.ended.empty
    assert found.outcomes.empty
    assert np.isnan(found.persons)
    assert duration_finding(found).text == "Too few cases have ended to say how long they take."


# ------------------------------------------------------------------ networks


def networks_of(*sizes: tuple[int, int, int], places: int = 1) -> pd.DataFrame:
    """(number of networks, persons in each, convicted in each)."""
    rows, key = [], 0
    for number, persons, convicted in sizes:
        for _ in range(number):
            key += 1
            outcomes = ["guilty_plea"] * convicted + ["dismissed"] * (persons - convicted)
            rows += [(f"N{key}", at % places, 2010, outcome) for at, outcome in enumerate(outcomes)]
    return pd.DataFrame(rows, columns=["co_defendant_key", "place", "year_charged", "outcome"])


def test_how_many_of_a_network_are_convicted() -> None:
    frame = networks_of((30, 2, 2), (20, 2, 1), (50, 2, 0), (40, 1, 1), (15, 1, 0))
    found = find_networks(frame)
    row = found.by_year.iloc[0]
    assert (row["networks"], row["two_or_more"], row["one"], row["nobody"]) == (100, 0.3, 0.2, 0.5)
    assert found.by_size["size_from"].tolist() == [1, 2]
    assert found.by_size["convicted_share"].tolist() == [round(40 / 55, 3), 0.4]
    assert found.by_size["networks"].tolist() == [55, 100]


def test_bands_of_few_networks_join_the_next() -> None:
    frame = networks_of((30, 1, 1), (30, 1, 0), (30, 2, 1), (4, 6, 3), (12, 3, 1))
    bands = find_networks(frame).by_size
    assert list(zip(bands["size_from"], bands["size_to"].fillna(0), strict=True)) == [
        (1, 1), (2, 2), (3, 0),
    ]  # fmt: skip


def test_one_reach_alone_is_not_shown() -> None:
    several = networks_of((30, 2, 2), (20, 2, 1), (50, 2, 0), places=2)
    one = networks_of((12, 2, 2), (12, 2, 1), (3, 2, 0))
    both = pd.concat([several, one.assign(co_defendant_key="o" + one["co_defendant_key"])])
    found = find_networks(both.reset_index(drop=True))
    assert found.by_reach["status"].tolist() == [SMALL, SMALL]
    assert found.by_reach[["networks", "nobody"]].isna().all(axis=None)
    assert network_finding(found).text.startswith(
        "Among networks of two or more charged with at least one ended case, of about 125 "
        "networks, 32% saw two or more convicted, 24% one and 44% nobody."
    )


def test_a_link_that_chains_all_is_said_to() -> None:
    found = find_networks(networks_of((30, 2, 1)), [("year_charged",)])
    assert found.chained
    assert "too common to tell networks apart" in network_finding(found).text


def test_networks_need_their_columns_and_outcomes() -> None:
    with pytest.raises(ValueError, match="no column method"):
        find_networks(networks_of((30, 2, 1)), [("place", "method")])
    with pytest.raises(ValueError, match="lost"):
        find_networks(networks_of((30, 2, 1)).assign(outcome="lost"))


# ------------------------------------------------------------------ words

BASIS = Basis(persons=1200, convicted=800, places=7, years=(2001, 2009))


def one_effect(**figures: object) -> Adjusted:
    row = {
        "factor": "digital_communications", "value": "present", "points": 6.2, "low": 2.1,
        "high": 10.3, "share_with": 0.71, "share_without": 0.63, "persons_with": 450.0,
        "persons_without": 700.0, "status": SHOWN,
    }  # fmt: skip
    return Adjusted(pd.DataFrame([row | figures]), BASIS, ("place",))


def test_a_sure_finding_in_words() -> None:
    (found,) = effect_findings(one_effect())
    assert found.sure
    assert found.text == (
        "Cases with digital communications end in conviction 6 percentage points more often (95% "
        "interval 2 to 10 more; charged 2001-2009), other things equal. As counted, 71% of about "
        "450 persons with it and 63% of about 700 without it were convicted. Evidence is chosen, "
        "not assigned: this is no effect."
    )


def test_an_unsure_finding_says_so() -> None:
    (found,) = effect_findings(one_effect(points=-1.2, low=-5.0, high=2.6, status=COMPLEMENTARY))
    assert not found.sure
    assert found.text == (
        "Cases with digital communications end in conviction 1 percentage point less often (95% "
        "interval 5 less to 3 more; charged 2001-2009), other things equal. The interval includes "
        "no difference, so the data cannot tell more from fewer. Evidence is chosen, not assigned: "
        "this is no effect."
    )


def test_a_withheld_finding_gives_no_number() -> None:
    nan = float("nan")
    (found,) = effect_findings(one_effect(points=nan, low=nan, high=nan, status=SMALL))
    assert found.text == (
        "Cases with digital communications: not shown. Each group that is compared needs at least "
        "10 convicted and 10 not convicted."
    )


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (0.4, "about as often (less than half a percentage point apart)"),
        (-0.6, "1 percentage point less often"),
        (12.5, "12 percentage points more often"),
    ],
)
def test_differences_in_words(points: float, words: str) -> None:
    assert more_often(points).said() == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(2.1, 9.9, "2 to 10 more"), (-9.9, -2.1, "2 to 10 less"), (-3, 4, "3 less to 4 more")],
)
def test_intervals_in_words(low: float, high: float, words: str) -> None:
    assert range_text(low, high).said() == words


def test_every_view_has_its_sentence_and_its_caution() -> None:
    found = evidence_effects(WORLD)
    banner = selection_banner(found.basis).text
    assert banner.startswith("About 2,500 persons charged in 2001-2006 whose case has ended")
    assert "no effect" in banner
    first = effect_findings(found)[0]
    assert how_many_compared(found).text.startswith("8 differences stand side by side.")
    assert first.about in ("expert", "surveillance")
    assert "no effect" in first.text
    sentences = [
        reliance_finding(reliance_on_testimony(WORLD)),
        matrix_finding(evidence_by_defence(WORLD, SOME, ("duress", "consent"))),
        pair_finding(evidence_pairs(WORLD, SOME)),
    ]
    assert "convicted without victim testimony" in sentences[0].text
    assert "conviction is most frequent where" in sentences[1].text
    assert "pairs rest on enough persons" in sentences[2].text


def test_a_pair_that_stands_out_in_words() -> None:
    row = {
        "first": "expert", "second": "surveillance", "points": 7.9, "low": 3.2, "high": 12.1,
        "wrong_direction": 0.001, "stands_out": True, "status": SHOWN,
    }  # fmt: skip
    text = pair_finding(Pairs(pd.DataFrame([row]), BASIS, 28)).text
    assert text == (
        "28 pairs rest on enough persons. Standing out: an expert with surveillance (8 percentage "
        "points more often than the two by themselves lead one to expect, 95% interval 3 to 12 "
        "more). All pairs were drawn towards no difference. Of pairs named in this way, about 1 in "
        "20 is chance. Evidence is chosen, not assigned: this is no effect."
    )


def test_durations_in_words() -> None:
    text = duration_finding(time_to_end(by_years_after(CASES, LAST), LAST)).text
    assert text.startswith("By the end of 2 years after the charge, 63% of cases have ended")
    assert "Half have ended by the end of 2 years after the charge (95% interval: the year" in text
    assert "By then: guilty by plea 42%, dismissed 21%." in text


def test_networks_in_words() -> None:
    frame = pd.concat(
        [
            networks_of((30, 2, 2), (20, 2, 1), (50, 2, 0)),
            networks_of((30, 2, 2), (20, 2, 1), (50, 2, 0), places=2).assign(
                co_defendant_key=lambda f: "s" + f["co_defendant_key"]
            ),
        ]
    ).reset_index(drop=True)
    found: Networks = find_networks(frame)
    text = network_finding(found).text
    assert "of about 100 networks in one place, 30% saw two or more convicted, 20% one" in text
    assert "of about 100 networks in several places, 30% saw" in text


def test_no_testimony_no_sentence_of_it() -> None:
    found: Reliance = reliance_on_testimony(WORLD.assign(victim_testimony="absent"))
    assert reliance_finding(found).text.startswith("Too few persons to say")


def test_defence_holds_evidence_equal() -> None:
    found = adjusted(WORLD, tuple(DEFENCE), also=tuple(EVIDENCE))
    assert found.held_equal[:2] == ("victim_testimony", "other_witness")
    assert found.held_equal[-3:] == ("place", "year_charged", "charge")
    assert effect_findings(found)[0].text.startswith("Cases in which the defence is")


def test_a_single_count_of_testimony_cannot_be_had_by_subtraction() -> None:
    few = WORLD.copy()
    few.loc[few["victim_testimony"] == "unknown", "victim_testimony"] = "present"
    few.loc[few.index[:7], "victim_testimony"] = "unknown"
    found = reliance_on_testimony(few)
    whole = found.shares[found.shares["others"] == "any number"].set_index("testimony")
    assert whole.loc["unknown", "status"] == SMALL
    second = whole.index[whole["status"] == COMPLEMENTARY]
    assert len(second) == 1
    assert whole.loc[second, ["raw_share", "persons"]].isna().all(axis=None)
    assert whole.loc[second, ["share", "low", "high"]].notna().all(axis=None)
    assert pd.isna(found.differences.iloc[0]["raw_points"])
    assert pd.notna(found.differences.iloc[0]["points"])
    by_value = found.convictions.set_index("testimony")["status"]
    assert (by_value[["present", "absent", "unknown"]] == SMALL).sum() == 2


def test_years_may_be_numbers_of_any_kind() -> None:
    frame = WORLD.assign(year_charged=WORLD["year_charged"].astype(float))
    frame.loc[frame.index[:5], "year_charged"] = None
    assert adjusted(frame, ["expert"]).basis.years == (2001, 2006)


# ------------------------------------------------------------------ one vocabulary


def test_the_words_of_case_files_are_those_of_the_statistics():
    """The room `cases` imports nothing of the config, so the ids stand in both."""
    from gapatlas.cases import vocabulary as ours
    from gapatlas.config import vocabulary as theirs

    assert set(ours.EVIDENCE) == set(theirs.EVIDENCE)
    assert set(ours.DEFENCE) == set(theirs.DEFENCES)
    assert set(ours.OUTCOMES) == set(theirs.OUTCOMES)
    assert set(ours.CONVICTED) == set(theirs.CONVICTED)
    assert set(ours.OUTCOMES) - set(ours.DISPOSED) == set(theirs.UNDISPOSED)
    assert {ours.VALUES[name] for name in ours.EVIDENCE} == {theirs.EVIDENCE_STATES}
    assert {ours.VALUES[name] for name in ours.DEFENCE} == {theirs.DEFENCE_STATES}
