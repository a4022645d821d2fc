"""What the briefs of one atlas have in common, computed once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from gapatlas.atlas import Atlas
from gapatlas.comparison.comparing import Frames, every_window_of
from gapatlas.languages import kept_by_language
from gapatlas.profile.profiling import GapFinder, gaps_found

_KEPT: Final = 1024
"""Results that are kept, of all languages: more than there are measures, sources and windows."""


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
        frames = kept_by_language(_KEPT)(partial(every_window_of, atlas))
        return cls(atlas, frames, kept_by_language(_KEPT)(partial(gaps_found, atlas, frames)))
