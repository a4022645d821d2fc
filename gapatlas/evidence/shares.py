"""Shares with what they rest on, and intervals of shares that two printed figures make."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapatlas.config.vocabulary import ENDED_OUTCOMES
from gapatlas.protection import ALL, Rules
from gapatlas.statistics import over_completions, wilson

Floats = NDArray[np.float64]

SHARE_COLUMNS: Final = (
    "value", "outcome", "share", "low", "high", "persons", "ended", "charged", "status",
)  # fmt: skip


def outcome_shares(counts: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """How cases ended: the share of each outcome in those that have ended.

    Args:
        counts: one split of `case_count`: value, outcome, persons.
        shares: the same split of `case_share`: value, outcome, share, low, high, persons, status.

    Returns:
        One row per value (in the order in which they come) and outcome of `ENDED_OUTCOMES`, with
        `SHARE_COLUMNS`. `share` and its 95% interval `low` to `high` are 0..1; `status` is
        `shown`, `range` (an interval without a share: a part is withheld) or `withheld`.
        `persons` (with the outcome), `ended` and `charged` are printed persons, NaN where
        withheld.
    """
    values = list(dict.fromkeys(counts["value"]))
    whole = counts.set_index(["outcome", "value"])["persons"].astype("float64")
    own = shares.set_index(["outcome", "value"])
    found = [
        pd.DataFrame(
            {
                "value": values,
                "outcome": outcome,
                **{name: told[name].astype("float64") for name in ("share", "low", "high")},
                "persons": _of(whole, outcome, values),
                "ended": told["persons"].astype("float64"),
                "charged": _of(whole, ALL, values),
                "status": told["status"],
            }
        )
        for outcome in ENDED_OUTCOMES
        if outcome in own.index
        for told in [own.loc[outcome].reindex(values).reset_index()]
    ]
    if not found:
        return pd.DataFrame(columns=list(SHARE_COLUMNS))
    order = {value: at for at, value in enumerate(values)}
    table = pd.concat(found, ignore_index=True)
    return table.sort_values("value", key=lambda column: column.map(order), kind="stable")[
        list(SHARE_COLUMNS)
    ].reset_index(drop=True)


def _of(persons: pd.Series, outcome: str, values: list[str]) -> Floats:
    own = persons.loc[outcome] if outcome in persons.index else pd.Series(dtype="float64")
    return own.reindex(values).to_numpy(np.float64)


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
    rules = Rules(threshold, base, unprotected=True)
    given, all_ = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    known = ~np.isnan(given) & ~np.isnan(all_)
    most, most_whole = rules.greatest(given[known]), rules.greatest(all_[known])
    least = np.minimum(rules.least(given[known]), most_whole)
    least_whole = np.maximum(rules.least(all_[known]), most)
    ends = np.full((2, len(given)), np.nan)
    ends[:, known] = over_completions(wilson, least, most, least_whole, most_whole)
    return ends[0], ends[1]
