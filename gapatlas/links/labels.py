"""What the choices of each page are called: on the page, and in the files of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gapatlas.config.vocabulary import stage_label
from gapatlas.evidence.words import OUTCOME_TITLES, SPLIT_TITLES
from gapatlas.evidence.words import VIEWS as CASE_VIEWS
from gapatlas.gaps import BENCHMARKS

Labels = Mapping[str, str]

SHOWN_WORDS: Final[Labels] = {
    "ratio": "Share of expected",
    "number": "Number missing",
    "probability": "Chance of falling short",
    "rate": "The rate itself",
}
GAP_VIEWS: Final[Labels] = {
    "short": "Who falls short",
    "stages": "At which stage",
    "silent": "Who does not report",
    "model": "How well the model fits",
}
LAYERS: Final[Labels] = {"reporting": "Reporting gaps", "clusters": "Clusters"}
RATE_VIEWS: Final[Labels] = {
    "peers": "Peers",
    "funnel": "Funnel",
    "shrunken": "Steadied",
    "ranks": "Ranks",
    "trend": "Trend",
    "two": "Two places",
    "sources": "Sources",
    "outcomes": "US federal outcomes",
}
SPREADS: Final[Labels] = {
    "none": "Chance alone",
    "additive": "Chance and real differences",
    "multiplicative": "Chance, scaled up",
}
FLOW_VIEWS: Final[Labels] = {"map": "Map", "matrix": "Matrix"}
INVESTMENT_VIEWS: Final[Labels] = {
    "sure": "How sure",
    "worth": "Is it worth it",
    "allocation": "Where to spend",
    "refreshers": "Refreshers",
    "scenarios": "Compare scenarios",
    "association": "What the data say",
}
INVESTMENT_OUTCOMES: Final[Labels] = {
    "convicted": "Convictions",
    "prosecuted": "Prosecutions",
    "referred": "Survivors referred",
}
_FLOW_STAGES: Final[Labels] = {"detected": "Victims detected", "convicted": "Persons convicted"}

OF_PAGES: Final[Mapping[str, Mapping[str, Labels]]] = {
    "enforcement_gaps": {
        "show": SHOWN_WORDS,
        "benchmark": BENCHMARKS,
        "view": GAP_VIEWS,
        "layers": LAYERS,
    },
    "place_profile": {"benchmark": BENCHMARKS},
    "conviction_rates": {"view": RATE_VIEWS, "spread": SPREADS},
    "cross_border": {"view": FLOW_VIEWS},
    "evidence_and_defence": {
        "view": CASE_VIEWS,
        "split": SPLIT_TITLES,
        "outcome": OUTCOME_TITLES,
    },
    "training_investment": {"view": INVESTMENT_VIEWS, "outcome": INVESTMENT_OUTCOMES},
}
"""File name of a page without its ending -> part of its address -> value -> its words."""


def flow_stage_words(stage: str) -> str:
    """What a stage is called whose persons are counted by citizenship."""
    return _FLOW_STAGES.get(stage, stage_label(stage, "persons"))
