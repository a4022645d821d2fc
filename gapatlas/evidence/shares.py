"""Shares made of published counts alone, and the range that is left where a part is withheld."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapatlas.protection import ALL, SHOWN, WITHHELD
from gapatlas.statistics import wilson

Floats = NDArray[np.float64]

ENDED: Final = ("convicted", "acquitted", "dismissed")
OPEN: Final = "open"
RANGED: Final = "range"
"""Status of a share that is known as a range: of those whose case has ended, a part is withheld."""
SHARE_COLUMNS: Final = (
    "value", "outcome", "share", "share_low", "share_high", "low", "high", "persons", "ended",
    "ended_low", "ended_high", "charged", "status",
)  # fmt: skip


def outcome_shares(counts: pd.DataFrame, shares: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """How cases ended: the share of each outcome in those that have ended.

    Args:
        counts: one split of `case_count`: value, outcome, persons, low, high, status.
        shares: the same split of `case_share`: value, outcome, share, low, high, persons, status.
        threshold: least number of persons that is ever printed.

    Returns:
        One row per value (in the order in which they come) and outcome of `ENDED`, with
        `SHARE_COLUMNS`; shares are 0..1, `low` to `high` is the 95% interval. `status` is `shown`;
        `range` where it is withheld how many have ended, but not within which limits (no `share`,
        but `share_low` to `share_high`); or `withheld`, with no figure at all. `persons`, `ended`
        and `charged` are printed persons, `ended_low` to `ended_high` what can have ended.
    """
    values = list(dict.fromkeys(counts["value"]))
    parts = {name: _of_outcome(counts, name, values) for name in (ALL, OPEN, *ENDED)}
    found = [_told(parts, shares, outcome, values, threshold) for outcome in ENDED]
    table = pd.concat(found, ignore_index=True)
    order = {value: at for at, value in enumerate(values)}
    ordered = table.sort_values("value", key=lambda column: column.map(order), kind="stable")
    return ordered[list(SHARE_COLUMNS)].reset_index(drop=True)


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
    least, least_whole = (np.maximum(each[known] - below, threshold) for each in (given, all_))
    most, most_whole = given[known] + above, all_[known] + above
    ends[:, known] = _interval(least, most, least_whole, most_whole)
    return ends[0], ends[1]


def _interval(low: Floats, high: Floats, whole_low: Floats, whole_high: Floats) -> Floats:
    """Wilson's interval over all counts within limits of which the part is no more than the
    whole, shape (2, n)."""
    first, _ = wilson(np.minimum(low, whole_high), whole_high)
    _, last = wilson(high, np.maximum(high, whole_low))
    return np.stack([first, last])


def _of_outcome(counts: pd.DataFrame, outcome: str, values: list[str]) -> pd.DataFrame:
    """Persons, low and high of an outcome by value; NaN where withheld. An outcome that is not
    counted at all has nobody: where few cases are open, they are left out of the file."""
    names = ["persons", "low", "high"]
    own = counts[counts["outcome"] == outcome]
    if own.empty:
        return pd.DataFrame(0.0, index=values, columns=names)
    shown = own[own["status"] == SHOWN].set_index("value")[names].astype("float64")
    return shown.reindex(values)


def _told(
    parts: dict[str, pd.DataFrame],
    shares: pd.DataFrame,
    outcome: str,
    values: list[str],
    threshold: int,
) -> pd.DataFrame:
    """One outcome: the published share, else its range, else nothing."""
    own = shares[(shares["outcome"] == outcome) & (shares["status"] == SHOWN)]
    exact = own.set_index("value")[["share", "low", "high", "persons"]].astype("float64")
    exact = exact.reindex(values)
    ranged = _ranged(parts, outcome, threshold)
    shown, told = exact["share"].notna(), exact["share"].notna() | ranged["share_low"].notna()
    return pd.DataFrame(
        {
            **{name: ranged[name].mask(shown) for name in ("share_low", "share_high")},
            **{name: ranged[name] for name in ("ended_low", "ended_high")},
            "share": exact["share"],
            "low": exact["low"].where(shown, ranged["low"]),
            "high": exact["high"].where(shown, ranged["high"]),
            "ended": exact["persons"],
            "persons": parts[outcome]["persons"],
            "charged": parts[ALL]["persons"],
            "outcome": outcome,
            "status": np.where(shown, SHOWN, np.where(told, RANGED, WITHHELD)),
        }
    ).rename_axis("value").reset_index()  # fmt: skip


def _ranged(parts: dict[str, pd.DataFrame], outcome: str, threshold: int) -> pd.DataFrame:
    """Between which limits a share lies, by what is published of the other outcomes."""
    own, charged, still = (_numbers(parts[name]) for name in (outcome, ALL, OPEN))
    others = [_numbers(parts[name]) for name in ENDED if name != outcome]
    # Of those whose case has ended, all but the ones with this outcome: at least, and at most.
    rest_low = np.sum([np.nan_to_num(part["low"]) for part in others], axis=0)
    rest_high = np.sum([np.nan_to_num(part["high"], nan=np.inf) for part in others], axis=0)
    ended_low = np.fmax(charged["low"] - still["high"], own["low"] + rest_low)
    ended_high = np.fmin(charged["high"] - np.nan_to_num(still["low"]), own["high"] + rest_high)
    # The gate keeps figures of which one contains the other the threshold apart.
    ended_low = np.fmax(ended_low, threshold)
    least = np.fmax(ended_low, own["high"] + rest_low)
    most = np.fmin(ended_high, own["low"] + rest_high)
    known = np.isfinite(own["persons"]) & np.isfinite(most)
    ends = np.full((2, len(known)), np.nan)
    ends[:, known] = _interval(own["low"][known], own["high"][known], least[known], most[known])
    table = {
        "share_low": own["low"] / most,
        "share_high": np.minimum(own["high"] / least, 1.0),
        "ended_low": ended_low,
        "ended_high": ended_high,
    }
    told = {name: np.where(known, values, np.nan) for name, values in table.items()}
    return pd.DataFrame({**told, "low": ends[0], "high": ends[1]}, index=parts[outcome].index)


def _numbers(part: pd.DataFrame) -> dict[str, Floats]:
    return {str(name): part[name].to_numpy(np.float64) for name in part}
