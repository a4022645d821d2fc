"""How many convictions a year are missing: the gap as an allocation of money needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gapatlas.config import StageCount
from gapatlas.gaps.gap import Frames, find_gaps
from gapatlas.tables import rows
from gapatlas.training import Gap as ConvictionGap

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

WINDOW = 5


def conviction_measure(atlas: Atlas, source: str) -> str | None:
    """Id of the measure that sets convicted persons against prosecuted ones of the same years in
    a source; None where the config has none."""
    for id_, measure in atlas.config.measures.items():
        below = measure.below
        fits = (
            measure.level in ("country", "province")
            and measure.lag is None
            and measure.numerator == StageCount(stage="convicted", unit="persons")
            and below is not None
            and (below.stage, below.unit) == ("prosecuted", "persons")
        )
        if fits and source in atlas.sources_of(id_):
            return id_
    return None


def convictions_missing(
    atlas: Atlas, source: str, *, year: int, frames: Frames | None = None
) -> dict[str, ConvictionGap]:
    """Convictions a year that each place lacks against the middle of its region.

    Args:
        atlas: the atlas.
        source: source id.
        year: last of the five years that are compared.
        frames: as `find_gaps` takes them.

    Returns:
        Place id -> expected convictions a year and how many of them are missing, at the middle of
        the range that counts leave open; not a number where there is no benchmark. Empty where the
        config has no measure for it.
    """
    measure = conviction_measure(atlas, source)
    if measure is None:
        return {}
    window = min(WINDOW, year - atlas.years_of(measure, source)[0] + 1)
    gap = find_gaps(atlas, measure, year=year, window=window, source=source, frames=frames)
    return {row.jurisdiction_id: _of(row) for row in rows(gap.table)}


def _of(row: object) -> ConvictionGap:
    used = getattr(row, "years_used", 0)
    ends = [getattr(row, name) for name in ("number_low", "number_high")]
    expected = [getattr(row, name) for name in ("expected_low", "expected_high")]
    if not used or not np.isfinite([*ends, *expected]).all():
        return ConvictionGap(np.nan, np.nan)
    missing, wanted = (float(np.mean(pair)) / used for pair in (ends, expected))
    return ConvictionGap(min(missing, wanted), wanted)
