"""Rows whose label stands above their line, so that a narrow screen has room for both."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from gapatlas.charts.template import NAMES
from gapatlas.charts.theme import Palette

LETTERS: Final = 46
"""Letters that fit above a line on a narrow screen."""
LABELLED_STEP: Final = 54
TITLE_LETTERS: Final = 40
"""Letters of the title of an axis that fit on a narrow screen."""
BESIDE_NAMES: Final = 30
"""The same where names of places stand beside the plot."""
ABOVE: Final = 10
LINE: Final = 14
ROOM: Final = 0.2
"""Share of a row that is left free above the first and below the last."""


def label_lines(labels: Sequence[str]) -> pd.DataFrame:
    """Labels in two lines of at most `LETTERS` letters: columns upper (empty where one line is
    enough) and lower."""
    wrapped = [textwrap.wrap(label, LETTERS, max_lines=2, placeholder=" ...") for label in labels]
    lines = [("", *found) if len(found) == 1 else tuple(found or ("", "")) for found in wrapped]
    return pd.DataFrame(lines, columns=["upper", "lower"])


def shortened(name: str) -> str:
    """A name in one line."""
    return textwrap.shorten(name, LETTERS, placeholder=" ...")


def axis_lines(title: str, letters: int = TITLE_LETTERS) -> list[str]:
    """Title of an axis in lines that a narrow screen has room for."""
    return textwrap.wrap(title, letters)


def labelled_rows(column: str) -> alt.Y:
    """The y channel of rows without an axis."""
    return alt.Y(f"{column}:N", sort=NAMES, axis=None, scale=alt.Scale(paddingOuter=ROOM))


def label_halos(base: alt.Chart, colours: Palette) -> list[alt.Chart]:
    """What keeps lines of the grid out of the letters: drawn after them, and before the marks."""
    halo = {"color": colours.background, "stroke": colours.background, "strokeWidth": 4}
    return _lines(base, halo)


def label_texts(base: alt.Chart, colours: Palette) -> list[alt.Chart]:
    """Both lines of the labels."""
    return _lines(base, {"color": colours.text})


def _lines(base: alt.Chart, look: dict[str, Any]) -> list[alt.Chart]:
    return [
        _line(base, column, ABOVE + LINE * number, look)
        for number, column in enumerate(("lower", "upper"))
    ]


def _line(base: alt.Chart, column: str, above: int, look: dict[str, Any]) -> alt.Chart:
    mark = base.mark_text(align="left", baseline="bottom", dy=-above, fontSize=12, **look)
    drawn: alt.Chart = mark.encode(x=alt.value(1), text=f"{column}:N")
    return drawn
