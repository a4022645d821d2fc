"""Two editions of a dataset, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.catalogue import read_catalogue
from gapatlas.config import Dataset, load_config
from gapatlas.editions.conclusions import COLUMNS, changed_conclusions
from gapatlas.editions.figures import CHANGES, changed_figures
from gapatlas.editions.replacing import dataset_of, with_edition
from gapatlas.errors import Problem, UnknownNameError
from gapatlas.validate import validate

COUNTED: Final = ("observations", "flows")
"""Kinds whose figures enter measures of their own source alone."""


@dataclass(frozen=True)
class EditionDiff:
    """What differs between two editions.

    Attributes:
        dataset_id: id of the dataset.
        title: of the dataset, with its publisher.
        old, new: names of the two files.
        rows: rows of the old and of the new table.
        figures: one row per figure that differs; see `changed_figures`.
        conclusions: one row per measure and place of which another thing can be said; see
            `changed_conclusions`.
    """

    dataset_id: str
    title: str
    old: str
    new: str
    rows: tuple[int, int]
    figures: pd.DataFrame
    conclusions: pd.DataFrame

    def count(self, change: str) -> int:
        """How many figures were added, removed or revised."""
        return int((self.figures["change"] == change).sum())

    def sentences(self) -> list[str]:
        """What has changed, in words."""
        return list(_sentences(self))


def compare_editions(
    config: str | Path, old: str | Path, new: str | Path, dataset_id: str | None = None
) -> EditionDiff:
    """Compare two editions of a dataset, and what follows from them.

    Args:
        config: path of the config that describes the dataset.
        old, new: two files that the dataset could name.
        dataset_id: id of the dataset; None means the one whose file is `old`.

    Raises:
        GapAtlasError: the config or one of the editions has faults; every one is listed.
        UnknownNameError: no dataset has the file or the id, or it has rows of persons: two
            editions of those tell who came between them.
    """
    config, old, new = Path(config).resolve(), Path(old), Path(new)
    known = load_config(config).config.datasets
    id_ = dataset_id or dataset_of(config, old)
    _refuse(known, id_)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        sides = [
            with_edition(config, id_, edition, Path(folder))
            for edition, folder in ((old, one), (new, other))
        ]
        catalogues = [read_catalogue(load_config(path)) for path in sides]
        tables = [validate(catalogue).table(id_) for catalogue in catalogues]
        descriptor = next(v.descriptor for v in catalogues[0].datasets if v.id == id_)
        with open_atlas(sides[0]) as before, open_atlas(sides[1]) as after:
            conclusions = _conclusions(before, after, known[id_])
    return EditionDiff(
        dataset_id=id_,
        title=f"{descriptor.title}, {descriptor.publisher}",
        old=old.name,
        new=new.name,
        rows=(len(tables[0]), len(tables[1])),
        figures=changed_figures(known[id_].kind, *tables),
        conclusions=conclusions,
    )


def _refuse(known: dict[str, Dataset], id_: str) -> None:
    if id_ not in known:
        allowed = ", ".join(known)
        problem = Problem("dataset", "No dataset has this id.", found=id_, allowed=allowed)
        raise UnknownNameError(f"There is no dataset '{id_}'.", [problem])
    if known[id_].kind == "cases":
        message = "Two editions of a file of persons tell who came between them."
        problem = Problem("dataset", message, found=id_, allowed="a dataset of another kind")
        raise UnknownNameError("Files of persons are not compared.", [problem])


def _conclusions(before: Atlas, after: Atlas, dataset: Dataset) -> pd.DataFrame:
    if dataset.kind == "case_counts":  # no measure counts them
        return pd.DataFrame(columns=list(COLUMNS))
    source = dataset.source if dataset.kind in COUNTED else None
    return changed_conclusions(before, after, source)


def _sentences(diff: EditionDiff) -> Iterator[str]:
    counts = {change: diff.count(change) for change in CHANGES}
    if not any(counts.values()):
        yield "The two editions hold the same figures."
        return
    told = ", ".join(f"{number:,} {change}" for change, number in counts.items())
    yield f"Of {diff.rows[0]:,} figures before and {diff.rows[1]:,} after: {told}."
    number = len(diff.conclusions)
    if not number:
        yield "No conclusion of any measure changes in the last years that both editions have."
        return
    places, measures = (diff.conclusions[name].nunique() for name in ("place", "measure"))
    yield (
        f"{number:,} conclusions change, for {places:,} places and {measures:,} measures, in the "
        "last years that both editions have."
    )
