"""Files that can't be read, one by one: one clear problem with its place, soon, in little memory,
and nothing changed on disk.

    what is wrong                          what the problem names
    the wrong encoding                     the row, the byte, and the line to write
    gzip that is cut off, or a bomb        that it is not whole, or too much
    an xlsx or ods that unpacks to GBs     how much may be unpacked
    parquet with 20 million rows in 90 KB  how many rows there are and may be
    1e6 columns                            how many there may be
    a path or link out of the folder       that it leaves it
    an address that is not s3://           that nothing else is fetched
    a picture, PDF, web page, other kind   what it is, and what to do
    NUL, an open quote, an endless line    the row
    a locked book, no sheet, two sheets    the sheets that there are
    a header below the end, merged, double where, and the line to write
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError as OptionsError

from gapatlas.config.reading_models import Reading
from gapatlas.errors import Problem
from tests.fixtures.reading.writers import (
    HEADER,
    ROWS,
    locked_xlsx,
    write_parquet,
    write_xls,
    write_xlsx,
)

MOST_SECONDS = 5
MOST_MEMORY_MB = 300
SPANISH = "Provincia;Casos\nCórdoba;12\nEntre Ríos;7\nRío Negro;3\nNeuquén;4\nTucumán;9\n"
Make = Callable[[Path], object]


@dataclass(frozen=True)
class Bad:
    """A file that can't be read, and what its one problem says."""

    name: str
    make: Make
    message: str
    row: int | None = None
    column: str | None = None
    found: str = ""
    allowed: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)


def content(data: bytes | str, encoding: str = "utf-8") -> Make:
    plain = data.encode(encoding) if isinstance(data, str) else data
    return lambda path: path.write_bytes(plain)


def sheets(*names: str, rows: tuple[tuple[Any, ...], ...] = (), merge: str | None = None) -> Make:
    def make(path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.title = names[0]
        for name in names[1:]:
            book.create_sheet(name)
        for row in rows:
            book.active.append(row)
        if merge:
            book.active.merge_cells(merge)
        book.save(path)

    return make


def cut_off(make: Make) -> Make:
    def cut(path: Path) -> None:
        make(path)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])

    return cut


def bomb(inside: str, start: bytes, size: int) -> Make:
    """A zip file with a part that unpacks to `size` bytes of blanks."""

    def make(path: Path) -> None:
        whole = path.with_suffix(".whole" + path.suffix)
        write_xlsx(whole, [HEADER, *ROWS])
        with (
            zipfile.ZipFile(whole) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        ):
            for name in set(source.namelist()) - {inside}:
                target.writestr(name, source.read(name))
            with target.open(inside, "w", force_zip64=True) as part:
                part.write(start)
                for _ in range(size // 1_000_000):
                    part.write(b" " * 1_000_000)
        whole.unlink()

    return make


def entity_bomb(path: Path) -> None:
    """An entity that holds ten of the one before it, nine times over."""
    sheets("S", rows=(("place",), ("A",)))(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    entities = "".join(f'<!ENTITY e{level} "{10 * f"&e{level - 1};"}">' for level in range(1, 10))
    start = f'<!DOCTYPE a [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'.encode()
    book = parts["xl/workbook.xml"].replace(b'name="S"', b'name="&e9;"')
    assert b"&e9;" in book
    parts["xl/workbook.xml"] = start + book
    with zipfile.ZipFile(path, "w") as packed:
        for name, content_ in parts.items():
            packed.writestr(name, content_)


def lying_bomb(path: Path) -> None:
    """One that says of itself that it is small."""
    bomb("xl/sharedStrings.xml", b"<sst><si><t>" + 500 * b"a", 600_000_000)(path)
    data = path.read_bytes()
    size = (600_000_000 + 12 + 500).to_bytes(4, "little")
    assert size in data
    path.write_bytes(data.replace(size, (1000).to_bytes(4, "little")))


def far_cell(path: Path) -> None:
    sheets("S", rows=(("place",), ("A",)))(path)
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"] = 1
    book.save(path)


def many_rows(path: Path) -> None:
    column = pa.array([7], pa.int8()).take(pa.array([0] * 1_000_000))
    block = pa.record_batch([column], names=["cases"])
    with pq.ParquetWriter(path, block.schema, compression="zstd") as writer:
        for _ in range(20):
            writer.write_batch(block, row_group_size=1_000_000)
    assert path.stat().st_size < 90_000


def long_texts(path: Path) -> None:
    """A million rows that share one text of a megabyte."""
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000), pa.array(["a" * 1_000_000]))
    pq.write_table(pa.table({"note": words}), path, compression="zstd")
    assert path.stat().st_size < 2_000_000


def many_columns(path: Path) -> None:
    pq.write_table(pa.table({f"c{at}": [1] for at in range(21_000)}), path, compression=None)


def nested(path: Path) -> None:
    pq.write_table(pa.table({"place": ["A"], "cases": [[1, 2]]}), path)


def folder_of_parquet(path: Path) -> None:
    path.mkdir()
    write_parquet(path / "a.parquet", [HEADER, *ROWS])
    write_parquet(path / "b.parquet", [HEADER[:3], *(row[:3] for row in ROWS)])


def link_inside_a_folder(path: Path) -> None:
    path.mkdir()
    outside = path.parent.parent / "outside.parquet"
    write_parquet(outside, [HEADER, *ROWS])
    (path / "a.parquet").symlink_to(outside)


def link(path: Path) -> None:
    outside = path.parent.parent / "outside.csv"
    outside.write_text("a,b\n1,2\n")
    path.symlink_to(outside)


def database(*statements: str) -> Make:
    def make(path: Path) -> None:
        connection = sqlite3.connect(path)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return make


def spoiled(data: bytes) -> Make:
    middle = len(data) // 2
    return content(data[:middle] + noise(9) + data[middle + 9 :])


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


CASES = database("CREATE TABLE cases (a, b)", "INSERT INTO cases VALUES (1, 2)")
ENDLESS = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) AS a FROM n"
LISTS = '{"place": "A", "cases": [1, 2]}\n'

TEXTS = (
    Bad("a.csv", content(SPANISH, "cp1252"), "not in the encoding utf-8", 2, None, "0xF3",
        "`encoding: cp1252` under `read:`"),
    Bad("a.csv", content(SPANISH, "utf-16"), "not in the encoding utf-8", 1, None, "0xFF",
        "`encoding: utf-16`"),
    Bad("a.csv", content("a;b\n1;2\n", "utf-16-le"), "NUL", 1, None, "", "utf-16-le"),
    Bad("a.csv", content(SPANISH), "not in the encoding ascii", 2, None, "0xC3",
        "`encoding: utf-8`", {"encoding": "ascii"}),
    Bad("a.csv", content(b"a,b\n" + 9_000 * b"1,2\r\n" + b"1,\xff\n"), "encoding utf-8", 9_002),
    Bad("a.csv", content("a,b\n1,2\n1,\0\n"), "NUL", 3),
    Bad("a.csv", content(""), "The file is empty.", 1),
    Bad("a.csv", content("\n\n \n"), "The row of the header is empty."),
    Bad("a.csv", content("a,b\n1,2\n"), "below the end of the file", None, None, "header_row: 9",
        "1 to 2", {"header_row": 9}),
    Bad("a.csv", content("a,b\n\n1,2\n"), "The row of the header is empty.", 2,
        options={"header_row": 2}),
    Bad("a.csv", content('a,b\n1,2\n1,"2\n3,4\n'), "can't be read as csv", 3),
    Bad("a.csv", content("a,b,a\n1,2,3\n"), "Columns have the same name.", 1, "a",
        "columns A and C"),
    Bad("a.csv", content(",".join(f"c{at}" for at in range(1_000_000)) + "\n"), "too many columns",
        None, None, "1,000,000", "2,000 columns"),
    Bad("a.csv", content("a,b\n" + "x" * 17_000_000), "The line is too long.", 2),
    Bad("a.csv", content(b"\x89PNG\r\n\x1a\n" + noise(100)), "The file is no text.", None, None,
        "a picture"),
    Bad("a.csv", content(noise(5_000)), "not in the encoding utf-8"),
    Bad("a.csv", content("<!DOCTYPE html><html>"), "The file is no text.", None, None, "web page"),
    Bad("a.csv", sheets("S"), "The file is no text.", None, None, "zip file", "`format: xlsx`"),
    Bad("a.dat", content("a,b\n1,2\n"), "The ending does not say", None, "read.format", "a.dat",
        "`format: csv`"),
    Bad("a.csv", content("a,b\n1,2\n"), "This means nothing for csv.", None, "read.sheet", "S",
        "only for xlsx, xls, ods", {"sheet": "S"}),
    Bad("a.csv.gz", cut_off(content(gzip.compress(noise(200).hex().encode() + b"\n"))),
        "The file ends too early"),
    Bad("a.csv.gz", spoiled(gzip.compress(noise(900).hex().encode())), "can't be unpacked"),
    Bad("a.csv.gz", content(b"a,b\n"), "can't be unpacked"),
    Bad("a.csv.gz", content(gzip.compress(b"a,b\n" + b" \n" * 40_000_000)), "takes too long"),
    Bad("a.jsonl", content('{"a": 1}\n{"a": 1\n'), "The line is no JSON.", 2),
    Bad("a.jsonl", content('{"a": 1}\n[1]\n'), "The line is no object.", 2, None, "a list"),
    Bad("a.jsonl", content('{"a": 1, "a": 2}\n'), "The line has a key twice.", 1, None, "a"),
    Bad("a.jsonl", content('{"a": NaN}\n'), "The line is no JSON.", 1),
    Bad("a.jsonl", content('{"a": "\\ud800"}\n'), "The line holds half a letter.", 1),
    Bad("a.jsonl", content(LISTS), "more than one value", 1, None, "a list"),
    Bad("a.jsonl", content("[" * 100_000), "The line is no JSON.", 1),
)  # fmt: skip

BOOKS = (
    Bad("a.xlsx", bomb("xl/sharedStrings.xml", b"<sst>", 1_020_000_000), "unpacks to too much",
        None, None, "", "1,000 MB"),
    Bad("a.xlsx", lying_bomb, "The file is damaged"),
    Bad("a.xlsx", entity_bomb, "is damaged, or no xlsx"),
    Bad("a.xlsx", far_cell, "too much memory: it unpacks to too much, or has a cell far away"),
    Bad("a.xlsx", content(locked_xlsx()), "locked with a password"),
    Bad("a.xlsx", cut_off(sheets("S", rows=((1, 2), (3, 4)))), "damaged, or no xlsx file"),
    Bad("a.xlsx", content(b"PK\x03\x04" + noise(3_000)), "damaged, or no xlsx file"),
    Bad("a.xlsx", content("a,b\n1,2\n"), "damaged, or no xlsx file"),
    Bad("a.xlsx", content(b"%PDF-1.7"), "The file is no xlsx file.", None, None, "a PDF"),
    Bad("a.xls", content(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(3_000)),
        "damaged, or no xls file"),
    Bad("a.xls", cut_off(lambda path: write_xls(path, [HEADER, *ROWS])), "damaged, or no xls"),
    Bad("a.xls", content("<html><table><tr><td>1"), "The file is no xls file.", None, None,
        "a web page"),
    Bad("a.xls", sheets("S"), "The file is no xls file.", None, None, "zip", "`format: xlsx`"),
    Bad("a.xlsx", sheets("S"), "The sheet S is empty."),
    Bad("a.xlsx", sheets("S", rows=(("a",), (1,))), "below the end of the sheet", None, None,
        "header_row: 9", "1 to 2", {"header_row": 9}),
    Bad("a.xlsx", sheets("One", "Two"), "several sheets", None, None, "",
        "`sheet: One`, `sheet: Two`"),
    Bad("a.xlsx", sheets("One", "Two"), "no such sheet", None, None, "Three", "`sheet: Two`",
        {"sheet": "Three"}),
    Bad("a.xlsx", sheets("S", rows=(("a", "b", "a"),)), "the same name", 1, "a", "A and C"),
    Bad("a.xlsx", sheets("S", rows=(("a", "b", None), (1, 2, 3)), merge="B1:C1"),
        "Cells of the header are merged", 1, None, "B1:C1"),
    Bad("a.xlsx", sheets("S", rows=(("a", "b"), (None, 2)), merge="A1:A2"),
        "goes on below", 1, None, "A1:A2", "`header_row: 2`"),
    Bad("a.xlsx", sheets("S", rows=(("a", "b"), (1, 2), (None, 3)), merge="A2:A3"),
        "merged over several rows", 2, "A", "A2:A3", "`merged: fill`"),
)  # fmt: skip

OTHERS = (
    Bad("a.parquet", many_rows, "too many rows", None, None, "20,000,000", "5,000,000"),
    Bad("a.parquet", many_columns, "too many columns", None, None, "", "2,000"),
    Bad("a.parquet", long_texts, "too much"),
    Bad("a.parquet", nested, "more than one value", None, "cases"),
    Bad("a.parquet", content(b"PAR1" + noise(5_000) + b"PAR1"), "damaged, or no parquet file"),
    Bad("a.parquet", cut_off(lambda path: write_parquet(path, [HEADER, *ROWS])), "damaged"),
    Bad("a.parquet", content("a,b\n"), "damaged, or no parquet file"),
    Bad("a.parquet", folder_of_parquet, "different columns", None, None, "in b.parquet"),
    Bad("a.parquet", lambda path: path.mkdir(), "no parquet file"),
    Bad("a.parquet", link_inside_a_folder, "A link in the folder leads out of it."),
    Bad("a.csv", link, "The path leaves the folder of the config."),
    Bad("../a.csv", content("a,b\n1,2\n"), "The path leaves the folder of the config."),
    Bad("a.csv", lambda path: None, "The file cannot be read: No such file"),
    Bad("a.csv", lambda path: path.mkdir(), "This is no file."),
    Bad("a.csv", os.mkfifo, "This is no file."),
    Bad("a.csv", lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 201_000_000),
        "The file is too large.", None, None, "201 MB", "200 MB"),
    Bad("a.sqlite", content(noise(5_000)), "damaged, or no SQLite file"),
    Bad("a.sqlite", cut_off(CASES), "damaged, or no SQLite file"),
    Bad("a.sqlite", database("CREATE TABLE one (a)", "CREATE TABLE two (a)"), "Which table",
        None, None, "", "`table: one`, `table: two`"),
    Bad("a.sqlite", CASES, "no such table", None, None, "wrong", "`table: cases`",
        {"table": "wrong"}),
    Bad("a.sqlite", CASES, "more than read", options={"query": "DELETE FROM cases"}),
    Bad("a.sqlite", CASES, "more than read", options={"query": "ATTACH 'b.db' AS b"}),
    Bad("a.sqlite", CASES, "more than read", options={"query": "SELECT 1 AS a; SELECT 2"}),
    Bad("a.sqlite", CASES, "more than read", options={"query": "PRAGMA journal_mode = WAL"}),
    Bad("a.sqlite", CASES, "refuses the query", None, None, "no such column: wrong",
        options={"query": "SELECT wrong FROM cases"}),
    Bad("a.sqlite", CASES, "takes too long", options={"query": ENDLESS},
        limits={"cpu_seconds": 2}),
    Bad("a.sqlite", database("CREATE TABLE cases (a)", "INSERT INTO cases VALUES (x'ff')"),
        "The cell holds no text.", 2, "a"),
)  # fmt: skip


HEAVY = ("too many", "unpacks to too much", "too much", "too long", "is damaged", "line is")
READER = """\
import json, os, sys
from pathlib import Path
from gapatlas.config.reading_models import Reading
from gapatlas.errors import ValidationError
from gapatlas.reading import Limits, read_cells

def watched(pid, options):
    ended, status, usage = os.wait4(pid, options)
    used.extend([usage] if ended else [])
    return ended, status

os.waitpid = watched
for line in sys.stdin:
    asked, used, problems = json.loads(line), [], []
    inside = Path(asked["inside"])
    path, shown, options = inside / asked["name"], asked["name"], Reading(**asked["options"])
    limits, apart = Limits(**asked["limits"]), asked["apart"]
    try:
        read_cells(path, options, shown, root=inside, limits=limits, always_apart=apart)
    except ValidationError as error:
        problems = [problem.packed() for problem in error.problems]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in used)
    megabytes = max((usage.ru_maxrss / 1000 for usage in used), default=0)
    told = {"problems": problems, "seconds": seconds, "megabytes": megabytes}
    print(json.dumps(told), flush=True)
"""
"""Reads files as it is asked to, and tells what the process took that opened each. It is a small
process of its own: what a child takes counts from the size of its parent."""


@dataclass(frozen=True)
class Refused:
    """The one problem of a file, and what the process took that opened it (0 if there was none)."""

    problem: Problem
    seconds: float
    megabytes: float


Read = Callable[[Bad, Path], Refused]


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Reads a bad file that lies in a folder."""
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", READER],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as reader:  # fmt: skip
        assert reader.stdin
        assert reader.stdout
        asking, answers = reader.stdin, reader.stdout

        def reading(bad: Bad, inside: Path) -> Refused:
            apart = any(words in bad.message for words in HEAVY)
            how = {"options": bad.options, "limits": bad.limits, "apart": apart}
            asking.write(json.dumps({"inside": str(inside), "name": bad.name, **how}) + "\n")
            asking.flush()
            told = json.loads(answers.readline())
            (problem,) = told.pop("problems")
            return Refused(Problem.unpacked(problem), **told)

        yield reading


def state_of(folder: Path) -> dict[Path, tuple[int, int]]:
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {path: (entry.st_size, entry.st_mtime_ns) for path, entry in found.items()}


def name_of(bad: Bad) -> str:
    return f"{bad.name}: {bad.message}"


@pytest.mark.parametrize("bad", [*TEXTS, *BOOKS, *OTHERS], ids=name_of)
def test_a_bad_file_ends_soon_in_one_clear_problem(bad: Bad, tmp_path: Path, read: Read) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    bad.make(inside / bad.name)
    before = state_of(tmp_path)
    refused = read(bad, inside)
    assert state_of(tmp_path) == before
    expect(refused.problem, bad)
    assert refused.seconds <= MOST_SECONDS
    assert refused.megabytes <= MOST_MEMORY_MB


def expect(problem: Problem, bad: Bad) -> None:
    assert bad.message in problem.message
    assert problem.where == bad.name
    assert bad.found in (problem.found or "")
    assert bad.allowed in (problem.allowed or "")
    assert problem.column == bad.column
    if bad.row is not None:
        assert problem.row == bad.row


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/a.csv", "https://office.example/a.csv", "file:///a.csv", "s3://office"]
)
def test_nothing_but_an_object_of_a_store_is_fetched(url: str) -> None:
    with pytest.raises(OptionsError, match="nothing else is fetched from other machines"):
        Reading(url=url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "klingon"}, "there is no encoding 'klingon'; allowed: such as utf-8"),
        ({"encoding": "rot13"}, "there is no encoding 'rot13'"),
        ({"delimiter": '"'}, "can't be the delimiter"),
        ({"header_row": 4, "last_row": 4}, "last_row 4 is not below header_row 4"),
        ({"table": "a", "query": "b"}, "allowed: one of them"),
        ({"connection": "postgresql://clerk:secret@host/db"}, "should match pattern"),
    ],
)
def test_options_that_can_not_be_meant_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionsError, match=message):
        Reading(**options)
