"""Room `synthesis`: a case file -> a SYNTHETIC copy, rows that are no persons.

The copy is drawn from counts alone: from those that reach a least number of persons, or from
counts with noise (differential privacy). Rows of persons are counted and go nowhere.
"""

from gapatlas.synthesis.copying import SyntheticCopy, case_dataset, synthesise
from gapatlas.synthesis.quality import Quality
from gapatlas.synthesis.settings import Settings
from gapatlas.synthesis.writing import (
    NOT_FOR,
    descriptor_path,
    promises,
    refuse_paths,
    write_copy,
)

__all__ = [
    "NOT_FOR",
    "Quality",
    "Settings",
    "SyntheticCopy",
    "case_dataset",
    "descriptor_path",
    "promises",
    "refuse_paths",
    "synthesise",
    "write_copy",
]
