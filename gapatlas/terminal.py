"""Room `terminal`: long work, drawn on one line of a terminal while it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column

from gapatlas.progress import Moment, listening

_WHOLE: Final = 1000
_BAR: Final = 20
_WIDE: Final = 70
"""Columns of a terminal below which there is no room for the bar."""


@contextmanager
def shown_progress(console: Console, quiet: bool = False) -> Iterator[None]:
    """Show what the work inside the block is doing; the line is gone when it ends.

    Args:
        console: where; nothing is drawn where no person looks at it, such as in a pipe.
        quiet: draw nothing anyway.
    """
    if quiet or not (console.is_interactive and console.file.isatty()):
        yield
        return
    with Progress(*_columns(console), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(moment: Moment) -> None:
            share = moment.done_share
            bar.update(
                task,
                description=_words(moment),
                total=None if share is None else _WHOLE,
                completed=round(_WHOLE * (share or 0.0)),
            )

        with listening(draw):
            yield


def _columns(console: Console) -> list[ProgressColumn]:
    """The words come last: as their length changes, nothing else moves."""
    words = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
    bar = [BarColumn(_BAR)] if console.width >= _WIDE else []
    return [SpinnerColumn(), *bar, TimeElapsedColumn(), words]


def _words(moment: Moment) -> str:
    """Such as `Reading our_courts (2 of 7), 1,250,000 rows`."""
    words = f"{moment.step} [bold]{escape(moment.what)}[/]" if moment.what else str(moment.step)
    if moment.of > 1:
        words += f" ({moment.number} of {moment.of})"
    if moment.rows is not None:
        words += f", {moment.rows:,} rows"
    return words
