"""One place: its headline, counts, gaps, sources, policy, grants, and how good its data are."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Place profile", anchor=False)
ui.show_profile(page)
ui.offer_page("Place profile")
ui.show_share(page)
