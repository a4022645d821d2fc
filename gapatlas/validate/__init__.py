"""Room `validate`: every rule of the data model, checked on every row."""

from gapatlas.validate.places import place_ids
from gapatlas.validate.validating import Checked, Table, check_table, known_places, validate

__all__ = ["Checked", "Table", "check_table", "known_places", "place_ids", "validate"]
