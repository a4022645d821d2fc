"""One place: its headline, counts, gaps, sources, policy, grants, and how good its data are."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Place profile")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
ui.show_profile(page)
ui.offer_page(TITLE)
ui.show_share(page)
