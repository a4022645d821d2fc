"""Shares of a variance, held against functions whose shares are known."""

from __future__ import annotations

import numpy as np
import pytest

from gapatlas.training import Prior, assumed_share, simulate, total_order
from gapatlas.training.variance import DATA, EVIDENCE, GROUPS, JUDGEMENT, sobol_indices
from gapatlas.training.variance import variance_shares as shares_of
from tests.doubt_worlds import EFFECTS, all_known, believed, counted, drawn_of, spent, steady

DRAWS = 20_000


def answer_of(function):
    """A function of three normal numbers, one per group, with some of them drawn anew."""
    generator = np.random.default_rng(2)
    old, new = generator.standard_normal((2, len(GROUPS), DRAWS))

    def answer(moved):
        return function(*(new[k] if group in moved else old[k] for k, group in enumerate(GROUPS)))

    return answer


def figures(shares, kind):
    return shares.groups.set_index("group")[kind].reindex(list(GROUPS)).to_numpy()


# ------------------------------------------------------------------ the split between groups


def test_parts_of_a_sum_have_their_own_variance_each():
    shares = shares_of(answer_of(lambda data, evidence, judged: data + 2 * evidence + 3 * judged))
    for kind in ("share", "alone", "total"):
        assert figures(shares, kind) == pytest.approx(np.array([1, 4, 9]) / 14, abs=0.03)
    assert shares.together == pytest.approx(0, abs=0.04)


def test_parts_of_a_product_share_what_they_make_up_together():
    # (1 + x)(1 + y) has the variance 1 + 1 + 1: one alone each, and one together.
    shares = shares_of(answer_of(lambda data, evidence, judged: (1 + data) * (1 + judged)))
    assert figures(shares, "alone") == pytest.approx([1 / 3, 0, 1 / 3], abs=0.03)
    assert figures(shares, "total") == pytest.approx([2 / 3, 0, 2 / 3], abs=0.03)
    assert figures(shares, "share") == pytest.approx([1 / 2, 0, 1 / 2], abs=0.03)
    assert shares.together == pytest.approx(1 / 3, abs=0.05)


def test_shares_add_up_to_one_and_lie_between_alone_and_total():
    baseline, assumptions = counted(1000), believed()
    drawn = drawn_of(assumptions, baseline)
    judged = ["effect_legal_support_convicted", "caseload", "reach"]
    shares = assumed_share(spent(), baseline, drawn, judged)
    assert shares.varies
    assert figures(shares, "share").sum() == pytest.approx(1)
    # As far as chance lets one tell: the three rest on different runs.
    assert (figures(shares, "share") >= figures(shares, "alone_low")).all()
    assert (figures(shares, "share") <= figures(shares, "total_high")).all()
    for kind in ("share", "alone", "total"):
        assert (figures(shares, f"{kind}_low") <= figures(shares, kind)).all()
        assert (figures(shares, f"{kind}_high") >= figures(shares, kind)).all()


def test_a_group_that_does_not_vary_has_no_share():
    baseline, assumptions = steady(400), believed()
    drawn = drawn_of(assumptions, baseline)
    everything = assumed_share(spent(), baseline, drawn, drawn.values.keys())
    assert figures(everything, "total").tolist() == [0, 0, 1]
    assert everything.assumed == (1, 1, 1)
    nothing = assumed_share(spent(), baseline, drawn, [])
    assert figures(nothing, "share").tolist() == [0, 1, 0]
    assert nothing.assumed == (0, 0, 0)


def test_the_data_alone_have_the_whole_variance_where_all_else_is_known():
    baseline = counted(400)
    assumptions = all_known({("interviewing", "suspected"): Prior.known(1.2)})
    shares = assumed_share(spent(), baseline, drawn_of(assumptions, baseline), ["reach"])
    assert figures(shares, "share").tolist() == [1, 0, 0]


def test_where_nothing_varies_there_is_nothing_to_share():
    baseline = counted(200)
    null = believed({key: Prior.known(1) for key in EFFECTS})
    shares = assumed_share(spent(), baseline, drawn_of(null, baseline), ["caseload"])
    assert not shares.varies
    assert np.isnan(shares.assumed).all()
    assert np.isnan(shares.together)
    assert shares.groups["group"].tolist() == [DATA, EVIDENCE, JUDGEMENT]


def test_the_seed_gives_the_answer_again():
    baseline, assumptions = counted(200), believed()
    drawn = drawn_of(assumptions, baseline)
    first, again, other = (
        assumed_share(spent(), baseline, drawn, ["caseload"], seed).assumed for seed in (4, 4, 5)
    )
    assert first == again != other


def test_an_input_that_there_is_none_of_is_refused():
    baseline, assumptions = counted(20), believed()
    drawn = drawn_of(assumptions, baseline)
    with pytest.raises(ValueError, match="no input caselode"):
        assumed_share(spent(), baseline, drawn, ["caselode", "reach"])


def test_too_few_draws_are_refused():
    baseline, assumptions = steady(3), believed()
    with pytest.raises(ValueError, match="3 draws are too few"):
        assumed_share(spent(), baseline, drawn_of(assumptions, baseline), [])


# ------------------------------------------------------------------ Sobol indices


def test_indices_of_ishigami_are_those_in_the_literature():
    def ishigami(shares):
        a, b, c = (np.pi * (2 * shares - 1)).T
        return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)

    table = sobol_indices(["a", "b", "c"], ishigami, size=2048).set_index("name")
    assert table.loc["a", ["first", "total"]].tolist() == pytest.approx([0.314, 0.558], abs=0.02)
    assert table.loc["b", ["first", "total"]].tolist() == pytest.approx([0.442, 0.442], abs=0.02)
    assert table.loc["c", ["first", "total"]].tolist() == pytest.approx([0, 0.244], abs=0.02)
    assert table.index.tolist() == ["a", "b", "c"]
    for kind in ("first", "total"):
        assert (table[f"{kind}_low"] <= table[kind]).all()
        assert (table[f"{kind}_high"] >= table[kind]).all()


def test_indices_of_a_product_are_those_of_the_g_function():
    weights = np.array([0.0, 1.0, 4.5, 9.0])

    def product(shares):
        return np.prod((np.abs(4 * shares - 2) + weights) / (1 + weights), axis=1)

    own = 1 / (3 * (1 + weights) ** 2)
    whole = np.prod(1 + own) - 1
    totals = own * np.prod(1 + own) / (1 + own) / whole
    table = sobol_indices(list("wxyz"), product, size=4096).set_index("name").loc[list("wxyz")]
    assert table["first"].to_numpy() == pytest.approx(own / whole, abs=0.03)
    assert table["total"].to_numpy() == pytest.approx(totals, abs=0.03)


def test_the_pieces_of_the_work_do_not_change_the_answer():
    def answer(shares):
        return shares[:, 0] + shares[:, 1] ** 2

    whole = sobol_indices(["a", "b"], answer, size=64)
    told: list[float] = []
    pieces = sobol_indices(["a", "b"], answer, size=64, at_once=60, progress=told.append)
    assert whole.equals(pieces)
    assert told == sorted(told)
    assert (told[0], told[-1], len(told)) == (0, 1, 6)


@pytest.mark.parametrize("seed", [0, 3])
def test_the_seed_gives_the_indices_again(seed):
    first, again = (
        sobol_indices(["a", "b"], lambda shares: shares.sum(axis=1), size=64, seed=seed)
        for _ in range(2)
    )
    assert first.equals(again)


def test_a_higher_level_gives_a_wider_interval():
    def answer(shares):
        return (shares[:, 0] + 0.5) * (shares[:, 1] + 0.5)

    wide, slim = (sobol_indices(["a", "b"], answer, size=512, level=level) for level in (0.95, 0.5))
    for kind in ("first", "total"):
        ratio = (wide[f"{kind}_high"] - wide[kind]) / (slim[f"{kind}_high"] - slim[kind])
        assert ratio.to_numpy() == pytest.approx(1.96 / 0.6745, rel=1e-3)


@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_number_of_points_that_is_no_power_of_two_is_refused(size):
    with pytest.raises(ValueError, match=f"{size} is no power of 2"):
        sobol_indices(["a"], lambda shares: shares[:, 0], size=size)


def test_every_uncertain_input_and_the_baseline_have_indices():
    baseline, assumptions = counted(500), believed(turnover=0.16)
    table = total_order(spent(), baseline, assumptions, size=256).set_index("name")
    uncertain = {name for name, prior in assumptions.priors.items() if not prior.certain}
    assert set(table.index) == uncertain | {"baseline"}
    assert table["total"].is_monotonic_decreasing
    assert table.loc["effect_interviewing_referred", ["first", "total"]].tolist() == [0, 0]
    assert table.loc["effect_case_construction_prosecuted", "total"] > 0.05


def test_the_baseline_has_the_whole_variance_where_all_else_is_known():
    assumptions = all_known({("interviewing", "suspected"): Prior(1.2, 1.2, 1.2001)})
    table = total_order(spent(), counted(500), assumptions, size=256).set_index("name")
    assert table.loc["baseline", "total"] == pytest.approx(1, abs=0.05)


def test_indices_are_zero_where_nothing_varies():
    null = believed({key: Prior.known(1) for key in EFFECTS})
    table = total_order(spent(), counted(100), null, size=16)
    assert (table.drop(columns="name") == 0).all(axis=None)
    assert len(table) == 13


def test_what_progress_raises_ends_the_work():
    done = []

    class EnoughError(Exception):
        """Somebody pressed the button."""

    def stop(share):
        done.append(share)
        if share > 0:
            raise EnoughError

    with pytest.raises(EnoughError):
        total_order(spent(), counted(100), believed(), size=4096, progress=stop)
    assert len(done) == 2


def test_a_total_of_zero_means_that_an_input_does_not_matter():
    baseline, assumptions = counted(300), believed()
    drawn = drawn_of(assumptions, baseline)
    table = total_order(spent(), baseline, assumptions, size=64).set_index("name")
    before = simulate(spent(), baseline, drawn).convictions
    for name in table.index[table["total"] == 0]:
        moved = drawn.with_value(name, assumptions.priors[name].high)
        assert (simulate(spent(), baseline, moved).convictions == before).all()
