"""A first config around a guessed table, for a folder that has none."""

from __future__ import annotations

from typing import Any, Final

import yaml

from gapatlas.guessing.block import Block
from gapatlas.guessing.columns import Guess

OWN_PLACES: Final = "places.csv"
CONFIG: Final = """\
# Made by `gapatlas init`. Answer each question mark, then run `gapatlas check`.
version: 1
title: {title}
places: {places}

datasets:
{block}
population: []

measures:
{measures}
defaults:
  measure: {first}
  year_to: {year}
  window: {window}
"""
MEASURE: Final = """\
  {id}:
    title: {title}
    numerator: {{stage: {above[0]}, unit: {above[1]}}}
    denominator: {{stage: {below[0]}, unit: {below[1]}}}
    per: {per}
    unit: {unit}
    interval: ratio_of_counts
{rate}    level: {level}
    source: {source}
    definition: {definition}
    caution: {caution}
"""
FLOWS: Final = (
    "A ratio of flows, not of one cohort. A high value can mean that only easy cases are brought."
)
PAIRS: Final[tuple[dict[str, Any], ...]] = (
    {
        "id": "convicted_per_prosecuted",
        "title": "Persons convicted per person prosecuted, same years",
        "above": ("convicted", "persons"),
        "below": ("prosecuted", "persons"),
        "per": 1,
        "unit": "convicted persons per prosecuted person",
        "definition": "Persons convicted, divided by persons prosecuted in the same years.",
        "rate": "same_year",
    },
    {
        "id": "convicted_per_100_detected",
        "title": "Persons convicted per 100 detected victims",
        "above": ("convicted", "persons"),
        "below": ("detected", "victims"),
        "per": 100,
        "unit": "convicted persons per 100 detected victims",
        "definition": "Persons convicted for every 100 victims detected in the same years.",
    },
    {
        "id": "prosecuted_per_100_detected",
        "title": "Persons prosecuted per 100 detected victims",
        "above": ("prosecuted", "persons"),
        "below": ("detected", "victims"),
        "per": 100,
        "unit": "prosecuted persons per 100 detected victims",
        "definition": "Persons prosecuted for every 100 victims detected in the same years.",
    },
    {
        "id": "convicted_per_suspected",
        "title": "Persons convicted per suspect",
        "above": ("convicted", "persons"),
        "below": ("suspected", "persons"),
        "per": 1,
        "unit": "convicted persons per suspect",
        "definition": "Persons convicted, divided by suspects in the same years.",
    },
)
"""Ratios that a table may have both stages of."""


def starter_config(
    block: Block, found: Guess, title: str, level: str, years: tuple[int, int] | None
) -> str | None:
    """A whole config for one table.

    Args:
        block: the dataset.
        found: what the table holds.
        title: of the atlas.
        level: what the places are.
        years: first and last year of the table, if known.

    Returns:
        The text; None where the table has no two stages that make a ratio.
    """
    stages = set(stages_of(found))
    made = [pair for pair in PAIRS if {pair["above"], pair["below"]} <= stages]
    if not made:
        return None
    (keys,) = yaml.safe_load(block.text).values()
    measures = [
        MEASURE.format(
            **{**pair, "rate": f"    rate: {pair['rate']}\n" if "rate" in pair else ""},
            source=keys["source"],
            level=level,
            caution=FLOWS,
        )
        for pair in made
    ]
    first, last = years or (0, 0)
    return CONFIG.format(
        title=title.replace("_", " ").strip().capitalize() or title,
        places=OWN_PLACES,
        block=block.text,
        measures="".join(measures),
        first=made[0]["id"],
        year=last or '"?"',
        window=3 if last - first >= 2 else 1,
    )


def stages_of(found: Guess) -> list[tuple[str, str]]:
    """Stages with their units that a guess has found."""
    columns = [*found.map.get("wide", {}).values(), found.map.get("count", {})]
    stages = [(each.get("stage"), each.get("unit")) for each in columns]
    words = found.map.get("stage", {}).get("codes", {})
    units = found.map.get("unit", {}).get("codes", {})
    stages += [(stage, units.get(word)) for word, stage in words.items()]
    return [(stage, unit) for stage, unit in stages if stage and unit]
