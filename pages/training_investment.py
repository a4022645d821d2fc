"""What training would change: set a budget, read how sure it is, argue with every assumption."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Training investment")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
ui.show_investment(page)
ui.offer_page(TITLE)
ui.show_share(page)
