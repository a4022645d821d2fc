"""Case files for tests: a few made-up defendants, written as an office might write them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from gapatlas.casefile import CaseFile, Found, find_case_problems
from gapatlas.config import Dataset
from tests.support import DESCRIPTOR

LAST_YEAR = 2025
PLACES = frozenset({"AAA", "BBB", "CCC", "DDD", "US-AA"})
HEADER = (
    "No", "Name of defendant", "Court", "Filed", "Closed", "Result", "Law", "Border", "Victims",
    "Evidence", "Wiretap", "Plea of consent", "Group",
)  # fmt: skip
COLUMNS = {
    "No": "defendant_key",
    "Court": "place",
    "Filed": "year_charged",
    "Closed": "year_ended",
    "Result": "outcome",
    "Law": "charge",
    "Border": "cross_border",
    "Victims": "victims_band",
    "Evidence": "evidence",
    "Plea of consent": "consent",
    "Group": "co_defendant_key",
}
CODES = {
    "place": {"North": "AAA", "South": "BBB"},
    "outcome": {
        "GP": "guilty_plea",
        "GT": "guilty_trial",
        "A": "acquitted",
        "D": "dismissed",
        "P": "pending",
        "?": "unknown",
    },
    "charge": {"1591": "Sex trafficking", "1589": "Forced labour", "371": "Conspiracy"},
    "cross_border": {"1": "yes", "0": "no"},
    "evidence": {
        "VT": "victim_testimony",
        "FR": "financial_records",
        "DC": "digital_communications",
        "0": "none",
    },
    "consent": {"Y": "used", "N": "not_used"},
}
KEYS: dict[str, Any] = {
    "columns": COLUMNS,
    "codes": CODES,
    "separator": "/",
    "not_listed": "absent",
    "dropped": ["Name of defendant", "Wiretap"],
}
SURNAMES = ("Abara", "Bakke", "Ciobanu", "Dlamini", "Eriksen")
RESULTS = ("GP", "GT", "A", "D", "P", "?", "GP")


def a_case(number: int) -> list[str]:
    """One row, which differs from number to number and keeps every rule."""
    result = RESULTS[number % len(RESULTS)]
    filed = 2010 + number % 9
    return [
        f"N-{number:03d}",
        f"{SURNAMES[number % 5]}, Jo{number}",
        ("North", "South", "CCC")[number % 3],
        str(filed),
        "" if result in ("P", "?") else str(filed + number % 4),
        result,
        ("1591", "1589/371", "371/1591", "")[number % 4],
        ("1", "0", "")[number % 3],
        ("1", "7", "2-5", "40", "")[number % 5],
        ("VT/FR", "VT", "0", "", "DC/VT")[number % 5],
        "anything at all",
        ("Y", "N", "")[number % 3],
        f"G-{number // 3}",
    ]


CASES = [a_case(number) for number in range(40)]


def dataset(**changes: Any) -> Dataset:
    """The block of the config; a key that is None is left out."""
    keys = {
        "kind": "cases",
        "source": "office_cases",
        "short": "Our cases",
        "file": "cases.csv",
        "descriptor": "cases.yaml",
        **KEYS,
        **changes,
    }
    return Dataset.model_validate({k: v for k, v in keys.items() if v is not None})


def write_csv(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def case_file(folder: Path, rows: Sequence[Sequence[str]] = CASES, **changes: Any) -> CaseFile:
    return CaseFile(write_csv(folder / "cases.csv", rows), dataset(**changes), "cases.csv")


def counted(**persons: float | None) -> pd.DataFrame:
    """Published counts of all persons by outcome; None where withheld."""
    rows = [
        {
            "split": "none",
            "value": "all",
            "outcome": outcome,
            "persons": number,
            "low": None if number is None else number - 2,
            "high": None if number is None else number + 2,
            "status": "withheld" if number is None else "shown",
        }
        for outcome, number in persons.items()
    ]
    whole = dict.fromkeys(("persons", "low", "high"), "Int64")
    return pd.DataFrame(rows).astype(whole)


def found_in(file: CaseFile) -> Found:
    return find_case_problems(file, PLACES, LAST_YEAR)


def add_cases(
    config: Path, rows: Sequence[Sequence[str]] = CASES, keys: Mapping[str, Any] | None = None
) -> Path:
    """Give a small world a case file."""
    folder = config.parent
    write_csv(folder / "cases.csv", rows)
    (folder / "cases.yaml").write_text(yaml.safe_dump(DESCRIPTOR, sort_keys=False), "utf-8")
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    block = dataset().model_dump(mode="json", exclude_unset=True)
    content["datasets"]["cases"] = {**block, **(keys or {})}
    config.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return config
