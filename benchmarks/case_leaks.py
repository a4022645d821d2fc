"""`python -m benchmarks.case_leaks`: random files of persons, and all that the app makes of them.

Each world is a small case file, from a handful of persons to some hundreds. It goes the whole way:
released, then every picture of every view. Whatever would leave for a reader is searched for what
tells of 1 to 9 persons: published tables, data of charts as they go over the websocket (Arrow),
chart specifications, csv files, sentences. The truth is counted one by one from the rows, and every
published count is held against it.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from gapatlas.casefile import CaseFile
from gapatlas.config import Dataset
from gapatlas.config.vocabulary import CONVICTED, OUTCOMES, UNDISPOSED
from gapatlas.evidence import VIEWS, CaseEvidence
from gapatlas.export import table_csv
from gapatlas.measures import Source
from gapatlas.release import TABLES, release_cases

COLUMNS: Final = ("place", "year_charged", "year_ended", "outcome", "evidence", "defence", "key")
COUNTS: Final = ("persons", "persons_with", "persons_without", "networks", "ended", "charged")
KINDS: Final = ("victim_testimony", "expert", "financial_records")
LINES: Final = ("consent", "duress")
IN_WORDS: Final = re.compile(r"\b([1-9]) (?:persons|networks|defendants|cases have)")
DATASET: Final = Dataset.model_validate(
    {
        "kind": "cases",
        "source": "random",
        "short": "Random cases",
        "file": "cases.csv",
        "descriptor": "cases.yaml",
        "columns": {**{name: name for name in COLUMNS[:-1]}, "key": "co_defendant_key"},
        "not_listed": "absent",
        "separator": "|",
    }
)
SOURCE: Final = Source(
    "random", "cases", "Random cases", "Random cases", "Nobody", "one", "made up", "Nobody, 2024.",
    "counts below 10 are withheld", (),
)  # fmt: skip


@dataclass
class Tally:
    """What was searched and what was found."""

    worlds: int = 0
    persons: int = 0
    counts: int = 0
    withheld: int = 0
    pictures: int = 0
    bytes_searched: int = 0
    few: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def rows_of(random: np.random.Generator) -> list[list[str]]:
    """Random persons; what they have in common differs from world to world."""
    persons = int(random.choice([12, 30, 60, 120, 400]))
    places = [f"P{n}" for n in range(random.integers(1, 6))]
    outcome_share = random.dirichlet(np.full(len(OUTCOMES), 0.6))
    rows = []
    for number in range(persons):
        outcome = str(random.choice(list(OUTCOMES), p=outcome_share))
        year = int(random.integers(2001, 2001 + random.integers(1, 5)))
        ended = "" if outcome in UNDISPOSED else str(year + int(random.integers(0, 4)))
        kinds = "|".join(kind for kind in KINDS if random.random() < 0.4) or "none"
        lines = "|".join(line for line in LINES if random.random() < 0.3) or "none"
        rows.append(
            [
                str(random.choice(places)), str(year), ended, outcome,
                kinds if random.random() < 0.9 else "", lines if random.random() < 0.9 else "",
                f"K{number // 3}",
            ]
        )  # fmt: skip
    return rows


def told_of(rows: list[list[str]], folder: Path) -> CaseEvidence:
    """What the app shows of a case file, without a server."""
    path = folder / "cases.csv"
    text = "\n".join(",".join(row) for row in [list(COLUMNS), *rows])
    path.write_text(f"{text}\n", encoding="utf-8")
    made = release_cases(CaseFile(path, DATASET, "cases.csv"), len(rows))
    about = SimpleNamespace(**{**made.source, "dataset_id": "cases"})
    tables = {name: _as_read(table) for name, table in made.tables.items()}
    places = pd.DataFrame({"jurisdiction_id": [f"P{n}" for n in range(6)]})
    atlas: Any = SimpleNamespace(
        jurisdictions=lambda: places.assign(name=places["jurisdiction_id"]),
        snapshot=SimpleNamespace(id="0" * 16),
        case_table=lambda name, _dataset: tables[name],
    )
    return CaseEvidence(atlas, "cases", about, SOURCE)


def _as_read(table: pd.DataFrame) -> pd.DataFrame:
    """A table as a snapshot gives it back."""
    numbers = table.select_dtypes("number").columns
    return table.astype(dict.fromkeys(numbers, "float64"))


def stage(outcome: str) -> str:
    if outcome in CONVICTED:
        return "convicted"
    return (
        "open" if outcome in UNDISPOSED else "acquitted" if outcome == "acquitted" else "dismissed"
    )


def search(found: CaseEvidence, rows: list[list[str]]) -> Tally:
    """Look through all that would leave."""
    tally = Tally(worlds=1, persons=len(rows))
    _hold_against_rows(found, rows, tally)
    for name in TABLES:
        _search_table(found.table(name), f"table {name}", tally)
        _search_text(" ".join(map(str, found.table(name).to_numpy().ravel())), name, tally)
    for view in VIEWS:
        for split in ("none", *(found.splits if view == "outcomes" else ())):
            for picture in found.pictures(view, split=split):
                tally.pictures += 1
                for data in picture.datasets.values():
                    _search_table(data, f"chart of {view}", tally)
                    sink = io.BytesIO()
                    table = pa.Table.from_pandas(data, preserve_index=False)
                    with pa.ipc.new_stream(sink, table.schema) as stream:
                        stream.write_table(table)
                    tally.bytes_searched += len(sink.getvalue())
                spec = json.dumps(picture.spec(), default=str)
                text = table_csv(picture.table(), [picture.title, picture.source, picture.alt])
                _search_text(f"{spec} {text} {picture.alt}", f"files of {view}", tally)
        _search_text(" ".join(found.sentences(view)), f"sentences of {view}", tally)
    return tally


def _search_table(table: pd.DataFrame, where: str, tally: Tally) -> None:
    for column in COUNTS:
        if column in table:
            few = pd.to_numeric(table[column], errors="coerce").between(0.5, 9.5)
            tally.few += [f"{where}, {column}"] * int(few.sum())


def _search_text(text: str, where: str, tally: Tally) -> None:
    tally.bytes_searched += len(text)
    tally.few += [f"{where}: {found}" for found in IN_WORDS.findall(text)]


def _hold_against_rows(found: CaseEvidence, rows: list[list[str]], tally: Tally) -> None:
    """Every count by place or year, recounted."""
    counts = found.table("case_count")
    left_out = "open" not in set(counts["outcome"])
    kept = [row for row in rows if not left_out or stage(row[3]) != "open"]
    tally.counts += len(counts)
    tally.withheld += int((counts["status"] != "shown").sum())
    for split, column in (("place", 0), ("year_charged", 1)):
        truth = Counter((row[column], stage(row[3])) for row in kept)
        for row in counts[counts["split"] == split].itertuples():
            true = sum(
                number
                for (value, outcome), number in truth.items()
                if _is_in(value, str(row.value)) and row.outcome in ("all", outcome)
            )
            if row.status == "shown" and not (true >= 10 and row.low <= true <= row.high):
                tally.wrong.append(f"{split} {row.value}, {row.outcome}")


def _is_in(value: str, published: str) -> bool:
    if "-" in published:
        first, last = published.split("-")
        return first <= value <= last
    return value in published.split("|")


def one_world(seed: int) -> Tally:
    """A random file, from rows to all that would leave."""
    rows = rows_of(np.random.default_rng(seed))
    with tempfile.TemporaryDirectory() as folder:
        return search(told_of(rows, Path(folder)), rows)


def _tallies(worlds: int, seed: int) -> Iterator[Tally]:
    with ProcessPoolExecutor() as pool:
        yield from pool.map(one_world, range(seed, seed + worlds), chunksize=4)


def main() -> int:
    """Search many worlds and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.case_leaks", description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started, total = time.perf_counter(), Tally()
    for tally in _tallies(arguments.worlds, arguments.seed):
        total.add(tally)
    print(f"worlds: {total.worlds:,}, of {total.persons:,} persons in all")
    print(f"published counts: {total.counts:,}, of which withheld: {total.withheld:,}")
    print(f"pictures: {total.pictures:,}; searched: {total.bytes_searched / 1e6:,.0f} MB")
    print(f"counts of 1 to 9 found: {len(total.few)}")
    print(f"counts that are not those of the rows: {len(total.wrong)}")
    print(f"in {time.perf_counter() - started:,.0f} s")
    for line in [*total.few[:10], *total.wrong[:10]]:
        print(f"  {line}")
    return 1 if total.few or total.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
