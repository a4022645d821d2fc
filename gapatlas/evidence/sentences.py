"""What can be quoted of how cases ended: sentences made of published counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gapatlas.charts.words import count_text, lower_first, parted
from gapatlas.config.vocabulary import DEFENCES, UNKNOWN
from gapatlas.evidence.words import (
    SPLIT_NOUNS,
    factor_label,
    share_words,
)
from gapatlas.languages import mark, say, whole
from gapatlas.protection import ALL, SHOWN, WITHHELD
from gapatlas.tables import only_row, rows

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence

IN_WORDS: Final = {
    "convicted": mark("convicted"),
    "acquitted": mark("acquitted"),
    "dismissed": mark("let go because the case was dropped"),
}
"""What became of persons, as a sentence calls it, before it is said."""
TOLD: Final = {
    "convicted": mark("{share} were convicted"),
    "acquitted": mark("{share} were acquitted"),
    "dismissed": mark("{share} were let go because the case was dropped"),
}
COMPARED: Final = {
    "convicted": mark(
        "Of {number} {groups} that can be compared, most are convicted in “{most}”: {most_share}. "
        "Fewest are in “{fewest}”: {fewest_share}."
    ),
    "acquitted": mark(
        "Of {number} {groups} that can be compared, most are acquitted in “{most}”: {most_share}. "
        "Fewest are in “{fewest}”: {fewest_share}."
    ),
    "dismissed": mark(
        "Of {number} {groups} that can be compared, most are let go because the case was dropped "
        "in “{most}”: {most_share}. Fewest are in “{fewest}”: {fewest_share}."
    ),
}
SETTLED: Final = 2 / 3
"""Share of cases that must have ended before two groups are compared."""
ACQUITTAL: Final = mark(
    "A defence is chosen to fit the case: this is what goes with acquittal. It is no effect."
)


def outcomes_sentence(found: CaseEvidence) -> str:
    """How many were charged, how many cases have ended, and how."""
    counts = found.counts().set_index("outcome")["persons"]
    charged = counts.get(ALL)
    if charged is None or pd.isna(charged):
        return say("How many persons were charged in {years} is withheld.", years=found.years)
    begun = say(
        "About {number} persons were charged in {years}.",
        number=count_text(charged, charged),
        years=found.years,
    )
    return " ".join([begun, *_ended(found), *_open(counts.get("open"))])


def _ended(found: CaseEvidence) -> list[str]:
    """How the cases that have ended did; nothing where all is withheld."""
    shares = [row for row in rows(found.shares()) if row.status != WITHHELD]
    if not shares:
        return []
    ended = shares[0].ended
    told = parted([say(TOLD[row.outcome], share=share_words(row)) for row in shares])
    if pd.isna(ended):
        return [say("Where the case has ended: {told}.", told=told)]
    number = count_text(ended, ended)
    return [say("For about {number} of them the case has ended: {told}.", number=number, told=told)]


def _open(still: Any) -> list[str]:
    if still is None or pd.isna(still):
        return []
    return [
        say(
            "About {number} are pending, or their outcome is not known: they count neither for "
            "nor against.",
            number=count_text(still, still),
        )
    ]


def split_sentence(found: CaseEvidence, split: str, outcome: str) -> str:
    """The highest and the lowest share of a split, and whether they can be told apart."""
    shares = found.shares(split, outcome)
    groups = say(SPLIT_NOUNS[split])
    told = shares[(shares["status"] == SHOWN) & (shares["value"] != UNKNOWN)]
    settled = told[told["ended"] >= SETTLED * told["charged"]]
    left_out = _left_out(groups, shares, len(told) - len(settled))
    if len(settled) < 2:
        few = say("Fewer than two {groups} have a share that can be compared.", groups=groups)
        return " ".join([few, *left_out])
    ordered = settled.sort_values("share")
    low, high = only_row(ordered.head(1)), only_row(ordered.tail(1))
    compared = say(
        COMPARED[outcome],
        number=whole(len(settled)),
        groups=groups,
        most=high.label,
        most_share=share_words(high),
        fewest=low.label,
        fewest_share=share_words(low),
    )
    apart = (
        say("The two intervals lie apart. What is brought to court differs, too: this is no grade.")
        if high.low > low.high
        else say("The two intervals overlap, so chance may be all that parts them.")
    )
    return " ".join([compared, apart, *left_out])


def _left_out(groups: str, shares: pd.DataFrame, unsettled: int) -> list[str]:
    """What the comparison leaves out, and why."""
    hidden, every = int((shares["status"] != SHOWN).sum()), {"groups": groups, "all": len(shares)}
    texts = []
    if hidden:
        texts.append(
            say(
                "{number} of {all} {groups} have no exact share here: persons are protected.",
                number=hidden,
                **every,
            )
        )
    if unsettled:
        texts.append(
            say(
                "Left out: {number} of {all} {groups} in which more than a third of the cases are "
                "open. Cases that end early are not like those that take long.",
                number=unsettled,
                **every,
            )
        )
    return texts


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
        none = say("As counted, no line of defence goes with clearly more acquittals.")
        return f"{none} {say(ACQUITTAL)}"
    _, factor, used, unused = best
    most = say(
        "As counted, acquittal goes most with “{defence}”: {used} of persons whose case has ended "
        "were acquitted where it was used, and {unused} where it was not.",
        defence=lower_first(factor_label(factor)),
        used=share_words(used),
        unused=share_words(unused),
    )
    return f"{most} {say(ACQUITTAL)}"
