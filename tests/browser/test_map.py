"""The map page in a browser: it is painted, it follows the reader's hand, it sends little."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import gapatlas
from gapatlas.atlas import Atlas
from gapatlas.export import read_back
from tests.browser.map_view import (
    MAP,
    RATIO,
    Received,
    address,
    expect_heading,
    fills,
    fills_that_lead_nowhere,
    heading,
    is_striped,
    legend,
    open_map,
    outlined,
    overflowing,
    place_sentence,
    shape_of,
    shapes,
)
from tests.shipped_snapshots import shipped_snapshots
from tools.running_app import ROOT, PageProblems, RunningApp, running_app, wait_until_idle

STEP_BYTES = 16_000
"""More than this and a step sends the shapes or the specification of the map again."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """The library on the same config as the app."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(shipped_snapshots(tmp_path_factory)))
        with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
            yield atlas


def window_of(library: Atlas, state: dict[str, str]) -> pd.DataFrame:
    """Rows of the library for the one window that an address names."""
    year, window = int(state["year"]), int(state["window"])
    years = (year - window + 1, year)
    frame = library.measure(state["measure"], years=years, window=window, source=state["source"])
    return frame.data.set_index("jurisdiction_id", drop=False)


def assert_painted_as_computed(page: Page, library: Atlas) -> None:
    """Each shape has the sign of the legend that its figure asks for, and each sign one fill."""
    labels, painted = legend(page), shapes(page)
    wanted = window_of(library, address(page))
    decimals = library.config.measures[address(page)["measure"]].decimals
    fills_of_class: dict[int, set[str]] = {}
    for shape in painted:
        fills_of_class.setdefault(shape["klass"], set()).add(shape["fill"])
        row = wanted.loc[shape["id"]] if shape["id"] in wanted.index else None
        assert _fits(labels[shape["klass"]], row, 0.5 * 10**-decimals), shape["id"]
    assert all(len(used) == 1 for used in fills_of_class.values()), fills_of_class
    undrawn = set(library.without_shape("country")["jurisdiction_id"])
    reported = set(wanted.index[wanted["numerator_low"].notna()])
    assert reported - undrawn <= {shape["id"] for shape in painted}


def _fits(label: str, row: pd.Series | None, slack: float) -> bool:
    """Whether a label of the legend is true of a row of the library (None: not in the source)."""
    if row is None or pd.isna(row["value_low"]):
        return label == "Not reported"
    if label == "Zero":
        return bool(row["numerator_high"] == 0)
    if label == "Range only":
        return bool(row["status"] == "censored")
    numbers = [float(word.replace(",", "")) for word in label.split() if word[0].isdigit()]
    low = 0.0 if label.startswith("Up to") else numbers[0]
    high = float("inf") if label.startswith("Over") else numbers[-1]
    return bool(low - slack <= row["value_low"] <= row["value_high"] <= high + slack)


def test_a_link_into_a_fresh_server_shows_the_menu_and_a_painted_map(
    page: Page, problems: PageProblems, tmp_path_factory: pytest.TempPathFactory
) -> None:
    snapshots = shipped_snapshots(tmp_path_factory)
    with running_app(environment={"GAPATLAS_SNAPSHOTS": str(snapshots)}) as fresh:
        open_map(page, fresh.url, **RATIO)

        menu = page.get_by_test_id("stTopNavLink").all_inner_texts()
        assert [entry.splitlines()[-1] for entry in menu] == [
            "Overview",
            "Enforcement gaps",
            "Place profile",
            "Conviction rates",
            "Cross-border",
            "Evidence and defence",
            "Training investment",
            "Data and methods",
            "Your data",
        ]
        painted = shapes(page)
        assert len(painted) >= 150
        assert all(shape["drawn"] for shape in painted)
        assert len({shape["fill"] for shape in painted}) > 3
        assert address(page) == RATIO
        assert heading(page).endswith(", 2016-2018")
        assert problems.all() == []


def test_the_map_is_painted_as_the_library_computes(
    page: Page, app: RunningApp, library: Atlas
) -> None:
    open_map(page, app.url, **RATIO)

    assert_painted_as_computed(page, library)
    assert fills_that_lead_nowhere(page) == []


def test_an_arrow_key_moves_the_year_and_sends_only_its_figures(
    page: Page, app: RunningApp, library: Atlas
) -> None:
    received = Received(page)
    open_map(page, app.url, **RATIO)
    before = fills(page)

    page.get_by_role("slider").focus()
    received.start()
    page.keyboard.press("ArrowLeft")
    expect_heading(page, re.compile(r", 2015-2017$"))
    wait_until_idle(page)

    assert 0 < received.bytes <= STEP_BYTES
    assert address(page) == {**RATIO, "year": "2017"}
    assert fills(page) != before
    assert_painted_as_computed(page, library)
    assert "2015-2017" in place_sentence(page)


def test_stripes_stay_painted_when_the_address_changes(page: Page, app: RunningApp) -> None:
    """The browser knows stripes by an address that begins with that of the page."""
    open_map(page, app.url, **RATIO)
    assert "stripes" in fills(page).values()
    assert is_striped(page, "Range only")

    shape_of(page, "POL").click()
    page.wait_for_url("**place=POL&**")
    wait_until_idle(page)
    assert fills_that_lead_nowhere(page) == []
    assert is_striped(page, "Range only")

    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2017**")
    wait_until_idle(page)
    assert fills_that_lead_nowhere(page) == []
    assert is_striped(page, "Range only")
    assert not is_striped(page, "Not reported")


def test_another_measure_and_another_window_keep_the_year(page: Page, app: RunningApp) -> None:
    open_map(page, app.url, **RATIO)

    page.get_by_text("1 year", exact=True).click()
    expect_heading(page, re.compile(r", 20\d\d$"))
    wait_until_idle(page)
    assert address(page) == {**RATIO, "window": "1"}

    measure = page.get_by_role("combobox", name="What to look at")
    measure.click()
    measure.fill("Victims detected")
    page.keyboard.press("Enter")
    expect_heading(page, re.compile(r"^Victims detected"))
    wait_until_idle(page)
    assert address(page) == {**RATIO, "window": "1", "measure": "detected_per_100k"}


def test_all_that_names_years_follows_the_slider(
    page: Page, app: RunningApp, library: Atlas
) -> None:
    state = {
        "measure": "cleared_per_offence",
        "source": "fbi_ht",
        "year": "2022",
        "window": "3",
        "place": "US-TX",
    }
    open_map(page, app.url, **state)

    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect_heading(page, re.compile(r", 2019-2021$"))
    wait_until_idle(page)

    reporters = library.reporters("fbi_ht", ["US-TX"]).set_index("year")["reporters"]
    listed = ", ".join(f"{year}: {reporters[year]}" for year in (2019, 2020, 2021))
    assert "2019-2021" in place_sentence(page)
    expect(page.get_by_text(f"Agencies with a record, {listed}.")).to_be_visible(timeout=5_000)


def test_a_click_on_a_country_shows_it_everywhere(
    page: Page, app: RunningApp, library: Atlas
) -> None:
    open_map(page, app.url, **RATIO)
    assert outlined(page) == ["ROU"]

    shape_of(page, "POL").click()
    expect(page.get_by_role("combobox", name="Place")).to_have_value("Poland", timeout=15_000)
    wait_until_idle(page)

    assert address(page) == {**RATIO, "place": "POL"}
    assert outlined(page) == ["POL"]
    row = window_of(library, address(page)).loc["POL"]
    assert place_sentence(page).startswith("Poland, 2016-2018: ")
    assert f"{row['low']:.2f} to {row['high']:.2f}" in place_sentence(page)
    expect(page.get_by_role("link", name="All that is known of Poland")).to_be_visible()

    shape_of(page, "BRA").click()
    expect(page.get_by_role("combobox", name="Place")).to_have_value("Brazil", timeout=15_000)
    wait_until_idle(page)
    assert outlined(page) == ["BRA"]


def test_a_place_chosen_by_name_after_a_click_is_not_taken_back(
    page: Page, app: RunningApp
) -> None:
    open_map(page, app.url, **RATIO)
    shape_of(page, "POL").click()
    place = page.get_by_role("combobox", name="Place")
    expect(place).to_have_value("Poland", timeout=15_000)
    wait_until_idle(page)

    place.click()
    place.fill("Netherl")
    page.keyboard.press("Enter")
    expect(place).to_have_value("Netherlands")
    wait_until_idle(page)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect_heading(page, re.compile(r", 2015-2017$"))
    wait_until_idle(page)

    assert address(page)["place"] == "NLD"
    assert outlined(page) == ["NLD"]


def test_everything_can_be_reached_and_chosen_without_a_mouse(page: Page, app: RunningApp) -> None:
    open_map(page, app.url, **RATIO)

    _tab_to(page, "What to look at")
    page.keyboard.type("Victims detected")
    page.keyboard.press("Enter")
    expect_heading(page, re.compile(r"^Victims detected per 100,000 people, "))
    wait_until_idle(page)
    _tab_to(page, "Place")
    page.keyboard.type("Netherl")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Place")).to_have_value("Netherlands")
    wait_until_idle(page)

    assert address(page)["measure"] == "detected_per_100k"
    assert address(page)["place"] == "NLD"
    assert place_sentence(page).startswith("Netherlands, ")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
            return
    raise AssertionError(f"Tab never reaches '{name}'.")


def test_the_table_sorts_and_its_file_holds_the_figures_of_the_library(
    page: Page, app: RunningApp, library: Atlas, tmp_path
) -> None:
    open_map(page, app.url, **RATIO)
    page.get_by_text("Table and download").first.click()
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible(timeout=15_000)
    wait_until_idle(page)

    wanted = window_of(library, address(page))
    names = sorted(wanted["name"], reverse=True)
    first = grid.get_by_test_id("glide-cell-0-0")
    # The grid is a picture: its first header is at its upper left. A second click turns the order.
    for _ in range(2):
        grid.click(position={"x": 20, "y": 17})
        wait_until_idle(page)
    expect(first).to_have_text(names[0])
    shown = [grid.get_by_test_id(f"glide-cell-0-{row}").text_content() for row in range(3)]
    assert shown == names[:3]

    with page.expect_download() as started:
        page.locator(".st-key-map_table").get_by_role("button", name="CSV").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert file.name == "gap-atlas-convicted_per_prosecuted-2018.csv"
    again = read_back(file).set_index("jurisdiction_id")
    wanted = wanted.loc[again.index]
    assert len(again) == len(window_of(library, address(page)))
    for name in ("value", "low", "high", "numerator_low", "numerator_high", "denominator_low"):
        expected = wanted[name].astype("float64").tolist()
        assert again[name].astype("float64").tolist() == pytest.approx(expected, nan_ok=True), name
    assert again["status"].tolist() == wanted["status"].tolist()


@pytest.mark.parametrize("viewport", [(390, 844)])
@pytest.mark.parametrize("color_scheme", ["dark"])
def test_a_narrow_dark_phone_shows_the_whole_map_and_legend(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_map(page, app.url, **RATIO)

    assert overflowing(page) == []
    assert len({shape["fill"] for shape in shapes(page)}) > 3
    picture = page.locator(MAP).bounding_box()
    signs = page.locator(f"{MAP} .role-legend").first.bounding_box()
    assert picture is not None
    assert signs is not None
    assert picture["width"] <= 390
    assert signs["x"] >= picture["x"] - 1
    assert signs["x"] + signs["width"] <= picture["x"] + picture["width"] + 1
    assert signs["y"] + signs["height"] <= picture["y"] + picture["height"] + 1
    words = legend(page)
    assert words[-4:] == ["Zero", "Range only", "Count only", "Not reported"]
    assert not [word for word in words if word.endswith("…")]
    assert problems.all() == []


def test_a_map_of_the_states_is_painted_too(page: Page, app: RunningApp) -> None:
    open_map(page, app.url, measure="cleared_per_offence", year="2021", window="3")

    painted = shapes(page)
    assert len(painted) >= 50
    assert len({shape["fill"] for shape in painted}) > 2
