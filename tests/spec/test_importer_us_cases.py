"""US federal defendants as counts of cases, counted again from the rows. Made-up persons."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from gapatlas.errors import ImportLayoutError
from gapatlas.importers import IMPORTERS, Import
from gapatlas.protection import audit
from tests.counted_cases import OUTCOMES, read_back
from tests.fixtures.importers.published import write_csv

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
HEADER = (
    "state", "case_year", "statutes_sentenced", "victims_band", "counts_plea_guilty",
    "counts_trial_guilty", "counts_trial_not_guilty", "counts_dismissed_on_plea",
    "counts_nolle_prosequi",
)  # fmt: skip
ENDS = {
    ("1", "", "", "2", ""): "guilty_plea",
    ("2", "1", "0", "0", "0"): "guilty_trial",
    ("0", "0", "1", "3", ""): "acquitted",
    ("0", "0", "0", "0", "1"): "dismissed",
    ("", "", "", "4", ""): "dismissed",
    ("", "0", "", "", ""): "open",
}
CHARGES = {
    "1591|2421_to_2424": "Sex trafficking",
    "1324|1589": "Forced labour or servitude",
    "1328": "Transport for prostitution",
    "1324": "Bringing in or harbouring migrants",
    "1594|1961_to_1968": "Racketeering",
    "1594": "Other statutes",
    "": "unknown",
}
BANDS = {"1": "1", "2-5": "2-5", "6-20": "6-20", "21+": "21+", "0": "unknown", "": "unknown"}
SPLITS = ("place", "year_charged", "charge", "victims_band")
HIDDEN = {"place": ("no state",), "year_charged": ("unknown",)}


def write_persons(path: Path, number: int = 900) -> Path:
    """A file with large and small groups, and with blanks."""
    chance = random.Random(1865)

    def one_of(values: list[str], weights: tuple[int, ...]) -> str:
        return chance.choices(values, weights)[0]

    ends = [*ENDS]
    rows = [
        (
            one_of(["TX", "CA", "VT", "Guam", ""], (60, 30, 4, 4, 2)),
            one_of(["2003", "2004", "2006", ""], (50, 30, 18, 2)),
            one_of([*CHARGES], (40, 20, 10, 10, 5, 3, 12)),
            one_of([*BANDS], (30, 30, 20, 12, 4, 4)),
            *chance.choices(ends, (55, 20, 2, 8, 5, 10))[0],
        )
        for _ in range(number)
    ]
    return write_csv(path, [HEADER, *rows])


def persons_in(path: Path) -> Iterator[dict[str, str]]:
    """Each person by the words of the table, read with the standard library alone."""
    places = {"": "no state", "Guam": "US-GU"}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "place": places.get(row["state"], f"US-{row['state']}"),
                "year_charged": row["case_year"] or "unknown",
                "charge": CHARGES[row["statutes_sentenced"]],
                "victims_band": BANDS[row["victims_band"]],
                "end": ENDS[tuple(row[name] for name in HEADER[4:])],
            }


def counted(path: Path) -> Counter[tuple[str, str, str]]:
    """True persons of every cell."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for person in persons_in(path):
        groups = [("none", "all"), *((split, person[split]) for split in SPLITS)]
        for group in groups:
            counts.update((*group, outcome) for outcome in ("all", coarse(person["end"])))
        counts["none", "all", person["end"]] += person["end"].startswith("guilty")
    return counts


def coarse(end: str) -> str:
    return "convicted" if end.startswith("guilty") else end


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_persons(tmp_path_factory.mktemp("persons") / "p.csv")


@pytest.fixture(scope="module")
def result(path: Path) -> Import:
    return IMPORTERS["us_cases"].read(path)


def test_every_figure_holds_the_persons_counted_again_from_the_rows(
    path: Path, result: Import
) -> None:
    true = counted(path)
    table = result.tables["case_counts"]
    shown = table[table["status"] == "shown"]
    assert len(shown) > 40
    for row in shown.itertuples():
        persons = true[row.split, row.value, row.outcome]
        assert persons >= 10
        assert row.low <= persons <= row.high
        assert (row.persons % 5, abs(row.persons - persons) <= 2) == (0, True)
    withheld = table[table["status"] == "withheld"]
    assert withheld[["persons", "low", "high"]].isna().all(axis=None)
    listed = set(table[["split", "value", "outcome"]].itertuples(index=False, name=None))
    hidden = {("place", "no state"), ("year_charged", "unknown")}
    assert {key for key in true if key[:2] not in hidden} <= listed
    assert not hidden & {key[:2] for key in listed}


def test_an_attacker_who_knows_all_figures_narrows_none_down(path: Path, result: Import) -> None:
    people = pd.DataFrame(persons_in(path))
    people["outcome"] = people.pop("end").map(coarse)
    cells = people.value_counts([*SPLITS, "outcome"]).rename("persons").reset_index()
    report = audit(read_back(result.tables["case_counts"], HIDDEN), cells)
    assert report.passed, report.lines()
    assert report.withheld > 0


def test_no_year_and_no_charge_is_told_by_being_listed(result: Import) -> None:
    """2005 has nobody; the charges are listed whether or not they occur."""
    table = result.tables["case_counts"]
    years = table[table["split"] == "year_charged"]
    assert sorted(years["value"].unique()) == ["2003", "2004", "2005", "2006"]
    assert set(years.loc[years["value"] == "2005", "status"]) == {"withheld"}
    assert set(table.loc[table["split"] == "charge", "value"]) == set(CHARGES.values())
    assert set(table.loc[table["split"] == "victims_band", "value"]) == set(BANDS.values())


def guilty_parts(tmp_path: Path, plea: int, trial: int, other: int) -> dict[str, object]:
    blank = ("TX", "2010", "1591", "1")
    rows = [
        *[(*blank, "1", "", "", "", "")] * plea,
        *[(*blank, "0", "1", "", "", "")] * trial,
        *[(*blank, "", "", "", "", "1")] * other,
    ]
    table = (
        IMPORTERS["us_cases"]
        .read(write_csv(tmp_path / "g.csv", [HEADER, *rows]))
        .tables["case_counts"]
    )
    parts = table[table["outcome"].str.startswith("guilty")]
    return {
        row.outcome: None if pd.isna(row.persons) else row.persons for row in parts.itertuples()
    }


@pytest.mark.parametrize(
    ("plea", "trial", "shown"),
    [
        (301, 119, (300, 120)),  # 420 are printed: 300 and 120 add up to them
        (302, 121, None),  # 425 are printed, but 300 and 120: the parts would narrow the total
        (301, 99, None),  # too few at trial
    ],
)
def test_plea_and_trial_are_told_where_they_narrow_no_total(
    tmp_path: Path, plea: int, trial: int, shown: tuple[int, int] | None
) -> None:
    expected = dict(zip(("guilty_plea", "guilty_trial"), shown or (None, None), strict=True))
    assert guilty_parts(tmp_path, plea, trial, 50) == expected


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("TX", "2010", "trafficking", "1"), "statutes_sentenced: This is no list of statutes."),
        (("TX", "2010", "1591|", "1"), "statutes_sentenced: This is no list of statutes."),
        (("TX", "2010", "1591", "22"), "victims_band: This is no band of victims. Found: 22"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, cells: tuple[str, ...], told: str) -> None:
    row = (*cells, "1", "", "", "", "")
    with pytest.raises(ImportLayoutError) as caught:
        IMPORTERS["us_cases"].read(write_csv(tmp_path / "p.csv", [HEADER, row]))
    assert told in str(caught.value)


# ------------------------------------------------------------------ the shipped table


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return pd.read_csv(DATA / "us_federal_cases" / "case_counts.csv", dtype={"persons": "Int64"})


def test_the_shipped_figures_cannot_be_narrowed_down(shipped: pd.DataFrame) -> None:
    report = audit(read_back(shipped, HIDDEN))
    assert report.passed, report.lines()
    assert (report.cells, report.withheld) == (405, 257)


def test_the_shipped_figures_agree_with_the_observations_cell_by_cell(
    shipped: pd.DataFrame,
) -> None:
    """The 60 published ones (66 with those of completed trials) and the withheld ones."""
    stages = {"prosecuted": "all", "outcome_unknown": "open"}
    observations = pd.read_csv(DATA / "us_federal_defendants" / "observations.csv")
    told = observations[observations["stage"] != "trials_completed"]
    old = {
        (row.jurisdiction_id, stages.get(row.stage, row.stage)): (row.count_low + row.count_high)
        / 2
        for row in told.itertuples()
    }
    placed = shipped[
        shipped["split"].isin(("none", "place")) & shipped["outcome"].isin(("all", *OUTCOMES))
    ]
    new = {
        (row.value.replace("all", "USA"), row.outcome): row.persons for row in placed.itertuples()
    }
    assert old.keys() == new.keys()
    for key, persons in new.items():
        assert (pd.isna(persons) and pd.isna(old[key])) or persons == old[key], key
