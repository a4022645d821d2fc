"""Gaps in words: where enforcement falls short, how sure that is, and who does not report.

Each sentence is made by rules from the figures and claims no more than their intervals carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gapatlas.charts.words import (
    count_text,
    listed,
    lower_first,
    number,
    probability_text,
    years_text,
)
from gapatlas.comparison.peers import peer_labels
from gapatlas.comparison.sentences import label_of
from gapatlas.config import Config, Measure
from gapatlas.gaps.gap import NOT_REPORTED, SHARES, verdict
from gapatlas.tables import rows

if TYPE_CHECKING:
    import pandas as pd

    from gapatlas.gaps.clusters import GapClusters
    from gapatlas.gaps.completeness import Reporting
    from gapatlas.gaps.gap import Gap
    from gapatlas.gaps.stages import Waterfall

NAMED: Final = 3
"""Places that a sentence names before it leaves the rest to the list."""
AGAINST: Final = {
    "median": "the middle of {their} peers",
    "best_quarter": "the best quarter of {their} peers",
    "own_best": "{their} own best five earlier years",
    "model": "a model of places like {them}",
}
NOTHING_FOLLOWS: Final = "That says nothing of laws, or of how they are enforced."
CAUTION: Final = (
    "A gap shows where to ask, not who is to blame: a place that looks harder for victims widens "
    "its own gap, and more convictions are not always better justice."
)
NO_CLUSTERS: Final = (
    "No place is so like its nearest neighbours that chance could not explain it. That is no proof "
    "that neighbours do not matter."
)
MEANING_OF_CLUSTERS: Final = (
    "A cluster says that neighbours have like gaps, and no more: it does not say why, and one "
    "place need not have influenced another. Neighbours may share laws, trafficking routes, or "
    "ways of counting."
)


def counted(measure: Measure) -> str:
    """What stands above the line of a measure, in lower case: `persons convicted`."""
    return label_of(measure.numerator)


def divided_by(measure: Measure) -> str:
    """What stands below the line: `victims detected`, or `people`."""
    return label_of(measure.below) if measure.below is not None else measure.exposure


def against(benchmark: str, peers: str, config: Config, *, one: bool = False) -> str:
    """A benchmark in words, with the choice of peers where it takes them.

    Args:
        benchmark: one of `gapatlas.gaps.BENCHMARKS`.
        peers: how peers are chosen.
        config: names the choices of peers.
        one: for one place, else for several.
    """
    pronouns = ("its", "it") if one else ("their", "them")
    words = AGAINST[benchmark].format(their=pronouns[0], them=pronouns[1])
    if benchmark not in SHARES:
        return words
    return f"{words} ({lower_first(peer_labels(config)[peers])})"


def benchmark_words(gap: Gap, *, one: bool = False) -> str:
    """The benchmark of a gap in words."""
    return against(gap.benchmark, gap.peers, gap.atlas.config, one=one)


def summary(gap: Gap) -> str:
    """All places in two sentences: how many fall short, where most, and what stays open."""
    return " ".join(opening(gap))


def opening(gap: Gap) -> tuple[str, str]:
    """The two sentences of `summary`: what the intervals carry, then what they leave open."""
    years, known = years_text(*gap.frame.years), len(gap.known)
    if not known:
        return f"{years}: no place can be compared{_not_compared(gap)}", NOTHING_FOLLOWS
    short, unsure = gap.short, len(gap.undecided)
    lead = (
        f"{years}: {_of(len(short), known)} clearly fewer {counted(gap.measure)} than "
        f"{benchmark_words(gap)} would let one expect, given their {divided_by(gap.measure)}"
    )
    rest = f"For {unsure} the counts leave it open" if unsure else "The counts decide it for all"
    return f"{lead}{_named_short(short)}.", f"{rest}{_not_compared(gap)}"


def _named_short(short: pd.DataFrame) -> str:
    """The places that fall short by name, or the first of them, with how many fewer."""
    named = [
        f"{row.name} ({_range(row.number_from, row.number_to)} fewer)"
        for row in rows(short.head(NAMED))
    ]
    if not named:
        return ""
    if len(short) == 1:
        return f": {named[0]}, which is a 95% interval"
    who = ", among them " if len(short) > len(named) else ": "
    return f"{who}{listed(named)}, which are 95% intervals"


def _not_compared(gap: Gap) -> str:
    """How many places can't be compared, and why."""
    reasons = gap.table.loc[gap.table["reason"] != "", "reason"].value_counts()
    told = [
        f"{count} {'does' if count == 1 else 'do'} not report enough"
        if reason == NOT_REPORTED
        else f"{count} can't be compared ({reason})"
        for reason, count in reasons.items()
    ]
    return f", {listed(told)}." if told else "."


def place_words(gap: Gap, place: str) -> str:
    """One place against its benchmark: observed, expected, by how much, how sure; empty where
    the source does not have it."""
    row: Any = next(rows(gap.of(place)), None)
    if row is None:
        return ""
    if row.reason:
        return f"It can't be compared with {benchmark_words(gap, one=True)}: {row.reason}."
    what = counted(gap.measure)
    expected = _range(row.expected_from, row.expected_to)
    return (
        f"{count_text(row.observed_low, row.observed_high)} {what}; "
        f"{benchmark_words(gap, one=True)} would let one expect {expected} (95% interval). "
        f"{_verdict_words(row)}"
    )


def _verdict_words(row: Any) -> str:
    """Whether a place with a gap falls short, and how likely that is."""
    chance = probability_text(row.probability_low, row.probability_high)
    leads = {
        "short": f"It falls short by {_range(row.number_from, row.number_to)}",
        "above": "It does not fall short",
        "open": "Whether it falls short is open",
    }
    return f"{leads[verdict(row)]} (chance that it does: {chance})."


def lost_words(found: Waterfall) -> str:
    """Where one place loses most of its cases, or that the counts do not tell."""
    losses = found.losses
    if losses.empty:
        return (
            f"{found.name} does not report two stages in the same years, so it can't be said "
            "where cases are lost."
        )
    window = found.years[1] - found.years[0] + 1
    used = f"{len(found.used)} of {window} years" if window > 1 else str(found.years[0])
    told = [_loss_words(row) for row in rows(losses)]
    largest = found.largest
    if len(losses) < 2:
        where = ""
    elif largest is None:
        where = " Which step loses the larger share, the counts do not tell."
    else:
        where = f" The larger share is {lower_first(largest.label)}."
    return f"{found.name}, {used}: {listed(told)}.{where}"


def _loss_words(row: Any) -> str:
    step = lower_first(row.label)
    if row.kind == "gain":
        return f"{count_text(-row.high, -row.low)} {step}, since cases of earlier years count too"
    lost = f"{count_text(max(row.low, 0), row.high)} {step}"
    if row.low < 0:
        lost += f", or up to {number(-row.low, 0)} more {row.key.rpartition('-')[2]}"
    # Where the interval reaches beyond none, more may have come on than there were before.
    open_below = row.lost_from < 0
    most = f"at most {row.lost_to:.0%}"
    share = most if open_below else _percent_range(row.lost_from, row.lost_to)
    return f"{lost} ({share} of the stage before, 95% interval)"


def reporting_words(found: Reporting) -> str:
    """How complete the figures are, over all places."""
    return " ".join(reporting_opening(found))


def reporting_opening(found: Reporting) -> tuple[str, str]:
    """The two sentences of `reporting_words`: who is silent, then how much is given in all."""
    table, years = found.table, years_text(*found.years)
    if table.empty:
        return f"{years}: the source holds no place.", NOTHING_FOLLOWS
    share = table["reported"].sum() / table["asked"].sum()
    return (
        f"{years}: {len(found.silent)} of {len(table)} places report none of the "
        f"{len(found.stages)} stages, {len(found.complete)} report all of them in every year.",
        f"Together they give {share:.0%} of the figures that the source asks for; not reported is "
        "not zero, and enters no average.",
    )


def cluster_words(found: GapClusters | None) -> str:
    """Which places fall short together, and what that does and doesn't mean."""
    if found is None:
        return "Too few places have a gap to look for clusters: 20 are needed."
    kinds = {
        "low": "fall short beside neighbours that do",
        "high": "do better than expected beside neighbours that do",
        "low among high": "fall short among neighbours that do not",
        "high among low": "do better than their neighbours",
    }
    told = []
    for kind, words in kinds.items():
        names = list(found.table.loc[found.table["kind"] == kind, "name"])
        if names:
            told.append(f"{listed(names)} {words}")
    if not told:
        return NO_CLUSTERS
    tested = len(found.table)
    return (
        f"{'; '.join(told)}. {tested} places were tested against their five nearest neighbours; "
        f"about 1 in 20 of the places named here may be named by chance. {MEANING_OF_CLUSTERS}"
    )


def _of(count: int, whole: int) -> str:
    if count == 0:
        return f"none of the {whole} places that can be compared counts"
    return f"{count} of {whole} places count{'s' if count == 1 else ''}"


def _range(low: float, high: float) -> str:
    """Ends of an interval as whole counts."""
    ends = [number(end, 0) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _percent_range(low: float, high: float) -> str:
    return f"{low:.0%} to {high:.0%}"
