"""What the view of cases that is open says: differences, pairings, time, networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from gapatlas.charts.words import lower_first
from gapatlas.config.vocabulary import SYNTHETIC, UNKNOWN
from gapatlas.evidence import CaseEvidence
from gapatlas.evidence.sentences import IN_WORDS, SETTLED
from gapatlas.evidence.words import (
    FACTORS,
    SPLIT_NOUNS,
    interval_words,
    percent_text,
    points_interval,
    share_words,
    size_words,
)
from gapatlas.protection import SHOWN
from gapatlas.tables import rows

NO_EFFECT: Final = "this is what goes with conviction, and no effect"
MADE_UP: Final = "nobody in these cases exists"
KINDS: Final = {"evidence": "kinds of evidence", "defence": "lines of defence"}


def view_opening(found: CaseEvidence) -> tuple[str, str]:
    """Two sentences on the view that is open; what differs only where the intervals carry it."""
    first, second = _VIEWS[found.view](found) if found.has(found.view) else _nothing(found)
    brand = f"{found.about.brand}: " if found.about.brand else ""
    mark = f"{SYNTHETIC} cases: " if found.synthetic else ""
    end = f"; {MADE_UP}" if found.synthetic else ""
    lead = f"{brand}{mark}{first}"
    return f"{lead[:1].upper()}{lead[1:]}.", f"{second}{end}."


def _nothing(found: CaseEvidence) -> tuple[str, str]:
    return found.why_empty(found.view).removesuffix("."), "No figure is not zero"


def _shown(table: pd.DataFrame) -> list[Any]:
    return list(rows(table[table["status"] == SHOWN]))


def _split(found: CaseEvidence) -> tuple[str, str]:
    """The lowest and the highest share of a split."""
    shares, noun = found.shares(found.split, found.outcome), SPLIT_NOUNS[found.split]
    told = [row for row in _shown(shares) if row.value != UNKNOWN]
    settled = [row for row in told if row.ended >= SETTLED * row.charged]
    verb = IN_WORDS[found.outcome]
    first = (
        f"charged in {found.years}: {len(settled)} of {len(shares)} {noun} have an exact share of "
        f"persons who were {verb}, and cases that have largely ended"
    )
    if len(settled) < 2:
        return first, "That is too few to compare, and what is withheld is not zero"
    ordered = sorted(settled, key=lambda row: float(row.share))
    low, high = ordered[0], ordered[-1]
    return first, (
        f"From {share_words(low)} in “{low.label}” to {share_words(high)} in “{high.label}”: "
        f"{_apart(low, high)}"
    )


def _apart(low: Any, high: Any) -> str:
    if high.low > low.high:
        return "the two intervals lie apart, and cases differ, so this is no grade"
    return "the two intervals overlap, so chance may be all that parts them"


def _effects(found: CaseEvidence) -> tuple[str, str]:
    """How many kinds go with conviction clearly, and the clearest of them."""
    effects = found.effects(found.view)
    told = [row for row in _shown(effects) if row.value != UNKNOWN]
    if not told:
        return _withheld(found, KINDS[found.view])
    more, less = (
        [row for row in told if row.low > 0],
        [row for row in told if row.high < 0],
    )
    first = (
        f"charged in {found.years}, other things equal: of {len(told)} {KINDS[found.view]}, the "
        f"whole 95% interval of {len(more)} lies on the side of conviction and that of {len(less)} "
        f"on the other; {len(told) - len(more) - len(less)} can't be told from no difference"
    )
    clear = more + less
    if not clear:
        return first, f"No kind can be told from no difference, and {NO_EFFECT}"
    top = max(clear, key=lambda row: abs(row.points))
    return first, (
        f"The largest that can be told is “{lower_first(FACTORS[top.factor])}”, with {_points(top)}"
        f": {NO_EFFECT}"
    )


def _withheld(found: CaseEvidence, what: str) -> tuple[str, str]:
    return (
        f"charged in {found.years}: what goes with these {what} is withheld, as too few persons "
        "stand behind each figure",
        "Withheld is not zero",
    )


def _points(row: Any) -> str:
    return (
        f"{row.points:+.1f} percentage points (95% interval {points_interval(row.low, row.high)})"
    )


def _pairs(found: CaseEvidence) -> tuple[str, str]:
    told = _shown(found.table("case_pair"))
    if not told:
        return _withheld(found, "pairs of evidence")
    out = [row for row in told if row.stands_out]
    first = (
        f"charged in {found.years}: {len(out)} of {len(told)} pairs of evidence stand out beyond "
        "what chance brings among so many"
    )
    if not out:
        return first, f"No pair is told from the two kinds by themselves, and {NO_EFFECT}"
    top = max(out, key=lambda row: abs(row.points))
    names = " with ".join(lower_first(FACTORS[name]) for name in (top.first, top.second))
    return first, f"The largest is “{names}”, with {_points(top)} beyond the two: {NO_EFFECT}"


def _testimony(found: CaseEvidence) -> tuple[str, str]:
    told = _shown(found.table("case_testimony_difference"))
    first = (
        f"charged in {found.years}, cases with a victim's testimony against the same mix without"
    )
    if not told:
        return _withheld(found, "mixes of evidence")
    row = told[0]
    open_ = "" if row.low > 0 or row.high < 0 else ", which leaves the direction open"
    kinds = (
        "with any number of other kinds"
        if row.others == "any number"
        else (f"with {row.others} other kinds")
    )
    return (
        f"{first}: {_points(row)} in the share convicted{open_}",
        f"That is {kinds} of evidence, and {NO_EFFECT}",
    )


def _pairings(found: CaseEvidence) -> tuple[str, str]:
    told = sorted(_shown(found.table("case_pairing")), key=lambda row: float(row.pooled))
    first = f"charged in {found.years}: {len(told)} pairings of evidence and defence have a share"
    if len(told) < 2:
        return first, f"That is too few to compare, and {NO_EFFECT}"
    low, high = told[0], told[-1]
    ends = " to ".join(
        f"{percent_text(row.pooled)} (95% interval {interval_words(row.low, row.high)})"
        for row in (low, high)
    )
    return first, f"The share convicted runs from {ends}: {_apart(low, high)}"


def _time(found: CaseEvidence) -> tuple[str, str]:
    told = list(rows(found.table("case_time").sort_values("years_after")))
    ended = [
        f"by the end of year {int(row.years_after)} after the charge {percent_text(row.share)} "
        f"(95% interval {interval_words(row.low, row.high)}) have ended"
        for row in (told[min(1, len(told) - 1)], told[-1])
    ]
    return (
        f"of cases charged in {found.years}, {ended[0]}",
        f"Pending cases count for as long as they are known: {ended[1]}",
    )


def _networks(found: CaseEvidence) -> tuple[str, str]:
    told = _shown(found.table("case_network_size"))
    first = (
        f"charged in {found.years}: {len(told)} sizes of networks have a share of persons convicted"
    )
    if len(told) < 2:
        return first, "That is too few to compare, and what is withheld is not zero"
    ordered = sorted(told, key=lambda row: float(row.convicted_share))
    ends = [
        f"{percent_text(row.convicted_share)} (95% interval {interval_words(row.low, row.high)}) "
        f"with {size_words(row.size_from, row.size_to)}"
        for row in (ordered[0], ordered[-1])
    ]
    return first, f"From {' to '.join(ends)}: {_apart(ordered[0], ordered[-1])}"


_VIEWS: Final[Mapping[str, Callable[[CaseEvidence], tuple[str, str]]]] = {
    "outcomes": _split,
    "evidence": _effects,
    "defence": _effects,
    "pairs": _pairs,
    "testimony": _testimony,
    "pairings": _pairings,
    "time": _time,
    "networks": _networks,
}
