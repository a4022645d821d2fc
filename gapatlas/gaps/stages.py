"""At which stage cases are lost: law, detection, prosecution, conviction, for one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gapatlas.config.vocabulary import stage_label
from gapatlas.languages import decimal, in_digits, mark, say, say_as
from gapatlas.statistics import over_completions, ratio_of_counts
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas
    from gapatlas.config import Indicator

Stage = tuple[str, str]
CHAINS: Final[tuple[tuple[Stage, ...], ...]] = (
    (("suspected", "persons"), ("prosecuted", "persons"), ("convicted", "persons")),
    (("suspected", "cases"), ("prosecuted", "cases"), ("convicted", "cases")),
    (("suspected", "offences"), ("cleared", "offences")),
)
"""Stages that count the same thing, each after the one before: only those can be subtracted."""
DETECTED: Final[Stage] = ("detected", "victims")
ESTIMATED: Final = mark("Estimated victims")
LABELS: Final[dict[Stage, str]] = {
    ("suspected", "persons"): mark("Suspects (formal contact)"),
    ("suspected", "offences"): mark("Offences recorded"),
    ("detected", "victims"): mark("Victims detected"),
    ("cleared", "offences"): mark("Offences cleared"),
}
"""Short names of stages; others have that of the atlas."""
LOST_BEFORE: Final = {
    "prosecuted": mark("Lost before prosecution"),
    "convicted": mark("Lost before conviction"),
    "cleared": mark("Lost before being cleared"),
}
MORE: Final = {
    "prosecuted": mark("More prosecuted"),
    "convicted": mark("More convicted"),
    "cleared": mark("More cleared"),
}
COLUMNS: Final = (
    "part",
    "key",
    "kind",
    "label",
    "unit",
    "low",
    "high",
    "interval_from",
    "interval_to",
    "lost_low",
    "lost_high",
    "lost_from",
    "lost_to",
    "start",
    "end",
    "note",
)


@dataclass(frozen=True)
class Waterfall:
    """The stages of one place in one window, and what is lost between them.

    Attributes:
        place, name: of the place.
        source_id: source of the counts.
        years: first and last year of the window.
        used: years that are counted: those in which every stage that is shown is reported.
        bars: one row per bar, from law to conviction: part (`law`, `detection`, `chain`), key,
            kind (`stage`, `band`, `loss`, `gain`, `unknown`), label and unit (in words), low and
            high (bounds of the count; of the score for the law), interval_from and interval_to
            (95% interval of a loss, as a count), lost_low to lost_to (a loss as a share of the
            stage before: its bounds and its interval), start and end (where the bar lies, as a
            share of the first
            bar of its part) and note. Counts are absent where a stage is not known.
        sources: ids of all sources behind the bars.
    """

    place: str
    name: str
    source_id: str
    years: tuple[int, int]
    used: tuple[int, ...]
    bars: pd.DataFrame
    sources: tuple[str, ...]

    @property
    def losses(self) -> pd.DataFrame:
        """The bars of the chain at which something is lost, or gained."""
        chain = self.bars[self.bars["part"] == "chain"]
        return chain[chain["kind"].isin(("loss", "gain"))]

    @property
    def unknown(self) -> pd.DataFrame:
        """The stages of which nothing is known."""
        return self.bars[self.bars["kind"] == "unknown"]

    @property
    def largest(self) -> Any | None:
        """The loss whose share of the stage before lies above that of every other one, interval
        for interval; None where the counts don't tell."""
        losses = self.losses[self.losses["lost_from"].notna()]
        for row in rows(losses):
            others = losses[losses["key"] != row.key]
            if len(others) and bool((row.lost_from > others["lost_to"]).all()):
                return row
        return None


def waterfall(atlas: Atlas, place: str, source: str, years: tuple[int, int]) -> Waterfall:
    """Follow the cases of one place from the law to conviction.

    Args:
        atlas: the atlas.
        place: id of a place.
        source: source of the counts.
        years: first and last year.

    Raises:
        UnknownNameError: an unknown place or source.
    """
    counts = atlas.stages(place, source)
    counts = counts[counts["year"].between(*years)]
    known = atlas.jurisdictions().set_index("jurisdiction_id").loc[place]
    used, chain = _chain_bars(counts, chain_of(atlas, source))
    found, named = [], [source]
    if known["level"] == "country":
        for bars, of_source in (
            _law_bars(atlas, place, years[1]),
            _detection_bars(atlas, place, counts, source),
        ):
            found += bars
            named += [of_source] if of_source else []
    return Waterfall(
        place=place,
        name=str(known["name"]),
        source_id=source,
        years=years,
        used=used,
        bars=pd.DataFrame([*found, *chain], columns=list(COLUMNS)),
        sources=tuple(dict.fromkeys(named)),
    )


def chain_of(atlas: Atlas, source: str) -> tuple[Stage, ...]:
    """The stages of a source that can be subtracted; empty where it has no two of them."""
    for chain in CHAINS:
        if sum(source in atlas.sources_of_stage(*stage) for stage in chain) > 1:
            return chain
    return ()


# ------------------------------------------------------------------ the chain


def _chain_bars(
    counts: pd.DataFrame, chain: Sequence[Stage]
) -> tuple[tuple[int, ...], list[dict[str, Any]]]:
    reported = {stage: _reported(counts, stage) for stage in chain}
    shown, years = _stages_together({s: set(t["year"]) for s, t in reported.items()})
    sums = {stage: _sum(reported[stage], years) for stage in shown}
    base = sum(sums[shown[0]]) / 2 if shown else 0.0
    bars: list[dict[str, Any]] = []
    before: Stage | None = None
    for stage in chain:
        if stage not in sums:
            bars.append(_unknown_bar("chain", stage, _why_unknown(counts, stage, reported)))
            continue
        if before is not None:
            bars.append(_loss_bar(before, stage, sums[before], sums[stage], base))
        bars.append(_stage_bar(stage, sums[stage], base))
        before = stage
    return tuple(sorted(years)), bars


def _reported(counts: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    own = counts[(counts["stage"] == stage[0]) & (counts["unit"] == stage[1])]
    return own[own["status"].isin(("exact", "censored"))]


def _stages_together(years: dict[Stage, set[int]]) -> tuple[tuple[Stage, ...], set[int]]:
    """The most stages that are reported in the same years, and these years.

    Sums over different years could not be subtracted from each other.
    """
    for size in range(len(years), 0, -1):
        found = {
            stages: set.intersection(*(years[stage] for stage in stages))
            for stages in combinations(years, size)
        }
        best = max(found, key=lambda stages: len(found[stages]))
        if found[best]:
            return best, found[best]
    return (), set()


def _sum(reported: pd.DataFrame, years: Iterable[int]) -> tuple[float, float]:
    own = reported[reported["year"].isin(list(years))]
    return float(own["count_low"].sum()), float(own["count_high"].sum())


def _why_unknown(counts: pd.DataFrame, stage: Stage, reported: dict[Stage, pd.DataFrame]) -> str:
    if len(reported[stage]):
        return say("not reported in the years of the other stages")
    own = counts[(counts["stage"] == stage[0]) & (counts["unit"] == stage[1])]
    return say("withheld") if (own["status"] == "suppressed").any() else say("not reported")


def _stage_bar(stage: Stage, count: tuple[float, float], base: float) -> dict[str, Any]:
    return _bar(
        "chain",
        stage[0],
        "stage",
        _label(stage),
        stage[1],
        low=count[0],
        high=count[1],
        start=0.0,
        end=_share(sum(count) / 2, base),
    )


def _loss_bar(
    before: Stage,
    stage: Stage,
    first: tuple[float, float],
    second: tuple[float, float],
    base: float,
) -> dict[str, Any]:
    """What lies between two stages: negative where the later one counts more."""
    low, high = first[0] - second[1], first[1] - second[0]
    x_low, x_high, y_low, y_high = (np.array([end]) for end in (*second, *first))
    kept = over_completions(ratio_of_counts, x_low, x_high, y_low, y_high)
    kept_low, kept_high = (float(end[0]) for end in kept)
    ends = [_times(size, share) for share in (1 - kept_high, 1 - kept_low) for size in first]
    gained = high < 0
    return _bar(
        "chain",
        f"{before[0]}-{stage[0]}",
        "gain" if gained else "loss",
        say((MORE if gained else LOST_BEFORE)[stage[0]]),
        stage[1],
        low=low,
        high=high,
        interval_from=min(ends),
        interval_to=max(ends),
        lost_low=1 - _share(second[1], first[0], np.inf),
        lost_high=1 - _share(second[0], first[1], np.inf),
        lost_from=1 - kept_high,
        lost_to=1 - kept_low,
        start=_share(sum(second) / 2, base),
        end=_share(sum(first) / 2, base),
        note=say("later cases of earlier years are counted too") if gained else "",
    )


def _label(stage: Stage) -> str:
    return say(LABELS[stage]) if stage in LABELS else stage_label(*stage)


def _times(size: float, share: float) -> float:
    """A share of a count; nothing of nothing is nothing, however large the share may be."""
    return 0.0 if size == 0 else size * share


def _share(part: float, whole: float, without: float = 0.0) -> float:
    return part / whole if whole > 0 else without


# ------------------------------------------------------------------ law and detection


def _law_bars(atlas: Atlas, place: str, year: int) -> tuple[list[dict[str, Any]], str]:
    id_ = atlas.config.gaps.law
    if id_ is None:
        return [], ""
    indicator = atlas.config.indicators[id_]
    found = _last_known(atlas.indicator_at(id_, year), place)
    label = say("The law")
    if found is None or pd.isna(found.value):
        return [_unknown_bar("law", ("law", "score"), say("not known"), label)], indicator.source
    low, high = indicator.scale or (0.0, float(found.value))
    position = _share(float(found.value) - low, high - low)
    bar = _bar(
        "law",
        "law",
        "stage",
        label,
        indicator.unit,
        low=float(found.value),
        high=float(found.value),
        start=0.0,
        end=position,
        note=say(
            "{indicator}: {value} on a scale from {low} to {high}, {year}",
            indicator=indicator.title,
            value=decimal(found.value, indicator.decimals),
            low=in_digits(f"{low:g}"),
            high=in_digits(f"{high:g}"),
            year=str(found.year),
        ),
    )
    if position >= 1:
        return [bar], indicator.source
    rest = _bar("law", "law-gap", "loss", say("To the best score"), indicator.unit)
    return [bar, {**rest, "start": position, "end": 1.0}], indicator.source


def _detection_bars(
    atlas: Atlas, place: str, counts: pd.DataFrame, source: str
) -> tuple[list[dict[str, Any]], str]:
    """How many of the estimated victims are detected in a year: a band, as the estimate is one."""
    id_ = atlas.config.gaps.prevalence
    if id_ is None or source not in atlas.sources_of_stage(*DETECTED):
        return [], ""
    indicator = atlas.config.indicators[id_]
    values = atlas.indicator(id_, [place])
    found = _last_known(values[values["status"] != "not_reported"], place)
    reported = _reported(counts, DETECTED)
    if found is None or pd.isna(found.low) or pd.isna(found.high):
        why = say("no estimate")
        bars = [_unknown_bar("detection", ("estimated", "victims"), why, say(ESTIMATED))]
    else:
        bars = [_estimate_bar(indicator, found)]
    if reported.empty:
        return [*bars, _unknown_bar("detection", DETECTED, say("not reported"))], indicator.source
    yearly = [end / reported["year"].nunique() for end in _sum(reported, reported["year"])]
    return [*bars, *_detected_bars(yearly, found)], indicator.source


def _estimate_bar(indicator: Indicator, found: Any) -> dict[str, Any]:
    return _bar(
        "detection",
        "estimated",
        "band",
        say(ESTIMATED),
        say_as("estimated", "people"),
        low=float(found.low),
        high=float(found.high),
        start=0.0,
        end=1.0,
        note=say(
            "{indicator}, {year}: a band, not a count, and wider than trafficking",
            indicator=indicator.title,
            year=str(found.year),
        ),
    )


def _detected_bars(yearly: Sequence[float], found: Any) -> list[dict[str, Any]]:
    label = say("Victims detected in a year")
    low, high = yearly
    if found is None or pd.isna(found.low) or pd.isna(found.high):
        return [_bar("detection", "detected", "stage", label, "victims", low=low, high=high)]
    share_low = _share(low, float(found.high))
    share_high = _share(high, float(found.low), np.inf)
    middle = (share_low + share_high) / 2 if np.isfinite(share_high) else share_low
    lost = _bar(
        "detection",
        "estimated-detected",
        "loss",
        say("Not detected in a year"),
        say_as("estimated", "people"),
        low=float(found.low) - high,
        high=float(found.high) - low,
        lost_low=1 - share_high,
        lost_high=1 - share_low,
        start=middle,
        end=1.0,
        note=say("as wide as the estimate"),
    )
    own = _bar("detection", "detected", "stage", label, "victims", low=low, high=high)
    return [lost, {**own, "start": 0.0, "end": middle}]


def _last_known(values: pd.DataFrame, place: str) -> Any | None:
    own = values[values["jurisdiction_id"] == place]
    return next(rows(own.tail(1)), None)


# ------------------------------------------------------------------ bars


def _unknown_bar(part: str, stage: Stage, why: str, label: str = "") -> dict[str, Any]:
    return _bar(
        part,
        stage[0],
        "unknown",
        label or _label(stage),
        stage[1],
        start=0.0,
        end=1.0,
        note=why,
    )


def _bar(
    part: str, key: str, kind: str, label: str, unit: str, note: str = "", **numbers: float
) -> dict[str, Any]:
    return {
        **dict.fromkeys(COLUMNS, np.nan),
        "part": part,
        "key": key,
        "kind": kind,
        "label": label,
        "unit": say(unit),
        "note": note,
        **numbers,
    }
