"""The block `map` of a dataset: each fault has its line, what was found and what is allowed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gapatlas.config import load_config
from gapatlas.config.mapping_models import TableMap
from gapatlas.errors import ConfigError
from tests.mapped_tables import write_mapped

pytestmark = pytest.mark.usefixtures("said_problems")

MAP: dict[str, Any] = {
    "place": {"column": "Entidad", "by": "name"},
    "year": {"column": "Año"},
    "count": {"column": "N", "stage": "convicted", "unit": "persons"},
}
WIDE: dict[str, Any] = {
    "place": {"column": "Entidad"},
    "year": {"value": 2020},
    "wide": {
        "C": {"stage": "convicted", "unit": "persons"},
        "P": {"stage": "prosecuted", "unit": "persons"},
    },
}
Change = Callable[[dict[str, Any]], object]
KNOWN_HERE = "is no stage known here"

FAULTS: dict[str, tuple[dict[str, Any], Change, str, str, str, str]] = {
    "no place": (
        MAP, lambda m: m.pop("place"), "map.place", "'place' is required here.", "None", "None",
    ),
    "an unknown key": (
        MAP, lambda m: m.update(pace={}), "map.pace", "'pace' is not a key", "pace", "place",
    ),
    "an unknown key inside": (
        MAP, lambda m: m["year"].update(fiscal_year_end=6), "map.year.fiscal_year_end",
        "'fiscal_year_end' is not a key", "fiscal_year_end", "fiscal_year_ends",
    ),
    "an unknown key of a column": (
        WIDE, lambda m: m["wide"]["C"].update(stge="x"), "map.wide.C.stge", "'stge' is not a key",
        "stge", "stage",
    ),
    "a column and a value": (
        MAP, lambda m: m["place"].update(value="MEX"), "map.place",
        "It comes from a column, or is the same for the whole file.", "both", "`column` or `value`",
    ),
    "no year at all": (
        MAP, lambda m: m.pop("year"), "map.count", "Nothing says the year of this column.",
        "no `year`", "`year: ...` here, or a block `year:` under `map:`",
    ),
    "a year without a source": (
        MAP, lambda m: m["year"].pop("column"), "map.year",
        "The year comes from one of three keys.", "none", "column, value or columns",
    ),
    "years that run backwards": (
        WIDE | {"wide": {}, "stage": {"value": "convicted"}, "unit": {"value": "persons"}},
        lambda m: m.update(year={"columns": [2020, 2010]}), "map.year.columns",
        "The years run backwards.", "2020 to 2010", "the first year, then the last",
    ),
    "a fiscal year without a column": (
        WIDE, lambda m: m["year"].update(fiscal_year_ends=6), "map.year.fiscal_year_ends",
        "Only a column of years has such a key.", "value", "a year with `column`",
    ),
    "the figures twice": (
        MAP, lambda m: m.update(wide=WIDE["wide"]), "map",
        "The figures of observations come from one of three keys.", "count and wide", "count, wide",
    ),
    "values where counts are meant": (
        MAP, lambda m: m.update(value={"column": "N"}) or m.pop("count"), "map",
        "The figures of observations come from one of three keys.", "value", "count, wide",
    ),
    "no stage": (
        MAP, lambda m: m["count"].pop("stage"), "map.count", "Nothing says the stage", "no `stage`",
        "`stage: ...` here",
    ),
    "a stage said twice": (
        WIDE, lambda m: m.update(stage={"value": "convicted"}) or m["wide"].pop("P"),
        "map.wide.C.stage", "The stage is said here, and for all rows.", "convicted",
        "one of the two",
    ),
    "an unknown stage": (
        MAP, lambda m: m["count"].update(stage="convicts"), "map.count.stage", KNOWN_HERE,
        "convicts", "convicted",
    ),
    "an unknown word in codes": (
        MAP, lambda m: m.update(sex={"column": "S", "codes": {"M": "woman"}}), "map.sex.codes.M",
        "This is no sex known here.", "woman", "male",
    ),
    "a unit that the stage is not counted in": (
        MAP, lambda m: m["count"].update(unit="victims"), "map.count",
        "'convicted' is not counted in victims.", "victims", "persons, cases, charges",
    ),
    "a unit for all that one coded stage is not counted in": (
        MAP,
        lambda m: m.update(
            count={"column": "N"}, unit={"value": "victims"},
            stage={"column": "E", "codes": {"D": "detected", "C": "convicted"}},
        ),
        "map.stage.codes.C", "'convicted' is not counted in victims.", "victims", "persons",
    ),
    "a code without a list": (
        MAP, lambda m: m["place"].update(by="code"), "map.place.by",
        "Codes of your own have to be listed.", "by: code without `codes`", "codes: {",
    ),
    "one column that is two things": (
        MAP, lambda m: m["year"].update(column="N"), "map.count",
        "The column is said to be two things: year.column too.", "N", "each column once",
    ),
    "two columns that count the same": (
        WIDE, lambda m: m["wide"]["P"].update(stage="convicted"), "map.wide.P",
        "Two columns are said to count the same.", "C and P", "columns that differ",
    ),
    "an indicator in a table of counts": (
        WIDE, lambda m: m["wide"]["P"].update(indicator="law"), "map.wide.P.indicator",
        "A table of observations has no such column.", "indicator", "stage, unit, sex",
    ),
    "one sign for two": (
        MAP, lambda m: m.update(thousands=",", decimal=","), "map",
        "`thousands` and `decimal` are both ','.", "None", "two signs",
    ),
    "a token that means nothing": (
        MAP, lambda m: m.update(tokens={"*": "hidden"}), "map.tokens.*",
        "A token can't mean 'hidden'.", "None", "suppressed, not_reported",
    ),
    "a token that is true": (
        MAP, lambda m: m.update(tokens={"*": True}), "map.tokens.*", "A token can't mean True.",
        "None", "a number, a range",
    ),
    "a range that does not rise": (
        MAP, lambda m: m.update(tokens={"<5": [4, 4]}), "map.tokens.<5",
        "The range does not rise.", "4, 4", "the lowest count, then the highest",
    ),
    "half a person": (
        MAP, lambda m: m.update(tokens={"½": 0.5}), "map.tokens.½",
        "Persons are counted in whole numbers.", "0.5", "0, 1, 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("map_", "change", "column", "message", "found", "allowed"), FAULTS.values(), ids=FAULTS.keys()
)
def test_a_fault_of_a_map_is_one_problem_with_its_line(
    map_: dict[str, Any], change: Change, column: str, message: str, found: str, allowed: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    changed = copy.deepcopy(map_)
    change(changed)
    path = write_mapped(tmp_path / "w", "Entidad,Año,N\n", changed)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert problem.column == f"datasets.table.{column}"
    assert message in problem.message
    assert str(problem.found) == found
    assert allowed in str(problem.allowed)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert problem.row is not None
    assert lines.index("  table:") < problem.row


KINDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "flows are not mapped": ("flows", MAP, "Only tables of some kinds can be mapped."),
    "people have no limits": (
        "population",
        {"place": MAP["place"], "year": MAP["year"], "value": {"column": "N", "low": "L"}},
        "Only indicators have limits.",
    ),
    "persons are counted, not in thousands": (
        "observations",
        {**MAP, "value": {"times": 1000}},
        "Only a table of values has this key.",
    ),
    "people are not withheld": (
        "population",
        {**MAP, "count": None, "value": {"column": "N"}, "tokens": {"*": "suppressed"}},
        "A table of population knows no figures that are withheld.",
    ),
    "people are one number": (
        "population",
        {**MAP, "count": None, "value": {"column": "N"}, "tokens": {"*": [1, 4]}},
        "A population is one number.",
    ),
    "an indicator that the config does not have": (
        "indicators",
        {**MAP, "count": None, "value": {"column": "N"}, "indicator": {"value": "lw"}},
        "The config has no such indicator of this source.",
    ),
    "only observations are a cohort": (
        "population",
        {**MAP, "count": None, "value": {"column": "N"}, "cohort": True},
        "Only observations follow persons or cases.",
    ),
}


@pytest.mark.parametrize(("kind", "map_", "message"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_has_its_rules(
    kind: str, map_: dict[str, Any], message: str, tmp_path: Path
) -> None:
    given = {key: value for key, value in map_.items() if value is not None}
    with pytest.raises(ConfigError) as caught:
        load_config(write_mapped(tmp_path / "w", "Entidad,Año,N\n", given, kind))
    assert [problem.message for problem in caught.value.problems] == [message]


OPENINGS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a key that the format does not have": (
        {"sheet": "Tabla 3"}, "read.sheet", "This means nothing for csv.",
    ),
    "a database beside a file": (
        {"connection": "STAT_OFFICE_DSN", "table": "cases"}, "file",
        "A dataset is one table: a file, or what a database or a store holds.",
    ),
    "a store beside a file": (
        {"url": "s3://office/cases.csv"}, "file",
        "A dataset is one table: a file, or what a database or a store holds.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reading", "column", "message"), OPENINGS.values(), ids=OPENINGS.keys())
def test_how_a_file_is_opened_has_to_fit_it(
    reading: dict[str, Any], column: str, message: str, tmp_path: Path
) -> None:
    path = write_mapped(tmp_path / "w", "Entidad,Año,N\n", MAP)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["datasets"]["table"]["read"] = reading
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert (problem.column, problem.message) == (f"datasets.table.{column}", message)


def test_numbers_that_yaml_reads_are_names_of_columns_and_cells() -> None:
    text = """
    place: {column: Clave, by: code, codes: {1: MX-AGU}}
    wide:
      2019: {year: 2019, stage: convicted, unit: persons}
    drop: {Clave: [99]}
    tokens: {999: not_reported}
    """
    read = TableMap.model_validate(yaml.safe_load(text))
    assert read.place.codes == {"1": "MX-AGU"}
    assert [figures.column for figures in read.figures] == ["2019"]
    assert read.drop == {"Clave": ("99",)}
    assert read.tokens == {"999": "not_reported"}


def test_a_map_survives_the_snapshot() -> None:
    given = {**MAP, "tokens": {"<5": [1, 4], "*": "suppressed", "-": 0}, "thousands": " "}
    read = TableMap.model_validate(given)
    assert TableMap.model_validate_json(read.model_dump_json()) == read
    assert read.decimal_sign == "."
    assert TableMap.model_validate({**MAP, "thousands": "."}).decimal_sign == ","
