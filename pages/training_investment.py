"""What training would change: set a budget, read how sure it is, argue with every assumption."""

import streamlit as st

from gapatlas import ui

page = ui.start_page()

st.title("Training investment", anchor=False)
ui.show_investment(page)
ui.offer_page("Training investment")
ui.show_share(page)
