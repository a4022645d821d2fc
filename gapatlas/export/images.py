"""A chart as a picture: the same chart as in the app or a notebook, with all that it needs inside.

A picture carries its title, its source line and its key, draws shapes that the app leaves to the
browser, and uses a font that the converter brings along, so that every machine draws the same.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from copy import deepcopy
from html import escape
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from gapatlas.charts import Scheme, palette
from gapatlas.charts.theme import in_scheme
from gapatlas.charts.view import height_of_projection
from gapatlas.geography import topology_at

WIDTH: Final = 720
MAP_WIDTH: Final = 840
LETTER_WIDTH: Final = 5.7
TITLE_LETTER_WIDTH: Final = 8.4
FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The converter carries the first of these; the others are as wide."""
MARGIN: Final = 16
_PARTS: Final = ("layer", "vconcat", "hconcat", "concat")
_NUMBERED: Final = re.compile(r"\b(?:gradient_|clip)\d+\b")
_SHAPE_MARK: Final = re.compile(r'<g class="mark-shape[^"]*"[^>]*>(.*?)</g>', re.DOTALL)


def svg_of(spec: Mapping[str, Any], scheme: Scheme = "light") -> str:
    """A chart as SVG.

    Args:
        spec: a Vega-Lite specification as the app or Altair has it; see `self_contained`.
        scheme: its colours.

    Raises:
        ValueError: its data or shapes stand at an address that the app does not serve, or the
            specification can't be drawn.
    """
    import vl_convert

    whole = self_contained(spec, scheme)
    svg: str = vl_convert.vegalite_to_svg(whole)
    return _described(_renumbered(svg), str(whole.get("description", "")))


def png_of(spec: Mapping[str, Any], scale: float = 2, scheme: Scheme = "light") -> bytes:
    """A chart as PNG.

    Args:
        spec, scheme: as for `svg_of`.
        scale: dots per pixel of the chart's own size.

    Raises:
        ValueError: as for `svg_of`.
    """
    import vl_convert

    png: bytes = vl_convert.svg_to_png(svg_of(spec, scheme), scale=scale)
    return png


def titled(
    spec: Mapping[str, Any],
    *,
    title: str,
    source: str,
    alt: str,
    key: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A chart with what the app writes around it, inside.

    Args:
        spec: the chart alone.
        title: what it shows.
        source: sources and signs; goes below the title.
        alt: alternative text.
        key: a chart that explains its colours, below it.

    Returns:
        A specification that `self_contained`, `svg_of` and `png_of` take.
    """
    whole = _sized(_copied(spec))
    width = _width_of(whole)
    if key is not None:
        whole = _with_key(whole, _sized(_copied(key)))
    heading = {
        "text": textwrap.wrap(title, round(width / TITLE_LETTER_WIDTH)),
        "subtitle": textwrap.wrap(source, round(width / LETTER_WIDTH)),
    }
    return {**whole, "title": heading, "description": alt}


def self_contained(spec: Mapping[str, Any], scheme: Scheme = "light") -> dict[str, Any]:
    """A chart that needs nothing from outside: data and shapes inside, sizes fixed, one scheme.

    Args:
        spec: a specification whose named data are tables (Arrow or pandas) or lists of rows, and
            whose shapes may stand at an address of the app.
        scheme: its colours, whichever the chart was made with.

    Returns:
        Plain data, the same for a specification that is self-contained already.

    Raises:
        ValueError: data or shapes at an address that the app does not serve.
    """
    whole = _sized(_copied(spec))
    whole["datasets"] = {name: _records(table) for name, table in whole.get("datasets", {}).items()}
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **whole}
    told: dict[str, Any] = json.loads(in_scheme(json.dumps(whole), scheme))
    return {**told, **_look(told, scheme)}


def shapes_drawn(svg: str) -> int:
    """How many shapes of places a picture draws; one that lies outside it is drawn empty."""
    return sum(len(re.findall(r'<path [^>]*d="M', marks)) for marks in _SHAPE_MARK.findall(svg))


# ------------------------------------------------------------------ data


def _copied(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A specification that can be changed; its tables, which nobody changes, are shared."""
    tables = dict(spec.get("datasets", {}))
    return {**deepcopy({k: v for k, v in spec.items() if k != "datasets"}), "datasets": tables}


def _records(table: Any) -> Any:
    """Rows of a table as plain data; Altair keeps shapes among the tables, and they are so
    already."""
    if isinstance(table, pa.Table):
        table = table.to_pandas()
    if isinstance(table, pd.DataFrame):
        text = table.to_json(orient="records", double_precision=15)
        return json.loads(text)
    return table


# ------------------------------------------------------------------ size and shapes


def _sized(spec: dict[str, Any], width: int | None = None) -> dict[str, Any]:
    """The chart, and each part of it, with its shapes inside, its own width, and the height that
    a map needs."""
    spec = _with_shapes(spec)
    below = next((part for part in _PARTS if part in spec), None)
    if below in (None, "layer"):
        spec.setdefault("width", width or (MAP_WIDTH if _bounds_and_kind(spec) else WIDTH))
        if spec["width"] == "container":
            spec["width"] = width or WIDTH
    if below is not None:
        deeper = _with_shapes if below == "layer" else _sized
        spec[below] = [deeper(part) for part in spec[below]]
    shapes = _bounds_and_kind(spec)
    if shapes and "height" not in spec:
        spec["height"] = round(spec["width"] * height_of_projection(*shapes))
    return spec


def _with_shapes(spec: dict[str, Any]) -> dict[str, Any]:
    """One view, or layer, with the shapes at its address in place of the address."""
    data = spec.get("data")
    if isinstance(data, dict) and "url" in data:
        inside = {key: value for key, value in data.items() if key != "url"}
        spec["data"] = {**inside, "values": topology_at(data["url"])}
    if "layer" in spec:
        spec["layer"] = [_with_shapes(part) for part in spec["layer"]]
    return spec


def _bounds_and_kind(spec: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Projection and box of the shapes that a view draws; None where it is no map."""
    projection = spec.get("projection")
    views = [spec, *spec.get("layer", [])]
    for view in views:
        values = (view.get("data") or {}).get("values") if isinstance(view, Mapping) else None
        if isinstance(values, Mapping) and values.get("type") == "Topology":
            kind = (projection or view.get("projection") or {}).get("type", "mercator")
            box = values.get("bbox")
            return kind, tuple(box) if box and len(box) == 4 else None
    return None


def _width_of(spec: Mapping[str, Any]) -> float:
    width = spec.get("width")
    if isinstance(width, int | float):
        return float(width)
    parts = [part for name in _PARTS if name != "layer" for part in spec.get(name, [])]
    return max((_width_of(part) for part in parts), default=float(WIDTH))


def _with_key(chart: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    datasets = {**chart.pop("datasets"), **key.pop("datasets")}
    config = {**key.pop("config", {}), **chart.pop("config", {})}
    # What is looked up by name has to stand outside of all charts; a selection stays with its own.
    params = chart.pop("params", [])
    named = [param for param in params if "select" not in param]
    if len(named) < len(params):
        chart["params"] = [param for param in params if "select" in param]
    return {
        **({"params": named} if named else {}),
        "vconcat": [chart, key],
        "resolve": {"scale": {"fill": "independent", "color": "independent"}},
        "datasets": datasets,
        "config": config,
    }


# ------------------------------------------------------------------ look


def _look(spec: Mapping[str, Any], scheme: Scheme) -> dict[str, Any]:
    """What every picture has in common: paper, margin, type."""
    colours = palette(scheme)
    title = {
        "anchor": "start",
        "frame": "bounds",
        "color": colours.text,
        "subtitleColor": colours.muted,
        "fontSize": 15,
        "subtitleFontSize": 11.5,
        "subtitlePadding": 6,
        "offset": 14,
    }
    config = {**spec.get("config", {}), "font": FONT}
    config["title"] = {**title, **config.get("title", {})}
    legend = {"labelColor": colours.muted, "titleColor": colours.muted}
    config["legend"] = {**legend, **config.get("legend", {})}
    return {"background": colours.background, "padding": MARGIN, "config": config}


def _renumbered(svg: str) -> str:
    """The picture with its gradients and clips numbered from 0: the converter counts on from one
    picture to the next, so that two of the same chart would differ."""
    names = dict.fromkeys(_NUMBERED.findall(svg))
    numbers = {name: f"{name.rstrip('0123456789')}{n}" for n, name in enumerate(names)}
    return _NUMBERED.sub(lambda found: numbers[found[0]], svg)


def _described(svg: str, alt: str) -> str:
    """The picture with its alternative text for those who can't see it."""
    if not alt:
        return svg
    words = f'<svg role="img" aria-label="{escape(alt)}" '  # not said: no words
    return svg.replace("<svg ", words, 1).replace("><", f"><desc>{escape(alt)}</desc><", 1)
