"""Tables of persons, small enough to check by hand: what is withheld, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.disclosure_attack import Attacker, coordinates, office_file
from gapatlas.protection import ALL, WITHHELD, Published, audit, protect_family

OUTCOMES = ["guilty", "acquitted", "dropped"]


def persons(rows: dict[str, list[int]], outcomes: list[str]) -> pd.DataFrame:
    cells = [
        (place, outcome, count)
        for place, counts in rows.items()
        for outcome, count in zip(outcomes, counts, strict=True)
    ]
    return pd.DataFrame(cells, columns=["place", "outcome", "persons"])


def as_read(published: Published, outcomes: list[str]) -> dict[str, list[str]]:
    """Rows of the table as a reader sees them, totals last; `-` where withheld."""
    rows = published.frame.pivot(index="place", columns="outcome", values="persons")
    shown = rows[[*outcomes, ALL]].astype(object)
    return {
        str(place): ["-" if pd.isna(figure) else str(figure) for figure in figures]
        for place, figures in zip(shown.index, shown.to_numpy(), strict=True)
    }


def test_a_small_count_takes_others_with_it() -> None:
    """B's one person acquitted is withheld. All 31 acquitted lie 1 above A's 30, so A's 30 are
    withheld as well. B's 61 print as 60 (58 to 62): with 40 guilty (38 to 42) and 20 dropped (18
    to 22) at most 6 would be left, too few to hide among, so the 20 go. All 70 dropped (68 to 72)
    less A's 50 (48 to 52) would still tell B's: 16 to 24, under 10 wide. So the 50 go as well."""
    cells = persons({"A": [100, 30, 50], "B": [40, 1, 20]}, OUTCOMES)
    published = protect_family(cells, {"outcomes": ("place", "outcome")})
    assert as_read(published, OUTCOMES) == {
        "A": ["100", "-", "-", "180"],
        "B": ["40", "-", "-", "60"],
        "all": ["140", "30", "70", "240"],
    }


def test_tables_published_one_by_one_give_away_what_a_family_keeps() -> None:
    """Three tables of the same 48 persons. Each on its own is safe; laid side by side they tell
    that at least 6 persons of A were found guilty."""
    cells = persons({"A": [8, 30], "B": [10, 0]}, OUTCOMES[:2])
    tables = {"places": ("place",), "outcomes": ("outcome",), "both": ("place", "outcome")}
    domains = {"place": ["A", "B"], "outcome": OUTCOMES[:2]}
    guilty_in_a = (("place", "A"), ("outcome", "guilty"))

    parted: dict = {}
    for table, dimensions in tables.items():
        alone = coordinates(protect_family(cells, {table: dimensions}, domains=domains))
        parted |= {w: figure for w, figure in alone.items() if parted.get(w) is None}
    low, _ = Attacker(parted, domains).window(guilty_in_a)
    assert low == 6

    family = coordinates(protect_family(cells, tables, domains=domains))
    low, high = Attacker(family, domains).window(guilty_in_a)
    assert low <= 1
    assert high >= 10


def test_pairs_of_tables_are_attacked_through_the_crossing_that_none_shows() -> None:
    """Three traits that nearly always go together, published two by two. What is known of a with
    c and of b with c bounds a with b too: the audit works on the crossing of all three."""
    random = np.random.default_rng(4)
    hidden = random.random(900)
    cells = pd.DataFrame(
        {
            name: np.where(hidden + random.normal(0, 0.03, 900) > 0.6, "present", "absent")
            for name in ("a", "b", "c")
        }
    ).assign(persons=1)
    tables = {"ab": ("a", "b"), "bc": ("b", "c"), "ac": ("a", "c")}
    published = protect_family(cells, tables)
    report = audit(published, cells)
    assert report.passed, report.lines()
    assert report.scope.startswith("jointly, on all 3 dimensions crossed (8 cells; whole persons)")


def test_a_family_of_many_tables_passes_and_shows_most_of_them() -> None:
    """20,000 persons: too many dimensions to cross them all, so tables are tied by margins."""
    cells, tables = office_file(20_000)
    published = protect_family(cells, tables)
    report = audit(published, cells)
    assert report.passed, report.lines()
    assert report.scope.startswith("all tables at once")
    assert report.cells > 1_800
    withheld = (published.frame["status"] == WITHHELD).groupby(published.frame["table"]).mean()
    assert withheld["trait 3"] == 0
    assert withheld["trait by place"] < 0.5
