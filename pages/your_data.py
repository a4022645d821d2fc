"""A reader's own table: what the atlas would make of it, and the lines that a config needs."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import say

page = ui.start_page()

st.title(say("Your data"), anchor=False)
opening = ui.opening_slot()
ui.show_your_data(page, opening)
ui.show_share(page)
