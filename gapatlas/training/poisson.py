"""One Poisson regression with effects of place and year, clustered by place, through pyfixest."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import scipy

from gapatlas.errors import TooLittleDataError
from gapatlas.languages import worded
from gapatlas.training.fixed_effects import FURTHEST, Grid, Mask, fit_many

LEVEL: Final = 0.95
MOST_CELLS: Final = 2_000_000
"""Numbers that are held at a time."""
MOST_WORK: Final = 1_000_000_000
"""Products of one step of all fits without a place: above this they would take many seconds."""
NOTHING: Final = 1e-12
"""Spread of counts that fit without rest: nothing can be said about chance."""


@dataclass(frozen=True)
class Regression:
    """Logs of ratios and how sure they are.

    Attributes:
        names: the terms, in the order of the arrays; a term that the data can't settle is absent.
        logs: log ratio of each term.
        covariance: of the log ratios, robust to what years of one place have in common.
        changing: how many places have a term that changes: the independent pieces of evidence.
    """

    names: tuple[str, ...]
    logs: Grid
    covariance: Grid
    changing: int

    def combined(self, weights: dict[str, float]) -> tuple[float, float, float]:
        """A weighted sum of terms as ratio, with its 95% interval; NaN where a term is absent."""
        if not weights or any(name not in self.names for name in weights):
            return float("nan"), float("nan"), float("nan")
        row = np.array([weights.get(name, 0.0) for name in self.names])
        log, variance = float(row @ self.logs), float(row @ self.covariance @ row)
        reach = float(scipy.stats.t.ppf((1 + LEVEL) / 2, self.changing - 1)) * variance**0.5
        return float(np.exp(log)), float(np.exp(log - reach)), float(np.exp(log + reach))

    def joint_probability(self, sums: list[dict[str, float]]) -> float:
        """How often chance alone brings sums of terms at least as far from none, taken together.

        A Wald test, with Hotelling's allowance for a covariance that rests on few places.
        """
        named = [s for s in sums if s and all(name in self.names for name in s)]
        if not named:
            return float("nan")
        rows = np.array([[s.get(name, 0.0) for name in self.names] for s in named])
        found = rows @ self.logs
        spread = rows @ self.covariance @ rows.T
        distance = float(found @ np.linalg.pinv(spread, rcond=1e-10, hermitian=True) @ found)
        rank = int(np.linalg.matrix_rank(spread, hermitian=True))
        spare = self.changing - rank
        if np.trace(spread) < NOTHING or spare < 1:
            return float("nan")
        return float(scipy.stats.f.sf(distance * spare / (rank * (self.changing - 1)), rank, spare))


def regress(counts: Grid, terms: dict[str, Grid], used: Mask) -> Regression:
    """Fit counts on terms, with an effect of each place and each year.

    Places and years without any case tell nothing and are left out, as are places with one year.

    Args:
        counts: shape (places, years); unused cells may hold anything.
        terms: name -> values of the same shape.
        used: which cells have all of them.

    Raises:
        TooLittleDataError: no case is left, or the fit does not settle.
    """
    import pyfixest  # it takes more than a second to import
    from pyfixest.errors import NonConvergenceError

    kept = informative(counts, used)
    table = _table(counts, terms, kept)
    varying = [name for name in terms if len(table) and table[name].nunique() > 1]
    if not varying:
        raise TooLittleDataError(
            worded("No place with cases has years both with and without treatment.")
        )
    formula = f"cases ~ {' + '.join(varying)} | place + year"
    try:
        with warnings.catch_warnings():  # of terms that it leaves out; we look for them below
            warnings.simplefilter("ignore")
            model = pyfixest.fepois(formula, table, vcov={"CRV1": "place"}, iwls_maxiter=100)
    except NonConvergenceError as error:
        raise TooLittleDataError(worded("The counts do not settle any ratio.")) from error
    logs = np.asarray(model.coef(), dtype=np.float64)
    covariance = np.atleast_2d(np.asarray(model._vcov, dtype=np.float64))
    sure = np.abs(logs) < FURTHEST
    return Regression(
        names=tuple(str(n) for n, s in zip(model.coef().index, sure, strict=True) if s),
        logs=logs[sure],
        covariance=covariance[np.ix_(sure, sure)],
        changing=int((table.groupby("place")[varying].nunique() > 1).any(axis=1).sum()),
    )


def jackknifed(fit: Regression, counts: Grid, terms: dict[str, Grid], used: Mask) -> Regression:
    """A regression with the covariance that leaving out one place at a time shows.

    With few places that change it holds the truth more often than the usual covariance robust to
    clusters (MacKinnon, Nielsen and Webb 2023, J Applied Econometrics 38:671). A term that does
    not settle without one of the places hangs on that place and drops out. Very large panels keep
    the usual covariance.
    """
    kept = informative(counts, used)
    places = np.nonzero(kept.any(axis=1))[0]
    if not fit.names or len(places) * len(fit.names) ** 2 * kept.size > MOST_WORK:
        return fit
    grids = np.stack([terms[name] for name in fit.names])[:, places]
    counts, kept = counts[places], kept[places]
    slopes = []
    batches = max(1, len(places) * grids.size // MOST_CELLS)
    for some in np.array_split(np.arange(len(places)), batches):
        without = np.repeat(kept[None], len(some), axis=0)
        without[np.arange(len(some)), some] = False
        every = np.broadcast_to(grids, (len(some), *grids.shape))
        slopes.append(fit_many(counts, every, without).slopes)
    away = np.concatenate(slopes) - fit.logs
    sure: Mask = np.all(np.isfinite(away), axis=0)
    away = away[:, sure]
    return replace(
        fit,
        names=tuple(name for name, own in zip(fit.names, sure, strict=True) if own),
        logs=fit.logs[sure],
        covariance=(len(places) - 1) / len(places) * away.T @ away,
    )


def informative(counts: Grid, used: Mask) -> Mask:
    """Used cells of places with a case and more than one year, in years with a case."""
    while True:
        cases = np.where(used, counts, 0.0)
        places = (cases.sum(axis=1) > 0) & (used.sum(axis=1) > 1)
        kept = used & places[:, None] & (cases.sum(axis=0) > 0)[None, :]
        if kept.sum() == used.sum():
            whole: Mask = kept
            return whole
        used = kept


def _table(counts: Grid, terms: dict[str, Grid], used: Mask) -> pd.DataFrame:
    place, year = np.nonzero(used)
    columns = {name: values[used] for name, values in terms.items()}
    return pd.DataFrame({"cases": counts[used], "place": place, "year": year, **columns})
