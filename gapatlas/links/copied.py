"""A link that is made from one that a reader has copied, or from the name of a page."""

from __future__ import annotations

from collections.abc import Mapping

from gapatlas.atlas import Atlas
from gapatlas.links.addresses import address_of, link, named_page, page_and_query
from gapatlas.links.locks import check_lock
from gapatlas.links.pages import HOME
from gapatlas.links.refusals import refuse_name
from gapatlas.state import (
    EMBED_PART,
    THEME_PART,
    THEMES,
    carried_from_query,
    carried_to_query,
    theme_query,
)


def copied_link(
    atlas: Atlas,
    where: str,
    parts: Mapping[str, str],
    *,
    base: str = "",
    theme: str = "",
    embed: bool = False,
    locked: bool = False,
) -> str:
    """The address of a view, with a lock if one is asked for.

    Args:
        atlas: the data that the view is checked against.
        where: name of a page, or an address that a reader has copied. An address keeps where the
            app runs, its snapshot, theme and frame; what no page knows of it is dropped.
        parts: parts of the view; they replace those of the address.
        base: where the app runs; it goes before the path.
        theme: `light` or `dark`; empty keeps that of the address.
        embed: whether the address is for a frame in another page.
        locked: whether whoever gets it can't change it.

    Raises:
        UnknownNameError: there is no such page, part or value.
        LockError: the address is locked and was changed, or there is no key.
    """
    page, query = page_and_query(where) if _is_address(where) else (where, {})
    linked = named_page(page)
    for part in parts:
        if part not in linked.parts:
            refuse_name(f"choice on the page {page}", part, linked.parts)
    check_lock(page, query, linked.parts)
    view = {part: text for part, text in {**query, **parts}.items() if part in linked.parts}
    carried = carried_from_query(query)
    base = base or (_base_of(where, page) if _is_address(where) else "")
    theme = theme or _theme_of(query)
    embed = embed or query.get(EMBED_PART) == "true"
    if not carried.snapshot or atlas.snapshot.id.startswith(carried.snapshot):
        return link(atlas, page, base=base, theme=theme, embed=embed, locked=locked, **view)
    # What an earlier snapshot holds, today's may not: its view stays as the reader copied it.
    return address_of(
        page,
        {part: view[part] for part in linked.parts if part in view},
        carried_to_query(carried),
        base=base,
        theme=theme,
        embed=embed,
        locked=locked,
    )


def _is_address(where: str) -> bool:
    return "/" in where or "?" in where


def _theme_of(query: Mapping[str, str]) -> str:
    """The theme of an address; empty where it names none."""
    asked = query.get(THEME_PART)
    return next((theme for theme in THEMES if theme_query(theme).get(THEME_PART) == asked), "")


def _base_of(address: str, page: str) -> str:
    """Where the app runs: what stands before the path of the page."""
    path = address.strip().partition("#")[0].partition("?")[0].rstrip("/")
    return path if page == HOME else path.rpartition("/")[0]
