"""Gap Atlas: where laws against human trafficking go unenforced.

    import gapatlas
    atlas = gapatlas.open_atlas("config.yaml")
    frame = atlas.measure("convicted_per_prosecuted", jurisdictions=["ROU", "NLD"],
                          years=(2018, 2022), window=5, source="unodc_glotip")

Heavy modules are imported on first use, so that `import gapatlas` takes a moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapatlas.errors import GapAtlasError, Problem

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas, AtlasFrame, open_atlas

__version__ = "0.1.0"
__all__ = ["Atlas", "AtlasFrame", "GapAtlasError", "Problem", "open_atlas"]


def __getattr__(name: str) -> Any:
    if name in ("Atlas", "AtlasFrame", "open_atlas"):
        from gapatlas import atlas

        return getattr(atlas, name)
    raise AttributeError(f"module 'gapatlas' has no attribute '{name}'")
