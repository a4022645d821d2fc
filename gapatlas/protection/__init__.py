"""Room `protection`: from counts of persons to tables that give nobody away. Pure functions."""

from gapatlas.protection.audit import AuditReport, audit
from gapatlas.protection.family import ALL
from gapatlas.protection.gate import SHOWN, WITHHELD, Published, protect_family
from gapatlas.protection.rules import BRAND, LEAST_WINDOW, WITHHELD_TEXT, Rules, ratio_of_printed

__all__ = [
    "ALL",
    "BRAND",
    "LEAST_WINDOW",
    "SHOWN",
    "WITHHELD",
    "WITHHELD_TEXT",
    "AuditReport",
    "Published",
    "Rules",
    "audit",
    "protect_family",
    "ratio_of_printed",
]
