"""The words that stand around those of a brief, the same in each of its files."""

from __future__ import annotations

from dataclasses import dataclass

from gapatlas.briefs.model import Brief
from gapatlas.languages import say


@dataclass(frozen=True)
class Around:
    """Headings and labels in the language that is spoken.

    Attributes:
        caveats: heading of what the figures can't tell.
        sources: heading of the sources.
        link: what stands before the address of the view.
        snapshot: which data the figures are from.
        table: what opens the figures of a picture.
        pages: what stands at the foot of each of the two pages.
    """

    caveats: str
    sources: str
    link: str
    snapshot: str
    table: str
    pages: tuple[str, str]


def around(brief: Brief) -> Around:
    """What stands around a brief."""
    return Around(
        caveats=say("What the figures can't tell"),
        sources=say("Sources"),
        link=say("The same view in the app:"),
        snapshot=say("Gap Atlas, snapshot {id}", id=brief.snapshot),
        table=say("Show the figures as a table"),
        pages=(
            say("{title}, page 1 of 2", title=brief.title),
            say("{title}, page 2 of 2", title=brief.title),
        ),
    )
