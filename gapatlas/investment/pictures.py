"""Pictures of an investment in training: chart, title, source line, alternative text and table.

The page and a notebook show the same ones. Numbers of people come as quantiles (q05, q25, q50, q75,
q95) over the draws of the simulation, amounts of money in one currency.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gapatlas.charts.allocation import (
    SEGMENTS,
    allocation_template,
    gain_rows,
    places_in_order,
    segment_rows,
)
from gapatlas.charts.amounts import money, money_span, percent, span, tally
from gapatlas.charts.how_sure import (
    LISTED,
    index_rows,
    index_template,
    part_rows,
    part_template,
    share_words,
    tornado_rows,
    tornado_template,
    worth_rows,
    worth_template,
)
from gapatlas.charts.investment import (
    QUANTILES,
    chance,
    change_rows,
    change_template,
    dot_rows,
    dots_drawn,
    dots_template,
    fan_rows,
    fan_template,
    range_rows,
    ranges_template,
    refresher_rows,
    refresher_template,
)
from gapatlas.charts.template import ROWS
from gapatlas.charts.theme import Scheme
from gapatlas.charts.words import listed
from gapatlas.comparison.pictures import Picture
from gapatlas.investment import picture_tables as tables
from gapatlas.tables import only_row, rows

COUNTED: Final = {
    "convicted": "convictions",
    "prosecuted": "prosecutions",
    "referred": "survivors referred to services",
}
"""What each outcome of the model counts, in words."""
PLACES_SHOWN: Final = 40
"""Places that a picture of an allocation shows; its table has them all."""
LINES: Final = "Dot: middle of the draws. Thick line: 50% interval. Thin line: 90% interval."
COST_COLUMNS: Final = ("cost_q05", "cost_q25", "cost_q50", "cost_q75", "cost_q95")
_kept = lru_cache(maxsize=64)
_fan = _kept(fan_template)
_change = _kept(change_template)
_dots = _kept(dots_template)
_ranges = _kept(ranges_template)
_refreshers = _kept(refresher_template)
_allocation = _kept(allocation_template)
_tornado = _kept(tornado_template)
_indices = _kept(index_template)
_worth = _kept(worth_template)
_parts = _kept(part_template)


@dataclass(frozen=True)
class Setting:
    """What every picture of an investment has to say beside its finding.

    Attributes:
        where: places, in words.
        years: years that are followed, in words.
        source: sources with editions, and that effects are assumed; ends with a full stop.
        outcome: key of `COUNTED`.
        currency: of all amounts, in words.
        scheme: light or dark.
    """

    where: str
    years: str
    source: str
    outcome: str = "convicted"
    currency: str = "US dollars"
    scheme: Scheme = "light"

    @property
    def counted(self) -> str:
        """What is counted, in words."""
        return COUNTED[self.outcome]

    def title(self, finding: str) -> str:
        """A finding with its places and years."""
        return f"{finding}. {self.where}, {self.years}"

    def below(self, signs: str) -> str:
        """What the signs mean, and the sources."""
        return f"{signs} {self.source}"


# ------------------------------------------------------------------ by year and in all


def fan_picture(years: pd.DataFrame, setting: Setting) -> Picture | None:
    """Yearly counts with and without the investment; None without any year.

    Args:
        years: columns year, kind (`with`, `without`), q05, q25, q50, q75, q95.
        setting: places, years, source.
    """
    if years.empty:
        return None
    counted = setting.counted
    title = setting.title(f"{_capital(counted)} a year, with and without the investment")
    return Picture(
        title=title,
        source=setting.below(
            "Grey band with dotted edges and dashed line: without the investment. Coloured band "
            "with solid edges and solid line: with it. Line: middle of the draws. Strong band: 50% "
            "interval. Faint band: 90% interval. Most of the spread is common to both, so the "
            "bands overlap even where the difference is clear: see the difference itself."
        ),
        alt=f"{title}. {_last_year_words(years)}",
        template=_fan(setting.scheme),
        datasets={ROWS: fan_rows(years)},
        table=lambda: tables.fan_table(years, counted),
    )


def _last_year_words(years: pd.DataFrame) -> str:
    last = years[years["year"] == years["year"].max()]
    told = {row.kind: _middle_words(row) for row in rows(last)}
    both = [f"{told[kind]} {kind} it" for kind in ("without", "with") if kind in told]
    return f"In {int(years['year'].max())}: {listed(both)}."


def change_picture(years: pd.DataFrame, setting: Setting) -> Picture | None:
    """What the investment changes, year by year; None without any year.

    Args:
        years: columns year and q05, q25, q50, q75, q95 of the difference: with less without.
        setting: places, years, source.
    """
    if years.empty:
        return None
    counted = setting.counted
    most = only_row(years.loc[[years["q50"].abs().idxmax()]])
    finding = (
        f"Further {counted} a year: {_middle_words(most)} in {int(most.year)}, the year of the most"
    )
    clear = [int(row.year) for row in rows(years) if row.q05 > 0 or row.q95 < 0]
    sure = (
        f"In {len(clear)} of {len(years)} years the 90% interval leaves out no change at all."
        if clear
        else "In every year, no change at all lies within the 90% interval."
    )
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            "With the investment, less without it, in the same draws. Line: middle. Strong band: "
            "50% interval. Faint band: 90% interval. Below the line at zero there are fewer than "
            "without it."
        ),
        alt=f"{setting.title(finding)}. {sure}",
        template=_change(setting.scheme),
        datasets={ROWS: change_rows(years)},
        table=lambda: tables.change_table(years, counted),
        words=sure,
    )


def dots_picture(further: ArrayLike, setting: Setting) -> Picture | None:
    """The spread of further outcomes, and the chance of harm; None without draws.

    Args:
        further: draws of how many more there are with the investment, shape (draws,).
        setting: places, years, source.
    """
    draws = np.asarray(further, dtype=np.float64)
    if not draws.size:
        return None
    shown = dot_rows(draws)
    counted = setting.counted
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    finding = f"Further {counted}: {tally(middle)} (90%: {span(low, high)})"
    chances = (
        f"Chance of fewer {counted} than without the investment: {chance(draws, 'fewer')}. "
        f"Chance of more: {chance(draws, 'more')}."
    )
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            f"Each of the {dots_drawn(shown)} dots is one outcome, and all are equally likely. "
            "Triangle: fewer than without the investment. Ring: no change. Below the dots: the "
            "middle, the 50% interval (thick) and the 90% interval (thin)."
        ),
        alt=f"{setting.title(finding)}. {chances}",
        template=_dots(counted, setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.spread_table(draws, counted),
        words=chances,
    )


# ------------------------------------------------------------------ side by side


def scenarios_picture(scenarios: pd.DataFrame, setting: Setting) -> Picture | None:
    """Further outcomes of scenarios, one row each; None without any.

    Args:
        scenarios: columns scenario and q05, q25, q50, q75, q95.
        setting: places, years, source.
    """
    counted = setting.counted
    return _further_side_by_side(
        scenarios,
        "scenario",
        f", {_scenarios(scenarios)}",
        lambda: tables.scenario_table(scenarios, counted),
        setting,
    )


def places_picture(places: pd.DataFrame, setting: Setting) -> Picture | None:
    """Further outcomes of each place, one row each; None without any.

    Args:
        places: columns name, money (all that is spent there) and q05, q25, q50, q75, q95.
        setting: places, years, source.
    """
    counted = setting.counted
    return _further_side_by_side(
        places,
        "name",
        " in each place",
        lambda: tables.place_table(places, counted, setting.currency),
        setting,
    )


def _further_side_by_side(
    found: pd.DataFrame,
    label: str,
    of_what: str,
    table: Callable[[], pd.DataFrame],
    setting: Setting,
) -> Picture | None:
    """Further outcomes, one row for each of what is compared; None without any."""
    if found.empty:
        return None
    counted = setting.counted
    shown = range_rows(found, label)
    title = setting.title(f"Further {counted}{of_what}")
    return Picture(
        title=title,
        source=setting.below(f"{LINES} Left of the line at zero: fewer than without."),
        alt=f"{title}. {_every_row(shown)}",
        template=_ranges(f"Further {counted}, all years together", "number", setting.scheme),
        datasets={ROWS: shown},
        table=table,
        names=tuple(shown["row"]),
    )


def costs_picture(scenarios: pd.DataFrame, setting: Setting) -> Picture | None:
    """Cost per further outcome of scenarios, one row each; None without any.

    Args:
        scenarios: columns scenario and cost_q05, cost_q25, cost_q50, cost_q75, cost_q95, from the
            cheapest to the dearest; infinite where there is nothing more for the money.
        setting: places, years, source.
    """
    if scenarios.empty:
        return None
    counted, currency = setting.counted, setting.currency
    shown = range_rows(scenarios, "scenario", currency, COST_COLUMNS)
    title = setting.title(
        f"Cost per further {_one(counted)} in {currency}, {_scenarios(scenarios)}"
    )
    return Picture(
        title=title,
        source=setting.below(
            f"{LINES} Triangle: the line runs on. No upper limit: in some draws the money brings "
            "nothing more, or less."
        ),
        alt=f"{title}. {_every_row(shown)}",
        template=_ranges(f"{currency} per further {_one(counted)}", "money", setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.cost_table(scenarios, _one(counted), currency),
        names=tuple(shown["row"]),
    )


def refresher_picture(
    timings: pd.DataFrame, setting: Setting, *, against_none: bool = False
) -> Picture | None:
    """Years between two refreshers against further outcomes; None without any timing.

    Args:
        timings: columns every (years; 0 for none), q05, q25, q50, q75, q95 and the same with
            gain_ before: how many more than without refreshers.
        setting: places, years, source.
        against_none: whether the gains are drawn.
    """
    if timings.empty:
        return None
    counted = setting.counted
    what = f"Further {counted}"
    finding = f"{what}, by the years between two refreshers"
    shown = timings
    if against_none:
        what = f"{what} than without refreshers"
        shown = pd.DataFrame(
            {"every": timings["every"], **{name: timings[f"gain_{name}"] for name in QUANTILES}}
        )
        finding = f"{what}, by the years between two: {_clear_timings(shown)}"
    every = [f"{_capital(every_words(row.every))}: {_middle_words(row)}." for row in rows(shown)]
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            f"{LINES} The budget is the same for all: refreshers leave less for new training."
        ),
        alt=f"{setting.title(finding)}. {' '.join(every)}",
        template=_refreshers(what, setting.scheme),
        datasets={ROWS: refresher_rows(shown)},
        table=lambda: tables.refresher_table(shown, what),
    )


def _clear_timings(differences: pd.DataFrame) -> str:
    """Which timings differ from none by more than the draws leave open."""
    timed = differences[differences["every"] > 0]
    more, fewer = timed[timed["q05"] > 0], timed[timed["q95"] < 0]
    told = [
        f"clearly {word} with {listed([every_words(row.every) for row in rows(found)])}"
        for word, found in (("more", more), ("fewer", fewer))
        if len(found)
    ]
    return "; ".join(told) or "no timing is clearly better or worse than none"


def every_words(years: float) -> str:
    """How often people are refreshed."""
    if years == 0:
        return "none"
    return "one every year" if years == 1 else f"one every {int(years)} years"


def allocation_picture(
    amounts: pd.DataFrame, gains: pd.DataFrame, components: Sequence[str], setting: Setting
) -> Picture | None:
    """One budget dealt out over places and components, beside the equal split; None without any
    place.

    Args:
        amounts: columns place, component, allocated, equal (money a year); one row per place
            and component.
        gains: columns place, plan (`allocated`, `equal`), q05, q50, q95 of further outcomes.
        components: names of the components, in the order of the stack.
        setting: places, years, source.
    """
    if amounts.empty:
        return None
    order = places_in_order(amounts)
    shown = order[:PLACES_SHOWN]
    rest = len(order) - len(shown)
    counted, currency = setting.counted, setting.currency
    kept_amounts = amounts[amounts["place"].isin(shown)]
    title = setting.title(f"Where the money goes, and further {counted}, against an equal split")
    more = f" {rest} more places stand in the table." if rest else ""
    return Picture(
        title=title,
        source=setting.below(
            "Left: money a year of each place, parted by component; upright mark: what an equal "
            f"split gives. Right: further {counted}; filled dot: allocated; open diamond: equal "
            f"split; line: 90% interval.{more}"
        ),
        alt=f"{title}. {_most_words(amounts, order, currency)}",
        template=_allocation(tuple(components), counted, currency, setting.scheme),
        datasets={
            ROWS: gain_rows(kept_amounts, gains[gains["place"].isin(shown)], currency),
            SEGMENTS: segment_rows(kept_amounts, components, currency),
        },
        table=lambda: tables.allocation_table(amounts, gains, components, counted, currency),
        names=tuple(shown),
    )


def _most_words(amounts: pd.DataFrame, order: Sequence[str], currency: str) -> str:
    totals = amounts.groupby("place")["allocated"].sum()
    given = [place for place in order[:3] if totals.loc[place] > 0]
    first = [f"{place} {money(float(totals.loc[place]), currency)}" for place in given]
    most = f"Most money a year goes to: {listed(first)}." if first else "No money is spent."
    without = int((totals <= 0).sum())
    nothing = f" Places that get nothing: {without} of {len(order)}." if without else ""
    return f"{most}{nothing}"


# ------------------------------------------------------------------ how sure


def tornado_picture(inputs: pd.DataFrame, middle: float, setting: Setting) -> Picture | None:
    """Which inputs move the result most; None without uncertain inputs.

    Args:
        inputs: columns input, rests_on (`data`, `evidence`, `judgement`), at_low, at_high (mean
            further outcomes with the input at the ends of its interval), input_low, input_high
            (the ends in words).
        middle: mean further outcomes with every input as it is believed.
        setting: places, years, source.
    """
    if inputs.empty:
        return None
    shown = tornado_rows(inputs, middle)
    counted = setting.counted
    first = only_row(shown)
    finding = f"What moves further {counted} most: {first.row}"
    low, high = sorted((first.at_low, first.at_high))
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            f"Mean further {counted} with one input at an end of its 90% interval and all others "
            "as they are believed. Faint bar: at its low end. Strong bar: at its high end. Words "
            "beside the bars: those ends. Dashed line: the mean over all. In brackets: what the "
            f"belief rests on.{_more_inputs(inputs)}"
        ),
        alt=f"{setting.title(finding)}. It moves the mean between {tally(low)} and {tally(high)}, "
        f"around {tally(middle)}.",
        template=_tornado(f"Mean further {counted}", setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.tornado_table(inputs, counted),
        names=tuple(shown["row"]),
    )


def indices_picture(inputs: pd.DataFrame, setting: Setting) -> Picture | None:
    """Shares of the spread that inputs are responsible for; None without uncertain inputs.

    Args:
        inputs: columns input, rests_on, total, total_low, total_high, first, first_low,
            first_high: Sobol indices with 95% limits.
        setting: places, years, source.
    """
    if inputs.empty:
        return None
    shown = index_rows(inputs)
    first = only_row(shown)
    finding = (
        f"What the spread of further {setting.counted} comes from: {first.row}, {first.total_words}"
    )
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            "Filled dot: share of the spread (variance) that would go if the input were known "
            "last, after all others. Ring: share that would go if it alone were known. Where the "
            "two differ, the input acts together with others, and the filled dots add up to more "
            f"than 100%. Lines: 95% limits of the estimate.{_more_inputs(inputs)}"
        ),
        alt=f"{setting.title(finding)}. On its own: {first.first_words}.",
        template=_indices(setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.index_table(inputs),
        names=tuple(shown["row"]),
    )


def worth_picture(
    inputs: pd.DataFrame, setting: Setting, everything: tuple[float, float, float] | None = None
) -> Picture | None:
    """What it would be worth to know each input; None without inputs.

    Args:
        inputs: columns input, rests_on, worth (money) and, where the simulation's own chance is
            known, worth_low, worth_high (90%) and chance (of deciding otherwise).
        setting: places, years, source.
        everything: what it would be worth to know all of them, and its 90% interval.
    """
    if inputs.empty:
        return None
    currency = setting.currency
    shown = worth_rows(inputs, currency)
    first = only_row(shown)
    surely = first.worth if pd.isna(first.worth_low) else first.worth_low
    finding = (
        f"The number that would be worth most to know: {first.row}"
        if surely > 0
        else "No single missing number would clearly change the decision"
    )
    whole = "" if everything is None else _everything_words(everything, currency)
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            "Bar: how much better the decision would turn out on average if this number were "
            "known before the money is spent: the most that a study of it is worth. Line: 90% "
            f"interval of the simulation's own chance.{_more_inputs(inputs)}"
        ),
        alt=f"{setting.title(finding)}. {first.row}: {first.words}. {whole}".rstrip(),
        template=_worth(currency, setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.worth_table(inputs, currency),
        names=tuple(shown["row"]),
        words=whole,
    )


def _everything_words(everything: tuple[float, float, float], currency: str) -> str:
    worth, low, high = everything
    return (
        f"To know all of them would be worth {money(worth, currency)} "
        f"(90%: {money_span(low, high)})."
    )


def parts_picture(parts: pd.DataFrame, setting: Setting) -> Picture | None:
    """What the spread of the result rests on; None where nothing varies.

    Args:
        parts: columns group (`data`, `evidence`, `judgement`), share, share_low, share_high (90%);
            the shares add up to 1, or are absent where nothing varies.
        setting: places, years, source.
    """
    if not (parts["share"] > 0).any():
        return None
    counted = setting.counted
    judged = parts[parts["group"] == "judgement"]
    told = [f"{row.group}: {share_words(row)}" for row in rows(parts)]
    share = percent(float(judged["share"].sum()))
    finding = f"{_capital(share)} of the spread of further {counted} rests on judgement"
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            "Spread: variance over the draws. Data: counts that a source gives. Evidence: inputs "
            "that a study stands behind. Judgement: inputs that nobody has measured. What they "
            "make up only together is shared out between them. In brackets: 90% interval of the "
            "simulation's own chance."
        ),
        alt=f"{setting.title(finding)}. {_capital(listed(told))}.",
        template=_parts(setting.scheme),
        datasets={ROWS: part_rows(parts)},
        table=lambda: tables.parts_table(parts),
    )


# ------------------------------------------------------------------ words


def _more_inputs(inputs: pd.DataFrame) -> str:
    rest = len(inputs) - LISTED
    return f" {rest} more inputs stand in the table." if rest > 0 else ""


def _scenarios(scenarios: pd.DataFrame) -> str:
    count = len(scenarios)
    return "one scenario" if count == 1 else f"{count} scenarios side by side"


def _every_row(shown: pd.DataFrame) -> str:
    return " ".join(f"{row.name}: {row.words}." for row in rows(shown))


def _middle_words(row: object) -> str:
    low, middle, high = (getattr(row, name) for name in ("q05", "q50", "q95"))
    return f"{tally(middle)} (90%: {span(low, high)})"


def _one(counted: str) -> str:
    """One of what is counted."""
    return {
        "convictions": "conviction",
        "prosecutions": "prosecution",
        "survivors referred to services": "survivor referred to services",
    }[counted]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
