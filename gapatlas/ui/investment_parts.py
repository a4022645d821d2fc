"""What the parts of the page Training investment share: its state, and how a picture is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from gapatlas.comparison.pictures import Picture
from gapatlas.investment import showing
from gapatlas.investment.investing import Investment
from gapatlas.investment.pictures import Setting
from gapatlas.state import InvestmentState, Scenario
from gapatlas.ui.app import Page
from gapatlas.ui.panels import picture_twin, show_picture

STATE: Final = "invest_state"
"""Session key of the state; widgets have keys of their own, which win over it."""
OF_SCENARIO: Final = ("years", "spend_years", "refresh_every", "lag", "preset", "name")


def setting_of(page: Page, state: InvestmentState, found: Investment) -> Setting:
    """What every picture of the page says beside its finding."""
    return showing.setting_of(page.atlas, found, state.outcome, page.scheme)  # type: ignore[arg-type]


def figure_panel(page: Page, found: Investment, picture: Picture, name: str) -> None:
    """A picture with its table twin.

    Args:
        page: atlas and colour scheme.
        found: the scenario behind it.
        picture: what is shown.
        name: end of the keys and of the file's name, one of its kind on the page.
    """
    show_picture(picture, key=f"invest_{name}_chart")
    picture_twin(
        picture,
        showing.header_of(page.atlas, found, picture.title),
        name=f"training-{name.replace('_', '-')}",
        key=f"invest_{name}_table",
        chart=f"invest_{name}_chart",
    )


def show_scenario(scenario: Scenario) -> None:
    """Make a scenario the one that is shown: from the next run of the page on."""
    st.session_state[STATE] = replace(st.session_state[STATE], scenario=scenario)
    for key in list(st.session_state):
        if str(key).startswith(("invest_money_", "invest_places")):
            del st.session_state[key]
    for key in OF_SCENARIO:
        st.session_state.pop(f"invest_{key}", None)
