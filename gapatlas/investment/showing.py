"""From a simulated scenario to each of its pictures; pages and notebooks show the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gapatlas.charts.theme import Chart, Scheme
from gapatlas.charts.words import (
    from_to,
    labelled,
    listed,
    parted,
    places_text,
    significant,
    years_text,
)
from gapatlas.comparison.pictures import Picture
from gapatlas.export import source_header
from gapatlas.investment import pictures
from gapatlas.investment.beliefs import Belief
from gapatlas.investment.investing import Investment, named_quantiles
from gapatlas.investment.pictures import Setting
from gapatlas.investment.sentences import NOT_KNOWN, change_text, currency_of
from gapatlas.languages import in_digits, mark, percentage, say, say_as, say_many, whole
from gapatlas.training import COMPONENTS
from gapatlas.training.break_even import BreakEven, break_even, break_even_cost
from gapatlas.training.chain import Outcome
from gapatlas.training.information import Information, plain_answer, value_of_information
from gapatlas.training.sensitivity import BASELINE, every_so_often, tornado
from gapatlas.training.timing import refresher_timing
from gapatlas.training.variance import VarianceShares, assumed_share, total_order

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

Progress = Callable[[float], None]
ENOUGH_FOR_SHARES: Final = 2500
"""Draws for where the spread comes from: a page has no time for all. The intervals say how far
that can be told."""
NAMED: Final = 3
"""Places that a title names one by one."""
BASELINE_WORDS: Final = mark("Counts without the investment")


def setting_of(
    atlas: Atlas, investment: Investment, outcome: Outcome = "convicted", scheme: Scheme = "light"
) -> Setting:
    """What every picture of a scenario has to say beside its finding."""
    names = investment.names
    source = atlas.source(investment.baselines.source_id)
    return Setting(
        where=listed(names) if len(names) <= NAMED else places_text(len(names)),
        years=years_text(*investment.years),
        source=say(
            "Counts: {source}, {edition}. Effects, costs and courts: beliefs, not findings.",
            source=source.short,
            edition=source.edition,
        ),
        outcome=outcome,
        currency=currency_of(investment),
        scheme=scheme,
    )


def header_of(atlas: Atlas, investment: Investment, title: str) -> list[str]:
    """Lines that stand above figures of a scenario: what they are, what is spent and believed."""
    source = atlas.source(investment.baselines.source_id)
    scenario = investment.scenario
    return [
        title,
        say(NOT_KNOWN),
        _spending_line(investment),
        say(
            "Followed for {years} years; refreshers every {refreshers} years (0 for none); "
            "training tells after {lag} years",
            years=str(scenario.years),
            refreshers=str(scenario.refresh_every),
            lag=str(scenario.lag),
        ),
        _beliefs_line(investment),
        *source_header(title, source, atlas.snapshot.id)[1:],
    ]


def _spending_line(investment: Investment) -> str:
    """What is spent a year, place by place and component by component."""
    scenario = investment.scenario
    spent = parted(
        f"{name}: "
        + ", ".join(
            f"{component} {amount:g}" for component, amount in zip(COMPONENTS, row, strict=True)
        )
        for name, (_, row) in zip(investment.names, scenario.budgets, strict=True)
    )
    return say_many(
        "{currency} a year, for {years} year: {spent}",
        "{currency} a year, for {years} years: {spent}",
        scenario.spend_years,
        currency=currency_of(investment),
        years=str(scenario.spend_years),
        spent=spent,
    )


def _beliefs_line(investment: Investment) -> str:
    """The preset, and what is believed otherwise."""
    scenario = investment.scenario
    changed = [
        labelled(belief.title, _prior_words(belief))
        for belief in investment.beliefs.values()
        if belief.basis == "own" or belief.id in dict(scenario.taken)
    ]
    if not changed:
        return say("Beliefs: preset {preset}; changed: none", preset=scenario.preset)
    return say(
        "Beliefs: preset {preset}; changed: {changed}",
        preset=scenario.preset,
        changed=parted(changed),
    )


def _prior_words(belief: Belief) -> str:
    value, low, high = (
        in_digits(f"{end:g}") for end in (belief.prior.value, belief.prior.low, belief.prior.high)
    )
    return f"{value} ({from_to(low, high)})"


# ------------------------------------------------------------------ what it changes


def fan(investment: Investment, setting: Setting) -> Picture | None:
    """Yearly counts with and without the investment."""
    return pictures.fan_picture(investment.yearly(_outcome(setting)), setting)


def change(investment: Investment, setting: Setting) -> Picture | None:
    """What the investment changes in each year."""
    return pictures.change_picture(investment.yearly_change(_outcome(setting)), setting)


def by_place(investment: Investment, setting: Setting) -> Picture | None:
    """What it changes over all years in each place; None for a single one."""
    if len(investment.scenario.places) < 2:
        return None
    return pictures.places_picture(investment.by_place(_outcome(setting)), setting)


def spread(investment: Investment, setting: Setting) -> Picture | None:
    """All draws of what it changes over all years."""
    return pictures.dots_picture(investment.effect.further(_outcome(setting)), setting)


def chart_of(
    investment: Investment, atlas: Atlas, kind: str, outcome: Outcome = "convicted"
) -> Chart | None:
    """One of the charts of a scenario by its name; see `Investment.chart`."""
    drawn = {"fan": fan, "change": change, "spread": spread, "tornado": tornado_of}
    if kind not in drawn:
        raise ValueError(f"There is no chart '{kind}'; allowed: {', '.join(drawn)}")
    picture = drawn[kind](investment, setting_of(atlas, investment, outcome))
    return picture.chart() if picture is not None else None


# ------------------------------------------------------------------ how sure


def rests_on(investment: Investment, name: str) -> str:
    """What an input rests on: `data`, `evidence` or `judgement`."""
    if name == BASELINE:
        return "data"
    return "judgement" if investment.beliefs[name].judged else "evidence"


def input_words(investment: Investment, name: str) -> str:
    """What an input is called."""
    return say(BASELINE_WORDS) if name == BASELINE else investment.beliefs[name].title


def tornado_of(investment: Investment, setting: Setting) -> Picture | None:
    """Which inputs move the answer most."""
    table = tornado(
        investment.programme,
        investment.baseline,
        investment.assumptions,
        investment.drawn,
        _outcome(setting),
    )
    if table.empty:
        return None
    middle = float(table["mean"].iloc[0])
    inputs = _with_words(investment, table)
    inputs["input_low"] = [significant(number) for number in table["input_low"]]
    inputs["input_high"] = [significant(number) for number in table["input_high"]]
    return pictures.tornado_picture(inputs, middle, setting)


def shares_of(investment: Investment) -> VarianceShares:
    """Where the spread of further convictions comes from."""
    some = every_so_often(investment.baseline.draws, ENOUGH_FOR_SHARES)
    return assumed_share(
        investment.programme,
        investment.baseline.at_draws(some),
        investment.drawn.at_draws(some),
        investment.judged,
    )


def parts_of(shares: VarianceShares, setting: Setting) -> Picture | None:
    """What the spread rests on: data, evidence, judgement."""
    if not shares.varies:
        return None
    return pictures.parts_picture(shares.groups, setting)


def indices_of(
    investment: Investment, setting: Setting, progress: Progress | None = None
) -> Picture | None:
    """Sobol indices: shares of the spread that each input is responsible for."""
    table = total_order(
        investment.programme,
        investment.baseline,
        investment.assumptions,
        outcome=_outcome(setting),
        progress=progress,
    )
    return pictures.indices_picture(_with_words(investment, table), setting)


# ------------------------------------------------------------------ is it worth it


def information_of(
    investments: Sequence[Investment], worth: float, progress: Progress | None = None
) -> Information:
    """What better knowledge is worth before choosing among scenarios, or none.

    Args:
        investments: scenarios of the same places that believe the same; the first one's beliefs
            and baseline are used.
        worth: money that one further conviction is worth.
        progress: is told how far it is.
    """
    first = investments[0]
    options = [investment.programme for investment in investments]
    return value_of_information(options, first.baseline, first.drawn, worth, progress=progress)


def worth_of(information: Information, investment: Investment, setting: Setting) -> Picture | None:
    """What it would be worth to know each number."""
    inputs = _with_words(investment, information.inputs)
    everything = (information.perfect, information.perfect_low, information.perfect_high)
    return pictures.worth_picture(inputs, setting, everything)


def information_words(information: Information, investment: Investment) -> str:
    """Which missing number would change the decision, in words."""
    names = [*investment.beliefs, BASELINE]
    words = {name: say("“{words}”", words=input_words(investment, name)) for name in names}
    return plain_answer(information, words)


def break_even_of(investment: Investment, worth: float) -> tuple[BreakEven, BreakEven]:
    """How strong the effects, and how low the costs, would have to be for it to pay."""
    arguments = (
        investment.programme,
        investment.baseline,
        investment.assumptions,
        investment.drawn,
        worth,
    )
    effects, costs = break_even(*arguments), break_even_cost(*arguments)
    return replace(effects, reason=say(effects.reason)), replace(costs, reason=say(costs.reason))


def break_even_table(investment: Investment, found: BreakEven) -> pd.DataFrame:
    """A break-even with words for column names."""
    table = found.table
    return pd.DataFrame(
        {
            mark("What"): [input_words(investment, name) for name in table["name"]],
            mark("Unit"): [investment.beliefs[name].unit for name in table["name"]],
            mark("Believed (middle)"): table["assumed"],
            mark("Needed to pay"): table["needed"],
            mark("Needed, 90% interval"): [
                from_to(_end(low), _end(high))
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
        }
    )


def refreshers_of(
    investment: Investment, setting: Setting, *, against_none: bool = True
) -> tuple[Picture | None, str]:
    """Whether the timing of refreshers matters: its picture, and the answer in words."""
    table = refresher_timing(
        investment.programme, investment.baseline, investment.drawn, outcome=_outcome(setting)
    )
    gain = table.sort_values("gain_q50", ascending=False).iloc[0]
    picture = pictures.refresher_picture(table, setting, against_none=against_none)
    return picture, _refresher_words(gain, _outcome(setting))


def _refresher_words(gain: pd.Series, outcome: Outcome) -> str:
    """What the best timing brings, from its row of `refresher_timing`."""
    every = int(gain["every"])
    if every == 0:
        return say(
            "In the middle of the draws no refreshers bring as much as any: the money does as well "
            "in new training."
        )
    low, middle, high = (float(gain[f"gain_{end}"]) for end in ("q05", "q50", "q95"))
    return say_many(
        "Set against none, refreshers every year bring {change}; they are better than none in "
        "{better} of draws and worse in {worse}.",
        "Set against none, refreshers every {years} years bring {change}; they are better than "
        "none in {better} of draws and worse in {worse}.",
        every,
        years=whole(every),
        change=change_text(low, middle, high, outcome),
        better=percentage(gain["better"]),
        worse=percentage(gain["worse"]),
    )


# ------------------------------------------------------------------ side by side


def scenario_rows(investments: Sequence[Investment], outcome: Outcome) -> pd.DataFrame:
    """One row per scenario: its name, quantiles of further outcomes, and of the cost of one."""
    rows = []
    for investment in investments:
        further = investment.effect.further(outcome)
        ends = named_quantiles(further)
        cost = investment.programme.cost
        costs = [cost / gain if gain > 0 else np.inf for gain in reversed(ends.values())]
        of_one = {f"cost_{name}": each for name, each in zip(ends, costs, strict=True)}
        rows.append({"scenario": investment.scenario.name, **ends, **of_one})
    return pd.DataFrame(rows)


def scenarios_of(
    investments: Sequence[Investment], setting: Setting
) -> tuple[Picture | None, Picture | None]:
    """Scenarios side by side: further outcomes, and the cost of one."""
    rows = scenario_rows(investments, _outcome(setting))
    return pictures.scenarios_picture(rows, setting), pictures.costs_picture(rows, setting)


def _with_words(investment: Investment, table: pd.DataFrame) -> pd.DataFrame:
    names = table["name"]
    return table.assign(
        input=[input_words(investment, name) for name in names],
        rests_on=[rests_on(investment, name) for name in names],
    )


def _outcome(setting: Setting) -> Outcome:
    return setting.outcome  # type: ignore[return-value]


def _end(number: float) -> str:
    if np.isnan(number):
        return say_as("what would be needed", "none")
    return say("no limit") if np.isinf(number) else significant(number)
