"""Cross-border: whose citizens are detected where, and where two places could work together."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Cross-border", anchor=False)
ui.show_cross_border(page)
ui.offer_page("Cross-border")
ui.show_share(page)
