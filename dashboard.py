"""Gap Atlas: `streamlit run dashboard.py`."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark

st.set_page_config(page_title="Gap Atlas", page_icon="⚖️", layout="wide")

pages = [
    ("pages/overview.py", mark("Overview"), ":material/home:"),
    ("pages/enforcement_gaps.py", mark("Enforcement gaps"), ":material/map:"),
    ("pages/place_profile.py", mark("Place profile"), ":material/location_on:"),
    ("pages/conviction_rates.py", mark("Conviction rates"), ":material/gavel:"),
    ("pages/cross_border.py", mark("Cross-border"), ":material/public:"),
    ("pages/evidence_and_defence.py", mark("Evidence and defence"), ":material/balance:"),
    ("pages/training_investment.py", mark("Training investment"), ":material/school:"),
    ("pages/data_and_methods.py", mark("Data and methods"), ":material/database:"),
    ("pages/your_data.py", mark("Your data"), ":material/upload_file:"),
]
ui.run_app(pages)
