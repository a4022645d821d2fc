"""Findings in words: one sentence each, with the interval and with what it does not say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapatlas.cases.adjusted import Adjusted
from gapatlas.cases.duration import Duration
from gapatlas.cases.matrix import Matrix
from gapatlas.cases.networks import Networks
from gapatlas.cases.pairs import Pairs
from gapatlas.cases.patterns import Basis
from gapatlas.cases.reliance import ANY, Reliance
from gapatlas.cases.safety import FLOOR, SHOWN, Floor
from gapatlas.cases.vocabulary import DEFENCE, EVIDENCE, OUTCOMES, UNKNOWN, VALUES

SELECTION: Final = (
    "These are cases that were charged, and among them those that have ended. What was never "
    "charged is not in them. Evidence is gathered, and a defence chosen, by people who know the "
    "case: it is not dealt out by chance. So a difference here is what goes with conviction. It "
    "is no effect, and no advice to gather or to leave out any evidence. A higher share of "
    "convictions is not always better: dropping hard cases raises it too."
)
NO_EFFECT: Final = {
    "evidence": "Evidence is chosen, not assigned: this is no effect.",
    "defence": "A defence is chosen to fit the case: this is no effect.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        about: the kind of evidence, the line of defence, or the view.
        text: the sentences.
        sure: whether the interval leaves out no difference.
    """

    about: str
    text: str
    sure: bool


def selection_banner(basis: Basis) -> str:
    """What stands above every view: who is in the data, and why nothing here is an effect."""
    if not basis.persons or not basis.convicted:  # withheld
        return f"Persons charged in {_years(basis.years)}. {SELECTION}"
    return (
        f"About {basis.persons:,} persons charged in {_years(basis.years)} whose case has ended, "
        f"about {basis.convicted:,} of them convicted. {SELECTION}"
    )


def effect_findings(found: Adjusted, floor: Floor = FLOOR) -> list[Finding]:
    """One finding for each kind of evidence or line of defence, the largest difference first."""
    known = found.table[found.table["value"] != UNKNOWN]
    by_size = known.reindex(known["points"].abs().sort_values(ascending=False).index)
    return [_effect(row, found.basis, floor) for row in _rows(by_size)]


def how_many_compared(found: Adjusted) -> str:
    """How many differences stand side by side, and what chance does among so many."""
    compared = found.table[found.table["value"] != UNKNOWN]["points"].notna().sum()
    return (
        f"{compared} differences stand side by side. Of 20 intervals, one misses the truth by "
        "chance alone: a single difference that is just sure may be that one."
    )


def _effect(row: Any, basis: Basis, floor: Floor) -> Finding:
    cases = cases_with(row.factor)
    if pd.isna(row.points):
        text = (
            f"{cases}: not shown. Each group that is compared needs at least {floor.threshold} "
            f"convicted and {floor.threshold} not convicted."
        )
        return Finding(row.factor, text, sure=False)
    sure = row.low > 0 or row.high < 0
    kind = "evidence" if row.factor in EVIDENCE else "defence"
    interval = f"95% interval {range_text(row.low, row.high)}; charged {_years(basis.years)}"
    text = f"{cases} end in conviction {more_often(row.points)} ({interval}), other things equal."
    if not sure:
        text += " The interval includes no difference, so the data cannot tell more from fewer."
    return Finding(row.factor, f"{text}{_raw(row)} {NO_EFFECT[kind]}", bool(sure))


def _raw(row: Any) -> str:
    """The difference as counted, and among how many; empty where it is withheld."""
    if row.status != SHOWN:
        return ""
    return (
        f" As counted, {100 * row.share_with:.0f}% of about {row.persons_with:,.0f} persons with "
        f"it and {100 * row.share_without:.0f}% of about {row.persons_without:,.0f} without it "
        "were convicted."
    )


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.itertuples(index=False))


def cases_with(factor: str) -> str:
    """How a sentence begins that is about cases with a factor."""
    if factor in EVIDENCE:
        return f"Cases with {EVIDENCE[factor]}"
    return f"Cases in which the defence is {DEFENCE[factor]}"


def more_often(points: float) -> str:
    """A difference in percentage points, in words."""
    size = round(abs(points))
    if size == 0:
        return "about as often (less than half a percentage point apart)"
    unit = "percentage point" if size == 1 else "percentage points"
    return f"{size} {unit} {'more' if points > 0 else 'less'} often"


def range_text(low: float, high: float) -> str:
    """An interval of differences: with signs where it spans none."""
    ends = [round(low), round(high)]
    if low > 0:
        return f"{ends[0]} to {ends[1]} more"
    if high < 0:
        return f"{-ends[1]} to {-ends[0]} less"
    return f"{-ends[0]} less to {ends[1]} more"


def pair_finding(found: Pairs) -> Finding:
    """Which pairs stand out, and how often such a statement is wrong."""
    table = found.table
    named = table[table["stands_out"].astype(bool)].sort_values("wrong_direction")
    about = f"{found.compared} pairs rest on enough persons"
    if found.compared == 0:
        return Finding("pairs", "No pair of kinds of evidence rests on enough persons.", False)
    if named.empty:
        text = (
            f"{about}. None stands out: beyond what each kind goes with by itself, no pair can be "
            "told from chance."
        )
        return Finding("pairs", text, sure=False)
    each = [
        f"{EVIDENCE[row.first]} with {EVIDENCE[row.second]} ({more_often(row.points)} than the two "
        f"by themselves lead one to expect, 95% interval {range_text(row.low, row.high)})"
        for row in _rows(named)
    ]
    text = (
        f"{about}. Standing out: {'; '.join(each)}. All pairs were drawn towards no difference. "
        "Of pairs named in this way, about 1 in 20 is chance. "
        f"{NO_EFFECT['evidence']}"
    )
    return Finding("pairs", text, sure=True)


def reliance_finding(found: Reliance) -> Finding:
    """What conviction looks like without the testimony of victims."""
    shares = found.shares[found.shares["others"] == ANY].set_index("testimony")
    gap = found.differences[found.differences["others"] == ANY].iloc[0]
    present, absent, _ = VALUES["victim_testimony"]
    if gap["status"] != SHOWN:
        text = "Too few persons to say what conviction looks like without victim testimony."
        return Finding("victim_testimony", text, sure=False)
    figures = {
        value: f"{100 * row['share']:.0f}% (95% interval {100 * row['low']:.0f} to "
        f"{100 * row['high']:.0f})"
        for value, row in shares.loc[[present, absent]].iterrows()
    }
    sure = gap["low"] > 0 or gap["high"] < 0
    text = (
        f"With the same mix of place, year, charge and number of other kinds of evidence, "
        f"{figures[absent]} are convicted without victim testimony and {figures[present]} with it: "
        f"with it, conviction comes {more_often(gap['points'])} "
        f"(95% interval {range_text(gap['low'], gap['high'])})."
    )
    if not sure:
        text += " The data cannot tell whether it comes more or less often with testimony."
    return Finding("victim_testimony", f"{text}{_alone(found)} {NO_EFFECT['evidence']}", bool(sure))


def _alone(found: Reliance) -> str:
    alone = found.convictions.set_index("testimony").loc["alone"]
    if alone["status"] != SHOWN:
        return ""
    return (
        f" Of all convicted, {100 * alone['share']:.0f}% had victim testimony and no other kind "
        "that is known of."
    )


def matrix_finding(found: Matrix) -> Finding:
    """The pairings with the highest and lowest share, if their intervals are apart."""
    shown = found.table[found.table["status"] == SHOWN]
    hidden = len(found.table) - len(shown)
    if len(shown) < 2:
        return Finding("matrix", "Too few pairings rest on enough persons to be compared.", False)
    ordered = shown.sort_values("pooled")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    sure = bool(high["low"] > low["high"])
    text = (
        f"Of {len(shown)} pairings of evidence and defence, conviction is most frequent where "
        f"{_pairing(high)}, and least frequent where {_pairing(low)}."
    )
    if not sure:
        text += " The two intervals overlap, so which is highest and lowest is not certain."
    if hidden:
        text += f" {hidden} pairings are withheld to protect persons."
    return Finding("matrix", f"{text} {NO_EFFECT['defence']}", sure)


def _pairing(row: Any) -> str:
    return (
        f"{EVIDENCE[row['evidence']]} meets {DEFENCE[row['defence']]} ({100 * row['pooled']:.0f}%, "
        f"95% interval {100 * row['low']:.0f} to {100 * row['high']:.0f})"
    )


def duration_finding(found: Duration) -> Finding:
    """By when half of the cases have ended, and how many are convicted by then."""
    if found.ended.empty:
        text = "Too few cases have ended to say how long they take."
        return Finding("duration", text, False)
    last = found.ended.iloc[-1]
    by = int(last["years_after"])
    text = (
        f"By the end of {_after(by)}, {_nearly_all(last['share'])}% of cases have ended (95% "
        f"interval {_nearly_all(last['low'])} to {_nearly_all(last['high'])}; charged "
        f"{_years(found.years)}). "
    )
    middle, early, late = found.median
    if math.isnan(middle):
        text += "Half is not reached in the years that can be shown."
    else:
        text += f"Half have ended by the end of {_after(int(middle))}"
        ends = ["later than shown" if math.isnan(e) else _after(int(e)) for e in (early, late)]
        text += "." if early == late else f" (95% interval: {ends[0]} to {ends[1]})."
    text += " Cases still pending count for as long as they are known."
    return Finding("duration", f"{text}{_ends(found, by)}", sure=not math.isnan(middle))


def _nearly_all(share: float) -> str:
    """A share in percent; with a decimal where it would read as everybody."""
    return f"{100 * share:.1f}" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _ends(found: Duration, by: int) -> str:
    outcomes = found.outcomes
    shown = outcomes[(outcomes["years_after"] == by) & (outcomes["status"] == SHOWN)]
    parts = [
        f"{OUTCOMES.get(row.outcome, row.outcome)} {100 * row.share:.0f}%"
        for row in _rows(shown.sort_values("share", ascending=False))
    ]
    return f" By then: {', '.join(parts)}." if parts else ""


def _after(years: int) -> str:
    if years == 0:
        return "the year of the charge"
    return "the year after the charge" if years == 1 else f"{years} years after the charge"


def network_finding(found: Networks) -> Finding:
    """How often networks, not single traffickers, are convicted."""
    if found.chained:
        text = (
            "One network holds more than a fifth of all persons: what links the cases is too "
            "common to tell networks apart."
        )
        return Finding("networks", text, sure=False)
    by_reach = found.by_reach[found.by_reach["status"] == SHOWN]
    by_year = found.by_year[found.by_year["status"] == SHOWN]
    if by_reach.empty and by_year.empty:
        text = "Too few networks to say how many of their members are convicted."
        return Finding("networks", text, False)
    if by_reach.empty:
        parts = [_how_many_convicted(_together(by_year), "")]
    else:
        parts = [_how_many_convicted(row, f" in {row.reach}") for row in _rows(by_reach)]
    text = (
        f"Among networks of two or more charged with at least one ended case, {'; '.join(parts)}. "
        "A network is only what the file links; pending cases can still end in conviction."
    )
    return Finding("networks", text, sure=True)


def _together(spans: pd.DataFrame) -> Any:
    """All spans of years as one."""
    weights = spans["networks"] / spans["networks"].sum()
    shares = {name: (spans[name] * weights).sum() for name in ("two_or_more", "one", "nobody")}
    return _rows(pd.DataFrame([{"networks": spans["networks"].sum(), **shares}]))[0]


def _how_many_convicted(row: Any, where: str) -> str:
    return (
        f"of about {row.networks:,.0f} networks{where}, {100 * row.two_or_more:.0f}% saw two or "
        f"more convicted, {100 * row.one:.0f}% one and {100 * row.nobody:.0f}% nobody"
    )


def _years(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
