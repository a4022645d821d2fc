"""Cross-border: whose citizens are detected where, and where two places could work together."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Cross-border")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
ui.show_cross_border(page)
ui.offer_page(TITLE)
ui.show_share(page)
