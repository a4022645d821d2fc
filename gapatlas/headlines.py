"""What one window of a ratio says at a glance, in figures that can be defended.

Places are never ranked here: those listed are the ones whose whole interval lies below the
middle place, in order of how many cases stand behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts.words import places_text
from gapatlas.comparison.pooling import combined, middle
from gapatlas.comparison.sources import listed_years
from gapatlas.languages import say, whole

MANY = 50
"""Cases in the denominator from which a missing numerator is worth naming."""


@dataclass(frozen=True)
class Headline:
    """The headline of one window.

    Attributes:
        frame: the window, every place.
        together: one row: all places that report both stages, their counts added up.
        middle: lowest and highest median that the counts of all places with a figure allow, in
            the measure's unit; NaN where there is none.
        apart: rows of places whose whole interval lies below the lowest `middle`; above the
            highest where the config says that a higher value is worse.
        silent: places with `MANY` or more cases below the line that report nothing above it:
            jurisdiction_id, name, count_low, count_high (cases below the line).
        asked: places with `MANY` or more cases below the line.
    """

    frame: AtlasFrame
    together: pd.DataFrame
    middle: tuple[float, float]
    apart: pd.DataFrame
    silent: pd.DataFrame
    asked: int

    @property
    def side(self) -> Literal["below", "above"]:
        """On which side of the middle the places lie that are worse off."""
        return "above" if self.frame.measure.higher_is == "worse" else "below"


@dataclass(frozen=True)
class Silence:
    """Who counts many cases and does not report what came of them.

    Attributes:
        asked: every place and year with `MANY` or more cases below the line; columns of
            `Atlas.silent_years`.
        silent: those of them without a figure above the line.
        places: one row per place that was silent at least once: jurisdiction_id, name, region,
            asked and silent (years), years (the silent ones, in words), cases (below the line in
            those years, at least), most silent years first.
    """

    asked: pd.DataFrame
    silent: pd.DataFrame
    places: pd.DataFrame


def silence(atlas: Atlas, measure_id: str, source: str | None = None) -> Silence:
    """Find the places and years that count many cases and report nothing above the line.

    Not reported is not zero: silence is a gap in reporting, and says nothing of convictions.

    Raises:
        ValueError: the measure divides by population.
    """
    asked = atlas.silent_years(measure_id, MANY, source)
    silent = asked[asked["status"] == "not_reported"]
    keys = ["jurisdiction_id", "name", "region"]
    years = asked["jurisdiction_id"].value_counts().to_dict()
    told = [
        {
            **dict(zip(keys, rows[keys].iloc[0], strict=True)),
            "asked": years[id_],
            "silent": len(rows),
            "years": listed_years(rows["year"]),
            "cases": int(rows["count_low"].sum()),
        }
        for id_, rows in silent.fillna({"region": ""}).groupby("jurisdiction_id", sort=False)
    ]
    places = pd.DataFrame(told, columns=[*keys, "asked", "silent", "years", "cases"])
    order = ["silent", "cases"]
    return Silence(asked, silent, places.sort_values(order, ascending=False, ignore_index=True))


def headline(
    atlas: Atlas, measure_id: str, years: tuple[int, int], window: int, source: str | None = None
) -> Headline:
    """Compute the headline of a ratio of two stages.

    Raises:
        ValueError: the measure divides by people or an amount, not by a stage; or `years` holds
            more than one window.
    """
    frame = atlas.measure(measure_id, years=years, window=window, source=source)
    below_the_line = frame.measure.below
    if below_the_line is None:
        raise ValueError("A headline needs a ratio of two stages.")
    rows = frame.data
    middle_place = middle(rows)
    cases = atlas.stage_totals(below_the_line, frame.source_id, years)
    found = atlas.stage_totals(frame.measure.numerator, frame.source_id, years)
    many = cases[cases["count_low"].fillna(0) >= MANY]
    without = found.loc[found["years_reported"] == 0, "jurisdiction_id"]
    silent = many[many["jurisdiction_id"].isin(without)]
    is_worse = frame.measure.higher_is == "worse"
    beyond = rows["low"] > middle_place[1] if is_worse else rows["high"] < middle_place[0]
    apart = rows[beyond & (rows["denominator_low"].fillna(0) >= MANY)]
    return Headline(
        frame=frame,
        together=added_up(frame),
        middle=middle_place,
        apart=apart.sort_values("denominator_low", ascending=False),
        silent=silent.sort_values("count_low", ascending=False).reset_index(drop=True),
        asked=len(many),
    )


def added_up(frame: AtlasFrame) -> pd.DataFrame:
    """All places that report both stages as one: counts added, one row like those of a frame.

    Where no place reports both, the row is `not_reported` and its counts are absent.

    Raises:
        ValueError: the frame holds several windows, which share years.
    """
    if frame.data["year_from"].nunique() > 1:
        raise ValueError("Windows that overlap cannot be added up: ask for one window.")
    used = frame.data[frame.data["years_used"] > 0]
    return combined(
        used,
        frame.measure,
        jurisdiction_id="all",
        name=_together(len(used)),
        year_from=frame.years[0],
        year_to=frame.years[1],
        source_id=frame.source_id,
        years_used=used["years_used"].max() if len(used) else 0,
    )


def _together(places: int) -> str:
    if places > 1:
        return say("{count} places together", count=whole(places))
    return places_text(places)
