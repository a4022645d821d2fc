"""Evidence and defence: the same figures from other libraries, from print, and from hand."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from scipy.special import expit
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.multitest import multipletests

from benchmarks.evidence_coverage import Setting, draw_world, tables
from gapatlas.cases import (
    EVIDENCE,
    evidence_by_defence,
    evidence_effects,
    evidence_pairs,
    find_networks,
    reliance_on_testimony,
)
from gapatlas.cases.adjusted import effect
from gapatlas.cases.duration import count_steps, curves
from gapatlas.cases.logistic import Terms, fit
from gapatlas.cases.networks import members
from gapatlas.cases.patterns import design, patterns
from gapatlas.cases.shrunken import horseshoe, standing_out
from tests.case_worlds import by_years_after, case_world

LAST = 2020
KINDS = ("victim_testimony", "financial_records", "digital_communications")


def flat(terms: Terms) -> Terms:
    """The same regression without any prior to speak of."""
    return dataclasses.replace(terms, precision=np.full(terms.fixed.shape[1], 1e-12))


# ------------------------------------------------------------------ the regression


def test_without_priors_it_is_the_regression_of_statsmodels() -> None:
    world = case_world(np.random.default_rng(1), slopes={"financial_records": 0.7})
    grouped = patterns(world, [*KINDS, "place"])
    dummies = {
        f"place {p}": (grouped["place"] == p).to_numpy() for p in grouped["place"].unique()[1:]
    }
    terms = flat(design(grouped, KINDS, mix=(), extra=dummies).terms)
    found = fit(terms)
    counts = np.column_stack([terms.convicted, terms.persons - terms.convicted])
    other = sm.GLM(counts, terms.fixed, family=sm.families.Binomial()).fit(tol=1e-13)
    assert found.converged
    np.testing.assert_allclose(found.coefficients, other.params, atol=1e-7)
    np.testing.assert_allclose(found.covariance, other.cov_params(), rtol=1e-5, atol=1e-9)


def test_marginal_effects_are_those_of_statsmodels() -> None:
    world = case_world(np.random.default_rng(2), unknown=0, slopes={"financial_records": -0.9})
    grouped = patterns(world, [*KINDS])
    columns = design(grouped, KINDS, mix=())
    kept = [0, *(columns.at(f"{kind}=present") for kind in KINDS)]
    found = fit(flat(columns.terms))
    each = world[list(KINDS)] == "present"
    design_of_persons = sm.add_constant(each.to_numpy(float))
    other = sm.Logit(world["convicted"], design_of_persons).fit(disp=0, tol=1e-12)
    margins = other.get_margeff(at="overall", method="dydx", dummy=True)
    np.testing.assert_allclose(found.coefficients[kept], other.params, atol=1e-6)
    for at, kind in enumerate(KINDS):
        ours = effect(columns, found, kind, "present")
        assert ours.difference == pytest.approx(margins.margeff[at], abs=1e-7)
        assert ours.error == pytest.approx(margins.margeff_se[at], rel=1e-4)


def penalised(terms: Terms, variances: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Mode and curvature with a dense matrix, by scipy's own search."""
    levels = [np.eye(size)[codes] for codes, size in zip(terms.groups, terms.sizes, strict=True)]
    matrix = np.hstack([terms.fixed, *levels])
    prior = np.concatenate(
        [terms.precision, *(np.full(s, 1 / v) for s, v in zip(terms.sizes, variances, strict=True))]
    )

    def cost(at: np.ndarray) -> tuple[float, np.ndarray]:
        score = matrix @ at
        value = terms.persons @ np.logaddexp(0, score) - terms.convicted @ score
        slope = matrix.T @ (terms.persons * expit(score) - terms.convicted)
        return value + prior @ at**2 / 2, slope + prior * at

    start = np.zeros(matrix.shape[1])
    best = optimize.minimize(cost, start, jac=True, method="BFGS", options={"gtol": 1e-7})
    share = expit(matrix @ best.x)
    curve = matrix.T @ (matrix * (terms.persons * share * (1 - share))[:, None]) + np.diag(prior)
    return best.x, curve


def test_effects_of_places_are_drawn_to_zero_as_scipy_draws_them() -> None:
    grouped = patterns(case_world(np.random.default_rng(3)), [*KINDS, "place", "year_charged"])
    terms = design(grouped, KINDS, mix=("place", "year_charged")).terms
    found = fit(terms, variances=[0.3, 0.02])
    mode, curve = penalised(terms, [0.3, 0.02])
    np.testing.assert_allclose(found.coefficients, mode, atol=1e-5)
    np.testing.assert_allclose(found.covariance @ curve, np.eye(len(mode)), atol=1e-4)


def test_the_counts_say_how_far_places_differ() -> None:
    """The variance is near the one that makes the counts most likely (Laplace), by a search that
    shares no code, and tells places that differ from years that don't."""
    world = case_world(np.random.default_rng(4), persons=5000, places=12)
    world["year_charged"] = np.random.default_rng(5).integers(2001, 2013, len(world))
    grouped = patterns(world, [*KINDS, "place", "year_charged"])
    terms = design(grouped, KINDS, mix=("place",)).terms

    def unlikely(log_variance: float) -> float:
        variance = float(np.exp(log_variance))
        mode, curve = penalised(terms, [variance])
        score = np.hstack([terms.fixed, np.eye(terms.sizes[0])[terms.groups[0]]]) @ mode
        told = terms.convicted @ score - terms.persons @ np.logaddexp(0, score)
        place = mode[terms.fixed.shape[1] :]
        prior = -terms.precision @ mode[: terms.fixed.shape[1]] ** 2 / 2
        prior += -(place @ place) / variance / 2 - len(place) * log_variance / 2
        return -float(told + prior - np.linalg.slogdet(curve)[1] / 2)

    best = optimize.minimize_scalar(unlikely, bounds=(-6, 2), method="bounded")
    assert fit(terms).variances[0] == pytest.approx(np.exp(best.x), rel=0.05)
    both = fit(design(grouped, KINDS, mix=("place", "year_charged")).terms).variances
    assert both[0] > 0.15
    assert both[1] < 0.06


def test_what_is_raw_is_confounded_and_what_is_adjusted_is_not() -> None:
    """Evidence stands in places that convict more, and does nothing there."""
    found = evidence_effects(case_world(np.random.default_rng(6), persons=20_000))
    known = found.table[found.table["value"] == "present"]
    assert (known["raw_points"] > 3).all()
    assert known["points"].abs().max() < 3
    assert ((known["low"] < 0) & (known["high"] > 0)).mean() >= 0.75


# ------------------------------------------------------------------ pairs, matrix, testimony


def test_a_planted_pair_stands_out_alone() -> None:
    pair = ("financial_records", "surveillance")
    world = case_world(np.random.default_rng(7), persons=8000, pairs={pair: 1.0})
    table = evidence_pairs(world).table
    named = table[table["stands_out"]]
    assert list(zip(named["first"], named["second"], strict=True)) == [pair]
    row = named.iloc[0]
    assert 0 < row["low"] < row["points"] < row["high"]
    assert row["wrong_direction"] < 0.01
    others = table.drop(index=named.index)
    shrunken = (others["points"] / others["alone"]).abs()
    assert (shrunken[others["alone"].abs() > 0.5] < 0.7).all()


def test_the_horseshoe_is_that_of_an_integral() -> None:
    """One coefficient: the widths integrated out on a grid."""
    random = np.random.default_rng(8)
    at, error = 0.8, 0.4
    t = (np.arange(400) + 0.5) / 400
    half_cauchy = np.tan(np.pi * t / 2)
    width = np.multiply.outer(half_cauchy, half_cauchy).ravel()
    weight = stats.norm.pdf(at, 0, np.hypot(width, error))
    expected = np.sum(weight * at * width**2 / (width**2 + error**2)) / weight.sum()
    draws = np.concatenate(
        [horseshoe(np.array([at]), np.array([[error**2]]), random) for _ in range(6)]
    )
    assert draws.mean() == pytest.approx(expected, abs=0.03)


def test_large_coefficients_stay_and_small_ones_go() -> None:
    random = np.random.default_rng(9)
    mean = np.concatenate([[2.0], random.normal(0, 0.1, 20)])
    draws = horseshoe(mean, np.eye(21) * 0.01, random).mean(axis=0)
    assert draws[0] == pytest.approx(2.0, abs=0.03)
    assert np.abs(draws[1:]).mean() < 0.5 * np.abs(mean[1:]).mean()


def test_what_stands_out_is_what_statsmodels_rejects() -> None:
    random = np.random.default_rng(10)
    for _ in range(50):
        chance = random.random(28) ** 3
        rejected = multipletests(chance, 0.05, method="fdr_bh")[0]
        np.testing.assert_array_equal(standing_out(chance), rejected)


def test_pooled_shares_lie_between_the_raw_ones_and_the_middle() -> None:
    world = case_world(np.random.default_rng(11), persons=2500)
    table = evidence_by_defence(world).table.dropna(subset="pooled")
    assert len(table) == 64
    assert table["pooled"].std() < table["raw"].std()
    width = (table["high"] - table["low"]) / (table["raw_high"] - table["raw_low"])
    assert width.mean() < 1
    counted = world[(world["expert"] == "present") & (world["duress"] == "used")]
    row = table[(table["evidence"] == "expert") & (table["defence"] == "duress")].iloc[0]
    assert row["raw"] == pytest.approx(counted["convicted"].mean(), abs=0.03)
    assert abs(row["persons"] - len(counted)) <= 2


def test_testimony_is_compared_in_the_same_mix() -> None:
    """Testimony is common where conviction is: raw it seems to matter, in the same mix it only
    does where it is planted."""
    idle = reliance_on_testimony(case_world(np.random.default_rng(12), persons=20_000))
    acts = reliance_on_testimony(
        case_world(np.random.default_rng(12), persons=20_000, slopes={"victim_testimony": 0.8})
    )
    for found, least, most in ((idle, -3, 3), (acts, 12, 20)):
        row = found.differences.iloc[0]
        assert least < row["points"] < most
        assert row["raw_points"] > row["points"] + 3
    shares = acts.shares[acts.shares["others"] == "any number"].set_index("testimony")["share"]
    gap = 100 * (shares["present"] - shares["absent"])
    assert gap == pytest.approx(acts.differences.iloc[0]["points"], abs=0.11)


# ------------------------------------------------------------------ durations


def test_the_6mp_patients_of_freireich() -> None:
    """Weeks to relapse, 21 patients: Freireich et al. 1963, as printed by Kalbfleisch and Prentice
    and by the manual of R's survival; limits on the log-log scale as lifelines 0.30.3 gives."""
    ended = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    left = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    rows = [(t, "dismissed", n) for t, n in ended.items()]
    rows += [(t, "pending", n) for t, n in left.items()]
    found = curves(count_steps(by_years_after(rows, LAST), LAST))
    printed = {
        6: (0.857, 0.0764, 0.6197, 0.9516),
        7: (0.807, 0.0869, 0.5631, 0.9228),
        10: (0.753, 0.0963, 0.5032, 0.8894),
        13: (0.690, 0.1068, 0.4316, 0.8491),
        16: (0.627, 0.1141, 0.3675, 0.8049),
        22: (0.538, 0.1282, 0.2678, 0.7468),
        23: (0.448, 0.1346, 0.1881, 0.6801),
    }
    for week, (share, error, low, high) in printed.items():
        assert found.open[week] == pytest.approx(share, abs=6e-4)
        assert found.open_error[week] == pytest.approx(error, abs=6e-5)
        assert found.open_low[week] == pytest.approx(low, abs=6e-5)
        assert found.open_high[week] == pytest.approx(high, abs=6e-5)


COMPETING = [
    (1, "guilty_plea", 40), (1, "dismissed", 15), (1, "pending", 10), (2, "guilty_plea", 30),
    (2, "acquitted", 8), (2, "dismissed", 12), (2, "pending", 20), (3, "guilty_plea", 14),
    (3, "acquitted", 6), (3, "pending", 25), (4, "guilty_plea", 5), (4, "dismissed", 9),
    (4, "pending", 30),
]  # fmt: skip


def test_competing_outcomes_are_those_of_lifelines_and_statsmodels() -> None:
    """Figures of lifelines 0.30.3 (AalenJohansenFitter without jitter), which asks for an older
    pandas than this project uses; shares a second time from statsmodels."""
    steps = count_steps(by_years_after(COMPETING, LAST), LAST)
    found = curves(steps)
    printed = {
        "guilty_plea": (
            [0.17857, 0.32092, 0.40228, 0.44785],
            [0.00065484, 0.00100534, 0.00119074, 0.00138804],
        ),
        "acquitted": ([0, 0.03796, 0.07283, 0.07283], [0, 0.00017316, 0.0003546, 0.0003546]),
        "dismissed": (
            [0.06696, 0.1239, 0.1239, 0.20592],
            [0.00027893, 0.00049939, 0.00049939, 0.00105084],
        ),
    }
    times = np.repeat([t for t, _, _ in COMPETING], [n for *_, n in COMPETING])
    codes = {"pending": 0} | {name: at + 1 for at, name in enumerate(steps.outcomes)}
    status = np.repeat([codes[o] for _, o, _ in COMPETING], [n for *_, n in COMPETING])
    other = CumIncidenceRight(times, status)
    for at, name in enumerate(steps.outcomes):
        share, variance = printed[name]
        np.testing.assert_allclose(found.by_outcome[at, 1:], share, atol=6e-6)
        np.testing.assert_allclose(found.outcome_error[at, 1:] ** 2, variance, atol=6e-9)
        np.testing.assert_allclose(found.by_outcome[at, 1:], other.cinc[at], atol=1e-12)
    survival = SurvfuncRight(times, status > 0)
    np.testing.assert_allclose(found.open[1:], survival.surv_prob, atol=1e-12)
    np.testing.assert_allclose(found.open_error[1:], survival.surv_prob_se, rtol=1e-9)
    np.testing.assert_allclose(found.open, 1 - found.by_outcome.sum(axis=0), atol=1e-12)


# ------------------------------------------------------------------ networks


def linked(random: np.random.Generator, number: int = 1500, keys: int = 400) -> pd.DataFrame:
    """Persons in cases, some of which share a place and a method."""
    key = np.where(random.random(number) < 0.6, random.integers(0, keys, number), -1)
    return pd.DataFrame(
        {
            "co_defendant_key": pd.Series(key).where(key >= 0),
            "place": random.integers(0, 30, number),
            "method": pd.Series(random.integers(0, 40, number)).where(random.random(number) < 0.1),
            "year_charged": random.integers(2001, 2011, number),
            "outcome": random.choice(
                ["guilty_plea", "guilty_trial", "acquitted", "dismissed"],
                number,
                p=[0.5, 0.1, 0.1, 0.3],
            ),
        }
    )


def test_networks_are_the_components_of_networkx() -> None:
    frame = linked(np.random.default_rng(13))
    links = (("co_defendant_key",), ("place", "method"))
    graph = nx.Graph()
    graph.add_nodes_from(range(len(frame)))
    for link in links:
        for at, values in enumerate(frame[list(link)].itertuples(index=False)):
            if not any(pd.isna(v) for v in values):
                graph.add_edge(at, (link, *values))
    expected = {
        frozenset(n for n in part if isinstance(n, int)) for part in nx.connected_components(graph)
    }
    label = pd.Series(members(frame, links))
    assert {frozenset(part.index) for _, part in label.groupby(label)} == expected


def test_shares_of_networks_are_those_of_a_plain_count() -> None:
    frame = linked(np.random.default_rng(14), 6000, keys=1500)
    found = find_networks(frame)
    sizes = frame.groupby("co_defendant_key").size()
    convicted = frame["outcome"].isin(["guilty_plea", "guilty_trial"])
    by_network = convicted.groupby(frame["co_defendant_key"]).sum()[sizes > 1]
    whole = found.by_year.dropna(subset="networks")
    assert whole["networks"].sum() == pytest.approx(len(by_network), abs=2 * len(whole))
    together = (whole["two_or_more"] * whole["networks"]).sum() / whole["networks"].sum()
    assert together == pytest.approx((by_network > 1).mean(), abs=0.02)
    alone = frame["co_defendant_key"].isna()
    first = found.by_size.iloc[0]
    assert first["persons"] == pytest.approx(alone.sum() + (sizes == 1).sum(), abs=2)
    assert found.by_size["persons"].sum() == pytest.approx(len(frame), abs=2 * len(found.by_size))
    assert not found.chained
    assert find_networks(frame, [("place",), ("year_charged",)]).chained


def test_the_benchmark_of_planted_effects_holds_them() -> None:
    setting = Setting("small", 3000)
    single, double, matrix = tables(np.random.default_rng(16), 3, [setting])
    assert float(single.rows[0][1]) >= 85
    assert float(single.rows[0][3]) >= 90
    assert float(double.rows[0][1]) >= 85
    assert float(matrix.rows[0][1]) >= 85
    assert float(matrix.rows[0][3]) < float(matrix.rows[0][4])
    assert single.markdown().startswith("### Evidence and defence, one by one (3 worlds each)")


def test_the_truth_of_a_planted_world_is_that_of_its_persons() -> None:
    """What the benchmark calls true is the chance with which convictions were drawn."""
    world = draw_world(np.random.default_rng(17), Setting("large", 200_000))
    chance = world.chance()
    assert world.frame["convicted"].mean() == pytest.approx(chance.mean(), abs=0.005)
    surely, other = (world.chance({"expert": there}) for there in (True, False))
    has = (world.frame["expert"] == "present").to_numpy()
    lacks = (world.frame["expert"] == "absent").to_numpy()
    np.testing.assert_allclose(surely[has], chance[has])
    np.testing.assert_allclose(other[lacks], chance[lacks])
    assert world.frame["convicted"][has].mean() == pytest.approx(chance[has].mean(), abs=0.006)


def test_every_kind_is_compared() -> None:
    found = evidence_effects(case_world(np.random.default_rng(15)))
    assert set(found.table["factor"]) == set(EVIDENCE)
    assert found.basis.years == (2001, 2006)
    assert found.basis.places == 8
