"""The sentences with which pages open, in 1,000 random states: each is true of its frame."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

import gapatlas
from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison.comparing import every_window_of
from gapatlas.crossborder import find_flows
from gapatlas.evidence import case_evidence
from gapatlas.gaps import find_gaps
from gapatlas.investment import baselines, invest
from gapatlas.links import PAGES, figures
from gapatlas.state import (
    EvidenceState,
    FlowState,
    GapState,
    InvestmentState,
    MapState,
    ProfileState,
    RateState,
)
from gapatlas.telling import opening
from tests.random_views import random_query
from tests.reading_openings import NUMBER, assert_true
from tests.shipped_snapshots import shipped_snapshots

ROOT = Path(__file__).resolve().parents[2]
STATES_OF: Final = {
    "enforcement_gaps": 180,
    "conviction_rates": 449,
    "place_profile": 40,
    "cross_border": 60,
    "evidence_and_defence": 60,
    "training_investment": 200,
    "overview": 10,
    "data_and_methods": 1,
}


class Shipped:
    """Figures of the shipped data; what several states share is asked once."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.base = baselines(atlas)
        self.case_evidence = cache(lambda dataset: case_evidence(atlas, dataset))
        self.frames = cache(lambda *asked: every_window_of(atlas, *asked))
        self.printed = cache(atlas.flows)
        self.find = cache(self._find)
        self.choices = cache(lambda page: PAGES[page].choices(atlas))

    def _find(self, figures_: Any, benchmark: str, peers: str, own: tuple[str, ...]) -> Any:
        return find_gaps(
            self.atlas,
            figures_.measure_id,
            year=figures_.year,
            window=figures_.window,
            source=figures_.source,
            benchmark=benchmark,
            peers=peers,
            own=own,
            frames=self.frames,
        )

    def figures_of(self, page: str, state: Any) -> Any:
        match state:
            case GapState(show="rate", figures=asked) if not state.layers:
                return self._rates(asked)
            case GapState() if not state.layers:
                return figures.gap_of(self.atlas, state, self.frames)
            case RateState():
                return figures.comparison_of(self.atlas, state, self.frames)
            case ProfileState():
                return figures.profile_of(self.atlas, state, self.frames, self.find)
            case FlowState():
                years = (state.year_from, state.year_to)
                return find_flows(
                    self.atlas,
                    state.source,
                    state.stage,
                    years,
                    at_least=state.at_least,
                    printed=self.printed(state.source, state.stage),
                )
            case EvidenceState():
                found = self.case_evidence(state.dataset)
                return found.looked_at(state.view, state.split, state.outcome)
            case InvestmentState():
                return invest(self.atlas, state.scenario, base=self.base)
            case MapState() | GapState() | None:
                return PAGES[page].figures(self.atlas, state)
        raise AssertionError(state)

    def _rates(self, asked: MapState) -> AtlasFrame:
        every = self.frames(asked.measure, asked.source, asked.window)
        return every.only(every.data[every.data["year_to"] == asked.year])

    def state(self, page: str, chance: random.Random) -> Any:
        choices = self.choices(page)
        if page == "overview":
            first, last = choices.spans[choices.default.measure][choices.default.source]
            window = chance.choice((1, 3, 5))
            return MapState(
                choices.default.measure,
                choices.default.source,
                window,
                chance.randint(first + window - 1, last),
            )
        query = {} if page == "data_and_methods" else random_query(chance, page, choices)
        return PAGES[page].from_query(query, choices)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shipped]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(shipped_snapshots(tmp_path_factory)))
        with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
            yield Shipped(atlas)


@pytest.mark.parametrize("page", STATES_OF)
def test_each_sentence_is_true_of_its_frame(page: str, shipped: Shipped) -> None:
    chance = random.Random(page)
    for _ in range(STATES_OF[page]):
        state = shipped.state(page, chance)
        found = shipped.figures_of(page, state)
        told = opening(found)
        try:
            assert_true(found, told.sentences)
        except AssertionError as fault:
            raise AssertionError(f"{state}\n{told.text}\n{fault}") from fault


def test_there_are_1000_states_of_every_page_with_figures() -> None:
    assert sum(STATES_OF.values()) == 1000
    assert {*STATES_OF, "your_data"} == {*PAGES}


def test_several_windows_at_once_are_refused(shipped: Shipped) -> None:
    several = shipped.frames("convicted_per_prosecuted", "unodc_glotip", 5)
    with pytest.raises(ValueError, match="Only one window"):
        opening(several)


def test_a_sentence_with_another_number_or_side_is_refused(shipped: Shipped) -> None:
    """The reader of sentences is no rubber stamp: each lie of these is found."""
    found = gapatlas.compare(shipped.atlas, "convicted_per_prosecuted", "ROU", year=2022)
    first, second = opening(found).sentences
    unit = first.index(found.measure.unit)
    lies = [
        (first[: at.start()] + "977" + first[at.end() :], second)
        for at in NUMBER.finditer(first[:unit])
    ]
    lies += [(first, "The whole interval lies above the middle of 3 peers (0.1).")]
    lies += [(first.replace("95% interval", "interval"), second)]
    assert len(lies) >= 4
    for lie in lies:
        with pytest.raises(AssertionError):
            assert_true(found, lie)
