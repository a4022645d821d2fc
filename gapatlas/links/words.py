"""What a reader has chosen, in words: the parts of an address as lines of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from gapatlas.comparison import peer_labels
from gapatlas.gaps import BENCHMARKS

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

PARTS: Final[Mapping[str, str]] = {
    "dataset": "Cases",
    "measure": "Measure",
    "source": "Source",
    "window": "Years counted together",
    "year": "Last year",
    "from": "From",
    "to": "To",
    "stage": "Counted",
    "place": "Place",
    "other": "Second place",
    "show": "Shown",
    "benchmark": "Measured against",
    "peers": "Peers",
    "own": "Places to compare with",
    "beside": "Beside it",
    "layers": "Layers",
    "atleast": "At least",
    "view": "View",
    "split": "Split by",
    "outcome": "Outcome",
    "spread": "Lines allow for",
    "worth": "Worth of one",
}
"""Parts of an address -> their words. A scenario is left out: its file tells all of it."""
_PLACES: Final = ("place", "other", "own", "beside")


def chosen_words(atlas: Atlas, query: Mapping[str, str]) -> list[str]:
    """One line for each choice of an address, such as `Place: Romania`.

    Args:
        atlas: knows the names of what is chosen.
        query: parts of an address, as a page writes them.
    """
    if "scenario" in query:
        query = {part: value for part, value in query.items() if part != "beside"}
    return [
        f"{words}: {_value(atlas, part, query[part])}"
        for part, words in PARTS.items()
        if query.get(part)
    ]


def _value(atlas: Atlas, part: str, value: str) -> str:
    config = atlas.config
    if part in _PLACES:
        places = atlas.jurisdictions()
        names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
        return ", ".join(names.get(id_, id_) for id_ in value.split("."))
    if part == "measure" and value in config.measures:
        return config.measures[value].title
    if part == "source":
        return atlas.source(value).short
    known = {"benchmark": BENCHMARKS, "peers": peer_labels(config)}.get(part, {})
    return known.get(value, value.replace("_", " ").replace(".", ", "))
