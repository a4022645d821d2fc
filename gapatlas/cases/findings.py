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
from gapatlas.languages import COMMA, Unsaid, mark, parted, unsaid, unsaid_many

SELECTION: Final = mark(
    "These are cases that were charged, and among them those that have ended. What was never "
    "charged is not in them. Evidence is gathered, and a defence chosen, by people who know the "
    "case: it is not dealt out by chance. So a difference here is what goes with conviction. It "
    "is no effect, and no advice to gather or to leave out any evidence. A higher share of "
    "convictions is not always better: dropping hard cases raises it too."
)
NO_EFFECT: Final = {
    "evidence": mark("Evidence is chosen, not assigned: this is no effect."),
    "defence": mark("A defence is chosen to fit the case: this is no effect."),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        about: the kind of evidence, the line of defence, or the view.
        sentences: what is said of it.
        sure: whether the interval leaves out no difference.
    """

    about: str
    sentences: tuple[Unsaid, ...]
    sure: bool

    @property
    def text(self) -> str:
        """The sentences in the language that is spoken."""
        return " ".join(sentence.said() for sentence in self.sentences)


def selection_banner(basis: Basis) -> Finding:
    """What stands above every view: who is in the data, and why nothing here is an effect."""
    years = _years(basis.years)
    if not basis.persons or not basis.convicted:  # withheld
        who = unsaid("Persons charged in {years}.", years=years)
    else:
        who = unsaid(
            "About {persons} persons charged in {years} whose case has ended, "
            "about {convicted} of them convicted.",
            persons=f"{basis.persons:,}",
            years=years,
            convicted=f"{basis.convicted:,}",
        )
    return Finding("selection", (who, unsaid(SELECTION)), sure=False)


def effect_findings(found: Adjusted, floor: Floor = FLOOR) -> list[Finding]:
    """One finding for each kind of evidence or line of defence, the largest difference first."""
    known = found.table[found.table["value"] != UNKNOWN]
    by_size = known.reindex(known["points"].abs().sort_values(ascending=False).index)
    return [_effect(row, found.basis, floor) for row in _rows(by_size)]


def how_many_compared(found: Adjusted) -> Finding:
    """How many differences stand side by side, and what chance does among so many."""
    compared = found.table[found.table["value"] != UNKNOWN]["points"].notna().sum()
    text = unsaid(
        "{number} differences stand side by side. Of 20 intervals, one misses the truth by "
        "chance alone: a single difference that is just sure may be that one.",
        number=f"{compared}",
    )
    return Finding(_kind(found.table["factor"].iloc[0]), (text,), sure=False)


def _kind(factor: str) -> str:
    return "evidence" if factor in EVIDENCE else "defence"


def _effect(row: Any, basis: Basis, floor: Floor) -> Finding:
    cases = cases_with(row.factor)
    if pd.isna(row.points):
        text = unsaid(
            "{cases}: not shown. Each group that is compared needs at least {number} "
            "convicted and {number} not convicted.",
            cases=cases,
            number=f"{floor.threshold}",
        )
        return Finding(row.factor, (text,), sure=False)
    sure = row.low > 0 or row.high < 0
    text = unsaid(
        "{cases} end in conviction {more_often} (95% interval {interval}; charged {years}), "
        "other things equal.",
        cases=cases,
        more_often=more_often(row.points),
        interval=range_text(row.low, row.high),
        years=_years(basis.years),
    )
    return Finding(
        row.factor,
        (
            text,
            *([] if sure else [unsaid(NOT_SURE)]),
            *_raw(row),
            unsaid(NO_EFFECT[_kind(row.factor)]),
        ),
        bool(sure),
    )


NOT_SURE: Final = mark(
    "The interval includes no difference, so the data cannot tell more from fewer."
)


def _raw(row: Any) -> list[Unsaid]:
    """The difference as counted, and among how many; nothing where it is withheld."""
    if row.status != SHOWN:
        return []
    return [
        unsaid(
            "As counted, {share_with}% of about {persons_with} persons with it and "
            "{share_without}% of about {persons_without} without it were convicted.",
            share_with=_percent(row.share_with),
            persons_with=f"{row.persons_with:,.0f}",
            share_without=_percent(row.share_without),
            persons_without=f"{row.persons_without:,.0f}",
        )
    ]


def _percent(share: Any) -> str:
    return f"{100 * share:.0f}"


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.itertuples(index=False))


def cases_with(factor: str) -> Unsaid:
    """How a sentence begins that is about cases with a factor."""
    if factor in EVIDENCE:
        return unsaid("Cases with {evidence}", evidence=unsaid(EVIDENCE[factor]))
    return unsaid("Cases in which the defence is {defence}", defence=unsaid(DEFENCE[factor]))


def more_often(points: float) -> Unsaid:
    """A difference in percentage points, in words."""
    size = round(abs(points))
    if size == 0:
        return unsaid("about as often (less than half a percentage point apart)")
    if points > 0:
        return unsaid_many(
            "{points} percentage point more often",
            "{points} percentage points more often",
            size,
            points=f"{size}",
        )
    return unsaid_many(
        "{points} percentage point less often",
        "{points} percentage points less often",
        size,
        points=f"{size}",
    )


def range_text(low: float, high: float) -> Unsaid:
    """An interval of differences: with signs where it spans none."""
    ends = [round(low), round(high)]
    if low > 0:
        return unsaid("{low} to {high} more", low=f"{ends[0]}", high=f"{ends[1]}")
    if high < 0:
        return unsaid("{low} to {high} less", low=f"{-ends[1]}", high=f"{-ends[0]}")
    return unsaid("{low} less to {high} more", low=f"{-ends[0]}", high=f"{ends[1]}")


def pair_finding(found: Pairs) -> Finding:
    """Which pairs stand out, and how often such a statement is wrong."""
    table = found.table
    named = table[table["stands_out"].astype(bool)].sort_values("wrong_direction")
    about = unsaid("{number} pairs rest on enough persons.", number=f"{found.compared}")
    if found.compared == 0:
        none = unsaid("No pair of kinds of evidence rests on enough persons.")
        return Finding("pairs", (none,), sure=False)
    if named.empty:
        text = unsaid(
            "None stands out: beyond what each kind goes with by itself, no pair can be told from "
            "chance."
        )
        return Finding("pairs", (about, text), sure=False)
    text = unsaid(
        "Standing out: {pairs}. All pairs were drawn towards no difference. Of pairs named in "
        "this way, about 1 in 20 is chance.",
        pairs=parted([_pair(row) for row in _rows(named)]),
    )
    return Finding("pairs", (about, text, unsaid(NO_EFFECT["evidence"])), sure=True)


def _pair(row: Any) -> Unsaid:
    return unsaid(
        "{first} with {second} ({more_often} than the two by themselves lead one to expect, 95% "
        "interval {interval})",
        first=unsaid(EVIDENCE[row.first]),
        second=unsaid(EVIDENCE[row.second]),
        more_often=more_often(row.points),
        interval=range_text(row.low, row.high),
    )


def reliance_finding(found: Reliance) -> Finding:
    """What conviction looks like without the testimony of victims."""
    shares = found.shares[found.shares["others"] == ANY].set_index("testimony")
    gap = found.differences[found.differences["others"] == ANY].iloc[0]
    present, absent, _ = VALUES["victim_testimony"]
    if gap["status"] != SHOWN:
        text = unsaid("Too few persons to say what conviction looks like without victim testimony.")
        return Finding("victim_testimony", (text,), sure=False)
    sure = gap["low"] > 0 or gap["high"] < 0
    text = unsaid(
        "With the same mix of place, year, charge and number of other kinds of evidence, "
        "{without} are convicted without victim testimony and {with_it} with it: with it, "
        "conviction comes {more_often} (95% interval {interval}).",
        without=_share(shares.loc[absent], "share"),
        with_it=_share(shares.loc[present], "share"),
        more_often=more_often(gap["points"]),
        interval=range_text(gap["low"], gap["high"]),
    )
    not_sure = unsaid("The data cannot tell whether it comes more or less often with testimony.")
    return Finding(
        "victim_testimony",
        (text, *([] if sure else [not_sure]), *_alone(found), unsaid(NO_EFFECT["evidence"])),
        bool(sure),
    )


def _share(row: Any, name: str) -> Unsaid:
    """A share with its 95% interval, in percent."""
    return unsaid(
        "{share}% (95% interval {low} to {high})",
        share=_percent(row[name]),
        low=_percent(row["low"]),
        high=_percent(row["high"]),
    )


def _alone(found: Reliance) -> list[Unsaid]:
    alone = found.convictions.set_index("testimony").loc["alone"]
    if alone["status"] != SHOWN:
        return []
    return [
        unsaid(
            "Of all convicted, {share}% had victim testimony and no other kind that is known of.",
            share=_percent(alone["share"]),
        )
    ]


def matrix_finding(found: Matrix) -> Finding:
    """The pairings with the highest and lowest share, if their intervals are apart."""
    shown = found.table[found.table["status"] == SHOWN]
    hidden = len(found.table) - len(shown)
    if len(shown) < 2:
        few = unsaid("Too few pairings rest on enough persons to be compared.")
        return Finding("matrix", (few,), sure=False)
    ordered = shown.sort_values("pooled")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    sure = bool(high["low"] > low["high"])
    text = unsaid(
        "Of {number} pairings of evidence and defence, conviction is most frequent where {most}, "
        "and least frequent where {least}.",
        number=f"{len(shown)}",
        most=_pairing(high),
        least=_pairing(low),
    )
    overlap = unsaid("The two intervals overlap, so which is highest and lowest is not certain.")
    withheld = unsaid_many(
        "{number} pairing is withheld to protect persons.",
        "{number} pairings are withheld to protect persons.",
        hidden,
        number=f"{hidden}",
    )
    also = [*([] if sure else [overlap]), *([withheld] if hidden else [])]
    return Finding("matrix", (text, *also, unsaid(NO_EFFECT["defence"])), sure)


def _pairing(row: Any) -> Unsaid:
    return unsaid(
        "{evidence} meets {defence} ({share}%, 95% interval {low} to {high})",
        evidence=unsaid(EVIDENCE[row["evidence"]]),
        defence=unsaid(DEFENCE[row["defence"]]),
        share=_percent(row["pooled"]),
        low=_percent(row["low"]),
        high=_percent(row["high"]),
    )


def duration_finding(found: Duration) -> Finding:
    """By when half of the cases have ended, and how many are convicted by then."""
    if found.ended.empty:
        few = unsaid("Too few cases have ended to say how long they take.")
        return Finding("duration", (few,), sure=False)
    last = found.ended.iloc[-1]
    by = int(last["years_after"])
    ended = unsaid(
        "By the end of {year}, {share}% of cases have ended (95% interval {low} to {high}; "
        "charged {years}).",
        year=_after(by),
        share=_nearly_all(last["share"]),
        low=_nearly_all(last["low"]),
        high=_nearly_all(last["high"]),
        years=_years(found.years),
    )
    pending = unsaid("Cases still pending count for as long as they are known.")
    sentences = (ended, _half(*found.median), pending, *_ends(found, by))
    return Finding("duration", sentences, sure=not math.isnan(found.median[0]))


def _half(middle: float, early: float, late: float) -> Unsaid:
    if math.isnan(middle):
        return unsaid("Half is not reached in the years that can be shown.")
    if early == late:
        return unsaid("Half have ended by the end of {year}.", year=_after(int(middle)))
    first, last = (
        unsaid("later than shown") if math.isnan(end) else _after(int(end)) for end in (early, late)
    )
    return unsaid(
        "Half have ended by the end of {year} (95% interval: {first} to {last}).",
        year=_after(int(middle)),
        first=first,
        last=last,
    )


def _nearly_all(share: float) -> str:
    """A share in percent; with a decimal where it would read as everybody."""
    return f"{100 * share:.1f}" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _ends(found: Duration, by: int) -> list[Unsaid]:
    outcomes = found.outcomes
    shown = outcomes[(outcomes["years_after"] == by) & (outcomes["status"] == SHOWN)]
    parts = [
        unsaid(
            "{outcome} {share}%",
            outcome=unsaid(OUTCOMES.get(row.outcome, row.outcome)),
            share=_percent(row.share),
        )
        for row in _rows(shown.sort_values("share", ascending=False))
    ]
    return [unsaid("By then: {outcomes}.", outcomes=parted(parts, COMMA))] if parts else []


def _after(years: int) -> Unsaid:
    if years == 0:
        return unsaid("the year of the charge")
    if years == 1:
        return unsaid("the year after the charge")
    return unsaid("{years} years after the charge", years=f"{years}")


def network_finding(found: Networks) -> Finding:
    """How often networks, not single traffickers, are convicted."""
    if found.chained:
        text = unsaid(
            "One network holds more than a fifth of all persons: what links the cases is too "
            "common to tell networks apart."
        )
        return Finding("networks", (text,), sure=False)
    by_reach = found.by_reach[found.by_reach["status"] == SHOWN]
    by_year = found.by_year[found.by_year["status"] == SHOWN]
    if by_reach.empty and by_year.empty:
        text = unsaid("Too few networks to say how many of their members are convicted.")
        return Finding("networks", (text,), sure=False)
    if by_reach.empty:
        parts = [_how_many_convicted(_together(by_year), EVERYWHERE)]
    else:
        parts = [_how_many_convicted(row, BY_REACH[row.reach]) for row in _rows(by_reach)]
    text = unsaid(
        "Among networks of two or more charged with at least one ended case, {parts}. "
        "A network is only what the file links; pending cases can still end in conviction.",
        parts=parted(parts),
    )
    return Finding("networks", (text,), sure=True)


EVERYWHERE: Final = mark(
    "of about {networks} networks, {several}% saw two or more convicted, {one}% one and "
    "{nobody}% nobody"
)
BY_REACH: Final = {
    "one place": mark(  # not said: a key
        "of about {networks} networks in one place, {several}% saw two or more convicted, {one}% "
        "one and {nobody}% nobody"
    ),
    "several places": mark(  # not said: a key
        "of about {networks} networks in several places, {several}% saw two or more convicted, "
        "{one}% one and {nobody}% nobody"
    ),
}


def _together(spans: pd.DataFrame) -> Any:
    """All spans of years as one."""
    weights = spans["networks"] / spans["networks"].sum()
    shares = {name: (spans[name] * weights).sum() for name in ("two_or_more", "one", "nobody")}
    return _rows(pd.DataFrame([{"networks": spans["networks"].sum(), **shares}]))[0]


def _how_many_convicted(row: Any, message: str) -> Unsaid:
    return unsaid(
        message,
        networks=f"{row.networks:,.0f}",
        several=_percent(row.two_or_more),
        one=_percent(row.one),
        nobody=_percent(row.nobody),
    )


def _years(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
