"""How much conviction rests on the testimony of victims: the same mix of cases with and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from gapatlas.cases.adjusted import NORMAL_95
from gapatlas.cases.logistic import Fit, Mean, fit, mean_share
from gapatlas.cases.patterns import Basis, Columns, basis, cells, design, patterns
from gapatlas.cases.safety import COMPLEMENTARY, FLOOR, SHARE_DECIMALS, SHOWN, SMALL, Floor, points
from gapatlas.cases.vocabulary import (
    EVIDENCE,
    MIX,
    N_CONVICTED,
    PERSONS,
    VALUES,
    with_value,
    without_value,
)
from gapatlas.languages import mark

Floats = NDArray[np.float64]

TESTIMONY: Final = "victim_testimony"
OTHER_KINDS: Final = tuple(kind for kind in EVIDENCE if kind != "victim_testimony")
BANDS: Final = ("0", "1", "2", mark("3 or more"))
"""How many other kinds of evidence are known to be present."""
ANY: Final = mark("any number")
OTHERS: Final = "others"


@dataclass(frozen=True)
class Reliance:
    """Conviction with and without the testimony of victims.

    Attributes:
        shares: one row per number of other kinds (`others`) and `testimony`: the share convicted
            if all cases were like this, in the same mix of place, year and charge, with its 95%
            interval; `raw_share` as counted; rounded `persons`; `status`.
        differences: one row per number of other kinds, and one for any number: `points` with
            testimony less without, its interval, `raw_points`, `status`.
        convictions: of the convicted, the rounded number and share by `testimony`, and of those
            whose case has testimony and no other kind known to be present (`alone`).
        basis: what all of it rests on.
    """

    shares: pd.DataFrame
    differences: pd.DataFrame
    convictions: pd.DataFrame
    basis: Basis


def reliance_on_testimony(
    counts: pd.DataFrame,
    others: Sequence[str] = OTHER_KINDS,
    floor: Floor = FLOOR,
) -> Reliance:
    """What conviction looks like with and without testimony, given how much else there is.

    Args:
        counts: grouped counts, as `evidence_effects`.
        others: the other kinds of evidence. One whose presence is not known counts as not there,
            so that a number of kinds is a least number.
        floor: what protects persons.

    Raises:
        ValueError: as `patterns`.
        TooLittleDataError: fewer than the threshold are convicted, or not convicted.
    """
    grouped = patterns(counts, [TESTIMONY, *others, *MIX])
    known = sum((grouped[k] == with_value(k)).astype(int) for k in others)
    grouped = grouped.assign(**{OTHERS: np.array(BANDS)[np.minimum(known, len(BANDS) - 1)]})
    grouped = grouped.groupby([TESTIMONY, OTHERS, *MIX], as_index=False)[
        [PERSONS, N_CONVICTED]
    ].sum()
    rests_on = basis(grouped, floor.threshold, floor.base)
    columns, fitted = _fitted(grouped)
    shares = _shares(grouped, columns, fitted, floor)
    return Reliance(
        shares=shares,
        differences=_differences(grouped, columns, fitted, shares, floor),
        convictions=_convictions(grouped, floor),
        basis=rests_on,
    )


def _cell(value: str, band: str) -> str:
    return f"{value}, {band} others"


def _every_cell() -> list[tuple[str, str]]:
    return [(value, band) for band in BANDS for value in VALUES[TESTIMONY]]


def _holds(grouped: pd.DataFrame, value: str, band: str) -> NDArray[np.bool_]:
    holds = (grouped[TESTIMONY] == value).to_numpy(np.bool_)
    return holds if band == ANY else holds & (grouped[OTHERS] == band).to_numpy(np.bool_)


def _fitted(grouped: pd.DataFrame) -> tuple[Columns, Fit]:
    """Each number of other kinds has its own effect of testimony: nothing is taken as additive."""
    extra = {_cell(v, b): _holds(grouped, v, b) for v, b in _every_cell()}
    columns = design(grouped, [], extra=extra)
    return columns, fit(columns.terms)


def _mean(grouped: pd.DataFrame, columns: Columns, fitted: Fit, value: str, band: str) -> Mean:
    """Share convicted if every case had this value and, unless any, this number of others."""
    changed: dict[int, Floats | float] = {}
    for other, number in _every_cell():
        own = (grouped[OTHERS] == number).to_numpy(np.float64)
        at = columns.at(_cell(other, number))
        changed[at] = np.asarray(own * float(other == value))
        if band != ANY:
            changed[at] = float(other == value and number == band)
    weight = fitted.terms.persons / fitted.terms.persons.sum()
    return mean_share(fitted.terms, fitted.coefficients, fitted.score, changed, weight)


def share_interval(share: float, error: float) -> tuple[float, float]:
    """The 95% interval of a share, made on log odds so that it stays between 0 and 1."""
    reach = NORMAL_95 * error / (share * (1 - share))
    middle = special.logit(share)
    return float(special.expit(middle - reach)), float(special.expit(middle + reach))


def _shares(grouped: pd.DataFrame, columns: Columns, fitted: Fit, floor: Floor) -> pd.DataFrame:
    names = [OTHERS, "testimony", "share", "low", "high", "raw_share", PERSONS, "status"]
    rows = []
    for band in (ANY, *BANDS):
        for value in VALUES[TESTIMONY]:
            row: dict[str, object] = {OTHERS: band, "testimony": value, "status": SMALL}
            convicted, other = cells(grouped, _holds(grouped, value, band))
            if floor.enough(convicted, other):
                found = _mean(grouped, columns, fitted, value, band)
                low, high = share_interval(found.value, found.error(fitted.covariance))
                row |= {
                    "share": round(found.value, SHARE_DECIMALS),
                    "low": round(low, SHARE_DECIMALS),
                    "high": round(high, SHARE_DECIMALS),
                    "raw_share": floor.share(convicted, convicted + other),
                    PERSONS: float(floor.rounded(convicted + other)),
                    "status": SHOWN,
                }
            rows.append(row)
    return _counts_withheld(grouped, pd.DataFrame(rows, columns=names))


def _counts_withheld(grouped: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Withhold a second count wherever a single one that is withheld could be had by subtraction:
    for any number of others from all persons, for a number from those of any number."""
    inner = [table[OTHERS].ne(ANY) & table["testimony"].eq(v) for v in VALUES[TESTIMONY]]
    for line in (*inner, table[OTHERS].eq(ANY)):
        part = table[line]
        held = [
            at
            for at, row in part.iterrows()
            if row["status"] != SHOWN
            and grouped.loc[_holds(grouped, row["testimony"], row[OTHERS]), PERSONS].sum() > 0
        ]
        shown = part[part["status"] == SHOWN]
        if len(held) == 1 and len(shown):
            smallest = shown[PERSONS].idxmin()
            table.loc[smallest, ["raw_share", PERSONS]] = np.nan
            table.loc[smallest, "status"] = COMPLEMENTARY
    return table


def _differences(
    grouped: pd.DataFrame, columns: Columns, fitted: Fit, shares: pd.DataFrame, floor: Floor
) -> pd.DataFrame:
    names = [OTHERS, "points", "low", "high", "raw_points", "status"]
    given, without = with_value(TESTIMONY), without_value(TESTIMONY)
    rows = []
    for band in (ANY, *BANDS):
        row: dict[str, object] = {OTHERS: band, "status": SMALL}
        groups = [cells(grouped, _holds(grouped, value, band)) for value in (given, without)]
        if floor.enough(*groups[0], *groups[1]):
            found = _mean(grouped, columns, fitted, given, band) - _mean(
                grouped, columns, fitted, without, band
            )
            reach = NORMAL_95 * found.error(fitted.covariance)
            raw = shares[shares[OTHERS] == band].set_index("testimony")["raw_share"]
            row |= {
                "points": points(found.value),
                "low": points(max(-1.0, found.value - reach)),
                "high": points(min(1.0, found.value + reach)),
                "raw_points": points(float(raw[given]) - float(raw[without])),
                "status": SHOWN,
            }
        rows.append(row)
    return pd.DataFrame(rows, columns=names)


def _convictions(grouped: pd.DataFrame, floor: Floor) -> pd.DataFrame:
    """Of the convicted: by testimony, and those with testimony alone."""
    total = float(grouped[N_CONVICTED].sum())
    groups = {value: (value, ANY) for value in VALUES[TESTIMONY]}
    groups["alone"] = (with_value(TESTIMONY), BANDS[0])
    counted = {
        name: grouped.loc[_holds(grouped, *where), N_CONVICTED].sum()
        for name, where in groups.items()
    }
    few = [value for value in VALUES[TESTIMONY] if not floor.enough(counted[value])]
    if len(few) == 1 and counted[few[0]] > 0:
        # From all convicted it could be had by subtraction.
        few.append(min((v for v in VALUES[TESTIMONY] if v not in few), key=lambda v: counted[v]))
    rows = []
    for name, count in counted.items():
        rest = counted[with_value(TESTIMONY)] - count if name == "alone" else 0
        shown = name not in few and floor.enough(count) and not floor.close(0, rest)
        rows.append(
            {
                "testimony": name,
                "persons": float(floor.rounded(count)) if shown else float("nan"),
                "share": floor.share(count, total) if shown else float("nan"),
                "status": SHOWN if shown else SMALL,
            }
        )
    return pd.DataFrame(rows)
