"""Addresses as readers make them, at random; and the same in bad hands."""

from __future__ import annotations

import random
from typing import Any, Final

from gapatlas.state import (
    BENCHMARKS,
    CASE_OUTCOMES,
    EVIDENCE_SPLITS,
    EVIDENCE_VIEWS,
    LAYERS,
    OUTCOMES,
    SHOWN,
    THRESHOLDS,
    WINDOWS,
    Choices,
    Scenario,
    scenario_to_text,
)

JUNK: Final = ("", "nope", "-1", "9" * 400, "<b>", "2050", "ROU.NLD", "a*b*c", "\0", "%2")


def random_query(chance: random.Random, page: str, choices: Any) -> dict[str, str]:
    """An address as a reader's choices make it."""
    if page == "place_profile":
        return _profile_query(chance, choices)
    if page == "cross_border":
        return _flow_query(chance, choices)
    if page == "evidence_and_defence":
        return _evidence_query(chance, choices)
    if page == "training_investment":
        return _training_query(chance, choices)
    query = _figures_query(chance, choices)
    places = sorted(choices.places[query["measure"]])
    own = ".".join(chance.sample(places, 4))
    query |= {"peers": chance.choice(choices.peers), "own": own}
    if page == "conviction_rates":
        return query
    layers = [LAYERS[0]] if chance.random() < 0.2 else []
    return {
        **query,
        "show": chance.choice(SHOWN),
        "benchmark": chance.choice(BENCHMARKS),
        "layers": ".".join(layers),
    }


def _figures_query(chance: random.Random, choices: Choices) -> dict[str, str]:
    measure = chance.choice([id_ for id_, sources in choices.spans.items() if sources])
    source = chance.choice(choices.sources(measure))
    first, last = choices.spans[measure][source]
    return {
        "measure": measure,
        "source": source,
        "year": str(chance.randint(first, last)),
        "window": str(chance.choice(WINDOWS)),
        "place": chance.choice(sorted(choices.places[measure])),
    }


def _profile_query(chance: random.Random, choices: Any) -> dict[str, str]:
    place = chance.choice(sorted(choices.places))
    return {
        "place": place,
        "source": chance.choice([*choices.sources(place), ""]),
        "year": str(chance.randint(2000, 2024)),
        "window": str(chance.choice(WINDOWS)),
        "benchmark": chance.choice(BENCHMARKS),
        "peers": chance.choice(choices.peers),
        "own": ".".join(chance.sample(sorted(choices.members(place)), 4)),
    }


def _flow_query(chance: random.Random, choices: Any) -> dict[str, str]:
    source = chance.choice(sorted(choices.spans))
    stage = chance.choice(sorted(choices.spans[source]))
    first, last = choices.spans[source][stage]
    return {
        "source": source,
        "stage": stage,
        "from": str(chance.randint(first, last)),
        "to": str(chance.randint(first, last)),
        "atleast": str(chance.choice(THRESHOLDS)),
        "place": chance.choice(sorted(choices.places[source][stage])),
    }


def _evidence_query(chance: random.Random, choices: Any) -> dict[str, str]:
    dataset = chance.choice(sorted(choices.splits))
    return {
        "dataset": dataset,
        "view": chance.choice(EVIDENCE_VIEWS),
        "split": chance.choice([EVIDENCE_SPLITS[0], *choices.splits[dataset]]),
        "outcome": chance.choice(CASE_OUTCOMES),
    }


def _training_query(chance: random.Random, choices: Any) -> dict[str, str]:
    places = chance.sample(sorted(choices.places), chance.randint(1, 3))
    believed = chance.sample(sorted(choices.inputs), 2)
    years = chance.randint(1, 12)
    scenario = Scenario(
        name="Drawn at random",
        budgets=tuple(
            (place, tuple(float(chance.choice((0, 5_000, 40_000))) for _ in range(4)))
            for place in places
        ),
        years=years,
        spend_years=chance.randint(1, years),
        refresh_every=chance.randint(0, 3),
        lag=chance.randint(0, 3),
        preset=chance.choice(choices.presets),
        beliefs=tuple((id_, _belief(chance, choices.inputs[id_])) for id_ in believed),
    )
    return {
        "scenario": scenario_to_text(scenario),
        "outcome": chance.choice(OUTCOMES),
        "atleast": str(chance.randint(1, 100)),
    }


def _belief(chance: random.Random, bounds: tuple[float, float]) -> tuple[float, float, float]:
    """A belief in the middle of what may be believed."""
    low, high = bounds
    value = low + (high - low) * chance.uniform(0.4, 0.6)
    return value, value - (high - low) * 0.1, value + (high - low) * 0.1


def spoilt(chance: random.Random, query: dict[str, str]) -> dict[str, str]:
    """The same address after years, or in bad hands; what it is about mostly survives."""
    part = chance.choice([part for part in query if part != "scenario"])
    return {**query, part: chance.choice(JUNK), "utm_source": "x", "snapshot": "old"}
