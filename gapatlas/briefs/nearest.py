"""A long list of places, cut to those around the one that a brief is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gapatlas.charts.template import ROWS
from gapatlas.comparison.pictures import Picture
from gapatlas.languages import say, whole

SHOWN: Final = 51
"""Places that a column of a page can show with a readable name."""


def nearest(picture: Picture | None, name: str) -> Picture | None:
    """A picture with at most `SHOWN` rows: those around a place, or the first ones without it.

    Args:
        picture: one row per place, in order.
        name: of the place.
    """
    if picture is None or len(picture.names) <= SHOWN:
        return picture
    data = picture.datasets[ROWS]
    chosen = [number for number, role in enumerate(data["role"]) if role == "chosen"]
    middle = chosen[0] if chosen else 0
    first = min(max(middle - SHOWN // 2, 0), len(data) - SHOWN)
    shown = slice(first, first + SHOWN)
    told = say(
        "The {shown} places around {name}; {rest} more stand in the table of the app.",
        shown=whole(SHOWN),
        name=name,
        rest=whole(len(data) - SHOWN),
    )
    return replace(
        picture,
        source=f"{picture.source} {told}",
        datasets={**picture.datasets, ROWS: data.iloc[shown].reset_index(drop=True)},
        names=picture.names[shown],
    )
