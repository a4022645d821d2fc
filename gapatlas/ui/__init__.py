"""Room `ui`: Streamlit pieces that pages share. The only room that imports Streamlit."""

from gapatlas.ui.app import Page, read_data
from gapatlas.ui.coverage import show_datasets, show_maps, show_measures
from gapatlas.ui.cross_border import show_cross_border
from gapatlas.ui.evidence_page import show_evidence
from gapatlas.ui.front import has_map, show_freshness, show_headlines
from gapatlas.ui.gap_map import show_map, show_place_choice
from gapatlas.ui.gap_page import gap_controls
from gapatlas.ui.investment_page import show_investment
from gapatlas.ui.place_parts import profile_link
from gapatlas.ui.profile_page import show_profile
from gapatlas.ui.rates_page import show_rates
from gapatlas.ui.share import show_share
from gapatlas.ui.shelf import offer_page
from gapatlas.ui.start import run_app, start_page
from gapatlas.ui.telling import opening_slot, tell
from gapatlas.ui.your_data import show_your_data

__all__ = [
    "Page",
    "gap_controls",
    "has_map",
    "offer_page",
    "opening_slot",
    "profile_link",
    "read_data",
    "run_app",
    "show_cross_border",
    "show_datasets",
    "show_evidence",
    "show_freshness",
    "show_headlines",
    "show_investment",
    "show_map",
    "show_maps",
    "show_measures",
    "show_place_choice",
    "show_profile",
    "show_rates",
    "show_share",
    "show_your_data",
    "start_page",
    "tell",
]
