"""Made-up panels of counts and treatment for the tests of associations."""

from __future__ import annotations

import numpy as np

from gapatlas.training.panel import Panel


def panel(low, treatment, high=None, first_year=2001) -> Panel:
    """A panel of rows P0, P1, ...; counts that are NaN are not reported."""
    low = np.asarray(low, dtype=float)
    places, years = low.shape
    return Panel(
        places=tuple(f"P{row}" for row in range(places)),
        years=tuple(range(first_year, first_year + years)),
        low=low,
        high=low if high is None else np.asarray(high, dtype=float),
        treatment=np.asarray(treatment, dtype=float),
    )


def on_and_off(seed, ratio=1.0, *, places=60, changing=40, years=12, spread=0.3, lag=1) -> Panel:
    """Counts with effects of place and year, more chance than Poisson has, a share missing; the
    treatment comes and goes, and multiplies the counts `lag` years later by `ratio`."""
    random = np.random.default_rng(seed)
    treatment = np.zeros((places, years))
    treatment[:changing] = random.random((changing, years)) < 0.4
    before = np.concatenate([np.zeros((places, lag)), treatment[:, : years - lag]], axis=1)
    expected = means(random, places, years) * ratio**before
    counts = drawn(random, expected, spread)
    counts[random.random(counts.shape) < 0.2] = np.nan
    return panel(counts, treatment)


def rolled_out(seed, ratio=1.0, *, starts=(2006, 2008, 2010), each=8, never=16, spread=0.2):
    """A roll-out over 12 years from 2001 in groups of places, whose counts it multiplies."""
    random = np.random.default_rng(seed)
    first = np.repeat([*starts, 9999], [each] * len(starts) + [never])
    treatment = (np.arange(2001, 2013)[None, :] >= first[:, None]).astype(float)
    expected = means(random, len(first), 12) * ratio**treatment
    return panel(drawn(random, expected, spread), treatment)


def means(random, places, years):
    """Expected counts without treatment: places differ by much, years by some."""
    return random.gamma(2, 8, (places, 1)) * np.exp(random.normal(0, 0.2, (1, years)))


def drawn(random, expected, spread):
    """Counts around what is expected, with a variance of mean + spread x mean squared."""
    return random.poisson(expected * random.gamma(1 / spread, spread, expected.shape)).astype(float)


def dummies(panel_, used, terms):
    """Design with a column for each term, place and year but one, and the counts: for a second
    computation in another library."""
    place, year = np.nonzero(used)
    columns = [term[used] for term in terms]
    columns += [(place == p).astype(float) for p in sorted(set(place))]
    columns += [(year == y).astype(float) for y in sorted(set(year))[1:]]
    return np.column_stack(columns), panel_.low[used], place
