"""The address of a view in the app, and the figures behind an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote, urlencode

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.links.pages import HOME, PAGES, LinkedPage, Shown
from gapatlas.links.refusals import refuse_name
from gapatlas.state import Scenario, scenario_to_text, scenarios_to_text

READABLE: Final = "~*!:."
"""Signs between the parts of a scenario; an address may hold them as they are."""
YEARS: Final = "years"
"""One choice for the first and last year of an address."""


def link(atlas: Atlas, page: str, *, base: str = "", **choices: object) -> str:
    """The address of a view in the app; see `Atlas.link`."""
    linked = _named_page(page)
    known = linked.choices(atlas)
    asked = _texts(choices)
    default = linked.to_query(linked.from_query({}, known))
    for part in asked:
        if part not in default:
            refuse_name(f"choice on the page {page}", part, default or "none")
    state = linked.from_query(asked, known)
    linked.refuse(asked, state, known)
    return base.rstrip("/") + _address(page, linked.to_query(state))


def from_link(url: str, config: str | Path | Atlas | None = None) -> Shown:
    """What the page of a link shows, as objects of the library.

    The link is read as the app reads it: unknown parts are dropped, and what the data do not hold
    becomes what the page shows instead.

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
        GapAtlasError: the config or the data have faults.
    """
    page, query = _page_and_query(url)
    linked = _named_page(page)
    atlas = config if isinstance(config, Atlas) else open_atlas(config)
    return linked.figures(atlas, linked.from_query(query, linked.choices(atlas)))


def _named_page(page: str) -> LinkedPage:
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


def _page_and_query(url: str) -> tuple[str, dict[str, str]]:
    """The page and the parts of an address; where a part stands twice the last counts, as in the
    app."""
    address = url.strip().partition("#")[0]
    path, _, query = address.partition("?")
    if "://" in path:
        path = path.partition("://")[2].partition("/")[2]
    page = path.rstrip("/").rpartition("/")[2]
    parts = parse_qs(query, keep_blank_values=True)
    return page or HOME, {part: values[-1] for part, values in parts.items()}
