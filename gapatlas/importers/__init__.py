"""Importers: one module for each official file layout, from published file to curated tables.

result = IMPORTERS["glotip"].read(Path("data_glotip.xlsx"))
IMPORTERS["glotip"].write(result, Path("data/unodc_glotip"))
IMPORTERS["glotip"].verify(Path("data_glotip.xlsx"))
"""

from __future__ import annotations

from gapatlas.importers.base import Check, Edition, Figure, Import, Importer
from gapatlas.importers.bjs import Bjs
from gapatlas.importers.boundaries import Boundaries
from gapatlas.importers.census import Census
from gapatlas.importers.fbi import Fbi
from gapatlas.importers.glotip import Glotip
from gapatlas.importers.hti import Hti
from gapatlas.importers.three_p import ThreeP
from gapatlas.importers.tip_report import TipReport
from gapatlas.importers.tip_tiers import TipTiers
from gapatlas.importers.us_cases import UsCases
from gapatlas.importers.us_defendants import UsDefendants
from gapatlas.importers.us_grants import UsGrants
from gapatlas.importers.walk_free import WalkFree
from gapatlas.importers.wgi import Wgi
from gapatlas.importers.wjp import Wjp
from gapatlas.importers.world_bank import WorldBank

IMPORTERS: dict[str, Importer] = {
    importer.id: importer
    for importer in (
        Glotip(),
        Fbi(),
        TipReport(),
        Hti(),
        Bjs(),
        UsDefendants(),
        UsCases(),
        TipTiers(),
        ThreeP(),
        Wgi(),
        Wjp(),
        WalkFree(),
        UsGrants(),
        WorldBank(),
        Census(),
        Boundaries(),
    )
}

__all__ = ["IMPORTERS", "Check", "Edition", "Figure", "Import", "Importer"]
