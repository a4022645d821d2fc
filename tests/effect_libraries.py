"""A small effect library for tests: made-up beliefs, and a study for each way of being one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

COMPONENTS = {
    "case_construction": "prosecuted",
    "interviewing": "suspected",
    "evidence": "prosecuted",
    "legal_support": "convicted",
}
SHARES = ("turnover", "refresher_cost", "reach", "court_speed", "referral")
AMOUNTS = ("half_life_months", *(f"cost_{c}" for c in COMPONENTS), "caseload", "court_headroom")


def entry(id_: str, component: str | None, stage: str | None, **changes: Any) -> dict[str, Any]:
    """A judgement of a component at a stage, or what `changes` make of it."""
    block: dict[str, Any] = {
        "id": id_,
        "title": f"Made up {id_}",
        "component": component,
        "stage": stage,
        "measure": "ratio" if stage == "suspected" else "odds_ratio",
        "effect": {"value": 1.2, "low": 0.9, "high": 1.6, "level": 0.9},
        "kind": "judgement",
        "grade": "D",
        "design": "made up",
        "setting": "nowhere",
        "transport_discount": 0,
        "citation": "Made up for tests.",
    }
    return {**block, **changes}


def study(id_: str, **changes: Any) -> dict[str, Any]:
    """A study with a finding and no number."""
    finding = {"measure": "finding", "kind": "evidence", "grade": "C", "found": "more of it"}
    block = {**entry(id_, None, None), **finding, **changes}
    if block["measure"] == "finding":
        del block["effect"]
    return block


def term(id_: str) -> dict[str, Any]:
    is_share = id_ in SHARES
    return {
        "title": id_.replace("_", " ").capitalize(),
        "unit": "USD each" if id_.startswith("cost_") else "share" if is_share else "each",
        **({"value": 0.3, "low": 0.1, "high": 0.6} if is_share else {}),
        **({} if is_share else {"value": 12, "low": 6, "high": 30}),
        "level": 0.9,
        "shape": "logit_normal" if is_share else "lognormal",
        "kind": "judgement",
        "grade": "D",
        "citation": "Made up for tests.",
    }


def library_of() -> dict[str, Any]:
    """A library without a fault, as plain data."""
    no_effect = {"value": 1, "low": 1, "high": 1, "level": 0.9}
    believed = [entry(f"prior_{c}", c, stage) for c, stage in COMPONENTS.items()]
    null = [entry(f"none_{c}", c, stage, effect=no_effect) for c, stage in COMPONENTS.items()]
    printed = {"value": 0.8, "low": 0.7, "high": 1.1, "level": 0.95}
    studies = [
        study("team", stage="prosecuted", measure="ratio", effect=printed),
        study("desk", component="interviewing", stage="suspected", transport_discount=0.5),
        study("decay", about=["half_life_months"]),
    ]
    presets = {
        id_: {
            "title": id_.capitalize(),
            "description": "Made up.",
            "entries": [e["id"] for e in (null if id_ == "null" else believed)],
        }
        for id_ in ("central", "sceptical", "null", "harm")
    }
    presets["sceptical"]["terms"] = {"half_life_months": {"value": 8, "low": 4, "high": 20}}
    return {
        "version": 1,
        "currency": "USD",
        "grades": {grade: f"Made up {grade}." for grade in "ABCD"},
        "components": {
            id_: {
                "title": id_.replace("_", " ").capitalize(),
                "stage": stage,
                "definition": "made up",
                "trainees": "nobody",
            }
            for id_, stage in COMPONENTS.items()
        },
        "entries": [*believed, *null, *studies],
        "terms": {id_: term(id_) for id_ in (*AMOUNTS, *SHARES)},
        "presets": presets,
    }


def write_library(path: Path, library: dict[str, Any] | None = None) -> Path:
    """Write a library, without anchors and with its keys in order."""
    chosen = library or library_of()
    text = yaml.dump(chosen, Dumper=_NoAnchors, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return path


def add_library(config: Path, library: dict[str, Any] | None = None) -> Path:
    """Give a small world an effect library; returns the path of its config."""
    write_library(config.parent / "library.yaml", library)
    document = yaml.safe_load(config.read_text(encoding="utf-8"))
    document["training"] = {"library": "library.yaml", "source": "office"}
    config.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return config


class _NoAnchors(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True
