"""Both sides of a pair of places: what each does about trafficking, and where it falls short."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts.words import from_to, interval_text, listed, number, value_text
from gapatlas.comparison.comparing import every_window_of
from gapatlas.comparison.pooling import combined_by_place, middle
from gapatlas.comparison.sources import standing
from gapatlas.config import Measure
from gapatlas.crossborder.flows import Flows
from gapatlas.languages import mark, say
from gapatlas.tables import rows

Frames = Callable[[str, str, int], AtlasFrame]
"""Measure id, source id and years counted together -> every window of every place."""
ANSWERS: Final = ("prosecuted", "convicted")
"""Stages that say what a place did about what it found."""
NO_FIGURE: Final = "no figure"  # not said
LIES: Final = {
    "below": mark("{figure}, below the middle"),
    "above": mark("{figure}, above the middle"),
    "not clear": mark("{figure}, not clear of the middle"),  # not said
    NO_FIGURE: "{figure}",
}
COOPERATION_COLUMNS: Final = (
    "origin",
    "destination",
    "origin_name",
    "destination_name",
    "count_low",
    "count_high",
    "falls_short",
    "at_origin",
    "at_destination",
)


@dataclass(frozen=True)
class Enforcement:
    """One measure of every place over some years, and the middle of all places.

    Attributes:
        frame: the years one by one, with sources and caveats.
        years: first and last year.
        figures: one row per place with a figure: jurisdiction_id, name, counts, value, value_low,
            value_high, low, high, years_used, status.
        middle: lowest and highest median that the counts of all places allow; NaN without any.
    """

    frame: AtlasFrame
    years: tuple[int, int]
    figures: pd.DataFrame
    middle: tuple[float, float]

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return self.frame.measure

    def row(self, place: str) -> Any | None:
        """A place's figure, or None where it has none in these years."""
        return self._rows.get(place)

    def standing(self, place: str) -> str:
        """`below` or `above` where the place's whole interval lies so against the middle of all
        places, `not clear` where it includes it, `no figure` where there is none."""
        row = self.row(place)
        if row is None:
            return NO_FIGURE
        return standing(row.low, row.high, self.middle) or "not clear"  # not said

    def words(self, place: str) -> str:
        """A place's figure with its interval, or why there is none."""
        row = self.row(place)
        if row is None:
            return say("not reported")
        digits = self.measure.decimals
        return say(
            "{value} (95% interval {interval})",
            value=value_text(row, digits),
            interval=interval_text(row, digits),
        )

    @cached_property
    def _rows(self) -> dict[str, Any]:
        return {row.jurisdiction_id: row for row in rows(self.figures)}

    def middle_words(self) -> str:
        """The middle of all places, with its unit."""
        ends = [number(end, self.measure.decimals) for end in self.middle]
        value = ends[0] if ends[0] == ends[1] else from_to(*ends)
        return f"{value} {self.measure.unit}"


@dataclass(frozen=True)
class Pair:
    """Two places: who is counted where, and what each does about it.

    Attributes:
        flows: the counts.
        first: id of one place.
        second: id of the other.
        there: row of `Flows.pairs` for citizens of the first counted in the second, or None.
        back: the same in the other direction.
        enforcement: the measures, each with the figures of both.
    """

    flows: Flows
    first: str
    second: str
    there: Any | None
    back: Any | None
    enforcement: tuple[Enforcement, ...]


def enforcement_measures(atlas: Atlas, source: str) -> list[str]:
    """Measures of the config that divide what was done by what was found, by this source.

    Those that compare convictions or prosecutions with detected victims come first. Measures
    that shift prosecutions in time, that divide by people, or that a source holds for one whole
    period are left out.
    """
    fitting = [
        id_
        for id_, measure in atlas.config.measures.items()
        if measure.level == "country"
        and measure.numerator.stage in ANSWERS
        and measure.below is not None
        and measure.lag is None
        and source in atlas.sources_of(id_)
        and source not in atlas.config.periods()
    ]
    return sorted(fitting, key=lambda id_: not _per_detected(atlas.config.measures[id_]))


def enforcement_of(
    atlas: Atlas,
    measure_id: str,
    source: str,
    years: tuple[int, int],
    frames: Frames | None = None,
) -> Enforcement:
    """Pool a measure of every place over some years: counts are added, ratios never.

    Args:
        atlas: the atlas.
        measure_id: one of `enforcement_measures`.
        source: source id.
        years: first and last year.
        frames: gives all figures of a measure, for callers that keep them.
    """
    frame = (frames or partial(every_window_of, atlas))(measure_id, source, 1)
    data = frame.data
    used = data[data["year_to"].between(*years) & (data["years_used"] > 0)]
    figures = combined_by_place(used, frame.measure)
    by_place = used.assign(exact=used["status"] == "exact").groupby("jurisdiction_id")
    about = by_place.agg({"name": "first", "years_used": "sum", "exact": "all"}).reset_index()
    figures = figures.merge(about, on="jurisdiction_id")
    exact = figures.pop("exact").astype(bool)
    figures["status"] = exact.map({True: "exact", False: "censored"}).astype("str")
    return Enforcement(frame=frame, years=years, figures=figures, middle=middle(figures))


def pair_of(flows: Flows, first: str, second: str, enforcement: Iterable[Enforcement]) -> Pair:
    """Lay two places side by side, whether or not their pair is shown.

    Raises:
        ValueError: the two are one place.
    """
    if first == second:
        raise ValueError("a pair needs two different places")
    return Pair(
        flows=flows,
        first=first,
        second=second,
        there=flows.between(first, second),
        back=flows.between(second, first),
        enforcement=tuple(enforcement),
    )


def where_cooperation_pays(flows: Flows, enforcement: Enforcement) -> pd.DataFrame:
    """Shown pairs of which at least one side clearly falls short of the middle of all places.

    A side falls short only where its whole interval lies below the least that the middle can be.
    A side without a figure doesn't: not reported is not zero.

    Returns:
        `COOPERATION_COLUMNS`: the pair, its counts, who falls short (names), and why in words: the
        figure of either side and where it lies.
        Most people first; this is no ranking of places.
    """
    places = sorted({*flows.edges["origin"], *flows.edges["destination"]})
    where = {place: enforcement.standing(place) for place in places}
    found = []
    for edge in rows(flows.edges):
        sides = {edge.origin: edge.origin_name, edge.destination: edge.destination_name}
        short = [name for place, name in sides.items() if where[place] == "below"]
        if not short:
            continue
        reasons = [_reason(enforcement, place, where[place]) for place in sides]
        found.append(
            {
                **{column: getattr(edge, column) for column in COOPERATION_COLUMNS[:6]},
                "falls_short": listed(short),
                "at_origin": reasons[0],
                "at_destination": reasons[1],
            }
        )
    return pd.DataFrame(found, columns=list(COOPERATION_COLUMNS))


def _per_detected(measure: Measure) -> bool:
    return measure.below is not None and measure.below.stage == "detected"


def _reason(enforcement: Enforcement, place: str, where: str) -> str:
    return say(LIES[where], figure=enforcement.words(place))
