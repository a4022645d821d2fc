"""What a link is asked to hold and the data do not: named, with what would do instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

from gapatlas.config import near_names
from gapatlas.errors import Problem, UnknownNameError
from gapatlas.languages import mark
from gapatlas.state import (
    InvestmentChoices,
    InvestmentState,
    Offered,
    Scenario,
    investment_to_query,
    offered_investment,
    scenario_of_text,
    scenarios_of_text,
)

Query = Mapping[str, str]
WORDS: Final = {
    "from": mark("first year"),
    "to": mark("last year"),
    "own": mark("peer"),
    "beside": mark("place beside it"),
    "layers": mark("layer"),
    "atleast": mark("least number"),
    "other": mark("second place"),
}
"""Parts of an address whose name says little by itself."""
LISTS: Final = ("own", "beside", "layers")
"""Parts of an address that hold several ids."""
WHOLE: Final = ("years", "spend_years", "refresh_every", "lag")
"""Whole numbers of a scenario."""


def refuse_name(kind: str, found: str, allowed: str | Iterable[str]) -> NoReturn:
    """Raise the error for what a link cannot hold.

    Args:
        kind: what it is.
        found: what was asked for.
        allowed: what is allowed, in words or as names, of which the near ones are told.
    """
    words, near = "Allowed", allowed  # not said: an error for analysts
    if not isinstance(allowed, str):
        words, near = "Near", near_names(found, allowed)  # not said: the same
    problem = Problem("link", f"Unknown {kind}.", found=found, allowed=str(near))
    raise UnknownNameError(f"There is no {kind} '{found}' here. {words}: {near}.", [problem])


def refusal(
    to_query: Callable[[Any], Query], offered: Callable[[Any, Any], Offered]
) -> Callable[[Query, Any, Any], None]:
    """What refuses whatever is asked of an address and is not in its state."""

    def refuse(asked: Query, state: Any, choices: Any) -> None:
        refuse_changed(asked, to_query(state), offered(state, choices))

    return refuse


def refuse_changed(asked: Query, kept: Query, offered: Offered) -> None:
    """Refuse the first part of an address that was asked for and became something else.

    What is left empty is left to the page.

    Raises:
        UnknownNameError: there is one.
    """
    for part, text in kept.items():
        wanted = asked.get(part, "")
        items = wanted.split(".") if part in LISTS else [wanted]
        held = text.split(".") if part in LISTS else [text]
        for item in items:
            if item and item not in held:
                refuse_name(WORDS.get(part, part), item, offered[part])


def refuse_investment(asked: Query, state: InvestmentState, choices: InvestmentChoices) -> None:
    """Refuse what is asked of a scenario, or of the page Training investment, and not held.

    Raises:
        UnknownNameError: there is something.
    """
    kept = investment_to_query(state)
    if asked.get("scenario"):
        _refuse_scenarios([scenario_of_text(asked["scenario"])], [state.scenario], choices)
        del kept["scenario"]
    if asked.get("beside"):
        _refuse_scenarios(scenarios_of_text(asked["beside"]), state.kept, choices)
        del kept["beside"]
    refuse_changed(asked, kept, offered_investment())


def _refuse_scenarios(
    asked: Iterable[Scenario | None], kept: Iterable[Scenario], choices: InvestmentChoices
) -> None:
    held = list(kept)
    for number, scenario in enumerate(asked):
        if scenario is None:
            refuse_name("scenario", "that can be read", "a gapatlas.Scenario")
        _refuse_unknown_names(scenario, choices)
        if number >= len(held):
            refuse_name("room for a scenario", scenario.name, f"{len(held)} beside the first")
        _refuse_moved_numbers(scenario, held[number])


def _refuse_unknown_names(scenario: Scenario, choices: InvestmentChoices) -> None:
    for place in scenario.places:
        if place not in choices.places:
            refuse_name("place", place, choices.places)
    if scenario.preset and scenario.preset not in choices.presets:
        refuse_name("preset", scenario.preset, choices.presets)
    for id_, entry in scenario.taken:
        if entry not in choices.entries.get(id_, ()):
            refuse_name(f"entry for {id_}", entry, choices.entries.get(id_, ()) or "none")
    for id_, _ in scenario.beliefs:
        if id_ not in choices.inputs:
            refuse_name("belief", id_, choices.inputs)


def _refuse_moved_numbers(asked: Scenario, kept: Scenario) -> None:
    """Numbers of a scenario that had to be moved into what they can be."""
    if len(asked.budgets) != len(kept.budgets):
        refuse_name("room for the place", asked.places[len(kept.budgets)], "fewer places")
    for name in WHOLE:
        if getattr(asked, name) != getattr(kept, name):
            refuse_name(name, str(getattr(asked, name)), str(getattr(kept, name)))
    for kind in ("budgets", "beliefs"):
        held = dict(getattr(kept, kind))
        for id_, row in getattr(asked, kind):
            for number, near in zip(row, held[id_], strict=True):
                if not math.isclose(number, near, rel_tol=1e-4, abs_tol=0.01):
                    refuse_name(f"number in {kind} of {id_}", f"{number:g}", f"{near:g}")
