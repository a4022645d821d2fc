"""Gap Atlas: where laws against human trafficking go unenforced.

    import gapatlas
    atlas = gapatlas.open_atlas("config.yaml")
    frame = atlas.measure("convicted_per_prosecuted", jurisdictions=["ROU", "NLD"],
                          years=(2018, 2022), window=5, source="unodc_glotip")
    found = gapatlas.compare(atlas, "convicted_per_prosecuted", "ROU", year=2022, window=5)

Heavy modules are imported on first use, so that `import gapatlas` takes a moment.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gapatlas.errors import GapAtlasError, Problem

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas, AtlasFrame, open_atlas
    from gapatlas.briefs import Brief, brief
    from gapatlas.comparison import Comparison, answers, compare
    from gapatlas.evidence import CaseEvidence, case_evidence
    from gapatlas.export import read_back, save_chart
    from gapatlas.gaps import Gap, find_gaps, waterfall
    from gapatlas.investment import (
        Association,
        Investment,
        find_association,
        invest,
        load_scenario,
        save_scenario,
    )
    from gapatlas.links import Changes, DataChangedWarning, from_link, what_changed
    from gapatlas.state import Scenario
    from gapatlas.telling import Opening, opening

__version__ = "0.1.0"
__all__ = [
    "Association",
    "Atlas",
    "AtlasFrame",
    "Brief",
    "CaseEvidence",
    "Changes",
    "Comparison",
    "DataChangedWarning",
    "Gap",
    "GapAtlasError",
    "Investment",
    "Opening",
    "Problem",
    "Scenario",
    "answers",
    "brief",
    "case_evidence",
    "compare",
    "find_association",
    "find_gaps",
    "from_link",
    "invest",
    "load_scenario",
    "open_atlas",
    "opening",
    "read_back",
    "save_chart",
    "save_scenario",
    "waterfall",
    "what_changed",
]
_ROOMS = {
    "Association": "investment",
    "find_association": "investment",
    "Atlas": "atlas",
    "AtlasFrame": "atlas",
    "open_atlas": "atlas",
    "Brief": "briefs",
    "brief": "briefs",
    "Comparison": "comparison",
    "answers": "comparison",
    "compare": "comparison",
    "CaseEvidence": "evidence",
    "case_evidence": "evidence",
    "Gap": "gaps",
    "find_gaps": "gaps",
    "waterfall": "gaps",
    "Investment": "investment",
    "invest": "investment",
    "load_scenario": "investment",
    "save_scenario": "investment",
    "Scenario": "state",
    "Changes": "links",
    "DataChangedWarning": "links",
    "from_link": "links",
    "what_changed": "links",
    "Opening": "telling",
    "opening": "telling",
    "read_back": "export",
    "save_chart": "export",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"gapatlas.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'gapatlas' has no attribute '{name}'")
