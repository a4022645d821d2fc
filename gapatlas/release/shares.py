"""Shares of those whose case has ended, made of published counts alone."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gapatlas.protection import ALL, SHOWN, WITHHELD
from gapatlas.release.cube import OUTCOME, PERSONS, STAGES
from gapatlas.statistics import over_completions, wilson

ENDED: Final = tuple(stage for stage in STAGES if stage != "open")
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
        (of printed figures), `status`. Missing where withheld.
    """
    keys = ["split", "value"]
    numbers = {name: counts[name].to_numpy("float64", na_value=np.nan) for name in RANGE}
    wide = counts.assign(**numbers).pivot(index=keys, columns=OUTCOME, values=list(RANGE))
    ended = _ended(wide)
    parts = [_of(wide, ended, outcome) for outcome in ENDED if (PERSONS, outcome) in wide]
    order = counts[keys].drop_duplicates().reset_index(drop=True)
    found = pd.concat([order.assign(**{OUTCOME: o}) for o in ENDED], ignore_index=True)
    joined = found.merge(pd.concat(parts), on=[*keys, OUTCOME], how="inner")
    return joined[list(SHARE_COLUMNS)]


def _ended(wide: pd.DataFrame) -> pd.DataFrame:
    """Persons whose case has ended: all less those of open cases, or the sum of the outcomes."""
    convicted, acquitted, dismissed = (_column(wide, outcome) for outcome in ENDED)
    by_sum = convicted + acquitted + dismissed
    every, open_ = _column(wide, ALL), _column(wide, "open")
    rest = pd.DataFrame(
        {
            PERSONS: every[PERSONS] - open_[PERSONS],
            "low": (every["low"] - open_["high"]).clip(lower=0),
            "high": every["high"] - open_["low"],
        }
    )
    return rest.fillna(by_sum)


def _column(wide: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Persons with an outcome, as printed and as a range; none of an outcome that is not counted,
    as where all cases of a file have ended."""
    zero = pd.Series(0.0, index=wide.index)
    return pd.DataFrame({name: wide.get((name, outcome), zero) for name in RANGE})


def _of(wide: pd.DataFrame, ended: pd.DataFrame, outcome: str) -> pd.DataFrame:
    part = _column(wide, outcome)
    known = part[PERSONS].notna() & (ended[PERSONS] > 0)
    count, total = part[known], ended[known]
    most = np.minimum(count["high"], total["low"])
    low, high = over_completions(
        wilson, np.minimum(count["low"], most), most, total["low"], total["high"]
    )
    share = np.minimum(count[PERSONS] / total[PERSONS], 1.0)
    found = pd.DataFrame(
        {"share": share, "low": low, "high": high, PERSONS: total[PERSONS]}, index=count.index
    )
    names = ["share", "low", "high"]
    found[names] = found[names].round(SHARE_DECIMALS)
    found = found.reindex(part.index)
    found[OUTCOME], found["status"] = outcome, np.where(known, SHOWN, WITHHELD)
    return found.reset_index()
