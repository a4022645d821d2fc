"""Room `telling`: the two sentences with which a page opens, made by rules from its own figures.

    found = gapatlas.from_link("/conviction_rates?place=ROU&year=2022", atlas)
    told = gapatlas.opening(found)
    print(told.text)

The first sentence says what the figures are, with their years, unit and interval. The second says
what can be claimed of them and what can't. A word of direction (below, above, more, fewer) stands
only where the whole interval carries it.
"""

from gapatlas.telling.by_kind import Opening, Told, opening

__all__ = ["Opening", "Told", "opening"]
