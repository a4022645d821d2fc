"""Room `validate`: every rule of the data model, checked on every row."""

from gapatlas.validate.validating import Checked, Table, check_table, validate

__all__ = ["Checked", "Table", "check_table", "validate"]
