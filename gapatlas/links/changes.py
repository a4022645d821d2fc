"""What the data say of a view now, and what they said when its link was made.

Figures of persons are compared nowhere: what differs between two releases of one file could tell
of single persons. Nor are figures that a source has withheld since: an earlier snapshot that
holds them is not shown again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.errors import GapAtlasError, QueryError
from gapatlas.languages import day, in_digits, mark, said, say, say_many, whole
from gapatlas.links.pages import PAGES, WITHOUT_CHOICES
from gapatlas.links.refusals import WORDS, Query
from gapatlas.links.telling import FiguresTable, telling_of
from gapatlas.state import carried_from_query, short_id

Standing = Literal["today", "kept", "gone", "unreadable", "withheld", "persons"]
"""How the snapshot of a link stands to that of today: it is the same; it is kept; it is no longer
kept; another version of Gap Atlas built it; it shows what a source has withheld since; the page
shows figures of persons, which are shown as they are today alone."""
OF_PERSONS: Final = "evidence_and_defence"
NO_FIGURE: Final = mark("no figure")
COLUMNS: Final = (mark("What"), mark("Figure"), mark("Then"), mark("Now"))
THIS_VIEW: Final = mark("This view")
ALL_OF_IT: Final = mark("all of it")


@dataclass(frozen=True)
class Earlier:
    """The snapshot that a link was made with, as far as it may be shown again.

    Attributes:
        standing: how it stands to the snapshot of today.
        id: first digits of its id.
        atlas: its atlas, where `standing` is `kept`.
    """

    standing: Standing
    id: str
    atlas: Atlas | None = None


@dataclass(frozen=True)
class Changes:
    """What has changed in a view since its link was made.

    Attributes:
        standing: see `Standing`; only of a `kept` snapshot the figures can be compared.
        then: first digits of the id of the snapshot that the link names; empty for none.
        now: first digits of the id of today's.
        made: day on which the snapshot of the link was built, as ISO text; empty where unknown.
        table: one row per figure that is not the same: What (place, years, ...), Figure, Then and
            Now, in words; those of the place that the link chose come first.
    """

    standing: Standing
    then: str
    now: str
    made: str = ""
    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))

    @property
    def words(self) -> str:
        """What a reader has to know, in one or two sentences."""
        if self.standing != "kept":
            return say(STANDINGS[self.standing])
        made, number = day_words(self.made), len(self.table)
        if not number:
            return say(
                "The data have changed since {day}; nothing in this view has.",
                day=made,
            )
        return say_many(
            "The data have changed since {day}, and {number} figure of this view with them.",
            "The data have changed since {day}, and {number} figures of this view with them.",
            number,
            day=made,
            number=whole(number),
        )


STANDINGS: Final[Mapping[Standing, str]] = {
    "today": mark("The data are those that this link was made with."),
    "gone": mark(
        "This link was made with earlier data, which are no longer kept: these are today's "
        "figures, and what changed can't be told."
    ),
    "unreadable": mark(
        "This link was made with data of another version of Gap Atlas, which this one "
        "can't read: these are today's figures, and what changed can't be told."
    ),
    "withheld": mark(
        "This link was made with earlier data. Since then a source has withheld counts "
        "that they hold, so they are not shown again: these are today's figures."
    ),
    "persons": mark(
        "This link was made with earlier data. Figures about persons are shown as they are "
        "today alone: two releases side by side could tell of single persons."
    ),
}


def earlier_of(page: str, query: Query, today: Atlas) -> Earlier:
    """The snapshot that a link was made with.

    Args:
        page: file name of the page without its ending.
        query: the parts of its address.
        today: the atlas of the same config as it is now.
    """
    id_ = carried_from_query(query).snapshot
    if not id_ or today.snapshot.id.startswith(id_):
        return Earlier("today", id_)
    if page == OF_PERSONS:
        return Earlier("persons", id_)
    try:
        found = today.earlier(id_)
    except QueryError:
        return Earlier("unreadable", id_)
    if found is None:
        return Earlier("gone", id_)
    if today.withheld_since(found):
        found.close()
        return Earlier("withheld", id_)
    return Earlier("kept", id_, found)


def changes_between(page: str, query: Query, earlier: Earlier, today: Atlas) -> Changes:
    """What differs in a view between an earlier snapshot and today's."""
    now = short_id(today.snapshot.id)
    if earlier.atlas is None:
        return Changes(earlier.standing, earlier.id, now)
    old, new = _seen(page, query, earlier.atlas), _seen(page, query, today)
    table = _chosen_first(_differences(old, new), query.get("place", ""), today)
    return Changes("kept", earlier.id, now, made=earlier.atlas.meta["built_at"], table=table)


def _chosen_first(table: pd.DataFrame, place: str, atlas: Atlas) -> pd.DataFrame:
    places = atlas.jurisdictions()
    names = places.loc[places["jurisdiction_id"] == place, "name"]
    if names.empty:
        return table
    others = ~table["What"].str.startswith(f"{names.iloc[0]}, ")
    return table.loc[others.sort_values(kind="stable").index].reset_index(drop=True)


def day_words(built_at: str) -> str:
    """A day as a reader writes it."""
    return day(datetime.fromisoformat(built_at)).lstrip("0")


# ------------------------------------------------------------------ two views, figure by figure

_Figures = dict[tuple[str, str], str]
"""(what it is of, which figure) -> the figure in words."""


def _seen(page: str, query: Query, atlas: Atlas) -> _Figures:
    """Every figure of a view, and what the view had to become; a sentence where it has none."""
    linked = PAGES.get(page, WITHOUT_CHOICES)
    try:
        state = linked.from_query(query, linked.choices(atlas))
        shown = linked.figures(atlas, state)
        tables = telling_of(atlas, shown).tables()
    except GapAtlasError as error:
        return {(THIS_VIEW, ALL_OF_IT): said(error.summary)}
    view = {(THIS_VIEW, WORDS.get(k, k)): text for k, text in linked.to_query(state).items()}
    figures: _Figures = {}
    for table in tables:
        figures.update(_cells(table))
    return {**view, **figures}


def _cells(figures: FiguresTable) -> Iterator[tuple[tuple[str, str], str]]:
    keys = list(figures.keys)
    told = [column for column in figures.table.columns if column not in keys]
    met: dict[str, int] = {}
    for row in figures.table.to_dict("records"):
        what = ", ".join(_text(row[key]) for key in keys)
        met[what] = met.get(what, 0) + 1
        label = what if met[what] == 1 else f"{what} ({met[what]})"
        for column in told:
            yield (label, str(column)), _text(row[column])


def _text(value: Any) -> str:
    if pd.isna(value) or value == "":
        return NO_FIGURE
    return in_digits(f"{value:g}") if isinstance(value, float) else str(value)


def _differences(old: _Figures, new: _Figures) -> pd.DataFrame:
    rows = [
        (what, figure, old.get((what, figure), NO_FIGURE), new.get((what, figure), NO_FIGURE))
        for what, figure in dict.fromkeys([*new, *old])
    ]
    return pd.DataFrame(_changed(rows), columns=list(COLUMNS))


def _changed(rows: Sequence[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    return [row for row in rows if row[2] != row[3]]
