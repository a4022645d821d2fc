"""Published tables of made-up cases, written by hand: some of each table is withheld."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from gapatlas.cases import DEFENCE, EVIDENCE
from gapatlas.evidence import CaseEvidence
from gapatlas.languages import kept, unsaid
from gapatlas.measures import Source
from gapatlas.release.shares import ended_shares

NAN = float("nan")
SOURCE = Source(
    source_id="office_cases",
    dataset_id="cases",
    short="Cases of the office",
    title="Cases of our office",
    publisher="Office of Examples",
    edition="first edition",
    licence="made up for tests",
    citation="Office of Examples, cases, 2024.",
    method="counts below 10 are withheld",
    caveats=("It describes no real cases.",),
)
ABOUT = {
    "dataset_id": "cases",
    "origin": "rows",
    "synthetic": False,
    "brand": "",
    "threshold": 10,
    "base": 5,
    "persons": 400,
    "first_year": 2012,
    "last_year": 2020,
    "evidence": ",".join(EVIDENCE),
    "defence": ",".join(DEFENCE),
    "sample": NAN,
    "audit": json.dumps(["cells: 40", "passed"]),
}
EVERY = {"all": 400, "convicted": 210, "acquitted": 40, "dismissed": 80, "open": 70}
PARTS = {"guilty_plea": 170, "guilty_trial": 40, "pending": 50, "unknown": 20}
WHOLE = {"all": 200, "convicted": 105, "acquitted": 20, "dismissed": 40, "open": 35}
RANGE = {"all": 100, "convicted": 60, "acquitted": None, "dismissed": 20, "open": None}
HIDDEN = {"all": 30, "convicted": None, "acquitted": None, "dismissed": 15, "open": None}


def count_rows(split: str, value: str, persons: dict[str, int | None]) -> list[dict[str, Any]]:
    """Rows of `case_count` for one value, rounded to 5; None is withheld."""
    return [
        {
            "split": split,
            "value": value,
            "outcome": outcome,
            "persons": pd.NA if number is None else number,
            "low": pd.NA if number is None else max(number - 2, 10),
            "high": pd.NA if number is None else number + 2,
            "status": "withheld" if number is None else "shown",
        }
        for outcome, number in persons.items()
    ]


def as_counts(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the table that they are of."""
    return pd.DataFrame(rows).astype(dict.fromkeys(("persons", "low", "high"), "Float64"))


def counts() -> pd.DataFrame:
    """A split of each kind: a whole value, one with a range, one that is withheld."""
    rows = count_rows("none", "all", {**EVERY, **PARTS, "nolle_prosequi": None})
    for split, values in {
        "place": ("BBB", "AAA", "unknown"),
        "year_charged": ("2020", "2012", "unknown"),
        "charge": ("Forced labour", "Sex trafficking", "unknown"),
        "victims_band": ("21+", "1", "unknown"),
        "cross_border": ("yes", "no", "unknown"),
        **dict.fromkeys(EVIDENCE, ("present", "absent", "unknown")),
        **dict.fromkeys(DEFENCE, ("used", "not_used", "unknown")),
    }.items():
        for value, persons in zip(values, (RANGE, WHOLE, HIDDEN), strict=True):
            rows += count_rows(split, value, persons)
    return as_counts(rows)


def effects() -> pd.DataFrame:
    """One factor in three is withheld."""
    rows = []
    for analysis, factors, values in (
        ("evidence", EVIDENCE, ("present", "unknown")),
        ("defence", DEFENCE, ("used", "unknown")),
    ):
        for at, factor in enumerate(factors):
            for value in values:
                shown = at % 3 > 0 and value != "unknown"
                size = float(at - 3) if shown else NAN
                rows.append(
                    {
                        "analysis": analysis,
                        "factor": factor,
                        "value": value,
                        **dict(zip(("points", "low", "high"), size + np.array([0, -2, 2]),
                                   strict=True)),
                        **dict(zip(("odds_ratio", "odds_low", "odds_high"),
                                   1 + size / 10 + np.array([0, -0.1, 0.1]), strict=True)),
                        "raw_points": size + 1,
                        **{f"share_{side}{end}": 0.6 + 0.1 * step if shown else NAN
                           for side in ("with", "without")
                           for step, end in enumerate(("", "_low", "_high"))},
                        "persons_with": 120.0 if shown else NAN,
                        "persons_without": 200.0 if shown else NAN,
                        "status": "shown" if shown else "withheld",
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _figures(names: tuple[str, ...], shown: bool, value: float) -> dict[str, float]:
    return {name: value + at / 100 if shown else NAN for at, name in enumerate(names)}


def pairs() -> pd.DataFrame:
    """Every pair of kinds; the first stands out, each third is withheld."""
    names = (
        "points", "low", "high", "alone", "alone_low", "alone_high", "beyond_sum",
        "beyond_sum_low", "beyond_sum_high", "wrong_direction",
    )  # fmt: skip
    both = [(a, b) for at, a in enumerate(EVIDENCE) for b in list(EVIDENCE)[at + 1 :]]
    return pd.DataFrame(
        [
            {
                "first": first,
                "second": second,
                **_figures(names, at % 3 < 2, 8.0 if at == 0 else -0.4),
                "stands_out": at == 0,
                "status": "shown" if at % 3 < 2 else "withheld",
            }
            for at, (first, second) in enumerate(both)
        ]
    )


def pairings() -> pd.DataFrame:
    """Every pairing; each fourth is withheld."""
    both = [(e, d) for e in EVIDENCE for d in DEFENCE]
    return pd.DataFrame(
        [
            {
                "evidence": evidence,
                "defence": defence,
                **_figures(("pooled", "low", "high"), at % 4 < 3, 0.5 + at / 200),
                "status": "shown" if at % 4 < 3 else "withheld",
            }
            for at, (evidence, defence) in enumerate(both)
        ]
    )


def testimony() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares by number of other kinds, of which one is withheld, and differences."""
    bands, values = ("0", "1", "2", "3 or more"), ("present", "absent", "unknown")
    shares = pd.DataFrame(
        [
            {
                "others": band,
                "testimony": value,
                **_figures(("share", "low", "high"), (band, value) != ("0", "absent"), 0.6),
                "status": "withheld" if (band, value) == ("0", "absent") else "shown",
            }
            for band in bands
            for value in values
        ]
    )
    differences = pd.DataFrame(
        [
            {
                "others": band,
                **_figures(("points", "low", "high"), band != "0", 4.0),
                "status": "withheld" if band == "0" else "shown",
            }
            for band in ("any number", *bands)
        ]
    )
    return shares, differences


def times() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Three years of endings; the last acquittals are withheld."""
    ended = pd.DataFrame(
        {"years_after": [0, 1, 2], "share": [0.2, 0.55, 0.8], "low": [0.15, 0.5, 0.75],
         "high": [0.25, 0.6, 0.85]}
    )  # fmt: skip
    outcomes = pd.DataFrame(
        [
            {
                "years_after": year,
                "outcome": outcome,
                **_figures(("share", "low", "high"), (year, outcome) != (1, "acquitted"), top),
                "status": "withheld" if (year, outcome) == (1, "acquitted") else "shown",
            }
            for outcome, top in (("acquitted", 0.05), ("guilty_plea", 0.4))
            for year in (0, 1, 2)
        ]
    )
    return ended, outcomes, pd.DataFrame({"median": [1.0], "low": [1.0], "high": [2.0]})


def networks() -> dict[str, pd.DataFrame]:
    """Sizes, years and reach; the reach is withheld."""
    parts = {"two_or_more": 0.6, "one": 0.3, "nobody": 0.1}
    hidden = dict.fromkeys(("networks", *parts), NAN)
    return {
        "case_network_size": pd.DataFrame(
            {"size_from": [1, 3, 5], "size_to": [2, 4, NAN], "networks": [100.0, 60.0, NAN],
             "convicted_share": [0.6, 0.65, NAN], "low": [0.5, 0.5, NAN], "high": [0.7, 0.8, NAN],
             "status": ["shown", "shown", "withheld"]}
        ),
        "case_network_year": pd.DataFrame(
            [{"year_from": 2012, "year_to": 2015, "networks": 100.0, **parts, "status": "shown"},
             {"year_from": 2016, "year_to": 2020, **hidden, "status": "withheld"}]
        ),
        "case_network_reach": pd.DataFrame(
            [{"reach": reach, **hidden, "status": "withheld"}
             for reach in ("one place", "several places")]
        ),
    }  # fmt: skip


def findings() -> pd.DataFrame:
    """One sentence for each view."""
    views = ("evidence", "defence", "pairs", "testimony", "pairings", "time", "networks")
    rows = [(view, 0, view, f"What is found in {view}.", True) for view in views]
    rows += [("evidence", 1, "surveillance", "What is found second.", False)]
    rows += [("selection", 0, "selection", "Only cases that were charged.", False)]
    rows += [("evidence_compared", 0, "evidence", "Eight stand side by side.", False)]
    table = pd.DataFrame(rows, columns=["view", "position", "about", "text", "sure"])
    return table.assign(sentences=[kept((unsaid(text),)) for text in table["text"]])


def tables() -> dict[str, pd.DataFrame]:
    """Every published table of a file that has all there is."""
    shares, differences = testimony()
    ended, outcomes, median = times()
    return {
        "case_count": counts(),
        "case_share": ended_shares(counts()),
        "case_effect": effects(),
        "case_pair": pairs(),
        "case_pairing": pairings(),
        "case_testimony_share": shares,
        "case_testimony_difference": differences,
        "case_time": ended,
        "case_time_outcome": outcomes,
        "case_time_median": median,
        **networks(),
        "case_finding": findings(),
    }


def made_up_cases(
    about: dict[str, Any] | None = None, changed: dict[str, pd.DataFrame] | None = None
) -> CaseEvidence:
    """Cases without an atlas behind them.

    Args:
        about: what of `ABOUT` differs.
        changed: tables that differ.
    """
    places = pd.DataFrame({"jurisdiction_id": ["AAA", "BBB"], "name": ["Zetaland", "Betaland"]})
    atlas: Any = SimpleNamespace(jurisdictions=lambda: places)
    row = SimpleNamespace(**{**ABOUT, **(about or {})})
    own = changed or {}
    if "case_count" in own:
        own = {"case_share": ended_shares(own["case_count"]), **own}
    return CaseEvidence(atlas, "cases", row, SOURCE, _tables={**tables(), **own})


def counts_alone() -> CaseEvidence:
    """A source that tells outcomes and nothing else."""
    whole = counts()
    kept = whole[~whole["split"].isin([*EVIDENCE, *DEFENCE])]
    empty = {name: table.iloc[:0] for name, table in tables().items()}
    about = {"origin": "counts", "evidence": "", "defence": ""}
    return made_up_cases(about, {**empty, "case_count": kept})
