"""The atlas that a server shows, the banner when newer data have faults, the colour scheme."""

from __future__ import annotations

import atexit
import gc
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.config import default_config_path
from gapatlas.errors import GapAtlasError
from gapatlas.languages import mark, said, say, whole
from gapatlas.links import Earlier
from gapatlas.live import LiveAtlas, Served
from gapatlas.training import compile_ahead
from gapatlas.ui.language import kept_with_spinner, speak_as_before
from gapatlas.ui.panels import plain

SHOWN_PROBLEMS = 10
NAME = "page_name"
"""Session key of the name of the page that is open."""
SECONDS_BETWEEN_LOOKS = 0.5
COLLECT_AFTER = (20_000, 25, 2)
"""New objects, collections of the young, and of the middle-aged, after which garbage is collected.

A session that is there while the middle-aged are looked through counts as old, and stays until the
old are, even if its reader left long ago. So those follow soon: at (50_000, 20, 50) they never did,
and memory grew by 2 MB in 1,000 interactions. The young are collected every hundred runs or so,
where Python's own number makes dozens of collections in each."""


@dataclass(frozen=True)
class Page:
    """What every page needs.

    Attributes:
        atlas: the atlas that it shows.
        scheme: the reader's colour scheme.
        name: its file name without the ending; empty outside the app's menu.
        today: the newest atlas of the server.
        earlier: the snapshot of the link that the reader follows.
        top: where it says what has changed since that link was made.
    """

    atlas: Atlas
    scheme: Scheme
    name: str
    today: Atlas
    earlier: Earlier
    top: DeltaGenerator


def served_now() -> Served:
    """The newest good atlas of the server, and what keeps newer data from being shown.

    While newer data are read, the page says so, and is drawn again when they are there.
    """
    live = read_data()
    served = live.current()
    if live.is_building:
        _follow(live)
    return served


def read_data() -> LiveAtlas:
    """The data of the server; built and opened by whoever asks first."""
    return _live(str(default_config_path().resolve()))


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _follow(live: LiveAtlas) -> None:
    if not live.is_building:
        st.rerun()
    speak_as_before()
    st.caption(say("The data have changed. The newer figures follow in a moment."))


@kept_with_spinner(mark("Reading the data ..."))
def _live(config_path: str) -> LiveAtlas:
    live = LiveAtlas(Path(config_path))
    # A collection stops every session for 50-90 ms: what is loaded by now stays for good, so it is
    # taken out of the collector's sight once.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    atexit.register(gc.unfreeze)
    threading.Thread(target=compile_ahead, daemon=True).start()
    return live


def scheme_now() -> Scheme:
    """The colour scheme that the reader's app has."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show_error(error: GapAtlasError, *, still_serving: bool) -> None:
    """Say what is wrong with the newest data, and where."""
    lead = (
        say("The newest data can't be shown; these are the last good figures.")
        if still_serving
        else say("There are no figures to show yet.")
    )
    lines = [f"**{lead}** {plain(said(error.summary))}"]
    told = [problem for problem in error.problems if not problem.private]
    lines += [f"- {plain(problem.said())}" for problem in told[:SHOWN_PROBLEMS]]
    for file, number in Counter(p.where for p in error.problems if p.private).items():
        told_of_persons = say(
            "{file}: {number} in a file of persons. `gapatlas check` tells the rows to who holds "
            "the file.",
            file=plain(file),
            number=whole(number),
        )
        lines.append(f"- {told_of_persons}")
    left = len(told) - SHOWN_PROBLEMS
    if left > 0:
        more = say("And {number} more: run `gapatlas check`.", number=whole(left))
        lines.append(f"- {more}")
    st.error("\n".join(lines))
