"""Room `sql`: the questions, one `.sql` file each."""

from functools import cache
from importlib import resources


@cache
def query_text(name: str) -> str:
    """The text of a question by the name of its file, without `.sql`."""
    return resources.files("gapatlas.sql").joinpath(f"{name}.sql").read_text(encoding="utf-8")
