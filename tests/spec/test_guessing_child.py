"""A reader's file in a process of its own: the same answers, and limits that hold."""

from __future__ import annotations

import gzip
import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gapatlas.errors import ValidationError
from gapatlas.guessing import Guess, block_of
from gapatlas.guessing.answers import answers_of, map_of, meaning_of, missing, told
from gapatlas.guessing.checking import LIMITS_OF_A_LOOK, MOST_PROBLEMS, check, look
from gapatlas.guessing.child import check_apart, look_apart
from gapatlas.progress import Moment, Step, listening
from tests.support import PLACES

LONG = "Country,Stage,Year,Number\nAlphaland,Victims,2020,12\nBetaland,Convicted,2020,<5\n"
TABLES = {
    "stages": "iso3,Year,Victims,Convicted\nAAA,2020,10,2\nBBB,2020,7,<5\n",
    "one stage": "iso3,Year,Victims\nAAA,2020,10\nBBB,2020,7\n",
    "words": LONG,
    "years": "Country,2019,2020\nAlphaland,3,4\nBetaland,1,n/a\n",
    "some years": "Country,2019,2021\nAlphaland,3,4\nBetaland,1,2\n",
    "people": "iso2,Year,Population\nAA,2020,1000000\nBB,2020,2000000\n",
    "nothing known": "a,b\n1,x\n",
}


@pytest.fixture
def places() -> pd.DataFrame:
    return pd.read_csv(io.StringIO(PLACES), dtype=str, keep_default_na=False)


def file(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def block(map_: dict, kind: str = "observations") -> str:
    return block_of(Guess(kind, map_), {}, {}, "data/t.csv", "t").text


@pytest.mark.parametrize("name", TABLES)
def test_the_form_says_again_what_was_guessed(
    tmp_path: Path, places: pd.DataFrame, name: str
) -> None:
    found = look(file(tmp_path, TABLES[name]), "t.csv", {}, places)
    answers = answers_of(found.kind, found.map, found.columns)
    assert map_of(answers) == found.map
    text = block(found.map, found.kind)
    is_open = "?" in text
    assert is_open == bool(list(missing(answers)))
    if not is_open:
        verdict = check(tmp_path / "table.csv", "t.csv", text, places, tmp_path)
        assert verdict.problems == []
        assert verdict.rows >= 2


@pytest.mark.parametrize("meaning", [0, 12, 0.5, [1, 4], "suppressed", "not_reported"])
def test_a_meaning_is_read_as_it_is_told(meaning: object) -> None:
    assert meaning_of(told(meaning)) == meaning


def test_the_child_answers_as_the_library_does(tmp_path: Path, places: pd.DataFrame) -> None:
    path = file(tmp_path, LONG + "Nowhere,Victims,2020,many\n")
    with path.open("rb") as content:
        found = look_apart(content, "t.csv", {}, places)
        assert found == look(path, "t.csv", {}, places)
        text = block(found.map)
        verdict = check_apart(content, "t.csv", text, places)
    assert verdict == check(path, "t.csv", text, places, tmp_path)
    assert [(problem.row, problem.column) for problem in verdict.problems] == [(4, "Country")]


def test_a_fault_of_the_block_names_its_line(tmp_path: Path, places: pd.DataFrame) -> None:
    map_ = {
        "place": {"column": "iso3", "by": "id"},
        "year": {"column": "Year"},
        "count": {"column": "Victims", "stage": "detected", "unit": "persons"},
    }
    text = block(map_)
    verdict = check(file(tmp_path, TABLES["one stage"]), "t.csv", text, places, tmp_path)
    [problem] = verdict.problems
    assert problem.column == "map.count"
    assert text.splitlines()[problem.row - 1].strip() == "count:"


def test_problems_beyond_the_first_are_counted(
    tmp_path: Path, places: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gapatlas.guessing.checking.MOST_PROBLEMS", 2)
    assert MOST_PROBLEMS == 200
    text = TABLES["one stage"] + "CCC,1066,1\nAAA,soon,1\nBBB,never,1\n"
    map_ = {
        "place": {"column": "iso3", "by": "id"},
        "year": {"column": "Year"},
        "count": {"column": "Victims", "stage": "detected", "unit": "victims"},
    }
    verdict = check(file(tmp_path, text), "t.csv", block(map_), places, tmp_path)
    assert len(verdict.problems) == 2
    assert verdict.more >= 1


def bomb() -> bytes:
    """Two gigabytes of one line, packed."""
    zeros = gzip.compress(b"0" * 20_000_000)
    return gzip.compress(b"a,b\n") + zeros * 100


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        pytest.param(bomb(), "t.csv.gz", "The file unpacks to too much", id="bomb"),
        pytest.param(b"%PDF-1.7", "t.pdf", "The ending does not say what the file is", id="pdf"),
        pytest.param(b"no workbook", "t.xlsx", "The file is damaged", id="no workbook"),
        pytest.param(b"", "t.csv", "empty", id="empty"),
    ],
)
def test_what_is_no_table_ends_in_one_message(
    places: pd.DataFrame, content: bytes, name: str, message: str
) -> None:
    with pytest.raises(ValidationError, match=message) as raised:
        look_apart(io.BytesIO(content), name, {}, places)
    assert len(raised.value.problems) == 1


def test_limits_of_rows_memory_and_time_hold(places: pd.DataFrame) -> None:
    rows = "AAA,2020,10\n" * 200_000
    content = io.BytesIO(("iso3,Year,Victims\n" + rows).encode())
    for limits, message in (
        (replace(LIMITS_OF_A_LOOK, rows=1000), "too many rows"),
        (replace(LIMITS_OF_A_LOOK, memory_bytes=5_000_000), "too much memory"),
        (replace(LIMITS_OF_A_LOOK, cpu_seconds=1), "too long"),
    ):
        with pytest.raises(ValidationError, match=message):
            look_apart(content, "t.csv", {}, places, limits)


def test_a_reader_can_name_no_other_file(places: pd.DataFrame) -> None:
    read = {"url": "s3://bucket/key.csv", "connection": "SECRET", "query": "select 1"}
    found = look_apart(io.BytesIO(LONG.encode()), "../../etc/t.csv", read, places)
    assert found.read == {}
    assert found.rows == 2


def test_a_look_that_is_ended_tells_its_rows_until_then_and_leaves_nothing(
    places: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    content = io.BytesIO(b"iso3,Year,Victims\n" + b"AAA,2020,10\n" * 600_000)
    heard: list[Moment] = []

    def end_it(moment: Moment) -> None:
        heard.append(moment)
        if moment.rows:
            raise InterruptedError

    with pytest.raises(InterruptedError), listening(end_it):
        look_apart(content, "t.csv", {}, places)
    assert {moment.step for moment in heard} == {Step.READING}
    assert 0 < (heard[-1].share or 0) < 1
    assert list(tmp_path.iterdir()) == []
