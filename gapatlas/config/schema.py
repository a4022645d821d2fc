"""Columns of the curated tables: what importers write and validation asks for."""

from __future__ import annotations

OBSERVATION_KEY = (
    "jurisdiction_id",
    "year",
    "stage",
    "unit",
    "sex",
    "age",
    "dimension",
    "category",
    "part",
)
OBSERVATION_COLUMNS = (
    "jurisdiction_id",
    "year",
    "stage",
    "unit",
    "count_low",
    "count_high",
    "status",
    "sex",
    "age",
    "dimension",
    "category",
    "part",
    "note",
)
POPULATION_COLUMNS = ("jurisdiction_id", "year", "population", "status", "note")
COVERAGE_COLUMNS = ("jurisdiction_id", "year", "reporter", "reporters")
INDICATOR_KEY = ("jurisdiction_id", "year", "indicator")
INDICATOR_COLUMNS = (
    "jurisdiction_id",
    "year",
    "indicator",
    "value",
    "low",
    "high",
    "status",
    "note",
)
FLOW_COLUMNS = (
    "jurisdiction_id",
    "year",
    "stage",
    "unit",
    "origin_kind",
    "origin_id",
    "label",
    "count_low",
    "count_high",
    "status",
    "note",
)
CASE_COUNT_KEY = ("split", "value", "outcome")
CASE_COUNT_COLUMNS = ("split", "value", "outcome", "persons", "low", "high", "status")
PLACE_COLUMNS = (
    "jurisdiction_id",
    "name",
    "level",
    "parent_id",
    "iso2",
    "iso_numeric",
    "usps",
    "region",
    "subregion",
    "longitude",
    "latitude",
    "shape_110m",
    "shape_50m",
)
TABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "observations": OBSERVATION_COLUMNS,
    "population": POPULATION_COLUMNS,
    "coverage": COVERAGE_COLUMNS,
    "indicators": INDICATOR_COLUMNS,
    "flows": FLOW_COLUMNS,
    "case_counts": CASE_COUNT_COLUMNS,
}
"""Columns of each kind of dataset."""
