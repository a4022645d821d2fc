"""Every dataset with edition, terms and coverage; every measure with its definition."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Data and methods", anchor=False)
ui.tell(ui.opening_slot(), page.atlas)
st.markdown(
    """
Counts are kept as published. A count printed as "fewer than 5" is kept as a range, and every
interval covers each number in that range. What a place does not report is kept as not
reported: it never becomes a zero and never enters an average. Two sources for one place and
year are never mixed.
"""
)
st.header("Datasets", anchor=False)
ui.show_datasets(page)
st.header("Maps", anchor=False)
ui.show_maps(page)
st.header("Measures", anchor=False)
ui.show_measures(page)
ui.offer_page("Data and methods")
ui.show_share(page)
