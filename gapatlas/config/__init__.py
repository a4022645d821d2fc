"""Room `config`: `config.yaml` as frozen typed objects. Imports nothing of ours but errors."""

from gapatlas.config.loader import (
    config_json_schema,
    default_config_path,
    default_snapshot_folder,
    load_config,
    near_names,
    snapshot_folder,
)
from gapatlas.config.models import (
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
    Map,
    Measure,
    RateKind,
    StageCount,
)

__all__ = [
    "Association",
    "AssociationDesign",
    "Config",
    "Dataset",
    "Gaps",
    "HigherMeans",
    "Indicator",
    "Lag",
    "Limits",
    "LoadedConfig",
    "Map",
    "Measure",
    "RateKind",
    "StageCount",
    "config_json_schema",
    "default_config_path",
    "default_snapshot_folder",
    "load_config",
    "near_names",
    "snapshot_folder",
]
