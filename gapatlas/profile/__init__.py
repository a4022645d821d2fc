"""Room `profile`: all that the sources tell of one place, and what they leave out.

from gapatlas import open_atlas
from gapatlas.profile import profile
atlas = open_atlas("config.yaml")
found = profile(atlas, "ROU", year=2022, window=5, benchmark="best_quarter")
found.headline, found.counts, found.gaps, found.conflicts, found.history, found.quality
"""

from gapatlas.profile.profiling import (
    LEVELS,
    Figures,
    Profile,
    figures_near,
    main_measure,
    profile,
)

__all__ = ["LEVELS", "Figures", "Profile", "figures_near", "main_measure", "profile"]
