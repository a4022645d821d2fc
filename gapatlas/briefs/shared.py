"""What the briefs of one atlas have in common, computed once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

from gapatlas.atlas import Atlas
from gapatlas.comparison.comparing import Frames, every_window_of
from gapatlas.profile.profiling import GapFinder, gaps_found


@dataclass(frozen=True)
class Shared:
    """Figures of all places, and their gaps, for one brief after the other.

    Attributes:
        atlas: where they come from.
        frames: gives all figures of a measure, source and length of windows.
        find: finds the gaps of all places.
    """

    atlas: Atlas
    frames: Frames
    find: GapFinder

    @classmethod
    def of(cls, atlas: Atlas) -> Shared:
        """Keep what is asked of an atlas."""
        frames = lru_cache(maxsize=None)(partial(every_window_of, atlas))
        return cls(atlas, frames, lru_cache(maxsize=None)(partial(gaps_found, atlas, frames)))
