"""Conviction rates: choose a rate and a place, read five answers, look closer."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Conviction rates")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
ui.show_rates(page)
ui.offer_page(TITLE)
ui.show_share(page)
