"""The small world of `tests.support` with indicators and flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.support import DESCRIPTOR, config_of, observation, write_world

INDICATOR_HEADER = "jurisdiction_id,year,indicator,value,low,high,status,note"
FLOW_HEADER = (
    "jurisdiction_id,year,stage,unit,origin_kind,origin_id,label,count_low,count_high,status,note"
)
SCORES = (
    "AAA,2019,rule_of_law,40,40,40,exact,",
    "AAA,2021,rule_of_law,62.5,55,70,estimated,",
    "BBB,2020,rule_of_law,,10,30,censored,",
    "CCC,2020,rule_of_law,,,,not_reported,",
    "AAA,2020,tier,2.5,2.5,2.5,exact,",
    "BBB,2020,tier,1,1,1,exact,a note",
    "DDD,2020,tier,,,3,censored,",
)
FLOWS = (
    "AAA,2020,detected,victims,place,BBB,Betalanders,12,12,exact,",
    "AAA,2020,detected,victims,nationals,AAA,own citizens,0,4,censored,",
    "AAA,2020,detected,victims,group,,Other Asia,7,7,exact,",
    "BBB,2021,detected,victims,unknown,,Not known,,,suppressed,",
    "BBB,2021,convicted,persons,place,CCC,Gammaland,3,3,exact,",
)
INDICATORS: dict[str, Any] = {
    "rule_of_law": {
        "title": "Rule of law",
        "unit": "points",
        "source": "scores",
        "definition": "A made-up score.",
        "caution": "It means nothing.",
        "scale": [0, 100],
        "better": "higher",
        "peers": "Similar rule of law",
        "bands": [20, 50],
    },
    "tier": {
        "title": "Tier",
        "unit": "tier",
        "source": "scores",
        "definition": "A made-up grade.",
        "caution": "It means nothing.",
        "labels": {"1": "Tier 1", "2.5": "Tier 2 Watch List"},
        "peers": "Same tier",
    },
}
GAPS = {"model": ["rule_of_law"], "history": ["tier"], "law": "rule_of_law"}


def score_config() -> dict[str, Any]:
    """The config of the small world with one dataset of each kind."""
    config = config_of()
    for name, kind in (("scores", "indicators"), ("origins", "flows")):
        config["datasets"][name] = {
            "kind": kind,
            "source": name,
            "short": f"The {name}",
            "file": f"{name}.csv",
            "descriptor": f"{name}.yaml",
        }
    config["indicators"] = {id_: dict(block) for id_, block in INDICATORS.items()}
    config["gaps"] = {**GAPS}
    return config


def write_score_world(
    folder: Path,
    scores: Iterable[str] = SCORES,
    flows: Iterable[str] = FLOWS,
    edit: Callable[[dict[str, Any]], object] | None = None,
) -> Path:
    """Write the world and return the path of its config."""
    path = write_world(folder, [observation("AAA", 2020, "convicted", "persons", 5)])
    for name, header, lines in (
        ("scores", INDICATOR_HEADER, scores),
        ("origins", FLOW_HEADER, flows),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(DESCRIPTOR), encoding="utf-8")
    config = score_config()
    if edit is not None:
        edit(config)
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path
