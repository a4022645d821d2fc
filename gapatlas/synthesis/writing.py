"""The files of a copy: its rows, and the descriptor that says what they are and are not."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from pathlib import Path
from typing import Any, Final

from gapatlas.catalogue import read_descriptor
from gapatlas.config import LoadedConfig
from gapatlas.config.vocabulary import SYNTHETIC
from gapatlas.errors import GapAtlasError, Problem
from gapatlas.files import write_atomically
from gapatlas.importers.base import descriptor_text
from gapatlas.protection import BRAND
from gapatlas.synthesis.copying import SyntheticCopy, case_dataset
from gapatlas.synthesis.settings import Settings

KIND: Final = ".csv"
NOT_FOR: Final = (
    "Take no figures from it, such as rates or effects of evidence: use the protected tables.",
    "What is rare is left out: that something is not here does not say that it never happens.",
    "Its rows are nobody's, and no two belong together: it tells of no person and no network.",
)


def descriptor_path(out: Path) -> Path:
    """Where the descriptor of a copy goes: `copy.csv` has `copy.descriptor.yaml`."""
    return out.with_suffix(".descriptor.yaml")


def refuse_paths(loaded: LoadedConfig, dataset_id: str, out: Path, overwrite: bool) -> None:
    """Refuse to write where something stands, or may not stand.

    Raises:
        GapAtlasError: with each reason.
    """
    problems = list(_path_problems(loaded, dataset_id, out, overwrite))
    if problems:
        raise GapAtlasError("The synthetic copy cannot be written there.", problems)


def write_copy(loaded: LoadedConfig, dataset_id: str, copy: SyntheticCopy, out: Path) -> None:
    """Write the rows and the descriptor; each file appears whole or not at all."""
    described = descriptor_text(_descriptor(loaded, dataset_id, copy))
    write_atomically(out, copy.frame.to_csv(index=False, lineterminator="\n"))
    write_atomically(descriptor_path(out), described)


def promises(settings: Settings) -> Iterator[str]:
    """What a copy keeps to, in words."""
    k, length = settings.k, settings.length
    if settings.epsilon is None:
        at_most = f"up to {length} values together"
        yield f"Drawn from rounded counts of {k} or more persons, by {at_most}."
        yield f"No combination of up to {length} values that fewer than {k} persons share is in it."
        yield f"It promises nothing of more than {length} values: they meet by chance."
        yield "Two copies of the same persons tell more than one: hand out one."
    else:
        noise = f"epsilon {settings.epsilon:g}, delta {settings.delta:g}"
        yield f"Drawn from counts with noise, by up to {length} values together."
        yield f"The noise is differential privacy by pac-synth: {noise}."
        times = f"{exp(settings.epsilon):,.1f}"
        yield f"Whether someone is in the file changes the odds of any copy {times} times at most."
        yield f"Values stand together where their count with noise is {k} or more: some never did."
        yield "Each further copy of the same persons spends as much again."


def _path_problems(
    loaded: LoadedConfig, dataset_id: str, out: Path, overwrite: bool
) -> Iterator[Problem]:
    if out.suffix != KIND:
        message = "A copy is a table of text."
        yield Problem("--out", message, found=out.name, allowed=f"a name that ends in {KIND}")
    if not out.parent.is_dir():
        yield Problem("--out", "There is no such folder.", found=str(out.parent))
    in_use = _files_in_use(loaded, dataset_id)
    for path in (out, descriptor_path(out)):
        if path.resolve() in in_use:
            message = "The config uses this file: a copy must not take its place."
            yield Problem("--out", message, found=str(path), allowed="another name")
        elif path.exists() and not overwrite:
            message = "The file is there already."
            yield Problem("--out", message, found=str(path), allowed="another name, or --overwrite")


def _files_in_use(loaded: LoadedConfig, dataset_id: str) -> set[Path]:
    """All that the config names but for other made-up cases, which a newer copy may replace."""
    names = {table.file for table in loaded.config.places}
    names |= {map_.file for map_ in loaded.config.maps.values()}
    for id_, dataset in loaded.config.datasets.items():
        if id_ == dataset_id or not dataset.synthetic:
            names |= {dataset.named, dataset.descriptor}
    return {loaded.path.resolve(), *(loaded.resolve(name).resolve() for name in names)}


def _descriptor(loaded: LoadedConfig, dataset_id: str, copy: SyntheticCopy) -> dict[str, Any]:
    dataset = case_dataset(loaded, dataset_id)
    original = read_descriptor(loaded.resolve(dataset.descriptor))
    settings = copy.settings
    brand = [BRAND] if settings.unprotected else []
    title = f"{SYNTHETIC} copy of {original.title}"
    facts = {
        "k": str(settings.k),
        "epsilon": "none" if settings.epsilon is None else f"{settings.epsilon:g}",
        "delta": "none" if settings.delta is None else f"{settings.delta:g}",
        "reporting_length": str(settings.length),
    }
    return {
        "title": ". ".join([title, *brand]),
        "publisher": original.publisher,
        "edition": f"{SYNTHETIC} copy of the edition {original.edition}",
        "licence": "to be set by the publisher before the copy is handed out",
        "citation": f"{SYNTHETIC} copy, made with Gap Atlas. {original.citation}",
        "retrieved": "made by gapatlas synthesise",
        "source_file": "none",
        "method": " ".join(promises(settings)),
        "caveats": [f"{SYNTHETIC}. No row is a person.", *brand, *NOT_FOR],
        "columns": {name: {"definition": _defined(name)} for name in copy.frame.columns},
        "notes": facts,
    }


def _defined(column: str) -> str:
    if column == "dataset":
        return f"{SYNTHETIC} in every row"
    return f"{column.replace('_', ' ')}; an empty cell was left open, 'unknown' is copied"
