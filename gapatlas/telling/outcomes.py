"""How cases ended, and what training could change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gapatlas.charts.amounts import percent
from gapatlas.charts.words import listed, years_text
from gapatlas.config.vocabulary import SYNTHETIC
from gapatlas.evidence import CaseEvidence
from gapatlas.evidence.sentences import IN_WORDS
from gapatlas.evidence.words import about, share_words
from gapatlas.investment import Investment
from gapatlas.investment.sentences import change_text, spending_words
from gapatlas.protection import ALL
from gapatlas.tables import rows


def cases_opening(found: CaseEvidence) -> tuple[str, str]:
    """How many were convicted of those whose case has ended, and what is not told."""
    counts = found.counts().set_index("outcome")["persons"]
    told: dict[str, Any] = {row.outcome: row for row in rows(found.shares())}
    convicted = told.pop("convicted", None)
    brand = f"{found.about.brand}: " if found.about.brand else ""
    mark = f"{SYNTHETIC} cases: of " if found.synthetic else "Of "
    lead = (
        f"{brand}{mark}{about(counts.get(ALL))} persons charged in {found.years}, the case of "
        f"{about(None if convicted is None else convicted.ended)} has ended, and "
        f"{'withheld' if convicted is None else share_words(convicted)} of these were convicted."
    )
    others = [f"{share_words(row)} were {IN_WORDS[row.outcome]}" for row in told.values()]
    still = f"{about(counts.get('open'))} are pending or not known and count neither way"
    made_up = "; nobody in these cases exists, so nothing here is a fact"
    rounded = "; persons are rounded, and small counts are withheld"
    end = made_up if found.synthetic else "" if brand else rounded
    sentence = f"{listed([*others, still])}{end}."
    return lead, f"{sentence[:1].upper()}{sentence[1:]}"


def change_of(found: Investment) -> pd.DataFrame:
    """What an investment changes, in one row: q05, q50 and q95 of further convictions, and
    chance_of_fewer."""
    low, middle, high = np.quantile(found.effect.convictions, [0.05, 0.5, 0.95])
    harm = float(found.effect.chance_of_harm)
    return pd.DataFrame({"q05": [low], "q50": [middle], "q95": [high], "chance_of_fewer": [harm]})


def investment_opening(found: Investment) -> tuple[str, str]:
    """What follows from the beliefs, and that they are beliefs."""
    [row] = rows(change_of(found))
    spent = spending_words(found).removesuffix(".")
    lead = (
        f"If the beliefs on this page hold, {spent}, brings {years_text(*found.years)} "
        f"{change_text(row.q05, row.q50, row.q95, 'convicted')}."
    )
    judged, varying = len(found.judged), _uncertain(found)
    basis = (
        f"{judged} of {varying} uncertain beliefs are judgement that nobody has measured"
        if varying
        else "every belief is taken as known"
    )
    names = listed(found.lent)
    lent = f"; what {names} did not report is taken from other places" if names else ""
    harm = row.chance_of_fewer
    falls = f"the chance that convictions fall is {percent(harm)}" if harm else "no draw has a fall"
    return lead, f"This is a calculation and no evidence: {basis}, and {falls}{lent}."


def _uncertain(found: Investment) -> int:
    return sum(not belief.prior.certain for belief in found.beliefs.values())
