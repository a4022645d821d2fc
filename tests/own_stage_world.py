"""The small world with a stage of the analyst's own above the line: residence permits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.support import observation, ratio, write_world

LABEL = "Residence permits granted to victims"
PERMITS = {"label": LABEL, "unit": "persons", "after": "detected"}
PER_VICTIM = "permits_per_100_detected"
TITLE = "Residence permits per 100 detected victims"
MEASURES: dict[str, Any] = {
    PER_VICTIM: ratio(
        ("residence_permits", "persons"),
        ("detected", "victims"),
        title=TITLE,
        per=100,
        unit="persons with a permit per 100 detected victims",
        higher_is="better",
        decimals=1,
    ),
    "convicted_per_permit": ratio(
        ("convicted", "persons"), ("residence_permits", "persons"), title="Convicted per permit"
    ),
}
COUNTS = (
    observation("AAA", 2021, "detected", "victims", 40),
    observation("AAA", 2022, "detected", "victims", 60),
    observation("AAA", 2021, "residence_permits", "persons", 10),
    observation("AAA", 2022, "residence_permits", "persons", 15),
    observation("AAA", 2022, "convicted", "persons", 5),
    observation("BBB", 2021, "detected", "victims", 20),
    observation("BBB", 2022, "detected", "victims", 30),
    observation("BBB", 2021, "residence_permits", "persons", "<5"),
    observation("BBB", 2022, "residence_permits", "persons", None),
    observation("CCC", 2021, "detected", "victims", 50),
    observation("CCC", 2022, "detected", "victims", 50),
    observation("CCC", 2021, "residence_permits", "persons", 0),
    observation("CCC", 2022, "residence_permits", "persons", 20),
    observation("CCC", 2022, "convicted", "persons", 2),
)


def write_own_stage_world(
    folder: Path,
    counts: Iterable[str] = COUNTS,
    edit: Callable[[dict[str, Any]], object] = lambda config: None,
) -> Path:
    """Write the world and return the path of its config."""
    path = write_world(folder, counts, (), MEASURES)
    add_own_stages(path, edit)
    return path


def add_own_stages(
    path: Path, edit: Callable[[dict[str, Any]], object] = lambda config: None
) -> None:
    """Give a config the stage that `MEASURES` count."""
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["stages"] = {"residence_permits": dict(PERMITS)}
    edit(config)
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
