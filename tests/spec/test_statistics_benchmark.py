"""The benchmark of the statistics compares like with like; no test here measures time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.library import PeerDiffersError
from benchmarks.rate_statistics import (
    PLACES,
    Answers,
    at_once,
    check_same,
    draw_places,
    place_by_place,
)


@pytest.fixture(scope="module")
def answers() -> tuple[Answers, Answers]:
    places = draw_places(ranges=True)
    return at_once(places), place_by_place(places)


def test_a_loop_over_places_gives_the_same_answers(answers):
    ours, peer = answers
    check_same(ours, peer)
    assert ours.limits.shape == peer.limits.shape == (8, PLACES)
    assert ours.ranks.shape == peer.ranks.shape == (2, PLACES)


def test_other_answers_are_refused(answers):
    ours, peer = answers
    with pytest.raises(PeerDiffersError, match="limits"):
        check_same(ours, replace(peer, limits=peer.limits * 1.001))
    with pytest.raises(PeerDiffersError, match="ranks"):
        check_same(ours, replace(peer, ranks=peer.ranks + 2))


def test_half_of_the_counts_are_a_range_where_asked_for():
    exact, ranged = draw_places(ranges=False), draw_places(ranges=True)
    assert np.array_equal(exact.low, exact.high)
    assert np.mean(ranged.low < ranged.high) == pytest.approx(0.5, abs=0.05)
