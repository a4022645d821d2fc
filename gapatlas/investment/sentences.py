"""What an investment would change, in words that can be quoted with their uncertainty."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from gapatlas.charts.amounts import money, percent, span, tally
from gapatlas.charts.words import listed, years_text
from gapatlas.investment.investing import Investment
from gapatlas.statistics.checks import Floats

Share = tuple[float, float, float]
"""A share and the ends of its interval, which is the simulation's own chance."""
NOT_MEASURED: Final = (
    "No published study has measured what training does to convictions for trafficking. What "
    "follows is no forecast but a calculation"
)
NOT_KNOWN: Final = (
    f"{NOT_MEASURED}: it shows what would follow from beliefs that you can see, and change, on "
    "this page."
)
NO_NUMBER: Final = "no number of years of this spending buys one"
OUTCOME_WORDS: Final = {
    "convicted": ("conviction", "convictions"),
    "prosecuted": ("prosecution", "prosecutions"),
    "referred": ("survivor referred to services", "survivors referred to services"),
}


def summary(investment: Investment, at_least: int, assumed: Share | None) -> str:
    """What a minister's adviser can quote: spending, further convictions, and how sure that is.

    Args:
        investment: the simulated scenario.
        at_least: further convictions whose probability is told.
        assumed: share of the spread that comes from judgement, with its interval; None where
            nothing varies.
    """
    first, last = investment.years
    effect = investment.effect
    spent = spending_words(investment)
    if not effect.programme.cost:
        return f"{spent} Nothing changes."
    if not effect.convictions.any():
        return (
            f"{spent} If the beliefs below hold, {years_text(first, last)} would see exactly as "
            "many convictions, neither more nor fewer, as without it. Nothing in the model says "
            "that any of this money brings a conviction."
        )
    parts = [
        f"{spent} If the beliefs below hold, it brings {years_text(first, last)} "
        f"{change_words(effect.convictions, 'convicted')}.",
        f"The chance of at least {at_least:,} more is {percent(effect.chance_of(at_least))}; "
        f"the chance of fewer than without it is {percent(effect.chance_of_harm)}.",
        f"One further conviction would cost {cost_words(investment)}.",
        assumption_words(assumed),
    ]
    return " ".join(parts)


def spending_words(investment: Investment) -> str:
    """What is spent, where and for how long."""
    programme = investment.programme
    first = investment.baselines.first_year
    years = years_text(first, first + programme.spend_years - 1)
    total = money(programme.cost, investment.currency)
    return f"{total} for training in {listed(investment.names)}, spent in {years}."


def trained_words(low: float, middle: float, high: float) -> str:
    """How many people a year's money trains."""
    if not high:
        return "trains nobody"
    return f"trains about {tally(middle)} people a year (90% interval: {span(low, high)})"


def scenario_words(investment: Investment) -> str:
    """A scenario in a line: what it is called, what it spends and what that would change."""
    return (
        f"{investment.scenario.name}: {spending_words(investment)} "
        f"{change_words(investment.effect.convictions, 'convicted').capitalize()}."
    )


def change_words(draws: Floats, outcome: str) -> str:
    """Further outcomes with their 90% interval; see `change_text`."""
    low, middle, high = (float(end) for end in np.quantile(draws, [0.05, 0.5, 0.95]))
    return change_text(low, middle, high, outcome)


def change_text(low: float, middle: float, high: float, outcome: str) -> str:
    """A change with its 90% interval; its direction only where the whole interval, as it is
    printed, carries it."""
    one, many = OUTCOME_WORDS[outcome]
    ends = [float(f"{end:.1f}") + 0.0 for end in (low, high)]
    if ends == [0.0, 0.0]:
        return f"no change in {many}"
    if ends[0] <= 0 <= ends[1]:
        return (
            f"a change in {many} whose direction is open (90% interval {_with_sign(low)} to "
            f"{_with_sign(high)})"
        )
    word = one if tally(abs(middle)) == "1" else many
    if ends[0] > 0:
        return f"{tally(middle)} more {word} (90% interval {span(low, high)})"
    return f"{tally(-middle)} fewer {word} (90% interval {span(-high, -low)})"


def cost_words(investment: Investment) -> str:
    """Cost per further conviction: the middle and the 90% interval."""
    middle, low, high = investment.effect.cost_per_conviction()
    currency = investment.currency
    if math.isinf(low):
        return f"no sum that can be told: in the middle and at both ends, {NO_NUMBER}"
    if math.isinf(middle):
        return f"at best {money(low, currency)}; in the middle and at worst {NO_NUMBER}"
    if math.isinf(high):
        return (
            f"{money(middle, currency)} (90% interval: from {money(low, currency)} without upper "
            f"limit: at worst {NO_NUMBER})"
        )
    return (
        f"{money(middle, currency)} (90% interval: {money(low, currency)} to "
        f"{money(high, currency)})"
    )


def assumption_words(assumed: Share | None) -> str:
    """How much of the spread comes from judgement."""
    if assumed is None:
        return "Nothing in this calculation varies: all of it is taken as known."
    share, low, high = assumed
    return (
        f"{percent(share)} of the spread (90% interval: {percent(low)} to {percent(high)}) comes "
        "from beliefs that nobody has measured, the rest from how well the counts are known and "
        "how they may move on."
    )


def lent_words(investment: Investment) -> str:
    """Which places have a stage that is taken from other places; empty where none has."""
    if not investment.lent:
        return ""
    return (
        f"{listed(investment.lent)} {'does' if len(investment.lent) == 1 else 'do'} not report "
        "every stage. What is missing is taken from places that report it, another one in each "
        "draw."
    )


def _with_sign(change: float) -> str:
    text = tally(abs(change))
    if text == "0":
        return text
    return f"{'-' if change < 0 else '+'}{text}"
