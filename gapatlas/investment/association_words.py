"""Associations in plain words: the answer, why it is no effect, and what each check means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final

from gapatlas.charts.words import listed, lower_first, number, years_text

if TYPE_CHECKING:
    from gapatlas.investment.association import Association
    from gapatlas.training.association import Ratio

SURPRISING: Final = 0.05
FEW: Final = 20
"""Places whose treatment changes, below which intervals can be too narrow."""
NAMED: Final = 6
YEARS: Final = ("", "one year", "two years", "three years")


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
    return f"{found.block.title} and {lower_first(counted(found))}"


def short(found: Association) -> str:
    """The answer, with its interval."""
    ratio = found.ratio
    told = (
        f"{interval(ratio)}; {years_text(*found.sample.years)}, "
        f"{found.atlas.source(found.block.source).short}"
    )
    return (
        f"{_comparison(found)} ({told}). {_verdict(ratio)} This is an association, not an "
        f"effect.{_ranges(ratio)}"
    )


def caveat(found: Association) -> str:
    """Why it is no effect."""
    return (
        f"{found.block.title} can go where enforcement is weak, or where a government is ready to "
        "act: both would show up here without any effect of what was done. "
        f"{found.block.caution}"
    )


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
        yield Doubt(
            "Are there enough places?",
            f"Only {len(found.sample.changing)} places have years that differ in it. With so few, "
            "intervals can be too narrow: trust the reshuffling more.",
            alarm=True,
        )
    outcomes = len(found.block.outcomes)
    if outcomes > 1:
        yield Doubt(
            "How many comparisons are there?",
            f"{outcomes} counts are compared here. Of 20 intervals, one misses 1 by chance alone.",
            alarm=False,
        )


def basis(found: Association) -> str:
    """Places and years, who is left out, and how counts were compared."""
    sample = found.sample
    used = (
        f"{sample.place_years:,} yearly counts of {sample.places} places, "
        f"{years_text(*sample.years)}. {_changing(found)}"
    )
    how = (
        "Each place is compared with itself in other years, after what all "
        "have in common in a year is taken out; larger counts weigh more."
    )
    return " ".join([used, how, *_left_out(found)])


def counted(found: Association) -> str:
    """What is counted."""
    return found.outcome.label


def times(ratio: Ratio) -> str:
    """The ratio, or its ends where counts are ranges."""
    ends = [number(end, 2) for end in (ratio.least, ratio.most)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def interval(ratio: Ratio) -> str:
    """The 95% interval in words."""
    return f"95% interval {number(ratio.low, 2)} to {number(ratio.high, 2)}"


def distance_words(found: Association, step: int) -> str:
    """A distance in years from the treatment, in words."""
    what = "its start" if found.starts is not None else "it"
    if step == 0:
        return f"Year of {what}"
    years = f"{abs(step)} year{'' if abs(step) == 1 else 's'}"
    return f"{years} {'before' if step < 0 else 'after'} {what}"


def _comparison(found: Association) -> str:
    what, block = lower_first(counted(found)), found.block
    much = f"{times(found.ratio)} times as many {what}"
    if found.starts is not None:
        since = f"{YEARS[block.lag]} after the start" if block.lag else "the start"
        return (
            f"From {since} of {block.treatment_words} on, places counted {much} as "
            "places without it let one expect"
        )
    if block.measured_as == "number":
        unit = found.atlas.config.indicators[block.treatment].unit
        when = f"{YEARS[block.lag]} later " if block.lag else ""
        return (
            f"With each further unit of {block.treatment_words} ({unit}), {when}places "
            f"counted {much}"
        )
    return (
        f"{_year_with(block.lag)} with {block.treatment_words}, places counted {much} as "
        f"{lower_first(_year_with(block.lag))} without"
    )


def _year_with(lag: int) -> str:
    if lag == 0:
        return "In a year"
    return "In the year after one" if lag == 1 else f"{YEARS[lag].capitalize()} after one"


def _verdict(ratio: Ratio) -> str:
    if ratio.low > 1:
        return "The interval lies above 1: more were counted than chance explains."
    if ratio.high < 1:
        return "The interval lies below 1: fewer were counted than chance explains."
    return "The interval includes 1, so the data cannot tell more from fewer."


def _ranges(ratio: Ratio) -> str:
    if number(ratio.least, 2) == number(ratio.most, 2):
        return ""
    return " The ratio is a range because some counts are printed as a range."


def _before(found: Association) -> Doubt:
    assert found.curve is not None
    steps = found.curve.steps
    years = int((-steps.loc[steps["before"], "step"]).max())
    seen = found.curve.pre_trend
    chance = (
        f"In the {years} years before, chance alone brings differences as large as those seen in "
        f"{_in_100(seen)}."
    )
    if seen < SURPRISING:
        meaning = (
            "So counts already differed before. What comes first cannot be the cause of it: do "
            "not read the ratio as what the treatment did."
        )
    else:
        meaning = (
            "So there is no clear sign that counts already differed before. With intervals as "
            "wide as these, a difference could still hide."
        )
    return Doubt("Did counts already differ before?", f"{chance} {meaning}", seen < SURPRISING)


def _next_year(found: Association) -> Doubt:
    assert found.placebo is not None
    placebo = found.placebo.ratio
    what = (
        f"Next year's treatment goes with {times(placebo)} times as many ({interval(placebo)}; "
        f"{years_text(*found.placebo.years)})."
    )
    if placebo.differs:
        meaning = (
            "It cannot have caused this year's counts, and yet it goes with them. So the "
            "treatment follows the counts, or something else moves both."
        )
    else:
        meaning = (
            "It cannot have caused this year's counts, and the interval includes 1, as it should."
        )
        if _as_far(placebo, found.ratio):
            meaning += (
                " But it is as far from 1 as the ratio itself: what cannot be a cause looks just "
                "as much like one."
            )
    question = "Does next year's treatment “explain” this year's counts?"
    return Doubt(question, f"{what} {meaning}", placebo.differs)


def _shuffled(found: Association) -> Doubt:
    share = found.shuffled.share
    what = (
        f"Each place was given the treatment years of another at random, "
        f"{found.shuffled.shuffles} times. A ratio at least as far from 1 came up in "
        f"{_in_100(share)}."
    )
    meaning = (
        "So the real order stands out from chance. That does not say why."
        if share < SURPRISING
        else "So the real order is nothing out of the ordinary."
    )
    return Doubt("Could it be chance?", f"{what} {meaning}", share >= SURPRISING)


def _one_out(found: Association) -> Doubt:
    one = found.one_out
    assert one is not None
    low, high = (found.names.get(id_, id_) for id_ in (one.low_without, one.high_without))
    what = (
        f"With one place left out at a time, the ratio lies between {number(one.low, 2)} (without "
        f"{low}) and {number(one.high, 2)} (without {high})."
    )
    crosses = one.low < 1 < one.high
    meaning = (
        "So a single place decides whether it lies above or below 1."
        if crosses
        else "So no single place decides on which side of 1 it lies."
    )
    return Doubt("Does it hang on one place?", f"{what} {meaning}", crosses)


def _as_far(one: Ratio, other: Ratio) -> bool:
    return _distance(one) >= _distance(other)


def _distance(ratio: Ratio) -> float:
    """How far the middle of a ratio is from 1, the same for a half and for two."""
    middle = sqrt(ratio.least * ratio.most)
    return max(middle, 1 / middle)


def _in_100(share: float) -> str:
    per_cent = round(100 * share)
    return "fewer than 1 of 100 cases" if per_cent < 1 else f"{per_cent} of 100 cases"


def _changing(found: Association) -> str:
    sample = found.sample
    if found.starts is not None:
        return (
            f"{len(sample.changing)} start; {len(sample.steady)} do not, or not yet, and show what "
            "a year is like without it."
        )
    differing = (
        "years with more and with less of"
        if found.block.measured_as == "number"
        else "years both with and without"
    )
    return (
        f"{len(sample.changing)} have {differing} {found.block.treatment_words}: they alone tell "
        f"the ratio. The other {len(sample.steady)} show what a year is like."
    )


def _left_out(found: Association) -> Iterator[str]:
    sample = found.sample
    for id_, reason in found.block.left_out.items():
        yield f"Left out: {found.names.get(id_, id_)}, because {reason.rstrip('.')}."
    if sample.without_cases:
        yield (
            f"Places whose counts are, or could be, 0 in every year tell nothing of a ratio and "
            f"drop out where they are: {_some(found, sample.without_cases)}."
        )
    if sample.single_year:
        yield f"Places with one usable year drop out: {_some(found, sample.single_year)}."
    if found.starts is not None:
        yield from _not_compared(found)


def _not_compared(found: Association) -> Iterator[str]:
    assert found.starts is not None
    reasons: dict[str, list[str]] = {}
    for place, reason in found.starts.left_out:
        reasons.setdefault(reason, []).append(place)
    for reason, ids in reasons.items():
        yield f"Not compared: {_some(found, tuple(ids))} ({reason})."
    if found.starts.went_back:
        yield (
            f"It ends again in {_some(found, found.starts.went_back)}; they count as having it "
            "all the same."
        )


def _some(found: Association, ids: tuple[str, ...]) -> str:
    names = sorted(found.names.get(id_, id_) for id_ in ids)
    if len(names) <= NAMED:
        return listed(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
