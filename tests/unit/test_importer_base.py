"""Writing, verifying and the committed tables: what all importers have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from gapatlas.files import write_atomically
from gapatlas.importers import IMPORTERS, Edition, Figure
from gapatlas.importers.base import sha256_of
from tests.fixtures.importers.published import fbi_row, write_fbi


def test_the_registry_knows_each_importer_by_its_id() -> None:
    assert set(IMPORTERS) == {
        "glotip", "fbi", "tip_report", "hti", "bjs", "us_defendants", "us_cases",
        "tip_tiers", "three_p", "wgi", "wjp", "walk_free", "us_grants",
        "world_bank", "census", "boundaries",
    }  # fmt: skip
    assert all(IMPORTERS[name].id == name for name in IMPORTERS)


def test_write_gives_plain_csv_and_a_descriptor_and_leaves_no_temporary_file(
    tmp_path: Path,
) -> None:
    path = write_fbi(tmp_path / "h.csv", [fbi_row(counts=(2, "", 1, 0))])
    result = IMPORTERS["fbi"].read(path)
    written = IMPORTERS["fbi"].write(result, tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in written)
    text = (tmp_path / "out" / "observations.csv").read_bytes()
    assert b"\r" not in text
    assert b"US-TX,2020,suspected,offences,2,2,exact,total,total,total,total,1,\n" in text
    unfounded = b"US-TX,2020,unfounded,offences,,,not_reported,total,total,total,total,1,"
    assert unfounded + b"partly_blank\n" in text
    descriptor = yaml.safe_load((tmp_path / "out" / "descriptor.yaml").read_text("utf-8"))
    assert descriptor["sha256"] == sha256_of(path)
    assert descriptor["source_file"] == "h.csv"
    assert "partly_blank" in descriptor["notes"]


def test_a_second_writing_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write_fbi(tmp_path / "h.csv", [fbi_row(), fbi_row("UT", 2019)])
    for folder in ("a", "b"):
        IMPORTERS["fbi"].write(IMPORTERS["fbi"].read(path), tmp_path / folder)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_a_failed_writing_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    write_atomically(path, "old\n")

    def broken(source: object, target: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, "new\n")
    assert path.read_text() == "old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def test_verify_says_that_a_file_is_no_verified_edition_and_still_counts(tmp_path: Path) -> None:
    first, *rest = IMPORTERS["fbi"].verify(write_fbi(tmp_path / "h.csv", [fbi_row()]))
    assert not first.ok
    assert {c.what: c.found for c in rest}["offences"] == 1
    assert all(c.expected is None for c in rest)


@pytest.mark.parametrize(("offences", "ok"), [(1, True), (2, False)])
def test_verify_compares_counts_and_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offences: int, ok: bool
) -> None:
    path = write_fbi(tmp_path / "h.csv", [fbi_row()])
    labels: dict[str, str | int] = {
        "jurisdiction_id": "US-TX", "stage": "suspected", "dimension": "total",
    }  # fmt: skip
    figures = (
        Figure("observations", labels, "count_low", offences),
        Figure("observations", {"jurisdiction_id": "US-UT"}, "count_low", 1),
    )
    edition = Edition("made up", "fbi_ht", {"offences": offences}, figures)
    monkeypatch.setattr(type(IMPORTERS["fbi"]), "editions", {sha256_of(path): edition})
    known, count, figure, absent = IMPORTERS["fbi"].verify(path)
    assert known.ok
    assert (count.found, count.ok) == (1, ok)
    assert (figure.found, figure.ok) == (1, ok)
    assert (absent.found, absent.ok) == ("0 rows", False)


def test_expected_counts_are_given_by_hash() -> None:
    for importer in IMPORTERS.values():
        for sha, facts in importer.expected.items():
            assert all(len(part) == 64 for part in sha.split("+"))
            assert facts == importer.editions[sha].facts
