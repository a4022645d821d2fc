"""The gate for persons: its rules, what it refuses, and what its audit finds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from gapatlas.errors import GapAtlasError
from gapatlas.protection import (
    ALL,
    BRAND,
    SHOWN,
    Published,
    Rules,
    audit,
    protect_family,
    ratio_of_printed,
)

CELLS = pd.DataFrame(
    {
        "place": ["A", "A", "A", "B", "B", "B"],
        "outcome": ["guilty", "acquitted", "dropped"] * 2,
        "persons": [100, 30, 50, 40, 1, 20],
    }
)
TABLES = {"outcomes": ("place", "outcome")}


def changed(published: Published, where: dict[str, str], figure: int | None) -> Published:
    """The same tables with another figure in one cell."""
    frame = published.frame.copy()
    cell = pd.concat([frame[name] == value for name, value in where.items()], axis=1).all(axis=1)
    frame.loc[cell, "persons"] = figure
    return Published(frame, published.tables, published.domains, published.rules)


# ------------------------------------------------------------------ rules


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"threshold": 9}, "column threshold: The setting is below its minimum. Found: 9"),
        ({"base": 4}, "column base: The setting is below its minimum. Found: 4"),
        ({"window": 8}, "column window: The setting is below its minimum. Found: 8"),
        ({"base": 20}, "could be printed as zero. Found: 20. Allowed: at most the threshold, 10"),
        ({"threshold": -1, "unprotected": True}, "Found: -1. Allowed: 0 or more"),
        ({"base": 0, "unprotected": True}, "Found: 0. Allowed: 1 or more"),
    ],
)
def test_settings_below_the_minimum_are_refused(settings: dict[str, int], told: str) -> None:
    with pytest.raises(GapAtlasError) as caught:
        Rules(**settings)
    assert told in str(caught.value)


def test_every_setting_at_fault_is_named_at_once() -> None:
    with pytest.raises(GapAtlasError) as caught:
        Rules(threshold=3, base=1)
    assert [problem.column for problem in caught.value.problems] == ["threshold", "base", "window"]


def test_unprotected_figures_are_exact_and_branded() -> None:
    rules = Rules(threshold=0, base=1, unprotected=True)
    published = protect_family(CELLS, TABLES, rules)
    assert published.brand == BRAND
    assert (published.frame["status"] == SHOWN).all()
    shown = CELLS.merge(published.frame, on=["place", "outcome"], suffixes=("", "_shown"))
    assert shown["persons_shown"].tolist() == CELLS["persons"].tolist()
    report = audit(published, CELLS)
    assert report.lines()[0] == BRAND
    assert "nothing is withheld" in report.lines()[3]


def test_unprotected_brands_even_where_the_settings_would_do_without() -> None:
    assert Rules(unprotected=True).brand == BRAND
    assert Rules().brand is None


@pytest.mark.parametrize(
    ("count", "figure"), [(10, 10), (11, 10), (12, 10), (13, 15), (14, 15), (15, 15), (1232, 1230)]
)
def test_rounding_is_to_the_nearest(count: int, figure: int) -> None:
    rules = Rules()
    assert rules.printed(count) == figure
    assert rules.least(figure) <= count <= rules.greatest(figure)


def test_what_a_figure_stands_for_starts_at_the_threshold() -> None:
    assert (Rules().least(10), Rules().greatest(10)) == (10, 12)
    assert (Rules().least(85), Rules().greatest(85)) == (83, 87)


@pytest.mark.parametrize("base", [5, 6, 7, 8, 9, 10])
def test_a_figure_stands_for_exactly_the_counts_that_print_as_it(base: int) -> None:
    rules = Rules(base=base)
    for figure in range(2 * base, 100, base):
        counts = [count for count in range(200) if rules.printed(count) == figure]
        alike = [count for count in counts if count >= 10]
        assert (rules.least(figure), rules.greatest(figure)) == (min(alike), max(alike))


def test_a_ratio_comes_from_printed_figures_and_holds_the_truth() -> None:
    """15 of 60 printed: 13 to 17 of 58 to 62."""
    part, whole = np.array([15.0, np.nan, 20.0, 60.0]), np.array([60.0, 60.0, np.nan, 60.0])
    value, low, high = ratio_of_printed(part, whole)
    assert value[0] == 0.25
    assert (low[0], high[0]) == (13 / 62, 17 / 58)
    assert np.isnan([value[1:3], low[1:3], high[1:3]]).all()
    assert high[3] == 1.0, "a part is not more than its whole"


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("change", "tables", "told"),
    [
        (lambda c: c, {}, "at least one table"),
        (lambda c: c, {"t": ()}, "table t: A table crosses one to three"),
        (lambda c: c, {"t": ("place", "place")}, "one to three different dimensions"),
        (lambda c: c, {"t": ("a", "b", "c", "d")}, "one to three different dimensions"),
        (lambda c: c, {"t": ("place", "year")}, "column year: The column is missing"),
        (lambda c: c.drop(columns="persons"), TABLES, "column persons: The column is missing"),
        (lambda c: c.assign(persons=-1), TABLES, "whole numbers of persons"),
        (lambda c: c.assign(persons=1.5), TABLES, "whole numbers of persons"),
        (lambda c: c.assign(persons=None), TABLES, "whole numbers of persons"),
        (lambda c: c.assign(place=None), TABLES, "column place: A value is missing"),
        (lambda c: c.assign(outcome=ALL), TABLES, "'all' is the label of totals"),
        (lambda c: c.assign(place="C"), TABLES, "not in the list of values. Found: C"),
        (lambda c: c.assign(status="x"), {"t": ("status",)}, "name is taken"),
    ],
)
def test_what_cannot_be_published_is_refused_with_the_reason(
    change: Callable[[pd.DataFrame], pd.DataFrame], tables: dict[str, tuple[str, ...]], told: str
) -> None:
    with pytest.raises(GapAtlasError, match="cannot be made") as caught:
        protect_family(change(CELLS), tables, domains={"place": ["A", "B"]})
    assert told in str(caught.value)


def test_a_misspelt_dimension_does_not_publish_what_was_to_be_kept() -> None:
    with pytest.raises(GapAtlasError, match=r"No table has the dimension\. Found: plce"):
        protect_family(CELLS, TABLES, unpublished={"plce": ["A"]})


# ------------------------------------------------------------------ the audit


def test_the_audit_prints_its_figures() -> None:
    """Nine inner cells and totals less the three withheld: B's acquitted and dropped, and all
    acquitted, which lie 1 above A's."""
    report = audit(protect_family(CELLS, TABLES), CELLS)
    assert report.passed
    assert report.lines()[:2] == ["cells: 12", "withheld: 4"]
    assert report.lines()[-1] == "passed"
    assert "whole persons" in report.scope


def test_the_audit_finds_a_figure_that_gives_a_withheld_one_away() -> None:
    """With 60 persons in B, 40 guilty and 20 dropped, at most 9 are left for the acquitted."""
    leaky = changed(
        protect_family(CELLS, TABLES), {"table": "outcomes", "place": "B", "outcome": "dropped"}, 20
    )
    report = audit(leaky, CELLS)
    assert not report.passed
    told = report.told.set_index(["place", "outcome"])
    assert ("B", "acquitted") in told.index
    assert told.loc[("B", "acquitted"), "high"] <= 6
    assert report.lines()[-1] == "FAILED"
    assert not audit(leaky).passed, "nor does it pass without the true counts"


def test_the_audit_finds_a_pair_that_lies_too_near() -> None:
    """All 30 acquitted beside A's 30: B would have next to none."""
    published = protect_family(CELLS, TABLES)
    near = changed(published, {"place": ALL, "outcome": "acquitted"}, 30)
    near = changed(near, {"place": "A", "outcome": "acquitted"}, 25)
    report = audit(near)
    assert report.closest == 5
    assert not report.passed


@pytest.mark.parametrize(
    ("figure", "fault"),
    [
        (5, "a figure is below the threshold"),
        (41, "a figure is not rounded to the base"),
        (45, "a figure is not that of the persons"),
    ],
)
def test_the_audit_names_wrong_figures(figure: int, fault: str) -> None:
    published = protect_family(CELLS, {"places": ("place",), "outcome": ("outcome",)})
    wrong = changed(published, {"place": "B", "outcome": ALL}, figure)
    report = audit(wrong, CELLS)
    assert fault in report.faults
    assert fault in report.lines()
    assert not report.passed


def test_a_cell_with_two_figures_is_a_fault() -> None:
    tables = {"one": ("place",), "two": ("place", "outcome")}
    published = protect_family(CELLS, tables)
    two = changed(published, {"table": "one", "place": "A"}, 175)
    assert "a cell has different figures in two tables" in audit(two).faults


def test_figures_that_fit_no_persons_fail() -> None:
    published = protect_family(CELLS, TABLES)
    report = audit(changed(published, {"place": ALL, "outcome": ALL}, 50))
    assert "there are no persons of whom all figures are right under these rules" in report.faults
    assert report.lines()[-1] == "FAILED"


# ------------------------------------------------------------------ families


def test_a_dimension_of_one_value_repeats_its_total() -> None:
    """Cells that hold the same persons by definition are no near pair."""
    cells = CELLS.assign(court="federal")
    published = protect_family(cells, {"courts": ("court", "outcome")}).frame
    wide = published.pivot(index="court", columns="outcome", values="persons")
    assert wide.loc["federal"].to_dict() == wide.loc[ALL].to_dict()
    assert wide.loc[ALL, ALL] == 240


def test_values_that_nobody_has_are_listed_and_withheld() -> None:
    published = protect_family(CELLS, TABLES, domains={"place": ["A", "B", "C"]}).frame
    nobody = published[published["place"] == "C"]
    assert len(nobody) == 4
    assert nobody["persons"].isna().all()


def test_the_frame_has_each_table_with_its_margins() -> None:
    tables = {"first": ("outcome", "place"), "second": ("outcome",)}
    published = protect_family(CELLS, tables)
    assert list(published.frame.columns) == [
        "table", "outcome", "place", "persons", "low", "high", "status",
    ]  # fmt: skip
    assert published.frame["table"].value_counts().to_dict() == {"first": 12, "second": 4}
    assert str(published.frame["persons"].dtype) == "Int64"


def test_no_persons_at_all_are_withheld_like_few() -> None:
    published = protect_family(CELLS.assign(persons=0), TABLES)
    assert published.frame["persons"].isna().all()
    assert audit(published, CELLS.assign(persons=0)).passed
