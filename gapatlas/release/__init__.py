"""Room `release`: from a case file to the tables of a snapshot, none of which gives anybody away.

`docs/explanation/disclosure.md` tells how persons are protected, `evidence.md` what is estimated.
"""

from gapatlas.release.releasing import (
    RELEASE_VERSION,
    TABLES,
    Release,
    release_cases,
    release_counts,
    typed,
)

__all__ = ["RELEASE_VERSION", "TABLES", "Release", "release_cases", "release_counts", "typed"]
