"""The baseline of every place whose counts tell enough, drawn once per snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gapatlas.config.vocabulary import stage_label
from gapatlas.languages import say, whole
from gapatlas.training import (
    MOVEMENT,
    Baseline,
    Levels,
    Movement,
    discounted_levels,
    draw_baseline,
)
from gapatlas.training.baseline import FEWEST_DONORS
from gapatlas.training.chain import COUNTED

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

UNITS: Final = {
    "detected": "victims",
    "suspected": "persons",
    "prosecuted": "persons",
    "convicted": "persons",
}
LISTED: Final = 6
RECENT: Final = 8
"""A place has a baseline if it reports prosecutions or convictions in so many last years."""
DRAWS: Final = 10_000
SEED: Final = 1


@dataclass(frozen=True)
class Baselines:
    """What would happen without an investment, for every place that can be told.

    Attributes:
        source_id: source of the counts.
        last_year: last year of the counts.
        first_year: first year of an investment.
        names: place id -> name.
        baseline: draws of yearly flows.
    """

    source_id: str
    last_year: int
    first_year: int
    names: Mapping[str, str]
    baseline: Baseline

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per place and stage: place, name, stage, unit, middle, low, high (90% interval
        of the yearly count) and reported (whether the place reports it, or it is lent)."""
        parts = []
        for k, (stage, draws) in enumerate(self.baseline.yearly().items()):
            low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95], axis=1)
            parts.append(
                pd.DataFrame(
                    {
                        "place": self.baseline.places,
                        "name": [self.names[place] for place in self.baseline.places],
                        "stage": stage,
                        "unit": UNITS[stage],
                        "middle": middle,
                        "low": low,
                        "high": high,
                        "reported": self.baseline.reported[:, k],
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)


def baselines(
    atlas: Atlas, *, draws: int = DRAWS, seed: int = SEED, movement: Movement = MOVEMENT
) -> Baselines:
    """Draw the baseline of every place of the config's training source.

    Args:
        atlas: the atlas.
        draws: how many.
        seed: of the random numbers: the same seed gives the same draws on the same snapshot.
        movement: how levels move from year to year.

    Raises:
        ValueError: the config has no `training`, or its source counts too little of what the model
            needs; in words that a page can show.
    """
    training = atlas.config.training
    if training is None:
        raise ValueError(
            say("the config has no `training`: it names the effect library and a source")
        )
    counts = atlas.stage_years(training.source)
    counts = counts[
        [UNITS.get(s) == u for s, u in zip(counts["stage"], counts["unit"], strict=True)]
    ]
    told = counts[counts["status"].isin(("exact", "censored"))]
    if told.empty:
        raise ValueError(say("{source} counts no stage of the model", source=training.source))
    first, last = int(told["year"].min()), int(told["year"].max())
    places = _places(told, last)
    if not places:
        raise ValueError(
            say(
                "{source} tells no outcome of cases since {year}",
                source=training.source,
                year=str(last - RECENT),
            )
        )
    names = dict(zip(counts["jurisdiction_id"], counts["name"], strict=True))
    _refuse_gaps(told, places, names, atlas.source(training.source).short)
    levels = {
        stage: _levels(told[told["stage"] == stage], places, first, last, movement)
        for stage in COUNTED
    }
    first_year = max(training.first_year or last + 1, last + 1)
    return Baselines(
        source_id=training.source,
        last_year=last,
        first_year=first_year,
        names=names,
        baseline=draw_baseline(
            places, levels, movement, ahead=first_year - 1 - last, draws=draws, seed=seed
        ),
    )


def _places(told: pd.DataFrame, last: int) -> list[str]:
    """Places that report prosecutions or convictions in the last years."""
    recent = told[(told["year"] > last - RECENT) & told["stage"].isin(("prosecuted", "convicted"))]
    return sorted(recent["jurisdiction_id"].unique())


def _refuse_gaps(
    told: pd.DataFrame, places: list[str], names: Mapping[str, str], source: str
) -> None:
    """Refuse counts in which a stage is missing somewhere, and too few places could lend it."""
    for stage, unit in UNITS.items():
        counting = set(told.loc[told["stage"] == stage, "jurisdiction_id"])
        missing = [names[place] for place in places if place not in counting]
        lending = len(places) - len(missing)
        if missing and lending < FEWEST_DONORS:
            label = stage_label(stage, unit).lower()
            needed = ", ".join(stage_label(*each).lower() for each in UNITS.items())
            listed = ", ".join(missing[:LISTED]) + (", ..." if len(missing) > LISTED else "")
            raise ValueError(
                say(
                    "{source} has no figure for {what} in {count} of {places} places ({names}). "
                    "The model follows four counts: {needed}. A place that lacks one of them "
                    "borrows from the others, if at least {fewest} have it",
                    source=source,
                    what=label,
                    count=whole(len(missing)),
                    places=whole(len(places)),
                    names=listed,
                    needed=needed,
                    fewest=whole(FEWEST_DONORS),
                )
            )


def _levels(
    told: pd.DataFrame, places: list[str], first: int, last: int, movement: Movement
) -> Levels:
    low, high = (
        told.pivot(index="jurisdiction_id", columns="year", values=column)
        .reindex(index=places, columns=range(first, last + 1))
        .to_numpy(dtype=np.float64)
        for column in ("count_low", "count_high")
    )
    return discounted_levels(low, high, ~np.isnan(low), movement.discount)
