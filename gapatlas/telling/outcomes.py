"""How cases ended, and what training could change."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from gapatlas.charts.amounts import percent
from gapatlas.charts.words import listed, upper_first, years_text
from gapatlas.evidence import CaseEvidence
from gapatlas.evidence.words import about, share_words
from gapatlas.investment import Investment
from gapatlas.investment.sentences import change_text, spending_words
from gapatlas.languages import mark, say, whole
from gapatlas.protection import ALL
from gapatlas.tables import rows

CHARGED: Final = mark(
    "Of {charged} persons charged in {years}, the case of {ended} has ended, and {convicted} of "
    "these were convicted."
)
CHARGED_MADE_UP: Final = mark(
    "SYNTHETIC cases: of {charged} persons charged in {years}, the case of {ended} has ended, and "
    "{convicted} of these were convicted."
)
TOLD: Final = {
    "acquitted": mark("{share} were acquitted"),
    "dismissed": mark("{share} were let go because the case was dropped"),
}
MADE_UP: Final = mark("{outcomes}; nobody in these cases exists, so nothing here is a fact.")
ROUNDED: Final = mark("{outcomes}; persons are rounded, and small counts are withheld.")


def cases_opening(found: CaseEvidence) -> tuple[str, str]:
    """How many were convicted of those whose case has ended, and what is not told."""
    counts = found.counts().set_index("outcome")["persons"]
    told: dict[str, Any] = {row.outcome: row for row in rows(found.shares())}
    convicted = told.pop("convicted", None)
    lead = say(
        CHARGED_MADE_UP if found.synthetic else CHARGED,
        charged=about(counts.get(ALL)),
        years=found.years,
        ended=about(None if convicted is None else convicted.ended),
        convicted=say("withheld") if convicted is None else share_words(convicted),
    )
    others = [say(TOLD[row.outcome], share=share_words(row)) for row in told.values()]
    still = say(
        "{persons} are pending or not known and count neither way",
        persons=about(counts.get("open")),
    )
    outcomes = upper_first(listed([*others, still]))
    return branded(found, lead), _ended(found, outcomes)


def branded(found: CaseEvidence, text: str) -> str:
    """A sentence with the name of whom the cases belong to, if they have one."""
    brand = found.about.brand
    return say("{brand}: {text}", brand=brand, text=text) if brand else text


def _ended(found: CaseEvidence, outcomes: str) -> str:
    if found.synthetic:
        return say(MADE_UP, outcomes=outcomes)
    return f"{outcomes}." if found.about.brand else say(ROUNDED, outcomes=outcomes)


def change_of(found: Investment) -> pd.DataFrame:
    """What an investment changes, in one row: q05, q50 and q95 of further convictions, and
    chance_of_fewer."""
    low, middle, high = np.quantile(found.effect.convictions, [0.05, 0.5, 0.95])
    harm = float(found.effect.chance_of_harm)
    return pd.DataFrame({"q05": [low], "q50": [middle], "q95": [high], "chance_of_fewer": [harm]})


def investment_opening(found: Investment) -> tuple[str, str]:
    """What follows from the beliefs, and that they are beliefs."""
    [row] = rows(change_of(found))
    lead = say(
        "If the beliefs on this page hold, {spending}, brings {years} {change}.",
        spending=spending_words(found).removesuffix("."),
        years=years_text(*found.years),
        change=change_text(row.q05, row.q50, row.q95, "convicted"),
    )
    told = {"basis": _basis_words(found), "falls": _falls_words(row.chance_of_fewer)}
    if not found.lent:
        return lead, say("This is a calculation and no evidence: {basis}, and {falls}.", **told)
    return lead, say(
        "This is a calculation and no evidence: {basis}, and {falls}; what {names} did not report "
        "is taken from other places.",
        **told,
        names=listed(found.lent),
    )


def _basis_words(found: Investment) -> str:
    judged, varying = len(found.judged), _uncertain(found)
    if not varying:
        return say("every belief is taken as known")
    return say(
        "{judged} of {count} uncertain beliefs are judgement that nobody has measured",
        judged=whole(judged),
        count=whole(varying),
    )


def _falls_words(chance: float) -> str:
    if not chance:
        return say("no draw has a fall")
    return say("the chance that convictions fall is {chance}", chance=percent(chance))


def _uncertain(found: Investment) -> int:
    return sum(not belief.prior.certain for belief in found.beliefs.values())
