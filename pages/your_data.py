"""A reader's own table: what the atlas would make of it, and the lines that a config needs."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Your data", anchor=False)
ui.show_your_data(page)
ui.show_share(page)
