"""One place among its peers: the figures behind the page Conviction rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison.counts import Counts, Judged, counts_by_year, counts_of, difference, judged
from gapatlas.comparison.peers import Peers, peer_groups, peers_of
from gapatlas.comparison.pooling import middle
from gapatlas.comparison.sources import SourceConflict, source_conflict
from gapatlas.comparison.trends import Trend, trend_of
from gapatlas.config import Measure, near_names
from gapatlas.errors import Problem, UnknownNameError
from gapatlas.languages import say, worded
from gapatlas.statistics import (
    Difference,
    Dispersion,
    funnel_limits,
)
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.charts import Chart

SMALL: Final = 10
"""A figure that divides by fewer persons, cases or offences is marked and faded."""
ChartView = Literal["peers", "funnel", "shrunken", "ranks", "trend", "two"]
Frames = Callable[[str, str, int], AtlasFrame]
"""Measure id, source id and years counted together -> every window of every place."""
DRAWS: Final = 2000
CURVE_POINTS: Final = 60


@dataclass(frozen=True)
class Timing:
    """The same rate with the other assumption on how long cases take.

    Attributes:
        row: its figure for the same place and years.
        lagged: whether this is the lag-adjusted one.
        disagrees: whether the two intervals share no value.
    """

    row: Any
    lagged: bool
    disagrees: bool


@dataclass(frozen=True)
class Comparison:
    """A place and its peers in one window of years.

    Attributes:
        atlas: where the figures come from.
        place: id of the place.
        name: its name.
        peers: whom it is compared with.
        window: the window's figures of the place and of its peers.
        windows: the figures of all windows of that length and of all places.
        yearly: the figures of all single years and places, from the same source.
        frames: gives the figures of another measure, source or length of windows.
    """

    atlas: Atlas
    place: str
    name: str
    peers: Peers
    window: AtlasFrame
    windows: AtlasFrame
    yearly: AtlasFrame
    frames: Frames

    @property
    def measure(self) -> Measure:
        """The measure that is compared."""
        return self.window.measure

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Figures of the place and its peers, highest first and those without a figure last.

        Columns of a `MeasureFrame`, with role (`chosen` or `peer`), small (divides by fewer than
        10), middle and middle_high (of the peers, the same in every row).
        """
        data = self.window.data
        chosen = data["jurisdiction_id"] == self.place
        table = data.assign(
            role=np.where(chosen, "chosen", "peer"),
            small=data["jurisdiction_id"].isin(self.small).to_numpy(),
            middle=self.middle[0],
            middle_high=self.middle[1],
        )
        middle_of_range = (table["value_low"] + table["value_high"]) / 2
        order = table["value"].fillna(middle_of_range).mask(np.isinf(middle_of_range), -1.0)
        sorted_ = table.loc[order.sort_values(ascending=False, na_position="last").index]
        return sorted_.reset_index(drop=True)

    def rates_with_estimates(self) -> pd.DataFrame:
        """`rates` with estimate, estimate_low and estimate_high: of a figure that is a range the
        value that best explains it and its likelihood interval, missing for all others."""
        names = {"estimate": "estimate", "low": "estimate_low", "high": "estimate_high"}
        found = self.estimates.rename(columns=names)
        return self.rates.join(found, on="jurisdiction_id")

    @cached_property
    def row(self) -> Any | None:
        """The place's own figure, or None where it is not part of the source."""
        data = self.window.data
        own = data[data["jurisdiction_id"] == self.place]
        return next(rows(own)) if len(own) else None

    @property
    def has_figure(self) -> bool:
        """Whether the place has a figure, be it a range."""
        return self.row is not None and self.row.status in ("exact", "censored")

    @cached_property
    def small(self) -> frozenset[str]:
        """Places whose figure divides by fewer than 10."""
        data = self.window.data
        few = (data["denominator_high"] < SMALL).fillna(False).astype(bool)
        return frozenset(data.loc[few, "jurisdiction_id"])

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Median of the peers, lowest and highest that their counts allow; NaN without peers."""
        data = self.window.data
        return middle(data[data["jurisdiction_id"] != self.place])

    @cached_property
    def peers_with_figures(self) -> int:
        """How many peers have a figure."""
        data = self.window.data
        others = data[data["jurisdiction_id"] != self.place]
        return int(others["value_low"].notna().sum())

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Likelihood estimates of figures that are a range, by place id: estimate, low, high.

        They are made from the counts of the single years, each within its own range. Where more
        than half of the years have a range from zero up, the estimate is missing: it would say
        more of its assumptions than of the counts.
        """
        first, last = self.window.years
        censored = self.window.data.loc[self.window.data["status"] == "censored"]
        ids = list(censored["jurisdiction_id"])
        counts = counts_by_year(self.yearly.data, self.measure, ids, list(range(first, last + 1)))
        found, per = counts.likelihood(), self.measure.per
        value = np.where(counts.mostly_open, np.nan, found.value) * per
        return pd.DataFrame(
            {"estimate": value, "low": found.low * per, "high": found.high * per}, index=ids
        )

    @property
    def judged(self) -> Judged | None:
        """Shrinkage, ranks and groups of all that have a figure; None where nobody has one."""
        return judged(self._of_reported, DRAWS) if self._can_compare else None

    @cached_property
    def shrunken(self) -> pd.DataFrame:
        """Raw and shrunken side by side, highest shrunken first.

        Columns of `rates`, with shrunken, shrunken_low, shrunken_high (in the measure's unit),
        weight (of the place's own counts) and middle (to which values are drawn).
        """
        shown = self._reported
        if self.judged is None:
            return shown.assign(shrunken=[], shrunken_low=[], shrunken_high=[], weight=[])
        found, per = self.judged.shrunken, self.measure.per
        return shown.assign(
            shrunken=found.value * per,
            shrunken_low=found.low * per,
            shrunken_high=found.high * per,
            weight=found.weight,
            middle=found.prior_value * per,
            middle_high=found.prior_value * per,
        ).sort_values("shrunken", ascending=False, ignore_index=True)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Ranks from the shrunken rates, highest first: jurisdiction_id, name, role, small, rank,
        rank_low, rank_high, group, group_label."""
        shown = self._reported[["jurisdiction_id", "name", "role", "small"]]
        found = self.judged
        if found is None:
            return shown.assign(rank=[], rank_low=[], rank_high=[], group=[], group_label=[])
        return shown.assign(
            rank=found.ranks.rank,
            rank_low=found.ranks.low,
            rank_high=found.ranks.high,
            group=found.groups,
            group_label=[say("Group {group}", group=str(group)) for group in found.groups],
        ).sort_values("rank", ignore_index=True)

    def funnel(self, dispersion: Dispersion = "none") -> tuple[pd.DataFrame, pd.DataFrame]:
        """Funnel plot: its points and its curves.

        Args:
            dispersion: `none`, `multiplicative` or `additive`.

        Returns:
            Points: columns of `rates` with size and position (-2 to 2). Curves: size, centre,
            low_95, high_95, low_998, high_998 in the measure's unit.
        """
        shown, counts = self._reported, self._of_reported
        size = (counts.size_low + counts.size_high) / 2
        if not self._can_compare or not (size > 0).any():
            return shown.assign(size=[], position=[]).iloc[:0], pd.DataFrame()
        reach = np.geomspace(max(size[size > 0].min() * 0.7, 1), size.max() * 1.15, CURVE_POINTS)
        found = funnel_limits(
            counts.kind,
            counts.above_low,
            counts.size_low,
            count_high=counts.above_high,
            size_high=counts.size_high,
            at=reach,
            dispersion=dispersion,
        )
        curves = {"size": reach, "centre": np.full(len(reach), found.centre * self.measure.per)}
        for name in ("low_95", "high_95", "low_998", "high_998"):
            curves[name] = getattr(found, name) * self.measure.per
        return shown.assign(size=size, position=found.position), pd.DataFrame(curves)

    @cached_property
    def trend(self) -> Trend:
        """The place's control chart over all years of the source."""
        return trend_of(self.yearly.data, self.measure, self.place)

    def against(self, other: str) -> Difference | None:
        """The place compared with one other: None where one of the two has no figure.

        Both posteriors rest on their own counts alone, without shrinkage.
        """
        shown = self._reported.reset_index(drop=True)
        found = [shown.index[shown["jurisdiction_id"] == id_] for id_ in (self.place, other)]
        if not all(len(where) for where in found):
            return None
        first, second = (self._of_reported.of(where.to_numpy()) for where in found)
        return difference(first, second)

    def beside(self, other: str) -> Comparison:
        """The place and one other, as a comparison of two."""
        data = self._everyone
        return replace(
            self,
            peers=Peers("own", say("place of your choice"), (other,)),
            window=self.windows.only(data[data["jurisdiction_id"].isin([self.place, other])]),
        )

    @property
    def told_apart_from(self) -> list[str]:
        """Ids of the other places that have a figure in the window."""
        data = self._everyone
        figures = np.isfinite(data["value_low"]) & (data["jurisdiction_id"] != self.place)
        return list(data.loc[figures, "jurisdiction_id"])

    def chart(self, view: ChartView = "peers", *, other: str | None = None) -> Chart | None:
        """Draw one of the page's charts, with title, source line and alternative text.

        Args:
            view: `peers`, `funnel`, `shrunken`, `ranks`, `trend` or `two`.
            other: id of the second place, for `two`.

        Returns:
            The chart, or None where no place has a figure.

        Raises:
            ValueError: an unknown view, or `two` without a second place.
        """
        from gapatlas.comparison import pictures

        return pictures.chart_of(self, view, other)

    @cached_property
    def sources(self) -> SourceConflict:
        """What other sources say of the place."""
        return source_conflict(self.atlas, self.yearly, self.place, self.peers.ids, self.frames)

    @cached_property
    def other_timing(self) -> Timing | None:
        """The same rate under the other assumption on timing, where the config has one and the
        place has a figure for it in the same years."""
        other = _other_timing(self.atlas, self.window.measure_id)
        if other is None or not self.has_figure:
            return None
        source = self.window.source_id
        if source not in self.atlas.sources_of(other):
            return None
        frame = self.frames(other, source, self.window.window)
        same = (frame.data["jurisdiction_id"] == self.place) & (
            frame.data["year_to"] == self.window.years[1]
        )
        found, row = next(rows(frame.data[same]), None), self.row
        if row is None or found is None or math.isnan(found.low):
            return None
        apart = bool(found.high < row.low or found.low > row.high)
        return Timing(row=found, lagged=frame.measure.lag is not None, disagrees=apart)

    @property
    def _everyone(self) -> pd.DataFrame:
        data = self.windows.data
        everyone: pd.DataFrame = data[data["year_to"] == self.window.years[1]]
        return everyone

    @cached_property
    def _reported(self) -> pd.DataFrame:
        """Rows of `rates` that have a figure that divides by something."""
        table: pd.DataFrame = self.rates[np.isfinite(self.rates["value_low"])]
        return table

    @cached_property
    def _of_reported(self) -> Counts:
        return counts_of(self._reported, self.measure)

    @property
    def _can_compare(self) -> bool:
        return bool(len(self._reported)) and bool((self._of_reported.size_high > 0).any())


def compare(
    atlas: Atlas,
    measure_id: str,
    place: str,
    *,
    year: int | None = None,
    window: int = 5,
    source: str | None = None,
    peers: str = "region",
    own: Sequence[str] = (),
    frames: Frames | None = None,
) -> Comparison:
    """Compare a place with its peers.

    Args:
        atlas: the atlas.
        measure_id: id of a measure in the config.
        place: id of the place.
        year: last year of the window; None means the last of the source.
        window: years that are counted together: 1, 3 or 5.
        source: source id; None means the measure's own.
        peers: `region`, `subregion`, `population` (the same band), `all`, `own`, or an indicator
            that the config offers for peers.
        own: ids of the reader's own peers.
        frames: gives all figures of a measure, source and length of windows, for callers that
            keep them; None means to ask the atlas.

    Raises:
        UnknownNameError: an unknown measure, source or place.
        ValueError: an unknown kind of peers, or years that the atlas refuses.
    """
    source_id = source or atlas.config.measures[measure_id].source
    asked = frames or partial(every_window_of, atlas)
    windows = asked(measure_id, source_id, window)
    last = int(windows.data["year_to"].max()) if year is None else year
    places = atlas.places_of(measure_id)
    names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
    _refuse_unknown_place(place, names)
    groups = peer_groups(atlas, measure_id, "all" if peers == "own" else peers, last)
    group = peers_of(place, peers, groups, own)
    members = windows.data["jurisdiction_id"].isin([place, *group.ids])
    return Comparison(
        atlas=atlas,
        place=place,
        name=names[place],
        peers=group,
        window=windows.only(windows.data[members & (windows.data["year_to"] == last)]),
        windows=windows,
        yearly=asked(measure_id, source_id, 1),
        frames=asked,
    )


def _refuse_unknown_place(place: str, names: Mapping[str, str]) -> None:
    if place not in names:
        near = near_names(place, [*names, *names.values()])
        raise UnknownNameError(
            worded("There is no place '{place}' that this measure describes.", place=place),
            [Problem("place", worded("Unknown place."), found=place, allowed=near)],
        )


def every_window_of(atlas: Atlas, measure_id: str, source: str, window: int) -> AtlasFrame:
    """Every window of a measure, straight from the atlas."""
    years = atlas.years_of(measure_id, source)
    return atlas.measure(measure_id, years=years, window=window, source=source)


def _other_timing(atlas: Atlas, measure_id: str) -> str | None:
    """The measure that differs from this one in its lag alone."""
    own = atlas.config.measures[measure_id]
    wanted = {"same_year": "lag_adjusted", "lag_adjusted": "same_year"}.get(own.rate or "")
    for id_, measure in atlas.config.measures.items():
        same = (measure.numerator, measure.denominator, measure.level) == (
            own.numerator,
            own.denominator,
            own.level,
        )
        if same and measure.rate == wanted and wanted:
            return id_
    return None
