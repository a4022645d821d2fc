"""Every rule of the data model, checked on every row.

All failures are listed, each with file, row (line of the file, header = 1), column, what was
found and what is allowed. Nothing is repaired here. What is odd but lawful (more convictions
than prosecutions in a year) is a notice, not an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from gapatlas import progress
from gapatlas.casefile import CaseFile, find_case_problems
from gapatlas.catalogue import Catalogue, DatasetVersion, PlacesVersion
from gapatlas.config import Dataset, Indicator, near_names
from gapatlas.config.case_rules import COUNTED_KINDS
from gapatlas.config.models import DatasetKind
from gapatlas.config.reading_models import Reading
from gapatlas.config.reading_rules import format_by_name
from gapatlas.config.schema import (
    INDICATOR_KEY,
    OBSERVATION_KEY,
    PLACE_COLUMNS,
    TABLE_COLUMNS,
)
from gapatlas.config.vocabulary import (
    AGES,
    DIMENSIONS,
    INDICATOR_STATUSES,
    ORIGIN_KINDS,
    SEXES,
    STAGE_UNITS,
    STATUSES,
    SYNTHETIC,
    UNITS,
    Stages,
)
from gapatlas.errors import Problem, ValidationError, reason_of
from gapatlas.languages import worded
from gapatlas.mapping import Origin, mapped
from gapatlas.outlines import Outlines
from gapatlas.progress import Step
from gapatlas.reading.limits import megabytes
from gapatlas.tables import CsvCells, CsvFault, read_csv_cells, shown
from gapatlas.validate.case_counts import case_count_problems
from gapatlas.validate.kept_tables import cells_of
from gapatlas.validate.places import (
    PlaceRows,
    drawn_boundaries,
    own_places,
    place_problems,
    problems_between,
    typed_places,
    with_points_of,
    with_regions,
)
from gapatlas.validate.rules import (
    COUNT_MAX,
    SHOWN_PER_RULE,
    YEAR_MIN,
    TableRules,
    latest_year,
)

STAGE_KEY: Final = ("stage", "unit")
OPEN: Final = "?"
"""What stands in a descriptor where a person has to answer."""
EVEN_ROWS = worded("as many cells in each row as the header")
CSV_LAYOUT = worded("CSV, UTF-8, comma, one header row, the same number of cells in each row")
READ_AT_ONCE = 20_000_000
"""Bytes of a csv in our columns up to which it is read in this process."""
_GROWING = (("convicted", "prosecuted", "persons"), ("cleared", "suspected", "offences"))
"""Stage, the stage before it, unit: counts that one expects to shrink."""


@dataclass
class Checked:
    """The tables of a catalogue, typed, after every check has passed.

    Attributes:
        cases: number of rows of each case file, rounded to its base. The rows themselves are
            nowhere.
        case_counts: protected counts of cases, with `persons`, `low` and `high` as Int64.
        outlines: id of each map of own boundaries -> its TopoJSON as text.
    """

    places: pd.DataFrame
    observations: dict[str, pd.DataFrame] = field(default_factory=dict)
    population: dict[str, pd.DataFrame] = field(default_factory=dict)
    coverage: dict[str, pd.DataFrame] = field(default_factory=dict)
    indicators: dict[str, pd.DataFrame] = field(default_factory=dict)
    flows: dict[str, pd.DataFrame] = field(default_factory=dict)
    case_counts: dict[str, pd.DataFrame] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    outlines: dict[str, str] = field(default_factory=dict)
    notices: list[Problem] = field(default_factory=list)

    def table(self, dataset_id: str) -> pd.DataFrame:
        """The table of a dataset that is no case file."""
        return {
            **self.observations,
            **self.population,
            **self.coverage,
            **self.indicators,
            **self.flows,
            **self.case_counts,
        }[dataset_id]

    def rows(self, dataset_id: str) -> int:
        """Rows of a dataset; of a case file about how many."""
        if dataset_id in self.cases:
            return self.cases[dataset_id]
        return len(self.table(dataset_id))


@dataclass(frozen=True)
class Table:
    """A table in our columns, all cells text.

    Attributes:
        frame: its rows; the index is the row of the file, or numbers them where `origin` is given.
        origin: where the rows of a mapped table come from.
    """

    file: str
    frame: pd.DataFrame
    origin: Origin | None = None

    def told(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems of the rows, with rows and columns as the file has them."""
        return iter(problems) if self.origin is None else self.origin.told(problems)


def validate(catalogue: Catalogue) -> Checked:
    """Read and check every table of a catalogue.

    Returns:
        The typed tables, with notices of what is odd but lawful.

    Raises:
        ValidationError: listing every failure in every file.
    """
    problems: list[Problem] = []
    config = catalogue.loaded.config
    places = _read_places(catalogue, problems)
    known = set(places["jurisdiction_id"]) or None if places is not None else None
    drawn: dict[str, Outlines] = {}
    if places is not None and not problems:
        drawn = drawn_boundaries(catalogue, places, problems)
    raw: dict[str, Table] = {}
    cases = Checked(places=pd.DataFrame())
    for version in progress.each(Step.READING, catalogue.datasets, _id):
        kind = version.dataset.kind
        if kind == "cases":
            progress.go_on(Step.CHECKING)
            problems.extend(_case_problems(catalogue, version, known, cases))
            continue
        if kind == "case_counts":
            problems.extend(_mark_problems(catalogue, version))
        table = _table_of(catalogue, version, places, problems)
        if table is not None:
            raw[version.id] = table
            stages = config.stage_units()
            rules = _rules_of(version.dataset, known, stages, config.indicators, config.amounts())
            progress.go_on(Step.CHECKING)
            problems.extend(table.told(_place_and_other_problems(table, known, rules)))
    progress.begin(Step.COMPARING_TABLES)
    problems.extend(_repeated_indicators(catalogue, raw))
    problems.extend(_repeated_stages(catalogue, raw))
    if problems:
        raise ValidationError(worded("The data break rules of the data model."), problems)
    assert places is not None
    checked = _typed(catalogue, with_points_of(places, drawn), raw)
    checked.outlines.update({id_: each.topology for id_, each in drawn.items()})
    checked.notices.extend(notice for each in drawn.values() for notice in each.notices)
    checked.notices.extend(_open_questions(catalogue))
    checked.cases.update(cases.cases)
    checked.notices.extend(cases.notices)
    return checked


def _id(version: DatasetVersion) -> str:
    return version.id


def _open_questions(catalogue: Catalogue) -> Iterator[Problem]:
    """Descriptors that `gapatlas init` made and nobody has filled in: readers would see them."""
    seen: set[str] = set()
    for version in catalogue.datasets:
        file = _shown_path(catalogue, version.descriptor_file.path)
        open_ = [key for key, value in version.descriptor if value == OPEN]
        if open_ and file not in seen:
            seen.add(file)
            yield Problem(
                file,
                worded(
                    "Question marks of `gapatlas init` stand here yet, where readers look for the "
                    "source."
                ),
                column=", ".join(open_),
                found=OPEN,
                allowed=worded("who published the table, and on which terms"),
            )


def known_places(catalogue: Catalogue) -> pd.DataFrame:
    """The places of a config, all cells text.

    Raises:
        ValidationError: a table of places has faults; all are listed.
    """
    problems: list[Problem] = []
    places = _read_places(catalogue, problems)
    if places is None or problems:
        raise ValidationError(worded("The places of the config cannot be used."), problems)
    return places


def _read_places(catalogue: Catalogue, problems: list[Problem]) -> pd.DataFrame | None:
    """The places of every table of the config; None where one of them can't be read."""
    tables = []
    for version in catalogue.places:
        file = _shown_path(catalogue, version.path)
        if version.table.columns:
            tables.append(own_places(version, file, problems))
        else:
            cells = _cells_of_places(version, problems, file)
            table = None
            if cells is not None:
                table = _in_our_columns(cells, PLACE_COLUMNS, problems, file)
            if table is not None:
                problems.extend(place_problems(file, table))
            tables.append(PlaceRows(file, table) if table is not None else None)
    read = [each for each in tables if each is not None]
    if len(read) < len(tables):
        return None
    problems.extend(problems_between(read))
    return with_regions(pd.concat([each.table for each in read]))


def _cells_of_places(version: PlacesVersion, problems: list[Problem], file: str) -> CsvCells | None:
    size = version.files[0].bytes
    if size <= READ_AT_ONCE:
        return _csv_cells(version.path, problems, file)
    found, allowed = megabytes(size), worded("up to {size}", size=megabytes(READ_AT_ONCE))
    problems.append(Problem(file, worded("The file is too large."), found=found, allowed=allowed))
    return None


def check_table(
    cells: CsvCells,
    dataset: Dataset,
    places: pd.DataFrame,
    shown: str,
    indicators: Mapping[str, Indicator],
    stages: Stages = STAGE_UNITS,
) -> tuple[Table, list[Problem]]:
    """Check one table that stands in no config yet.

    Args:
        cells: its cells as text.
        dataset: what a config would say of it, with a `map`.
        places: the places table, all cells text.
        shown: what problems call the file.
        indicators: what a config would say of the indicators that it holds, by id.
        stages: every stage with its units.

    Returns:
        Its rows in our columns, without those that can't be mapped; and every problem.
    """
    problems = list(_layout_problems(shown, cells.faults, EVEN_ROWS))
    table = _mapped(cells, dataset, places, shown, problems, stages)
    known = set(places["jurisdiction_id"]) or None
    rules = _rules_of(dataset, known, stages, indicators, set())
    progress.go_on(Step.CHECKING)
    problems.extend(table.told(_place_and_other_problems(table, known, rules)))
    return table, problems


def _case_problems(
    catalogue: Catalogue, version: DatasetVersion, known: set[str] | None, checked: Checked
) -> Iterator[Problem]:
    """Faults of a case file and its descriptor; its notices and its size go into `checked`."""
    dataset = version.dataset
    yield from _mark_problems(catalogue, version)
    file = CaseFile(version.table.path, dataset, dataset.named)
    found = find_case_problems(file, known, latest_year())
    base = dataset.disclosure.base
    checked.cases[version.id] = base * round(found.rows / base)
    checked.notices.extend(replace(notice, private=True) for notice in found.notices)
    yield from (replace(problem, private=True) for problem in found.problems)


def _mark_problems(catalogue: Catalogue, version: DatasetVersion) -> Iterator[Problem]:
    """Made-up cases whose title does not say so, and real ones whose title says it."""
    dataset = version.dataset
    if dataset.synthetic != (SYNTHETIC in version.descriptor.title):
        yield Problem(
            _shown_path(catalogue, version.descriptor_file.path),
            worded("The rows are made up, and the title does not say so.")
            if dataset.synthetic
            else worded("The title says that the rows are made up, and the config does not."),
            column="title",
            found=shown(version.descriptor.title),
            allowed=worded(
                "a title with {synthetic}, and `synthetic: true` in the config, or neither",
                synthetic=SYNTHETIC,
            ),
        )


def _rules_of(
    dataset: Dataset,
    known: set[str] | None,
    stages: Stages,
    named: Mapping[str, Indicator],
    amounts: set[str],
) -> Callable[[str, pd.DataFrame], Iterator[Problem]]:
    """The rules of a kind of table, beside those that every table has.

    Args:
        dataset: the table.
        known: ids of places.
        stages: every stage with its units.
        named: the indicators of the config, of whichever source.
        amounts: ids of those by which a measure divides.
    """
    of_source = {id_: i for id_, i in named.items() if i.source == dataset.source}
    rules: dict[DatasetKind, Callable[[str, pd.DataFrame], Iterator[Problem]]] = {
        "observations": partial(_observation_problems, dataset, stages),
        "population": _population_problems,
        "coverage": _coverage_problems,
        "indicators": partial(_indicator_problems, of_source, amounts),
        "flows": partial(_flow_problems, known),
        "case_counts": partial(case_count_problems, dataset.disclosure, known),
    }
    return rules[dataset.kind]


def _place_and_other_problems(
    table: Table, known: set[str] | None, rules: Callable[[str, pd.DataFrame], Iterator[Problem]]
) -> Iterator[Problem]:
    if known is not None and "jurisdiction_id" in table.frame:
        yield from TableRules(table.file, table.frame).place_is_known(known)
    yield from rules(table.file, table.frame)


def _repeated_indicators(catalogue: Catalogue, raw: dict[str, Table]) -> Iterator[Problem]:
    """Values of one source for one place and year that stand in two tables."""
    key = list(INDICATOR_KEY)
    seen: dict[str, dict[tuple[str, ...], str]] = {}
    for version in catalogue.datasets:
        if version.dataset.kind != "indicators" or version.id not in raw:
            continue
        table = raw[version.id]
        earlier = seen.setdefault(version.dataset.source, {})
        keys = table.frame[key].itertuples(index=False, name=None)
        rows = dict(zip(keys, table.frame.index, strict=True))
        yield from table.told(
            Problem(
                table.file,
                worded("{earlier} has this value of the source already.", earlier=earlier[found]),
                row=int(rows[found]),
                column=", ".join(key),
                found=", ".join(found),
                allowed=worded("each value in one table of a source"),
            )
            for found in [each for each in rows if each in earlier][:SHOWN_PER_RULE]
        )
        earlier.update(dict.fromkeys(rows, table.file))


def _repeated_stages(catalogue: Catalogue, raw: dict[str, Table]) -> Iterator[Problem]:
    """Stages of one source that stand in two tables: their counts would be mixed."""
    seen: dict[tuple[str, str, str], str] = {}
    for version in catalogue.datasets:
        if version.dataset.kind != "observations" or version.id not in raw:
            continue
        table = raw[version.id]
        first = table.frame.drop_duplicates(list(STAGE_KEY))
        for row, stage, unit in zip(first.index, first["stage"], first["unit"], strict=True):
            earlier = seen.setdefault((version.dataset.source, stage, unit), version.id)
            if earlier != version.id:
                problem = Problem(
                    table.file,
                    worded(
                        "The table of {earlier} has this stage of the source already.",
                        earlier=earlier,
                    ),
                    row=int(row),
                    column=", ".join(STAGE_KEY),
                    found=worded(
                        "{stage}, {unit}, from the source {source}",
                        stage=stage,
                        unit=unit,
                        source=version.dataset.source,
                    ),
                    allowed=worded(
                        "each stage in one table of a source, or a source id of its own"
                    ),
                )
                yield from table.told([problem])


def _typed(catalogue: Catalogue, places: pd.DataFrame, raw: dict[str, Table]) -> Checked:
    checked = Checked(places=typed_places(places))
    for version in catalogue.datasets:
        if version.dataset.kind == "cases":
            continue
        table = raw[version.id]
        frame = table.frame
        if version.dataset.kind == "observations":
            typed = _with_integers(frame, ("year", "count_low", "count_high", "part"))
            checked.observations[version.id] = typed
            checked.notices.extend(table.told(_cross_stage_notices(table.file, typed)))
        elif version.dataset.kind == "population":
            checked.population[version.id] = _with_integers(frame, ("year", "population"))
        elif version.dataset.kind == "indicators":
            typed = _with_integers(frame, ("year",))
            checked.indicators[version.id] = _with_decimals(typed, ("value", "low", "high"))
        elif version.dataset.kind == "flows":
            checked.flows[version.id] = _with_integers(frame, ("year", "count_low", "count_high"))
        elif version.dataset.kind == "case_counts":
            checked.case_counts[version.id] = _with_integers(frame, ("persons", "low", "high"))
        else:
            checked.coverage[version.id] = _with_integers(frame, ("year", "reporters"))
    return checked


def _shown_path(catalogue: Catalogue, path: Path) -> str:
    return path.relative_to(catalogue.loaded.root).as_posix()


def _table_of(
    catalogue: Catalogue,
    version: DatasetVersion,
    places: pd.DataFrame | None,
    problems: list[Problem],
) -> Table | None:
    """A dataset's table in our columns, after adding what is wrong with it; None where its columns
    can't be used."""
    file, dataset = version.dataset.shown, version.dataset
    cells = _cells(catalogue, version, problems, file)
    if cells is None:
        return None
    if dataset.map is None:
        frame = _in_our_columns(cells, TABLE_COLUMNS[dataset.kind], problems, file)
        return None if frame is None else Table(file, frame)
    problems.extend(_layout_problems(file, cells.faults, EVEN_ROWS))
    if places is None or not cells.header:
        return None
    stages = catalogue.loaded.config.stage_units()
    return _mapped(cells, dataset, places, file, problems, stages)


def _mapped(
    cells: CsvCells,
    dataset: Dataset,
    places: pd.DataFrame,
    file: str,
    problems: list[Problem],
    stages: Stages,
) -> Table:
    """A table with columns of its own in ours, after adding what can't be mapped."""
    reading = dataset.read or Reading()
    header_row = reading.header_row or reading.header_rows
    progress.go_on(Step.MAPPING)
    found = mapped(cells, dataset, places, file, header_row, stages)
    problems.extend(found.problems)
    return Table(file, found.frame, found.origin)


def _cells(
    catalogue: Catalogue, version: DatasetVersion, problems: list[Problem], file: str
) -> CsvCells | None:
    """The cells of a dataset's file, or None after adding why it can't be read.

    A csv in our columns is held to one layout; the file of an office may have any. What is large
    or packed is read in a process of its own, within limits.
    """
    dataset = version.dataset
    is_ours = dataset.map is None and dataset.read is None
    is_csv = is_ours and format_by_name(dataset.named) in (None, "csv")
    was_fetched = dataset.file is None  # and lies there as plain csv
    is_packed = dataset.named.lower().endswith(".gz")
    is_plain = is_csv and not is_packed and version.table.bytes <= READ_AT_ONCE
    if dataset.kind in COUNTED_KINDS or is_plain or was_fetched:
        return _csv_cells(version.table.path, problems, file)
    options = dataset.read or (Reading(format="csv", delimiter=",") if is_csv else Reading())
    try:
        return cells_of(version.table, options, file, catalogue.loaded.root)
    except ValidationError as error:
        problems.extend(error.problems)
        return None


def _csv_cells(path: Path, problems: list[Problem], file: str) -> CsvCells | None:
    try:
        return read_csv_cells(path)
    except OSError as error:
        problems.append(
            Problem(file, worded("The file cannot be read: {reason}.", reason=reason_of(error)))
        )
        return None


def _in_our_columns(
    cells: CsvCells, columns: Sequence[str], problems: list[Problem], file: str
) -> pd.DataFrame | None:
    """The rows that can be read, as text, after adding what is wrong with the others.

    None where the columns are not those of the schema.
    """
    header_problems = list(_header_problems(file, cells.header, columns)) if cells.header else []
    problems.extend(header_problems or _layout_problems(file, cells.faults))
    return cells.frame if cells.header and not header_problems else None


def _layout_problems(
    file: str, faults: Sequence[CsvFault], allowed: str = CSV_LAYOUT
) -> Iterator[Problem]:
    for fault in faults[:SHOWN_PER_RULE]:
        yield Problem(file, fault.message, row=fault.row, found=fault.found, allowed=allowed)
    if len(faults) > SHOWN_PER_RULE:
        yield Problem(
            file,
            worded("And {count} more rows that can't be read.", count=len(faults) - SHOWN_PER_RULE),
        )


def _header_problems(file: str, found: Sequence[str], columns: Sequence[str]) -> Iterator[Problem]:
    if len(found) == 1 < len(columns):
        message = worded("The header is one cell. Cells are separated by commas.")
        yield Problem(file, message, row=1, found=shown(found[0]), allowed=",".join(columns))
        return
    missing = [name for name in columns if name not in found]
    unknown = [name for name in found if name not in columns]
    for name, times in Counter(found).items():
        if times > 1 and name in columns:
            yield Problem(
                file,
                worded("The column stands {times} times.", times=times),
                row=1,
                column=name,
                allowed=worded("each column once"),
            )
    for name in missing:
        yield Problem(
            file, worded("A column is missing."), row=1, column=name, allowed=", ".join(columns)
        )
    for name in unknown:
        yield Problem(
            file,
            worded("This column is not part of the schema."),
            row=1,
            column=name,
            found=name,
            allowed=near_names(name, missing or columns),
        )


def _observation_problems(
    dataset: Dataset, stages: Stages, file: str, table: pd.DataFrame
) -> Iterator[Problem]:
    rules = TableRules(file, table)
    yield from rules.one_of("status", STATUSES)
    yield from _stage_problems(rules, stages)
    yield from rules.one_of("unit", UNITS)
    yield from rules.one_of("sex", SEXES)
    yield from rules.one_of("age", AGES)
    yield from rules.one_of("dimension", DIMENSIONS)
    yield from rules.whole_number("year", YEAR_MIN, latest_year())
    yield from rules.whole_number("part", 1, 10_000)
    blank = table["status"].isin(("not_reported", "suppressed"))
    for column in ("count_low", "count_high"):
        yield from rules.whole_number(column, 0, COUNT_MAX, blank_allowed=blank)
    yield from _unit_problems(rules, stages)
    yield from _status_problems(rules)
    yield from _category_problems(rules)
    yield from rules.unique(OBSERVATION_KEY)
    yield from _total_problems(rules)
    if dataset.map is not None and dataset.map.cohort:
        yield from _cohort_problems(rules)


def _stage_problems(rules: TableRules, stages: Stages) -> Iterator[Problem]:
    bad = ~rules.table["stage"].isin(list(stages))
    for problem in rules.failures(bad, "stage", worded("This word is not known here.")):
        near = near_names((problem.found or "").strip("'"), stages)
        allowed = worded("{near}, or one that the config defines under `stages:`", near=near)
        yield replace(problem, allowed=allowed)


def _unit_problems(rules: TableRules, stages: Stages) -> Iterator[Problem]:
    table = rules.table
    for stage, units in stages.items():
        bad = (table["stage"] == stage) & table["unit"].isin(UNITS) & ~table["unit"].isin(units)
        yield from rules.failures(
            bad, "unit", worded("'{stage}' is not counted so.", stage=stage), ", ".join(units)
        )


def _status_problems(rules: TableRules) -> Iterator[Problem]:
    table = rules.table
    low, high = rules.numbers("count_low"), rules.numbers("count_high")
    both = (low <= COUNT_MAX) & (high <= COUNT_MAX)
    exact, censored = table["status"] == "exact", table["status"] == "censored"
    blank = table["status"].isin(("not_reported", "suppressed"))
    yield from rules.failures(
        both & (low > high), "count_low", worded("The lower bound is above the upper bound.")
    )
    yield from rules.failures(
        exact & both & (low < high),
        "count_high",
        worded("An exact count has one value."),
        worded("count_low = count_high, or status censored"),
    )
    yield from rules.failures(
        censored & both & (low == high),
        "count_high",
        worded("A censored count has two bounds that differ."),
        worded("count_low < count_high, or status exact"),
    )
    for column in ("count_low", "count_high"):
        yield from _absent_has_no_value(rules, blank, column)


def _absent_has_no_value(rules: TableRules, absent: pd.Series, column: str) -> Iterator[Problem]:
    yield from rules.failures(
        absent & (rules.table[column] != ""),
        column,
        worded("A count that is not reported or suppressed has no value."),
        worded("an empty cell"),
    )


def _category_problems(rules: TableRules) -> Iterator[Problem]:
    table = rules.table
    total = table["dimension"] == "total"
    yield from rules.failures(
        total & (table["category"] != "total"),
        "category",
        worded("A row of dimension 'total' has category 'total'."),
        "total",
    )
    yield from rules.failures(
        ~total & (table["category"] == ""),
        "category",
        worded("A category is empty."),
        worded("a label"),
    )


def _total_problems(rules: TableRules) -> Iterator[Problem]:
    table = rules.table
    total = (table["dimension"] == "total") & (table["sex"] == "total") & (table["age"] == "total")
    yield from rules.failures(
        total & (rules.numbers("part") > 1),
        "part",
        worded("A place, year and stage has one total."),
        "1",
    )


def _population_problems(file: str, table: pd.DataFrame) -> Iterator[Problem]:
    rules = TableRules(file, table)
    allowed = ("exact", "not_reported")
    yield from rules.one_of("status", allowed)
    yield from rules.whole_number("year", YEAR_MIN, latest_year())
    blank = table["status"] == "not_reported"
    yield from rules.whole_number("population", 1, 20_000_000_000, blank_allowed=blank)
    yield from _absent_has_no_value(rules, blank, "population")
    yield from rules.unique(("jurisdiction_id", "year"))


def _coverage_problems(file: str, table: pd.DataFrame) -> Iterator[Problem]:
    rules = TableRules(file, table)
    yield from rules.whole_number("year", YEAR_MIN, latest_year())
    yield from rules.whole_number("reporters", 0, 1_000_000)
    yield from rules.unique(("jurisdiction_id", "year", "reporter"))


def _indicator_problems(
    indicators: Mapping[str, Indicator], amounts: set[str], file: str, table: pd.DataFrame
) -> Iterator[Problem]:
    rules = TableRules(file, table)
    yield from rules.one_of("status", INDICATOR_STATUSES)
    yield from rules.one_of("indicator", tuple(indicators))
    yield from rules.whole_number("year", YEAR_MIN, latest_year())
    for column in ("value", "low", "high"):
        yield from rules.decimal_number(column)
    yield from _indicator_status_problems(rules)
    for id_, indicator in indicators.items():
        if indicator.scale is not None:
            yield from _scale_problems(rules, id_, indicator.scale)
    for column in ("value", "low", "high"):
        below_zero = table["indicator"].isin(amounts) & (rules.decimals(column) < 0)
        message = worded("A measure divides by this value, and it is below zero.")
        yield from rules.failures(below_zero, column, message, worded("a number from 0 up"))
    yield from rules.unique(INDICATOR_KEY)


def _indicator_status_problems(rules: TableRules) -> Iterator[Problem]:
    status = rules.table["status"]
    value, low, high = (rules.decimals(column) for column in ("value", "low", "high"))
    exact, estimated = status == "exact", status == "estimated"
    for column in ("value", "low", "high"):
        filled = rules.table[column] != ""
        yield from rules.failures(
            (status == "not_reported") & filled,
            column,
            worded("What is not reported has no value."),
            worded("an empty cell"),
        )
        yield from rules.failures(
            (exact | estimated) & ~filled, column, worded("The cell is empty."), worded("a number")
        )
    numbers = value.notna() & low.notna() & high.notna()
    yield from rules.failures(
        exact & numbers & ~((value == low) & (value == high)),
        "value",
        worded("An exact value is its own low and high."),
        worded("low = value = high, or status estimated"),
    )
    yield from rules.failures(
        estimated & (low <= high) & ((value < low) | (value > high)),
        "value",
        worded("The value lies outside its limits."),
        "low <= value <= high",
    )
    yield from rules.failures(
        (status == "censored") & (rules.table["value"] != ""),
        "value",
        worded("A censored value is known by its limits alone."),
        worded("an empty cell, or status estimated"),
    )
    yield from rules.failures(
        (status == "censored") & low.isna() & high.isna(),
        "low",
        worded("Neither limit is given."),
        worded("a number in low, high or both"),
    )
    yield from rules.failures(
        ~exact & (low > high),
        "low",
        worded("The lower limit is above the upper one."),
        "low <= high",
    )


def _scale_problems(rules: TableRules, id_: str, scale: tuple[float, float]) -> Iterator[Problem]:
    of_indicator = rules.table["indicator"] == id_
    allowed = worded(
        "{first} to {last}, the scale of {id} in the config",
        first=f"{scale[0]:g}",
        last=f"{scale[1]:g}",
        id=id_,
    )
    # Limits of an estimate come from its standard error, which knows of no scale.
    limits_alone = rules.table["status"] == "censored"
    for column in ("value", "low", "high"):
        number = rules.decimals(column)
        outside = of_indicator & ((number < scale[0]) | (number > scale[1]))
        bad = outside if column == "value" else outside & limits_alone
        yield from rules.failures(bad, column, worded("The value is off its scale."), allowed)


def _flow_problems(known: set[str] | None, file: str, table: pd.DataFrame) -> Iterator[Problem]:
    rules = TableRules(file, table)
    yield from rules.one_of("status", STATUSES)
    yield from rules.one_of("stage", tuple(STAGE_UNITS))
    yield from rules.one_of("unit", UNITS)
    yield from rules.one_of("origin_kind", ORIGIN_KINDS)
    yield from rules.whole_number("year", YEAR_MIN, latest_year())
    blank = table["status"].isin(("not_reported", "suppressed"))
    for column in ("count_low", "count_high"):
        yield from rules.whole_number(column, 0, COUNT_MAX, blank_allowed=blank)
    yield from _unit_problems(rules, STAGE_UNITS)
    yield from _status_problems(rules)
    placed = table["origin_kind"].isin(("place", "nationals"))
    if known is not None:
        yield from rules.place_is_known(known, "origin_id", placed)
    yield from rules.failures(
        ~placed & (table["origin_id"] != ""),
        "origin_id",
        worded("Only a label that names one place has an id."),
        worded("an empty cell, or origin_kind place or nationals"),
    )
    yield from rules.failures(
        table["label"] == "", "label", worded("The cell is empty."), worded("a text")
    )
    yield from rules.unique(("jurisdiction_id", "year", "stage", "unit", "label"))


def _with_integers(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    typed = table.copy()
    for column in columns:
        typed[column] = pd.to_numeric(typed[column].replace("", None)).astype("Int64")
    return typed


def _with_decimals(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    typed = table.copy()
    for column in columns:
        typed[column] = pd.to_numeric(typed[column].replace("", None)).astype("Float64")
    return typed


def _cohort_problems(rules: TableRules) -> Iterator[Problem]:
    """More at a later stage than at an earlier one, in a table that follows the same persons."""
    table = rules.table.assign(
        count_low=rules.numbers("count_low"), count_high=rules.numbers("count_high")
    )
    for later, earlier, unit in (*_GROWING, ("convicted", "prosecuted", "cases")):
        more = _more_than_before(table, later, earlier, unit)
        for row in more.head(SHOWN_PER_RULE).to_dict("records"):
            yield Problem(
                rules.file,
                worded(
                    "More {unit} are {later} than {earlier}, and the config says that the table "
                    "follows the same ones.",
                    unit=unit,
                    later=later,
                    earlier=earlier,
                ),
                row=int(row["row"]),
                column="count_low",
                found=_both_counts(row, later, earlier),
                allowed=worded(
                    "at most as many {later} as {earlier}, or a map without `cohort`",
                    later=later,
                    earlier=earlier,
                ),
            )


def _cross_stage_notices(file: str, table: pd.DataFrame) -> Iterator[Problem]:
    """Stages that grow where one expects them to shrink: lawful, but worth knowing."""
    for later, earlier, unit in _GROWING:
        more = _more_than_before(table, later, earlier, unit)
        if len(more):
            row = more.iloc[0].to_dict()
            yield Problem(
                file,
                worded(
                    "In {count} of {all} place-years more {unit} are {later} "
                    "than {earlier}. That is lawful where cases span years.",
                    count=len(more),
                    all=more.attrs["pairs"],
                    unit=unit,
                    later=later,
                    earlier=earlier,
                ),
                row=int(row["row"]),
                column="count_low",
                found=_both_counts(row, later, earlier),
                severity="notice",
            )


def _both_counts(row: Mapping[Hashable, Any], later: str, earlier: str) -> str:
    place_year = f"{row['jurisdiction_id']} {row['year']}"
    counts = (int(row["count_low"]), int(row["count_high_before"]))
    return f"{place_year}: {counts[0]} {later}, {counts[1]} {earlier}"


def _more_than_before(table: pd.DataFrame, later: str, earlier: str, unit: str) -> pd.DataFrame:
    """Rows of totals of the later stage that are surely more than those of the earlier one.

    `attrs["pairs"]` says how many place-years have both.
    """
    totals = table[
        (table["dimension"] == "total") & (table["sex"] == "total") & (table["age"] == "total")
    ]
    pair = _stage(totals, later, unit).merge(
        _stage(totals, earlier, unit), on=["jurisdiction_id", "year"], suffixes=("", "_before")
    )
    more = pair[pair["count_low"] > pair["count_high_before"]]
    more.attrs["pairs"] = len(pair)
    return more


def _stage(totals: pd.DataFrame, stage: str, unit: str) -> pd.DataFrame:
    found = totals[
        (totals["stage"] == stage) & (totals["unit"] == unit) & totals["count_low"].notna()
    ]
    columns = ["jurisdiction_id", "year", "count_low", "count_high"]
    return found[columns].assign(row=found.index)
