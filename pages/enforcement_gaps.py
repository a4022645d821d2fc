"""The map: choose a measure and years, see where it is low, ask about one place."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Enforcement gaps", anchor=False)
state = ui.map_controls(page)
ui.show_map(page, state)
ui.show_place(page, state)
ui.show_not_known(page, state)
