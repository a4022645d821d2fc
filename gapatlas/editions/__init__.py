"""Room `editions`: two editions of one dataset -> what was added, removed and revised, and which
conclusions change."""

from gapatlas.editions.comparing import EditionDiff, compare_editions
from gapatlas.editions.writing import page, write_diff

__all__ = ["EditionDiff", "compare_editions", "page", "write_diff"]
