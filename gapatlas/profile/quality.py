"""How good the data of one place are: what is reported when, as what, and with which caveats."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.charts.words import years_text
from gapatlas.languages import ENGLISH, mark, said, say, speaking
from gapatlas.tables import rows

KINDS: Final = {
    "exact": mark("Exact count"),
    "censored": mark("Range"),
    "suppressed": mark("Withheld"),
    "not_reported": mark("Not reported"),
}
SHORT_LABELS: Final = {
    ("detected", "victims"): mark("Detected (victims)"),
    ("suspected", "persons"): mark("Suspected (persons)"),
    ("suspected", "cases"): mark("Suspected (cases)"),
    ("suspected", "offences"): mark("Suspected (offences)"),
    ("prosecuted", "persons"): mark("Prosecuted (persons)"),
    ("prosecuted", "cases"): mark("Prosecuted (cases)"),
    ("prosecuted", "charges"): mark("Prosecuted (charges)"),
    ("convicted", "persons"): mark("Convicted (persons)"),
    ("convicted", "cases"): mark("Convicted (cases)"),
    ("convicted", "charges"): mark("Convicted (charges)"),
    ("cleared", "offences"): mark("Cleared (offences)"),
    ("cleared", "cases"): mark("Cleared (cases)"),
    ("unfounded", "offences"): mark("Unfounded (offences)"),
    ("unfounded", "cases"): mark("Unfounded (cases)"),
    ("chargesheeted", "persons"): mark("Chargesheeted (persons)"),
    ("chargesheeted", "cases"): mark("Chargesheeted (cases)"),
    ("trials_completed", "persons"): mark("Trials completed (persons)"),
    ("trials_completed", "cases"): mark("Trials completed (cases)"),
    ("acquitted", "persons"): mark("Acquitted (persons)"),
    ("acquitted", "cases"): mark("Acquitted (cases)"),
    ("acquitted", "charges"): mark("Acquitted (charges)"),
    ("dismissed", "persons"): mark("Dismissed (persons)"),
    ("dismissed", "cases"): mark("Dismissed (cases)"),
    ("dismissed", "charges"): mark("Dismissed (charges)"),
    ("outcome_unknown", "persons"): mark("Outcome unknown (persons)"),
    ("outcome_unknown", "cases"): mark("Outcome unknown (cases)"),
}
"""Stages in few words, for the rows of a grid."""
LINE: Final = 26
"""Letters that fit before a row of the grid of what is reported."""
COMPLETENESS: Final = mark(
    "Completeness is the share of a source's stages and years with a figure, exact or a range, "
    "of all stages and years that it has a line for in this place."
)


@dataclass(frozen=True)
class Quality:
    """What the sources report of one place.

    Attributes:
        cells: one row per source, stage and year: source_id, short, stage, unit, row (the stage in
            short words), year, status, kind (the status in words, in English). Sources of one
            whole period have the last year of it.
        summary: one row per source: source_id, short, years (first to last), cells, exact,
            ranges, withheld, missing and share (completeness, see `COMPLETENESS`).
        notices: what the build found odd about the place, then caveats of its sources that name
            it, in words.
        caveats: name of each source, and one of its caveats.
    """

    cells: pd.DataFrame
    summary: pd.DataFrame
    notices: tuple[str, ...]
    caveats: tuple[tuple[str, str], ...]

    @property
    def ranges(self) -> int:
        """How many counts are known as a range only."""
        return int((self.cells["status"] == "censored").sum())


def quality_of(atlas: Atlas, place: str) -> Quality:
    """What the sources report of one place, and what is odd about it."""
    cells = _cells(atlas, place)
    sources = list(dict.fromkeys(cells["source_id"]))
    return Quality(
        cells=cells,
        summary=_summary(cells, atlas.config.periods()),
        notices=(*_odd(atlas, place), *_named(atlas, place, sources)),
        caveats=tuple(_caveats(atlas, sources)),
    )


def _cells(atlas: Atlas, place: str) -> pd.DataFrame:
    stages = atlas.stages(place)
    cells = stages[["source_id", "stage", "unit", "stage_label", "year", "status"]].assign(
        row=[_short_words(row) for row in rows(stages)],
        short=[atlas.source(id_).short for id_ in stages["source_id"]],
        kind=stages["status"].map(KINDS),
    )
    order = {id_: at for at, id_ in enumerate(atlas.config.observation_sources())}
    return cells.sort_values(
        "source_id", key=lambda ids: ids.map(order), kind="stable"
    ).reset_index(drop=True)


def _short_words(count: Any) -> str:
    known = SHORT_LABELS.get((count.stage, count.unit))
    return say(known) if known else "\n".join(textwrap.wrap(count.stage_label, LINE))


def _summary(cells: pd.DataFrame, periods: dict[str, tuple[int, int]]) -> pd.DataFrame:
    found = []
    for id_, own in cells.groupby("source_id", sort=False):
        counted = own["status"].value_counts()
        exact, ranges = int(counted.get("exact", 0)), int(counted.get("censored", 0))
        first, last = periods.get(str(id_), (int(own["year"].min()), int(own["year"].max())))
        found.append(
            {
                "source_id": id_,
                "short": own["short"].iloc[0],
                "years": years_text(first, last),
                "cells": len(own),
                "exact": exact,
                "ranges": ranges,
                "withheld": int(counted.get("suppressed", 0)),
                "missing": int(counted.get("not_reported", 0)),
                "share": (exact + ranges) / len(own),
            }
        )
    columns = ["source_id", "short", "years", "cells", "exact", "ranges", "withheld", "missing"]
    return pd.DataFrame(found, columns=[*columns, "share"])


def _odd(atlas: Atlas, place: str) -> Iterator[str]:
    """What the build found odd about a place."""
    for notice in atlas.notices:
        if _names(place, f"{notice.message} {notice.found}"):
            message, found = said(notice.message), said(notice.found or "")
            yield say("{notice} Found: {found}.", notice=message, found=found)


def _caveats(atlas: Atlas, sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    for source in map(atlas.source, sources):
        yield from ((source.short, caveat) for caveat in source.caveats)


def _named(atlas: Atlas, place: str, sources: Sequence[str]) -> Iterator[str]:
    """The caveats that name a place, with the source in front.

    The English ones decide: a translation may name a place otherwise than a map does.
    """
    with speaking(ENGLISH):
        places = atlas.jurisdictions().set_index("jurisdiction_id")
        name, english = str(places.at[place, "name"]), list(_caveats(atlas, sources))
    for (short, caveat), (_, text) in zip(_caveats(atlas, sources), english, strict=True):
        if _names(name, text):
            yield say("{source}: {caveat}", source=short, caveat=caveat)


def _names(place: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(place)}(?![\w-])", text) is not None
