"""`python -m benchmarks.hindcast`: predict 2018-2022 from the years before, and see what came.

The model without an investment is fitted on the counts up to 2017 alone. Beside it stand two naive
forecasts: the last reported count, and the mean of the last five years.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import gapatlas
from benchmarks.tables import Table, print_tables
from gapatlas.training.baseline import Movement
from gapatlas.training.chain import COUNTED
from gapatlas.training.hindcast import (
    DRAWS,
    PREDICTED,
    Forecast,
    difference,
    last_value,
    mean_of_five,
    predict,
    scores,
)
from gapatlas.training.history import History, history
from gapatlas.training.movement import (
    HELD_BACK,
    MOVEMENT,
    PULLS,
    SPREADS,
    fit_movement,
    movement_scores,
)

SOURCE = "unodc_glotip"
KNOWN_UNTIL, LAST = 2017, 2022
OURS, NAIVE = "model", ("last value", "five-year mean")
KEYS = ["stage", "place", "year"]
SIZES = (-1.0, 4.5, 19.5, 99.5, np.inf)
SIZE_NAMES = ("0 to 4", "5 to 19", "20 to 99", "100 or more")
ROUND = 100


def shipped_history(config: str | Path = "config.yaml") -> History:
    """All counts of the source in the shipped data."""
    with gapatlas.open_atlas(config) as atlas:
        return history(atlas.stage_years(SOURCE))


@dataclass(frozen=True)
class Hindcast:
    """Forecasts of the held-back years, and what came.

    Attributes:
        truth: all counts.
        movement: how levels move on.
        draws: of each forecast.
    """

    truth: History
    movement: Movement = HELD_BACK
    draws: int = DRAWS

    @cached_property
    def forecast(self) -> Forecast:
        past = self.truth.until(KNOWN_UNTIL)
        return predict(past, self.movement, LAST - KNOWN_UNTIL, draws=self.draws)

    @cached_property
    def all_scores(self) -> dict[str, pd.DataFrame]:
        past, years = self.truth.until(KNOWN_UNTIL), LAST - KNOWN_UNTIL
        forecasts = {
            OURS: self.forecast,
            NAIVE[0]: last_value(past, years, draws=self.draws),
            NAIVE[1]: mean_of_five(past, years, draws=self.draws),
        }
        return {name: scores(forecast, self.truth) for name, forecast in forecasts.items()}

    @cached_property
    def compared(self) -> dict[str, pd.DataFrame]:
        """Scores of the counts that all three forecasts have something to say of."""
        all_ = self.all_scores
        indexed = {name: found[found["known"]].set_index(KEYS) for name, found in all_.items()}
        shared = indexed[OURS].index
        for found in indexed.values():
            shared = shared.intersection(found.index)
        return {name: found.loc[shared].reset_index() for name, found in indexed.items()}


def percents(found: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    return [f"{100 * found[column].mean():.1f}" for column in columns]


def numbers(found: pd.DataFrame) -> list[str]:
    return [f"{len(found):,}", f"{found['place'].nunique()}"]


COVERAGE = ("meets_50", "share_50", "meets_90", "holds_90", "share_90", "above_90", "below_90")
COVERAGE_NAMES = (
    "50% meets", "50% share", "90% meets", "90% holds", "90% share", "above", "below",
)  # fmt: skip


def coverage_table(hindcast: Hindcast) -> Table:
    rows = [
        (f"{stage}, {name}", *numbers(own), *percents(own, COVERAGE))
        for stage in PREDICTED
        for name, found in hindcast.compared.items()
        for own in (found[found["stage"] == stage],)
    ]
    return Table(
        title=f"Counts of {KNOWN_UNTIL + 1}-{LAST} that the intervals hold, per cent",
        header=("stage, forecast", "counts", "places", *COVERAGE_NAMES),
        rows=tuple(rows),
        note=(
            "A count known as a range, as <5 is, meets an interval that it overlaps; the interval "
            "holds it where it lies wholly within. Share: how much of the probability that the "
            "forecast gives to the count lies within; it should be 50 and 90 where the forecast "
            "is right, while whole numbers make meets larger. Above, below: counts wholly beyond "
            "an end of the 90% interval."
        ),
    )


def with_error(pair: tuple[float, float], digits: int) -> str:
    return f"{pair[0]:+.{digits}f} ± {pair[1]:.{digits}f}".replace("-", "−")


def errors_table(hindcast: Hindcast) -> Table:
    rows = []
    for stage in PREDICTED:
        for name, found in hindcast.compared.items():
            own = found[found["stage"] == stage]
            ours = hindcast.compared[OURS]
            ours = ours[ours["stage"] == stage]
            same = name == OURS
            rows.append(
                (
                    f"{stage}, {name}",
                    f"{own['error'].mean():.1f}",
                    "" if same else with_error(difference(ours, own, "error"), 1),
                    f"{np.exp(own['log_error'].mean()):.2f}",
                    f"{own['score'].mean():.3f}",
                    "" if same else with_error(difference(ours, own, "score"), 3),
                )
            )
    return Table(
        title="Errors of the middle value, and of the whole forecast",
        header=(
            "stage, forecast",
            "error",
            "model minus it",
            "factor",
            "score",
            "model minus it ",
        ),
        rows=tuple(rows),
        note=(
            "Error: mean distance of the middle value to the count, in victims or persons; a few "
            "large places make most of it. Factor: by how much the middle value is typically off, "
            "whatever the size of a place. Score: the interval score of logarithms, which also "
            "asks for intervals that are short and hold; smaller is better. Behind ± stands the "
            "standard error over places; below 0 the model is better."
        ),
    )


def years_table(hindcast: Hindcast) -> Table:
    found = hindcast.compared[OURS]
    rows = [
        (f"{stage}, {year}", *numbers(own), *percents(own, COVERAGE))
        for (stage, year), own in found.groupby(["stage", "year"], sort=False)
    ]
    return Table(
        title="The model's intervals year by year, per cent",
        header=("stage, year", "counts", "places", *COVERAGE_NAMES),
        rows=tuple(rows),
        note="Fewer places have reported the last years so far.",
    )


def sizes_table(hindcast: Hindcast) -> Table:
    found = hindcast.compared[OURS]
    size = pd.cut(found["median"], list(SIZES), labels=list(SIZE_NAMES))
    rows = [
        (str(name), *numbers(own), *percents(own, COVERAGE))
        for name, own in found.groupby(size, observed=True)
    ]
    lent = hindcast.all_scores[OURS]
    lent = lent[~lent["known"]]
    rows.append(("no count of the stage before", *numbers(lent), *percents(lent, COVERAGE)))
    return Table(
        title="The model's intervals by the size of what is predicted, per cent",
        header=("middle value", "counts", "places", *COVERAGE_NAMES),
        rows=tuple(rows),
        note=(
            "The last row is of places that had never reported the stage: its ratio to another "
            "stage is lent by places that report both."
        ),
    )


def sums_table(hindcast: Hindcast) -> Table:
    forecast, truth = hindcast.forecast, hindcast.truth
    at = np.array([truth.places.index(place) for place in forecast.places])
    rows = []
    for stage in PREDICTED:
        k = COUNTED.index(stage)
        for step, draws in enumerate(forecast.counts[stage]):
            year = forecast.first_year + step
            told = truth.reported[k, at, truth.column(year)] & forecast.known[stage]
            low, high = (b[k, at[told], truth.column(year)].sum() for b in (truth.low, truth.high))
            total = draws[told].sum(axis=0)
            start, middle, end = np.quantile(total, [0.05, 0.5, 0.95])
            rows.append(
                (
                    f"{stage}, {year}",
                    f"{told.sum()}",
                    f"{low:,.0f} to {high:,.0f}",
                    *(f"{round(x / ROUND) * ROUND:,}" for x in (middle, start, end)),
                    "yes" if start <= high and low <= end else "no",
                )
            )
    return Table(
        title="Sums over the places that reported a year",
        header=("stage, year", "places", "counted", "predicted", "90% from", "to", "meets"),
        rows=tuple(rows),
        note=(
            "Predicted is the middle of the draws. Sums are rounded to hundreds. Places are taken "
            "to move apart from each other; where many fall at once, as convictions did in 2020, "
            "the interval of a sum is too short."
        ),
    )


def movement_table(hindcast: Hindcast) -> Table:
    past = hindcast.truth.until(KNOWN_UNTIL)
    drifts, pulls = SPREADS[2::2], PULLS[:17:4]
    tried = [replace(HELD_BACK, drift=drift, pull=pull) for drift in drifts for pull in pulls]
    found = iter(movement_scores(past, tried))
    rows = [(f"drift {drift:g}", *(f"{next(found):.3f}" for _ in pulls)) for drift in drifts]
    fits = (fit_movement(past, start=HELD_BACK), fit_movement(hindcast.truth, start=MOVEMENT))
    words = [
        f"discount {m.discount:g}, drift {m.drift:g}, swing {m.swing:g}, pull {m.pull:g}"
        for m in fits
    ]
    return Table(
        title=f"Mean score by drift and pull, years to {KNOWN_UNTIL}",
        header=(
            f"discount {HELD_BACK.discount:g}, swing {HELD_BACK.swing:g}",
            *(f"pull {pull:g}" for pull in pulls),
        ),
        rows=tuple(rows),
        note=(
            f"Fitted to the years up to {KNOWN_UNTIL}: {words[0]}. Fitted to all years, for the "
            f"app: {words[1]}. Smaller scores are better."
        ),
    )


TABLES: dict[str, Callable[[Hindcast], Table]] = {
    "coverage": coverage_table,
    "errors": errors_table,
    "years": years_table,
    "sizes": sizes_table,
    "sums": sums_table,
    "movement": movement_table,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was asked for as markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hindcast", description=__doc__)
    parser.add_argument("--config", default="config.yaml", metavar="FILE")
    parser.add_argument("--only", nargs="+", choices=list(TABLES), default=list(TABLES))
    parser.add_argument("--draws", type=int, default=DRAWS, metavar="NUMBER")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables as markdown")
    arguments: Any = parser.parse_args(argv)
    hindcast = Hindcast(shipped_history(arguments.config), draws=arguments.draws)
    print_tables((TABLES[name](hindcast) for name in arguments.only), arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
