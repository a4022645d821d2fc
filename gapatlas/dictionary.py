"""Room `dictionary`: what each column of each dataset means, in which unit, from which source."""

from __future__ import annotations

import pandas as pd

from gapatlas.catalogue import Catalogue
from gapatlas.config import near_names
from gapatlas.config.schema import TABLE_COLUMNS
from gapatlas.errors import Problem, UnknownNameError

COLUMNS = ("dataset", "kind", "title", "publisher", "edition", "column", "definition", "unit")


def data_dictionary(catalogue: Catalogue, dataset_id: str | None = None) -> pd.DataFrame:
    """The dictionary of the datasets of a config.

    Args:
        catalogue: versions of all files.
        dataset_id: only this dataset; None means all.

    Returns:
        One row per dataset and column, in the order of the file: `dataset, kind, title,
        publisher, edition, column, definition, unit`. Where a descriptor says nothing of a
        column, the definition says so.

    Raises:
        UnknownNameError: there is no such dataset.
    """
    known = {version.id: version for version in catalogue.datasets}
    if dataset_id is not None and dataset_id not in known:
        problem = Problem("dataset", "No dataset has this id.", found=dataset_id)
        near = near_names(dataset_id, known)
        raise UnknownNameError(f"There is no dataset '{dataset_id}'. Near: {near}.", [problem])
    lines = []
    for version in known.values() if dataset_id is None else [known[dataset_id]]:
        descriptor, dataset = version.descriptor, version.dataset
        of_file = (version.id, dataset.kind, descriptor.title, descriptor.publisher)
        own = tuple(dataset.columns) if dataset.kind == "cases" else TABLE_COLUMNS[dataset.kind]
        for column in dict.fromkeys([*own, *descriptor.columns]):
            said = descriptor.columns.get(column)
            definition = said.definition if said else _mapped_to(dataset.columns.get(column))
            unit = said.unit if said else None
            lines.append((*of_file, descriptor.edition, column, definition, unit or ""))
    return pd.DataFrame(lines, columns=list(COLUMNS))


def _mapped_to(meaning: str | None) -> str:
    return f"read as {meaning}" if meaning else "the descriptor does not say"
