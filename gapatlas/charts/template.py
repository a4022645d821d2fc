"""Specifications that are made once and then filled with what changes from reader to reader."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from gapatlas.charts.theme import Chart, Scheme, text_colours

NAMES: Final = ["@names"]
"""Stands in a template where the names of the rows go, in their order."""
ROWS: Final = "rows"
CURVES: Final = "curves"


@dataclass(frozen=True)
class Template:
    """A chart without data: to build it takes longer than a page may take to run."""

    text: str

    @classmethod
    def of(cls, chart: Chart, scheme: Scheme) -> Template:
        """Keep a chart whose data come by name, for the app, which brings its own type."""
        spec = chart.to_dict(validate=False)
        for key in ("$schema", "datasets"):
            spec.pop(key, None)
        return cls(json.dumps({**spec, "config": text_colours(scheme)}))

    def filled(self, datasets: dict[str, Any], names: Sequence[str] = ()) -> dict[str, Any]:
        """The specification with its data and the order of its rows."""
        spec: dict[str, Any] = json.loads(
            self.text.replace(json.dumps(NAMES), json.dumps(list(names)))
        )
        return {**spec, "datasets": datasets}


def standalone(
    spec: dict[str, Any],
    datasets: Mapping[str, pd.DataFrame],
    title: str,
    source: str,
    description: str,
    width: int = 560,
) -> dict[str, Any]:
    """A specification with its data, title and source line inside."""
    heading = {
        "text": title,
        "subtitle": textwrap.wrap(source, 110),
        "anchor": "start",
        "subtitleColor": "#52606d",
    }
    return {
        "$schema": alt.SCHEMA_URL,
        **(spec if "layer" in spec else _as_layer(spec)),
        "datasets": {
            name: json.loads(data.to_json(orient="records")) for name, data in datasets.items()
        },
        "title": heading,
        "description": description,
        "width": width,
    }


def _as_layer(spec: dict[str, Any]) -> dict[str, Any]:
    alone = {k: v for k, v in spec.items() if k not in ("config", "datasets", "height")}
    return {"layer": [alone], "height": spec["height"], "config": spec["config"]}


def as_chart(whole: dict[str, Any]) -> Chart:
    """What `standalone` gives, as an Altair chart: checking it takes a quarter of a second."""
    chart: Chart = alt.LayerChart.from_dict(whole)
    return chart


def named(name: str = ROWS) -> alt.Chart:
    """A chart whose data are given by name when it is shown."""
    return alt.Chart(alt.NamedData(name=name))
