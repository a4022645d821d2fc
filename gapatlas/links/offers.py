"""What a reader of each page can choose from: what the data of an atlas hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from weakref import WeakKeyDictionary

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.comparison import peer_labels
from gapatlas.config.vocabulary import LEVELS_OF_MAP, STAGE_UNITS
from gapatlas.evidence import CaseEvidence, case_evidence, in_order
from gapatlas.gaps import has_gap
from gapatlas.investment import Baselines, baselines, choices_of
from gapatlas.languages import language_now
from gapatlas.profile import LEVELS, main_measure
from gapatlas.state import (
    Choices,
    EvidenceChoices,
    FlowChoices,
    InvestmentChoices,
    ProfileChoices,
    default_state,
)

Printed = Callable[[str, str], pd.DataFrame]
"""Source and stage -> every count by citizenship, as `Atlas.flows` gives them."""

Told = Callable[[str], CaseEvidence]
"""Dataset of cases -> what is published of it."""


def every_choice(atlas: Atlas) -> Choices:
    """Every measure with its sources, that of the measure first."""
    spans = {}
    places = {}
    for id_, measure in atlas.config.measures.items():
        spans[id_] = _spans(atlas, id_, measure.source)
        places[id_] = frozenset(atlas.places_of(id_)["jurisdiction_id"])
    return Choices(
        spans=spans,
        places=places,
        default=default_state(atlas.config),
        peers=tuple(peer_labels(atlas.config)),
    )


def gap_choices(atlas: Atlas) -> Choices:
    """The page Enforcement gaps: measures of years, whose places some map draws; of provinces
    also where none does, and of any place where the config has no map at all. A period has no
    year to step to."""
    every, config = every_choice(atlas), atlas.config
    drawn = [
        id_
        for id_, measure in config.measures.items()
        if (config.map_of_level(measure.level) or not config.maps or measure.level == "province")
        and measure.source not in config.periods()
    ]
    return replace(
        every,
        spans={id_: every.spans[id_] for id_ in drawn},
        places={id_: every.places[id_] for id_ in drawn},
        with_gap=frozenset(id_ for id_ in drawn if has_gap(config.measures[id_])),
    )


def rate_choices(atlas: Atlas) -> Choices:
    """The page Conviction rates: measures of two stages, first those that are a conviction rate.

    It opens with one of these, if there are any; the default measure of the config comes first.
    """
    every, measures = every_choice(atlas), atlas.config.measures
    offered = [id_ for id_ in every.spans if measures[id_].is_rate and every.spans[id_]]
    offered.sort(key=lambda id_: measures[id_].rate is None)
    spans = {id_: every.spans[id_] for id_ in offered}
    default = every.default
    opens = [id_ for id_ in offered if measures[id_].rate] or offered
    if opens and default.measure not in opens:
        default = replace(default, measure=opens[0], source=next(iter(spans[opens[0]])))
    places = {id_: every.places[id_] for id_ in offered}
    return replace(every, spans=spans, places=places, default=default)


def flow_choices(atlas: Atlas, printed: Printed | None = None) -> FlowChoices:
    """The page Cross-border: every source and stage with a citizenship.

    Args:
        atlas: the atlas.
        printed: gives counts by citizenship, for callers that keep them.
    """
    asked = printed or atlas.flows
    spans: dict[str, dict[str, tuple[int, int]]] = {}
    places: dict[str, dict[str, frozenset[str]]] = {}
    for source in atlas.config.flow_sources():
        for stage in STAGE_UNITS:
            counted = asked(source, stage).dropna(subset="count_low")
            if counted.empty:
                continue
            years = counted["year"]
            spans.setdefault(source, {})[stage] = (int(years.min()), int(years.max()))
            abroad = counted[counted["origin_kind"] == "place"]
            known = frozenset([*abroad["origin_id"], *abroad["jurisdiction_id"]])
            places.setdefault(source, {})[stage] = known
    return FlowChoices(spans=spans, places=places)


def profile_choices(atlas: Atlas) -> ProfileChoices:
    """The page Place profile: countries, US states and territories."""
    places = atlas.jurisdictions()
    grouped = [levels for levels in LEVELS_OF_MAP.values() if set(levels) <= set(LEVELS)]
    mapped = {level for levels in grouped for level in levels}
    grouped += [(level,) for level in LEVELS if level not in mapped]
    kinds = []
    for levels in grouped:
        members = places.loc[places["level"].isin(levels), "jurisdiction_id"]
        if len(members):
            kinds.append((frozenset(members), _main_spans(atlas, levels[0])))
    defaults = atlas.config.defaults
    known = sorted(id_ for members, _ in kinds for id_ in members)
    first = defaults.place if defaults.place in known else next(iter(known), "")
    return ProfileChoices(
        kinds=tuple(kinds),
        place=first or "",
        window=defaults.window,
        peers=tuple(peer_labels(atlas.config)),
    )


def _spans(atlas: Atlas, measure_id: str, own: str) -> dict[str, tuple[int, int]]:
    """First and last year of each source of a measure, its own source first."""
    sources = sorted(atlas.sources_of(measure_id), key=lambda source: source != own)
    return {source: atlas.years_of(measure_id, source) for source in sources}


def _main_spans(atlas: Atlas, level: str) -> dict[str, tuple[int, int]]:
    """The same of a level's main measure; empty where it has none."""
    measure_id = main_measure(atlas, level)
    if measure_id is None:
        return {}
    return _spans(atlas, measure_id, atlas.config.measures[measure_id].source)


def evidence_choices(atlas: Atlas, told: Told | None = None) -> EvidenceChoices:
    """The page Evidence and defence: every dataset of cases.

    Args:
        atlas: the atlas.
        told: gives what is published of a dataset, for callers that keep it.
    """
    asked = told or partial(case_evidence, atlas)
    return EvidenceChoices({id_: asked(id_).splits for id_ in in_order(atlas.cases())})


def investment_choices(atlas: Atlas) -> InvestmentChoices:
    """The page Training investment: places with a baseline, and what can be believed.

    Raises:
        ValueError: the config names no effect library, or no source that a baseline needs.
    """
    return choices_of(atlas, base_of(atlas))


_BASES: WeakKeyDictionary[Atlas, dict[str, Baselines]] = WeakKeyDictionary()
"""Atlas -> language -> baselines, which differ in the names of places alone."""


def base_of(atlas: Atlas) -> Baselines:
    """The baselines of all places; fitted once for each atlas, which takes about a second.

    Raises:
        ValueError: the config names no source that a baseline needs.
    """
    kept, language = _BASES.setdefault(atlas, {}), language_now()
    if language not in kept:
        known = next(iter(kept.values()), None)
        kept[language] = baselines(atlas) if known is None else _renamed(known, atlas)
    return kept[language]


def _renamed(known: Baselines, atlas: Atlas) -> Baselines:
    """The same draws with the names of places in the language that is spoken."""
    places = atlas.jurisdictions()
    named = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
    return replace(known, names={id_: named[id_] for id_ in known.names})
