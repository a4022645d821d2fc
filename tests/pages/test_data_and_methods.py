"""The page on data and methods: every dataset and every measure, with what must stand beside."""

from __future__ import annotations

import json

import pytest

from gapatlas.config import load_config
from gapatlas.config.schema import CASE_COUNT_COLUMNS
from tests.pages.reading import METHODS, ROOT, assert_in_order, charts, open_panels, visit, words
from tests.support import observation

CONFIG = load_config(ROOT / "config.yaml").config
CASE_FILES = [id_ for id_, dataset in CONFIG.datasets.items() if dataset.kind == "cases"]
CASE_COUNTS = [id_ for id_, dataset in CONFIG.datasets.items() if dataset.kind == "case_counts"]
TABLES = [id_ for id_ in CONFIG.datasets if id_ not in (*CASE_FILES, *CASE_COUNTS)]


def dataset(atlas, dataset_id):
    [row] = atlas.sources().query("dataset_id == @dataset_id").itertuples()
    return row


def test_every_dataset_has_a_panel_with_its_title(shipped):
    page = visit(METHODS)

    assert_in_order(page)
    labels = [expander.label for expander in page.expander if expander.label != "Share this view"]
    assert len(labels) == len(CONFIG.datasets)
    for row in shipped.sources().itertuples():
        assert any(label.startswith(row.title) for label in labels)


@pytest.mark.parametrize("dataset_id", CASE_FILES)
def test_a_panel_of_a_case_file_shows_what_it_is_and_nothing_of_its_rows(shipped, dataset_id):
    row = dataset(shipped, dataset_id)

    page = open_panels(visit(METHODS), f"dataset_{dataset_id}")

    assert_in_order(page)
    for told in ("SYNTHETIC", row.edition, row.licence, row.citation, "about 20,000"):
        assert told in words(page)
    assert "Rows of persons are in no page" in words(page)
    assert charts(page) == []
    [columns] = page.dataframe
    assert list(columns.value.columns) == ["Column", "Meaning", "Unit"]


@pytest.mark.parametrize("dataset_id", CASE_COUNTS)
def test_a_panel_of_counts_of_cases_tells_what_they_are(shipped, dataset_id):
    row = dataset(shipped, dataset_id)

    page = open_panels(visit(METHODS), f"dataset_{dataset_id}")

    assert_in_order(page)
    told = (row.publisher, row.edition, row.licence, row.citation, row.method, row.file)
    for text in (*told, *json.loads(row.caveats), "There are no rows of persons here"):
        assert text in words(page)
    [columns] = page.dataframe
    assert list(columns.value["Column"]) == list(CASE_COUNT_COLUMNS)


@pytest.mark.parametrize("dataset_id", TABLES)
def test_a_panel_tells_publisher_edition_terms_caveats_and_coverage(shipped, dataset_id):
    row = dataset(shipped, dataset_id)

    page = open_panels(visit(METHODS), f"dataset_{dataset_id}")

    assert_in_order(page)
    for told in (row.publisher, row.edition, row.licence, row.citation, row.retrieved, row.file):
        assert told
        assert told in words(page)
    for caveat in json.loads(row.caveats):
        assert caveat in words(page)
    [coverage] = charts(page)
    assert coverage.alt
    columns = page.dataframe[0].value
    assert len(columns) > 0
    assert columns["Meaning"].str.len().min() > 0


@pytest.mark.parametrize("dataset_id", ["unodc_glotip", "fbi_ht_agencies", "world_bank_population"])
def test_coverage_is_there_as_a_table_and_as_a_file(shipped, downloads, dataset_id):
    keys = (f"dataset_{dataset_id}", f"coverage_table_{dataset_id}")

    page = visit(METHODS)
    for key in keys:
        open_panels(page, key)

    table = page.dataframe[1].value
    wanted = shipped.reporting(dataset_id)
    assert len(table) == len(wanted)
    text = downloads[f"coverage_table_{dataset_id}_download"]()
    assert len([line for line in text.splitlines() if line[:1] != "#"]) == len(wanted) + 1
    assert dataset(shipped, dataset_id).licence in text


def test_all_panels_can_stand_open_at_once(shipped):
    page = open_panels(visit(METHODS), *(f"dataset_{id_}" for id_ in CONFIG.datasets))

    assert_in_order(page)
    assert len(charts(page)) == len(TABLES)


def test_terms_that_nobody_verified_are_told_as_such(shipped):
    page = open_panels(visit(METHODS), "dataset_unodc_glotip")

    assert "terms not verified" in words(page)


@pytest.mark.parametrize("measure", CONFIG.measures)
def test_a_measure_is_defined_with_its_unit_interval_and_caution(shipped, measure):
    asked = CONFIG.measures[measure]

    page = visit(METHODS)

    text = next(m.value for m in page.markdown if m.value.startswith(asked.definition))
    assert f"**{asked.title}**" in words(page)
    assert f"**Unit:** {asked.unit}" in text
    assert "**Interval:** 95%, " in text
    assert f"**Mind:** {asked.caution}" in text


def test_the_page_says_what_an_interval_and_a_window_are(shipped):
    page = visit(METHODS)

    assert "95% interval means" in words(page)
    assert "not reported" in words(page)


def test_the_page_works_in_the_dark(shipped):
    keys = [f"dataset_{id_}" for id_ in CONFIG.datasets]

    light = open_panels(visit(METHODS), *keys)
    dark = open_panels(visit(METHODS, theme="dark"), *keys)

    assert_in_order(dark)
    assert words(dark) == words(light)


@pytest.mark.parametrize("count", [None, "suppressed", "<5", 0, 7])
def test_a_world_of_one_row_is_described_whatever_the_row_holds(world, count):
    world([observation("AAA", 2022, "convicted", "persons", count)])

    page = open_panels(visit(METHODS), "dataset_office")

    assert_in_order(page)
    assert "Office of Examples" in words(page)
    assert "Rows here:** 1," in words(page)


def test_a_dataset_without_a_row_is_described_without_years(world):
    world([observation("AAA", 2022, "convicted", "persons", 7)], population=())

    page = open_panels(visit(METHODS), "dataset_people")

    assert_in_order(page)
    assert "Rows here:** 0," in words(page)
