"""What would happen without an investment: coherent flows, and what is lent to whom."""

from __future__ import annotations

import numpy as np
import pytest

from gapatlas.training import LONGEST, Baseline, Movement, discounted_levels, draw_baseline
from gapatlas.training.chain import COUNTED
from tests.training_world import random_baseline, steady_baseline

STILL = Movement(0.7, 0.0, 0.0)
DRAWS = 2000


def drawn(rows: dict[str, tuple[int | None, ...]], places: int = 6, **settings: int) -> Baseline:
    """Places A.. with one count per stage: of each place, or of the first few; None: not told.

    The last of a stage's counts goes for all places that follow.
    """
    levels = {}
    for stage in COUNTED:
        told = list(rows[stage]) + [rows[stage][-1]] * (places - len(rows[stage]))
        counts = np.array([[0 if count is None else count] for count in told])
        levels[stage] = discounted_levels(
            counts, counts, [[count is not None] for count in told], 1
        )
    return draw_baseline(
        [chr(65 + at) for at in range(places)], levels, STILL, draws=DRAWS, **settings
    )


FULL = {"detected": (1000,), "suspected": (900,), "prosecuted": (600,), "convicted": (300,)}


def test_yearly_flows_are_the_levels_of_the_counts():
    found = drawn(FULL).yearly()
    for stage, (count,) in FULL.items():
        means = found[stage].mean(axis=1)
        assert means == pytest.approx(np.full(6, count + 0.5), rel=4 / np.sqrt(count * DRAWS))


def test_no_stage_passes_on_more_than_reach_it():
    found = drawn({**FULL, "suspected": (300,), "prosecuted": (300,), "convicted": (310,)})
    assert found.prosecuted.max() <= 1
    assert found.convicted.max() <= 1
    assert np.mean(found.convicted == 1) == pytest.approx(0.65, abs=0.1)


def test_a_stage_that_is_not_reported_is_lent_from_places_that_report_it():
    found = drawn({**FULL, "suspected": (None, 900, 1800)})
    # B has 1.5 suspects per prosecution, C to F have 3: A takes each of the five as often.
    ratio = 1 / found.prosecuted[0]
    assert np.mean(ratio > 2.2) == pytest.approx(0.8, abs=0.04)
    assert np.median(ratio) == pytest.approx(3, rel=0.05)
    assert found.reported[:, 1].tolist() == [False] + [True] * 5


def test_convictions_alone_are_enough_where_others_lend_the_rest():
    found = drawn(
        {
            "detected": (None, 1000),
            "suspected": (None, 900),
            "prosecuted": (None, 600),
            "convicted": (150, 300),
        }
    )
    means = {stage: flows[0].mean() for stage, flows in found.yearly().items()}
    assert means == pytest.approx(
        {"detected": 500, "suspected": 450, "prosecuted": 300, "convicted": 150}, rel=0.02
    )


def test_places_move_apart_from_each_other():
    found = random_baseline(4, 500)
    moves = np.array([found.paths[:, at : at + 500].ravel() for at in found.offsets])
    assert np.abs(np.corrcoef(moves) - np.eye(4)).max() < 0.2
    assert found.paths.shape[0] == LONGEST
    assert found.paths.shape[1] % 1000 == 0


def test_the_draws_of_a_place_do_not_depend_on_which_others_there_are():
    many, few = drawn(FULL), drawn(FULL, places=3)
    assert np.array_equal(many.shares[:, :3], few.shares)
    assert np.array_equal(many.detected[:3], few.detected)
    assert np.array_equal(many.offsets[:3], few.offsets)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    first, again, other = (drawn(FULL, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.shares, again.shares)
    assert not np.array_equal(first.shares, other.shares)


def test_some_places_are_taken_out_with_their_draws():
    whole = random_baseline(5, 50)
    some = whole.of(["P003", "P001"])
    assert some.places == ("P003", "P001")
    assert np.array_equal(some.detected, whole.detected[[3, 1]])
    assert np.array_equal(some.shares, whole.shares[:, [3, 1]])
    assert some.suspected == pytest.approx(whole.suspected[[3, 1]])


def test_persons_suspected_in_a_year_are_a_mean_over_draws():
    assert steady_baseline((100, 50), (0.8, 0.5, 0.4), draws=3).suspected == pytest.approx([80, 40])


def test_places_that_there_are_none_of_are_named():
    with pytest.raises(ValueError, match="no baseline of X1, X2"):
        random_baseline(2, 10).of(["P001", "X1", "X2"])


def test_places_without_prosecutions_and_convictions_are_named():
    silent = {**FULL, "prosecuted": (None, None, 600), "convicted": (None, None, 300)}
    with pytest.raises(ValueError, match="neither prosecutions nor convictions of A, B"):
        drawn(silent)


def test_a_stage_that_too_few_report_is_named_with_its_places():
    with pytest.raises(ValueError, match="suspected is not reported by C, D, E, F"):
        drawn({**FULL, "suspected": (900, 900, None)})
