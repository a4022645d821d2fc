"""Gap Atlas: `streamlit run dashboard.py`.

Streamlit reads this file twice: as it starts, to make the server, and again for each run of a page.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from gapatlas.languages import mark_as
from gapatlas.serving import meanwhile

PAGES = [
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


def load() -> None:
    """Load the library and the data, for which the first reader would wait otherwise."""
    from gapatlas import ui

    ui.read_data()


def run() -> None:
    """Run the page that the reader has open."""
    from gapatlas import ui

    st.set_page_config(page_title="Gap Atlas", page_icon="⚖️", layout="wide")
    ui.run_app(PAGES)


if __name__ == "__main__":
    run()
else:
    # Until this file has run once, Streamlit would take the folder `pages/` for its older
    # navigation: a link straight to a page of a fresh server would show file names for a menu.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, lifespan=meanwhile(load))
