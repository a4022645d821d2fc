"""Colours and type that all charts share.

The five steps of the palette differ in lightness by about the same amount, so they keep their
order in greyscale and for the colour-blind. What is no number (not reported, a range, zero) is
told apart by outline and texture as well as by colour. Groups have no order: their colours differ
in hue and in lightness, and a letter beside them says the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Literal

import altair as alt

from gapatlas.languages import chart_locale

Scheme = Literal["light", "dark"]
Chart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart


@dataclass(frozen=True)
class Palette:
    """Colours of one scheme.

    Attributes:
        steps: of a map, from low to high.
        steps_if_worse: the same where a higher value is worse: another hue, no other lightness.
    """

    steps: tuple[str, ...]
    steps_if_worse: tuple[str, ...]
    background: str
    unreported: str
    band: str
    outline: str
    faint: str
    zero: str
    text: str
    muted: str
    accent: str
    highlight: str
    groups: tuple[str, ...]


PALETTES: dict[Scheme, Palette] = {
    "light": Palette(
        steps=("#c3dbec", "#93bedd", "#5a99c7", "#2a6da8", "#0f3869"),
        steps_if_worse=("#f6d9b8", "#eeb27a", "#d9823f", "#a9561c", "#642c08"),
        background="#ffffff",
        unreported="#f5f5f3",
        band="#e8e8e4",
        outline="#6b7280",
        faint="#d4d4d0",
        zero="#ffffff",
        text="#1f2933",
        muted="#52606d",
        accent="#1d5c96",
        highlight="#b3470b",
        groups=("#92c3e4", "#f7dfa8", "#56a077", "#e9c0dc", "#8680c4", "#d2ab86"),
    ),
    "dark": Palette(
        steps=("#1d3d5c", "#2b6190", "#4a8cc0", "#8abde0", "#d9eefb"),
        steps_if_worse=("#52300f", "#7d4a16", "#b06f2c", "#dda466", "#f9e2c4"),
        background="#14171a",
        unreported="#262a33",
        band="#2b303a",
        outline="#9aa5b1",
        faint="#3e444f",
        zero="#14171a",
        text="#f1f3f5",
        muted="#b8c0cb",
        accent="#7db8e8",
        highlight="#ff9e57",
        groups=("#3a7199", "#a5822f", "#266a4b", "#af82a4", "#3d3a70", "#6a4e36"),
    ),
}


def palette(scheme: Scheme) -> Palette:
    """Colours of a scheme."""
    return PALETTES[scheme]


def in_scheme(text: str, scheme: Scheme) -> str:
    """A specification's text with the colours of another scheme in place of its own.

    Each colour of a palette stands for the one of the same role in the other palette, so charts
    take no colour from anywhere else.
    """
    other = palette("dark" if scheme == "light" else "light")
    pairs = dict(zip(_colours(other), _colours(palette(scheme)), strict=True))
    return re.sub("|".join(pairs), lambda found: pairs[found[0]], text)


def _colours(colours: Palette) -> list[str]:
    values = [getattr(colours, field.name) for field in fields(colours)]
    return [colour for value in values for colour in ([value] if isinstance(value, str) else value)]


def text_colours(scheme: Scheme) -> dict[str, Any]:
    """Vega-Lite config: axis and legend text in colours that keep 4.5:1 on their background."""
    colours = palette(scheme)
    text = {"labelColor": colours.muted, "titleColor": colours.muted}
    return {
        "axis": {**text, "gridColor": colours.faint},
        "legend": text,
        "header": {"labelColor": colours.text},
        "view": {"stroke": None},
        **chart_locale(),
        # The text of the whole chart says its finding and its table holds each figure: hundreds of
        # marks, each with a name of its own, would only stand in the way of a screen reader.
        "mark": {"aria": False},
    }
