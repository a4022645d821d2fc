"""Every choice that an address can hold has words of its own."""

from __future__ import annotations

import pytest

from gapatlas import state
from gapatlas.links.labels import OF_PAGES

CHOICES = {
    ("enforcement_gaps", "show"): state.SHOWN,
    ("enforcement_gaps", "benchmark"): state.BENCHMARKS,
    ("enforcement_gaps", "view"): state.GAP_VIEWS,
    ("enforcement_gaps", "layers"): state.LAYERS,
    ("place_profile", "benchmark"): state.BENCHMARKS,
    ("conviction_rates", "view"): state.RATE_VIEWS,
    ("conviction_rates", "spread"): state.SPREADS,
    ("cross_border", "view"): state.FLOW_VIEWS,
    ("evidence_and_defence", "view"): state.EVIDENCE_VIEWS,
    ("evidence_and_defence", "split"): state.EVIDENCE_SPLITS,
    ("evidence_and_defence", "outcome"): state.CASE_OUTCOMES,
    ("training_investment", "view"): state.INVESTMENT_VIEWS,
    ("training_investment", "outcome"): state.OUTCOMES,
}


@pytest.mark.parametrize(("page", "part"), CHOICES)
def test_each_choice_has_words_and_no_two_the_same(page: str, part: str) -> None:
    words = OF_PAGES[page][part]

    assert set(words) == set(CHOICES[page, part])
    assert len(set(words.values())) == len(words)
    assert all(text[0].isupper() and text != value for value, text in words.items())


def test_no_page_has_words_for_a_choice_that_it_does_not_have() -> None:
    assert {(page, part) for page, parts in OF_PAGES.items() for part in parts} == set(CHOICES)
