"""Flows in sentences: what is seen, what cannot be, and what is said of a pair of places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gapatlas.charts.words import count_text, lower_first, years_text
from gapatlas.crossborder.communities import Communities
from gapatlas.crossborder.cooperation import NO_FIGURE, Enforcement, Pair
from gapatlas.crossborder.flows import Flows, total_of
from gapatlas.tables import rows

NAMED: Final = 5
"""Places that a sentence names before it counts the rest."""
STANDINGS: Final = {
    "below": "Below the middle of all places",
    "above": "Above the middle of all places",
    "not clear": "Cannot be told from the middle",
    NO_FIGURE: "Not reported",
}


def people_words(flows: Flows) -> str:
    """Who is counted, such as `victims detected`."""
    return f"{flows.unit} {flows.stage.replace('_', ' ')}"


def seen_words(flows: Flows) -> tuple[str, str]:
    """Two sentences: who is counted in all, and which pairs of places are shown."""
    people, years = people_words(flows), years_text(*flows.years)
    said = len(flows.destinations)
    if not said:
        return f"No place prints a citizenship of {people} in {years}.", "So there is no line."
    abroad, own = total_of(flows.pairs), flows.totals["own"]
    first = (
        f"In {years}, {said:,} {_places(said)} counted {people} by citizenship: "
        f"{count_text(*abroad)} were citizens of another place, {count_text(*own)} of the place "
        f"itself, and of {count_text(*flows.totals['unplaced'])} no single place is known."
    )
    shown, hidden = len(flows.edges), len(flows.below)
    pairs = "pair" if shown == 1 else "pairs"
    second = (
        f"Shown are the {shown:,} {pairs} of places with at least {flows.at_least:,} {flows.unit} "
        f"for certain ({count_text(*flows.totals['shown'])} {flows.unit}); {hidden:,} smaller ones "
        f"({count_text(*flows.totals['hidden'])} {flows.unit}) are hidden."
    )
    return first, second


def limits_words(flows: Flows) -> tuple[str, ...]:
    """What these data cannot show, one point after the other; a title, a colon, a sentence."""
    people = people_words(flows)
    return (
        "Transit: no source here counts the places that a person passed through on the way.",
        "The undetected: counts show whom the authorities found. A place that looks hard has many "
        "lines, and a place that does not look has none.",
        "Where it started: citizenship is not where exploitation began. A person may have left "
        "long before, or been recruited where they were found.",
        f"At home: {people} in their own country have no line "
        f"({count_text(*flows.totals['own'])} in these years).",
        f"Places that do not say: {_silent_words(flows)}",
    )


def communities_words(communities: Communities, flows: Flows) -> str:
    """What a community is, and what it is not."""
    found = len(communities.members)
    if not found:
        return "No three places are tied closely enough to form a community."
    return (
        f"{'A letter marks' if found == 1 else f'Letters mark the {found} largest'} "
        f"{'a group' if found == 1 else 'groups'} of places that share many more {flows.unit} with "
        "each other than with the rest: starting with every place alone, the two groups whose "
        f"joining keeps most {flows.unit} inside are joined, again and again, until no joining "
        "helps (greedy modularity). It is a pattern of counts, not a criminal network."
    )


def community_lines(communities: Communities, flows: Flows) -> tuple[str, ...]:
    """Each community with its places and the people counted between them."""
    return tuple(
        f"{letter}: {', '.join(flows.names[id_] for id_ in ids)} (at least "
        f"{communities.people[letter]:,} {flows.unit} between them)"
        for letter, ids in communities.members.items()
    )


def pair_words(pair: Pair) -> tuple[str, ...]:
    """Who is counted where between two places, and what each side does about it."""
    flows = pair.flows
    told = [
        _direction(flows, pair.first, pair.second, pair.there),
        _direction(flows, pair.second, pair.first, pair.back),
    ]
    return (*told, *(_sides(pair, enforcement) for enforcement in pair.enforcement))


def _direction(flows: Flows, origin: str, destination: str, found: Any | None) -> str:
    names, people = flows.names, people_words(flows)
    lead = f"Citizens of {names[origin]} among the {people} in {names[destination]}: "
    if found is not None:
        count = count_text(found.count_low, found.count_high)
        return f"{lead}{count} ({found.years})."
    if destination in flows.destinations:
        return f"{lead}none named. {names[destination]} prints other citizenships in these years."
    return f"{lead}not reported. {names[destination]} prints no citizenship in these years."


def _sides(pair: Pair, enforcement: Enforcement) -> str:
    names = pair.flows.names
    sides = [
        f"{names[place]} {enforcement.words(place)}, {STANDINGS[where].lower()}"
        if (where := enforcement.standing(place)) != NO_FIGURE
        else f"{names[place]} not reported"
        for place in (pair.first, pair.second)
    ]
    return (
        f"{enforcement.measure.title}: {'; '.join(sides)}. The middle of all places is "
        f"{enforcement.middle_words()}."
    )


def cooperation_words(enforcement: Enforcement, flows: Flows, listed: int) -> str:
    """What the list of pairs says, and what its order does not."""
    shown = len(flows.edges)
    return (
        f"Of the {shown:,} pairs shown, {listed:,} have a side whose figure for "
        f"'{lower_first(enforcement.measure.title)}' clearly falls "
        f"short: its whole 95% interval lies below the middle of all places "
        f"({enforcement.middle_words()}). There a joint case has most {flows.unit} to serve and "
        "most room to do better; whether cooperation is what is missing, counts cannot tell. The "
        f"pairs with most {flows.unit} come first. That is no ranking of places, and with so many "
        "places some fall below by chance. A side that reports nothing is not called short."
    )


def _silent_words(flows: Flows) -> str:
    silent = flows.silent
    people = people_words(flows)
    if silent.empty:
        return f"every place that counts {people} in these years prints some citizenship."
    named = ", ".join(_silent_names(flows))
    more = len(silent) - NAMED
    rest = f" and {more} more" if more > 0 else ""
    return (
        f"{len(silent)} {_places(len(silent))} count {people} in these years and print no "
        f"citizenship, among them {named}{rest}."
        if len(silent) > 1
        else f"{named} counts {people} in these years and prints no citizenship."
    )


def _silent_names(flows: Flows) -> Iterator[str]:
    for row in rows(flows.silent.head(NAMED)):
        yield f"{row.name} ({count_text(row.count_low, row.count_high)})"


def _places(count: int) -> str:
    return "place" if count == 1 else "places"
