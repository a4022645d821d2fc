"""Shares made of published counts alone: with every true count that the figures can stand for."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapatlas.protection import SHOWN, WITHHELD
from gapatlas.statistics import wilson

Floats = NDArray[np.float64]

ENDED: Final = ("convicted", "acquitted", "dismissed")
OPEN: Final = "open"
CHARGED: Final = "all"
RANGED: Final = "range"
"""Status of a share that is known as a range: of those whose case has ended, a part is withheld."""
SHARE_COLUMNS: Final = (
    "value", "outcome", "share", "share_low", "share_high", "low", "high", "persons", "ended",
    "ended_low", "ended_high", "charged", "status",
)  # fmt: skip


def outcome_shares(counts: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """How cases ended: the share of each outcome in those that have ended.

    Args:
        counts: one split of `case_count`: value, outcome, persons, low, high, status.
        threshold: least number of persons that is ever printed.

    Returns:
        One row per value (in the order in which they come) and outcome of `ENDED`, with
        `SHARE_COLUMNS`: `share` from the printed figures, `share_low` to `share_high` over all
        counts that they can stand for, and the 95% interval `low` to `high` over these, all 0..1.
        `ended` and `charged` are printed persons. `status` is `shown`; `range` (no `share`, its
        two ends alone) where it is not printed how many have ended; or `withheld`, with no
        figure at all.
    """
    values = list(dict.fromkeys(counts["value"]))
    parts = {name: _of_outcome(counts, name, values) for name in (CHARGED, OPEN, *ENDED)}
    found = [_shares_of(parts, outcome, values, threshold) for outcome in ENDED]
    table = pd.concat(found) if values else pd.DataFrame(columns=list(SHARE_COLUMNS))
    order = {value: at for at, value in enumerate(values)}
    return table.sort_values("value", key=lambda column: column.map(order), kind="stable")[
        list(SHARE_COLUMNS)
    ].reset_index(drop=True)


def printed_share(
    part: ArrayLike, whole: ArrayLike, base: int, threshold: int
) -> tuple[Floats, Floats]:
    """The 95% interval of a share of two printed figures, over all that they can stand for.

    Args:
        part, whole: printed figures, shape (n,); NaN where withheld. Each part is contained in its
            whole.
        base, threshold: of the rules under which they were printed.

    Returns:
        Low and high, shape (n,); NaN where either is withheld.
    """
    below, above = base // 2, (base - 1) // 2
    given, all_ = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    known = ~np.isnan(given) & ~np.isnan(all_)
    ends = np.full((2, len(given)), np.nan)
    least = np.maximum(given[known] - below, threshold)
    least_whole = np.maximum(all_[known] - below, threshold)
    most, most_whole = given[known] + above, all_[known] + above
    least = np.minimum(least, most_whole)
    ends[0, known] = wilson(least, most_whole)[0]
    ends[1, known] = wilson(most, np.maximum(most, least_whole))[1]
    return ends[0], ends[1]


# ------------------------------------------------------------------ the arithmetic


def _of_outcome(counts: pd.DataFrame, outcome: str, values: list[str]) -> pd.DataFrame:
    """Persons, low and high of an outcome by value; NaN where withheld or not there at all."""
    own = counts[(counts["outcome"] == outcome) & (counts["status"] == SHOWN)]
    table = own.set_index("value")[["persons", "low", "high"]].astype("float64")
    return table.reindex(values)


def _shares_of(
    parts: dict[str, pd.DataFrame], outcome: str, values: list[str], threshold: int
) -> pd.DataFrame:
    own, charged, still = parts[outcome], parts[CHARGED], parts[OPEN]
    others = [parts[name] for name in ENDED if name != outcome]
    # Of those whose case has ended, all but the ones with this outcome: at least, and at most.
    rest_low = sum(part["low"].fillna(0.0) for part in others)
    rest_high = sum(part["high"].fillna(np.inf) for part in others)
    ended_low = charged["low"] - still["high"]
    ended_high = charged["high"] - still["low"].fillna(0.0)
    # The gate keeps figures of which one contains the other the threshold apart.
    ended_low = np.fmax(np.fmax(ended_low, threshold), own["low"].fillna(0.0) + rest_low)
    ended_high = np.fmin(ended_high.fillna(np.inf), own["high"] + rest_high)
    least = np.fmax(ended_low, own["high"] + rest_low)
    most = np.fmin(ended_high, own["low"] + rest_high)
    printed = (charged["persons"] - still["persons"]).fillna(
        sum(part["persons"] for part in (own, *others))
    )
    known = own["persons"].notna() & np.isfinite(most)
    exact = known & printed.notna()
    share_low = (own["low"] / most).where(known)
    share_high = (own["high"] / least).clip(upper=1.0).where(known)
    # What rounding leaves open is narrower where figures have to add up.
    share = (own["persons"] / printed).clip(share_low, share_high).where(exact)
    low, high = _interval(own, least, most, known)
    return pd.DataFrame(
        {
            "value": values,
            "outcome": outcome,
            "share": share.to_numpy(),
            "share_low": share_low.to_numpy(),
            "share_high": share_high.to_numpy(),
            "low": low,
            "high": high,
            "persons": own["persons"].to_numpy(),
            "ended": printed.to_numpy(),
            "ended_low": ended_low.where(known).to_numpy(),
            "ended_high": ended_high.where(known).to_numpy(),
            "charged": charged["persons"].to_numpy(),
            "status": np.where(exact, SHOWN, np.where(known, RANGED, WITHHELD)),
        }
    )


def _interval(
    own: pd.DataFrame, least: pd.Series, most: pd.Series, known: pd.Series
) -> tuple[Floats, Floats]:
    """Wilson's interval, from the lowest to the highest end over all counts."""
    ends = np.full((2, len(own)), np.nan)
    at = known.to_numpy()
    low, high = (own[name].to_numpy()[at] for name in ("low", "high"))
    ends[0, at] = wilson(low, np.maximum(low, most.to_numpy()[at]))[0]
    ends[1, at] = wilson(high, np.maximum(high, least.to_numpy()[at]))[1]
    return ends[0], ends[1]
