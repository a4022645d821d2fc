"""What the page Training investment shows <-> its address: a scenario lives in one word of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gapatlas.state.parts import one_of, text_of, whole_of

MOST_PLACES = 10
"""Places of one scenario: each has a budget of its own on the page."""
MOST_KEPT = 3
"""Scenarios that stand beside the one that is shown."""
LONGEST_YEARS = 15
LONGEST_LAG = 3
LARGEST_BUDGET = 1_000_000_000
LARGEST_WORTH = 1_000_000_000
COMPONENT_COUNT = 4
OUTCOMES = ("convicted", "prosecuted", "referred")
INVESTMENT_VIEWS = (
    "sure",
    "worth",
    "allocation",
    "refreshers",
    "scenarios",
    "association",
)
_LONGEST_SCENARIO = 4000
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,10})?", re.ASCII)
_ITEMS, _FIELDS, _SCENARIOS = "~", "*", "!"


@dataclass(frozen=True)
class Scenario:
    """An investment in training, and what is believed of it.

    Attributes:
        name: what the reader calls it.
        budgets: (place id, money a year for each of the four components), in the reader's order.
        years: years that are followed.
        spend_years: years in which money is spent, from the first on.
        refresh_every: years between refreshers, 0 for none.
        lag: years until training tells.
        preset: id of the preset of the effect library.
        taken: (input id, entry id): effects that are taken from another entry of the library.
        beliefs: (input id, (value, low, high)): what the reader believes instead.
    """

    name: str = "Scenario"
    budgets: tuple[tuple[str, tuple[float, ...]], ...] = ()
    years: int = 10
    spend_years: int = 5
    refresh_every: int = 0
    lag: int = 1
    preset: str = ""
    taken: tuple[tuple[str, str], ...] = ()
    beliefs: tuple[tuple[str, tuple[float, float, float]], ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Ids of its places."""
        return tuple(place for place, _ in self.budgets)


@dataclass(frozen=True)
class InvestmentState:
    """What the page Training investment shows.

    Attributes:
        scenario: the one that is shown.
        kept: others that it is compared with.
        outcome: which of `OUTCOMES` is drawn.
        at_least: further convictions whose probability is told.
        worth: money that a further conviction is worth to the reader.
        view: which closer look is open, one of `INVESTMENT_VIEWS`; empty where none is.
    """

    scenario: Scenario
    kept: tuple[Scenario, ...] = ()
    outcome: str = OUTCOMES[0]
    at_least: int = 10
    worth: int = 100_000
    view: str = ""


@dataclass(frozen=True)
class InvestmentChoices:
    """What a reader of the page Training investment can choose from.

    Attributes:
        places: ids of the places with a baseline.
        presets: ids of the presets, the first one shown first.
        inputs: input id -> lowest and highest number that a reader may believe.
        entries: input id -> ids of the entries of the library that it can be taken from.
        default: the scenario shown first.
    """

    places: frozenset[str]
    presets: tuple[str, ...]
    inputs: Mapping[str, tuple[float, float]]
    entries: Mapping[str, tuple[str, ...]]
    default: Scenario


def normalised_scenario(scenario: Scenario, choices: InvestmentChoices) -> Scenario:
    """The nearest scenario that the data and the library hold."""
    budgets = {
        place: tuple(round(min(max(money, 0.0), LARGEST_BUDGET), 2) for money in row)
        for place, row in scenario.budgets
        if place in choices.places and len(row) == COMPONENT_COUNT
    }
    years = min(max(scenario.years, 1), LONGEST_YEARS)
    taken = {id_: entry for id_, entry in scenario.taken if entry in choices.entries.get(id_, ())}
    beliefs = {
        id_: _believed(belief, choices.inputs[id_])
        for id_, belief in scenario.beliefs
        if id_ in choices.inputs
    }
    return Scenario(
        name=" ".join(_plain_name(scenario.name).split())[:40].rstrip() or "Scenario",
        budgets=tuple(budgets.items())[:MOST_PLACES],
        years=years,
        spend_years=min(max(scenario.spend_years, 1), years),
        refresh_every=min(max(scenario.refresh_every, 0), LONGEST_YEARS),
        lag=min(max(scenario.lag, 0), LONGEST_LAG),
        preset=one_of(scenario.preset, choices.presets),
        taken=tuple(sorted(taken.items())),
        beliefs=tuple(sorted(beliefs.items())),
    )


def normalised_investment(state: InvestmentState, choices: InvestmentChoices) -> InvestmentState:
    """The nearest state of the page Training investment that the data and the library hold."""
    kept = (normalised_scenario(scenario, choices) for scenario in state.kept[:MOST_KEPT])
    return InvestmentState(
        scenario=normalised_scenario(state.scenario, choices),
        kept=tuple(scenario for scenario in kept if scenario.budgets),
        outcome=one_of(state.outcome, OUTCOMES),
        at_least=min(max(state.at_least, 1), 1_000_000),
        worth=min(max(state.worth, 0), LARGEST_WORTH),
        view=state.view if state.view in INVESTMENT_VIEWS else "",
    )


def investment_from_query(query: Mapping[str, str], choices: InvestmentChoices) -> InvestmentState:
    """The state of an address of the page Training investment; the default scenario where the
    address names none."""
    written = query.get("scenario", "")
    scenario = scenario_of_text(written) if len(written) <= _LONGEST_SCENARIO else None
    beside = query.get("beside", "")
    kept = scenarios_of_text(beside) if len(beside) <= MOST_KEPT * _LONGEST_SCENARIO else []
    return normalised_investment(
        InvestmentState(
            scenario=scenario or choices.default,
            kept=tuple(found for found in kept if found),
            outcome=text_of(query, "outcome", ""),
            at_least=_money(query.get("atleast", ""), 10),
            worth=_money(query.get("worth", ""), 100_000),
            view=text_of(query, "view", ""),
        ),
        choices,
    )


def investment_to_query(state: InvestmentState) -> dict[str, str]:
    """The address of a state of the page Training investment: every part, in fixed order."""
    return {
        "scenario": scenario_to_text(state.scenario),
        "outcome": state.outcome,
        "atleast": str(state.at_least),
        "worth": str(state.worth),
        "view": state.view,
        "beside": scenarios_to_text(state.kept),
    }


def scenario_to_text(scenario: Scenario) -> str:
    """A scenario as one word of an address; `scenario_of_text` reads it."""
    return _FIELDS.join(
        (
            _plain_name(scenario.name),
            _ITEMS.join(f"{place}:{_numbers(row)}" for place, row in scenario.budgets),
            str(scenario.years),
            str(scenario.spend_years),
            str(scenario.refresh_every),
            str(scenario.lag),
            scenario.preset,
            _ITEMS.join(f"{id_}:{entry}" for id_, entry in scenario.taken),
            _ITEMS.join(f"{id_}:{_numbers(belief)}" for id_, belief in scenario.beliefs),
        )
    )


def scenario_of_text(text: str) -> Scenario | None:
    """A scenario from one word of an address; None where it is none, or says nothing of money."""
    fields = text.split(_FIELDS)
    if len(fields) != 9:
        return None
    name, budgets, *whole, preset, taken, beliefs = fields
    rows = {place: _read_numbers(row) for place, row in _pairs(budgets)}
    believed = {id_: _read_numbers(row) for id_, row in _pairs(beliefs)}
    years, spend_years, refresh_every, lag = (
        whole_of({"n": number}, "n", default)
        for number, default in zip(whole, (10, 5, 0, 1), strict=True)
    )
    return Scenario(
        name=name,
        budgets=tuple((place, row) for place, row in rows.items() if len(row) == COMPONENT_COUNT),
        years=years,
        spend_years=spend_years,
        refresh_every=refresh_every,
        lag=lag,
        preset=preset,
        taken=tuple(_pairs(taken)),
        beliefs=tuple(
            (id_, (row[0], row[1], row[2])) for id_, row in believed.items() if len(row) == 3
        ),
    )


def scenarios_to_text(scenarios: Iterable[Scenario]) -> str:
    """Several scenarios as one word of an address; `scenarios_of_text` reads it."""
    return _SCENARIOS.join(scenario_to_text(scenario) for scenario in scenarios)


def scenarios_of_text(text: str) -> list[Scenario | None]:
    """Several scenarios from one word of an address; None for each that is none."""
    return [scenario_of_text(each) for each in text.split(_SCENARIOS)]


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (item.partition(":") for item in text.split(_ITEMS))
    return [(key, value) for key, _, value in found if key and value]


def _numbers(row: Iterable[float]) -> str:
    return "-".join(f"{number:.6f}".rstrip("0").rstrip(".") for number in row)


def _read_numbers(text: str) -> tuple[float, ...]:
    """Numbers that are not below 0; none where any part is something else."""
    parts = text.split("-")
    if not all(_NUMBER.fullmatch(part) for part in parts):
        return ()
    return tuple(float(part) for part in parts)


def _money(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else default


def _plain_name(name: str) -> str:
    """A name without what separates the parts of an address."""
    return "".join(
        " " if letter in "~*!:" or not letter.isprintable() else letter for letter in name
    )


def _believed(
    belief: tuple[float, float, float], bounds: tuple[float, float]
) -> tuple[float, float, float]:
    """A value and its interval within bounds and in order."""
    value, low, high = (min(max(round(number, 6), bounds[0]), bounds[1]) for number in belief)
    return value, min(low, value), max(high, value)
