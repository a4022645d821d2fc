"""The atlas behind the pages, the banner when newer data have faults, and the colour scheme."""

from __future__ import annotations

import atexit
import gc
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.config import default_config_path
from gapatlas.errors import GapAtlasError
from gapatlas.live import LiveAtlas, Served
from gapatlas.training import warm_up
from gapatlas.ui.panels import map_style, plain
from gapatlas.ui.shelf import start_shelf

SHOWN_PROBLEMS = 10


@dataclass(frozen=True)
class Page:
    """What every page needs: the atlas that serves it, and the reader's colour scheme."""

    atlas: Atlas
    scheme: Scheme


@st.cache_resource(show_spinner="Reading the data ...")
def _live(config_path: str) -> LiveAtlas:
    live = LiveAtlas(Path(config_path))
    # A collection after each rerun stops every session for 50-90 ms: what is loaded by now
    # stays for good, so it is taken out of the collector's sight once.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    threading.Thread(target=warm_up, daemon=True).start()
    return live


STYLE = f"""
<style>
{map_style()}
  [data-testid="stMainBlockContainer"] {{ padding-top: 4rem; padding-bottom: 4rem; }}
  [data-testid="stCaptionContainer"] {{ color: inherit; opacity: 0.85; }}
  button[data-testid="stBaseButton-elementToolbar"]:is(
    [aria-label^="Show data"], [aria-label^="Download as CSV"]) {{ display: none; }}
</style>
"""
"""Less space above, captions with a contrast above 4.5:1, maps as high as their width
asks. Streamlit's own data view and CSV file show raw columns without source or unit: each chart
has a table and a download of ours instead."""


def start_page() -> Page:
    """Give the page its atlas; show what is wrong where newer data can't be shown, and stop
    where there is nothing to show."""
    _leave_folder_navigation()
    st.html(STYLE)
    served: Served = _live(str(default_config_path().resolve())).current()
    if served.error is not None:
        _show_error(served.error, still_serving=served.atlas is not None)
    if served.atlas is None:
        st.stop()
    start_shelf(served.atlas)
    return Page(atlas=served.atlas, scheme=_scheme())


def _leave_folder_navigation() -> None:
    """Run again through `dashboard.py`.

    Until it has run once, Streamlit takes the folder `pages/` for its older navigation: a link
    straight to a page of a fresh server would show file names for a menu.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def _scheme() -> Scheme:
    return "dark" if st.context.theme.type == "dark" else "light"


def _show_error(error: GapAtlasError, *, still_serving: bool) -> None:
    lead = (
        "**The newest data can't be shown; these are the last good figures.**"
        if still_serving
        else "**There are no figures to show yet.**"
    )
    lines = [f"{lead} {plain(error.summary)}"]
    told = [problem for problem in error.problems if not problem.private]
    lines += [f"- {plain(str(problem))}" for problem in told[:SHOWN_PROBLEMS]]
    for file, number in Counter(p.where for p in error.problems if p.private).items():
        lines.append(
            f"- {plain(file)}: {number} in a file of persons. `gapatlas check` tells the rows to "
            "who holds the file."
        )
    left = len(told) - SHOWN_PROBLEMS
    if left > 0:
        lines.append(f"- And {left} more: run `gapatlas check`.")
    st.error("\n".join(lines))
