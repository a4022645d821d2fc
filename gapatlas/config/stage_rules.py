"""What own stages must not be called, and counts of stages that nobody defined."""

from __future__ import annotations

from collections.abc import Iterator

from gapatlas.config.models import Config
from gapatlas.config.problems import Fault, near_names
from gapatlas.config.vocabulary import STAGE_LABELS, STAGE_UNITS


def stage_faults(config: Config) -> Iterator[Fault]:
    """Every fault in the own stages of a config, and in what measures and associations count."""
    yield from _name_faults(config)
    yield from _label_faults(config)
    yield from _count_faults(config)


def _name_faults(config: Config) -> Iterator[Fault]:
    for id_, stage in config.stages.items():
        if id_ in STAGE_UNITS:
            message = "Every config has a stage with this name."
            allowed = f"a name other than {', '.join(STAGE_UNITS)}"
            yield Fault(("stages", id_), message, id_, allowed)
        if stage.after is not None and stage.after not in STAGE_UNITS:
            message = "There is no known stage to stand behind."
            allowed = near_names(stage.after, STAGE_UNITS)
            yield Fault(("stages", id_, "after"), message, stage.after, allowed)


def _label_faults(config: Config) -> Iterator[Fault]:
    """Words that two stages share: charts and tables would mix their counts."""
    taken = {label.casefold(): stage for (stage, _), label in STAGE_LABELS.items()}
    for id_, stage in config.stages.items():
        earlier = taken.setdefault(stage.label.casefold(), id_)
        if earlier != id_:
            message = "Two stages have one label: a reader could not tell them apart."
            found = f"{stage.label}, the label of {earlier} too"
            yield Fault(("stages", id_, "label"), message, found, "a label of its own")


def _count_faults(config: Config) -> Iterator[Fault]:
    units = config.stage_units()
    for path, count in config.stage_counts():
        if count.stage not in units:
            message = "There is no such stage."
            allowed = f"{near_names(count.stage, units)}, or one of your own under `stages:`"
            yield Fault((*path, "stage"), message, count.stage, allowed)
        elif count.unit not in units[count.stage]:
            message = f"'{count.stage}' is not counted in {count.unit}."
            yield Fault((*path, "unit"), message, count.unit, ", ".join(units[count.stage]))
