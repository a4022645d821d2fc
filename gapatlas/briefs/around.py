"""The words that stand around those of a brief, the same in each of its files."""

from __future__ import annotations

from dataclasses import dataclass

from gapatlas.briefs.model import Brief
from gapatlas.languages import say, whole


@dataclass(frozen=True)
class Around:
    """Headings and labels in the language that is spoken.

    Attributes:
        caveats: heading of what the figures can't tell.
        sources: heading of the sources.
        link: what stands before the address of the view.
        snapshot: which data the figures are from.
        table: what opens the figures of a picture.
        pages: what stands at the foot of each page.
    """

    caveats: str
    sources: str
    link: str
    snapshot: str
    table: str
    pages: tuple[str, ...]


def around(brief: Brief, pages: int = 0) -> Around:
    """What stands around a brief.

    Args:
        brief: the brief.
        pages: how many its file has; a file without pages has 0.
    """
    return Around(
        caveats=say("What the figures can't tell"),
        sources=say("Sources"),
        link=say("The same view in the app:"),
        snapshot=say("Gap Atlas, snapshot {id}", id=brief.snapshot),
        table=say("Show the figures as a table"),
        pages=tuple(_foot(brief.title, number, pages) for number in range(1, pages + 1)),
    )


def _foot(title: str, number: int, pages: int) -> str:
    return say(
        "{title}, page {number} of {pages}", title=title, number=whole(number), pages=whole(pages)
    )
