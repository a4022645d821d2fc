"""A reader's own table: what was read of it, and whether it can be told already."""

from __future__ import annotations

from gapatlas.charts.words import from_to
from gapatlas.guessing.checking import Looked, Verdict
from gapatlas.languages import say, say_many, whole


def table_opening(file: str, look: Looked, verdict: Verdict | None) -> tuple[str, str]:
    """What a file holds, and what is not known of it.

    Args:
        file: its name.
        look: what it seems to hold.
        verdict: what the last check said; None where nothing is checked, or where the answers
            have changed since.
    """
    if verdict is not None and verdict.years and not verdict.problems:
        return _held(file, verdict), _not_given(verdict)
    lead = say(
        "{file} was read: {rows} rows and {columns} columns.",
        file=file,
        rows=whole(look.rows),
        columns=whole(len(look.columns)),
    )
    if verdict is None:
        return lead, say("Nothing of it is checked yet, so none of its figures can be told.")
    count = len(verdict.problems) + verdict.more
    if count == 0:
        return lead, say("Nothing of it is left once it is mapped, which is not zero.")
    return lead, say_many(
        "{count} problem stands in the way, so none of its figures can be told.",
        "{count} problems stand in the way, so none of its figures can be told.",
        count,
        count=whole(count),
    )


def _held(file: str, verdict: Verdict) -> str:
    first, last = verdict.years or (0, 0)
    return say_many(
        "{file} holds {figures} figures of {places} place in {years}, and every row is checked.",
        "{file} holds {figures} figures of {places} places in {years}, and every row is checked.",
        verdict.places,
        file=file,
        figures=whole(verdict.rows),
        places=whole(verdict.places),
        years=str(first) if first == last else from_to(str(first), str(last)),
    )


def _not_given(verdict: Verdict) -> str:
    if not verdict.silent:
        return say("Each of them is given; no part of this atlas rests on them.")
    return say_many(
        "{count} of them is not given or withheld: it stays so, and never becomes zero.",
        "{count} of them are not given or withheld: they stay so, and never become zero.",
        verdict.silent,
        count=whole(verdict.silent),
    )
