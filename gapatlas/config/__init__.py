"""Room `config`: `config.yaml` and the effect library as frozen typed objects.

Imports nothing of ours but errors.
"""

from gapatlas.config.case_models import Disclosure, Spark
from gapatlas.config.effects import (
    Component,
    Effect,
    EffectLibrary,
    Entry,
    Preset,
    Term,
    load_effects,
)
from gapatlas.config.loader import (
    config_json_schema,
    default_config_path,
    default_snapshot_folder,
    load_config,
    snapshot_folder,
)
from gapatlas.config.models import (
    Amount,
    Association,
    AssociationDesign,
    Config,
    Dataset,
    Gaps,
    HigherMeans,
    Indicator,
    Lag,
    Limits,
    LoadedConfig,
    Measure,
    RateKind,
    Training,
)
from gapatlas.config.place_models import Map, PlaceTable, with_side_files
from gapatlas.config.problems import near_names
from gapatlas.config.stage_models import OwnStage, StageCount

__all__ = [
    "Amount",
    "Association",
    "AssociationDesign",
    "Component",
    "Config",
    "Dataset",
    "Disclosure",
    "Effect",
    "EffectLibrary",
    "Entry",
    "Gaps",
    "HigherMeans",
    "Indicator",
    "Lag",
    "Limits",
    "LoadedConfig",
    "Map",
    "Measure",
    "OwnStage",
    "PlaceTable",
    "Preset",
    "RateKind",
    "Spark",
    "StageCount",
    "Term",
    "Training",
    "config_json_schema",
    "default_config_path",
    "default_snapshot_folder",
    "load_config",
    "load_effects",
    "near_names",
    "snapshot_folder",
    "with_side_files",
]
