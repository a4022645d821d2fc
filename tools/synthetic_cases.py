"""Make the synthetic case file that ships, and the truth beside it.

python -m tools.synthetic_cases                      writes data/synthetic_cases anew
python -m tools.synthetic_cases --rows N --out FILE  writes N defendants to a parquet file
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from gapatlas.synthetic_cases import (
    FIRST_YEAR,
    LAST_YEAR,
    PLANTED,
    ROWS,
    SEED,
    Planted,
    planted_points,
    synthetic_cases,
)

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "data" / "synthetic_cases"
TABLE: Final = "cases.parquet"
TRUTH: Final = "planted.yaml"
BLOCKS_AT_ONCE: Final = 10
HEAD: Final = """\
# SYNTHETIC. What was planted in cases.parquet: the truth that an analysis of it should find.
# Made by `python -m tools.synthetic_cases`: edit gapatlas/synthetic_cases.py, not this file.
#
# log_odds: what each adds to the log odds of conviction, beside all the others, among defendants
#   whose case has ended with a known outcome. 0.0 is planted too: it does nothing.
# percentage_points: by how much conviction changes on average with it, all else left as it is.
# What is unknown in the file is unknown by chance, whatever the truth.
"""


def write_parquet(blocks: Iterable[pd.DataFrame], path: Path) -> None:
    """Write frames of defendants as one parquet file, a few blocks at a time."""
    waiting = iter(blocks)
    writer: pq.ParquetWriter | None = None
    try:
        while taken := [_plain(block) for block in islice(waiting, BLOCKS_AT_ONCE)]:
            table = pa.concat_tables(taken)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _plain(block: pd.DataFrame) -> pa.Table:
    """Texts as texts: each block has categories of its own. The file has a dictionary all the
    same."""
    table = pa.Table.from_pandas(block, preserve_index=False)
    texts = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(texts))


def truth(planted: Planted = PLANTED) -> dict[str, Any]:
    """What was planted, as plain data."""
    points = planted_points(planted=planted)
    return {
        "dataset": "SYNTHETIC",
        "rows": ROWS,
        "seed": SEED,
        "years": [FIRST_YEAR, LAST_YEAR],
        "log_odds": {
            "intercept": planted.intercept,
            "evidence": dict(planted.evidence),
            "pairs": [
                {"types": list(pair), "log_odds": effect} for pair, effect in planted.pairs.items()
            ],
            "defence": dict(planted.defence),
            "place": dict(planted.place),
            "charge": dict(planted.charge),
            "victims_band": dict(planted.victims_band),
            "cross_border_yes": planted.cross_border,
            "task_force_yes": planted.task_force,
            "team_trained_yes": planted.team_trained,
            f"each_year_after_{FIRST_YEAR}": planted.per_year,
        },
        "percentage_points": {
            "evidence": _rounded(points, planted.evidence),
            "defence": _rounded(points, planted.defence),
        },
    }


def _rounded(points: Mapping[str, float], ids: Iterable[str]) -> dict[str, float]:
    return {id_: round(points[id_], 2) for id_ in ids}


def main(argv: Sequence[str] | None = None) -> int:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tools.synthetic_cases", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a parquet file of your own")
    arguments = parser.parse_args(argv)
    if arguments.out:
        write_parquet(synthetic_cases(arguments.rows), arguments.out)
        print(f"Wrote {arguments.rows:,} synthetic defendants to {arguments.out.name}.")
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_parquet(synthetic_cases(), FOLDER / TABLE)
    text = yaml.safe_dump(truth(), sort_keys=False, allow_unicode=True)
    (FOLDER / TRUTH).write_text(f"{HEAD}{text}", encoding="utf-8")
    print(f"Wrote {TABLE} and {TRUTH}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
