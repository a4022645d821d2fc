"""Figures of the page Place profile, computed once per snapshot and choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.comparison.pictures import Picture, peers_picture, trend_picture
from gapatlas.export import Figure
from gapatlas.gaps import Gap
from gapatlas.languages import in_alphabet, mark, say
from gapatlas.links import figures as shown
from gapatlas.links import offers
from gapatlas.profile import LEVELS, Figures, Profile
from gapatlas.profile.pictures import (
    agencies_picture,
    conflict_pictures,
    gap_picture,
    grants_picture,
    grid_pictures,
    history_picture,
    outcome_pictures,
    stage_pictures,
)
from gapatlas.state import GapState, MapState, ProfileChoices, ProfileState
from gapatlas.tables import rows
from gapatlas.ui.figures import KEPT, every_window
from gapatlas.ui.gap_figures import gap_of

LEVEL_WORDS: Final = {"us_state": mark("US state"), "us_territory": mark("US territory")}
"""What stands behind a name in the picker: Georgia is a country, and a state too."""


@dataclass(frozen=True)
class Shown:
    """A picture with its specification, ready to be sent."""

    picture: Picture
    spec: dict[str, Any]

    @property
    def figure(self) -> Figure:
        """The chart with its words, as it can be taken along."""
        picture = self.picture
        return Figure(picture.title, picture.source, picture.alt, self.spec)


def profile_choices(atlas: Atlas) -> ProfileChoices:
    """What a reader of the page can choose from."""
    return _profile_choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _profile_choices(snapshot: str, _atlas: Atlas) -> ProfileChoices:
    return offers.profile_choices(_atlas)


def place_labels(atlas: Atlas) -> dict[str, str]:
    """Place id -> what the picker calls it, no two alike, in the order of the alphabet."""
    return _place_labels(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _place_labels(snapshot: str, _atlas: Atlas) -> dict[str, str]:
    places = _atlas.jurisdictions()
    shown = places[places["level"].isin(LEVELS)]
    names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
    labels = {row.jurisdiction_id: _label(row, names) for row in rows(shown)}
    counted = Counter(labels.values())
    told = {
        id_: f"{label} ({id_})" if counted[label] > 1 else label for id_, label in labels.items()
    }
    return {id_: told[id_] for id_ in in_alphabet(told, told)}


def _label(row: Any, names: Mapping[str, str]) -> str:
    """A name, with what the place is where another kind of place may have the name too."""
    if row.level == "province":
        behind = names.get(row.parent_id)
    else:
        behind = say(LEVEL_WORDS.get(row.level, ""))
    return f"{row.name} ({behind})" if behind else str(row.name)


def profile_of(atlas: Atlas, state: ProfileState) -> Profile:
    """The profile that a state asks for."""
    return _profile(atlas.key, state, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _profile(snapshot: str, state: ProfileState, _atlas: Atlas) -> Profile:
    return shown.profile_of(
        _atlas, state, frames=partial(every_window, _atlas), find=partial(_gap, _atlas)
    )


def _gap(atlas: Atlas, figures: Figures, benchmark: str, peers: str, own: tuple[str, ...]) -> Gap:
    """The gaps of all places: the same whichever place is asked about, and on the map too."""
    asked = MapState(figures.measure_id, figures.source, figures.window, figures.year)
    return gap_of(atlas, GapState(asked, "", benchmark, peers, own))


def pictures(atlas: Atlas, state: ProfileState, part: str, scheme: Scheme) -> tuple[Shown, ...]:
    """The pictures of one part of the page, one of `PARTS` or `stages` or `agencies` with a
    source behind a colon."""
    return _pictures(atlas.key, state, part, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=16 * KEPT)
def _pictures(
    snapshot: str, state: ProfileState, part: str, scheme: Scheme, _atlas: Atlas
) -> tuple[Shown, ...]:
    found = _profile(snapshot, state, _atlas)
    kind, _, source = part.partition(":")
    drawn = SOURCE_PARTS[kind](found, source, scheme) if source else PARTS[kind](found, scheme)
    return tuple(Shown(picture, picture.spec()) for picture in drawn if picture is not None)


def _peers(found: Profile, scheme: Scheme) -> list[Picture | None]:
    return [peers_picture(found.comparison, scheme)] if found.comparison else []


def _trend(found: Profile, scheme: Scheme) -> list[Picture | None]:
    comparison = found.comparison
    if comparison is None or not comparison.trend.years["value_low"].notna().any():
        return []
    return [trend_picture(comparison, scheme)]


PARTS: Final[dict[str, Callable[[Profile, Scheme], Iterable[Picture | None]]]] = {
    "outcomes": outcome_pictures,
    "gaps": lambda found, scheme: [gap_picture(found, scheme)],
    "peers": _peers,
    "trend": _trend,
    "conflicts": conflict_pictures,
    "history": lambda found, scheme: [history_picture(each, scheme) for each in found.history],
    "grants": lambda found, scheme: [grants_picture(found.grants, scheme)] if found.grants else [],
    "grid": grid_pictures,
}
SOURCE_PARTS: Final[dict[str, Callable[[Profile, str, Scheme], Iterable[Picture | None]]]] = {
    "stages": stage_pictures,
    "agencies": lambda found, source, scheme: [agencies_picture(found, source, scheme)],
}
