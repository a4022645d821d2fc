"""Whether counts move with something that was done: an association, and what to doubt in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gapatlas.config import Association as Block
from gapatlas.config import StageCount, near_names
from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.errors import Problem, TooLittleDataError, UnknownNameError
from gapatlas.languages import worded
from gapatlas.training.association import (
    SHUFFLES,
    Curve,
    LeftOut,
    Placebo,
    Ratio,
    Sample,
    Shuffled,
    leads_and_lags,
    leave_one_out,
    places_around_first,
    ratio_with_next_treatment,
    ratio_with_treatment,
    shuffle_histories,
)
from gapatlas.training.panel import Panel, panel_of
from gapatlas.training.rollout import Starts, roll_out

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas
    from gapatlas.charts import Chart
    from gapatlas.investment.association_words import Doubt


@dataclass(frozen=True)
class Association:
    """Counts of one stage set against one treatment.

    Attributes:
        id: its id in the config, and `block` what stands there.
        outcome: the stage and unit that is counted.
        ratio: counts with the treatment divided by counts without it, other things equal, with
            its 95% interval; both cover all that counts printed as a range can be.
        sample: the places and years that it rests on.
        curve: the ratio at each distance in years; None where too few places tell it.
        placebo: the ratio that goes with next year's treatment; None for a roll-out, and where
            too few places tell it.
        shuffled: how often treatment histories that change hands bring a ratio as far from 1.
        one_out: the ratio with one place left out at a time; None for a roll-out.
        starts: who starts when; of a roll-out alone.
        around_first: places with counts before and after their first year of treatment.
        names: id of a place -> its name.
    """

    atlas: Atlas
    id: str
    block: Block
    outcome: StageCount
    ratio: Ratio
    sample: Sample
    curve: Curve | None
    shuffled: Shuffled
    around_first: int
    names: Mapping[str, str]
    placebo: Placebo | None = None
    one_out: LeftOut | None = None
    starts: Starts | None = None

    @cached_property
    def title(self) -> str:
        """What is set against what."""
        from gapatlas.investment import association_words

        return association_words.title(self)

    @cached_property
    def short(self) -> str:
        """The answer in two or three sentences, with its interval."""
        from gapatlas.investment import association_words

        return association_words.short(self)

    @cached_property
    def caveat(self) -> str:
        """Why it is no effect. It belongs beside every figure from here."""
        from gapatlas.investment import association_words

        return association_words.caveat(self)

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What each check says, and what that means."""
        from gapatlas.investment import association_words

        return tuple(association_words.doubts(self))

    @cached_property
    def basis(self) -> str:
        """Which places and years it rests on, who is left out, and how counts were compared."""
        from gapatlas.investment import association_words

        return association_words.basis(self)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every ratio with its interval, its years, places and source, in words."""
        from gapatlas.investment import association_tables

        return association_tables.ratio_table(self)

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV below lines that say what it is; saved where a path is given."""
        from gapatlas.investment import association_tables

        text = association_tables.csv_text(self)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="")
        return text

    def chart(self) -> Chart | None:
        """The ratio by distance in years, for a notebook; None where too few places tell it."""
        from gapatlas.investment.pictures_association import association_picture

        picture = association_picture(self)
        return picture.chart() if picture is not None else None


def find_association(
    atlas: Atlas, association_id: str, outcome: str | None = None, shuffles: int = SHUFFLES
) -> Association:
    """Set counts against a treatment as the config's `associations` say.

    Args:
        atlas: gives both.
        association_id: id in the config.
        outcome: stage that is counted; None means the first in the config.
        shuffles: how often treatment histories change hands between places.

    Raises:
        UnknownNameError: an unknown association, an outcome that it does not have, or a place in
            `left_out` that does not exist.
        TooLittleDataError: too few places have counts in years with and without the treatment.
    """
    block = _named_block(atlas, association_id)
    stage = _named_outcome(association_id, block, outcome)
    panel, names = _panel(atlas, block, stage)
    if not panel.places:
        raise TooLittleDataError(worded("No place has both counts and a treatment that is known."))
    found = _of_rollout if block.design == "rollout" else _of_intensity
    return Association(
        atlas=atlas,
        id=association_id,
        block=block,
        outcome=stage,
        around_first=places_around_first(panel),
        names=names,
        **found(panel, block.lag, shuffles),
    )


def _of_intensity(panel: Panel, lag: int, shuffles: int) -> dict[str, Any]:
    ratio, sample = ratio_with_treatment(panel, lag)
    return {
        "ratio": ratio,
        "sample": sample,
        "curve": leads_and_lags(panel, shuffles=shuffles),
        "placebo": ratio_with_next_treatment(panel, lag),
        "shuffled": shuffle_histories(panel, lag, shuffles),
        "one_out": leave_one_out(panel, lag),
    }


def _of_rollout(panel: Panel, lag: int, shuffles: int) -> dict[str, Any]:
    found = roll_out(panel, lag, shuffles)
    return {
        "ratio": found.ratio,
        "sample": found.sample,
        "curve": found.curve,
        "shuffled": found.shuffled,
        "starts": found.starts,
    }


def _panel(atlas: Atlas, block: Block, stage: StageCount) -> tuple[Panel, dict[str, str]]:
    counts = _counts(atlas, block, stage)
    treatment = atlas.indicator(block.treatment)
    _refuse_unknown_places(atlas, block)
    names = dict(zip(counts["jurisdiction_id"], counts["name"], strict=True))
    renamed = {"jurisdiction_id": "place", "count_low": "low", "count_high": "high"}
    counts = counts[~counts["jurisdiction_id"].isin(block.left_out)].rename(columns=renamed)
    known = pd.DataFrame(
        {
            "place": treatment["jurisdiction_id"],
            "year": treatment["year"],
            "value": _treated(treatment, block),
        }
    )
    return panel_of(counts[["place", "year", "low", "high"]], known), names


def _counts(atlas: Atlas, block: Block, stage: StageCount) -> pd.DataFrame:
    """One stage of every place of the level, year by year."""
    every = atlas.stage_years(block.source)
    asked = (every["stage"] == stage.stage) & (every["unit"] == stage.unit)
    return every[asked & every["level"].isin(LEVELS_OF_MAP[block.level])]


def _treated(values: pd.DataFrame, block: Block) -> np.ndarray:
    """Whether, or how much, there was of the treatment; NaN where the figure leaves it open."""
    low, high = (values[name].to_numpy(np.float64, na_value=np.nan) for name in ("low", "high"))
    if block.measured_as == "any":
        return np.where(low > 0, 1.0, np.where(high <= 0, 0.0, np.nan))
    return np.where(low == high, low, np.nan)


def _named_block(atlas: Atlas, association_id: str) -> Block:
    known = atlas.config.associations
    if association_id not in known:
        allowed = near_names(association_id, known) or "none yet"  # not said
        problem = Problem(
            "associations", worded("Unknown association."), None, None, association_id, allowed
        )
        raise UnknownNameError(
            worded("There is no association '{id}'.", id=association_id), [problem]
        )
    return known[association_id]


def _named_outcome(association_id: str, block: Block, outcome: str | None) -> StageCount:
    stages = {stage.stage: stage for stage in block.outcomes}
    if outcome is None:
        return block.outcomes[0]
    if outcome not in stages:
        allowed = ", ".join(stages)
        problem = Problem("outcomes", worded("Unknown outcome."), None, None, outcome, allowed)
        raise UnknownNameError(
            worded("'{id}' does not look at '{outcome}'.", id=association_id, outcome=outcome),
            [problem],
        )
    return stages[outcome]


def _refuse_unknown_places(atlas: Atlas, block: Block) -> None:
    known = set(atlas.jurisdictions()["jurisdiction_id"])
    problems = [
        Problem("left_out", worded("Unknown place."), found=id_, allowed=near_names(id_, known))
        for id_ in block.left_out
        if id_ not in known
    ]
    if problems:
        raise UnknownNameError(worded("A place in `left_out` does not exist."), problems)
