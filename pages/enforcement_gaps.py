"""The map of gaps: choose a benchmark, see who falls short, where, and who does not report."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Enforcement gaps")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
opening = ui.opening_slot()
ui.gap_controls(page)
ui.show_map(page, opening)
ui.show_place_choice(page)
ui.offer_page(TITLE)
ui.show_share(page)
