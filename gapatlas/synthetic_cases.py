"""Room `synthetic_cases`: made-up defendants with planted effects, to try methods and pages on.

Nobody in them exists, and the places are ones that nobody lives in. What goes with conviction is
planted, so a method can be held against the truth. Only uniform random numbers are drawn, block by
block, so the same seed gives the same rows on every machine, and the first rows of a long file are
those of a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gapatlas.config.vocabulary import (
    DEFENCES,
    EVIDENCE,
    EVIDENCE_STATES,
    NONE,
    OUTCOMES,
    SYNTHETIC,
    UNDISPOSED,
    UNKNOWN,
    VICTIMS_BANDS,
    YES_NO,
)

ROWS: Final = 20_000
SEED: Final = 20_240_901
BLOCK: Final = 20_000
FIRST_YEAR, LAST_YEAR = 2005, 2024
SEPARATOR: Final = ";"
CHARGES: Final = (
    "Sex trafficking",
    "Trafficking of children",
    "Forced labour",
    "Domestic servitude",
    "Transport for exploitation",
    "Money laundering",
)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

_SIZES: Final = (0.62, 0.17, 0.09, 0.06, 0.04, 0.02)
"""Share of cases with 1, 2, ... defendants."""
_PLACE_SHARES: Final = (0.28, 0.22, 0.18, 0.14, 0.1, 0.08)
_CHARGE_SHARES: Final = (0.42, 0.16, 0.18, 0.08, 0.1, 0.06)
_FURTHER_CHARGE: Final = 0.18
_CROSS_BORDER: Final = (0.25, 0.1, 0.5, 0.45, 0.8, 0.4)
_TASK_FORCE: Final = (0.45, 0.5, 0.3, 0.2, 0.35, 0.55)
_VICTIM_SHARES: Final = (0.46, 0.32, 0.16, 0.06)
_EVIDENCE_SHARES: Final[Mapping[str, tuple[float, ...]]] = {
    "victim_testimony": (0.55, 0.5, 0.6, 0.65, 0.45, 0.25),
    "other_witness": (0.35, 0.35, 0.45, 0.4, 0.35, 0.3),
    "financial_records": (0.25, 0.15, 0.35, 0.2, 0.3, 0.85),
    "digital_communications": (0.55, 0.65, 0.25, 0.15, 0.35, 0.4),
    "physical_forensic": (0.3, 0.35, 0.25, 0.2, 0.2, 0.1),
    "surveillance": (0.3, 0.25, 0.15, 0.08, 0.3, 0.25),
    "expert": (0.12, 0.2, 0.12, 0.1, 0.08, 0.15),
    "travel_border_records": (0.15, 0.1, 0.3, 0.25, 0.55, 0.15),
}
"""How often each type of evidence is there, by main charge."""
_DEFENCE_SHARES: Final[Mapping[str, float]] = {
    "consent": 0.2,
    "credibility_of_witness": 0.22,
    "lack_of_knowledge": 0.25,
    "mistaken_identity": 0.06,
    "suppression_of_evidence": 0.15,
    "duress": 0.07,
    "jurisdiction_procedure": 0.1,
    "cooperation": 0.18,
}
_ANSWERS: Final[Mapping[tuple[str, str], float]] = {
    ("consent", "victim_testimony"): 0.5,
    ("credibility_of_witness", "victim_testimony"): 1.1,
    ("suppression_of_evidence", "surveillance"): 0.7,
    ("suppression_of_evidence", "digital_communications"): 0.6,
    ("lack_of_knowledge", "financial_records"): 0.4,
}
"""Defences that answer evidence: by how much it raises their log odds."""
_PLEA: Final = 0.85
_LET_OFF: Final = (0.3, 0.5, 0.2)
_YEARS_CONVICTED: Final = (0.22, 0.43, 0.22, 0.08, 0.03, 0.02)
_YEARS_LET_OFF: Final = (0.08, 0.34, 0.32, 0.16, 0.07, 0.03)
_UNKNOWN: Final[Mapping[str, float]] = {
    "outcome": 0.02,
    "year_ended": 0.03,
    "cross_border": 0.04,
    "victims_band": 0.06,
    "task_force": 0.03,
    "team_trained": 0.1,
    "all evidence": 0.05,
    "evidence": 0.02,
    "defence": 0.08,
}
"""Shares that are not known, whatever the truth."""


@dataclass(frozen=True)
class Planted:
    """What goes with conviction in the made-up cases: log odds, each beside all the others.

    Attributes:
        intercept: log odds of conviction where nothing below applies, in the first place and year.
        evidence: of a type of evidence that is present.
        pairs: of two types that are present together, beyond what each adds.
        defence: of a defence that is used.
        place: of a place.
        charge: of a main charge.
        victims_band: of a number of victims.
        cross_border, task_force, team_trained: of a yes.
        per_year: of each year after the first.
    """

    intercept: float = 0.1
    evidence: Mapping[str, float] = field(
        default_factory=lambda: {
            "victim_testimony": 0.6,
            "other_witness": 0.25,
            "financial_records": 0.45,
            "digital_communications": 0.7,
            "physical_forensic": 0.35,
            "surveillance": 0.2,
            "expert": 0.0,
            "travel_border_records": 0.15,
        }
    )
    pairs: Mapping[tuple[str, str], float] = field(
        default_factory=lambda: {("victim_testimony", "financial_records"): 0.5}
    )
    defence: Mapping[str, float] = field(
        default_factory=lambda: {
            "consent": -0.25,
            "credibility_of_witness": -0.6,
            "lack_of_knowledge": -0.3,
            "mistaken_identity": -0.2,
            "suppression_of_evidence": -0.45,
            "duress": -0.15,
            "jurisdiction_procedure": 0.0,
            "cooperation": 1.1,
        }
    )
    place: Mapping[str, float] = field(
        default_factory=lambda: {
            "BVT": 0.0,
            "HMD": 0.35,
            "SGS": -0.3,
            "IOT": 0.2,
            "ATF": -0.45,
            "UMI": 0.1,
        }
    )
    charge: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(CHARGES, (0.0, 0.3, -0.35, -0.5, -0.1, 0.2), strict=True))
    )
    victims_band: Mapping[str, float] = field(
        default_factory=lambda: {"1": 0.0, "2-5": 0.1, "6-20": 0.25, "21+": 0.4}
    )
    cross_border: float = -0.25
    task_force: float = 0.3
    team_trained: float = 0.2
    per_year: float = 0.015


PLANTED: Final = Planted()


def synthetic_cases(
    rows: int = ROWS, *, seed: int = SEED, planted: Planted = PLANTED
) -> Iterator[pd.DataFrame]:
    """Make defendants, block by block, so that 100 million of them need no more memory than a few.

    Args:
        rows: how many defendants.
        seed: another seed gives other defendants with the same planted effects.
        planted: the effects.

    Yields:
        Frames of at most `BLOCK` rows, one row for each defendant: `dataset` (always SYNTHETIC),
        `place`, `year_charged`, `year_ended` (missing where the case is pending or it is not
        known), `outcome`, `charge` (several with `;`, the main one first), `cross_border`,
        `victims_band`, `task_force`, `team_trained`, one column for each type of evidence,
        `defence` (several with `;`, `none`, or `unknown`), `co_defendant_key` (empty for a
        defendant alone). Texts are categorical.
    """
    for number in range(-(-rows // BLOCK)):
        block = _Block(number, seed, planted)
        yield block.frame().head(rows - number * BLOCK)


def planted_points(
    rows: int = ROWS, *, seed: int = SEED, planted: Planted = PLANTED
) -> dict[str, float]:
    """By how many percentage points each type of evidence and each defence changes conviction.

    The mean, over the defendants whose case has ended with a known outcome, of the true chance of
    conviction with it less the true chance without it, all else left as it is.

    Args:
        rows, seed, planted: as for `synthetic_cases`.

    Returns:
        Percentage points for each id of evidence and defence.
    """
    sums = dict.fromkeys((*EVIDENCE, *DEFENCES), 0.0)
    counted = 0
    for number in range(-(-rows // BLOCK)):
        block = _Block(number, seed, planted)
        kept = block.disposed & (np.arange(BLOCK) < rows - number * BLOCK)
        counted += int(kept.sum())
        for id_ in sums:
            sums[id_] += float(block.difference(id_)[kept].sum())
    return {id_: 100 * total / counted for id_, total in sums.items()}


class _Block:
    """The true state of one block of defendants, and what the file says of it."""

    def __init__(self, number: int, seed: int, planted: Planted) -> None:
        self.number = number
        self.planted = planted
        self._random = np.random.default_rng([seed, number])
        self._draw_cases()
        self._draw_evidence()
        self._draw_defences()
        self._draw_outcomes()

    # -------------------------------------------------------------- the truth

    def _uniform(self) -> Floats:
        return self._random.random(BLOCK)

    def _chosen(self, shares: tuple[float, ...]) -> Codes:
        """A code for each row, by shares that add up to 1."""
        limits = np.cumsum(shares)[:-1]
        return np.searchsorted(limits, self._uniform(), side="right")

    def _of_case(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The value of the first defendant of each case, for all its defendants."""
        return values[self.first_of_case]

    def _draw_cases(self) -> None:
        sizes = self._chosen(_SIZES) + 1
        self.case = np.repeat(np.arange(BLOCK), sizes)[:BLOCK]
        self.size = np.bincount(self.case, minlength=BLOCK)[self.case]
        self.first_of_case = np.searchsorted(self.case, self.case)
        self.place = self._of_case(self._chosen(_PLACE_SHARES))
        years = LAST_YEAR - FIRST_YEAR + 1
        self.year = self._of_case(self._chosen((1 / years,) * years))
        self.charge = self._of_case(self._chosen(_CHARGE_SHARES))
        self.further = [
            self._of_case(self._uniform() < _FURTHER_CHARGE) & (self.charge != other)
            for other in range(len(CHARGES))
        ]
        self.cross_border = self._case_yes(np.array(_CROSS_BORDER)[self.charge])
        self.task_force = self._case_yes(np.array(_TASK_FORCE)[self.charge])
        self.team_trained = self._case_yes(np.where(self.task_force, 0.6, 0.3))
        self.victims = self._of_case(self._chosen(_VICTIM_SHARES))

    def _case_yes(self, share: Floats) -> Bools:
        return np.asarray(self._of_case(self._uniform()) < share)

    def _draw_evidence(self) -> None:
        self.there: dict[str, Bools] = {}
        for id_, shares in _EVIDENCE_SHARES.items():
            log_odds = _log_odds(np.array(shares))[self.charge]
            if id_ == "travel_border_records":
                log_odds = log_odds + 1.2 * self.cross_border
            if id_ in ("surveillance", "digital_communications"):
                log_odds = log_odds + 0.5 * self.task_force
            self.there[id_] = self._case_yes(_share(log_odds))

    def _draw_defences(self) -> None:
        for id_, share in _DEFENCE_SHARES.items():
            log_odds = np.full(BLOCK, float(_log_odds(np.array(share))))
            for (defence, evidence), more in _ANSWERS.items():
                if defence == id_:
                    log_odds = log_odds + more * self.there[evidence]
            self.there[id_] = self._uniform() < _share(log_odds)

    def _draw_outcomes(self) -> None:
        self.convicted = self._uniform() < _share(self._log_odds_with(self.there))
        by_plea = self._uniform() < _PLEA
        let_off = self._chosen(_LET_OFF)
        self.outcome = np.where(self.convicted, np.where(by_plea, 0, 1), 2 + let_off)
        # How long it takes depends on conviction alone, so what is still pending tilts the odds of
        # a year, and of nothing else: whoever adjusts for the year gets the planted effects.
        took = np.where(
            self.convicted, self._chosen(_YEARS_CONVICTED), self._chosen(_YEARS_LET_OFF)
        )
        self.ended = FIRST_YEAR + self.year + took
        self.pending = self.ended > LAST_YEAR
        self.not_known = {
            name: self._uniform() < share
            for name, share in _UNKNOWN.items()
            if name not in ("all evidence", "evidence")
        }
        self.no_evidence_known = self._of_case(self._uniform()) < _UNKNOWN["all evidence"]
        self.evidence_not_known = {
            id_: self._of_case(self._uniform()) < _UNKNOWN["evidence"] for id_ in EVIDENCE
        }

    @property
    def disposed(self) -> Bools:
        """Whose case has ended with an outcome that the file tells."""
        return np.asarray(~self.pending & ~self.not_known["outcome"])

    def _log_odds_with(self, there: Mapping[str, Bools]) -> Floats:
        planted = self.planted
        log_odds = planted.intercept + planted.per_year * self.year
        for codes, effects in (
            (self.place, planted.place),
            (self.charge, planted.charge),
            (self.victims, planted.victims_band),
        ):
            log_odds = log_odds + np.array(list(effects.values()))[codes]
        log_odds = log_odds + planted.cross_border * self.cross_border
        log_odds = log_odds + planted.task_force * self.task_force
        log_odds = log_odds + planted.team_trained * self.team_trained
        for id_, effect in (*planted.evidence.items(), *planted.defence.items()):
            log_odds = log_odds + effect * there[id_]
        for (one, other), effect in planted.pairs.items():
            log_odds = log_odds + effect * (there[one] & there[other])
        return np.asarray(log_odds, dtype=np.float64)

    def difference(self, id_: str) -> Floats:
        """The chance of conviction with an evidence or defence, less that without it."""
        yes, no = np.ones(BLOCK, dtype=bool), np.zeros(BLOCK, dtype=bool)
        with_it = _share(self._log_odds_with({**self.there, id_: yes}))
        return np.asarray(with_it - _share(self._log_odds_with({**self.there, id_: no})))

    # -------------------------------------------------------------- what the file says

    def frame(self) -> pd.DataFrame:
        """All rows of the block, as the file has them."""
        columns: dict[str, Any] = {
            "dataset": _texts((SYNTHETIC,), np.zeros(BLOCK, dtype=np.int64)),
            "place": _texts(tuple(self.planted.place), self.place),
            "year_charged": (FIRST_YEAR + self.year).astype(np.int16),
            "year_ended": self._year_ended(),
            "outcome": self._outcome(),
            "charge": self._charges(),
            "cross_border": self._yes_no("cross_border", self.cross_border),
            "victims_band": self._known(VICTIMS_BANDS, self.victims, "victims_band"),
            "task_force": self._yes_no("task_force", self.task_force),
            "team_trained": self._yes_no("team_trained", self.team_trained),
            **{id_: self._evidence(id_) for id_ in EVIDENCE},
            "defence": self._defences(),
            "co_defendant_key": self._keys(),
        }
        return pd.DataFrame(columns)

    def _known(self, words: tuple[str, ...], codes: Codes, column: str) -> pd.Categorical:
        return _texts(words, np.where(self.not_known[column], words.index(UNKNOWN), codes))

    def _yes_no(self, column: str, yes: Bools) -> pd.Categorical:
        return self._known(YES_NO, np.where(yes, 0, 1), column)

    def _evidence(self, id_: str) -> pd.Categorical:
        unknown = self.no_evidence_known | self.evidence_not_known[id_]
        return _texts(EVIDENCE_STATES, np.where(unknown, 2, np.where(self.there[id_], 0, 1)))

    def _year_ended(self) -> Any:
        missing = self.pending | self.not_known["outcome"] | self.not_known["year_ended"]
        return pd.Series(self.ended.astype(np.int16), dtype="Int16").mask(missing)

    def _outcome(self) -> pd.Categorical:
        words = tuple(OUTCOMES)
        codes = np.where(self.pending, words.index(UNDISPOSED[0]), self.outcome)
        return self._known(words, codes, "outcome")

    def _charges(self) -> pd.Categorical:
        further = sum(flag.astype(np.int64) << place for place, flag in enumerate(self.further))
        return _labelled(
            self.charge * 2 ** len(CHARGES) + further,
            lambda code: SEPARATOR.join([CHARGES[code >> len(CHARGES)], *_marked(CHARGES, code)]),
        )

    def _defences(self) -> pd.Categorical:
        names = tuple(DEFENCES)
        used = sum(self.there[id_].astype(np.int64) << place for place, id_ in enumerate(names))
        unknown = 2 ** len(names)
        return _labelled(
            np.where(self.not_known["defence"], unknown, used),
            lambda code: (
                UNKNOWN if code == unknown else SEPARATOR.join(_marked(names, code)) or NONE
            ),
        )

    def _keys(self) -> pd.Categorical:
        return _labelled(
            np.where(self.size > 1, self.case, -1),
            lambda code: f"K{self.number:05d}{code:05d}" if code >= 0 else "",
        )


def _texts(words: tuple[str, ...], codes: Codes) -> pd.Categorical:
    return _categorical(codes, words)


def _labelled(codes: Codes, label: Callable[[int], str]) -> pd.Categorical:
    """A text for each code, made once for each that occurs."""
    known, positions = np.unique(codes, return_inverse=True)
    labels = [label(int(code)) for code in known]
    return _categorical(np.asarray(positions, dtype=np.int64), labels)


def _categorical(codes: Codes, words: Sequence[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(words), dtype=object))


def _marked(names: tuple[str, ...], code: int) -> list[str]:
    """The names whose bits are set in the low end of a code."""
    return [name for place, name in enumerate(names) if code >> place & 1]


def _share(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _log_odds(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1 - share)))
