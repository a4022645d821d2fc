"""Bad input, case by case: one clear error with file and row, nothing changed on disk, and the
last good figures go on being served.

    what is wrong                    where        row  column
    a missing file                   config.yaml   8   datasets.office.file
    a wrong column                   office.csv    1   count_low
    a text in a number               office.csv    3   count_high
    a duplicate key                  office.csv    4   (the key)
    an unknown place                 office.csv    3   jurisdiction_id
    convicted persons without a unit office.csv    2   unit
    ... and so in the config         config.yaml  21   measures. ... .numerator.unit
    a million columns                office.csv    1
    a packed table that is cut off   office.csv.gz
    an unreadable xlsx               published.xlsx
    an unknown measure in config     config.yaml  48   defaults.measure
    an effect out of order           library.yaml 35   entries.0.effect
    a judgement passed as evidence   library.yaml 41   entries.0.grade
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gapatlas import live as live_module
from gapatlas.atlas import Atlas, open_atlas
from gapatlas.build import build
from gapatlas.errors import GapAtlasError, ImportLayoutError, Problem
from gapatlas.importers import IMPORTERS
from gapatlas.live import LiveAtlas
from tests.effect_libraries import add_library
from tests.support import observation, write_world

ROWS = (
    observation("AAA", 2020, "convicted", "persons", 5),
    observation("AAA", 2020, "prosecuted", "persons", 7),
)
ANCHORS = "a0: &a0 [x, x, x]\n" + "\n".join(
    f"a{level}: &a{level} [{', '.join(9 * [f'*a{level - 1}'])}]" for level in range(1, 10)
)
Spoil = Callable[[Path], object]


@dataclass(frozen=True)
class BadInput:
    """What is done to the folder of the config, and the problem that must come of it."""

    spoil: Spoil
    where: str
    row: int
    column: str
    message: str
    found: str | None = None
    allowed: str = ""


def replaced(name: str, old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def appended(name: str, line: str) -> Spoil:
    def spoil(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return spoil


BAD_INPUT = {
    "a missing file": BadInput(
        lambda folder: (folder / "office.csv").unlink(),
        "config.yaml",
        8,
        "datasets.office.file",
        "There is no such file.",
        "office.csv",
        "a file inside the folder of the config",
    ),
    "a missing column": BadInput(
        lambda folder: (folder / "people.csv").write_text("jurisdiction_id,year,population,note\n"),
        "people.csv",
        1,
        "status",
        "A column is missing.",
        None,
        "jurisdiction_id, year, population, status, note",
    ),
    "a column that does not belong": BadInput(
        replaced("people.csv", "status,note", "status,note,remark"),
        "people.csv",
        1,
        "remark",
        "This column is not part of the schema.",
        "remark",
    ),
    "a text in a number": BadInput(
        replaced("office.csv", ",7,7,", ",7,seven,"),
        "office.csv",
        3,
        "count_high",
        "This is not a whole number.",
        "'seven'",
        "a whole number from 0 to 100000000",
    ),
    "a duplicate key": BadInput(
        appended("office.csv", ROWS[0]),
        "office.csv",
        4,
        "jurisdiction_id, year, stage, unit, sex, age, dimension, category, part",
        "The same key stands in row 2 already.",
        "AAA, 2020, convicted, persons, total, total, total, total, 1",
    ),
    "a duplicate key in the config": BadInput(
        appended("config.yaml", "version: 1"),
        "config.yaml",
        54,
        "",
        "The key 'version' stands twice; the first is in line 1.",
    ),
    "anchors that would fill the memory": BadInput(
        appended("config.yaml", ANCHORS),
        "config.yaml",
        54,
        "",
        "Anchors and aliases (& and *) are not allowed here.",
    ),
    "an unknown place": BadInput(
        replaced("office.csv", "AAA,2020,prosecuted", "AAX,2020,prosecuted"),
        "office.csv",
        3,
        "jurisdiction_id",
        "There is no such place.",
        "'AAX'",
        "AAA",
    ),
    "convicted persons without a unit": BadInput(
        replaced("office.csv", "convicted,persons", "convicted,"),
        "office.csv",
        2,
        "unit",
        "This word is not known here.",
        "''",
        "victims, persons, cases, charges, offences",
    ),
    "convicted persons without a unit in the config": BadInput(
        replaced("config.yaml", "stage: convicted\n      unit: persons\n", "stage: convicted\n"),
        "config.yaml",
        21,
        "measures.convicted_per_prosecuted.numerator.unit",
        "'unit' is required here.",
    ),
    "an unknown measure in the config": BadInput(
        replaced("config.yaml", "measure: convicted_per_prosecuted", "measure: convicted_per_head"),
        "config.yaml",
        48,
        "defaults.measure",
        "There is no such measure.",
        "convicted_per_head",
        "convicted_per_prosecuted",
    ),
    "an unreadable table": BadInput(
        lambda folder: (folder / "office.csv").write_bytes(b"PK\x03\x04\xff\xfe not a table"),
        "office.csv",
        1,
        "",
        "The file is not UTF-8 text.",
        "the byte 0xFF",
        "CSV, UTF-8",
    ),
    "a million columns": BadInput(
        lambda folder: (folder / "office.csv").write_text(",".join(map(str, range(1_000_000)))),
        "office.csv",
        1,
        "",
        "The table has too many columns.",
        "1,000,000 columns, more than 2,000",
    ),
    "a missing effect library": BadInput(
        lambda folder: (folder / "library.yaml").unlink(),
        "config.yaml",
        52,
        "training.library",
        "There is no such file.",
        "library.yaml",
        "a file inside the folder of the config",
    ),
    "an unreadable effect library": BadInput(
        replaced("library.yaml", "setting: nowhere", "setting: NO"),
        "library.yaml",
        43,
        "",
        "YAML reads this word as true or false.",
        "NO",
        '"NO" in quotes',
    ),
    "an effect out of order": BadInput(
        replaced("library.yaml", "low: 0.9", "low: 1.3"),
        "library.yaml",
        35,
        "entries.0.effect",
        "The numbers are not in order.",
        "low 1.3, value 1.2, high 1.6",
        "low <= value <= high",
    ),
    "a judgement passed off as evidence": BadInput(
        replaced("library.yaml", "grade: D", "grade: A"),
        "library.yaml",
        41,
        "entries.0.grade",
        "A judgement has the grade D",
        "A with kind judgement",
        "D",
    ),
    "an unreadable descriptor": BadInput(
        replaced("office.yaml", "licence: made up for tests", "licence: NO"),
        "office.yaml",
        5,
        "",
        "YAML reads this word as true or false.",
        "NO",
        '"NO" in quotes',
    ),
}


@pytest.fixture(autouse=True)
def _own_snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return add_library(write_world(tmp_path / "world", ROWS, [("AAA", 2020, 1000)]))


def everything_below(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def figures(atlas: Atlas | None) -> list[int]:
    assert atlas is not None
    return sorted(atlas.stages("AAA")["count_low"].tolist())


def only_problem(error: GapAtlasError | None) -> Problem:
    assert error is not None
    (problem,) = error.problems
    return problem


def expect(problem: Problem, bad: BadInput) -> None:
    assert problem.where == bad.where
    assert problem.row == bad.row
    assert (problem.column or "") == bad.column
    assert problem.message.startswith(bad.message)
    assert problem.found == bad.found
    assert bad.allowed in (problem.allowed or "")


@pytest.mark.parametrize("bad", BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_bad_input_is_one_clear_error_while_the_last_good_figures_are_served(
    path: Path, tmp_path: Path, bad: BadInput
) -> None:
    live = LiveAtlas(path)
    good = live.current().atlas
    bad.spoil(path.parent)
    before = everything_below(tmp_path)

    with pytest.raises(GapAtlasError) as caught:
        build(path)
    expect(only_problem(caught.value), bad)

    served = live.wait()
    expect(only_problem(served.error), bad)
    assert served.atlas is good
    assert figures(served.atlas) == [5, 7]

    restarted = LiveAtlas(path).current()
    expect(only_problem(restarted.error), bad)
    assert figures(restarted.atlas) == [5, 7]
    assert everything_below(tmp_path) == before


@pytest.mark.parametrize("bad", BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_an_error_reads_as_a_sentence_and_tells_no_path(
    path: Path, tmp_path: Path, bad: BadInput
) -> None:
    bad.spoil(path.parent)
    with pytest.raises(GapAtlasError) as caught:
        build(path)
    text = str(only_problem(caught.value))
    assert text.startswith(f"{bad.where}, row {bad.row}")
    assert str(tmp_path) not in str(caught.value)
    assert "Error" not in text
    assert text.endswith(".")


@pytest.mark.parametrize(
    "content",
    [b"", b"no workbook", b"PK\x03\x04 half a workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100],
    ids=["empty", "text", "a broken zip", "an old format, broken"],
)
def test_an_unreadable_xlsx_is_one_clear_error_and_changes_no_table(
    path: Path, tmp_path: Path, content: bytes
) -> None:
    live = LiveAtlas(path)
    published = tmp_path / "published.xlsx"
    published.write_bytes(content)
    before = everything_below(tmp_path)
    with pytest.raises(ImportLayoutError) as caught:
        IMPORTERS["glotip"].read(published)
    problem = only_problem(caught.value)
    assert problem.where == "published.xlsx"
    assert problem.message.startswith("The file cannot be read")
    assert str(tmp_path) not in str(caught.value)
    assert everything_below(tmp_path) == before
    served = live.wait()
    assert served.error is None
    assert figures(served.atlas) == [5, 7]


def test_several_faults_in_several_files_are_listed_at_once(path: Path) -> None:
    for name in ("a text in a number", "an unknown place", "a column that does not belong"):
        BAD_INPUT[name].spoil(path.parent)
    with pytest.raises(GapAtlasError) as caught:
        build(path)
    assert [(p.where, p.row, p.column) for p in caught.value.problems] == [
        ("office.csv", 3, "jurisdiction_id"),
        ("office.csv", 3, "count_high"),
        ("people.csv", 1, "remark"),
    ]


def test_a_packed_table_in_our_columns_is_read_and_one_that_is_cut_off_is_told(path: Path) -> None:
    plain = (path.parent / "office.csv").read_bytes()
    packed = path.parent / "office.csv.gz"
    packed.write_bytes(gzip.compress(plain))
    path.write_text(path.read_text("utf-8").replace("office.csv", "office.csv.gz"), "utf-8")
    assert figures(open_atlas(path)) == [5, 7]
    packed.write_bytes(gzip.compress(plain)[:-20])
    with pytest.raises(GapAtlasError) as caught:
        build(path)
    problem = only_problem(caught.value)
    assert problem.where == "office.csv.gz"
    assert problem.message == "The file ends too early: it is not whole."
