"""One budget over the places of a scenario: where it would bring most, in words and a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gapatlas.charts.amounts import money, percent, tally
from gapatlas.charts.words import listed
from gapatlas.comparison.pictures import Picture
from gapatlas.config import EffectLibrary
from gapatlas.investment.investing import Investment
from gapatlas.investment.pictures import Setting, allocation_picture
from gapatlas.investment.sentences import change_text, currency_of
from gapatlas.languages import mark, percentage, say, say_many, whole
from gapatlas.training import COMPONENTS, Allocation, Gap, allocate
from gapatlas.training.allocation import Goal

GOALS: Final[Mapping[Goal, str]] = {
    "convictions": mark("Most convictions"),
    "gaps": mark("Closing the widest gaps"),
}


def allocate_for(
    investment: Investment,
    total: float,
    goal: Goal,
    *,
    gaps: Mapping[str, Gap] | None = None,
    floors: Mapping[str, float] | None = None,
    ceilings: Mapping[str, float] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Allocation:
    """Deal out a yearly budget over the places of a scenario, with its beliefs and years.

    Args:
        investment: the scenario; its own budgets do not matter.
        total: money a year for all places together.
        goal: `convictions` or `gaps`.
        gaps: place -> what it lacks; for the goal `gaps`.
        floors, ceilings: place -> least and most money a year.
        progress: is told how far it is; what it raises ends the work.

    Raises:
        ValueError: as `training.allocate` does.
    """
    places = investment.scenario.places
    programme = investment.programme
    return allocate(
        total,
        investment.baseline,
        investment.drawn,
        years=programme.years,
        spend_years=programme.spend_years,
        refresh_every=programme.refresh_every,
        lag=programme.lag,
        goal=goal,
        gaps={place: gap for place, gap in (gaps or {}).items() if place in places}
        if goal == "gaps"
        else None,
        floors=floors,
        ceilings=ceilings,
        progress=progress,
    )


def picture_of(
    allocation: Allocation, investment: Investment, library: EffectLibrary, setting: Setting
) -> Picture | None:
    """The allocation beside the equal split."""
    names = investment.baselines.names
    titles = {component: library.components[component].title for component in COMPONENTS}
    amounts, gains = allocation.table(), allocation.by_place()
    return allocation_picture(
        amounts.assign(
            place=amounts["place"].map(names), component=amounts["component"].map(titles)
        ),
        gains.assign(place=gains["place"].map(names)),
        list(titles.values()),
        setting,
    )


def words_of(allocation: Allocation, investment: Investment) -> str:
    """What the allocation brings beside the equal split, and how sure that is."""
    currency = currency_of(investment)
    dealt, equal = allocation.gain(), allocation.equal_gain()
    parts = [
        say_many(
            "Dealt out so, {money} a year for {years} year brings, on average, {dealt}; dealt out "
            "equally, {equal}.",
            "Dealt out so, {money} a year for {years} years brings, on average, {dealt}; dealt out "
            "equally, {equal}.",
            allocation.years,
            money=money(allocation.total, currency),
            years=whole(allocation.years),
            dealt=change_text(dealt.low, dealt.mean, dealt.high, "convicted"),
            equal=change_text(equal.low, equal.mean, equal.high, "convicted"),
        ),
        say(
            "The chance that it is the better of the two is {chance}.",
            chance=percent(allocation.advantage().above),
        ),
    ]
    if allocation.left_over > 0:
        parts.append(
            say(
                "{money} a year is left over: it would bring nothing more.",
                money=money(allocation.left_over, currency),
            )
        )
    return " ".join([*parts, *_gap_words(allocation, investment)])


def caution_of(allocation: Allocation) -> str:
    """How far the choice rests on chance of the simulation."""
    found = allocation.optimism_of_advantage
    return say(
        "The budget is dealt out in {parts} equal parts. The choice rests on {share} of the draws. "
        "On those, its lead over the equal split is {chosen_on}; on the others, which it has not "
        "seen, {others} (in what the goal counts). The second number is the honest one.",
        parts=whole(allocation.parts),
        share=percentage(allocation.share_of_draws),
        chosen_on=tally(found.chosen_on),
        others=tally(found.others),
    )


def _gap_words(allocation: Allocation, investment: Investment) -> list[str]:
    """Which places have no known gap, where the goal is to close gaps."""
    if allocation.goal != "gaps":
        return []
    closed = [
        investment.baselines.names[place]
        for place, gap in zip(allocation.places, allocation.gaps, strict=True)
        if not gap.open
    ]
    if not closed:
        return []
    return [
        say(
            "No gap is known of {places}: beyond a floor, no money goes there under this goal.",
            places=listed(closed),
        )
    ]
