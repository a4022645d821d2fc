"""Worlds for the page of one place: counts of several sources, indicators, agencies, a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support import DESCRIPTOR, PLACES, ratio
from tests.worked_examples import observations_of, population_of, write_tables

PER_VICTIM = {
    "per_victim": ratio(
        ("convicted", "persons"),
        ("detected", "victims"),
        title="Convicted per 100 victims",
        unit="convicted persons per 100 victims",
        per=100,
        decimals=1,
    )
}
CLEARED = {
    "cleared_per_offence": ratio(
        ("cleared", "offences"),
        ("suspected", "offences"),
        title="Cleared per offence",
        unit="cleared offences per offence",
        level="us_state",
        source="police",
        decimals=2,
    )
}
TIER = {
    "title": "Tier of a report",
    "unit": "tier",
    "source": "report",
    "definition": "A made-up tier.",
    "caution": "It is a judgement.",
    "decimals": 1,
    "better": "lower",
    "scale": [1, 3],
    "labels": {"1": "Tier 1", "2": "Tier 2", "2.5": "Watch List", "3": "Tier 3"},
}
GRANTS = {
    "title": "Money given",
    "unit": "dollars a year",
    "source": "giver",
    "definition": "Made-up money.",
    "caution": "It is not known in full.",
}
NEIGHBOURS = "\n".join(f"N{n:02},Neighbour {n},country,,,,,Europe,Northern Europe,,,false,false"
                       for n in range(1, 7))  # fmt: skip
STATES = "\n".join(f"US-{a}{a},{a}-State,us_state,USA,,,,United States,,,,false,false"
                   for a in "BCDEF")  # fmt: skip
MANY_PLACES = (
    f"{PLACES}{NEIGHBOURS}\n{STATES}\nUS-GU,Guamland,us_territory,USA,,,,United States,,,,false,"
    "false\nX-ROCK,The Rock,other,,,,,Europe,,,,false,false\nEUR,Europe,region,,,,,,,,,false,"
    "false\n"
)


@dataclass
class ProfileWorld:
    """What a world holds, as tables of text.

    Attributes:
        counts: source id -> table of counts (see `tests.worked_examples`).
        indicators: indicator id -> lines `place,year,value,low,high,status`.
        agencies: source id -> lines `place,year,reporters`.
        periods: source id -> first and last year, for sources of one whole period.
        people: table of people.
        measures: blocks of measures.
        blocks: indicator id -> its block.
        gaps: the block `gaps`.
        defaults: changes of the block `defaults`.
    """

    counts: Mapping[str, str]
    indicators: Mapping[str, Sequence[str]] = field(default_factory=dict)
    agencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    periods: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    people: str = ""
    measures: Mapping[str, Any] = field(default_factory=lambda: PER_VICTIM)
    blocks: Mapping[str, Any] = field(default_factory=dict)
    gaps: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the world; return the path of its config."""
        path = write_tables(
            folder,
            {name: observations_of(table) for name, table in self.counts.items()},
            {"people": population_of(self.people)} if self.people else {},
            self.measures,
            MANY_PLACES,
        )
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        for id_, lines in self.indicators.items():
            rows = [",".join([*_split(line, id_), ""]) for line in lines]
            header = "jurisdiction_id,year,indicator,value,low,high,status,note"
            _add(
                config, folder, f"of_{id_}", "indicators", self.blocks[id_]["source"], header, rows
            )
        for source, lines in self.agencies.items():
            rows = [f"{place},{year},agencies with a record,{n}" for place, year, n in
                    (line.split(",") for line in lines)]  # fmt: skip
            header = "jurisdiction_id,year,reporter,reporters"
            _add(config, folder, f"agencies_of_{source}", "coverage", source, header, rows)
        for source, period in self.periods.items():
            config["datasets"][source]["period"] = list(period)
        config["indicators"] = dict(self.blocks)
        config["gaps"] = dict(self.gaps)
        config["defaults"].update(self.defaults)
        path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        return path


def _split(line: str, indicator: str) -> list[str]:
    place, year, *rest = line.split(",")
    return [place, year, indicator, *rest]


def _add(
    config: dict[str, Any],
    folder: Path,
    name: str,
    kind: str,
    source: str,
    header: str,
    lines: Sequence[str],
) -> None:
    text = "\n".join([header, *lines]) + "\n"
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    described = {**DESCRIPTOR, "title": f"The table {name}"}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(described), encoding="utf-8")
    config["datasets"][name] = {
        "kind": kind,
        "source": source,
        "short": f"The {source}",
        "file": f"{name}.csv",
        "descriptor": f"{name}.yaml",
    }


def neighbours(convicted: int | str, detected: int | str, year: int = 2022, count: int = 6) -> str:
    """Lines of a table of counts for places of the region Europe, all alike."""
    return "\n".join(f"N{n:02} | {year} | {detected} | {convicted}" for n in range(1, count + 1))


def table_of(*lines: str, stages: str = "detected | convicted") -> str:
    """A table of counts."""
    return "\n".join([f"place | year | {stages}", *lines])
