"""Every dataset with edition, terms and coverage; every measure with its definition."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

TITLE = mark("Data and methods")

page = ui.start_page()

st.title(say(TITLE), anchor=False)
ui.tell(ui.opening_slot(), page.atlas)
st.markdown(
    say(
        'Counts are kept as published. A count printed as "fewer than 5" is kept as a range, and '
        "every interval covers each number in that range. What a place does not report is kept as "
        "not reported: it never becomes a zero and never enters an average. Two sources for one "
        "place and year are never mixed."
    )
)
st.header(say("Datasets"), anchor=False)
ui.show_datasets(page)
st.header(say("Maps"), anchor=False)
ui.show_maps(page)
st.header(say("Measures"), anchor=False)
ui.show_measures(page)
ui.offer_page(TITLE)
ui.show_share(page)
