"""What a reader has chosen, in words: the parts of an address as lines of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from gapatlas.comparison import peer_labels
from gapatlas.gaps import BENCHMARKS
from gapatlas.languages import mark, say

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
VALUES: Final = frozenset(
    {
        mark("peers"),
        mark("funnel"),
        mark("shrunken"),
        mark("ranks"),
        mark("trend"),
        mark("two"),
        mark("sources"),
        mark("outcomes"),
        mark("none"),
        mark("additive"),
        mark("multiplicative"),
        mark("ratio"),
        mark("number"),
        mark("probability"),
        mark("rate"),
        mark("short"),
        mark("stages"),
        mark("silent"),
        mark("model"),
        mark("reporting"),
        mark("clusters"),
        mark("map"),
        mark("matrix"),
        mark("evidence"),
        mark("defence"),
        mark("pairs"),
        mark("testimony"),
        mark("pairings"),
        mark("time"),
        mark("networks"),
        mark("sure"),
        mark("worth"),
        mark("allocation"),
        mark("refreshers"),
        mark("scenarios"),
        mark("association"),
        mark("place"),
        mark("year charged"),
        mark("charge"),
        mark("victims band"),
        mark("cross border"),
        mark("task force"),
        mark("team trained"),
        mark("convicted"),
        mark("acquitted"),
        mark("dismissed"),
        mark("prosecuted"),
        mark("referred"),
        mark("detected"),
        mark("suspected"),
        mark("cleared"),
        mark("unfounded"),
        mark("chargesheeted"),
        mark("trials completed"),
        mark("outcome unknown"),
    }
)
"""Ids that an address can hold, as words."""
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
        say("{choice}: {value}", choice=say(words), value=_value(atlas, part, query[part]))
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
    if value in known:
        return say(known[value])
    words = value.replace("_", " ").split(".")
    return ", ".join(say(word) if word in VALUES else word for word in words)
