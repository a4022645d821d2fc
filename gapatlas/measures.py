"""Room `measures`: measure id -> SQL with typed parameters -> `MeasureFrame`.

A measure pools counts over a window of years, adds an interval that covers every completion
of censored counts, and says which sources and caveats stand behind each figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from operator import index
from typing import Any, Final

import numpy as np
import pandas as pd

from gapatlas.config import Amount, Config, Lag, Measure, near_names
from gapatlas.config.vocabulary import LEVELS_OF_MAP, stage_label
from gapatlas.database import Database
from gapatlas.disclosure import release_public
from gapatlas.errors import Problem, QueryError, UnknownNameError
from gapatlas.languages import mark, percentage, say, whole
from gapatlas.statistics import byar, over_completions, ratio_of_counts, weighted_ratio, wilson
from gapatlas.tables import rows

WINDOWS: Final = (1, 3, 5)
INTERVALS: Final = {"byar": byar, "ratio_of_counts": ratio_of_counts, "wilson": wilson}
INTERVAL_WORDS: Final = {
    "byar": mark("Byar's interval (exact Poisson limits below 10 events)"),
    "ratio_of_counts": mark("exact conditional interval of the ratio of two counts"),
    "wilson": mark("Wilson interval"),
}
FRAME_COLUMNS: Final = (
    "jurisdiction_id",
    "name",
    "year_from",
    "year_to",
    "value",
    "low",
    "high",
    "numerator_low",
    "numerator_high",
    "denominator_low",
    "denominator_high",
    "unit",
    "status",
    "source_id",
    "years_used",
    "value_low",
    "value_high",
    "years_without_denominator",
    "denominator_sources",
)
LAG_COLUMNS: Final = ("effective_denominator",)
NO_LAG: Final = (1.0,)


@dataclass(frozen=True)
class Source:
    """One dataset behind a figure, as its descriptor names it."""

    source_id: str
    dataset_id: str
    short: str
    title: str
    publisher: str
    edition: str
    licence: str
    citation: str
    method: str
    caveats: tuple[str, ...]
    published: str = ""
    terms_url: str = ""


@dataclass(frozen=True)
class MeasureFrame:
    """Figures of one measure, with all that must stand beside them.

    Attributes:
        data: one row per place and window, with the columns `FRAME_COLUMNS`. `value` is
            numerator / denominator x `per`, and absent unless every count in it is exact
            (or its bounds agree); `value_low` and `value_high` bound it over every completion
            of censored counts. `low` and `high` are the 95% interval over the same completions.
            Counts are sums over the `years_used` years in which both stages are reported.
        unit: unit of value, low and high, in words.
        caveats: sentences that belong beside the figures.
        sources: datasets behind numerators and denominators.
        suppressed_count: rows that rest on a suppressed count.

    Under a lag the denominator is what earlier years lead one to expect, so it is no whole
    number, and `effective_denominator` (the size of a plain count that varies as much) stands
    in a column of its own.

    A row that is `not_reported` although its numerator is reported has
    `years_without_denominator` above 0: there was nothing to divide by.
    """

    measure_id: str
    measure: Measure
    data: pd.DataFrame
    years: tuple[int, int]
    window: int
    source_id: str
    unit: str
    caveats: tuple[str, ...]
    sources: tuple[Source, ...]
    suppressed_count: int
    snapshot_id: str


class Measures:
    """The measures of one snapshot."""

    def __init__(self, config: Config, database: Database, snapshot_id: str) -> None:
        self.config = config
        self.snapshot_id = snapshot_id
        self._database = database
        datasets = database.query("datasets")
        self.sources = _sources(datasets)
        self._cited = _sources(_cited(datasets))
        self.places = database.query("places")
        self._periods = config.periods()
        self._spans = _spans(database.query("source_years"))
        self._levels = dict(zip(self.places["jurisdiction_id"], self.places["level"], strict=True))

    def measure(
        self,
        measure_id: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        years: tuple[int, int] | int | None = None,
        window: int = 1,
        source: str | None = None,
    ) -> MeasureFrame:
        """Compute a measure for places and windows of years.

        Args:
            measure_id: id of a measure in the config.
            jurisdictions: place ids; None means every place that the source covers.
            years: first and last year, or one year; None means every year of the source.
            window: years that are pooled: 1, 3 or 5. There is one row for each window that
                lies inside `years`.
            source: source id; None means the measure's own.

        Raises:
            UnknownNameError: an unknown measure, source or place; near names are listed.
            ValueError: years that are not whole numbers in order; a window other than 1, 3 or
                5, or one that does not fit in the years.
            QueryError: a share whose numerator exceeds its denominator.
        """
        measure = self.named_measure(measure_id)
        source_id = self._named_source(measure, source)
        ids = self._named_places(measure, jurisdictions)
        window = self._checked_window(source_id, window)
        span = _checked_years(years, self.years_of(measure_id, source_id), window)
        rows = self._database.query(
            "pooled_ratio",
            {
                **_stage_parameters(measure),
                "source_id": source_id,
                "levels": list(LEVELS_OF_MAP[measure.level]),
                "jurisdictions": ids,
                "year_from": span[0],
                "year_to": span[1],
                "window": window,
            },
        )
        if source_id in self._periods:
            rows["year_from"] = self._periods[source_id][0]
        released = release_public(rows, _methods(self._cited), whole=measure.lag is None)
        columns = FRAME_COLUMNS if measure.lag is None else FRAME_COLUMNS + LAG_COLUMNS
        data = with_intervals(released.figures, measure)[list(columns)]
        return MeasureFrame(
            measure_id=measure_id,
            measure=measure,
            data=data,
            years=span,
            window=window,
            source_id=source_id,
            unit=measure.unit,
            caveats=tuple(_caveats(measure, data, window, released.methods)),
            sources=_used_sources(self._cited, source_id, data),
            suppressed_count=released.suppressed_count,
            snapshot_id=self.snapshot_id,
        )

    def named_measure(self, measure_id: str) -> Measure:
        """The measure of an id, or an error that lists the near ones."""
        if measure_id not in self.config.measures:
            raise _unknown("measure", measure_id, self.config.measures)
        return self.config.measures[measure_id]

    def sources_of(self, measure_id: str) -> list[str]:
        """Ids of the sources that cover both stages of a measure for places of its level.

        A source that holds one whole period tells only the measures that are made for it: its
        figures must not stand beside those of single years.
        """
        measure = self.named_measure(measure_id)
        wanted = {(measure.numerator.stage, measure.numerator.unit)}
        if measure.below is not None:
            wanted.add((measure.below.stage, measure.below.unit))
        return [
            source
            for source in self.config.observation_sources()
            if all((source, measure.level, *stage) in self._spans for stage in wanted)
            and (source not in self._periods or source == measure.source)
        ]

    def sources_of_stage(self, stage: str, unit: str) -> list[str]:
        """Ids of the sources that count a stage in a unit, for places of any level."""
        counted = {key[0] for key in self._spans if key[2:] == (stage, unit)}
        return [source for source in self.config.observation_sources() if source in counted]

    def years_of(self, measure_id: str, source_id: str) -> tuple[int, int]:
        """First and last year in which a source reports the numerator of a measure."""
        measure = self.named_measure(measure_id)
        source_id = self._named_source(measure, source_id)
        numerator = measure.numerator
        return self._spans[(source_id, measure.level, numerator.stage, numerator.unit)]

    def source(self, source_id: str) -> Source:
        """The first dataset of a source."""
        for source in self.sources:
            if source.source_id == source_id:
                return source
        raise _unknown("source", source_id, {s.source_id for s in self.sources})

    def _checked_window(self, source_id: str, window: int) -> int:
        window = _checked_window(window)
        if source_id in self._periods and window != 1:
            first, last = self._periods[source_id]
            raise ValueError(
                f"window must be 1 for the source '{source_id}', which holds the whole period "
                f"{first}-{last} as one figure, not {window}"
            )
        return window

    def _named_source(self, measure: Measure, source: str | None) -> str:
        source_id = source or measure.source
        known = self.config.observation_sources()
        if source_id not in known:
            raise _unknown("source", source_id, known)
        able = self.sources_of(_id_of(self.config.measures, measure))
        if source_id not in able:
            needed = stage_label(measure.numerator.stage, measure.numerator.unit).lower()
            raise UnknownNameError(
                f"The source '{source_id}' does not report what '{measure.title}' needs "
                f"({needed} and what it is divided by).",
                [_not_in_source(source_id, able)],
            )
        return source_id

    def _named_places(
        self, measure: Measure, jurisdictions: Sequence[str] | None
    ) -> list[str] | None:
        if jurisdictions is None:
            return None
        if isinstance(jurisdictions, str):
            jurisdictions = [jurisdictions]
        for id_ in jurisdictions:
            if id_ not in self._levels:
                raise self._unknown_place(id_)
            if self._levels[id_] not in LEVELS_OF_MAP[measure.level]:
                raise UnknownNameError(
                    f"'{id_}' is a place of level {self._levels[id_]}; "
                    f"'{measure.title}' describes places of level {measure.level}."
                )
        return list(dict.fromkeys(jurisdictions))

    def _unknown_place(self, id_: str) -> UnknownNameError:
        by_name = dict(zip(self.places["name"], self.places["jurisdiction_id"], strict=True))
        near = near_names(id_, [*by_name, *self._levels])
        ids = [
            f"{by_name[name]} ({name})" if name in by_name else name for name in near.split(", ")
        ]
        return UnknownNameError(
            f"There is no place '{id_}'.",
            [Problem("jurisdictions", "Unknown place.", found=id_, allowed=", ".join(ids))],
        )


def narrowed(frame: MeasureFrame, data: pd.DataFrame) -> dict[str, Any]:
    """What changes in a frame of which only some rows are shown: data, years, sources, caveats,
    suppressed_count - so that a file of one year carries no caveat of another."""
    own = [source for source in frame.sources if source.source_id == frame.source_id]
    caveats = _caveats(frame.measure, data, frame.window, list(_methods(own).values()))
    spans = (int(data["year_from"].min()), int(data["year_to"].max())) if len(data) else frame.years
    return {
        "data": data,
        "years": spans,
        "sources": _used_sources(frame.sources, frame.source_id, data),
        "caveats": tuple(caveats),
        "suppressed_count": int((data["status"] == "suppressed").sum()),
    }


def _used_sources(
    sources: Iterable[Source], source_id: str, data: pd.DataFrame
) -> tuple[Source, ...]:
    """The source of the numerators first, then those of the denominators."""
    ids = [source_id]
    for listed in data["denominator_sources"].dropna().unique():
        ids += [id_ for id_ in listed.split() if id_ not in ids]
    known = list(sources)
    return tuple(source for id_ in ids for source in known if source.source_id == id_)


def _cited(datasets: pd.DataFrame) -> pd.DataFrame:
    """The tables that figures of a source rest on, each descriptor once."""
    first = ~datasets.duplicated("source_id")
    described = datasets[first | (datasets["kind"] == "observations")]
    return described.drop_duplicates(["source_id", "title", "edition", "citation", "method"])


def _methods(sources: Iterable[Source]) -> dict[str, str]:
    """Source id -> how its tables print small counts."""
    found: dict[str, list[str]] = {}
    for source in sources:
        found.setdefault(source.source_id, []).append(source.method)
    return {id_: "; ".join(dict.fromkeys(filter(None, all_))) for id_, all_ in found.items()}


def with_intervals(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Add value, its bounds and its interval to pooled counts.

    Args:
        rows: one row per figure with the four count columns; absent where not reported.
        measure: gives `per` and the kind of interval.

    Returns:
        `rows` with value, low, high, value_low, value_high (float, absent as NaN) and unit.
    """
    usable = rows["numerator_low"].notna().to_numpy()
    x_low, x_high, y_low, y_high = (
        rows[name].to_numpy(dtype=np.float64, na_value=np.nan)[usable]
        for name in ("numerator_low", "numerator_high", "denominator_low", "denominator_high")
    )
    if measure.interval == "wilson":
        _refuse_more_than_all(rows[usable], x_low > y_high, measure)
    if measure.lag is None:
        interval = INTERVALS[measure.interval]
        low, high = over_completions(interval, x_low, x_high, y_low, y_high)
    else:
        effective = rows["effective_denominator"].to_numpy(np.float64, na_value=np.nan)[usable]
        low, _ = weighted_ratio(x_low, y_high, effective)
        _, high = weighted_ratio(x_high, y_low, effective)
    least, most = _divided(x_low, y_high), _divided(x_high, y_low)
    if measure.interval == "wilson":  # a completion in which the part exceeds the whole is none
        most = np.minimum(most, 1.0)
    columns = {
        "value": np.where((least == most) & np.isfinite(least), least, np.nan),
        "low": low,
        "high": high,
        "value_low": least,
        "value_high": most,
    }
    result = rows.copy(deep=False)
    for name, values in columns.items():
        full = np.full(len(rows), np.nan)
        full[usable] = values * measure.per
        result[name] = full
    result["unit"] = measure.unit
    return result


def _refuse_more_than_all(rows: pd.DataFrame, exceeds: np.ndarray, measure: Measure) -> None:
    if not exceeds.any():
        return
    names = ", ".join(sorted(rows.loc[exceeds, "name"].unique())[:12])
    raise QueryError(
        f"'{measure.title}' is set up as a share, but its numerator exceeds its denominator.",
        [
            Problem(
                "measures",
                "A share cannot be above 1.",
                column="interval",
                found=f"wilson, with more above the line than below it in: {names}",
                allowed="ratio_of_counts",
            )
        ],
    )


def _divided(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Numerator / denominator; 0 / 0 is undefined (NaN), a count over 0 unbounded (infinity)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(numerator / denominator)


def _spans(source_years: pd.DataFrame) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """(source, level of a measure, stage, unit) -> first and last year.

    Territories stand beside the states: where only one of the two reports, its years count.
    """
    spans: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    reporting: set[tuple[str, str, str, str]] = set()
    for row in rows(source_years.sort_values("any_reported", ascending=False, kind="stable")):
        for level, members in LEVELS_OF_MAP.items():
            key = (row.source_id, level, row.stage, row.unit)
            if row.level not in members or (key in reporting and not row.any_reported):
                continue
            if row.any_reported:
                reporting.add(key)
            first, last = spans.get(key, (row.year_from, row.year_to))
            spans[key] = (min(first, int(row.year_from)), max(last, int(row.year_to)))
    return spans


def _stage_parameters(measure: Measure) -> dict[str, Any]:
    stage, unit = _below_the_line(measure)
    return {
        "numerator_stage": measure.numerator.stage,
        "numerator_unit": measure.numerator.unit,
        "denominator_stage": stage,
        "denominator_unit": unit,
        "lag_weights": list(NO_LAG if measure.lag is None else measure.lag.weights),
    }


def _below_the_line(measure: Measure) -> tuple[str, str]:
    """What a measure divides by, as the view `denominator` of a snapshot names it."""
    below = measure.denominator
    if isinstance(below, str):
        return "population", "people"
    if isinstance(below, Amount):
        return below.indicator, "indicator"
    return below.stage, below.unit


def _checked_window(window: int) -> int:
    if isinstance(window, bool) or window not in WINDOWS:
        raise ValueError(f"window must be 1, 3 or 5 years, not {window!r}")
    return int(window)


def _checked_years(
    years: tuple[int, int] | int | None, span: tuple[int, int], window: int
) -> tuple[int, int]:
    chosen = span if years is None else _first_and_last(years)
    first, last = chosen
    if first > last:
        raise ValueError(f"the first year, {first}, comes after the last, {last}")
    if last - first + 1 < window:
        raise ValueError(
            f"a window of {window} years does not fit in {first}-{last}: "
            "give more years or a smaller window"
        )
    if last - first > 500:
        raise ValueError(f"{first}-{last} is more than 500 years")
    return chosen


def _first_and_last(years: Any) -> tuple[int, int]:
    pair = (years, years) if isinstance(years, Integral) else years
    try:
        first, last = pair
        return index(first), index(last)
    except (TypeError, ValueError):
        raise ValueError(
            f"years must be one year, or the first and the last, as whole numbers, not {years!r}"
        ) from None


def _caveats(
    measure: Measure, data: pd.DataFrame, window: int, methods: Iterable[str]
) -> Iterable[str]:
    yield measure.mind
    yield from _caveats_of_rows(data, window)
    alone = data[(data["years_without_denominator"] > 0) & (data["years_used"] == 0)]
    if len(alone):
        names = ", ".join(sorted(alone["name"].unique())[:12])
        yield say(
            "Counted by the source, but without a figure to divide by: {places}.", places=names
        )
    if measure.lag is not None:
        yield _lag_words(measure.lag)
    yield say("Intervals are 95%: {kind}.", kind=say(INTERVAL_WORDS[measure.interval]))
    yield from (say("As published: {method}.", method=method) for method in methods if method)


_CENSORED: Final = mark(
    "{count} of {total} figures rest on at least one count that the source prints only as "
    "a range (such as fewer than 5): they have a range instead of a value, and their "
    "interval covers every count in that range."
)
_MISSING: Final = mark(
    "{count} of {total} figures are not reported. Not reported does not mean zero."
)
_WITHHELD: Final = mark(
    "{count} of {total} figures are withheld by the source. Withheld does not mean zero."
)
_SHORT: Final = mark(
    "{count} of {total} figures pool fewer than {window} years, because a year counts only "
    "where both counts are reported."
)


def _caveats_of_rows(data: pd.DataFrame, window: int) -> Iterable[str]:
    """How many figures are ranges, are missing or rest on fewer years than were asked for."""
    divided = data["years_without_denominator"] == 0
    told = {
        _CENSORED: data["status"] == "censored",
        _MISSING: (data["status"] == "not_reported") & divided,
        _WITHHELD: data["status"] == "suppressed",
        _SHORT: (data["years_used"] > 0) & (data["years_used"] < window),
    }
    for words, which in told.items():
        if count := int(which.sum()):
            yield say(words, count=whole(count), total=whole(len(data)), window=str(window))


def _lag_words(lag: Lag) -> str:
    weights = [(years, weight) for years, weight in enumerate(lag.weights) if weight]
    return say(
        "Prosecutions are taken to end so many years later: {shares}. A year counts only where "
        "the prosecutions of that year and the {last} before are all reported. {basis}",
        shares=", ".join(_share_after(years, weight) for years, weight in weights),
        last=str(max(years for years, _ in weights)),
        basis=lag.basis,
    )


def _share_after(years: int, weight: float) -> str:
    share = percentage(weight)
    if years == 0:
        return say("{share} in the same year", share=share)
    return say("{share} after {years}", share=share, years=str(years))


def _sources(datasets: pd.DataFrame) -> tuple[Source, ...]:
    return tuple(
        Source(
            source_id=row.source_id,
            dataset_id=row.dataset_id,
            short=say(row.short),
            title=row.title,
            publisher=row.publisher,
            edition=row.edition,
            licence=row.licence,
            citation=row.citation,
            method=say(row.method.rstrip(".")),
            caveats=tuple(say(caveat) for caveat in json.loads(row.caveats)),
            published=row.published,
            terms_url=row.terms_url,
        )
        for row in rows(datasets)
    )


def _id_of(measures: Mapping[str, Measure], measure: Measure) -> str:
    return next(id_ for id_, candidate in measures.items() if candidate is measure)


def _not_in_source(source_id: str, able: Sequence[str]) -> Problem:
    return Problem("source", "Not in this source.", found=source_id, allowed=", ".join(able))


def _unknown(kind: str, name: Any, known: Iterable[str]) -> UnknownNameError:
    allowed = near_names(str(name), known)
    return UnknownNameError(
        f"There is no {kind} '{name}'. Did you mean: {allowed}?",
        [Problem(kind, f"Unknown {kind}.", found=str(name), allowed=allowed)],
    )
