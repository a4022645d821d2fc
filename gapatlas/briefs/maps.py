"""The map of a brief: the gaps of all places, with its own outlined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gapatlas.briefs.model import Drawn
from gapatlas.gaps import Gap
from gapatlas.gaps.pictures import map_of
from gapatlas.gaps.tables import gap_table
from gapatlas.languages import say

MAP_WIDTH: Final = 380
"""Pixels of a map in a column, and of its key, whose words stay readable in print."""


def map_pictures(gap: Gap | None, places: Sequence[str]) -> tuple[Drawn, ...]:
    """The map of gaps as a share of what is expected; nothing where no place or no map has one."""
    if gap is None or gap.known.empty:
        return ()
    if gap.atlas.config.map_of_level(gap.measure.level) is None:
        return ()
    spec = map_of(gap, "ratio", places).to_dict(validate=False)
    heading = _heading_of(spec)
    outlined = say("Bold outline: named in this brief.")
    drawing, key = spec["vconcat"]
    drawing["height"] = round(drawing["height"] * MAP_WIDTH / drawing["width"])
    drawing["width"] = key["width"] = MAP_WIDTH
    return (
        Drawn(
            title=str(heading["text"]),
            source=f"{' '.join(heading['subtitle'])} {outlined}",
            alt=str(spec["description"]),
            spec=spec,
            table=gap_table(gap),
        ),
    )


def _heading_of(spec: dict[str, Any]) -> dict[str, Any]:
    """Take the title off the map, which stands above its key."""
    heading: dict[str, Any] = spec["vconcat"][0].pop("title")
    return heading
