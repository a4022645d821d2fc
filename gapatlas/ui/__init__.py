"""Room `ui`: Streamlit pieces that pages share. The only room that imports Streamlit."""

from gapatlas.ui.app import Page, start_page
from gapatlas.ui.coverage import show_datasets, show_maps, show_measures
from gapatlas.ui.front import show_freshness, show_headlines
from gapatlas.ui.map_page import map_controls, show_map, show_place
from gapatlas.ui.not_known import show_not_known
from gapatlas.ui.place_parts import profile_link
from gapatlas.ui.profile_page import show_profile
from gapatlas.ui.rates_page import show_rates

__all__ = [
    "Page",
    "map_controls",
    "profile_link",
    "show_datasets",
    "show_freshness",
    "show_headlines",
    "show_map",
    "show_maps",
    "show_measures",
    "show_not_known",
    "show_place",
    "show_profile",
    "show_rates",
    "start_page",
]
