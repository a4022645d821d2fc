"""A synthetic copy of 2,000 made-up defendants keeps what it promises, counted without its code."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from gapatlas.casefile import CaseFile, find_case_problems, grouped_counts
from gapatlas.casefile.words import Words
from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.config.vocabulary import COVARIATES, SYNTHETIC
from gapatlas.errors import GapAtlasError
from gapatlas.protection import BRAND
from gapatlas.synthesis import Settings, SyntheticCopy, case_dataset, synthesise, write_copy
from gapatlas.validate import validate
from tests.case_files import HEADER, LAST_YEAR, PLACES, SURNAMES, a_case, add_cases
from tests.support import observation, write_world

ROWS = [observation("AAA", 2020, "convicted", "persons", 5)]
PERSONS = 2_000
K = 10
RARE_PLACE, RARE_YEAR = "US-AA", "1999"


def defendants() -> list[list[str]]:
    """Four alike were charged in a place of their own, and one in a year of his own."""
    rows = [a_case(number) for number in range(PERSONS)]
    for number in range(4):
        rows[number] = [f"N-{number:03d}", *a_case(0)[1:]]
        rows[number][HEADER.index("Court")] = RARE_PLACE
    rows[7][HEADER.index("Filed")] = RARE_YEAR
    return rows


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_cases(write_world(tmp_path_factory.mktemp("office"), ROWS), defendants())


def copy_of(config: Path, **asked: Any) -> SyntheticCopy:
    loaded = load_config(config)
    disclosure = case_dataset(loaded, "cases").disclosure
    return synthesise(loaded, "cases", Settings.chosen(disclosure, **asked))


@pytest.fixture(scope="module")
def plain(config: Path) -> SyntheticCopy:
    return copy_of(config, k=K, seed=1)


@pytest.fixture(scope="module")
def noisy(config: Path) -> SyntheticCopy:
    return copy_of(config, epsilon=4.0)


def persons_of(config: Path) -> list[dict[str, str]]:
    """Every defendant in our words."""
    loaded = load_config(config)
    dataset = case_dataset(loaded, "cases")
    words = Words(dataset)
    names = [name for name in COVARIATES if words.source_column(name) in words.mapped]
    file = CaseFile(loaded.resolve(dataset.file), dataset, dataset.file)
    counts = grouped_counts(file, names, among="charged").astype("string").fillna("unknown")
    return [
        {name: str(row[name]) for name in names}
        for row in counts.to_dict("records")
        for _ in range(int(row["persons"]))
    ]


def said(rows: Iterator[dict[str, str]] | list[dict[str, str]], size: int) -> Counter[Any]:
    """Rows by every combination of so many of their values; open cells say nothing."""
    return Counter(
        combination
        for row in rows
        for combination in combinations([(n, v) for n, v in row.items() if v], size)
    )


def rows_of(copy: SyntheticCopy) -> list[dict[str, str]]:
    return copy.frame.drop(columns="dataset").to_dict("records")


@pytest.mark.parametrize("length", [2, 3])
def test_no_combination_of_a_copy_is_shared_by_fewer_than_k(config: Path, length: int) -> None:
    copy = copy_of(config, k=K, length=length, seed=3)
    persons = persons_of(config)
    assert len(copy.frame) == PERSONS
    for size in range(1, length + 1):
        shared = said(persons, size)
        rare = [each for each in said(rows_of(copy), size) if shared[each] < K]
        assert rare == []


def test_more_values_than_are_counted_may_meet_by_chance(
    config: Path, plain: SyntheticCopy
) -> None:
    """What the promise does not cover, and that it would show if it were broken."""
    shared = said(persons_of(config), 3)
    assert any(shared[each] < K for each in said(rows_of(plain), 3))


@pytest.mark.parametrize("kind", ["plain", "noisy"])
def test_what_few_have_is_gone_and_nothing_names_a_person(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, config: Path
) -> None:
    copy: SyntheticCopy = request.getfixturevalue(kind)
    write_copy(load_config(config), "cases", copy, tmp_path / "copy.csv")
    text = (tmp_path / "copy.csv").read_text() + (tmp_path / "copy.descriptor.yaml").read_text()
    for never in (RARE_PLACE, RARE_YEAR, "N-0", "G-1", "anything", *SURNAMES):
        assert never not in text
    assert set(copy.frame["dataset"]) == {SYNTHETIC}
    assert "consent" in copy.frame
    assert {"defendant_key", "co_defendant_key"}.isdisjoint(copy.frame)


def test_shares_are_near(plain: SyntheticCopy, noisy: SyntheticCopy) -> None:
    for copy, most in ((plain, 2), (noisy, 5)):
        single, pairs = copy.qualities
        assert single.mean < most
        assert pairs.mean < most
        assert single.figures < pairs.figures
        assert copy.open_share < 0.2
    assert len(noisy.frame) == pytest.approx(PERSONS, abs=300)


def test_the_same_seed_gives_the_same_copy(config: Path, plain: SyntheticCopy) -> None:
    assert copy_of(config, k=K, seed=1).frame.equals(plain.frame)
    assert not copy_of(config, k=K, seed=2).frame.equals(plain.frame)


@pytest.mark.parametrize("epsilon", [None, 4.0])
def test_without_a_seed_no_copy_can_be_made_again(config: Path, epsilon: float | None) -> None:
    first, second = (copy_of(config, epsilon=epsilon).frame for _ in range(2))
    assert not first.equals(second)


@pytest.mark.parametrize("kind", ["plain", "noisy"])
def test_a_copy_can_be_mapped_as_made_up_cases(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    copy: SyntheticCopy = request.getfixturevalue(kind)
    config = add_cases(write_world(tmp_path, ROWS), defendants())
    write_copy(load_config(config), "cases", copy, tmp_path / "copy.csv")
    content = yaml.safe_load(config.read_text())
    with (tmp_path / "copy.csv").open(newline="") as file:
        header = next(csv.reader(file))
    content["datasets"]["copy"] = {
        "kind": "cases",
        "source": "copy",
        "short": "SYNTHETIC copy",
        "file": "copy.csv",
        "descriptor": "copy.descriptor.yaml",
        "synthetic": True,
        "columns": {name: name for name in header},
    }
    config.write_text(yaml.safe_dump(content, sort_keys=False))
    loaded = load_config(config)
    dataset = case_dataset(loaded, "copy")
    mapped = CaseFile(tmp_path / "copy.csv", dataset, "copy.csv")
    assert find_case_problems(mapped, PLACES, LAST_YEAR).problems == []
    checked = validate(read_catalogue(loaded))
    assert checked.rows("copy") == pytest.approx(PERSONS, abs=300)


def test_the_descriptor_says_what_was_promised(
    config: Path, plain: SyntheticCopy, noisy: SyntheticCopy, tmp_path: Path
) -> None:
    loaded = load_config(config)
    for copy, notes, method in (
        (plain, ("10", "none", "none", "2"), "No combination of up to 2 values that fewer than 10"),
        (noisy, ("10", "4", "1e-07", "2"), "epsilon 4, delta 1e-07"),
    ):
        write_copy(loaded, "cases", copy, tmp_path / "copy.csv")
        described = yaml.safe_load((tmp_path / "copy.descriptor.yaml").read_text())
        assert described["title"].startswith("SYNTHETIC copy of ")
        assert method in described["method"]
        names = ("k", "epsilon", "delta", "reporting_length")
        assert tuple(described["notes"][name] for name in names) == notes
        assert "seed" not in described["notes"]
        assert BRAND not in str(described)


def test_a_copy_of_an_unprotected_file_is_branded(tmp_path: Path) -> None:
    open_ = {"disclosure": {"threshold": 2, "base": 1, "unprotected": True}}
    config = add_cases(write_world(tmp_path, ROWS), defendants(), open_)
    copy = copy_of(config, k=2, seed=1)
    write_copy(load_config(config), "cases", copy, tmp_path / "copy.csv")
    described = yaml.safe_load((tmp_path / "copy.descriptor.yaml").read_text())
    assert BRAND in described["title"]
    assert BRAND in described["caveats"]
    assert RARE_PLACE in set(copy.frame["place"])
    protected = add_cases(write_world(tmp_path / "b", ROWS), defendants())
    with pytest.raises(GapAtlasError, match="So few persons can be pointed at"):
        copy_of(protected, k=2)
