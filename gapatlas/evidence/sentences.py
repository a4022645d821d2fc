"""What can be quoted of how cases ended: sentences made of published counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gapatlas.charts.words import lower_first
from gapatlas.config.vocabulary import DEFENCES, UNKNOWN
from gapatlas.evidence.words import (
    FACTORS,
    SPLIT_NOUNS,
    about,
    share_words,
)
from gapatlas.protection import ALL, SHOWN, WITHHELD
from gapatlas.tables import only_row, rows

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence

IN_WORDS: Final = {
    "convicted": "convicted",
    "acquitted": "acquitted",
    "dismissed": "let go because the case was dropped",
}
SETTLED: Final = 2 / 3
"""Share of cases that must have ended before two groups are compared."""
ACQUITTAL: Final = (
    "A defence is chosen to fit the case: this is what goes with acquittal. It is no effect."
)


def outcomes_sentence(found: CaseEvidence) -> str:
    """How many were charged, how many cases have ended, and how."""
    counts = found.counts().set_index("outcome")["persons"]
    charged = counts.get(ALL)
    if charged is None or pd.isna(charged):
        return f"How many persons were charged in {found.years} is withheld."
    text = f"{_begin(about(charged))} persons were charged in {found.years}."
    shares = [row for row in rows(found.shares()) if row.status != WITHHELD]
    if shares:
        ended = shares[0].ended
        first = f"For {about(ended)} of them" if ended == ended else "Where"
        told = "; ".join(f"{share_words(row)} were {IN_WORDS[row.outcome]}" for row in shares)
        text += f" {first} the case has ended: {told}."
    still = counts.get("open")
    if still is not None and not pd.isna(still):
        text += (
            f" {_begin(about(still))} are pending, or their outcome is not known: they count "
            "neither for nor against."
        )
    return text


def split_sentence(found: CaseEvidence, split: str, outcome: str) -> str:
    """The highest and the lowest share of a split, and whether they can be told apart."""
    shares = found.shares(split, outcome)
    noun = SPLIT_NOUNS[split]
    told = shares[(shares["status"] == SHOWN) & (shares["value"] != UNKNOWN)]
    settled = told[told["ended"] >= SETTLED * told["charged"]]
    left_out = _left_out(noun, len(shares), shares, len(told) - len(settled))
    if len(settled) < 2:
        return f"Fewer than two {noun} have a share that can be compared.{left_out}"
    ordered = settled.sort_values("share")
    low, high = only_row(ordered.head(1)), only_row(ordered.tail(1))
    text = (
        f"Of {len(settled)} {noun} that can be compared, most are {IN_WORDS[outcome]} in "
        f"“{high.label}”: {share_words(high)}. Fewest are in “{low.label}”: {share_words(low)}."
    )
    apart = (
        " The two intervals lie apart. What is brought to court differs, too: this is no grade."
        if high.low > low.high
        else " The two intervals overlap, so chance may be all that parts them."
    )
    return f"{text}{apart}{left_out}"


def _left_out(noun: str, number: int, shares: pd.DataFrame, unsettled: int) -> str:
    """What the comparison leaves out, and why."""
    hidden = int((shares["status"] != SHOWN).sum())
    text = ""
    if hidden:
        text += f" {hidden} of {number} {noun} have no exact share here: persons are protected."
    if unsettled:
        text += (
            f" Left out: {unsettled} of {number} {noun} in which more than a third of the cases "
            "are open. Cases that end early are not like those that take long."
        )
    return text


def acquittal_sentence(found: CaseEvidence) -> str:
    """The line of defence with which acquittal is most frequent beyond chance, as counted."""
    best: tuple[float, str, Any, Any] | None = None
    for factor in DEFENCES:
        table = found.shares(factor, "acquitted").set_index("value")
        if not {"used", "not_used"} <= set(table.index):
            continue
        used, unused = only_row(table.loc[["used"]]), only_row(table.loc[["not_used"]])
        apart = used.status == SHOWN == unused.status and used.low > unused.high
        if apart and (best is None or used.share - unused.share > best[0]):
            best = (used.share - unused.share, factor, used, unused)
    if best is None:
        return f"As counted, no line of defence goes with clearly more acquittals. {ACQUITTAL}"
    _, factor, used, unused = best
    return (
        f"As counted, acquittal goes most with “{lower_first(FACTORS[factor])}”: "
        f"{share_words(used)} of persons whose case has ended were acquitted where it was used, "
        f"and {share_words(unused)} where it was not. {ACQUITTAL}"
    )


def _begin(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
