"""The table of an association, with words for column names, and its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from gapatlas.charts.words import from_to, number, years_text
from gapatlas.export import Download, csv_of
from gapatlas.investment import association_words as words
from gapatlas.languages import mark, say
from gapatlas.tables import rows
from gapatlas.training.association import Ratio

if TYPE_CHECKING:
    from gapatlas.investment.association import Association

COLUMNS = (
    mark("What"),
    mark("Ratio"),
    mark("95% interval"),
    mark("Places"),
    mark("Years of counts"),
    mark("Counted"),
    mark("Source"),
)


def ratio_table(found: Association) -> pd.DataFrame:
    """Every ratio: the answer, each distance, next year's treatment, one place left out."""
    source = found.atlas.source(found.block.source).short
    lines = [(*line, words.counted(found), source) for line in _lines(found)]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def csv_text(found: Association) -> str:
    """The table as CSV, below what it is, why it is no effect, and its sources."""
    return csv_of(Download.of(found.table, header_lines(found)))


def header_lines(found: Association) -> list[str]:
    """What the table is, why it is no effect, and its sources, line by line."""
    treatment = found.atlas.config.indicators[found.block.treatment]
    sources = [found.atlas.source(id_) for id_ in (found.block.source, treatment.source)]
    return [
        found.title,
        say("Answer: {answer}", answer=found.short),
        say("Caveat: {caveat}", caveat=found.caveat),
        *(f"{doubt.title} {doubt.text}" for doubt in found.doubts),
        say("Basis: {basis}", basis=found.basis),
        *(
            say(
                "Source: {citation} ({edition}; {licence})",
                citation=source.citation,
                edition=source.edition,
                licence=source.licence,
            )
            for source in sources
        ),
        say("Snapshot: {snapshot}", snapshot=found.atlas.snapshot.id),
    ]


def _lines(found: Association) -> Iterator[tuple[str, ...]]:
    years = found.sample.years
    yield _line(say("Association"), found.ratio, str(found.sample.places), years)
    if found.curve is not None:
        for row in rows(found.curve.steps):
            ratio = Ratio(row.least, row.most, row.low, row.high)
            yield _line(
                words.distance_words(found, row.step), ratio, str(row.places), found.curve.years
            )
    if found.placebo is not None:
        told = found.placebo
        yield _line(say("Next year's treatment, beside it"), told.ratio, "", told.years)
    if found.one_out is not None:
        for value, id_ in (
            (found.one_out.low, found.one_out.low_without),
            (found.one_out.high, found.one_out.high_without),
        ):
            name = found.names.get(id_, id_)
            without = say("Association without {place}", place=name)
            yield (without, number(value, 2), "", "", years_text(*years))


def _line(what: str, ratio: Ratio, places: str, years: tuple[int, int]) -> tuple[str, ...]:
    rest = (places, years_text(*years))
    if ratio.low != ratio.low:
        return what, say("no ratio: no case was counted there"), "", *rest
    interval = from_to(number(ratio.low, 2), number(ratio.high, 2))
    return what, words.times(ratio), interval, *rest
