"""Open a page as a reader would, and read what it shows."""

from __future__ import annotations

import functools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test

from gapatlas.state import view_of_query

# Each AppTest starts Streamlit anew, which reads the metadata of every installed package: half of
# the time of a page test. What is installed does not change meanwhile.
manifest_scanner.scan_component_manifests = functools.cache(
    manifest_scanner.scan_component_manifests
)


class PagesOfTheMenu(PagesManager):
    """A server knows from its start that the menu is that of `dashboard.py`; AppTest has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        PagesManager.uses_pages_directory = False


app_test.PagesManager = PagesOfTheMenu  # type: ignore[misc]

ROOT = Path(__file__).resolve().parents[2]
OVERVIEW = "pages/overview.py"
GAPS = "pages/enforcement_gaps.py"
METHODS = "pages/data_and_methods.py"
RATES = "pages/conviction_rates.py"
FLOWS = "pages/cross_border.py"
PROFILE = "pages/place_profile.py"
KINDS = (
    "selectbox",
    "slider",
    "button_group",
    "toggle",
    "number_input",
    "multiselect",
    "text_input",
    "text_area",
)
TRAINING = "pages/training_investment.py"
EVIDENCE = "pages/evidence_and_defence.py"
MINE = "pages/your_data.py"


def visit(page: str, query: dict[str, Any] | None = None, theme: str = "light") -> AppTest:
    """A reader who opens a page, with an address if there is one."""
    # Pages link to each other, so they need the menu of the dashboard around them.
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
    if page != OVERVIEW:
        app.switch_page(page)
    app.context["theme"] = theme
    app.query_params = dict(query or {})
    return app.run()


def rate_map(query: dict[str, Any] | None = None, theme: str = "light") -> AppTest:
    """A reader who opens the page of gaps as a map of rates."""
    return visit(GAPS, {"show": "rate", **(query or {})}, theme)


def choose(app: AppTest, **widgets: Any) -> AppTest:
    """Use widgets of the page by their key, then let it run."""
    for key, value in widgets.items():
        _widget(app, key).set_value(value)
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    """Press a button by its key, then let the page run."""
    return app.button(key=key).click().run()


def open_panels(app: AppTest, *keys: str) -> AppTest:
    """Open expanders by their key."""
    for key in keys:
        app.session_state[key] = True
    return app.run()


def run_until(app: AppTest, reached: Callable[[AppTest], bool], seconds: float = 20) -> AppTest:
    """Let the page run again and again until it shows what is waited for."""
    deadline = time.monotonic() + seconds
    while not reached(app):
        assert time.monotonic() < deadline, f"The page still shows:\n{words(app)}"
        time.sleep(0.05)
        app.run()
    return app


def words(app: AppTest) -> str:
    """All that the page says, one element a line."""
    kinds = (app.title, app.header, app.subheader, app.error, app.info, app.markdown, app.caption)
    lines = [str(element.value) for kind in kinds for element in kind]
    lines += [expander.label for expander in app.expander]
    return "\n".join(lines)


def assert_in_order(app: AppTest) -> None:
    """No exception and no error on the page, and nothing that only a programmer understands."""
    assert [exception.value for exception in app.exception] == []
    assert [error.value for error in app.error] == []
    for slip in ("nan", "NaN", "None", "<NA>", "inf"):
        assert slip not in words(app).split(), f"'{slip}' in:\n{words(app)}"


@dataclass(frozen=True)
class ShownChart:
    """A chart as the page sends it."""

    spec: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    alt: str


def charts(app: AppTest) -> list[ShownChart]:
    """Every chart of the page, from top to bottom."""
    found = []
    for element in app.get("vega_lite_chart"):
        proto = element.proto
        tables = {table.name: _frame(table.data.data) for table in proto.datasets}
        found.append(ShownChart(json.loads(proto.spec), tables, proto.alt))
    return found


def the_map(app: AppTest) -> ShownChart:
    """The map: the one chart whose figures travel by name."""
    [found] = [chart for chart in charts(app) if "figures" in chart.tables]
    return found


def figures(app: AppTest) -> pd.DataFrame:
    """The figures that the map is given, by place: k (class), nl to nh (numerator), dl to dh
    (denominator), lo to hi (interval, in units of the last decimal), year, used (years used)."""
    table = the_map(app).tables["figures"].set_index("id").astype("int64")
    for side in ("n", "d"):
        table[f"{side}h"] = table[f"{side}l"] + table[f"{side}r"]
    table["hi"] = table["hi"].where(table["hi"] >= 0, float("inf"))
    table["year"], table["used"] = table["y"] // 10, table["y"] % 10
    return table


def legend_of(chart: ShownChart) -> list[str]:
    """Words of a map's legend; the position of each is the number of its class."""
    expression = chart.spec["encoding"]["fill"]["legend"]["labelExpr"]
    labels: list[str] = json.loads(expression.removesuffix("[datum.value]"))
    return labels


def outlined(app: AppTest) -> str:
    """Id of the place that the map outlines; empty where it outlines none."""
    [condition] = the_map(app).spec["encoding"]["stroke"]["condition"]
    if condition["test"] == "false":
        return ""
    found = re.fullmatch(r'\(?datum\.id == "(.*)"\)?', condition["test"])
    assert found is not None, condition
    return found.group(1)


def address(app: AppTest) -> dict[str, str]:
    """The parts of the page's address that are of its view, in order."""
    return view_of_query(dict(app.query_params))


def _widget(app: AppTest, key: str) -> Any:
    for kind in KINDS:
        for widget in app.get(kind):
            if widget.key == key:
                return widget
    raise AssertionError(f"There is no widget '{key}' on the page.")


def _frame(arrow: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(arrow).read_all().to_pandas()
