"""Conviction rates: choose a rate and a place, read five answers, look closer."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Conviction rates", anchor=False)
ui.show_rates(page)
ui.offer_page("Conviction rates")
ui.show_share(page)
