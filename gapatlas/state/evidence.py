"""What the page Evidence and defence shows <-> its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gapatlas.config.vocabulary import ENDED_OUTCOMES, EVERYBODY, TRAITS
from gapatlas.state.parts import one_of, text_of

EVIDENCE_VIEWS = (
    "outcomes",
    "evidence",
    "defence",
    "pairs",
    "testimony",
    "pairings",
    "time",
    "networks",
)
EVIDENCE_SPLITS = (EVERYBODY, *TRAITS)
"""What the outcomes can be split by; `none` is all cases together."""
CASE_OUTCOMES = ENDED_OUTCOMES
"""How the case against a person can end; `dismissed` holds those that the prosecution dropped."""


@dataclass(frozen=True)
class EvidenceState:
    """What the page Evidence and defence shows.

    Attributes:
        dataset: id of the dataset of cases.
        view: which of `EVIDENCE_VIEWS` is open.
        split: what the outcomes are split by, one of `EVIDENCE_SPLITS`.
        outcome: which of `CASE_OUTCOMES` a share is of.
    """

    dataset: str
    view: str = EVIDENCE_VIEWS[0]
    split: str = EVIDENCE_SPLITS[0]
    outcome: str = CASE_OUTCOMES[0]


@dataclass(frozen=True)
class EvidenceChoices:
    """What a reader of the page Evidence and defence can choose from.

    Attributes:
        splits: dataset id -> what its outcomes can be split by, in the order of the choices; the
            dataset shown first comes first.
    """

    splits: Mapping[str, tuple[str, ...]]


def normalised_evidence(state: EvidenceState, choices: EvidenceChoices) -> EvidenceState:
    """The nearest state of the page Evidence and defence that the data hold.

    Raises:
        ValueError: there is no dataset of cases at all.
    """
    if not choices.splits:
        raise ValueError("There is no dataset of cases to choose from.")
    dataset = one_of(state.dataset, tuple(choices.splits))
    return EvidenceState(
        dataset=dataset,
        view=one_of(state.view, EVIDENCE_VIEWS),
        split=one_of(state.split, (EVIDENCE_SPLITS[0], *choices.splits[dataset])),
        outcome=one_of(state.outcome, CASE_OUTCOMES),
    )


def evidence_from_query(query: Mapping[str, str], choices: EvidenceChoices) -> EvidenceState:
    """The state of an address of the page Evidence and defence; anything unusable in it becomes
    the default.

    Raises:
        ValueError: there is no dataset of cases at all.
    """
    return normalised_evidence(
        EvidenceState(
            dataset=text_of(query, "dataset", ""),
            view=text_of(query, "view", ""),
            split=text_of(query, "split", ""),
            outcome=text_of(query, "outcome", ""),
        ),
        choices,
    )


def evidence_to_query(state: EvidenceState) -> dict[str, str]:
    """The address of a state of the page Evidence and defence: every part, in fixed order."""
    return {
        "dataset": state.dataset,
        "view": state.view,
        "split": state.split,
        "outcome": state.outcome,
    }
