"""The address of a view in the app, and the figures behind an address."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote, urlencode

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.languages import LANGUAGES
from gapatlas.links.changes import Changes, changes_between, earlier_of
from gapatlas.links.locks import check_lock, lock_of
from gapatlas.links.pages import HOME, PAGES, LinkedPage, Shown
from gapatlas.links.refusals import refuse_name
from gapatlas.state import (
    EMBED_PART,
    LOCK,
    THEMES,
    Carried,
    Scenario,
    carried_from_query,
    carried_to_query,
    scenario_to_text,
    scenarios_to_text,
    short_id,
    theme_query,
)

READABLE: Final = "~*!:."
"""Signs between the parts of a scenario; an address may hold them as they are."""
YEARS: Final = "years"
"""One choice for the first and last year of an address."""
EVERYWHERE: Final = ("language", "theme", "embed", "locked")
"""Choices that the address of every page can hold."""


class DataChangedWarning(UserWarning):
    """The data of a link are not those that answer it."""


def link(
    atlas: Atlas,
    page: str,
    *,
    base: str = "",
    language: str = LANGUAGES[0],
    theme: str = "",
    embed: bool = False,
    locked: bool = False,
    **choices: object,
) -> str:
    """The address of a view in the app; see `Atlas.link`."""
    linked = named_page(page)
    if language not in LANGUAGES:
        refuse_name("language", language, LANGUAGES)
    if theme not in ("", *THEMES):
        refuse_name("theme", theme, THEMES)
    view = _view_of(atlas, page, linked, choices)
    carried = carried_to_query(Carried(short_id(atlas.snapshot.id), language))
    return address_of(page, view, carried, base=base, theme=theme, embed=embed, locked=locked)


def address_of(
    page: str,
    view: Mapping[str, str],
    carried: Mapping[str, str],
    *,
    base: str = "",
    theme: str = "",
    embed: bool = False,
    locked: bool = False,
) -> str:
    """The address of a view whose parts are known.

    Args:
        page: file name of the page without its ending.
        view: the parts of its view, in order.
        carried: snapshot and language.
        base: where the app runs; it goes before the path.
        theme: `light` or `dark`; empty leaves it to the reader.
        embed: whether the address is for a frame in another page.
        locked: whether whoever gets it can't change it.

    Raises:
        LockError: it is to be locked, and the environment has no key.
    """
    query = {**view, **carried}
    if locked:
        query[LOCK] = lock_of(page, query)
    if embed:
        query[EMBED_PART] = "true"
    return base.rstrip("/") + _address(page, {**query, **theme_query(theme)})


def _view_of(
    atlas: Atlas, page: str, linked: LinkedPage, choices: Mapping[str, object]
) -> dict[str, str]:
    known = linked.choices(atlas)
    asked = _texts(choices)
    default = linked.to_query(linked.from_query({}, known))
    for part in asked:
        if part not in default:
            refuse_name(f"choice on the page {page}", part, [*default, *EVERYWHERE])
    state = linked.from_query(asked, known)
    linked.refuse(asked, state, known)
    return linked.to_query(state)


def from_link(url: str, config: str | Path | Atlas | None = None) -> Shown:
    """What the page of a link shows, as objects of the library.

    The link is read as the app reads it: unknown parts are dropped, and what the data do not hold
    becomes what the page shows instead. A link that names an earlier snapshot is answered from
    today's data with a `DataChangedWarning`; `what_changed` tells which figures changed.

    Args:
        url: a link to a page of the app, with or without its host.
        config: an open atlas, or the path of `config.yaml`; None means the one named in
            GAPATLAS_CONFIG, else `config.yaml` in the working folder.

    Returns:
        Enforcement gaps: a `Gap`; an `AtlasFrame` where the map shows the rate itself; a
        `Reporting` where it shows reporting gaps. Conviction rates: a `Comparison`. Place profile:
        a `Profile`. Cross-border: a `Flows`. Evidence and defence: a `CaseEvidence`. Training
        investment: an `Investment`. Overview: a `Headline`. Data and methods: the `Atlas`.

    Raises:
        UnknownNameError: the app has no such page.
        QueryError: the page has nothing to show, such as a scenario without a place.
        LockError: the link is locked, and was changed or can't be checked here.
        GapAtlasError: the config or the data have faults.
    """
    page, query, linked, atlas = _opened(url, config)
    check_lock(page, query, linked.parts)
    _warn_of_other_data(query, atlas)
    return linked.figures(atlas, linked.from_query(query, linked.choices(atlas)))


def what_changed(url: str, config: str | Path | Atlas | None = None) -> Changes:
    """Which figures of a view have changed since its link was made.

    Args:
        url: a link to a page of the app, with or without its host.
        config: as for `from_link`.

    Returns:
        `words` say it in a sentence; `table` has one row for each figure that is not the same:
        What (place, years), Figure, Then and Now. Figures of persons are not compared, nor is a
        snapshot that is no longer kept: `standing` tells.

    Raises:
        UnknownNameError: the app has no such page.
        GapAtlasError: the config or the data have faults.
    """
    page, query, _, atlas = _opened(url, config)
    earlier = earlier_of(page, query, atlas)
    try:
        return changes_between(page, query, earlier, atlas)
    finally:
        if earlier.atlas is not None:
            earlier.atlas.close()


def _opened(
    url: str, config: str | Path | Atlas | None
) -> tuple[str, dict[str, str], LinkedPage, Atlas]:
    page, query = page_and_query(url)
    linked = named_page(page)
    return page, query, linked, config if isinstance(config, Atlas) else open_atlas(config)


def _warn_of_other_data(query: Mapping[str, str], atlas: Atlas) -> None:
    then = carried_from_query(query).snapshot
    if then and not atlas.snapshot.id.startswith(then):
        warnings.warn(
            f"This link was made with snapshot {then}, and snapshot {short_id(atlas.snapshot.id)} "
            "answers it. gapatlas.what_changed(url) tells which of its figures changed.",
            DataChangedWarning,
            stacklevel=3,
        )


def named_page(page: str) -> LinkedPage:
    """A page by its name; raises UnknownNameError where there is none."""
    if page not in PAGES:
        refuse_name("page", page, PAGES)
    return PAGES[page]


# ------------------------------------------------------------------ to an address


def _texts(choices: Mapping[str, object]) -> dict[str, str]:
    """Choices as the parts of an address."""
    texts = {part: _text(value) for part, value in choices.items() if part != YEARS}
    if isinstance(years := choices.get(YEARS), tuple):
        texts["from"], texts["to"] = (_text(year) for year in years)
    elif YEARS in choices:
        texts[YEARS] = _text(choices[YEARS])
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Scenario):
        return scenario_to_text(value)
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    items = list(value)
    scenarios = [item for item in items if isinstance(item, Scenario)]
    return scenarios_to_text(scenarios) if scenarios else ".".join(str(item) for item in items)


def _address(page: str, query: Mapping[str, str]) -> str:
    path = "/" if page == HOME else f"/{page}"
    return f"{path}?{urlencode(query, quote_via=quote, safe=READABLE)}" if query else path


# ------------------------------------------------------------------ from an address


def page_and_query(url: str) -> tuple[str, dict[str, str]]:
    """The page and the parts of an address; where a part stands twice the last counts, as in the
    app."""
    address = url.strip().partition("#")[0]
    path, _, query = address.partition("?")
    if "://" in path:
        path = path.partition("://")[2].partition("/")[2]
    page = path.rstrip("/").rpartition("/")[2]
    parts = parse_qs(query, keep_blank_values=True)
    return page or HOME, {part: values[-1] for part, values in parts.items()}
