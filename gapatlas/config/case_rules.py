"""What the keys of kinds `cases` and `case_counts` must keep to beyond the types of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gapatlas.config.case_models import CaseKeys
from gapatlas.config.models import Dataset
from gapatlas.config.problems import Fault, near_names
from gapatlas.config.vocabulary import (
    CASE_WORDS,
    LIST_COLUMNS,
    NEEDED_CASE_COLUMNS,
    SYNTHETIC,
)
from gapatlas.languages import either, together, worded

FILE_KINDS = (".csv", ".parquet")
LONGEST_LABEL = 60
COUNTED_KINDS = ("cases", "case_counts")
KEYS_OF_COUNTS = ("synthetic", "disclosure")
SECRETS = ("secret", "password", "token", "key")
PROTECTING = {
    # Text of a query and of a plan can hold cells: they go to no file and no page.
    "spark.eventLog.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",
    "spark.executor.syncLogLevel.enabled": "true",
    # What does not fit into memory lies on the workers' disks for as long as the job takes.
    "spark.io.encryption.enabled": "true",
    # What can't be read is a fault, never a gap.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.sql.caseSensitive": "true",
}
"""Settings of Spark that no config changes."""
OPEN_COLUMNS = ("place", "charge")
"""Columns that have codes, but no fixed words to map them to."""


def case_faults(dataset: Dataset) -> Iterator[Fault]:
    """Every fault in the keys of one dataset; paths count from its block."""
    yield from _kind_faults(dataset)
    if dataset.kind in COUNTED_KINDS:
        yield from _synthetic_faults(dataset)
    if dataset.kind == "case_counts" and dataset.period is None:
        message = worded("Counts of cases need the years in which the persons were charged.")
        yield Fault(
            (), message, worded("no `{key}`", key="period"), worded("a period such as [2000, 2016]")
        )
    if dataset.kind != "cases":
        return
    if dataset.read is not None:
        message = worded("A case file is read as it stands.")
        yield Fault(
            ("read",),
            message,
            worded("a block `{key}`", key="read"),
            worded("no such block for kind cases"),
        )
    if not dataset.named.endswith(FILE_KINDS):
        message = worded("A case file is a table of text or parquet.")
        yield Fault(
            ("file",),
            message,
            dataset.named,
            worded("a name that ends in {endings}", endings=_either(FILE_KINDS)),
        )
    yield from _engine_faults(dataset)
    yield from _column_faults(dataset)
    yield from _list_faults(dataset)
    for ours, codes in dataset.codes.items():
        yield from _code_faults(dataset, ours, codes)


def _kind_faults(dataset: Dataset) -> Iterator[Fault]:
    """Keys that datasets of this kind do not have."""
    for key in CaseKeys.model_fields:
        kinds = COUNTED_KINDS if key in KEYS_OF_COUNTS else COUNTED_KINDS[:1]
        if key in dataset.model_fields_set and dataset.kind not in kinds:
            message = worded("Only datasets of kind {kinds} have this key.", kinds=either(kinds))
            yield Fault((key,), message, dataset.kind, worded("kind: {kinds}", kinds=either(kinds)))


def _engine_faults(dataset: Dataset) -> Iterator[Fault]:
    if dataset.engine == "spark":
        if dataset.spark is None:
            message = worded("Where is that Spark?")
            yield Fault(
                ("engine",),
                message,
                worded("no block `spark`"),
                worded("a block `spark` with `master`"),
            )
        if not dataset.named.endswith(".parquet"):
            message = worded("Spark is given case files of parquet alone.")
            allowed = worded("a name that ends in {endings}", endings=".parquet")
            yield Fault(("file",), message, dataset.named, allowed)
    for name in dataset.spark.settings if dataset.spark else ():
        path = ("spark", "settings", name)
        if not name.startswith("spark."):
            message = worded("This is no setting of Spark.")
            yield Fault(path, message, name, worded("names that begin with spark."))
        elif name in PROTECTING:
            message = worded("This setting protects the persons in the file, and is not changed.")
            yield Fault(path, message, name, worded("every other setting of Spark"))
        elif any(word in name.lower() for word in SECRETS):
            message = worded("A secret never stands in a config.")
            allowed = worded("such a setting in Spark's own spark-defaults.conf")
            yield Fault(path, message, name, allowed)


def _column_faults(dataset: Dataset) -> Iterator[Fault]:
    mapped = set(dataset.columns.values())
    for ours in NEEDED_CASE_COLUMNS:
        if ours not in mapped:
            message = worded("No column of the file is mapped to '{ours}'.", ours=ours)
            found = ", ".join(dataset.columns) or worded("no columns")
            yield Fault(("columns",), message, found, worded("a column with `{ours}`", ours=ours))
    first: dict[str, str] = {}
    for own, ours in dataset.columns.items():
        if ours in first:
            message = worded("Two columns are mapped to '{ours}'.", ours=ours)
            yield Fault(
                ("columns", own), message, together((first[ours], own)), worded("one column")
            )
        first.setdefault(ours, own)
        if own in dataset.dropped:
            message = worded("The column is mapped and dropped.")
            yield Fault(("columns", own), message, own, worded("one of the two"))


def _list_faults(dataset: Dataset) -> Iterator[Fault]:
    mapped = {ours: own for own, ours in dataset.columns.items()}
    for list_, ids in LIST_COLUMNS.items():
        if list_ not in mapped:
            continue
        for id_ in ids:
            if id_ in mapped:
                message = worded(
                    "'{id}' has a column of its own beside the list in {column}.",
                    id=id_,
                    column=mapped[list_],
                )
                path = ("columns", mapped[id_])
                yield Fault(
                    path,
                    message,
                    id_,
                    worded("a list, or a column for each type of {list}", list=list_),
                )
        if dataset.not_listed is None:
            message = worded(
                "The {list} of a case is a list: say what a type outside the list means.",
                list=list_,
            )
            found = worded("no `{key}`", key="not_listed")
            yield Fault(
                ("columns", mapped[list_]), message, found, worded("not_listed: absent or unknown")
            )


def _code_faults(dataset: Dataset, ours: str, codes: dict[str, str]) -> Iterator[Fault]:
    allowed = [*OPEN_COLUMNS, *CASE_WORDS]
    if ours not in allowed:
        yield Fault(
            ("codes", ours), worded("No column has such codes."), ours, near_names(ours, allowed)
        )
        return
    if ours not in dataset.columns.values() and not (
        ours == "charge" and "main_charge" in dataset.columns.values()
    ):
        message = worded("No column of the file is mapped to '{ours}'.", ours=ours)
        yield Fault(("codes", ours), message, ours, _either(set(dataset.columns.values())))
    for code, word in codes.items():
        path = ("codes", ours, code)
        if ours in CASE_WORDS and word not in CASE_WORDS[ours]:
            message = worded("This is no word for '{ours}'.", ours=ours)
            yield Fault(path, message, word, ", ".join(CASE_WORDS[ours]))
        if not word.strip() or len(word) > LONGEST_LABEL:
            message = worded("This is no label for a chart.")
            yield Fault(
                path,
                message,
                word[:LONGEST_LABEL],
                worded("1 to {most} letters", most=LONGEST_LABEL),
            )


def _synthetic_faults(dataset: Dataset) -> Iterator[Fault]:
    marked = SYNTHETIC in dataset.short
    if dataset.synthetic and not marked:
        message = worded("The rows are made up, and the name of the source does not say so.")
        yield Fault(
            ("short",),
            message,
            dataset.short,
            worded("a name with {synthetic} in it", synthetic=SYNTHETIC),
        )
    if marked and not dataset.synthetic:
        message = worded("The name of the source says that the rows are made up.")
        yield Fault(
            ("short",), message, dataset.short, worded("`synthetic: true`, or another name")
        )
    if dataset.kind == "cases" and dataset.synthetic and "dataset" not in dataset.columns.values():
        message = worded(
            "Made-up rows say {synthetic} in a column of their own.", synthetic=SYNTHETIC
        )
        yield Fault(
            ("synthetic",),
            message,
            worded("no column `dataset`"),
            worded("a column with `dataset`"),
        )


def _either(words: Iterable[str]) -> str:
    return either(sorted(words))
