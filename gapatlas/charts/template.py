"""Specifications that are made once and then filled with what changes from reader to reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

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


def named(name: str = ROWS) -> alt.Chart:
    """A chart whose data are given by name when it is shown."""
    return alt.Chart(alt.NamedData(name=name))
