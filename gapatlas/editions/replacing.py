"""A config with another edition of one of its datasets, in a folder of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import yaml

from gapatlas.config.yaml_lines import read_yaml
from gapatlas.errors import Problem, UnknownNameError
from gapatlas.live import files_named_in

EDITION: Final = "gapatlas-edition"


def dataset_of(config: Path, old: Path) -> str:
    """Id of the dataset whose file a path is.

    Raises:
        UnknownNameError: no dataset of the config, or more than one, has the file.
    """
    datasets = read_yaml(config).data.get("datasets", {})
    found = [
        id_
        for id_, block in datasets.items()
        if (config.parent / str(block.get("file"))).resolve() == old.resolve()
    ]
    if len(found) == 1:
        return str(found[0])
    problem = Problem(
        config.name,
        f"{len(found) or 'No'} datasets have this file.",
        found=old.name,
        allowed="the file of a dataset, or its id in --dataset",
    )
    raise UnknownNameError("It is not clear which dataset is meant.", [problem])


def with_edition(config: Path, dataset_id: str, file: Path, folder: Path) -> Path:
    """Copy a config and its files, with another file for one dataset.

    Args:
        config: path of the config.
        dataset_id: id of the dataset.
        file: its other edition.
        folder: an empty folder to copy into; files are linked where that can be done.

    Returns:
        The path of the copied config.
    """
    for path in files_named_in(config):
        if path.is_file():
            _placed(path, folder / path.relative_to(config.parent))
    data = read_yaml(config).data
    ending = "".join(file.suffixes[-2:])
    placed = f"{EDITION}{ending}"
    _placed(file, folder / placed)
    data["datasets"][dataset_id]["file"] = placed
    # Files of persons take time to protect, and enter no measure.
    data["datasets"] = {i: d for i, d in data["datasets"].items() if d.get("kind") != "cases"}
    data["snapshots"] = {"folder": "snapshots"}
    copied = folder / config.name
    copied.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return copied


def _placed(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk
        shutil.copyfile(source, target)
