"""Room `casefile`: a file with one row per defendant -> its faults, and grouped counts.

Rows of persons stay with what reads them: DuckDB in the memory of this process, or the workers of
a Spark. No snapshot, page or log holds them, and no error prints what could name a person.
"""

from gapatlas.casefile.checks import Found, find_case_problems
from gapatlas.casefile.file import CaseFile
from gapatlas.casefile.grouping import Among, grouped_counts
from gapatlas.casefile.linking import linked_people
from gapatlas.casefile.reading import kept_open
from gapatlas.casefile.spark import spark_kept
from gapatlas.casefile.words import mapped_covariates

__all__ = [
    "Among",
    "CaseFile",
    "Found",
    "find_case_problems",
    "grouped_counts",
    "kept_open",
    "linked_people",
    "mapped_covariates",
    "spark_kept",
]
