"""Which evidence and which defence go with conviction, from tables that give nobody away."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Evidence and defence", anchor=False)
ui.show_evidence(page)
ui.offer_page("Evidence and defence")
ui.show_share(page)
