"""The committed tables in data/ and static/shapes follow the schema and their descriptors."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from gapatlas.config.schema import (
    CASE_COUNT_COLUMNS,
    CASE_COUNT_KEY,
    COVERAGE_COLUMNS,
    FLOW_COLUMNS,
    INDICATOR_COLUMNS,
    INDICATOR_KEY,
    OBSERVATION_COLUMNS,
    OBSERVATION_KEY,
    PLACE_COLUMNS,
    POPULATION_COLUMNS,
)
from gapatlas.config.vocabulary import ORIGIN_KINDS, STAGE_UNITS
from gapatlas.importers import IMPORTERS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SHAPES = ROOT / "static" / "shapes"
FIVE_MEGABYTES = 5_000_000

COLUMNS = {
    "observations": OBSERVATION_COLUMNS,
    "flows": FLOW_COLUMNS,
    "population": POPULATION_COLUMNS,
    "coverage": COVERAGE_COLUMNS,
    "indicators": INDICATOR_COLUMNS,
    "case_counts": CASE_COUNT_COLUMNS,
    "places": PLACE_COLUMNS,
}
KEYS = {
    "observations": OBSERVATION_KEY,
    "flows": ("jurisdiction_id", "year", "stage", "unit", "label"),
    "population": ("jurisdiction_id", "year"),
    "coverage": ("jurisdiction_id", "year"),
    "indicators": INDICATOR_KEY,
    "case_counts": CASE_COUNT_KEY,
    "places": ("jurisdiction_id",),
}
VOCABULARY = {
    "stage": set(STAGE_UNITS),
    "unit": {"victims", "persons", "offences", "cases"},
    "status": {"exact", "estimated", "censored", "not_reported", "suppressed", "shown", "withheld"},
    "sex": {"total", "female", "male", "other", "unknown"},
    "age": {"total", "adult", "child", "unknown"},
    "dimension": {"total", "exploitation", "citizenship", "repatriation", "offence_type"},
    "origin_kind": set(ORIGIN_KINDS),
    "level": {"country", "us_state", "us_territory", "region", "world", "other"},
    "shape_110m": {"true", "false"},
    "shape_50m": {"true", "false"},
}
DATASETS = {
    "bjs": "bjs",
    "fbi_ht": "fbi",
    "fbi_ht_2020": "fbi",
    "hti": "hti",
    "places": "boundaries",
    "three_p": "three_p",
    "tip_report_2015": "tip_report",
    "tip_report_2023": "tip_report",
    "tip_report_regions_2016": "tip_report",
    "tip_tiers": "tip_tiers",
    "tip_tiers_factbook": "tip_tiers",
    "unodc_glotip": "glotip",
    "us_census_population_2018": "census",
    "us_census_population_2020": "census",
    "us_census_population_2024": "census",
    "us_federal_cases": "us_cases",
    "us_federal_defendants": "us_defendants",
    "us_grants": "us_grants",
    "walk_free": "walk_free",
    "wgi": "wgi",
    "wjp": "wjp",
    "world_bank_population": "world_bank",
}
"""Every dataset made from a publisher's file by an importer, and that importer."""

INDICATORS = sorted(d for d in DATASETS if (DATA / d / "indicators.csv").exists())
TABLES = sorted(p for d in DATASETS for p in (DATA / d).glob("*.csv"))


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def descriptor(dataset: str) -> dict[str, object]:
    loaded = yaml.safe_load((DATA / dataset / "descriptor.yaml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_the_datasets_have_their_tables() -> None:
    found = {p.relative_to(DATA).as_posix() for p in TABLES}
    assert found == {
        "bjs/observations.csv", "hti/observations.csv", "tip_report_2015/observations.csv",
        "tip_report_2023/observations.csv", "tip_report_regions_2016/observations.csv",
        "us_federal_cases/case_counts.csv", "us_federal_defendants/observations.csv",
        "fbi_ht/coverage.csv", "fbi_ht/observations.csv",
        "fbi_ht_2020/coverage.csv", "fbi_ht_2020/observations.csv",
        "places/places.csv", "unodc_glotip/flows.csv", "unodc_glotip/observations.csv",
        "us_census_population_2018/population.csv", "us_census_population_2020/population.csv",
        "us_census_population_2024/population.csv", "world_bank_population/population.csv",
        "three_p/indicators.csv", "tip_tiers/indicators.csv", "tip_tiers_factbook/indicators.csv",
        "us_grants/indicators.csv", "walk_free/indicators.csv", "wgi/indicators.csv",
        "wjp/indicators.csv",
    }  # fmt: skip


@pytest.mark.parametrize("path", TABLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_table_follows_the_schema(path: Path) -> None:
    table = read(path)
    kind = path.stem
    assert tuple(table.columns) == COLUMNS[kind]
    assert path.stat().st_size < FIVE_MEGABYTES
    for column in set(VOCABULARY) & set(table.columns):
        assert set(table[column]) <= VOCABULARY[column], column
    numbers = [c for c in ("year", "part") if c in table]
    keys = table[list(KEYS[kind])].astype(dict.fromkeys(numbers, int))
    rows = list(keys.itertuples(index=False, name=None))
    assert rows == sorted(set(rows)), "sorted by key, each key once"
    assert b"\r" not in path.read_bytes()


@pytest.mark.parametrize("path", TABLES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_place_is_listed(path: Path) -> None:
    table = read(path)
    places = (
        table.loc[table["split"] == "place", "value"]
        if "split" in table
        else table["jurisdiction_id"]
    )
    assert set(places) <= set(read(DATA / "places" / "places.csv")["jurisdiction_id"])


@pytest.mark.parametrize("dataset", [p.parent.name for p in TABLES if p.name == "observations.csv"])
def test_counts_agree_with_their_status(dataset: str) -> None:
    table = read(DATA / dataset / "observations.csv")
    blank = table["status"].isin(["not_reported", "suppressed"])
    assert ((table["count_low"] == "") == blank).all()
    assert ((table["count_high"] == "") == blank).all()
    counts = table[~blank].astype({"count_low": int, "count_high": int})
    exact = counts["status"] == "exact"
    assert (counts["count_low"] >= 0).all()
    assert ((counts["count_low"] == counts["count_high"]) == exact).all()
    assert (counts["count_low"] <= counts["count_high"]).all()
    total = table[(table["dimension"] == "total")]
    assert (total["category"] == "total").all()
    assert (table["category"] != "").all()


def test_every_citizenship_is_a_listed_place_or_says_why_it_is_none() -> None:
    flows = read(DATA / "unodc_glotip" / "flows.csv")
    listed = set(read(DATA / "places" / "places.csv")["jurisdiction_id"])
    placed = flows["origin_kind"].isin(["place", "nationals"])
    assert set(flows.loc[placed, "origin_id"]) <= listed
    assert (flows.loc[~placed, "origin_id"] == "").all()
    own = flows["origin_id"] == flows["jurisdiction_id"]
    assert (own == (flows["origin_kind"] == "nationals")).all()


def test_flows_are_the_observations_by_citizenship_less_what_is_set_aside() -> None:
    observations = read(DATA / "unodc_glotip" / "observations.csv")
    printed = observations[observations["dimension"] == "citizenship"]
    keys = ["jurisdiction_id", "year", "stage", "unit"]
    columns = ["count_low", "count_high", "status"]
    both = read(DATA / "unodc_glotip" / "flows.csv").merge(
        printed, left_on=[*keys, "label"], right_on=[*keys, "category"], suffixes=("", "_printed")
    )
    assert len(both) == len(printed)
    changed = (both[columns] != both[[f"{c}_printed" for c in columns]].to_numpy()).any(axis=1)
    assert set(both.loc[changed, "note"]) == {"sum_printed_as_label", "place_printed_twice"}
    assert (both.loc[~changed, "note"] == both.loc[~changed, "note_printed"]).all()


@pytest.mark.parametrize("dataset", ["unodc_glotip", "fbi_ht", "fbi_ht_2020"])
def test_every_place_and_year_has_a_row_for_each_stage(dataset: str) -> None:
    table = read(DATA / dataset / "observations.csv")
    whole = table[(table[["sex", "age", "dimension", "category"]] == "total").all(axis=1)]
    places = table["jurisdiction_id"].nunique()
    for _, rows in whole.groupby(["stage", "unit"]):
        years = rows["year"].astype(int)
        assert len(rows) == places * (years.max() - years.min() + 1)


def test_population_is_empty_exactly_where_not_reported() -> None:
    for path in DATA.glob("*/population.csv"):
        table = read(path)
        assert set(table["status"]) <= {"exact", "not_reported"}
        assert ((table["population"] == "") == (table["status"] == "not_reported")).all()


@pytest.mark.parametrize(("dataset", "importer"), DATASETS.items())
def test_a_descriptor_is_complete_and_explains_columns_and_notes(
    dataset: str, importer: str
) -> None:
    found = descriptor(dataset)
    assert list(found) == [
        "title", "publisher", "edition", "published", "licence", "terms_url", "citation",
        "retrieved", "source_file", "sha256", "importer", "method", "caveats", "columns", "notes",
    ]  # fmt: skip
    assert found["importer"] == importer
    edition = IMPORTERS[importer].editions["+".join(str(found["sha256"]).split(", "))]
    assert edition.dataset_id == dataset
    columns, notes = found["columns"], found["notes"]
    assert isinstance(columns, dict)
    assert isinstance(notes, dict)
    for path in (DATA / dataset).glob("*.csv"):
        table = read(path)
        assert set(table.columns) <= set(columns)
        if "note" in table:
            assert set(table["note"]) <= {"", *notes}


@pytest.mark.parametrize("dataset", INDICATORS)
def test_a_value_agrees_with_its_status(dataset: str) -> None:
    table = pd.read_csv(DATA / dataset / "indicators.csv")
    exact, estimated, censored, silent = (
        table[table["status"] == status]
        for status in ("exact", "estimated", "censored", "not_reported")
    )
    assert (exact["value"] == exact["low"]).all()
    assert (exact["value"] == exact["high"]).all()
    assert (estimated["low"] < estimated["value"]).all()
    assert (estimated["value"] < estimated["high"]).all()
    assert censored["value"].isna().all()
    assert censored["low"].notna().all()
    assert silent[["value", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("dataset", INDICATORS)
def test_the_shipped_table_holds_what_was_checked_by_hand(dataset: str) -> None:
    table = pd.read_csv(DATA / dataset / "indicators.csv")
    edition = IMPORTERS[DATASETS[dataset]].editions[str(descriptor(dataset)["sha256"])]
    for figure in edition.figures:
        rows = table
        for column, label in figure.labels.items():
            rows = rows[rows[column] == label]
        (found,) = rows[figure.column]
        assert (None if pd.isna(found) else found) == figure.value, figure
    if "places" in edition.facts:
        assert table["jurisdiction_id"].nunique() == edition.facts["places"]
    if "not reported" in edition.facts:
        assert (table["status"] == "not_reported").sum() == edition.facts["not reported"]


def test_no_year_is_asked_for_in_which_a_source_says_nothing() -> None:
    """Years without a value for any place are those in which nobody was asked: no rows."""
    for dataset in INDICATORS:
        table = pd.read_csv(DATA / dataset / "indicators.csv")
        known = table[table["status"] != "not_reported"]
        for indicator, rows in known.groupby("indicator"):
            asked = table[table["indicator"] == indicator]["year"]
            assert (asked.min(), asked.max()) == (rows["year"].min(), rows["year"].max())


def test_estimated_people_are_bands_from_half_to_twice_and_never_a_number() -> None:
    table = pd.read_csv(DATA / "walk_free" / "indicators.csv")
    bands = table[table["status"] == "censored"]
    assert len(bands) == 160
    assert (bands["high"] == 4 * bands["low"]).all()
    assert table["value"].isna().all()
    assert "half" in str(descriptor("walk_free")["method"])


def test_no_amount_of_money_is_zero() -> None:
    table = pd.read_csv(DATA / "us_grants" / "indicators.csv")
    amounts = table[table["indicator"] == "us_grants_amount"]
    assert (amounts["low"].dropna() > 0).all()
    counts = table[table["indicator"] == "us_grants_count"]
    assert set(counts.loc[counts["value"] == 0, "note"]) == {"none_listed"}


def test_terms_that_nobody_verified_are_named_so() -> None:
    for dataset in (
        "unodc_glotip", "world_bank_population", "us_census_population_2020", "three_p", "wgi",
        "wjp", "walk_free",
    ):  # fmt: skip
        assert "terms not verified" in str(descriptor(dataset)["licence"])


def test_shape_flags_agree_with_the_shapes() -> None:
    places = read(DATA / "places" / "places.csv").set_index("jurisdiction_id")
    us = places["level"].isin(["us_state", "us_territory"])
    drawn: dict[str, set[str]] = {}
    for name, objects in (
        ("world-110m", "countries"), ("world-50m", "countries"), ("us-states-albers", "states"),
    ):  # fmt: skip
        topology = json.loads((SHAPES / f"{name}.topojson").read_text("utf-8"))
        shapes = topology["objects"][objects]["geometries"]
        assert all(g["id"] == g["properties"]["id"] for g in shapes)
        drawn[name] = {g["id"] for g in shapes if g["type"] != "Point"}
        assert len({g["id"] for g in shapes}) == len(shapes)
        listed = {g["id"]: g["properties"]["name"] for g in shapes if g["id"] in places.index}
        assert listed == places["name"].loc[list(listed)].to_dict()
    for flag, name in (("shape_110m", "world-110m"), ("shape_50m", "world-50m")):
        flagged = places[flag] == "true"
        assert set(places.index[flagged & ~us]) == drawn[name] & set(places.index)
        assert set(places.index[flagged & us]) == drawn["us-states-albers"]
    assert len(drawn["us-states-albers"]) == 51


def test_places_have_plausible_points() -> None:
    places = read(DATA / "places" / "places.csv").set_index("jurisdiction_id")
    for place, west, east in (("FJI", 177, 179.9), ("RUS", 60, 150), ("US-AK", -165, -140)):
        assert west < float(places["longitude"][place]) < east
    fine = places["shape_50m"] == "true"
    assert (places.loc[fine, ["longitude", "latitude"]] != "").all(axis=None)
