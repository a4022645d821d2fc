"""Shares of those whose case has ended, made of published counts alone."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gapatlas.config.vocabulary import ENDED_OUTCOMES, RANGE_ONLY
from gapatlas.protection import ALL, SHOWN, WITHHELD
from gapatlas.release.cube import OUTCOME, PERSONS
from gapatlas.statistics import over_completions, wilson

SHARE_COLUMNS: Final = ("split", "value", OUTCOME, "share", "low", "high", PERSONS, "status")
RANGE: Final = (PERSONS, "low", "high")
SHARE_DECIMALS: Final = 4


def ended_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Of those whose case has ended, how many were convicted, acquitted or dismissed.

    Args:
        counts: a published cube: `split, value, outcome, persons, low, high, status`.

    Returns:
        One row per split, value and outcome: `share` (between 0 and 1) with its 95% interval
        (Wilson, over all counts that the figures can stand for), `persons` whose case has ended
        (of printed figures), `status`. Where figures are withheld beside the outcome itself, the
        status is `range`: the interval goes over all that they leave, and there is no share.
        Where the outcome is withheld, nothing is told.
    """
    keys = ["split", "value"]
    numbers = {name: counts[name].to_numpy("float64", na_value=np.nan) for name in RANGE}
    wide = counts.assign(**numbers).pivot(index=keys, columns=OUTCOME, values=list(RANGE))
    ended = _ended(wide)
    parts = [_of(wide, ended, outcome) for outcome in ENDED_OUTCOMES if (PERSONS, outcome) in wide]
    if not parts:  # no case has ended
        return pd.DataFrame(columns=list(SHARE_COLUMNS))
    order = counts[keys].drop_duplicates().reset_index(drop=True)
    found = pd.concat([order.assign(**{OUTCOME: o}) for o in ENDED_OUTCOMES], ignore_index=True)
    joined = found.merge(pd.concat(parts), on=[*keys, OUTCOME], how="inner")
    return joined[list(SHARE_COLUMNS)]


def _ended(wide: pd.DataFrame) -> pd.DataFrame:
    """Persons whose case has ended: all less those of open cases, or the sum of the outcomes.

    Where neither is told, the least and greatest number that the other figures leave.
    """
    outcomes = [_column(wide, outcome) for outcome in ENDED_OUTCOMES]
    by_sum = outcomes[0] + outcomes[1] + outcomes[2]
    every, open_ = _column(wide, ALL), _column(wide, "open")
    rest = pd.DataFrame(
        {
            PERSONS: every[PERSONS] - open_[PERSONS],
            "low": (every["low"] - open_["high"]).clip(lower=0),
            "high": every["high"] - open_["low"],
        }
    )
    least = sum((each["low"].fillna(0) for each in outcomes), start=pd.Series(0.0, wide.index))
    greatest = every["high"] - open_["low"].fillna(0)
    bounds = pd.DataFrame({PERSONS: np.nan, "low": least, "high": greatest})
    return rest.fillna(by_sum).fillna(bounds)


def _column(wide: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Persons with an outcome, as printed and as a range; none of an outcome that is not counted,
    as where all cases of a file have ended."""
    zero = pd.Series(0.0, index=wide.index)
    return pd.DataFrame({name: wide.get((name, outcome), zero) for name in RANGE})


def _of(wide: pd.DataFrame, ended: pd.DataFrame, outcome: str) -> pd.DataFrame:
    part = _column(wide, outcome)
    known = part[PERSONS].notna() & (ended["high"] > 0)
    count, total = part[known], ended[known]
    least = np.maximum(total["low"], count["low"])
    most = np.minimum(count["high"], least)
    low, high = over_completions(
        wilson, np.minimum(count["low"], most), most, least, np.maximum(total["high"], least)
    )
    share = np.minimum(count[PERSONS] / total[PERSONS], 1.0)
    found = pd.DataFrame(
        {"share": share, "low": low, "high": high, PERSONS: total[PERSONS]}, index=count.index
    )
    names = ["share", "low", "high"]
    found[names] = found[names].round(SHARE_DECIMALS)
    found = found.reindex(part.index)
    told = np.where(
        found["share"].notna(), SHOWN, np.where(found["low"].notna(), RANGE_ONLY, WITHHELD)
    )
    found[OUTCOME], found["status"] = outcome, told
    return found.reset_index()
