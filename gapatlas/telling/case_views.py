"""What the view of cases that is open says: differences, pairings, time, networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from gapatlas.charts.words import lower_first, upper_first
from gapatlas.config.vocabulary import UNKNOWN
from gapatlas.evidence import CaseEvidence
from gapatlas.evidence.sentences import SETTLED
from gapatlas.evidence.words import (
    FACTORS,
    SPLIT_NOUNS,
    interval_words,
    percent_text,
    points_interval,
    share_words,
    size_words,
)
from gapatlas.languages import in_digits, mark, say, whole
from gapatlas.protection import SHOWN
from gapatlas.tables import rows
from gapatlas.telling.outcomes import branded

SHARES: Final = {
    "convicted": mark(
        "charged in {years}: {settled} of {count} {groups} have an exact share of persons who were "
        "convicted, and cases that have largely ended"
    ),
    "acquitted": mark(
        "charged in {years}: {settled} of {count} {groups} have an exact share of persons who were "
        "acquitted, and cases that have largely ended"
    ),
    "dismissed": mark(
        "charged in {years}: {settled} of {count} {groups} have an exact share of persons who were "
        "let go because the case was dropped, and cases that have largely ended"
    ),
}
EFFECTS: Final = {
    "evidence": mark(
        "charged in {years}, other things equal: of {count} kinds of evidence, the whole 95% "
        "interval of {more} lies on the side of conviction and that of {less} on the other; {open} "
        "can't be told from no difference"
    ),
    "defence": mark(
        "charged in {years}, other things equal: of {count} lines of defence, the whole 95% "
        "interval of {more} lies on the side of conviction and that of {less} on the other; {open} "
        "can't be told from no difference"
    ),
}
WITHHELD: Final = {
    "evidence": mark(
        "charged in {years}: what goes with these kinds of evidence is withheld, as too few "
        "persons stand behind each figure"
    ),
    "defence": mark(
        "charged in {years}: what goes with these lines of defence is withheld, as too few persons "
        "stand behind each figure"
    ),
    "pairs": mark(
        "charged in {years}: what goes with these pairs of evidence is withheld, as too few "
        "persons stand behind each figure"
    ),
    "testimony": mark(
        "charged in {years}: what goes with these mixes of evidence is withheld, as too few "
        "persons stand behind each figure"
    ),
}
TESTIMONY: Final = {
    "clear": mark(
        "charged in {years}, cases with a victim's testimony against the same mix without: "
        "{points} in the share convicted"
    ),
    "open": mark(
        "charged in {years}, cases with a victim's testimony against the same mix without: "
        "{points} in the share convicted, which leaves the direction open"
    ),
}
TOO_FEW: Final = mark("That is too few to compare, and what is withheld is not zero")


def view_opening(found: CaseEvidence) -> tuple[str, str]:
    """Two sentences on the view that is open; what differs only where the intervals carry it."""
    first, second = _VIEWS[found.view](found) if found.has(found.view) else _nothing(found)
    if found.synthetic:
        first = say("SYNTHETIC cases: {text}", text=first)
        second = say("{text}; nobody in these cases exists", text=second)
    return f"{upper_first(branded(found, first))}.", f"{second}."


def _nothing(found: CaseEvidence) -> tuple[str, str]:
    return found.why_empty(found.view).removesuffix("."), say("No figure is not zero")


def _shown(table: pd.DataFrame) -> list[Any]:
    return list(rows(table[table["status"] == SHOWN]))


def _split(found: CaseEvidence) -> tuple[str, str]:
    """The lowest and the highest share of a split."""
    shares = found.shares(found.split, found.outcome)
    told = [row for row in _shown(shares) if row.value != UNKNOWN]
    settled = [row for row in told if row.ended >= SETTLED * row.charged]
    first = say(
        SHARES[found.outcome],
        years=found.years,
        settled=whole(len(settled)),
        count=whole(len(shares)),
        groups=say(SPLIT_NOUNS[found.split]),
    )
    if len(settled) < 2:
        return first, say(TOO_FEW)
    ordered = sorted(settled, key=lambda row: float(row.share))
    low, high = ordered[0], ordered[-1]
    return first, say(
        "From {low} in “{low_label}” to {high} in “{high_label}”: {apart}",
        low=share_words(low),
        low_label=low.label,
        high=share_words(high),
        high_label=high.label,
        apart=_apart(low, high),
    )


def _apart(low: Any, high: Any) -> str:
    if high.low > low.high:
        return say("the two intervals lie apart, and cases differ, so this is no grade")
    return say("the two intervals overlap, so chance may be all that parts them")


def _effects(found: CaseEvidence) -> tuple[str, str]:
    """How many kinds go with conviction clearly, and the clearest of them."""
    effects = found.effects(found.view)
    told = [row for row in _shown(effects) if row.value != UNKNOWN]
    if not told:
        return _withheld(found)
    more, less = (
        [row for row in told if row.low > 0],
        [row for row in told if row.high < 0],
    )
    first = say(
        EFFECTS[found.view],
        years=found.years,
        count=whole(len(told)),
        more=whole(len(more)),
        less=whole(len(less)),
        open=whole(len(told) - len(more) - len(less)),
    )
    clear = more + less
    if not clear:
        return first, say(
            "No kind can be told from no difference, and this is what goes with conviction, and no "
            "effect"
        )
    top = max(clear, key=lambda row: abs(row.points))
    return first, say(
        "The largest that can be told is “{factor}”, with {points}: this is what goes with "
        "conviction, and no effect",
        factor=_factor(top.factor),
        points=_points(top),
    )


def _withheld(found: CaseEvidence) -> tuple[str, str]:
    return say(WITHHELD[found.view], years=found.years), say("Withheld is not zero")


def _factor(name: str) -> str:
    return lower_first(say(FACTORS[name]))


def _points(row: Any) -> str:
    return say(
        "{points} percentage points (95% interval {interval})",
        points=in_digits(f"{row.points:+.1f}"),
        interval=points_interval(row.low, row.high),
    )


def _pairs(found: CaseEvidence) -> tuple[str, str]:
    told = _shown(found.table("case_pair"))
    if not told:
        return _withheld(found)
    out = [row for row in told if row.stands_out]
    first = say(
        "charged in {years}: {out} of {count} pairs of evidence stand out beyond what chance "
        "brings among so many",
        years=found.years,
        out=whole(len(out)),
        count=whole(len(told)),
    )
    if not out:
        return first, say(
            "No pair is told from the two kinds by themselves, and this is what goes with "
            "conviction, and no effect"
        )
    top = max(out, key=lambda row: abs(row.points))
    return first, say(
        "The largest is “{first} with {second}”, with {points} beyond the two: this is what goes "
        "with conviction, and no effect",
        first=_factor(top.first),
        second=_factor(top.second),
        points=_points(top),
    )


def _testimony(found: CaseEvidence) -> tuple[str, str]:
    told = _shown(found.table("case_testimony_difference"))
    if not told:
        return _withheld(found)
    row = told[0]
    clear = "clear" if row.low > 0 or row.high < 0 else "open"
    first = say(TESTIMONY[clear], years=found.years, points=_points(row))
    if row.others == "any number":
        return first, say(
            "That is with any number of other kinds of evidence, and this is what goes with "
            "conviction, and no effect"
        )
    return first, say(
        "That is with {others} other kinds of evidence, and this is what goes with conviction, and "
        "no effect",
        others=say(row.others),
    )


def _pairings(found: CaseEvidence) -> tuple[str, str]:
    told = sorted(_shown(found.table("case_pairing")), key=lambda row: float(row.pooled))
    first = say(
        "charged in {years}: {count} pairings of evidence and defence have a share",
        years=found.years,
        count=whole(len(told)),
    )
    if len(told) < 2:
        return first, say(
            "That is too few to compare, and this is what goes with conviction, and no effect"
        )
    low, high = told[0], told[-1]
    return first, say(
        "The share convicted runs from {low} to {high}: {apart}",
        low=_with_interval(low.pooled, low),
        high=_with_interval(high.pooled, high),
        apart=_apart(low, high),
    )


def _with_interval(share: float, row: Any) -> str:
    return say(
        "{share} (95% interval {interval})",
        share=percent_text(share),
        interval=interval_words(row.low, row.high),
    )


def _time(found: CaseEvidence) -> tuple[str, str]:
    told = list(rows(found.table("case_time").sort_values("years_after")))
    early, late = told[min(1, len(told) - 1)], told[-1]
    return say(
        "of cases charged in {years}, by the end of year {year} after the charge {share} have "
        "ended",
        years=found.years,
        year=str(int(early.years_after)),
        share=_with_interval(early.share, early),
    ), say(
        "Pending cases count for as long as they are known: by the end of year {year} after the "
        "charge {share} have ended",
        year=str(int(late.years_after)),
        share=_with_interval(late.share, late),
    )


def _networks(found: CaseEvidence) -> tuple[str, str]:
    told = _shown(found.table("case_network_size"))
    first = say(
        "charged in {years}: {count} sizes of networks have a share of persons convicted",
        years=found.years,
        count=whole(len(told)),
    )
    if len(told) < 2:
        return first, say(TOO_FEW)
    ordered = sorted(told, key=lambda row: float(row.convicted_share))
    low, high = ordered[0], ordered[-1]
    return first, say(
        "From {low} with {low_size} to {high} with {high_size}: {apart}",
        low=_with_interval(low.convicted_share, low),
        low_size=size_words(low.size_from, low.size_to),
        high=_with_interval(high.convicted_share, high),
        high_size=size_words(high.size_from, high.size_to),
        apart=_apart(low, high),
    )


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
