"""The gap: what a benchmark lets one expect, minus what is observed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from gapatlas.comparison.comparing import every_window_of
from gapatlas.comparison.counts import Counts, counts_of
from gapatlas.comparison.peers import peer_groups, peer_labels
from gapatlas.gaps import expected as benchmarks
from gapatlas.gaps.model import FittedModel, fit_model
from gapatlas.languages import ENGLISH, language_now, mark, speaking
from gapatlas.statistics import Draws, Shortfall, shortfall

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas, AtlasFrame
    from gapatlas.charts import Chart
    from gapatlas.charts.gap_map import Quantity
    from gapatlas.config import Measure

Verdict = Literal["short", "above", "open", "none"]
GapChart = Literal["map", "short", "model"]
BENCHMARKS: Final[Mapping[str, str]] = {
    "median": mark("Middle of its peers"),
    "best_quarter": mark("Best quarter of its peers"),
    "own_best": mark("Its own best five earlier years"),
    "model": mark("A model of similar places"),
}
SHARES: Final = {"median": 0.5, "best_quarter": 0.75}
SURE: Final = 0.975
"""Probability from which a place is said to fall short: its 95% interval then lies on one side."""
NOT_REPORTED: Final = mark("not reported")
WITHHELD: Final = mark("withheld")
NOTHING_BELOW: Final = mark("nothing to divide by")
ENFORCEMENT: Final = ("prosecuted", "convicted", "cleared")
NONE: Final[Mapping[str, str]] = {
    "median": mark("fewer than three peers have figures"),
    "best_quarter": mark("fewer than three peers have figures"),
    "own_best": mark("no five earlier years with three reported ones"),
    "model": mark("the model lacks something of it"),
}
Frames = Callable[[str, str, int], "AtlasFrame"]


@dataclass(frozen=True)
class Gap:
    """Expected against observed, for every place of a measure in one window of years.

    Attributes:
        atlas: where the figures come from.
        frame: the figures of the window.
        benchmark: one of `BENCHMARKS`.
        peers: how peers were chosen.
        groups: by place id the words of its peers; empty where the benchmark takes none.
        table: one row per place that the source has: jurisdiction_id, name, status,
            observed_low, observed_high, size_low, size_high, years_used, the columns of a
            `Shortfall`, and reason (why there is no gap, in English; empty where there is one).
        model: the fitted model, where that is the benchmark and it could be fitted.
        best: the best earlier years of each place, where they are the benchmark.
    """

    atlas: Atlas
    frame: AtlasFrame
    benchmark: str
    peers: str
    groups: pd.Series
    table: pd.DataFrame
    model: FittedModel | None = None
    best: pd.DataFrame | None = None

    @property
    def measure(self) -> Measure:
        """The measure behind the gap."""
        return self.frame.measure

    @cached_property
    def known(self) -> pd.DataFrame:
        """Rows of `table` that have a gap."""
        return self.table[self.table["reason"] == ""].reset_index(drop=True)

    @cached_property
    def short(self) -> pd.DataFrame:
        """Places whose whole 95% interval falls short, in every completion of their counts, the
        largest number first: what can be defended."""
        sure = self.known[self.known["probability_low"] >= SURE]
        middle = (sure["number_low"] + sure["number_high"]) / 2
        return sure.loc[middle.sort_values(ascending=False).index].reset_index(drop=True)

    @cached_property
    def beyond(self) -> pd.DataFrame:
        """Places whose whole 95% interval lies above the benchmark."""
        return self.known[self.known["probability_high"] <= 1 - SURE].reset_index(drop=True)

    @cached_property
    def undecided(self) -> pd.DataFrame:
        """Places that the counts tell neither below nor above the benchmark."""
        told = pd.concat([self.short["jurisdiction_id"], self.beyond["jurisdiction_id"]])
        rest = ~self.known["jurisdiction_id"].isin(told)
        return self.known[rest].reset_index(drop=True)

    def of(self, place: str) -> pd.DataFrame:
        """The row of one place; empty where the source does not have it."""
        return self.table[self.table["jurisdiction_id"] == place]

    def chart(self, kind: GapChart = "map", quantity: Quantity = "ratio") -> Chart | None:
        """Draw the gap, with title, source line, alternative text and shapes.

        Args:
            kind: `map` (every place), `short` (those that clearly fall short) or `model` (how well
                the fitted model describes the places).
            quantity: `ratio` (observed / expected), `number` (fewer than expected) or
                `probability` (that a place falls short).

        Returns:
            The chart, or None where there is nothing to draw.

        Raises:
            ValueError: an unknown kind, or a map of places that have no shapes.
        """
        from gapatlas.gaps import pictures

        return pictures.chart_of(self, kind, quantity)


def verdict(row: Any) -> Verdict:
    """What a row of `Gap.table` lets one claim: `short` or `above` where its whole 95% interval
    lies on one side in every completion of the counts, `open` where it does not, `none` without a
    gap."""
    if row.reason:
        return "none"
    if row.probability_low >= SURE:
        return "short"
    return "above" if row.probability_high <= 1 - SURE else "open"


def has_gap(measure: Measure) -> bool:
    """Whether a measure counts enforcement above the line, and the config does not call more of it
    worse: only then can too little be missing."""
    return measure.numerator.stage in ENFORCEMENT and measure.higher_is != "worse"


def find_gaps(
    atlas: Atlas,
    measure_id: str,
    *,
    year: int,
    window: int = 5,
    source: str | None = None,
    benchmark: str = "median",
    peers: str = "region",
    own: Sequence[str] = (),
    frames: Frames | None = None,
) -> Gap:
    """Compare every place with a benchmark.

    Args:
        atlas: the atlas.
        measure_id: id of a measure with prosecuted, convicted or cleared above the line.
        year: last year of the window.
        window: years that are counted together: 1, 3 or 5.
        source: source id; None means the measure's own.
        benchmark: `median` or `best_quarter` of peers, `own_best` (five years that ended before
            the window), or `model` (a fitted negative binomial model).
        peers: `region`, `subregion`, `population`, `all`, `own`, or an indicator that the config
            offers for peers.
        own: ids of the reader's own peers.
        frames: gives all figures of a measure, source and length of windows, for callers that
            keep them; None means to ask the atlas.

    Raises:
        UnknownNameError: an unknown measure or source.
        ValueError: an unknown benchmark or choice of peers, a year in which no window ends, or a
            measure of detection.
    """
    _refuse_unknown("benchmark", benchmark, BENCHMARKS)
    _refuse_unknown("peers", peers, peer_labels(atlas.config))
    asked = frames or partial(every_window_of, atlas)
    source_id = source or atlas.measure_named(measure_id).source
    windows = asked(measure_id, source_id, window)
    if not has_gap(windows.measure):
        raise ValueError(f"{measure_id} counts no enforcement above the line: it has no gap")
    first, last = windows.data["year_to"].min(), windows.data["year_to"].max()
    if not first <= year <= last:
        raise ValueError(f"year must lie between {first} and {last}, not {year}")
    frame = windows.only(windows.data[windows.data["year_to"] == year])
    used = frame.data[_usable(frame.data)].reset_index(drop=True)
    counts = counts_of(used, frame.measure)
    with speaking(ENGLISH):  # chance is drawn group by group: in each language from the same seeds
        seeded = _groups(atlas, measure_id, benchmark, peers, year)
    found = _Benchmark(atlas, frame, used, counts, seeded, benchmark, tuple(own), peers, asked)
    drawn = found.draws() if len(used) else None
    table = _table(frame.data, used, counts, drawn, benchmark)
    spoken = language_now() != ENGLISH
    groups = _groups(atlas, measure_id, benchmark, peers, year) if spoken else seeded
    return Gap(atlas, frame, benchmark, peers, groups, table, found.model, found.best)


def _refuse_unknown(what: str, found: str, allowed: Iterable[str]) -> None:
    if found not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(allowed)}, not {found!r}")


def _usable(data: pd.DataFrame) -> pd.Series:
    """Rows with counts, and something that can lie below the line."""
    return (data["years_used"] > 0) & (data["denominator_high"].fillna(0) > 0)


def _groups(atlas: Atlas, measure_id: str, benchmark: str, peers: str, year: int) -> pd.Series:
    if benchmark not in SHARES or peers == "own":
        return pd.Series(dtype="str")
    return peer_groups(atlas, measure_id, peers, year)


@dataclass
class _Benchmark:
    """Draws of what is expected of the places in `used`, and what they rest on."""

    atlas: Atlas
    frame: AtlasFrame
    used: pd.DataFrame
    counts: Counts
    groups: pd.Series
    kind: str
    own: tuple[str, ...]
    peers: str
    frames: Frames
    model: FittedModel | None = None
    best: pd.DataFrame | None = None

    def draws(self) -> Draws:
        ids = list(self.used["jurisdiction_id"])
        if self.kind == "model":
            return self._of_model(ids)
        if self.kind == "own_best":
            return self._of_own_past(ids)
        share = SHARES[self.kind]
        if self.peers == "own":
            return benchmarks.listed_draws(self.counts, ids, self.own, share)
        labels = list(self.groups.reindex(ids, fill_value=""))
        return benchmarks.peer_draws(self.counts, labels, share)

    def _of_model(self, ids: list[str]) -> Draws:
        self.model = fit_model(self.atlas, self.frame)
        if self.model is None:
            return benchmarks.no_draws(len(ids))
        size = (self.counts.below_low + self.counts.below_high) / 2
        return benchmarks.count_draws(self.model.draws(ids), size)

    def _of_own_past(self, ids: list[str]) -> Draws:
        if not self._reaches_back():
            return benchmarks.no_draws(len(ids))
        measure_id, source = self.frame.measure_id, self.frame.source_id
        past = self.frames(measure_id, source, benchmarks.OWN_YEARS).data
        yearly = self.frames(measure_id, source, 1).data
        before = self.frame.years[1] - self.frame.window + 1
        self.best = benchmarks.best_years(past, ids, before)
        others = benchmarks.other_years(yearly, self.best, before)
        return benchmarks.own_past_draws(self.best, others, self.frame.measure)

    def _reaches_back(self) -> bool:
        """Whether the source has five years, and not one whole period as a single figure."""
        source = self.frame.source_id
        first, last = self.atlas.years_of(self.frame.measure_id, source)
        return (
            last - first + 1 >= benchmarks.OWN_YEARS and source not in self.atlas.config.periods()
        )


def _table(
    data: pd.DataFrame,
    used: pd.DataFrame,
    counts: Counts,
    drawn: Draws | None,
    benchmark: str,
) -> pd.DataFrame:
    named = data[["jurisdiction_id", "name", "status", "years_used"]].reset_index(drop=True)
    found = _figures(used, counts, drawn) if drawn is not None else _no_figures()
    table = named.merge(found, on="jurisdiction_id", how="left")
    known = table["number_from"].notna()
    table["reason"] = np.where(known, "", _reasons(data, benchmark))
    return table


def _figures(used: pd.DataFrame, counts: Counts, drawn: Draws) -> pd.DataFrame:
    found = shortfall(
        benchmarks.own_draws(counts),
        drawn,
        observed_low=counts.above_low,
        observed_high=counts.above_high,
        size_low=counts.below_low,
        size_high=counts.below_high,
    )
    columns = {name: getattr(found, name) for name in Shortfall.__dataclass_fields__}
    return pd.DataFrame(
        {
            "jurisdiction_id": used["jurisdiction_id"],
            "observed_low": counts.above_low,
            "observed_high": counts.above_high,
            "size_low": counts.below_low,
            "size_high": counts.below_high,
            **columns,
        }
    )


def _no_figures() -> pd.DataFrame:
    columns = ["observed_low", "observed_high", "size_low", "size_high"]
    names = [*columns, *Shortfall.__dataclass_fields__]
    floats = {name: pd.Series(dtype="float64") for name in names}
    return pd.DataFrame({"jurisdiction_id": pd.Series(dtype="str"), **floats})


def _reasons(data: pd.DataFrame, benchmark: str) -> np.ndarray:
    status = data["status"].to_numpy()
    usable = _usable(data).to_numpy()
    return np.where(
        status == "suppressed",
        WITHHELD,
        np.where(
            (data["years_used"] == 0).to_numpy(),
            NOT_REPORTED,
            np.where(usable, NONE[benchmark], NOTHING_BELOW),
        ),
    )
