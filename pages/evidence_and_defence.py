"""Which evidence and which defence go with conviction, from tables that give nobody away."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Evidence and defence")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
ui.show_evidence(page)
ui.offer_page(TITLE)
ui.show_share(page)
