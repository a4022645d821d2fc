"""Room `validate`: every rule of the data model, checked on every row."""

from gapatlas.validate.places import place_ids
from gapatlas.validate.validating import Checked, validate

__all__ = ["Checked", "place_ids", "validate"]
