"""A small world for tests: a config folder with made-up tables, in the project's schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

PLACES = """\
jurisdiction_id,name,level,parent_id,iso2,iso_numeric,usps,region,subregion,longitude,latitude,shape_110m,shape_50m
AAA,Alphaland,country,,AA,901,,Europe,Northern Europe,1.0,2.0,true,true
BBB,Betaland,country,,BB,902,,Africa,Northern Africa,3.0,4.0,true,true
CCC,Gammaland,country,,CC,903,,Asia,Eastern Asia,5.0,6.0,false,true
DDD,Deltaland,country,,DD,904,,Asia,Eastern Asia,,,false,false
US-AA,Alpha State,us_state,USA,,,AA,United States,Pacific,-7.0,8.0,true,true
"""
OBSERVATION_HEADER = (
    "jurisdiction_id,year,stage,unit,count_low,count_high,status,sex,age,dimension,category,part,"
    "note"
)
DESCRIPTOR = {
    "title": "Made-up counts",
    "publisher": "Office of Examples",
    "edition": "first edition",
    "published": "2024",
    "licence": "made up for tests",
    "terms_url": None,
    "citation": "Office of Examples, Made-up counts, 2024.",
    "retrieved": "written by hand",
    "source_file": "none",
    "importer": None,
    "method": "counts under 5 are printed as <5",
    "caveats": ["It describes no real place."],
    "columns": {"count_low": {"definition": "lower bound of the count", "unit": "as in unit"}},
}

Count = int | str | None


def observation(place: str, year: int, stage: str, unit: str, count: Count) -> str:
    """One total row: a whole number, `<5` (0 to 4), `suppressed`, or None for not reported."""
    low, high, status = _bounds(count)
    return f"{place},{year},{stage},{unit},{low},{high},{status},total,total,total,total,1,"


def _bounds(count: Count) -> tuple[Any, Any, str]:
    if count is None:
        return "", "", "not_reported"
    if count == "suppressed":
        return "", "", "suppressed"
    if isinstance(count, str):
        return 0, int(count.removeprefix("<")) - 1, "censored"
    return count, count, "exact"


def ratio(
    numerator: tuple[str, str], denominator: tuple[str, str] | str, **changes: Any
) -> dict[str, Any]:
    """A measure block: `ratio(("convicted", "persons"), ("prosecuted", "persons"))`."""
    is_rate = isinstance(denominator, str)
    below = denominator if isinstance(denominator, str) else " ".join(denominator)
    block: dict[str, Any] = {
        "title": f"Made-up {' '.join(numerator)} per {below}",
        "numerator": {"stage": numerator[0], "unit": numerator[1]},
        "denominator": denominator
        if isinstance(denominator, str)
        else {"stage": denominator[0], "unit": denominator[1]},
        "per": 100_000 if is_rate else 1,
        "unit": f"{numerator[1]} per {'people' if is_rate else denominator[1]}",
        "interval": "byar" if is_rate else "ratio_of_counts",
        "level": "country",
        "source": "office",
        "definition": "One made-up count divided by another.",
        "caution": "It means nothing.",
    }
    return {**block, **changes}


def config_of(measures: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The config of the small world, as plain data."""
    chosen = measures or {
        "convicted_per_prosecuted": ratio(("convicted", "persons"), ("prosecuted", "persons")),
        "convicted_per_100k": ratio(("convicted", "persons"), "population"),
    }
    return {
        "version": 1,
        "places": "places.csv",
        "datasets": {
            "office": _dataset("observations", "office"),
            "people": _dataset("population", "people"),
        },
        "population": ["people"],
        "measures": dict(chosen),
        "defaults": {"measure": next(iter(chosen)), "window": 1, "year_to": 2022},
    }


def _dataset(kind: str, source: str) -> dict[str, str]:
    return {
        "kind": kind,
        "source": source,
        "short": f"The {source}",
        "file": f"{source}.csv",
        "descriptor": f"{source}.yaml",
    }


def write_world(
    folder: Path,
    observations: Iterable[str],
    population: Sequence[tuple[str, int, int]] = (),
    measures: Mapping[str, Any] | None = None,
) -> Path:
    """Write the small world into a folder and return the path of its config."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    lines = [OBSERVATION_HEADER, *observations]
    (folder / "office.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    people = ["jurisdiction_id,year,population,status,note"]
    people += [f"{place},{year},{count},exact," for place, year, count in population]
    (folder / "people.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    for name in ("office", "people"):
        text = yaml.safe_dump(DESCRIPTOR, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config_of(measures), sort_keys=False), encoding="utf-8")
    return path


FLOW_HEADER = (
    "jurisdiction_id,year,stage,unit,origin_kind,origin_id,label,count_low,count_high,status,note"
)


def flow(
    place: str,
    year: int,
    origin: str,
    count: Count,
    stage: str = "detected",
    unit: str = "victims",
) -> str:
    """One count by citizenship: `origin` is a place, or a kind and a label (`group:Africa`)."""
    kind, _, label = origin.rpartition(":")
    if not kind:
        kind, named = ("nationals" if origin == place else "place"), origin
    else:
        named = ""
    low, high, status = _bounds(count)
    return f"{place},{year},{stage},{unit},{kind},{named},{label},{low},{high},{status},"


def add_flows(config: Path, flows: Iterable[str], source: str = "office") -> Path:
    """Give a small world a dataset of flows of one of its sources."""
    folder = config.parent
    text = "\n".join([FLOW_HEADER, *flows]) + "\n"
    (folder / "flows.csv").write_text(text, encoding="utf-8")
    (folder / "flows.yaml").write_text(yaml.safe_dump(DESCRIPTOR, sort_keys=False), "utf-8")
    document = yaml.safe_load(config.read_text(encoding="utf-8"))
    block = _dataset("flows", source) | {"file": "flows.csv", "descriptor": "flows.yaml"}
    document["datasets"]["flows"] = block
    config.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return config


def figures_in(text: str) -> list[float]:
    """Every number of a sentence, in order of size, whatever language it is in.

    Raises:
        ValueError: the sentence holds a name in braces, which nobody has filled in.
    """
    if "{" in text:
        raise ValueError(f"A name in braces is left: {text}")
    english = re.sub(r"(?<=\d)[\u00a0\u202f.,](?=\d{3}(?!\d))", "", text)
    return sorted(
        float(found.replace(",", ".")) for found in re.findall(r"\d+(?:[.,]\d+)?", english)
    )
