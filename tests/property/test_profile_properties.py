"""Profiles of many random places: no sentence says more than its row, nothing unreported counts."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.comparison.sources import listed_years
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.profile import Profile, profile
from gapatlas.profile.sentences import NOT_ZERO
from tests.profile_world import ProfileWorld, table_of

YEARS = (2020, 2021, 2022)
PLACES = ("AAA", *(f"N{n:02}" for n in range(1, 7)))
CELLS = st.sampled_from(["", "not", "not", "suppressed", "<5", "0", "3", "12", "40", "150"])
Cells = dict[tuple[str, int], tuple[str, str]]
"""Place and year -> victims detected and persons convicted, as printed."""
WORLDS = st.fixed_dictionaries(
    {(place, year): st.tuples(CELLS, CELLS) for place in PLACES for year in YEARS}
)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example builds a world, so that looking for a smaller one would take minutes."""
ANCHOR = "BBB | 2020 | 9 | 9\nBBB | 2022 | 9 | 9"
"""A place far away that reports the first and the last year, so that every world has all three."""


@contextmanager
def world_of(cells: Cells, more: str = "") -> Iterator[Atlas]:
    lines = [
        f"{place} | {year} | {detected} | {convicted}"
        for (place, year), (detected, convicted) in cells.items()
    ]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(SNAPSHOTS_VARIABLE, str(Path(folder, "snapshots")))
        world = ProfileWorld(counts={"office": table_of(*lines, ANCHOR, *([more] if more else []))})
        with open_atlas(world.write(Path(folder, "world"))) as atlas:
            yield atlas


def bounds(cell: str) -> tuple[int, int]:
    return (0, 4) if cell == "<5" else (int(cell), int(cell))


def reported(cell: str) -> bool:
    return cell not in ("", "not", "suppressed")


def told(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


# ------------------------------------------------------------------ one sentence, one row


def check_counted(found: Profile, cells: Cells) -> None:
    """Counts in the sentence are those of the years in which both are reported, and no others."""
    answer = found.headline[0]
    pairs = [cells[found.place, year] for year in YEARS]
    used = [pair for pair in pairs if all(reported(cell) for cell in pair)]
    if not used:
        assert answer.short in ("No figure", "Withheld", "Not part of The office")
        assert "convicted persons per 100 victims" not in answer.text
        single = [cell for pair in pairs for cell in pair if reported(cell)]
        if not single:
            figures = answer.text.replace("2020-2022", "").replace(found.name, "")
            assert not re.search(r"\d", figures), answer.text
        return
    victims, persons = ([bounds(pair[side]) for pair in used] for side in (0, 1))
    sums = [told(*map(sum, zip(*side, strict=True))) for side in (persons, victims)]
    assert f"{sums[0]} persons convicted; {sums[1]} victims detected." in answer.text
    assert f"{len(used)} of 3 years are reported." in answer.text


def check_standing(found: Profile) -> None:
    """The claim is that of the probabilities, in every completion of the ranges."""
    answer, gap = found.headline[1], found.gap
    assert gap is not None
    rows = gap.of(found.place)
    if rows.empty or rows["reason"].iloc[0]:
        assert answer.short == "Cannot be told"
        assert "expected" not in answer.text
        return
    row = rows.iloc[0]
    low, high = row["probability_low"], row["probability_high"]
    claims = {
        "Almost certainly": low >= 0.99,
        "Very likely": 0.975 <= low < 0.99,
        "Almost certainly not": high <= 1 - 0.99,
        "Very likely not": 1 - 0.99 < high <= 1 - 0.975,
        "Cannot be told": low < 0.975 and high > 1 - 0.975,
    }
    assert claims[answer.short], (answer, low, high)
    assert ("falls short:" in answer.text) == (low >= 0.975)
    assert ("lies above:" in answer.text) == (high <= 1 - 0.975)
    # A place that divides by a range from nought may be expected to have nothing at all.
    if answer.short == "Almost certainly":
        assert row["number_from"] >= 0, "no claim against its own interval"
    if answer.short == "Almost certainly not":
        assert row["number_to"] <= 0
    assert f"against {told(int(row['observed_low']), int(row['observed_high']))} counted" in (
        answer.text
    )


def check_silent(found: Profile, cells: Cells) -> None:
    """The years without a figure are those that the table leaves out."""
    answer = found.headline[2]
    mine = {year: cells[found.place, year] for year in YEARS}
    covered = list(YEARS)  # one line of a place makes each year of the source a year without one
    if not any(cell for year in YEARS for cell in mine[year]):
        assert answer.short == "Cannot be told"
        return
    for side, label in ((1, "persons convicted"), (0, "victims detected")):
        silent = [year for year in covered if mine[year][side] in ("", "not")]
        withheld = [year for year in covered if mine[year][side] == "suppressed"]
        if not silent and not withheld:
            assert f"{label} in every year" in answer.text
        elif len(silent) == len(covered):
            assert f"no figure for {label} in any year" in answer.text
        else:
            assert (f"no figure for {label} in {listed_years(silent)}" in answer.text) == bool(
                silent
            )
            assert (f"{label} withheld in {listed_years(withheld)}" in answer.text) == bool(
                withheld
            )
    lacking = [year for year in covered if any(cell in ("", "not") for cell in mine[year])]
    assert (NOT_ZERO in answer.text) == bool(lacking)


def check_quality(found: Profile, cells: Cells) -> None:
    printed = [cell for year in YEARS for cell in cells[found.place, year] if cell]
    summary = found.quality.summary
    if not printed:
        assert summary.empty
        return
    row = summary.iloc[0]
    told = row["exact"] + row["ranges"] + row["withheld"]
    assert row["exact"] == sum(cell.isdigit() for cell in printed)
    assert row["ranges"] == printed.count("<5")
    assert row["withheld"] == printed.count("suppressed")
    assert row["missing"] == row["cells"] - told >= printed.count("not")
    assert row["share"] == pytest.approx((row["exact"] + row["ranges"]) / row["cells"])


@settings(max_examples=3, phases=NO_SHRINKING)
@given(WORLDS, st.sampled_from(["median", "best_quarter"]))
def test_every_sentence_of_every_place_says_what_its_row_carries(
    cells: Cells, benchmark: str
) -> None:
    with world_of(cells) as atlas:
        for place in PLACES:
            found = profile(atlas, place, window=3, benchmark=benchmark)
            check_counted(found, cells)
            check_standing(found)
            check_silent(found, cells)
            check_quality(found, cells)


# ------------------------------------------------------------------ what is not reported


@settings(max_examples=2, phases=NO_SHRINKING)
@given(WORLDS)
def test_places_that_report_nothing_change_no_figure_of_others(cells: Cells) -> None:
    silent = "\n".join(
        f"{place} | {year} | {cell} | {cell}"
        for place, cell in (("CCC", "not"), ("DDD", "suppressed"))
        for year in YEARS
    )
    with world_of(cells) as atlas:
        without = {place: profile(atlas, place, window=3, peers="all") for place in PLACES}
        before = {place: (found.headline, found.gaps) for place, found in without.items()}
    with world_of(cells, silent) as atlas:
        for place in PLACES:
            found = profile(atlas, place, window=3, peers="all")
            assert found.headline == before[place][0]
            assert found.gaps.equals(before[place][1])
