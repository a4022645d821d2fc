"""What a brief holds before it is a file: sentences on figures, pictures, sources, caveats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from gapatlas.comparison.pictures import Picture
from gapatlas.errors import Problem, QueryError
from gapatlas.languages import language_now, mark, worded

Paper = Literal["a4", "letter"]
Column = Literal["left", "right", "full"]
HALF: Final = 280
THIRD: Final = 140
"""Dots that a chart has beside its labels, in a column and where three share a row: what keeps its
words readable in print."""
PAPERS: Final[tuple[Paper, ...]] = ("a4", "letter")
SURE_95: Final = mark("95% interval")
SURE_90: Final = mark("90% interval")
PRINTED: Final = mark("as printed: a range where the source prints one")
PROBABILITY: Final = mark("a probability, which says itself how sure it is")
COUNTED: Final = mark("counted here, without error")
CHOSEN: Final = mark("chosen, not measured")


@dataclass(frozen=True)
class Figure:
    """One number that a sentence rests on.

    Attributes:
        key: what it is in the library, such as `value` or `lost:prosecuted-convicted`.
        what: the same in words.
        place: id of its place; several ids separated by spaces.
        low, high: its value; two ends where counts are printed as a range.
        start, end: its interval.
        sure: what the interval is.
        unit: its unit.
        years: first and last year.
        source: id of its source; empty for a choice of the reader.
    """

    key: str
    what: str
    place: str
    low: float
    high: float
    start: float
    end: float
    sure: str
    unit: str
    years: tuple[int, int]
    source: str


@dataclass(frozen=True)
class Sentence:
    """What can be quoted, and the figures behind it.

    Attributes:
        lead: the answer in a few words; empty where the text stands alone.
        text: plain sentences with the figures.
        figures: every number in lead and text.
    """

    lead: str
    text: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Drawn:
    """A picture in a brief.

    Attributes:
        title: what it shows.
        source: sources with editions, and what the signs mean.
        alt: alternative text with the main finding.
        spec: Vega-Lite specification with its data, without title.
        table: its figures with words for column names.
    """

    title: str
    source: str
    alt: str
    spec: dict[str, object]
    table: pd.DataFrame


@dataclass(frozen=True)
class Part:
    """One part of a brief.

    Attributes:
        title: its heading.
        sentences: what the figures say.
        pictures: what they look like.
        unknown: what can't be said here and why, in place of an empty picture.
        note: what has to stand beside it, such as that it is an assumption.
        page, column: where it stands.
    """

    title: str
    page: int
    column: Column
    sentences: tuple[Sentence, ...] = ()
    pictures: tuple[Drawn, ...] = ()
    unknown: str = ""
    note: str = ""


@dataclass(frozen=True)
class Brief:
    """Two pages on one place, or on a comparison of up to six.

    Attributes:
        title: names of the places.
        subtitle: what it is about, with years.
        headline: the one thing to remember.
        parts: the parts, in order.
        sources: the sources, as they are cited.
        caveats: what the figures can't tell.
        link: address of the view in the app.
        snapshot: id of the data.
        date: when the newest of the sources was published: year, month and day.
        language: of its words: one of `gapatlas.languages.LANGUAGES`.
    """

    title: str
    subtitle: str
    headline: Sentence
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    caveats: tuple[str, ...]
    link: str
    snapshot: str
    date: tuple[int, int, int]
    language: str = field(default_factory=language_now)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence that rests on figures, in order."""
        return (self.headline, *(sentence for part in self.parts for sentence in part.sentences))

    @property
    def figures(self) -> pd.DataFrame:
        """One row per figure: sentence (its number, from 0) and the attributes of `Figure`."""
        rows = [
            {"sentence": number, **_as_row(figure)}
            for number, sentence in enumerate(self.sentences)
            for figure in sentence.figures
        ]
        return pd.DataFrame(rows, columns=["sentence", *(field.name for field in fields(Figure))])

    @property
    def pictures(self) -> tuple[Drawn, ...]:
        """Every picture, in order."""
        return tuple(picture for part in self.parts for picture in part.pictures)

    def save(self, path: str | Path, *, paper: Paper = "a4") -> Path:
        """Write the brief as the ending of the path says: `.pdf`, `.html` or `.docx`.

        Args:
            path: file to write; one that is there is replaced, in one step.
            paper: `a4` or `letter`.

        Raises:
            QueryError: another ending, or another paper.
        """
        from gapatlas.briefs.writing import content_of, format_of
        from gapatlas.files import write_atomically

        target = Path(path)
        write_atomically(target, content_of(self, format_of(target), paper))
        return target


def drawn(*pictures: Picture | None, width: int = HALF) -> tuple[Drawn, ...]:
    """Pictures of the library as a brief holds them.

    Args:
        pictures: the pictures; None where there is nothing to draw.
        width: dots beside the labels.
    """
    return tuple(
        Drawn(
            title=picture.title,
            source=picture.source,
            alt=picture.alt,
            spec={**without_title(picture.standalone()), "width": width},
            table=picture.table(),
        )
        for picture in pictures
        if picture is not None
    )


def without_title(spec: dict[str, object]) -> dict[str, object]:
    """A specification whose title stands in the text around it."""
    return {key: value for key, value in spec.items() if key != "title"}


def refuse(what: str, found: str, allowed: Iterator[str] | tuple[str, ...]) -> QueryError:
    """The error for a choice that a brief does not have."""
    problem = Problem("brief", f"Unknown {what}.", found=found, allowed=", ".join(allowed))
    return QueryError(worded("The brief was not made."), [problem])


def _as_row(figure: Figure) -> dict[str, object]:
    return {field.name: getattr(figure, field.name) for field in fields(figure)}
