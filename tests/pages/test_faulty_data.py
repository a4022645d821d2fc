"""What a reader sees while the files behind a running server are wrong, and after they are mended.

The last good figures stay, under a banner that names file and row; nothing is ever half new.
"""

from __future__ import annotations

import re

import pytest
import streamlit as st
import yaml

from tests.case_files import CASES, HEADER, add_cases
from tests.pages.reading import (
    GAPS,
    METHODS,
    OVERVIEW,
    ROOT,
    assert_in_order,
    choose,
    figures,
    rate_map,
    run_until,
    visit,
    words,
)
from tests.support import observation

GOOD = [
    observation("AAA", 2022, "convicted", "persons", 30),
    observation("AAA", 2022, "prosecuted", "persons", 60),
]
PAGES = [OVERVIEW, GAPS, METHODS]
STILL = "these are the last good figures"
NEVER = "There are no figures to show yet"


def has_banner(page):
    return len(page.error) > 0


def spoil(config, old="AAA,2022,convicted,persons,30,30", new="AAA,2022,convicted,persons,many,30"):
    """Put a text where a number belongs, in row 2 of the table of counts."""
    table = config.parent / "office.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new), encoding="utf-8")


def the_headline(page):
    return next(m.value for m in page.markdown if m.value.startswith("## "))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_the_last_good_figures_under_a_banner_with_file_and_row(world, name):
    config = world(GOOD, place="AAA")
    page = visit(name)
    before = words(page)

    spoil(config)
    run_until(page, has_banner)

    [banner] = [error.value for error in page.error]
    assert STILL in banner
    for part in ("office.csv, row 2, column count", "many", "whole number"):
        assert part in banner.replace("\\", "")
    assert words(page).replace(banner + "\n", "") == before
    assert len(page.exception) == 0


def test_each_reader_has_the_banner_in_the_language_of_the_page(world):
    config = world(GOOD, place="AAA")
    readers = {language: visit(OVERVIEW, {"lang": language}) for language in ("es", "fr", "en")}
    spoil(config)
    told = {}
    for language, page in readers.items():
        run_until(page, has_banner)
        told[language] = page.error[0].value.replace("\\", "")
    assert "Los datos incumplen reglas del modelo de datos." in told["es"]
    assert "office.csv, fila 2, columna count_low: Esto no es un número entero." in told["es"]
    assert "office.csv, ligne 2, colonne count_low" in told["fr"]
    assert "office.csv, row 2, column count_low: This is not a whole number." in told["en"]
    allowed = {language: re.search(r"'many'\. (\w+)", text)[1] for language, text in told.items()}
    assert allowed == {"es": "Permitido", "fr": "Admis", "en": "Allowed"}


def test_a_server_that_starts_on_faulty_data_shows_the_last_good_figures(world):
    config = world(GOOD, place="AAA")
    assert the_headline(visit(OVERVIEW)) == "## 0.50"
    spoil(config)

    st.cache_resource.clear()
    page = visit(OVERVIEW)

    assert STILL in page.error[0].value
    assert the_headline(page) == "## 0.50"


@pytest.mark.parametrize("name", PAGES)
def test_where_there_never_was_good_data_there_is_one_error_and_nothing_else(world, name):
    spoil(world(GOOD))

    page = visit(name)

    [error] = [error.value for error in page.error]
    assert NEVER in error
    assert "office.csv, row 2" in error.replace("\\", "")
    assert len(page.exception) == 0
    assert words(page) == error


def test_a_fault_in_the_config_names_its_line(world):
    config = world(GOOD)
    visit(OVERVIEW)
    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    settings["measures"]["convicted_per_prosecuted"]["per"] = "many"
    text = yaml.safe_dump(settings, sort_keys=False)
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if "per: many" in row)
    config.write_text(text, encoding="utf-8")

    page = run_until(visit(OVERVIEW), has_banner)

    banner = page.error[0].value.replace("\\", "")
    assert f"config.yaml, row {line}" in banner
    assert "convicted_per_prosecuted.per" in banner
    assert the_headline(page) == "## 0.50"


def test_a_missing_config_is_one_error_that_names_it_and_no_folder_of_the_server(
    world, tmp_path, monkeypatch
):
    world(GOOD)
    monkeypatch.setenv("GAPATLAS_CONFIG", str(tmp_path / "elsewhere" / "atlas.yaml"))

    page = visit(OVERVIEW)

    [error] = [error.value for error in page.error]
    assert "atlas.yaml" in error
    assert str(tmp_path) not in error.replace("\\", "")
    assert str(ROOT) not in error.replace("\\", "")


def test_a_long_list_of_faults_is_cut_and_says_where_the_rest_is(world):
    rows = [observation("AAA", year, "convicted", "persons", 30) for year in range(1990, 2022)]
    config = world(rows)
    table = config.parent / "office.csv"
    text = table.read_text(encoding="utf-8").replace("persons,30,30", "persons,many,more")
    table.write_text(text, encoding="utf-8")

    page = visit(OVERVIEW)

    [error] = [error.value for error in page.error]
    assert len(error.splitlines()) <= 12
    assert "gapatlas check" in error


def test_a_fault_in_a_file_of_persons_is_counted_and_its_rows_stay_with_who_holds_it(world):
    config = world(GOOD, place="AAA")
    page = visit(METHODS)
    rows = [list(row) for row in CASES]
    rows[3][HEADER.index("Result")] = "NG"
    rows[7][HEADER.index("Closed")] = "1999"
    add_cases(config, rows)
    run_until(page, has_banner)
    [banner] = [error.value.replace("\\", "") for error in page.error]
    assert "cases.csv: 2 in a file of persons" in banner
    assert "row" not in banner.replace("the rows", "")
    assert "NG" not in banner


def test_words_of_a_faulty_file_are_shown_as_text_not_run_as_markup(world):
    config = world(GOOD)
    spoil(config, new='AAA,2022,convicted,persons,"**[x](http://example.org)** <b>`$y$`",30')

    page = visit(OVERVIEW)

    [told] = [line for line in page.error[0].value.splitlines() if "example.org" in line]
    unescaped = re.sub(r"\\.", "", told)
    assert not set(unescaped) & set("*[]<>`$")


def test_mended_data_show_on_every_page_and_the_banner_goes(world):
    config = world(GOOD, place="AAA")
    readers = {name: visit(name, {"show": "rate"}) for name in PAGES}
    spoil(config)
    for page in readers.values():
        run_until(page, has_banner)

    spoil(
        config,
        old="AAA,2022,convicted,persons,many,30",
        new="AAA,2022,convicted,persons,45,45",
    )
    for page in readers.values():
        run_until(page, lambda page: not has_banner(page))
        assert_in_order(page)

    assert the_headline(readers[OVERVIEW]) == "## 0.75"
    assert "**Alphaland**, 2022: **0.75** " in words(readers[GAPS])
    assert figures(readers[GAPS])["nl"]["AAA"] == 45


def test_new_years_and_places_can_be_chosen_without_a_restart(world):
    config = world(GOOD, place="AAA")
    page = rate_map()
    assert len(page.slider) == 0

    table = config.parent / "office.csv"
    more = [
        observation("BBB", 2023, stage, "persons", count)
        for stage, count in (("convicted", 9), ("prosecuted", 12))
    ]
    table.write_text(table.read_text(encoding="utf-8") + "\n".join(more) + "\n", encoding="utf-8")
    run_until(page, lambda page: len(page.slider) > 0)
    choose(page, year=2023, place="BBB")

    assert_in_order(page)
    assert "**Betaland**, 2023: **0.75** " in words(page)


def test_a_measure_taken_out_of_the_config_leaves_its_readers_on_the_default(world):
    config = world(GOOD, [("AAA", 2022, 1_000_000)], place="AAA")
    page = choose(rate_map(), measure="convicted_per_100k")
    assert page.query_params["measure"] == "convicted_per_100k"

    settings = yaml.safe_load(config.read_text(encoding="utf-8"))
    del settings["measures"]["convicted_per_100k"]
    config.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    run_until(page, lambda page: page.query_params["measure"] == "convicted_per_prosecuted")

    assert_in_order(page)
