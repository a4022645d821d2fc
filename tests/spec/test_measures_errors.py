"""What cannot be answered is refused in words, with the near names or what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.errors import UnknownNameError, ValidationError
from tests.spec.conftest import Ask
from tests.support import ratio
from tests.worked_examples import observations_of, write_tables

CONVICTED = "convicted_per_prosecuted"
COUNTS = {
    "office": """
        place | year | prosecuted | convicted
        AAA   | 2020 | 10         | 4
        AAA   | 2021 | 10         | 4
        AAA   | 2022 | 10         | 4
    """,
    "archive": """
        place | year | convicted
        AAA   | 2020 | 4
    """,
}


@pytest.fixture
def atlas(ask: Ask) -> Atlas:
    return ask(COUNTS)


@pytest.mark.parametrize(
    ("asked", "found", "allowed"),
    [
        ({"measure_id": "convicted_per_prosecution"}, "convicted_per_prosecution", CONVICTED),
        ({"measure_id": "zzz"}, "zzz", "convicted_per_100k, convicted_per_prosecuted"),
        ({"source": "ofice"}, "ofice", "office"),
        ({"source": "people"}, "people", "archive, office"),
        ({"jurisdictions": ["AAAA"]}, "AAAA", "AAA"),
        ({"jurisdictions": ["AAA", "Alphalund"]}, "Alphalund", "AAA (Alphaland)"),
        ({"jurisdictions": ["Betaland"]}, "Betaland", "BBB (Betaland)"),
    ],
)
def test_an_unknown_name_is_answered_with_the_near_ones(
    atlas: Atlas, asked: dict[str, Any], found: str, allowed: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        atlas.measure(**{"measure_id": CONVICTED, **asked})
    (problem,) = caught.value.problems
    assert problem.found == found
    assert problem.allowed is not None
    assert allowed in problem.allowed


def test_a_place_of_another_level_is_refused(atlas: Atlas) -> None:
    with pytest.raises(UnknownNameError, match="'US-AA' is a place of level us_state"):
        atlas.measure(CONVICTED, jurisdictions=["AAA", "US-AA"])


def test_an_unknown_level_is_answered_with_the_known_ones(atlas: Atlas) -> None:
    with pytest.raises(UnknownNameError, match=r"no level 'county'[\s\S]*country"):
        atlas.jurisdictions("county")


def test_a_source_that_lacks_a_stage_is_refused_with_those_that_have_it(atlas: Atlas) -> None:
    """The archive has no row of prosecutions, not even one that says "not reported"."""
    with pytest.raises(UnknownNameError, match="does not report what") as caught:
        atlas.measure(CONVICTED, source="archive")
    assert caught.value.problems[0].allowed == "office"


@pytest.mark.parametrize("source", ["archive", "nowhere"])
def test_the_years_of_a_source_that_cannot_answer_are_refused(atlas: Atlas, source: str) -> None:
    with pytest.raises(UnknownNameError, match=source):
        atlas.years_of(CONVICTED, source)


@pytest.mark.parametrize("window", [0, 2, 4, 6, -1, 1.5, "3", True, None])
def test_only_windows_of_one_three_and_five_years_exist(atlas: Atlas, window: Any) -> None:
    with pytest.raises(ValueError, match="window must be 1, 3 or 5 years, not"):
        atlas.measure(CONVICTED, window=window)


@pytest.mark.parametrize("window", [np.int64(3), 3.0])
def test_a_window_may_be_any_number_that_is_three(atlas: Atlas, window: Any) -> None:
    frame = atlas.measure(CONVICTED, window=window)
    assert (frame.window, len(frame.data)) == (3, 1)


@pytest.mark.parametrize(
    ("years", "window", "message"),
    [
        ((2020, 2021), 3, "a window of 3 years does not fit in 2020-2021"),
        (2020, 5, "a window of 5 years does not fit in 2020-2020"),
        (None, 5, "a window of 5 years does not fit in 2020-2022"),
        ((2022, 2020), 1, "the first year, 2022, comes after the last, 2020"),
        ((1000, 2020), 1, "more than 500 years"),
        ((2020, 2021, 2022), 1, "years must be one year, or the first and the last"),
        ((2020,), 1, "years must be one year, or the first and the last"),
        ("2020", 1, "years must be one year, or the first and the last"),
        (("2020", "2022"), 1, "as whole numbers"),
        ((2020.5, 2022), 1, "as whole numbers"),
        (2020.0, 1, "as whole numbers"),
    ],
)
def test_years_that_do_not_fit_are_refused(
    atlas: Atlas, years: Any, window: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        atlas.measure(CONVICTED, years=years, window=window)


def test_a_rate_that_no_population_can_divide_has_no_figures_and_says_so(atlas: Atlas) -> None:
    frame = atlas.measure("convicted_per_100k")
    assert set(frame.data["status"]) == {"not_reported"}
    assert any("without a figure to divide by: Alphaland" in line for line in frame.caveats)


def test_a_stage_that_nobody_reports_is_an_error_that_names_it(ask: Ask) -> None:
    measures = {"cleared": ratio(("cleared", "offences"), ("suspected", "offences"))}
    with pytest.raises(UnknownNameError, match=r"offences cleared \(solved\)"):
        ask(COUNTS["office"], measures=measures).measure("cleared")


def two_tables_of_one_source(folder: Path, first: list[str], second: list[str]) -> Path:
    path = write_tables(folder, {"office": first, "second": second}, {"people": []})
    path.write_text(path.read_text("utf-8").replace("source: second", "source: office"), "utf-8")
    return path


def test_a_stage_of_a_source_stands_in_one_table(tmp_path: Path) -> None:
    """Else each count of the one would be divided by each of the other."""
    lines = observations_of(COUNTS["office"])
    path = two_tables_of_one_source(tmp_path, lines, lines)
    with pytest.raises(ValidationError) as caught:
        open_atlas(path)
    problem = caught.value.problems[0]
    assert problem.where == "second.csv"
    assert problem.message == "The table of office has this stage of the source already."
    assert problem.column == "stage, unit"


def test_two_tables_of_one_source_count_stages_of_their_own(tmp_path: Path) -> None:
    """An office prints its victims in one table and its courts in another, for other years."""
    lines = observations_of(COUNTS["office"])
    convicted = [line for line in lines if ",convicted," in line]
    others = [line for line in lines if ",convicted," not in line]
    together = write_tables(tmp_path / "one", {"office": lines}, {"people": []})
    apart = two_tables_of_one_source(tmp_path / "two", others, convicted)
    with open_atlas(together) as one, open_atlas(apart) as two:
        expected = one.measure(CONVICTED)
        found = two.measure(CONVICTED)
    pd.testing.assert_frame_equal(found.data, expected.data)
    assert len(found.data) > 0
