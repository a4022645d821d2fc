"""Do counts change after a roll-out that starts in one place after another?

Places that start in different years are never compared with each other after they start: each
group of places that starts in one year has a ratio of its own for each year around its start,
against places that have not started, and the ratios are then averaged by how many places stand
behind each (Sun and Abraham 2021, J Econometrics 225:175; for counts, with the Poisson regression
that pyfixest fits: Wooldridge 2023, Econometrics Journal 26:C31).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gapatlas.errors import TooLittleDataError
from gapatlas.languages import mark, worded
from gapatlas.training.association import (
    FEWEST_CHANGING,
    PER_BATCH,
    SEED,
    SHUFFLES,
    Curve,
    Ratio,
    Sample,
    Shuffled,
    completions,
    fitted,
    middle,
    ratio_of,
    reordered,
    step_table,
    too_few,
)
from gapatlas.training.fixed_effects import Grid, Mask, fit_many
from gapatlas.training.panel import Panel
from gapatlas.training.poisson import Regression, informative

Years = NDArray[np.int64]
EARLIEST: Final = -5
LATEST: Final = 8
JUST_BEFORE: Final = -1
NEVER: Final = 0
"""Stands for the first year of a place that never starts."""
ALONE: Final = mark("starts alone in its year, so that its change cannot be told from chance")
UNKNOWN_START: Final = mark("the year of its start is not known")
NOTHING_BEFORE: Final = mark("has no count before its start")
NOT_JUST_BEFORE: Final = mark("no place of its start year has a count in the year before")


@dataclass(frozen=True)
class Starts:
    """Who starts when.

    Attributes:
        first: first year of treatment of each place in use, `NEVER` for those without, shape
            (places,).
        in_use: which places the comparison can use, shape (places,).
        left_out: name and why, of each place that it can't use.
        went_back: places whose treatment ends again; they count as treated all the same.
    """

    first: Years
    in_use: Mask
    left_out: tuple[tuple[str, str], ...]
    went_back: tuple[str, ...]


@dataclass(frozen=True)
class RollOut:
    """What goes with a roll-out.

    Attributes:
        ratio: counts from `lag` years after the start on, divided by what places that have not
            started let one expect.
        curve: the ratio in each year around the start; 1 in the year before, by definition.
        sample: what it rests on; `changing` are the places that start.
        starts: who starts when, and who is left out.
        shuffled: the same with start years that change hands.
    """

    ratio: Ratio
    curve: Curve
    sample: Sample
    starts: Starts
    shuffled: Shuffled


def roll_out(panel: Panel, lag: int = 0, shuffles: int = SHUFFLES, seed: int = SEED) -> RollOut:
    """The ratio that goes with a roll-out, over all start years.

    Args:
        panel: its treatment is above 0 from the first year of treatment on.
        lag: years after the start from which the ratio counts.
        shuffles: how many times start years change hands between places.
        seed: of the shuffles.

    Raises:
        TooLittleDataError: fewer than 5 places start with counts before and after, or the counts
            do not settle a ratio.
    """
    starts = starts_of(panel)
    used = _used(panel, starts)
    starting = starts.in_use & (starts.first != NEVER) & _both_sides(panel, starts, used)
    if starting.sum() < FEWEST_CHANGING:
        raise too_few(int(starting.sum()))
    distance = np.array(panel.years)[None, :] - starts.first[:, None]
    cells = _cells(starts, distance, used)
    fits, empty = [], set()
    started = _started(panel, starts.first, lag)
    for counts in completions(panel, started, used):
        none = {name for name, cell in cells.items() if counts[cell].sum() == 0}
        empty |= none
        kept = used & ~np.any([cells[name] for name in none], axis=0) if none else used
        terms = {n: cell.astype(np.float64) for n, cell in cells.items() if n not in none}
        fits.append(fitted(counts, terms, kept))
    behind = {name: int(cell.sum()) for name, cell in cells.items()}
    unsettled = {name for name in cells if any(name not in fit.names for fit in fits)}
    sums = _sums(cells, distance, behind, empty | unsettled)
    places = {step: _places_at(distance, starts, used, step) for step in sums}
    ratio = ratio_of(fits, _overall(sums, behind, lag))
    if not np.isfinite(ratio.low):
        raise TooLittleDataError(
            worded("No year after the start has cases in every group of places.")
        )
    return RollOut(
        ratio=ratio,
        curve=Curve(step_table(fits, sums, places), _pre_trend(fits, sums), panel.span(used)),
        sample=_sample(panel, starts, starting, used),
        starts=starts,
        shuffled=_shuffled(panel, starts, used, lag, shuffles, seed),
    )


def starts_of(panel: Panel) -> Starts:
    """Read from a panel who starts when, and whom the comparison cannot use."""
    first = np.array([_first_year(panel, row) for row in range(len(panel.places))])
    reasons = dict(_unusable(panel, first))
    for _ in panel.places:  # leaving out one place can leave another alone
        more = dict(_alone(panel, first, reasons))
        if not more:
            break
        reasons |= more
    in_use = np.array([name not in reasons for name in panel.places], dtype=bool)
    back = [
        name
        for name, year, row in zip(panel.places, first, panel.treatment, strict=True)
        if year > NEVER and (row[[y > year for y in panel.years]] == 0).any()
    ]
    return Starts(first, in_use, tuple(reasons.items()), tuple(back))


def _first_year(panel: Panel, row: int) -> int:
    treated = np.nonzero(panel.treatment[row] > 0)[0]
    return panel.years[treated[0]] if len(treated) else NEVER


def _unusable(panel: Panel, first: Years) -> Iterator[tuple[str, str]]:
    for row, name in enumerate(panel.places):
        if first[row] == NEVER:
            continue
        at = panel.years.index(int(first[row]))
        if at == 0 or panel.treatment[row, at - 1] != 0:
            yield name, UNKNOWN_START
        elif not panel.counted[row, :at].any():
            yield name, NOTHING_BEFORE


def _alone(panel: Panel, first: Years, reasons: dict[str, str]) -> Iterator[tuple[str, str]]:
    left = np.array([name not in reasons for name in panel.places], dtype=bool)
    for year in sorted(set(first[left].tolist()) - {NEVER}):
        group = np.nonzero(left & (first == year))[0]
        before = panel.years.index(year) - 1
        if len(group) == 1:
            yield panel.places[group[0]], ALONE
        elif not panel.counted[group, before].any():
            yield from ((panel.places[row], NOT_JUST_BEFORE) for row in group)


def _used(panel: Panel, starts: Starts) -> Mask:
    """Counts of the places in use. Where all of them start, the last to start stand in for those
    that never do, as long as they have not started."""
    firsts = starts.first[starts.in_use]
    last = int(firsts.max()) if len(firsts) and (firsts != NEVER).all() else panel.years[-1] + 1
    early = np.array(panel.years) < last
    return informative(panel.high, panel.counted & starts.in_use[:, None] & early[None, :])


def _both_sides(panel: Panel, starts: Starts, used: Mask) -> Mask:
    after = np.array(panel.years)[None, :] >= starts.first[:, None]
    return np.array([row[a].any() and row[~a].any() for row, a in zip(used, after, strict=True)])


def _cells(starts: Starts, distance: Years, used: Mask) -> dict[str, Mask]:
    """Each start year and each distance from it but the year just before: which cells."""
    cells = {}
    firsts = starts.first[starts.in_use & used.any(axis=1)]
    compared = int(firsts.max()) if len(firsts) and (firsts != NEVER).all() else NEVER
    for year in sorted(set(firsts.tolist()) - {NEVER, compared}):
        group = (starts.first == year)[:, None] & starts.in_use[:, None] & used
        for step in sorted(set(distance[group].tolist()) - {JUST_BEFORE}):
            cells[f"start_{year}_{'m' if step < 0 else 'p'}{abs(step)}"] = group & (
                distance == step
            )
    return cells


def _sums(
    cells: dict[str, Mask], distance: Years, behind: dict[str, int], empty: set[str]
) -> dict[int, dict[str, float]]:
    """Weights by which the ratios of the start years make that of each distance.

    None where a start year has no case at all at that distance, or in one place alone: its log
    ratio is not finite, or hangs on that place. A start year with a count of one place there
    stays out: nobody can tell its change from chance.
    """
    at_step: dict[int, list[str]] = {}
    for name, cell in cells.items():
        if behind[name] > 1:
            at_step.setdefault(int(distance[cell][0]), []).append(name)
    sums: dict[int, dict[str, float]] = {}
    for step in sorted(s for s in at_step if EARLIEST <= s <= LATEST):
        names = at_step[step]
        total = sum(behind[name] for name in names)
        settled = not empty & set(names)
        sums[step] = {name: behind[name] / total for name in names} if settled else {}
    return sums


def _overall(
    sums: dict[int, dict[str, float]], behind: dict[str, int], lag: int
) -> dict[str, float]:
    names = [name for step, weights in sums.items() if step >= lag for name in weights]
    total = sum(behind[name] for name in names)
    return {name: behind[name] / total for name in names}


def _started(panel: Panel, first: Years, lag: int) -> Grid:
    """1 from `lag` years after the start of each place on, else 0."""
    from_then = np.array(panel.years)[None, :] >= first[:, None] + lag
    started: Grid = np.where((first != NEVER)[:, None] & from_then, 1.0, 0.0)
    return started


def _pre_trend(fits: list[Regression], sums: dict[int, dict[str, float]]) -> float:
    """Chance of ratios before the start this far from 1, taken together: a Wald test."""
    before = [weights for step, weights in sums.items() if step < 0]
    return float(np.max([fit.joint_probability(before) for fit in fits]))


def _places_at(distance: Years, starts: Starts, used: Mask, step: int) -> int:
    here = used & (distance == step) & (starts.first != NEVER)[:, None]
    return int(here.sum())


def _sample(panel: Panel, starts: Starts, starting: Mask, used: Mask) -> Sample:
    there = used.any(axis=1)
    counted = panel.counted & starts.in_use[:, None]
    none = counted.any(axis=1) & (np.where(counted, panel.low, 0.0).sum(axis=1) == 0)
    single = (counted.sum(axis=1) == 1) & ~none

    def named(which: Mask) -> tuple[str, ...]:
        return tuple(panel.places[row] for row in np.nonzero(which)[0])

    return Sample(
        changing=named(starting),
        steady=named(there & ~starting),
        without_cases=named(none),
        single_year=named(single),
        place_years=int(used.sum()),
        years=panel.span(used),
    )


def _shuffled(
    panel: Panel, starts: Starts, used: Mask, lag: int, shuffles: int, seed: int
) -> Shuffled:
    """Start years change hands; each time, counts after the start are set against all others."""
    rows = np.nonzero(starts.in_use)[0]
    first = starts.first[rows]
    counts, kept = middle(panel)[rows], used[rows]

    def slopes(order: Years) -> Grid:
        given = first[order]
        started = np.stack([_started(panel, one, lag) for one in given])
        return fit_many(counts, started[:, None], kept).slopes[:, 0]

    real = abs(float(slopes(np.arange(len(rows))[None])[0]))
    drawn = np.array_split(reordered(len(rows), shuffles, seed), max(1, shuffles // PER_BATCH))
    as_far = sum(int((~(np.abs(slopes(some)) < real - 1e-9)).sum()) for some in drawn)
    return Shuffled(as_far=as_far, shuffles=shuffles)
