"""The table of defects in README.md names cases that there are."""

from __future__ import annotations

from pathlib import Path

from tests.faults import test_bad_input, test_mapping_faults, test_reading_faults

CASES = {
    "test_bad_input": set(test_bad_input.BAD_INPUT),
    "test_mapping_faults": set(test_mapping_faults.DEFECTS),
    "test_reading_faults": {
        test_reading_faults.name_of(bad)
        for bad in (
            *test_reading_faults.TEXTS, *test_reading_faults.BOOKS, *test_reading_faults.OTHERS,
        )
    },
}  # fmt: skip


def test_each_of_at_least_forty_defects_has_its_case() -> None:
    text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    defects = rows[1:]
    assert len({defect for defect, _, _ in defects}) == len(defects) >= 40
    assert [row for row in defects if row[2] not in CASES[row[1]]] == []
