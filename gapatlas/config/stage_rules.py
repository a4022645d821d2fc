"""What own stages must not be called, and counts of stages that nobody defined."""

from __future__ import annotations

from collections.abc import Iterator

from gapatlas.config.models import Config
from gapatlas.config.problems import Fault, near_names
from gapatlas.config.vocabulary import STAGE_LABELS, STAGE_UNITS
from gapatlas.languages import worded


def stage_faults(config: Config) -> Iterator[Fault]:
    """Every fault in the own stages of a config, and in what measures and associations count."""
    yield from _name_faults(config)
    yield from _label_faults(config)
    yield from _count_faults(config)


def _name_faults(config: Config) -> Iterator[Fault]:
    for id_, stage in config.stages.items():
        if id_ in STAGE_UNITS:
            message = worded("Every config has a stage with this name.")
            allowed = worded("a name other than {stages}", stages=", ".join(STAGE_UNITS))
            yield Fault(("stages", id_), message, id_, allowed)
        if stage.after is not None and stage.after not in STAGE_UNITS:
            message = worded("There is no known stage to stand behind.")
            allowed = near_names(stage.after, STAGE_UNITS)
            yield Fault(("stages", id_, "after"), message, stage.after, allowed)


def _label_faults(config: Config) -> Iterator[Fault]:
    """Words that two stages share: charts and tables would mix their counts."""
    taken = {label.casefold(): stage for (stage, _), label in STAGE_LABELS.items()}
    for id_, stage in config.stages.items():
        earlier = taken.setdefault(stage.label.casefold(), id_)
        if earlier != id_:
            message = worded("Two stages have one label: a reader could not tell them apart.")
            found = worded(
                "{label}, the label of {earlier} too", label=stage.label, earlier=earlier
            )
            yield Fault(("stages", id_, "label"), message, found, worded("a label of its own"))


def _count_faults(config: Config) -> Iterator[Fault]:
    units = config.stage_units()
    for path, count in config.stage_counts():
        if count.stage not in units:
            message = worded("There is no such stage.")
            allowed = worded(
                "{names}, or one of your own under `stages:`", names=near_names(count.stage, units)
            )
            yield Fault((*path, "stage"), message, count.stage, allowed)
        elif count.unit not in units[count.stage]:
            message = worded(
                "'{stage}' is not counted in {unit}.", stage=count.stage, unit=count.unit
            )
            yield Fault((*path, "unit"), message, count.unit, ", ".join(units[count.stage]))
