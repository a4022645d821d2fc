"""What the choices of each page are called: on the page, and in the files of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gapatlas.config.vocabulary import stage_label
from gapatlas.evidence.words import OUTCOME_TITLES, SPLIT_TITLES
from gapatlas.evidence.words import VIEWS as CASE_VIEWS
from gapatlas.gaps import BENCHMARKS
from gapatlas.languages import mark, say

Labels = Mapping[str, str]

SHOWN_WORDS: Final[Labels] = {
    "ratio": mark("Share of expected"),
    "number": mark("Number missing"),
    "probability": mark("Chance of falling short"),
    "rate": mark("The rate itself"),
}
GAP_VIEWS: Final[Labels] = {
    "short": mark("Who falls short"),
    "stages": mark("At which stage"),
    "silent": mark("Who does not report"),
    "model": mark("How well the model fits"),
}
LAYERS: Final[Labels] = {"reporting": mark("Reporting gaps"), "clusters": mark("Clusters")}
RATE_VIEWS: Final[Labels] = {
    "peers": mark("Peers"),
    "funnel": mark("Funnel"),
    "shrunken": mark("Steadied"),
    "ranks": mark("Ranks"),
    "trend": mark("Trend"),
    "two": mark("Two places"),
    "sources": mark("Sources"),
    "outcomes": mark("US federal outcomes"),
}
SPREADS: Final[Labels] = {
    "none": mark("Chance alone"),
    "additive": mark("Chance and real differences"),
    "multiplicative": mark("Chance, scaled up"),
}
FLOW_VIEWS: Final[Labels] = {"map": mark("Map"), "matrix": mark("Matrix")}
INVESTMENT_VIEWS: Final[Labels] = {
    "sure": mark("How sure"),
    "worth": mark("Is it worth it"),
    "allocation": mark("Where to spend"),
    "refreshers": mark("Refreshers"),
    "scenarios": mark("Compare scenarios"),
    "association": mark("What the data say"),
}
INVESTMENT_OUTCOMES: Final[Labels] = {
    "convicted": mark("Convictions"),
    "prosecuted": mark("Prosecutions"),
    "referred": mark("Survivors referred"),
}
_FLOW_STAGES: Final[Labels] = {
    "detected": mark("Victims detected"),
    "convicted": mark("Persons convicted"),
}

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
    return say(_FLOW_STAGES[stage]) if stage in _FLOW_STAGES else stage_label(stage, "persons")
