"""Local Moran's I against plain numpy: distances, statistic, permutations, adjustment."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gapatlas.statistics import Clusters, local_moran
from gapatlas.statistics.clusters import FEWEST_PLACES


def points(places: int, seed: int):
    random = np.random.default_rng(seed)
    return random.uniform(-179, 179, places), random.uniform(-70, 70, places)


def distance(a, b) -> float:
    """Along a great circle, by the haversine formula, in radii."""
    (east, north), (east2, north2) = (np.radians(p) for p in (a, b))
    half = (
        math.sin((north2 - north) / 2) ** 2
        + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    )
    return 2 * math.asin(math.sqrt(half))


def plain(values, lon, lat, neighbours: int, permutations: int, seed: int):
    """Statistic, two-sided p by conditional permutation, and neighbours."""
    random = np.random.default_rng(seed)
    where = list(zip(lon, lat, strict=True))
    z = (values - np.mean(values)) / np.std(values)
    statistic, p, beside = [], [], []
    for place in range(len(z)):
        others = [at for at in range(len(z)) if at != place]
        near = sorted(others, key=lambda at: distance(where[place], where[at]))[:neighbours]
        own = z[place] * z[near].mean()
        shuffled = np.array(
            [z[place] * random.choice(z[others], neighbours, replace=False).mean()
             for _ in range(permutations)]
        )  # fmt: skip
        more = (shuffled >= own).sum()
        p.append(min(1, 2 * (min(more, permutations - more) + 1) / (permutations + 1)))
        statistic.append(own)
        beside.append(near)
    scale = (len(z) - 1) / (z**2).sum()
    return np.array(statistic) * scale, np.array(p), np.array(beside)


@pytest.fixture(scope="module")
def clustered() -> tuple[Clusters, np.ndarray, np.ndarray, np.ndarray]:
    """Thirty places; the eight in the far south-east are high, the eight far north-west low."""
    random = np.random.default_rng(2)
    lon = np.r_[random.uniform(-10, 20, 14), np.linspace(140, 150, 8), np.linspace(-120, -110, 8)]
    lat = np.r_[random.uniform(-5, 15, 14), np.linspace(-40, -35, 8), np.linspace(60, 65, 8)]
    values = np.r_[random.normal(0, 0.4, 14), random.normal(3, 0.3, 8), random.normal(-3, 0.3, 8)]
    return local_moran(values, lon, lat, neighbours=4), values, lon, lat


def test_statistic_neighbours_and_p_are_those_of_plain_python(clustered) -> None:
    found, values, lon, lat = clustered
    statistic, p, beside = plain(values, lon, lat, 4, 3000, seed=5)
    assert found.statistic == pytest.approx(statistic)
    assert np.array_equal(np.sort(found.neighbours), np.sort(beside))
    chance = 2 * np.sqrt(p / 2 * (1 - p / 2) / 3000)  # of the smaller number of permutations
    assert (np.abs(found.p - p) <= 4 * chance + 0.001).all()


def test_planted_clusters_are_found_where_they_are_and_nowhere_else(clustered) -> None:
    found = clustered[0]
    assert (found.kind[14:22] == "high").all()
    assert (found.kind[22:] == "low").all()
    assert set(found.kind[:14]) == {"none"}


def test_an_odd_place_among_others_is_called_that(clustered) -> None:
    _, values, lon, lat = clustered
    odd = values.copy()
    odd[17], odd[25] = -3.5, 3.5
    found = local_moran(odd, lon, lat, neighbours=4)
    assert found.kind[17] == "low among high"
    assert found.kind[25] == "high among low"


def test_p_is_adjusted_by_benjamini_and_hochberg(clustered) -> None:
    """By hand: from the largest p down, the least of p x tests / rank."""
    found = clustered[0]
    order = np.argsort(found.p)
    least, adjusted = 1.0, np.empty(len(order))
    for rank in range(len(order), 0, -1):
        least = min(least, found.p[order[rank - 1]] * len(order) / rank)
        adjusted[order[rank - 1]] = least
    assert found.p_adjusted == pytest.approx(adjusted)
    assert ((found.kind != "none") == (found.p_adjusted <= 0.05)).all()


def test_the_same_seed_gives_the_same_answer(clustered) -> None:
    found, values, lon, lat = clustered
    again = local_moran(values, lon, lat, neighbours=4)
    assert np.array_equal(found.p, again.p)
    other = local_moran(values, lon, lat, neighbours=4, seed=1)
    assert not np.array_equal(found.p, other.p)
    assert found.p == pytest.approx(other.p, abs=0.03)


def test_the_unit_of_the_values_changes_nothing(clustered) -> None:
    found, values, lon, lat = clustered
    other = local_moran(values * 1000 - 7, lon, lat, neighbours=4)
    assert other.statistic == pytest.approx(found.statistic)
    assert np.array_equal(other.kind, found.kind)


def test_values_without_a_pattern_are_rarely_called_a_cluster() -> None:
    """Twenty maps without a pattern: the rate of false discoveries is at most 5%."""
    maps = 0
    for seed in range(20):
        lon, lat = points(60, seed)
        values = np.random.default_rng(1000 + seed).gamma(2, size=60)
        maps += (local_moran(values, lon, lat, seed=seed).kind != "none").any()
    assert maps <= 4


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1, 1 / 3])
def test_equal_values_are_no_cluster(value) -> None:
    lon, lat = points(30, 1)
    found = local_moran(np.full(30, value), lon, lat)
    assert set(found.kind) == {"none"}
    assert (found.statistic == 0).all()
    assert (found.p == 1).all()


def test_neighbours_are_found_across_the_date_line_and_at_one_point() -> None:
    lon = np.r_[179.5, -179.5, np.linspace(-100, 100, 28)]
    found = local_moran(np.arange(30.0), lon, np.zeros(30), neighbours=1)
    assert found.neighbours[0].tolist() == [1]
    assert found.neighbours[1].tolist() == [0]
    same = local_moran(np.arange(30.0), np.full(30, 4.0), np.full(30, 5.0), neighbours=3)
    assert same.neighbours.shape == (30, 3)
    assert all(place not in near for place, near in enumerate(same.neighbours.tolist()))


GOOD = {"values": np.arange(25.0), "longitude": np.arange(25.0), "latitude": np.arange(25.0)}
BAD = {
    "too few": ({key: value[:19] for key, value in GOOD.items()}, f"19 .* {FEWEST_PLACES} or more"),
    "a missing value": ({"values": np.r_[np.nan, np.arange(24.0)]}, "leave out what is not known"),
    "a missing point": ({"latitude": np.r_[np.nan, np.arange(24.0)]}, "must be finite numbers"),
    "off the globe": ({"latitude": np.arange(25.0) + 70}, "-90 to 90 north"),
    "another length": ({"longitude": np.arange(24.0)}, r"not \(25,\), \(24,\) and \(25,\)"),
    "no neighbour": ({"neighbours": 0}, "between 1 and 24, not 0"),
    "all neighbours": ({"neighbours": 25}, "between 1 and 24, not 25"),
    "no rate": ({"false_discovery": 1.5}, "between 0 and 1, not 1.5"),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=list(BAD))
def test_bad_input_is_refused(change, words) -> None:
    with pytest.raises(ValueError, match=words):
        local_moran(**{**GOOD, **change})
