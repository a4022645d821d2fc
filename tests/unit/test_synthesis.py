"""Synthetic copies: what is refused, and the parts that they are drawn by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gapatlas.config import Disclosure, load_config
from gapatlas.errors import GapAtlasError, UnknownNameError, ValidationError
from gapatlas.protection import Rules
from gapatlas.synthesis import Settings, case_dataset, refuse_paths, synthesise
from gapatlas.synthesis.counts import Released, Traits, counts_of_many
from gapatlas.synthesis.drawing import drawn_rows, without_contradictions
from gapatlas.synthesis.noise import HOW_TO_INSTALL, MOST_PERSONS, counts_with_noise
from gapatlas.synthesis.quality import quality
from tests.case_files import a_case, add_cases
from tests.support import observation, write_world

ROOT = Path(__file__).parents[2]
ROWS = [observation("AAA", 2020, "convicted", "persons", 5)]


def traits(*patterns: tuple[str, str, int]) -> Traits:
    return Traits.of(pd.DataFrame(patterns, columns=["outcome", "place", "persons"]))


TWO_PLACES = traits(
    ("acquitted", "AAA", 40),
    ("acquitted", "BBB", 9),
    ("pending", "AAA", 12),
    ("pending", "BBB", 30),
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    rows = [a_case(number) for number in range(120)]
    return add_cases(write_world(tmp_path / "world", ROWS), rows)


# ------------------------------------------------------------------ settings


def test_settings_left_out_are_those_of_the_dataset() -> None:
    chosen = Settings.chosen(Disclosure(threshold=20))
    assert (chosen.k, chosen.epsilon, chosen.delta, chosen.length) == (20, None, None, 2)
    assert chosen.seed is None
    noisy = Settings.chosen(Disclosure(), epsilon=4.0)
    assert (noisy.k, noisy.length, noisy.seed, noisy.delta) == (10, 2, None, 1e-7)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"k": 9}, "--k: So few persons can be pointed at. Found: 9. Allowed: 10 or more; less"),
        ({"epsilon": 0.0}, "--epsilon: Nothing but noise would be left. Found: 0. Allowed: 0.1 to"),
        ({"epsilon": -1.0}, "--epsilon: Nothing but noise"),
        ({"epsilon": float("nan")}, "--epsilon: Nothing but noise"),
        ({"epsilon": 10.5}, "--epsilon: The noise would hide little. Found: 10.5."),
        ({"length": 4}, "--length: So many values at a time are not counted. Found: 4."),
        ({"epsilon": 1.0, "seed": 3}, "--seed: Noise that can be repeated can be taken off"),
        ({"seed": -1}, "--seed: A seed is not negative."),
    ],
)
def test_a_setting_that_protects_too_little_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(GapAtlasError) as error:
        Settings.chosen(Disclosure(), **asked)
    assert [str(problem)[: len(message)] for problem in error.value.problems] == [message]


def test_a_smaller_k_than_the_threshold_of_the_dataset_is_refused() -> None:
    with pytest.raises(GapAtlasError, match="20 or more"):
        Settings.chosen(Disclosure(threshold=20), k=15)
    open_ = Settings.chosen(Disclosure(unprotected=True), k=2)
    assert (open_.k, open_.unprotected) == (2, True)


# ------------------------------------------------------------------ counts and drawing


def test_counts_below_k_are_gone_and_the_others_rounded() -> None:
    released = counts_of_many(TWO_PLACES, 10, 2, Rules())
    assert released.counts[0, 1].tolist() == [[40, 0], [10, 30]]
    assert released.counts[(0,)].tolist() == [50, 40]
    assert released.persons == 90


def test_a_cell_left_open_does_not_count() -> None:
    table = counts_of_many(TWO_PLACES, 10, 2, Rules()).table((1, 0))
    assert table.tolist() == [[40, 10, 50], [0, 30, 40], [50, 40, 90]]


def test_rows_are_drawn_of_released_combinations_alone() -> None:
    copy = drawn_rows(counts_of_many(TWO_PLACES, 10, 2, Rules()), seed=1)
    assert copy.total == 90
    acquitted_in_b = (copy.codes == [0, 1]).all(axis=1)
    assert not acquitted_in_b.any()
    assert quality(TWO_PLACES, copy, 1, Rules()).largest < 12


def test_where_nothing_may_stand_beside_the_rest_the_cell_is_left_open() -> None:
    counts = {(0,): np.array([50.0]), (1,): np.array([50.0]), (0, 1): np.array([[0.0]])}
    released = Released(("outcome", "place"), (("acquitted",), ("AAA",)), 5, 2, counts)
    assert drawn_rows(released, seed=1).codes.tolist() == [[0, 1]] * 5


def test_what_may_not_stand_in_one_place_is_drawn_more_often_elsewhere() -> None:
    """Half of all are `B`; where the outcome is `b` they must not be, so elsewhere all are."""
    counts = {
        (0,): np.array([500.0, 500.0]),
        (1,): np.array([500.0, 500.0]),
        (0, 1): np.array([[250.0, 250.0], [250.0, 0.0]]),
    }
    released = Released(("outcome", "place"), (("a", "b"), ("A", "B")), 1000, 2, counts)
    drawn = drawn_rows(released, seed=1)
    assert drawn.count((1,))[1] > 450


def test_shares_are_compared_by_rounded_counts_that_may_be_printed() -> None:
    copy = traits(("acquitted", "AAA", 50), ("pending", "AAA", 25), ("pending", "BBB", 25))
    found = quality(TWO_PLACES, copy, 2, Rules())
    assert found.figures == 3
    shares = [50 - 100 * 40 / 90, 25 - 100 * 10 / 90, 100 * 30 / 90 - 25]
    assert found.largest == pytest.approx(max(shares))
    assert found.mean == pytest.approx(sum(shares) / 3)
    assert found.told == "2 values together"


def test_a_case_does_not_end_before_it_begins_or_while_it_is_pending() -> None:
    rows = Traits.of(
        pd.DataFrame(
            {
                "outcome": ["acquitted", "acquitted", "pending", "acquitted"],
                "year_charged": ["2015", "2015", "2015", "unknown"],
                "year_ended": ["2014", "2016", "2016", "2014"],
                "persons": 1,
            }
        )
    )
    ends = without_contradictions(rows).words()["year_ended"]
    assert ends.tolist() == ["", "2016", "", "2014"]


# ------------------------------------------------------------------ noise


def test_without_pac_synth_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pacsynth", None)
    with pytest.raises(GapAtlasError, match=f"not installed. Allowed: {HOW_TO_INSTALL}"):
        counts_with_noise(TWO_PLACES, 10, 2, 4.0)


def test_one_release_of_pac_synth_is_named_everywhere() -> None:
    pin = HOW_TO_INSTALL.removeprefix("pip install ")
    for name in ("requirements-synthesis.in", "requirements-dev.txt"):
        assert pin in (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_noise_is_refused_where_it_would_not_fit_into_memory() -> None:
    many = traits(("acquitted", "AAA", MOST_PERSONS), ("pending", "BBB", 1))
    with pytest.raises(GapAtlasError, match="up to 50,000 persons"):
        counts_with_noise(many, 10, 2, 4.0)


def test_noisy_counts_are_near_the_counts_and_small_ones_are_gone() -> None:
    many = traits(("acquitted", "AAA", 4000), ("pending", "AAA", 5000), ("pending", "CCC", 1))
    released = counts_with_noise(many, 10, 2, 4.0)
    assert released.counts[0, 1][:, 0] == pytest.approx([4000, 5000], abs=100)
    assert released.counts[(1,)][1] == 0
    assert released.persons == pytest.approx(9001, abs=300)


# ------------------------------------------------------------------ files


def test_only_a_case_file_is_copied(config: Path) -> None:
    loaded = load_config(config)
    with pytest.raises(
        UnknownNameError, match=r"no dataset of kind cases\. Found: office\. Allowed"
    ):
        case_dataset(loaded, "office")
    with pytest.raises(UnknownNameError, match=r"There is no such dataset\. Found: case"):
        case_dataset(loaded, "case")


def test_a_file_with_faults_is_not_copied_and_no_name_is_printed(config: Path) -> None:
    file = config.parent / "cases.csv"
    file.write_text(file.read_text().replace("North", "Doe, Jane", 1).replace("Doe, J", "Doe J"))
    with pytest.raises(ValidationError) as error:
        synthesise(load_config(config), "cases", Settings.chosen(Disclosure()))
    assert "cases.csv, row 2, column Court" in str(error.value)
    assert "Doe" not in str(error.value)


def test_a_file_with_few_persons_or_little_in_common_is_not_copied(config: Path) -> None:
    loaded = load_config(config)
    with pytest.raises(GapAtlasError, match="Nothing is left that enough persons have in common"):
        synthesise(loaded, "cases", Settings.chosen(Disclosure(), k=500))
    add_cases(config, [a_case(number) for number in range(99)])
    with pytest.raises(GapAtlasError, match="100 persons or more"):
        synthesise(loaded, "cases", Settings.chosen(Disclosure()))


def test_a_copy_takes_the_place_of_nothing(config: Path) -> None:
    loaded, folder = load_config(config), config.parent
    (folder / "there.csv").write_text("kept")
    refused = {
        "cases.csv": "The config uses this file",
        "office.csv": "The config uses this file",
        "there.csv": "The file is there already.",
        "copy.parquet": "a name that ends in .csv",
        "no/copy.csv": "There is no such folder.",
    }
    for name, message in refused.items():
        with pytest.raises(GapAtlasError, match=message):
            refuse_paths(loaded, "cases", folder / name, overwrite=False)
    with pytest.raises(GapAtlasError, match="The config uses this file"):
        refuse_paths(loaded, "cases", folder / "cases.csv", overwrite=True)
    refuse_paths(loaded, "cases", folder / "there.csv", overwrite=True)
    refuse_paths(loaded, "cases", folder / "new.csv", overwrite=False)
