"""Room `mapping`: an office's own table -> a table in our columns, with the source of each row."""

from gapatlas.mapping.mapping import Mapped, mapped
from gapatlas.mapping.origin import Origin

__all__ = ["Mapped", "Origin", "mapped"]
