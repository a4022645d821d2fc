"""Flows in sentences: what is seen, what cannot be, and what is said of a pair of places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gapatlas.charts.words import count_text, lower_first, parted, years_text
from gapatlas.config.vocabulary import counted_words
from gapatlas.crossborder.communities import Communities
from gapatlas.crossborder.cooperation import NO_FIGURE, Enforcement, Pair
from gapatlas.crossborder.flows import Flows, total_of
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.tables import rows

NAMED: Final = 5
"""Places that a sentence names before it counts the rest."""
STANDINGS: Final = {
    "below": mark("Below the middle of all places"),
    "above": mark("Above the middle of all places"),
    "not clear": mark("Cannot be told from the middle"),  # not said
    NO_FIGURE: mark("Not reported"),
}
UNITS: Final = {
    "victims": mark("victims"),
    "persons": mark("persons"),
    "cases": mark("cases"),
    "charges": mark("charges"),
    "offences": mark("offences"),
}


def people_words(flows: Flows) -> str:
    """Who is counted, such as `victims detected`."""
    return counted_words(flows.stage, flows.unit)


def unit_words(flows: Flows) -> str:
    """In what people are counted, such as `victims`."""
    return say(UNITS[flows.unit])


def seen_words(flows: Flows) -> tuple[str, str]:
    """Two sentences: who is counted in all, and which pairs of places are shown."""
    if not flows.destinations:
        first = say(
            "No place prints a citizenship of {people} in {years}.",
            people=people_words(flows),
            years=years_text(*flows.years),
        )
        return first, say("So there is no line.")
    return _counted_words(flows), _shown_words(flows)


def _counted_words(flows: Flows) -> str:
    said = len(flows.destinations)
    return say_many(
        "In {years}, {count} place counted {people} by citizenship: {abroad} were citizens of "
        "another place, {own} of the place itself, and of {unplaced} no single place is known.",
        "In {years}, {count} places counted {people} by citizenship: {abroad} were citizens of "
        "another place, {own} of the place itself, and of {unplaced} no single place is known.",
        said,
        years=years_text(*flows.years),
        count=whole(said),
        people=people_words(flows),
        abroad=count_text(*total_of(flows.pairs)),
        own=count_text(*flows.totals["own"]),
        unplaced=count_text(*flows.totals["unplaced"]),
    )


def _shown_words(flows: Flows) -> str:
    shown = len(flows.edges)
    return say_many(
        "Shown are the {count} pair of places with at least {least} {unit} for certain ({people} "
        "{unit}); {hidden} smaller ones ({fewer} {unit}) are hidden.",
        "Shown are the {count} pairs of places with at least {least} {unit} for certain ({people} "
        "{unit}); {hidden} smaller ones ({fewer} {unit}) are hidden.",
        shown,
        count=whole(shown),
        least=whole(flows.at_least),
        unit=unit_words(flows),
        people=count_text(*flows.totals["shown"]),
        hidden=whole(len(flows.below)),
        fewer=count_text(*flows.totals["hidden"]),
    )


def limits_words(flows: Flows) -> tuple[str, ...]:
    """What these data cannot show, one point after the other; a title, a colon, a sentence."""
    return (
        say("Transit: no source here counts the places that a person passed through on the way."),
        say(
            "The undetected: counts show whom the authorities found. A place that looks hard has "
            "many lines, and a place that does not look has none."
        ),
        say(
            "Where it started: citizenship is not where exploitation began. A person may have left "
            "long before, or been recruited where they were found."
        ),
        say(
            "At home: {people} in their own country have no line ({count} in these years).",
            people=people_words(flows),
            count=count_text(*flows.totals["own"]),
        ),
        say("Places that do not say: {text}", text=_silent_words(flows)),
    )


def communities_words(communities: Communities, flows: Flows) -> str:
    """What a community is, and what it is not."""
    found = len(communities.members)
    if not found:
        return say("No three places are tied closely enough to form a community.")
    return say_many(
        "A letter marks a group of places that share many more {unit} with each other than with "
        "the rest: starting with every place alone, the two groups whose joining keeps most {unit} "
        "inside are joined, again and again, until no joining helps (greedy modularity). It is a "
        "pattern of counts, not a criminal network.",
        "Letters mark the {count} largest groups of places that share many more {unit} with each "
        "other than with the rest: starting with every place alone, the two groups whose joining "
        "keeps most {unit} inside are joined, again and again, until no joining helps (greedy "
        "modularity). It is a pattern of counts, not a criminal network.",
        found,
        count=whole(found),
        unit=unit_words(flows),
    )


def community_lines(communities: Communities, flows: Flows) -> tuple[str, ...]:
    """Each community with its places and the people counted between them."""
    return tuple(
        say(
            "{letter}: {names} (at least {count} {unit} between them)",
            letter=letter,
            names=", ".join(flows.names[id_] for id_ in ids),
            count=whole(communities.people[letter]),
            unit=unit_words(flows),
        )
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
    told = {
        "origin": flows.names[origin],
        "people": people_words(flows),
        "destination": flows.names[destination],
    }
    if found is not None:
        return say(
            "Citizens of {origin} among the {people} in {destination}: {count} ({years}).",
            **told,
            count=count_text(found.count_low, found.count_high),
            years=found.years,
        )
    if destination in flows.destinations:
        return say(
            "Citizens of {origin} among the {people} in {destination}: none named. {destination} "
            "prints other citizenships in these years.",
            **told,
        )
    return say(
        "Citizens of {origin} among the {people} in {destination}: not reported. {destination} "
        "prints no citizenship in these years.",
        **told,
    )


def _sides(pair: Pair, enforcement: Enforcement) -> str:
    return say(
        "{measure}: {sides}. The middle of all places is {middle}.",
        measure=enforcement.measure.title,
        sides=parted(_side_words(pair, enforcement, place) for place in (pair.first, pair.second)),
        middle=enforcement.middle_words(),
    )


def _side_words(pair: Pair, enforcement: Enforcement, place: str) -> str:
    name, where = pair.flows.names[place], enforcement.standing(place)
    if where == NO_FIGURE:
        return say("{name} not reported", name=name)
    return say(
        "{name} {figure}, {standing}",
        name=name,
        figure=enforcement.words(place),
        standing=lower_first(say(STANDINGS[where])),
    )


def cooperation_words(enforcement: Enforcement, flows: Flows, listed: int) -> str:
    """What the list of pairs says, and what its order does not."""
    return say(
        "Of the {shown} pairs shown, {listed} have a side whose figure for '{measure}' clearly "
        "falls short: its whole 95% interval lies below the middle of all places ({middle}). There "
        "a joint case has most {unit} to serve and most room to do better; whether cooperation is "
        "what is missing, counts cannot tell. The pairs with most {unit} come first. That is no "
        "ranking of places, and with so many places some fall below by chance. A side that reports "
        "nothing is not called short.",
        shown=whole(len(flows.edges)),
        listed=whole(listed),
        measure=lower_first(enforcement.measure.title),
        middle=enforcement.middle_words(),
        unit=unit_words(flows),
    )


def _silent_words(flows: Flows) -> str:
    count, people = len(flows.silent), people_words(flows)
    names = ", ".join(_silent_names(flows))
    if not count:
        return say(
            "every place that counts {people} in these years prints some citizenship.",
            people=people,
        )
    if count > NAMED:
        return say(
            "{count} places count {people} in these years and print no citizenship, among them "
            "{names} and {more} more.",
            count=whole(count),
            people=people,
            names=names,
            more=whole(count - NAMED),
        )
    return say_many(
        "{names} counts {people} in these years and prints no citizenship.",
        "{count} places count {people} in these years and print no citizenship, among them "
        "{names}.",
        count,
        count=whole(count),
        people=people,
        names=names,
    )


def _silent_names(flows: Flows) -> Iterator[str]:
    for row in rows(flows.silent.head(NAMED)):
        yield f"{row.name} ({count_text(row.count_low, row.count_high)})"
