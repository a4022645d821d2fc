"""Gaps in words: where enforcement falls short, how sure that is, and who does not report.

Each sentence is made by rules from the figures and claims no more than their intervals carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gapatlas.charts.words import (
    count_text,
    from_to,
    listed,
    lower_first,
    number,
    parted,
    probability_text,
    years_text,
)
from gapatlas.comparison.peers import peer_labels
from gapatlas.comparison.sentences import label_of
from gapatlas.config import Config, Measure
from gapatlas.gaps.gap import NOT_REPORTED, SHARES, verdict
from gapatlas.gaps.stages import MORE
from gapatlas.languages import mark, percentage, say, say_many, whole
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.gaps.clusters import GapClusters
    from gapatlas.gaps.completeness import Reporting
    from gapatlas.gaps.gap import Gap
    from gapatlas.gaps.stages import Waterfall

NAMED: Final = 3
"""Places that a sentence names before it leaves the rest to the list."""
AGAINST: Final = {
    "median": mark("the middle of their peers ({peers})"),
    "best_quarter": mark("the best quarter of their peers ({peers})"),
    "own_best": mark("their own best five earlier years"),
    "model": mark("a model of places like them"),
}
AGAINST_OF_ONE: Final = {
    "median": mark("the middle of its peers ({peers})"),
    "best_quarter": mark("the best quarter of its peers ({peers})"),
    "own_best": mark("its own best five earlier years"),
    "model": mark("a model of places like it"),
}
NOTHING_FOLLOWS: Final = mark("That says nothing of laws, or of how they are enforced.")
CAUTION: Final = mark(
    "A gap shows where to ask, not who is to blame: a place that looks harder for victims widens "
    "its own gap, and more convictions are not always better justice."
)
NO_CLUSTERS: Final = mark(
    "No place is so like its nearest neighbours that chance could not explain it. That is no proof "
    "that neighbours do not matter."
)
MEANING_OF_CLUSTERS: Final = mark(
    "A cluster says that neighbours have like gaps, and no more: it does not say why, and one "
    "place need not have influenced another. Neighbours may share laws, trafficking routes, or "
    "ways of counting."
)
CLUSTERS: Final = {
    "low": mark("{names} fall short beside neighbours that do"),
    "high": mark("{names} do better than expected beside neighbours that do"),
    "low among high": mark("{names} fall short among neighbours that do not"),  # not said
    "high among low": mark("{names} do better than their neighbours"),  # not said
}


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
    words = (AGAINST_OF_ONE if one else AGAINST)[benchmark]
    if benchmark not in SHARES:
        return say(words)
    return say(words, peers=lower_first(peer_labels(config)[peers]))


def benchmark_words(gap: Gap, *, one: bool = False) -> str:
    """The benchmark of a gap in words."""
    return against(gap.benchmark, gap.peers, gap.atlas.config, one=one)


def summary(gap: Gap) -> str:
    """All places in two sentences: how many fall short, where most, and what stays open."""
    return " ".join(opening(gap))


def opening(gap: Gap) -> tuple[str, str]:
    """The two sentences of `summary`: what the intervals carry, then what they leave open."""
    if len(gap.known):
        return _short_words(gap), _open_words(gap)
    years, others = years_text(*gap.frame.years), _not_compared(gap)
    if others:
        lead = say("{years}: no place can be compared, {others}.", years=years, others=others)
    else:
        lead = say("{years}: no place can be compared.", years=years)
    return lead, say(NOTHING_FOLLOWS)


def _short_words(gap: Gap) -> str:
    """How many places fall short, and the first of them by name, with how many fewer."""
    short = gap.short
    told = {
        "years": years_text(*gap.frame.years),
        "count": whole(len(short)),
        "places": whole(len(gap.known)),
        "what": counted(gap.measure),
        "benchmark": benchmark_words(gap),
        "below": divided_by(gap.measure),
        "names": listed([_fewer_words(row) for row in rows(short.head(NAMED))]),
    }
    if short.empty:
        return say(
            "{years}: none of the {places} places that can be compared counts clearly fewer {what} "
            "than {benchmark} would let one expect, given their {below}.",
            **told,
        )
    if len(short) > NAMED:
        return say(
            "{years}: {count} of {places} places count clearly fewer {what} than {benchmark} would "
            "let one expect, given their {below}, among them {names}, which are 95% intervals.",
            **told,
        )
    return say_many(
        "{years}: {count} of {places} places counts clearly fewer {what} than {benchmark} would "
        "let one expect, given their {below}: {names}, which is a 95% interval.",
        "{years}: {count} of {places} places count clearly fewer {what} than {benchmark} would "
        "let one expect, given their {below}: {names}, which are 95% intervals.",
        len(short),
        **told,
    )


def _fewer_words(row: Any) -> str:
    fewer = _range(row.number_from, row.number_to)
    return say("{name} ({fewer} fewer)", name=row.name, fewer=fewer)


def _open_words(gap: Gap) -> str:
    """For how many places the counts decide nothing, and how many can't be compared."""
    unsure, others = len(gap.undecided), _not_compared(gap)
    if unsure and others:
        return say(
            "For {count} the counts leave it open, {others}.", count=whole(unsure), others=others
        )
    if unsure:
        return say("For {count} the counts leave it open.", count=whole(unsure))
    if others:
        return say("The counts decide it for all, {others}.", others=others)
    return say("The counts decide it for all.")


def _not_compared(gap: Gap) -> str:
    """How many places can't be compared, and why; empty where all can."""
    reasons = gap.table.loc[gap.table["reason"] != "", "reason"].value_counts()
    return listed([_reason_words(str(reason), int(count)) for reason, count in reasons.items()])


def _reason_words(reason: str, count: int) -> str:
    if reason == NOT_REPORTED:
        return say_many(
            "{count} does not report enough",
            "{count} do not report enough",
            count,
            count=whole(count),
        )
    return say_many(
        "{count} can't be compared ({reason})",
        "{count} can't be compared ({reason})",
        count,
        count=whole(count),
        reason=say(reason),
    )


def place_words(gap: Gap, place: str) -> str:
    """One place against its benchmark: observed, expected, by how much, how sure; empty where
    the source does not have it."""
    row: Any = next(rows(gap.of(place)), None)
    if row is None:
        return ""
    if row.reason:
        return say(
            "It can't be compared with {benchmark}: {reason}.",
            benchmark=benchmark_words(gap, one=True),
            reason=say(row.reason),
        )
    expected = say(
        "{observed} {what}; {benchmark} would let one expect {expected} (95% interval).",
        observed=count_text(row.observed_low, row.observed_high),
        what=counted(gap.measure),
        benchmark=benchmark_words(gap, one=True),
        expected=_range(row.expected_from, row.expected_to),
    )
    return f"{expected} {_verdict_words(row)}"


def _verdict_words(row: Any) -> str:
    """Whether a place with a gap falls short, and how likely that is."""
    chance = probability_text(row.probability_low, row.probability_high)
    match verdict(row):
        case "short":
            fewer = _range(row.number_from, row.number_to)
            return say(
                "It falls short by {fewer} (chance that it does: {chance}).",
                fewer=fewer,
                chance=chance,
            )
        case "above":
            return say("It does not fall short (chance that it does: {chance}).", chance=chance)
        case _:
            return say(
                "Whether it falls short is open (chance that it does: {chance}).", chance=chance
            )


def lost_words(found: Waterfall) -> str:
    """Where one place loses most of its cases, or that the counts do not tell."""
    losses = found.losses
    if losses.empty:
        return say(
            "{name} does not report two stages in the same years, so it can't be said where cases "
            "are lost.",
            name=found.name,
        )
    told = say(
        "{name}, {years}: {losses}.",
        name=found.name,
        years=_years_used(found),
        losses=listed([_loss_words(row) for row in rows(losses)]),
    )
    return told if len(losses) < 2 else f"{told} {_largest_words(found)}"


def _years_used(found: Waterfall) -> str:
    window = found.years[1] - found.years[0] + 1
    if window == 1:
        return str(found.years[0])
    return say("{count} of {window} years", count=whole(len(found.used)), window=whole(window))


def _largest_words(found: Waterfall) -> str:
    largest = found.largest
    if largest is None:
        return say("Which step loses the larger share, the counts do not tell.")
    return say("The larger share is {step}.", step=lower_first(largest.label))


def _loss_words(row: Any) -> str:
    step = lower_first(row.label)
    if row.kind == "gain":
        return say(
            "{count} {step}, since cases of earlier years count too",
            count=count_text(-row.high, -row.low),
            step=step,
        )
    told = {
        "count": count_text(max(row.low, 0), row.high),
        "step": step,
        "share": _lost_share(row.lost_from, row.lost_to),
    }
    if row.low >= 0:
        return say("{count} {step} ({share} of the stage before, 95% interval)", **told)
    return say(
        "{count} {step}, or up to {more} {gained} ({share} of the stage before, 95% interval)",
        **told,
        more=number(-row.low, 0),
        gained=lower_first(say(MORE[row.key.rpartition("-")[2]])),
    )


def _lost_share(low: float, high: float) -> str:
    """Ends of the interval of a share that is lost; where it reaches beyond none, more may have
    come on than there were before."""
    if low < 0:
        return say("at most {number}", number=percentage(high))
    return from_to(percentage(low), percentage(high))


def reporting_words(found: Reporting) -> str:
    """How complete the figures are, over all places."""
    return " ".join(reporting_opening(found))


def reporting_opening(found: Reporting) -> tuple[str, str]:
    """The two sentences of `reporting_words`: who is silent, then how much is given in all."""
    table, years = found.table, years_text(*found.years)
    if table.empty:
        return say("{years}: the source holds no place.", years=years), say(NOTHING_FOLLOWS)
    share = table["reported"].sum() / table["asked"].sum()
    return (
        say(
            "{years}: {silent} of {places} places report none of the {stages} stages, {complete} "
            "report all of them in every year.",
            years=years,
            silent=whole(len(found.silent)),
            places=whole(len(table)),
            stages=whole(len(found.stages)),
            complete=whole(len(found.complete)),
        ),
        say(
            "Together they give {share} of the figures that the source asks for; not reported is "
            "not zero, and enters no average.",
            share=percentage(share),
        ),
    )


def cluster_words(found: GapClusters | None) -> str:
    """Which places fall short together, and what that does and doesn't mean."""
    if found is None:
        return say("Too few places have a gap to look for clusters: 20 are needed.")
    told = []
    for kind, words in CLUSTERS.items():
        names = list(found.table.loc[found.table["kind"] == kind, "name"])
        if names:
            told.append(say(words, names=listed(names)))
    if not told:
        return say(NO_CLUSTERS)
    tested = say(
        "{count} places were tested against their five nearest neighbours; about 1 in 20 of the "
        "places named here may be named by chance.",
        count=whole(len(found.table)),
    )
    return f"{parted(told)}. {tested} {say(MEANING_OF_CLUSTERS)}"


def _range(low: float, high: float) -> str:
    """Ends of an interval as whole counts."""
    ends = [number(end, 0) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)
