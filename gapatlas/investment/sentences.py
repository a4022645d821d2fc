"""What an investment would change, in words that can be quoted with their uncertainty."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from gapatlas.charts.amounts import money, percent, span, tally
from gapatlas.charts.words import from_to, listed, upper_first, years_text
from gapatlas.investment.investing import Investment
from gapatlas.investment.words import OUTCOME_WORDS
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.statistics.checks import Floats

Share = tuple[float, float, float]
"""A share and the ends of its interval, which is the simulation's own chance."""
NOT_MEASURED: Final = mark(
    "No published study has measured what training does to convictions for trafficking. What "
    "follows is no forecast but a calculation"
)
NOT_KNOWN: Final = mark(
    "No published study has measured what training does to convictions for trafficking. What "
    "follows is no forecast but a calculation: it shows what would follow from beliefs that you "
    "can see, and change, on this page."
)


def summary(investment: Investment, at_least: int, assumed: Share | None) -> str:
    """What a minister's adviser can quote: spending, further convictions, and how sure that is.

    Args:
        investment: the simulated scenario.
        at_least: further convictions whose probability is told.
        assumed: share of the spread that comes from judgement, with its interval; None where
            nothing varies.
    """
    effect = investment.effect
    spent = spending_words(investment)
    if not effect.programme.cost:
        return " ".join([spent, say("Nothing changes.")])
    years = years_text(*investment.years)
    if not effect.convictions.any():
        same = say(
            "If the beliefs below hold, {years} would see exactly as many convictions, neither "
            "more nor fewer, as without it. Nothing in the model says that any of this money "
            "brings a conviction.",
            years=years,
        )
        return f"{spent} {same}"
    parts = [
        spent,
        say(
            "If the beliefs below hold, it brings {years} {change}.",
            years=years,
            change=change_words(effect.convictions, "convicted"),
        ),
        say(
            "The chance of at least {count} more is {chance}; the chance of fewer than without it "
            "is {harm}.",
            count=whole(at_least),
            chance=percent(effect.chance_of(at_least)),
            harm=percent(effect.chance_of_harm),
        ),
        cost_words(investment),
        assumption_words(assumed),
    ]
    return " ".join(parts)


def currency_of(investment: Investment) -> str:
    """The currency of all money, in the language that is spoken."""
    return say(investment.currency)


def spending_words(investment: Investment) -> str:
    """What is spent, where and for how long."""
    programme = investment.programme
    first = investment.baselines.first_year
    return say(
        "{money} for training in {places}, spent in {years}.",
        money=money(programme.cost, currency_of(investment)),
        places=listed(investment.names),
        years=years_text(first, first + programme.spend_years - 1),
    )


def trained_words(low: float, middle: float, high: float) -> str:
    """How many people a year's money trains."""
    if not high:
        return say("trains nobody")
    return say(
        "trains about {count} people a year (90% interval: {interval})",
        count=tally(middle),
        interval=span(low, high),
    )


def scenario_words(investment: Investment) -> str:
    """A scenario in a line: what it is called, what it spends and what that would change."""
    change = change_words(investment.effect.convictions, "convicted")
    return say(
        "{scenario}: {spending} {change}.",
        scenario=investment.scenario.name,
        spending=spending_words(investment),
        change=upper_first(change),
    )


def change_words(draws: Floats, outcome: str) -> str:
    """Further outcomes with their 90% interval; see `change_text`."""
    low, middle, high = (float(end) for end in np.quantile(draws, [0.05, 0.5, 0.95]))
    return change_text(low, middle, high, outcome)


def change_text(low: float, middle: float, high: float, outcome: str) -> str:
    """A change with its 90% interval; its direction only where the whole interval, as it is
    printed, carries it."""
    words = OUTCOME_WORDS[outcome]
    ends = [float(f"{end:.1f}") + 0.0 for end in (low, high)]
    if ends == [0.0, 0.0]:
        return say("no change in {outcomes}", outcomes=words.many)
    if ends[0] <= 0 <= ends[1]:
        return say(
            "a change in {outcomes} whose direction is open (90% interval {interval})",
            outcomes=words.many,
            interval=from_to(_with_sign(low), _with_sign(high)),
        )
    counted = tally(abs(middle))
    outcome_words = words.one if counted == "1" else words.many
    if ends[0] > 0:
        return say(
            "{count} more {outcome} (90% interval {interval})",
            count=counted,
            outcome=outcome_words,
            interval=span(low, high),
        )
    return say(
        "{count} fewer {outcome} (90% interval {interval})",
        count=counted,
        outcome=outcome_words,
        interval=span(-high, -low),
    )


def cost_words(investment: Investment) -> str:
    """What one further conviction would cost: the middle and the 90% interval."""
    middle, low, high = investment.effect.cost_per_conviction()
    currency = currency_of(investment)
    if math.isinf(low):
        return say(
            "One further conviction would cost no sum that can be told: in the middle and at both "
            "ends, no number of years of this spending buys one."
        )
    if math.isinf(middle):
        return say(
            "One further conviction would cost at best {low}; in the middle and at worst no number "
            "of years of this spending buys one.",
            low=money(low, currency),
        )
    if math.isinf(high):
        return say(
            "One further conviction would cost {middle} (90% interval: from {low} without upper "
            "limit: at worst no number of years of this spending buys one).",
            middle=money(middle, currency),
            low=money(low, currency),
        )
    return say(
        "One further conviction would cost {middle} (90% interval: {interval}).",
        middle=money(middle, currency),
        interval=from_to(money(low, currency), money(high, currency)),
    )


def assumption_words(assumed: Share | None) -> str:
    """How much of the spread comes from judgement."""
    if assumed is None:
        return say("Nothing in this calculation varies: all of it is taken as known.")
    share, low, high = assumed
    return say(
        "{share} of the spread (90% interval: {interval}) comes from beliefs that nobody has "
        "measured, the rest from how well the counts are known and how they may move on.",
        share=percent(share),
        interval=from_to(percent(low), percent(high)),
    )


def lent_words(investment: Investment) -> str:
    """Which places have a stage that is taken from other places; empty where none has."""
    if not investment.lent:
        return ""
    return say_many(
        "{places} does not report every stage. What is missing is taken from places that report "
        "it, another one in each draw.",
        "{places} do not report every stage. What is missing is taken from places that report it, "
        "another one in each draw.",
        len(investment.lent),
        places=listed(investment.lent),
    )


def _with_sign(change: float) -> str:
    text = tally(abs(change))
    if text == "0":
        return text
    return f"{'-' if change < 0 else '+'}{text}"
