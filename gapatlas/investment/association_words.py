"""Associations in plain words: the answer, why it is no effect, and what each check means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

from gapatlas.charts.words import from_to, listed, lower_first, number, years_text
from gapatlas.comparison.words import first_names
from gapatlas.config.vocabulary import stage_label
from gapatlas.languages import mark, say, say_many, whole

if TYPE_CHECKING:
    from gapatlas.investment.association import Association
    from gapatlas.training.association import Ratio

SURPRISING: Final = 0.05
FEW: Final = 20
"""Places whose treatment changes, below which intervals can be too narrow."""
NAMED: Final = 6


@dataclass(frozen=True)
class Doubt:
    """One check.

    Attributes:
        title: the question.
        text: what was found, and what it means.
        alarm: whether it speaks against reading anything into the ratio.
    """

    title: str
    text: str
    alarm: bool


def title(found: Association) -> str:
    """What is set against what."""
    return say(
        "{treatment} and {counted}",
        treatment=found.block.title,
        counted=lower_first(counted(found)),
    )


def short(found: Association) -> str:
    """The answer, with its interval."""
    answer = say(
        "{comparison} ({interval}; {years}, {source}).",
        comparison=_comparison(found),
        interval=interval(found.ratio),
        years=years_text(*found.sample.years),
        source=found.atlas.source(found.block.source).short,
    )
    no_effect = say("This is an association, not an effect.")
    return " ".join([answer, _verdict(found.ratio), no_effect, *_ranges(found.ratio)])


def caveat(found: Association) -> str:
    """Why it is no effect."""
    doubt = say(
        "{treatment} can go where enforcement is weak, or where a government is ready to act: both "
        "would show up here without any effect of what was done.",
        treatment=found.block.title,
    )
    return f"{doubt} {found.block.caution}"


def doubts(found: Association) -> Iterator[Doubt]:
    """What each check says, and what that means."""
    if found.curve is not None and found.curve.pre_trend == found.curve.pre_trend:
        yield _before(found)
    if found.placebo is not None:
        yield _next_year(found)
    yield _shuffled(found)
    if found.one_out is not None:
        yield _one_out(found)
    if len(found.sample.changing) < FEW:
        yield _few_places(len(found.sample.changing))
    outcomes = len(found.block.outcomes)
    if outcomes > 1:
        text = say(
            "{count} counts are compared here. Of 20 intervals, one misses 1 by chance alone.",
            count=whole(outcomes),
        )
        yield Doubt(say("How many comparisons are there?"), text, alarm=False)


def _few_places(changing: int) -> Doubt:
    text = say_many(
        "Only {count} place has years that differ in it. With so few, intervals can be too narrow: "
        "trust the reshuffling more.",
        "Only {count} places have years that differ in it. With so few, intervals can be too "
        "narrow: trust the reshuffling more.",
        changing,
        count=whole(changing),
    )
    return Doubt(say("Are there enough places?"), text, alarm=True)


def basis(found: Association) -> str:
    """Places and years, who is left out, and how counts were compared."""
    sample = found.sample
    used = say(
        "{counts} yearly counts of {places} places, {years}.",
        counts=whole(sample.place_years),
        places=whole(sample.places),
        years=years_text(*sample.years),
    )
    how = say(
        "Each place is compared with itself in other years, after what all "
        "have in common in a year is taken out; larger counts weigh more."
    )
    return " ".join([used, _changing(found), how, *_left_out(found)])


def counted(found: Association) -> str:
    """What is counted."""
    return stage_label(found.outcome.stage, found.outcome.unit)


def times(ratio: Ratio) -> str:
    """The ratio, or its ends where counts are ranges."""
    ends = [number(end, 2) for end in (ratio.least, ratio.most)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)


def interval(ratio: Ratio) -> str:
    """The 95% interval in words."""
    ends = from_to(number(ratio.low, 2), number(ratio.high, 2))
    return say("95% interval {interval}", interval=ends)


def distance_words(found: Association, step: int) -> str:
    """A distance in years from the treatment, in words."""
    if found.starts is not None:
        return _distance_from_start(step)
    if step == 0:
        return say("Year of it")
    count = whole(abs(step))
    if step < 0:
        return say_many("{count} year before it", "{count} years before it", -step, count=count)
    return say_many("{count} year after it", "{count} years after it", step, count=count)


def _distance_from_start(step: int) -> str:
    if step == 0:
        return say("Year of its start")
    count = whole(abs(step))
    if step < 0:
        return say_many(
            "{count} year before its start", "{count} years before its start", -step, count=count
        )
    return say_many(
        "{count} year after its start", "{count} years after its start", step, count=count
    )


FROM_START: Final = (
    mark(
        "From the start of {treatment} on, places counted {times} times as many {counted} as "
        "places without it let one expect"
    ),
    mark(
        "From one year after the start of {treatment} on, places counted {times} times as many "
        "{counted} as places without it let one expect"
    ),
    mark(
        "From two years after the start of {treatment} on, places counted {times} times as many "
        "{counted} as places without it let one expect"
    ),
    mark(
        "From three years after the start of {treatment} on, places counted {times} times as many "
        "{counted} as places without it let one expect"
    ),
)
"""The answer for a roll-out, by the years of its lag."""
PER_UNIT: Final = (
    mark(
        "With each further unit of {treatment} ({unit}), places counted {times} times as many "
        "{counted}"
    ),
    mark(
        "With each further unit of {treatment} ({unit}), one year later places counted {times} "
        "times as many {counted}"
    ),
    mark(
        "With each further unit of {treatment} ({unit}), two years later places counted {times} "
        "times as many {counted}"
    ),
    mark(
        "With each further unit of {treatment} ({unit}), three years later places counted {times} "
        "times as many {counted}"
    ),
)
"""The answer for a treatment that is measured, by the years of its lag."""
YEARS_WITH: Final = (
    mark(
        "In a year with {treatment}, places counted {times} times as many {counted} as in a year "
        "without"
    ),
    mark(
        "In the year after one with {treatment}, places counted {times} times as many {counted} as "
        "in the year after one without"
    ),
    mark(
        "Two years after one with {treatment}, places counted {times} times as many {counted} as "
        "two years after one without"
    ),
    mark(
        "Three years after one with {treatment}, places counted {times} times as many {counted} as "
        "three years after one without"
    ),
)
"""The answer for years with and without a treatment, by the years of its lag."""


def _comparison(found: Association) -> str:
    block = found.block
    told = {
        "treatment": block.treatment_words,
        "times": times(found.ratio),
        "counted": lower_first(counted(found)),
    }
    if found.starts is not None:
        return say(FROM_START[block.lag], **told)
    if block.measured_as == "number":
        unit = found.atlas.config.indicators[block.treatment].unit
        return say(PER_UNIT[block.lag], unit=unit, **told)
    return say(YEARS_WITH[block.lag], **told)


def _verdict(ratio: Ratio) -> str:
    if ratio.low > 1:
        return say("The interval lies above 1: more were counted than chance explains.")
    if ratio.high < 1:
        return say("The interval lies below 1: fewer were counted than chance explains.")
    return say("The interval includes 1, so the data cannot tell more from fewer.")


def _ranges(ratio: Ratio) -> list[str]:
    if number(ratio.least, 2) == number(ratio.most, 2):
        return []
    return [say("The ratio is a range because some counts are printed as a range.")]


def _before(found: Association) -> Doubt:
    assert found.curve is not None
    steps = found.curve.steps
    years = int((-steps.loc[steps["before"], "step"]).max())
    seen = found.curve.pre_trend
    chance = say_many(
        "In the year before, chance alone brings differences as large as those seen in {cases}.",
        "In the {count} years before, chance alone brings differences as large as those seen in "
        "{cases}.",
        years,
        count=whole(years),
        cases=_in_100(seen),
    )
    if seen < SURPRISING:
        meaning = say(
            "So counts already differed before. What comes first cannot be the cause of it: do "
            "not read the ratio as what the treatment did."
        )
    else:
        meaning = say(
            "So there is no clear sign that counts already differed before. With intervals as "
            "wide as these, a difference could still hide."
        )
    question = say("Did counts already differ before?")
    return Doubt(question, f"{chance} {meaning}", seen < SURPRISING)


def _next_year(found: Association) -> Doubt:
    assert found.placebo is not None
    placebo = found.placebo.ratio
    what = say(
        "Next year's treatment goes with {times} times as many ({interval}; {years}).",
        times=times(placebo),
        interval=interval(placebo),
        years=years_text(*found.placebo.years),
    )
    question = say("Does next year's treatment “explain” this year's counts?")
    text = " ".join([what, *_placebo_means(placebo, found.ratio)])
    return Doubt(question, text, placebo.differs)


def _placebo_means(placebo: Ratio, ratio: Ratio) -> Iterator[str]:
    if placebo.differs:
        yield say(
            "It cannot have caused this year's counts, and yet it goes with them. So the treatment "
            "follows the counts, or something else moves both."
        )
        return
    yield say(
        "It cannot have caused this year's counts, and the interval includes 1, as it should."
    )
    if _as_far(placebo, ratio):
        yield say(
            "But it is as far from 1 as the ratio itself: what cannot be a cause looks just as "
            "much like one."
        )


def _shuffled(found: Association) -> Doubt:
    share = found.shuffled.share
    what = say(
        "Each place was given the treatment years of another at random, {count} times. A ratio at "
        "least as far from 1 came up in {cases}.",
        count=str(found.shuffled.shuffles),
        cases=_in_100(share),
    )
    meaning = (
        say("So the real order stands out from chance. That does not say why.")
        if share < SURPRISING
        else say("So the real order is nothing out of the ordinary.")
    )
    return Doubt(say("Could it be chance?"), f"{what} {meaning}", share >= SURPRISING)


def _one_out(found: Association) -> Doubt:
    one = found.one_out
    assert one is not None
    what = say(
        "With one place left out at a time, the ratio lies between {low} (without {low_without}) "
        "and {high} (without {high_without}).",
        low=number(one.low, 2),
        low_without=found.names.get(one.low_without, one.low_without),
        high=number(one.high, 2),
        high_without=found.names.get(one.high_without, one.high_without),
    )
    crosses = one.low < 1 < one.high
    meaning = (
        say("So a single place decides whether it lies above or below 1.")
        if crosses
        else say("So no single place decides on which side of 1 it lies.")
    )
    return Doubt(say("Does it hang on one place?"), f"{what} {meaning}", crosses)


def _as_far(one: Ratio, other: Ratio) -> bool:
    return _distance(one) >= _distance(other)


def _distance(ratio: Ratio) -> float:
    """How far the middle of a ratio is from 1, the same for a half and for two."""
    middle = sqrt(ratio.least * ratio.most)
    return max(middle, 1 / middle)


def _in_100(share: float) -> str:
    per_cent = round(100 * share)
    if per_cent < 1:
        return say("fewer than 1 of 100 cases")
    return say("{count} of 100 cases", count=whole(per_cent))


def _changing(found: Association) -> str:
    sample = found.sample
    told = {"changing": whole(len(sample.changing)), "steady": whole(len(sample.steady))}
    if found.starts is not None:
        return say(
            "{changing} start; {steady} do not, or not yet, and show what a year is like without "
            "it.",
            **told,
        )
    told["treatment"] = found.block.treatment_words
    if found.block.measured_as == "number":
        return say(
            "{changing} have years with more and with less of {treatment}: they alone tell the "
            "ratio. The other {steady} show what a year is like.",
            **told,
        )
    return say(
        "{changing} have years both with and without {treatment}: they alone tell the ratio. The "
        "other {steady} show what a year is like.",
        **told,
    )


def _left_out(found: Association) -> Iterator[str]:
    sample = found.sample
    for id_, reason in found.block.left_out.items():
        name = found.names.get(id_, id_)
        yield say("Left out: {place}, because {reason}.", place=name, reason=reason.rstrip("."))
    if sample.without_cases:
        yield say(
            "Places whose counts are, or could be, 0 in every year tell nothing of a ratio and "
            "drop out where they are: {places}.",
            places=_some(found, sample.without_cases),
        )
    if sample.single_year:
        yield say(
            "Places with one usable year drop out: {places}.",
            places=_some(found, sample.single_year),
        )
    if found.starts is not None:
        yield from _not_compared(found)


def _not_compared(found: Association) -> Iterator[str]:
    assert found.starts is not None
    reasons: dict[str, list[str]] = {}
    for place, reason in found.starts.left_out:
        reasons.setdefault(reason, []).append(place)
    for reason, ids in reasons.items():
        yield say(
            "Not compared: {places} ({reason}).",
            places=_some(found, tuple(ids)),
            reason=say(reason),
        )
    if found.starts.went_back:
        yield say(
            "It ends again in {places}; they count as having it all the same.",
            places=_some(found, found.starts.went_back),
        )


def _some(found: Association, ids: tuple[str, ...]) -> str:
    names = sorted(found.names.get(id_, id_) for id_ in ids)
    return listed(names) if len(names) <= NAMED else first_names(names, NAMED)
