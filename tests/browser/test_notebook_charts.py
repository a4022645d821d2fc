"""A chart of a notebook: alive with the scripts of Vega, a still picture without, never both."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import pandas as pd
import pytest
import vl_convert
from playwright.sync_api import Browser, Page, Route, expect

from gapatlas.export import Download, for_notebook

ADDRESS = "http://notebook.test/"
SCRIPTS = "**/cdn.jsdelivr.net/**"
VEGA = "window.vega = vega; window.vegaLite = vegaLite; window.vegaEmbed = vegaEmbed;"


@pytest.fixture
def notebook(browser: Browser) -> Iterator[Page]:
    """A page with a chart, as a notebook shows it."""
    data = pd.DataFrame({"year": ["2021", "2022"], "persons": [4, 6]})
    chart = alt.Chart(data, description="Persons rose from 4 to 6").mark_bar()
    chart = chart.encode(x="year:N", y="persons:Q")
    shown = for_notebook(chart, lambda: Download.of(data, []))._repr_mimebundle_()["text/html"]
    with browser.new_context() as context:
        page = context.new_page()
        page.route(ADDRESS, lambda route: route.fulfill(body=shown, content_type="text/html"))
        yield page


def test_the_still_picture_goes_once_the_living_chart_is_drawn(notebook: Page) -> None:
    scripts = vl_convert.javascript_bundle(VEGA)

    def send(route: Route) -> None:
        body = scripts if "vega-embed" in route.request.url else ""
        route.fulfill(body=body, content_type="application/javascript")

    notebook.route(SCRIPTS, send)
    notebook.goto(ADDRESS)
    expect(notebook.locator("svg.marks, canvas.marks")).to_be_visible()
    expect(notebook.get_by_role("img", name="Persons rose from 4 to 6")).to_be_hidden()


def test_the_still_picture_stands_where_the_scripts_are_not_loaded(notebook: Page) -> None:
    notebook.route(SCRIPTS, lambda route: route.abort())
    notebook.goto(ADDRESS)
    picture = notebook.get_by_role("img", name="Persons rose from 4 to 6")
    expect(picture).to_be_visible()
    assert picture.evaluate("it => it.naturalWidth") > 100, "the picture can be drawn"
    expect(notebook.locator(".error")).to_have_count(1)
    expect(notebook.locator(".error")).to_be_hidden()
