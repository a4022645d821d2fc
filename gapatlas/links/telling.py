"""What a page shows, told as title, sources and table: for citations and for comparisons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts import heading
from gapatlas.charts.words import from_to, years_text
from gapatlas.comparison import Comparison, answers
from gapatlas.comparison.tables import counts_table
from gapatlas.crossborder import Flows
from gapatlas.crossborder.tables import apart_table, edges_table
from gapatlas.evidence import CaseEvidence
from gapatlas.export import readable_table
from gapatlas.gaps import Gap, Reporting
from gapatlas.gaps.pictures import map_title
from gapatlas.gaps.tables import gap_table, reporting_table
from gapatlas.headlines import Headline
from gapatlas.investment import Investment
from gapatlas.languages import decimal, mark, say
from gapatlas.links.pages import Shown
from gapatlas.measures import Source
from gapatlas.profile import Profile
from gapatlas.profile.tables import gaps_table, history_table

_PLACE_AND_YEARS: Final = (mark("Place"), mark("Years"))
_QUESTION: Final = (mark("Question"),)
_ANSWERS: Final = [*_QUESTION, mark("Answer"), mark("In full")]
KINDS_OF_PERSONS: Final = ("cases", "case_counts")
"""Kinds of datasets of which two releases are never laid side by side."""


@dataclass(frozen=True)
class FiguresTable:
    """Figures in words, and the columns that say of what they are."""

    table: pd.DataFrame
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Telling:
    """What a view is, in words.

    Attributes:
        title: what it shows.
        sources: ids of the sources behind it, or the sources themselves.
        tables: makes its figures; empty where they may not be compared with those of others.
    """

    title: str
    sources: tuple[Source, ...]
    tables: Callable[[], Sequence[FiguresTable]]


def telling_of(atlas: Atlas, shown: Shown) -> Telling:
    """Title, sources and figures of what a page shows."""
    return _TELLERS[type(shown)](atlas, shown)


def _of_frame(atlas: Atlas, frame: AtlasFrame) -> Telling:
    def tables() -> list[FiguresTable]:
        return [_rates(frame, frame.data)]

    return Telling(heading(frame, frame.data), frame.sources, tables)


def _of_headline(atlas: Atlas, found: Headline) -> Telling:
    frame = found.frame

    def tables() -> list[FiguresTable]:
        silent = pd.DataFrame(
            {
                mark("Place"): [mark("All places")],
                mark("Places that give no figure"): [len(found.silent)],
                mark("Places asked"): [found.asked],
            }
        )
        return [
            _rates(frame, found.together),
            FiguresTable(silent, (mark("Place"),)),
            _rates(frame, frame.data),
        ]

    title = say("Headline: {title}", title=heading(frame, frame.data))
    return Telling(title, frame.sources, tables)


def _of_gap(atlas: Atlas, gap: Gap) -> Telling:
    def tables() -> list[FiguresTable]:
        return [FiguresTable(gap_table(gap), _PLACE_AND_YEARS)]

    return Telling(map_title(gap, "ratio"), gap.frame.sources, tables)


def _of_reporting(atlas: Atlas, found: Reporting) -> Telling:
    def tables() -> list[FiguresTable]:
        return [FiguresTable(reporting_table(found), _PLACE_AND_YEARS)]

    source = atlas.source(found.source_id)
    title = say("Reporting gaps, {years}", years=years_text(*found.years))
    return Telling(title, (source,), tables)


def _of_comparison(atlas: Atlas, found: Comparison) -> Telling:
    def tables() -> list[FiguresTable]:
        told = [(answer.question, answer.short, answer.text) for answer in answers(found)]
        words = pd.DataFrame(told, columns=_ANSWERS)
        return [_rates(found.window, found.rates), FiguresTable(words, _QUESTION)]

    title = say("{name}: {text}", name=found.name, text=heading(found.window, found.window.data))
    return Telling(title, found.window.sources, tables)


def _of_flows(atlas: Atlas, flows: Flows) -> Telling:
    def tables() -> list[FiguresTable]:
        edges, apart = edges_table(flows), apart_table(flows)
        communities = [mark("Community of the first"), mark("Community of the second")]
        texts = tuple(apart.columns[:2])
        return [
            FiguresTable(edges.drop(columns=communities), tuple(edges.columns[:2])),
            FiguresTable(apart, texts),
        ]

    title = say("Citizens of one place counted in another, {years}", years=years_text(*flows.years))
    return Telling(title, (flows.source,), tables)


def _of_profile(atlas: Atlas, found: Profile) -> Telling:
    ids = found.sources or ((found.main.source,) if found.main else ())
    shorts = {id_: atlas.source(id_).short for id_ in atlas.config.observation_sources()}

    def tables() -> list[FiguresTable]:
        told = [(answer.question, answer.short, answer.text) for answer in found.headline]
        words = pd.DataFrame(told, columns=_ANSWERS)
        policy = [history_table(history) for history in found.history if len(history.known)]
        return [
            FiguresTable(words, _QUESTION),
            FiguresTable(
                counts_table(found.counts), (mark("Counted"), mark("Year"), mark("Source"))
            ),
            FiguresTable(
                gaps_table(found.gaps, shorts), (mark("Measure"), mark("Years"), mark("Source"))
            ),
            *(FiguresTable(table, tuple(table.columns[:2])) for table in policy),
        ]

    title = say("{name}: profile", name=found.name)
    return Telling(title, tuple(atlas.source(id_) for id_ in ids), tables)


def _of_cases(atlas: Atlas, found: CaseEvidence) -> Telling:
    title = say("Evidence and defence: {title}", title=found.source.title)
    return Telling(title, (found.source,), lambda: ())


def _of_investment(atlas: Atlas, found: Investment) -> Telling:
    def tables() -> list[FiguresTable]:
        by_place = [found.by_place(outcome) for outcome in ("convicted", "prosecuted", "referred")]
        parts = [
            _further(table, outcome) for table, outcome in zip(by_place, _FURTHER, strict=True)
        ]
        return [FiguresTable(pd.concat(parts, ignore_index=True), (mark("Place"), mark("Outcome")))]

    source = atlas.source(found.baselines.source_id)
    first, last = found.years
    places = ", ".join(found.names)
    title = say(
        "Training investment in {places}, {years}", places=places, years=years_text(first, last)
    )
    return Telling(title, (source,), tables)


_FURTHER: Final = (
    mark("Further convictions"),
    mark("Further prosecutions"),
    mark("Further survivors referred"),
)


def _further(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            mark("Place"): table["name"],
            mark("Outcome"): outcome,
            mark("Middle"): [decimal(value) for value in table["q50"]],
            mark("90% interval"): [
                from_to(decimal(low), decimal(high))
                for low, high in zip(table["q05"], table["q95"], strict=True)
            ],
        }
    )


def _of_atlas(atlas: Atlas, found: Atlas) -> Telling:
    def tables() -> list[FiguresTable]:
        kept = found.sources()
        kept = kept[~kept["kind"].isin(KINDS_OF_PERSONS)]
        datasets = pd.DataFrame(
            {
                mark("Dataset"): kept["title"],
                mark("Edition"): kept["edition"],
                mark("Rows"): kept["rows"],
            }
        )
        measures = found.measures()[["title", "unit", "definition"]]
        measures.columns = pd.Index([mark("Measure"), mark("Unit"), mark("Definition")])
        return [
            FiguresTable(datasets, (mark("Dataset"),)),
            FiguresTable(measures, (mark("Measure"),)),
        ]

    ids = dict.fromkeys(found.sources()["source_id"])
    return Telling(say("Data and methods"), tuple(found.source(id_) for id_ in ids), tables)


def _rates(frame: AtlasFrame, data: pd.DataFrame) -> FiguresTable:
    table = readable_table(data, frame.measure, frame.sources).drop(columns=mark("Value"))
    return FiguresTable(table, _PLACE_AND_YEARS)


_TELLERS: Final[dict[type, Callable[[Atlas, Any], Telling]]] = {
    Atlas: _of_atlas,
    AtlasFrame: _of_frame,
    CaseEvidence: _of_cases,
    Comparison: _of_comparison,
    Flows: _of_flows,
    Gap: _of_gap,
    Headline: _of_headline,
    Investment: _of_investment,
    Profile: _of_profile,
    Reporting: _of_reporting,
}
