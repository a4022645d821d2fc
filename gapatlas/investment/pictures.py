"""Pictures of an investment in training: chart, title, source line, alternative text and table.

The page and a notebook show the same ones. Numbers of people come as quantiles (q05, q25, q50, q75,
q95) over the draws of the simulation, amounts of money in one currency.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from gapatlas.charts.amounts import money, money_span, percent, span, tally, within_90
from gapatlas.charts.how_sure import (
    LISTED,
    basis_words,
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
from gapatlas.charts.words import labelled, listed, upper_first
from gapatlas.comparison.pictures import Picture
from gapatlas.investment import picture_tables as tables
from gapatlas.investment.words import OUTCOME_WORDS, OutcomeWords, middle_words
from gapatlas.languages import kept_by_language, mark, say, say_as, say_many, whole
from gapatlas.tables import only_row, rows

PLACES_SHOWN: Final = 40
"""Places that a picture of an allocation shows; its table has them all."""
LINES: Final = mark("Dot: middle of the draws. Thick line: 50% interval. Thin line: 90% interval.")
FAN_SIGNS: Final = mark(
    "Grey band with dotted edges and dashed line: without the investment. Coloured band with "
    "solid edges and solid line: with it. Line: middle of the draws. Strong band: 50% interval. "
    "Faint band: 90% interval. Most of the spread is common to both, so the bands overlap even "
    "where the difference is clear: see the difference itself."
)
CHANGE_SIGNS: Final = mark(
    "With the investment, less without it, in the same draws. Line: middle. Strong band: 50% "
    "interval. Faint band: 90% interval. Below the line at zero there are fewer than without it."
)
PARTS_SIGNS: Final = mark(
    "Spread: variance over the draws. Data: counts that a source gives. Evidence: inputs that a "
    "study stands behind. Judgement: inputs that nobody has measured. What they make up only "
    "together is shared out between them. In brackets: 90% interval of the simulation's own "
    "chance."
)
COST_COLUMNS: Final = ("cost_q05", "cost_q25", "cost_q50", "cost_q75", "cost_q95")
_kept = kept_by_language(64)
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
        outcome: key of `OUTCOME_WORDS`.
        currency: of all amounts, in words.
        scheme: light or dark.
    """

    where: str
    years: str
    source: str
    outcome: str = "convicted"
    currency: str = mark("US dollars")
    scheme: Scheme = "light"

    @property
    def words(self) -> OutcomeWords:
        """What the outcome is called."""
        return OUTCOME_WORDS[self.outcome]

    @property
    def counted(self) -> str:
        """What is counted, in words."""
        return self.words.many

    @property
    def further(self) -> str:
        """More of what is counted than without the investment, as a title begins with it."""
        return upper_first(self.words.further)

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
    finding = say("{counted} a year, with and without the investment", counted=upper_first(counted))
    title = setting.title(finding)
    return Picture(
        title=title,
        source=setting.below(say(FAN_SIGNS)),
        alt=f"{title}. {_last_year_words(years)}",
        template=_fan(setting.scheme),
        datasets={ROWS: fan_rows(years)},
        table=lambda: tables.fan_table(years, counted),
    )


def _last_year_words(years: pd.DataFrame) -> str:
    last = years[years["year"] == years["year"].max()]
    told = {row.kind: middle_words(row) for row in rows(last)}
    both = []
    if "without" in told:
        both.append(say("{figure} without it", figure=told["without"]))
    if "with" in told:
        both.append(say("{figure} with it", figure=told["with"]))
    return say("In {year}: {figures}.", year=str(int(years["year"].max())), figures=listed(both))


def change_picture(years: pd.DataFrame, setting: Setting) -> Picture | None:
    """What the investment changes, year by year; None without any year.

    Args:
        years: columns year and q05, q25, q50, q75, q95 of the difference: with less without.
        setting: places, years, source.
    """
    if years.empty:
        return None
    most = only_row(years.loc[[years["q50"].abs().idxmax()]])
    finding = say(
        "{further} a year: {figure} in {year}, the year of the most",
        further=setting.further,
        figure=middle_words(most),
        year=str(int(most.year)),
    )
    sure = _clear_years_words(years)
    return Picture(
        title=setting.title(finding),
        source=setting.below(say(CHANGE_SIGNS)),
        alt=f"{setting.title(finding)}. {sure}",
        template=_change(setting.scheme),
        datasets={ROWS: change_rows(years)},
        table=lambda: tables.change_table(years, setting.further),
        words=sure,
    )


def _clear_years_words(years: pd.DataFrame) -> str:
    clear = sum(row.q05 > 0 or row.q95 < 0 for row in rows(years))
    if not clear:
        return say("In every year, no change at all lies within the 90% interval.")
    return say(
        "In {count} of {years} years the 90% interval leaves out no change at all.",
        count=whole(clear),
        years=whole(len(years)),
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
    figure = within_90(tally(middle), span(low, high))
    finding = labelled(setting.further, figure)
    chances = say(
        "Chance of fewer {counted} than without the investment: {fewer}. Chance of more: {more}.",
        counted=counted,
        fewer=chance(draws, "fewer"),
        more=chance(draws, "more"),
    )
    return Picture(
        title=setting.title(finding),
        source=setting.below(
            say(
                "Each of the {dots} dots is one outcome, and all are equally likely. Triangle: "
                "fewer than without the investment. Ring: no change. Below the dots: the middle, "
                "the 50% interval (thick) and the 90% interval (thin).",
                dots=whole(dots_drawn(shown)),
            )
        ),
        alt=f"{setting.title(finding)}. {chances}",
        template=_dots(setting.further, setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.spread_table(draws, setting.further),
        words=chances,
    )


# ------------------------------------------------------------------ side by side


def scenarios_picture(scenarios: pd.DataFrame, setting: Setting) -> Picture | None:
    """Further outcomes of scenarios, one row each; None without any.

    Args:
        scenarios: columns scenario and q05, q25, q50, q75, q95.
        setting: places, years, source.
    """
    count = len(scenarios)
    finding = say_many(
        "{further}, one scenario",
        "{further}, {count} scenarios side by side",
        count,
        further=setting.further,
        count=whole(count),
    )
    return _further_side_by_side(
        scenarios,
        "scenario",
        finding,
        lambda: tables.scenario_table(scenarios, setting.further),
        setting,
    )


def places_picture(places: pd.DataFrame, setting: Setting) -> Picture | None:
    """Further outcomes of each place, one row each; None without any.

    Args:
        places: columns name, money (all that is spent there) and q05, q25, q50, q75, q95.
        setting: places, years, source.
    """
    return _further_side_by_side(
        places,
        "name",
        say("{further} in each place", further=setting.further),
        lambda: tables.place_table(places, setting.further, setting.currency),
        setting,
    )


def _further_side_by_side(
    found: pd.DataFrame,
    label: str,
    finding: str,
    table: Callable[[], pd.DataFrame],
    setting: Setting,
) -> Picture | None:
    """Further outcomes, one row for each of what is compared; None without any."""
    if found.empty:
        return None
    shown = range_rows(found, label)
    title = setting.title(finding)
    axis = say("{further}, all years together", further=setting.further)
    return Picture(
        title=title,
        source=setting.below(
            " ".join([say(LINES), say("Left of the line at zero: fewer than without.")])
        ),
        alt=f"{title}. {_every_row(shown)}",
        template=_ranges(axis, "number", setting.scheme),
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
    one, currency = setting.words.further_one, setting.currency
    shown = range_rows(scenarios, "scenario", currency, COST_COLUMNS)
    axis = upper_first(say("{currency} per {outcome}", currency=currency, outcome=one))
    title = setting.title(
        say_many(
            "Cost per {outcome} in {currency}, one scenario",
            "Cost per {outcome} in {currency}, {count} scenarios side by side",
            len(scenarios),
            outcome=one,
            currency=currency,
            count=whole(len(scenarios)),
        )
    )
    runs_on = say(
        "Triangle: the line runs on. No upper limit: in some draws the money brings nothing more, "
        "or less."
    )
    return Picture(
        title=title,
        source=setting.below(f"{say(LINES)} {runs_on}"),
        alt=f"{title}. {_every_row(shown)}",
        template=_ranges(axis, "money", setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.cost_table(scenarios, one, currency),
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
    what = setting.further
    finding = say("{further}, by the years between two refreshers", further=what)
    shown = timings
    if against_none:
        shown = pd.DataFrame(
            {"every": timings["every"], **{name: timings[f"gain_{name}"] for name in QUANTILES}}
        )
        finding = say(
            "{further} than without refreshers, by the years between two: {finding}",
            further=what,
            finding=_clear_timings(shown),
        )
        what = say("{further} than without refreshers", further=what)
    same_budget = say("The budget is the same for all: refreshers leave less for new training.")
    return Picture(
        title=setting.title(finding),
        source=setting.below(f"{say(LINES)} {same_budget}"),
        alt=f"{setting.title(finding)}. {_every_timing(shown)}",
        template=_refreshers(what, setting.scheme),
        datasets={ROWS: refresher_rows(shown)},
        table=lambda: tables.refresher_table(shown, what),
    )


def _every_timing(shown: pd.DataFrame) -> str:
    told = [labelled(upper_first(every_words(row.every)), middle_words(row)) for row in rows(shown)]
    return " ".join(f"{each}." for each in told)


def _clear_timings(differences: pd.DataFrame) -> str:
    """Which timings differ from none by more than the draws leave open."""
    timed = differences[differences["every"] > 0]
    more, fewer = (
        listed([every_words(row.every) for row in rows(found)])
        for found in (timed[timed["q05"] > 0], timed[timed["q95"] < 0])
    )
    if more and fewer:
        return say("clearly more with {more}; clearly fewer with {fewer}", more=more, fewer=fewer)
    if more:
        return say("clearly more with {more}", more=more)
    if fewer:
        return say("clearly fewer with {fewer}", fewer=fewer)
    return say("no timing is clearly better or worse than none")


def every_words(years: float) -> str:
    """How often people are refreshed."""
    if years == 0:
        return say_as("refreshers", "none")
    return say_many("one every year", "one every {count} years", int(years), count=whole(years))


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
    further, currency = setting.words.further, setting.currency
    kept_amounts = amounts[amounts["place"].isin(shown)]
    title = setting.title(
        say("Where the money goes, and {further}, against an equal split", further=further)
    )
    signs = say(
        "Left: money a year of each place, parted by component; upright mark: what an equal split "
        "gives. Right: {further}; filled dot: allocated; open diamond: equal split; line: 90% "
        "interval.",
        further=further,
    )
    return Picture(
        title=title,
        source=setting.below(" ".join([signs, *_more_places(rest)])),
        alt=f"{title}. {_most_words(amounts, order, currency)}",
        template=_allocation(tuple(components), setting.further, currency, setting.scheme),
        datasets={
            ROWS: gain_rows(kept_amounts, gains[gains["place"].isin(shown)], currency),
            SEGMENTS: segment_rows(kept_amounts, components, currency),
        },
        table=lambda: tables.allocation_table(amounts, gains, components, further, currency),
        names=tuple(shown),
    )


def _more_places(rest: int) -> list[str]:
    if not rest:
        return []
    return [
        say_many(
            "{count} more place stands in the table.",
            "{count} more places stand in the table.",
            rest,
            count=whole(rest),
        )
    ]


def _most_words(amounts: pd.DataFrame, order: Sequence[str], currency: str) -> str:
    totals = amounts.groupby("place")["allocated"].sum()
    given = [place for place in order[:3] if totals.loc[place] > 0]
    first = [f"{place} {money(float(totals.loc[place]), currency)}" for place in given]
    told = [
        say("Most money a year goes to: {places}.", places=listed(first))
        if first
        else say("No money is spent.")
    ]
    without = int((totals <= 0).sum())
    if without:
        told.append(
            say(
                "Places that get nothing: {count} of {places}.",
                count=whole(without),
                places=whole(len(order)),
            )
        )
    return " ".join(told)


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
    further = setting.words.further
    first = only_row(shown)
    finding = say("What moves {further} most: {input}", further=further, input=first.row)
    low, high = sorted((first.at_low, first.at_high))
    signs = say(
        "Mean {further} with one input at an end of its 90% interval and all others as they are "
        "believed. Faint bar: at its low end. Strong bar: at its high end. Words beside the bars: "
        "those ends. Dashed line: the mean over all. In brackets: what the belief rests on.",
        further=further,
    )
    moved = say(
        "It moves the mean between {low} and {high}, around {middle}.",
        low=tally(low),
        high=tally(high),
        middle=tally(middle),
    )
    return Picture(
        title=setting.title(finding),
        source=setting.below(" ".join([signs, *_more_inputs(inputs)])),
        alt=f"{setting.title(finding)}. {moved}",
        template=_tornado(say("Mean {further}", further=further), setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.tornado_table(inputs, further),
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
    finding = say(
        "What the spread of {further} comes from: {input}, {share}",
        further=setting.words.further,
        input=first.row,
        share=first.total_words,
    )
    signs = say(
        "Filled dot: share of the spread (variance) that would go if the input were known last, "
        "after all others. Ring: share that would go if it alone were known. Where the two differ, "
        "the input acts together with others, and the filled dots add up to more than 100%. Lines: "
        "95% limits of the estimate."
    )
    alone = say("On its own: {share}.", share=first.first_words)
    return Picture(
        title=setting.title(finding),
        source=setting.below(" ".join([signs, *_more_inputs(inputs)])),
        alt=f"{setting.title(finding)}. {alone}",
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
        say("The number that would be worth most to know: {input}", input=first.row)
        if surely > 0
        else say("No single missing number would clearly change the decision")
    )
    signs = say(
        "Bar: how much better the decision would turn out on average if this number were known "
        "before the money is spent: the most that a study of it is worth. Line: 90% interval of "
        "the simulation's own chance."
    )
    highest = labelled(first.row, first.words)
    all_of_them = "" if everything is None else _everything_words(everything, currency)
    return Picture(
        title=setting.title(finding),
        source=setting.below(" ".join([signs, *_more_inputs(inputs)])),
        alt=f"{setting.title(finding)}. {highest}. {all_of_them}".rstrip(),
        template=_worth(currency, setting.scheme),
        datasets={ROWS: shown},
        table=lambda: tables.worth_table(inputs, currency),
        names=tuple(shown["row"]),
        words=all_of_them,
    )


def _everything_words(everything: tuple[float, float, float], currency: str) -> str:
    worth, low, high = everything
    return say(
        "To know all of them would be worth {money} (90%: {interval}).",
        money=money(worth, currency),
        interval=money_span(low, high),
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
    judged = parts[parts["group"] == "judgement"]
    told = [labelled(basis_words(row.group), share_words(row)) for row in rows(parts)]
    finding = say(
        "{share} of the spread of {further} rests on judgement",
        share=upper_first(percent(float(judged["share"].sum()))),
        further=setting.words.further,
    )
    return Picture(
        title=setting.title(finding),
        source=setting.below(say(PARTS_SIGNS)),
        alt=f"{setting.title(finding)}. {upper_first(listed(told))}.",
        template=_parts(setting.scheme),
        datasets={ROWS: part_rows(parts)},
        table=lambda: tables.parts_table(parts),
    )


# ------------------------------------------------------------------ words


def _more_inputs(inputs: pd.DataFrame) -> list[str]:
    rest = len(inputs) - LISTED
    if rest <= 0:
        return []
    return [
        say_many(
            "{count} more input stands in the table.",
            "{count} more inputs stand in the table.",
            rest,
            count=whole(rest),
        )
    ]


def _every_row(shown: pd.DataFrame) -> str:
    told = [labelled(row.name, row.words) for row in rows(shown)]
    return " ".join(f"{each}." for each in told)
