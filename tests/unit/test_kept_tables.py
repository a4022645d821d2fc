"""Tables that did not change are not read again; what is kept is never that of other content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gapatlas.catalogue import file_version
from gapatlas.config.reading_models import Reading
from gapatlas.errors import ValidationError
from gapatlas.tables import CsvCells
from gapatlas.validate import kept_tables

OPTIONS = Reading(delimiter=";")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_tables, "_kept", {})
    path = tmp_path / "a.csv"
    path.write_text("place;count\nAAA;1\n")
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that were read."""
    done: list[Path] = []
    real = kept_tables.read_cells

    def read(path: Path, *arguments: Any, **named: Any) -> CsvCells:
        done.append(path)
        return real(path, *arguments, **named)

    monkeypatch.setattr(kept_tables, "read_cells", read)
    return done


def counts(path: Path, options: Reading = OPTIONS) -> list[str]:
    cells = kept_tables.cells_of(file_version(path), options, path.name, path.parent)
    found = cells.frame.iloc[:, -1].tolist()
    cells.frame.iloc[:, -1] = "spoilt"
    return found


def test_a_table_is_read_again_when_its_content_changes(table: Path, reads: list[Path]) -> None:
    assert [counts(table), counts(table)] == [["1"], ["1"]]
    assert len(reads) == 1
    table.write_text("place;count\nAAA;2\n")
    assert counts(table) == ["2"]


def test_a_table_is_read_again_when_it_is_opened_in_another_way(table: Path) -> None:
    assert counts(table) == ["1"]
    assert counts(table, Reading(delimiter=",")) == ["AAA;1"]


def test_a_table_that_was_replaced_while_it_was_read_is_not_kept(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, real = table.read_text(), kept_tables.read_cells

    def replaced(path: Path, *arguments: Any, **named: Any) -> CsvCells:
        path.write_text("place;count\nAAA;2\n")
        return real(path, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(kept_tables, "read_cells", replaced)
        assert counts(table) == ["2"]
    table.write_text(first)
    assert counts(table) == ["1"]


def test_a_table_with_faults_is_read_each_time(table: Path, reads: list[Path]) -> None:
    table.write_text("")
    for _ in range(2):
        with pytest.raises(ValidationError):
            counts(table)
    assert len(reads) == 2


def test_few_and_small_tables_are_kept(
    table: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_tables, "MOST_TABLES", 1)
    counts(table, Reading(delimiter=","))
    counts(table)
    counts(table, Reading(delimiter=","))
    assert len(reads) == 3
    monkeypatch.setattr(kept_tables, "MOST_CELLS", 1)
    counts(table)
    counts(table)
    assert len(reads) == 5
