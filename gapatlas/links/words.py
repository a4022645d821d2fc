"""What a reader has chosen, in words: the parts of an address as lines of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from gapatlas.comparison import peer_labels
from gapatlas.languages import mark, say, whole
from gapatlas.links.labels import OF_PAGES, flow_stage_words

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

PARTS: Final[Mapping[str, str]] = {
    "dataset": mark("Cases"),
    "measure": mark("Measure"),
    "source": mark("Source"),
    "window": mark("Years counted together"),
    "year": mark("Last year"),
    "from": mark("From"),
    "to": mark("To"),
    "stage": mark("Counted"),
    "place": mark("Place"),
    "other": mark("Second place"),
    "show": mark("Shown"),
    "benchmark": mark("Measured against"),
    "peers": mark("Peers"),
    "own": mark("Places to compare with"),
    "beside": mark("Beside it"),
    "layers": mark("Layers"),
    "atleast": mark("At least"),
    "view": mark("View"),
    "split": mark("Split by"),
    "outcome": mark("Outcome"),
    "spread": mark("Lines allow for"),
    "worth": mark("Worth of one"),
}
"""Parts of an address -> their words. A scenario is left out: its file tells all of it."""
_YEARS: Final = ("year", "from", "to")
_PLACES: Final = ("place", "other", "own", "beside")


def chosen_words(atlas: Atlas, page: str, query: Mapping[str, str]) -> list[str]:
    """One line for each choice of an address, such as `Place: Romania`.

    Args:
        atlas: knows the names of what is chosen.
        page: file name of the page without its ending.
        query: parts of an address, as a page writes them.
    """
    if "scenario" in query:
        query = {part: value for part, value in query.items() if part != "beside"}
    return [
        say("{choice}: {value}", choice=say(words), value=_value(atlas, page, part, query[part]))
        for part, words in PARTS.items()
        if query.get(part)
    ]


def _value(atlas: Atlas, page: str, part: str, value: str) -> str:
    config = atlas.config
    if part in _PLACES:
        return ", ".join(_known(_names_of(atlas), id_) for id_ in value.split("."))
    if part == "measure" and value in config.measures:
        return config.measures[value].title
    if part == "source":
        return atlas.source(value).short
    if part == "dataset" and value in config.datasets:
        return atlas.source(config.datasets[value].source).title
    if part == "stage":
        return flow_stage_words(value)
    if part == "peers":
        return _known(peer_labels(config), value)
    if value.isdigit() and part not in _YEARS:
        return whole(value)
    labels = OF_PAGES.get(page, {}).get(part, {})
    return ", ".join(_known(labels, each) for each in value.split("."))


def _names_of(atlas: Atlas) -> dict[str, str]:
    """Place id -> name."""
    places = atlas.jurisdictions()
    return dict(zip(places["jurisdiction_id"], places["name"], strict=True))


def _known(words: Mapping[str, str], value: str) -> str:
    """What a value is called; itself where a hand has written it."""
    return say(words[value]) if value in words else value
