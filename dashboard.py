"""Gap Atlas: `streamlit run dashboard.py`."""

import streamlit as st

from gapatlas import ui

st.set_page_config(page_title="Gap Atlas", page_icon="⚖️", layout="wide")

pages = [
    st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True),
    st.Page("pages/enforcement_gaps.py", title="Enforcement gaps", icon=":material/map:"),
    st.Page("pages/place_profile.py", title="Place profile", icon=":material/location_on:"),
    st.Page("pages/conviction_rates.py", title="Conviction rates", icon=":material/gavel:"),
    st.Page("pages/cross_border.py", title="Cross-border", icon=":material/public:"),
    st.Page(
        "pages/evidence_and_defence.py", title="Evidence and defence", icon=":material/balance:"
    ),
    st.Page("pages/training_investment.py", title="Training investment", icon=":material/school:"),
    st.Page("pages/data_and_methods.py", title="Data and methods", icon=":material/database:"),
    st.Page("pages/your_data.py", title="Your data", icon=":material/upload_file:"),
]
ui.run_app(pages)
