"""Gap Atlas: `streamlit run dashboard.py`."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark_as

st.set_page_config(page_title="Gap Atlas", page_icon="⚖️", layout="wide")

pages = [
    ("pages/overview.py", mark_as("menu", "Overview"), ":material/home:"),
    ("pages/enforcement_gaps.py", mark_as("menu", "Enforcement gaps"), ":material/map:"),
    ("pages/place_profile.py", mark_as("menu", "Place profile"), ":material/location_on:"),
    ("pages/conviction_rates.py", mark_as("menu", "Conviction rates"), ":material/gavel:"),
    ("pages/cross_border.py", mark_as("menu", "Cross-border"), ":material/public:"),
    (
        "pages/evidence_and_defence.py",
        mark_as("menu", "Evidence and defence"),
        ":material/balance:",
    ),
    ("pages/training_investment.py", mark_as("menu", "Training investment"), ":material/school:"),
    ("pages/data_and_methods.py", mark_as("menu", "Data and methods"), ":material/database:"),
    ("pages/your_data.py", mark_as("menu", "Your data"), ":material/upload_file:"),
]
ui.run_app(pages)
