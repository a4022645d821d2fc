"""A scenario as a YAML file: saved, sent, and read again with every fault named."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import yaml
from pydantic import Field

from gapatlas.config.base import Frozen, Identifier, Text
from gapatlas.config.effect_models import Number
from gapatlas.config.problems import near_names, problem_at, read_model
from gapatlas.config.yaml_lines import Document, KeyPath
from gapatlas.errors import ConfigError, Problem
from gapatlas.investment.baselines import baselines
from gapatlas.investment.investing import choices_of, library_of
from gapatlas.languages import mark, say, worded
from gapatlas.state import (
    LARGEST_BUDGET,
    LONGEST_LAG,
    LONGEST_YEARS,
    MOST_PLACES,
    InvestmentChoices,
    Scenario,
    normalised_scenario,
)
from gapatlas.training import COMPONENTS

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

Money = Annotated[Number, Field(ge=0, le=LARGEST_BUDGET)]
Fault = Callable[[KeyPath, str, str, str], Problem]
HEADER: Final = (
    mark("A scenario of Gap Atlas: what is spent on training, and what is believed of it."),
    mark("Load it on the page Training investment, or with `gapatlas.load_scenario`."),
    mark("Made with the snapshot {snapshot}."),
)
"""Comments above a scenario; its keys are English in every language."""


class Spending(Frozen):
    """Money a year in one place."""

    currency: Text | None = Field(default=None, description="Its currency, if it is written here.")
    case_construction: Money = Field(default=0, description="For case construction.")
    interviewing: Money = Field(default=0, description="For survivor-centred interviewing.")
    evidence: Money = Field(default=0, description="For evidence collection.")
    legal_support: Money = Field(default=0, description="For legal support for prosecution.")


class OwnBelief(Frozen):
    """What is believed of an input instead of what the library says."""

    value: Number = Field(description="The middle.")
    low: Number = Field(description="Lower end of the 90% interval.")
    high: Number = Field(description="Upper end of the 90% interval.")


class ScenarioFile(Frozen):
    """All of a scenario file."""

    scenario: Literal[1] = Field(description="Version of this file's layout.")
    name: Annotated[Text, Field(max_length=40)] = Field(description="What it is called.")
    currency: Text = Field(description="Currency of all money: that of the effect library.")
    years: Annotated[int, Field(ge=1, le=LONGEST_YEARS)] = Field(description="Years followed.")
    spend_years: Annotated[int, Field(ge=1, le=LONGEST_YEARS)] = Field(
        description="Years in which money is spent, from the first on."
    )
    refresh_every: Annotated[int, Field(ge=0, le=LONGEST_YEARS)] = Field(
        default=0, description="Years between refreshers; 0 for none."
    )
    lag: Annotated[int, Field(ge=0, le=LONGEST_LAG)] = Field(
        default=1, description="Years until training tells."
    )
    places: Annotated[dict[str, Spending], Field(min_length=1, max_length=MOST_PLACES)] = Field(
        description="Place id -> money a year."
    )
    preset: Identifier = Field(description="Preset of the effect library.")
    taken: dict[Identifier, Identifier] = Field(
        default={}, description="Effect -> entry of the library that it is taken from."
    )
    beliefs: dict[Identifier, OwnBelief] = Field(
        default={}, description="Input -> what is believed of it instead."
    )


def scenario_text(scenario: Scenario, currency: str, snapshot_id: str) -> str:
    """A scenario as the text of a YAML file.

    Args:
        scenario: what is spent and believed.
        currency: of its money.
        snapshot_id: of the data behind it; the same seed gives the same answer on them.
    """
    content = {
        "scenario": 1,
        "name": scenario.name,
        "currency": currency,
        "years": scenario.years,
        "spend_years": scenario.spend_years,
        "refresh_every": scenario.refresh_every,
        "lag": scenario.lag,
        "places": {
            place: dict(zip(COMPONENTS, map(_short, row), strict=True))
            for place, row in scenario.budgets
        },
        "preset": scenario.preset,
        "taken": dict(scenario.taken),
        "beliefs": {
            id_: {"value": value, "low": low, "high": high}
            for id_, (value, low, high) in scenario.beliefs
        },
    }
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    header = "".join(f"# {say(line, snapshot=snapshot_id)}\n" for line in HEADER)
    return f"{header}{text}"


def save_scenario(atlas: Atlas, scenario: Scenario, path: str | Path) -> None:
    """Write a scenario to a YAML file.

    Raises:
        ValueError: the config has no effect library, and so no currency.
    """
    text = scenario_text(scenario, library_of(atlas).currency, atlas.snapshot.id)
    Path(path).write_text(text, encoding="utf-8")


def read_scenario(path: str | Path, choices: InvestmentChoices, currency: str) -> Scenario:
    """Read and check a scenario file.

    Args:
        path: the YAML file.
        choices: what the data and the effect library hold.
        currency: of the effect library.

    Raises:
        ConfigError: with one problem for each thing to mend: line, key, found and allowed.
    """
    file = Path(path)
    document, content = read_model(file, ScenarioFile, mark("{file} is no scenario."))
    problems = list(_faults(file.name, document, content, choices, currency))
    if problems:
        raise ConfigError(
            worded("{file} holds what this atlas can't use.", file=file.name), problems
        )
    return normalised_scenario(_scenario(content), choices)


def load_scenario(atlas: Atlas, path: str | Path) -> Scenario:
    """Read a scenario file for an atlas.

    Raises:
        ConfigError: with one problem for each thing to mend: line, key, found and allowed.
        ValueError: the config has no effect library.
    """
    return read_scenario(path, choices_of(atlas, baselines(atlas)), library_of(atlas).currency)


def scenario_of_upload(data: bytes, choices: InvestmentChoices, currency: str) -> Scenario:
    """Read and check the bytes of a scenario file; see `read_scenario`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.yaml"
        file.write_bytes(data)
        return read_scenario(file, choices, currency)


def _scenario(content: ScenarioFile) -> Scenario:
    return Scenario(
        name=content.name,
        budgets=tuple(
            (place, tuple(float(getattr(row, component)) for component in COMPONENTS))
            for place, row in content.places.items()
        ),
        years=content.years,
        spend_years=content.spend_years,
        refresh_every=content.refresh_every,
        lag=content.lag,
        preset=content.preset,
        taken=tuple(content.taken.items()),
        beliefs=tuple((id_, (b.value, b.low, b.high)) for id_, b in content.beliefs.items()),
    )


def _faults(
    file: str,
    document: Document,
    content: ScenarioFile,
    choices: InvestmentChoices,
    currency: str,
) -> Iterator[Problem]:
    def fault(path: KeyPath, message: str, found: str, allowed: str) -> Problem:
        return problem_at(file, document, path, message, found, allowed)

    written = {("currency",): content.currency} | {
        ("places", place, "currency"): row.currency
        for place, row in content.places.items()
        if row.currency is not None
    }
    for path, found in written.items():
        if found != currency:
            message = worded(
                "Money in two currencies can't be added: the effect library has another one."
            )
            yield fault(path, message, str(found), currency)
    if content.spend_years > content.years:
        message = worded("Money is spent for longer than the scenario is followed.")
        yield fault(
            ("spend_years",),
            message,
            str(content.spend_years),
            worded("1 to {last}", last=content.years),
        )
    for place in content.places:
        if place not in choices.places:
            message = worded("This place has no baseline: its counts tell too little.")
            yield fault(("places", place), message, place, near_names(place, choices.places))
    if content.preset not in choices.presets:
        message = worded("The effect library has no such preset.")
        yield fault(("preset",), message, content.preset, ", ".join(choices.presets))
    for id_, entry in content.taken.items():
        yield from _unknown(fault, ("taken", id_), id_, choices.entries)
        if id_ in choices.entries and entry not in choices.entries[id_]:
            message = worded("The effect can't be taken from this entry of the library.")
            yield fault(("taken", id_), message, entry, ", ".join(choices.entries[id_]))
    for id_, belief in content.beliefs.items():
        yield from _unknown(fault, ("beliefs", id_), id_, choices.inputs)
        if id_ in choices.inputs:
            yield from _belief_faults(fault, id_, belief, choices.inputs[id_])


def _unknown(
    fault: Fault, path: KeyPath, id_: str, known: Mapping[str, object]
) -> Iterator[Problem]:
    if id_ not in known:
        message = worded("The model has no such input.")
        yield fault(path, message, id_, near_names(id_, known))


def _belief_faults(
    fault: Fault, id_: str, belief: OwnBelief, bounds: tuple[float, float]
) -> Iterator[Problem]:
    for key in ("value", "low", "high"):
        number = getattr(belief, key)
        if not bounds[0] <= number <= bounds[1]:
            message = worded("This number lies outside what the input can be.")
            allowed = worded("{first} to {last}", first=f"{bounds[0]:g}", last=f"{bounds[1]:g}")
            yield fault(("beliefs", id_, key), message, f"{number:g}", allowed)
    if not belief.low <= belief.value <= belief.high:
        found = f"{belief.low:g}, {belief.value:g}, {belief.high:g}"
        message = worded("The numbers are not in order.")
        yield fault(("beliefs", id_), message, found, "low <= value <= high")


def _short(money: float) -> float | int:
    return int(money) if float(money).is_integer() else money
