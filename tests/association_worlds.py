"""Worlds of a panel: places, counts and a treatment as files, with an association in the config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from gapatlas.training.panel import Panel
from tests.support import DESCRIPTOR, OBSERVATION_HEADER, PLACES, config_of

BLOCK = {
    "title": "Grants",
    "treatment": "grants",
    "treatment_words": "a grant listed",
    "design": "intensity",
    "outcomes": [{"stage": "convicted", "unit": "persons"}],
    "source": "office",
    "lag": 1,
    "caution": "It is made up.",
}
GRANTS = {
    "title": "Grants listed",
    "unit": "grants a year",
    "source": "lists",
    "definition": "How many grants.",
    "caution": "It is made up.",
}


def association_world(folder: Path, panel: Panel, **changes: Any) -> Path:
    """Write a panel as the files of a config, whose association `grants` has `changes`."""
    folder.mkdir(parents=True)
    header = PLACES.splitlines()[0]
    places = [f"X-{p},Place {p},country,,,,,Europe,,,,false,false" for p in panel.places]
    _write(folder / "places.csv", [header, *places])
    _write(folder / "office.csv", [OBSERVATION_HEADER, *_counts(panel)])
    indicator = "jurisdiction_id,year,indicator,value,low,high,status,note"
    _write(folder / "lists.csv", [indicator, *_treatment(panel)])
    for name in ("office", "lists"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(DESCRIPTOR), encoding="utf-8")
    content = config_of()
    office = content["datasets"]["office"]
    lists = {key: str(value).replace("office", "lists") for key, value in office.items()}
    content["datasets"] = {"office": office, "lists": {**lists, "kind": "indicators"}}
    content["population"] = []
    content["measures"].pop("convicted_per_100k")
    content["indicators"] = {"grants": dict(GRANTS)}
    block = yaml.safe_load(yaml.safe_dump({**BLOCK, **changes}))
    content["associations"] = {"grants": block}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _counts(panel: Panel) -> list[str]:
    rows = []
    for place, lows, highs in zip(panel.places, panel.low, panel.high, strict=True):
        for year, low, high in zip(panel.years, lows, highs, strict=True):
            if np.isnan(low):
                count = ",,not_reported"
            else:
                count = f"{low:.0f},{high:.0f},{'exact' if low == high else 'censored'}"
            rows.append(f"X-{place},{year},convicted,persons,{count},total,total,total,total,1,")
    return rows


def _treatment(panel: Panel) -> list[str]:
    rows = []
    for place, values in zip(panel.places, panel.treatment, strict=True):
        for year, value in zip(panel.years, values, strict=True):
            figure = (
                ",,,not_reported" if np.isnan(value) else ",".join([f"{value:g}"] * 3 + ["exact"])
            )
            rows.append(f"X-{place},{year},grants,{figure},")
    return rows
