"""Worlds with gaps for tests: places by region, counts as tables or arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from gapatlas.atlas import Atlas
from tests.support import PLACES, ratio
from tests.worked_examples import open_example

HEADER = PLACES.splitlines()[0]
MEASURE = ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Convicted")
MEASURES = {"rate": {**MEASURE, "source": "office"}}


def places_of(regions: Mapping[str, str]) -> str:
    """A table of places from place id -> region."""
    lines = [
        f"{id_},Land {id_},country,,,,,{region},,{at},{at},true,true"
        for at, (id_, region) in enumerate(regions.items())
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def gap_world(
    folder: Path,
    counts: str,
    regions: Mapping[str, str],
    *,
    people: str = "",
    measures: Mapping[str, Any] | None = None,
) -> Atlas:
    """Open a world of persons convicted and prosecuted."""
    return open_example(folder, counts, people, measures or MEASURES, places_of(regions))


def counts_table(rows: Sequence[tuple[str, int, object, object]]) -> str:
    """A table of counts from place, year, prosecuted, convicted."""
    lines = ["place | year | prosecuted | convicted"]
    return "\n".join(lines + [" | ".join(map(str, row)) for row in rows])


def by_place(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index("jurisdiction_id")
