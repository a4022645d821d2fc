"""How every brief ends: sources, caveats, address, data and date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypedDict

from gapatlas.atlas import Atlas
from gapatlas.citations import cite, date_parts
from gapatlas.gaps.sentences import CAUTION
from gapatlas.languages import say
from gapatlas.measures import MeasureFrame, Source
from gapatlas.profile.sentences import NOT_ZERO

LONG_AGO: Final = (1980, 1, 1)
"""Date of a brief none of whose sources tells when it was published."""


class Ending(TypedDict):
    """The last parts of a `Brief`."""

    sources: tuple[str, ...]
    caveats: tuple[str, ...]
    link: str
    snapshot: str
    date: tuple[int, int, int]


def ending_of(
    atlas: Atlas,
    source_ids: Sequence[str],
    frame: MeasureFrame | None,
    missing: Iterable[str],
    link: str,
) -> Ending:
    """Sources and caveats of the figures, and where they come from.

    Args:
        atlas: the atlas.
        source_ids: sources beside those of the frame.
        frame: the main figures.
        missing: what no source can tell of the place.
        link: address of the view.
    """
    named = {s.source_id: s for s in (frame.sources if frame is not None else ())}
    named |= {id_: atlas.source(id_) for id_ in source_ids if id_ not in named}
    return {
        "sources": tuple(cite(named.values()).splitlines()),
        "caveats": tuple(dict.fromkeys([*missing, *_caveats(frame), say(CAUTION), say(NOT_ZERO)])),
        "link": link,
        "snapshot": atlas.snapshot.id,
        "date": _newest(named.values()),
    }


def _caveats(frame: MeasureFrame | None) -> Iterable[str]:
    return frame.caveats if frame is not None else ()


def _newest(sources: Iterable[Source]) -> tuple[int, int, int]:
    """When the newest source was published, to the day; its first day where only a year is told."""
    found = [[*date_parts(source.published), 1, 1] for source in sources]
    return max(((date[0], date[1], date[2]) for date in found if date[0] > 1), default=LONG_AGO)
