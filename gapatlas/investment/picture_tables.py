"""Table twins of the pictures of an investment, with words for column names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.charts.amounts import money, money_span, span, tally
from gapatlas.charts.how_sure import basis_words, share_words
from gapatlas.charts.words import from_to, upper_first
from gapatlas.investment.words import middle_words
from gapatlas.languages import mark, percentage, say, say_as
from gapatlas.tables import rows

KINDS: Final = {"with": mark("With the investment"), "without": mark("Without it")}


def fan_table(years: pd.DataFrame, counted: str) -> pd.DataFrame:
    """Every year with and without the investment."""
    shown = years.sort_values(["year", "kind"], ascending=[True, False])
    return pd.DataFrame(
        {
            mark("Year"): shown["year"].astype(int),
            mark("Investment"): shown["kind"].map(KINDS),
            **_five(shown, upper_first(counted)),
        }
    ).reset_index(drop=True)


def change_table(years: pd.DataFrame, further: str) -> pd.DataFrame:
    """What changes in every year."""
    shown = years.sort_values("year")
    return pd.DataFrame(
        {mark("Year"): shown["year"].astype(int), **_five(shown, upper_first(further))}
    ).reset_index(drop=True)


def spread_table(draws: NDArray[Any], further: str) -> pd.DataFrame:
    """The spread of the draws: at least so many, with which chance."""
    shares = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
    return pd.DataFrame(
        {
            mark("Chance that there are fewer than this"): [percentage(share) for share in shares],
            upper_first(further): [tally(value) for value in np.quantile(draws, shares)],
        }
    )


def scenario_table(scenarios: pd.DataFrame, further: str) -> pd.DataFrame:
    """Further outcomes of every scenario."""
    return pd.DataFrame(
        {mark("Scenario"): scenarios["scenario"], **_five(scenarios, upper_first(further))}
    ).reset_index(drop=True)


def place_table(places: pd.DataFrame, further: str, currency: str) -> pd.DataFrame:
    """Further outcomes of every place, beside what is spent there."""
    return pd.DataFrame(
        {
            mark("Place"): places["name"],
            say("Spent ({currency})", currency=currency): [
                money(spent) for spent in places["money"]
            ],
            **_five(places, upper_first(further)),
        }
    ).reset_index(drop=True)


def cost_table(scenarios: pd.DataFrame, further_one: str, currency: str) -> pd.DataFrame:
    """Cost per further outcome of every scenario."""
    found = list(rows(scenarios))
    middle = say("Cost per {outcome}, middle ({currency})", outcome=further_one, currency=currency)
    return pd.DataFrame(
        {
            mark("Scenario"): list(scenarios["scenario"]),
            middle: [money(r.cost_q50) for r in found],
            say("50% interval ({currency})", currency=currency): [
                money_span(r.cost_q25, r.cost_q75) for r in found
            ],
            say("90% interval ({currency})", currency=currency): [
                money_span(r.cost_q05, r.cost_q95) for r in found
            ],
        }
    )


def refresher_table(timings: pd.DataFrame, what: str) -> pd.DataFrame:
    """Further outcomes by the years between refreshers."""
    shown = timings.sort_values("every")
    labels = [
        say_as("refreshers", "None") if every == 0 else str(int(every)) for every in shown["every"]
    ]
    return pd.DataFrame(
        {
            mark("Years between refreshers"): labels,
            **{k: list(v) for k, v in _five(shown, what).items()},
        }
    )


def allocation_table(
    amounts: pd.DataFrame,
    gains: pd.DataFrame,
    components: Sequence[str],
    further: str,
    currency: str,
) -> pd.DataFrame:
    """Every place with its money under both plans, by component, and what both change."""
    totals = amounts.groupby("place")[["allocated", "equal"]].sum()
    order = totals.sort_values("allocated", ascending=False, kind="stable").index
    parts = amounts.pivot_table(
        index="place", columns="component", values="allocated", aggfunc="sum", fill_value=0.0
    ).reindex(index=order, columns=list(components), fill_value=0.0)
    sums, gained = totals.loc[order], upper_first(further)
    return pd.DataFrame(
        {
            mark("Place"): list(order),
            say("Allocated ({currency} a year)", currency=currency): _whole(sums["allocated"]),
            **{
                say(
                    "{component} ({currency} a year)", component=component, currency=currency
                ): _whole(parts[component])
                for component in components
            },
            say("Equal split ({currency} a year)", currency=currency): _whole(sums["equal"]),
            say("{further}, allocated", further=gained): _gains(gains, "allocated", order),
            say("{further}, equal split", further=gained): _gains(gains, "equal", order),
        }
    )


def _whole(amounts: pd.Series) -> list[int]:
    return [round(float(amount)) for amount in amounts]


def _gains(gains: pd.DataFrame, plan: str, order: Iterable[str]) -> list[str]:
    told = {row.place: middle_words(row) for row in rows(gains[gains["plan"] == plan])}
    return [told.get(place, "") for place in order]


def tornado_table(inputs: pd.DataFrame, further: str) -> pd.DataFrame:
    """Every input with both ends, and the result at them, widest swing first."""
    swing = (inputs["at_high"] - inputs["at_low"]).abs()
    shown = inputs.assign(swing=swing).sort_values("swing", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            mark("Input"): shown["input"],
            mark("Rests on"): shown["rests_on"].map(basis_words),
            mark("Low end of its 90% interval"): shown["input_low"],
            say("Mean {further} there", further=further): [
                tally(value) for value in shown["at_low"]
            ],
            mark("High end of its 90% interval"): shown["input_high"],
            say("Mean {further} there, high end", further=further): [
                tally(value) for value in shown["at_high"]
            ],
        }
    ).reset_index(drop=True)


def index_table(inputs: pd.DataFrame) -> pd.DataFrame:
    """Every input with its share of the spread, highest first."""
    shown = inputs.sort_values("total", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            mark("Input"): shown["input"],
            mark("Rests on"): shown["rests_on"].map(basis_words),
            mark("Share together with others"): _shares(shown, "total"),
            mark("95% limits, together"): _limits(shown, "total_low", "total_high"),
            mark("Share on its own"): _shares(shown, "first"),
            mark("95% limits, on its own"): _limits(shown, "first_low", "first_high"),
        }
    ).reset_index(drop=True)


def worth_table(inputs: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Every input with what it would be worth to know it, most first."""
    shown = inputs.sort_values("worth", ascending=False, kind="stable")
    table = pd.DataFrame(
        {
            mark("Input"): shown["input"],
            mark("Rests on"): shown["rests_on"].map(basis_words),
            say("Worth of knowing it ({currency})", currency=currency): [
                money(value) for value in shown["worth"]
            ],
        }
    )
    if "chance" in shown:
        table[mark("Chance of deciding otherwise")] = _shares(shown, "chance")
    if "worth_low" in shown:
        table[say("90% interval ({currency})", currency=currency)] = [
            money_span(row.worth_low, row.worth_high) for row in rows(shown)
        ]
    return table.reset_index(drop=True)


def parts_table(parts: pd.DataFrame) -> pd.DataFrame:
    """What the spread rests on."""
    return pd.DataFrame(
        {
            mark("Rests on"): [upper_first(basis_words(group)) for group in parts["group"]],
            mark("Share of the spread (90% interval)"): [share_words(row) for row in rows(parts)],
        }
    )


def _five(table: pd.DataFrame, what: str) -> dict[str, list[str]]:
    found = list(rows(table))
    return {
        say("{what}, middle", what=what): [tally(row.q50) for row in found],
        mark("50% interval"): [span(row.q25, row.q75) for row in found],
        mark("90% interval"): [span(row.q05, row.q95) for row in found],
    }


def _shares(table: pd.DataFrame, column: str) -> list[str]:
    return [percentage(value) for value in table[column]]


def _limits(table: pd.DataFrame, low: str, high: str) -> list[str]:
    return [
        from_to(percentage(a), percentage(b)) for a, b in zip(table[low], table[high], strict=True)
    ]
