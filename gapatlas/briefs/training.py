"""The part of a brief on training: assumptions, what would follow from them, and no evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from gapatlas.briefs.figures import belief_figures, change_figure, investment_figures
from gapatlas.briefs.model import Column, Part, Sentence, drawn
from gapatlas.charts.words import from_to, listed, lower_first, parted, significant
from gapatlas.investment import Investment, invest
from gapatlas.investment.baselines import RECENT
from gapatlas.investment.investing import FIRST_BUDGET
from gapatlas.investment.sentences import change_words, lent_words, summary
from gapatlas.investment.showing import by_place, scenarios_of, setting_of, shares_of
from gapatlas.languages import mark, percentage, say, whole
from gapatlas.links.offers import base_of
from gapatlas.links.pages import NO_LIBRARY
from gapatlas.profile.sentences import NOT_ZERO
from gapatlas.state import Scenario
from gapatlas.training import COMPONENTS

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

TITLE: Final = mark("What training could change, if the assumptions hold")
NO_EVIDENCE: Final = mark(
    "No published study has measured what training does to convictions for trafficking. What "
    "follows is no forecast but a calculation. It is no evidence."
)
AT_LEAST: Final = 10
"""Further convictions whose probability is told, as on the page Training investment."""
STATED: Final = ("half_life_months",)
"""Assumptions that are told beside the effects: how long skill lasts moves the answer most."""


def training_part(atlas: Atlas, names: Mapping[str, str], column: Column) -> Part:
    """What the central preset would change in some places, with the other presets beside it.

    Args:
        atlas: the atlas.
        names: place id -> name.
        column: where it stands on the second page.
    """
    if atlas.effects is None:
        return Part(say(TITLE), 2, column, unknown=say(NO_LIBRARY))
    try:
        base = base_of(atlas)
    except ValueError as error:
        why = say("There is nothing to calculate from: {reason}.", reason=error)
        return Part(say(TITLE), 2, column, unknown=why)
    able = [place for place in names if place in base.baseline.places]
    if not able:
        why = _no_baseline(atlas, base.source_id, list(names.values()))
        return Part(say(TITLE), 2, column, unknown=why)
    presets = atlas.effects.presets
    found = [
        invest(atlas, _scenario(able, id_, preset.title), base=base)
        for id_, preset in presets.items()
    ]
    central = found[0]
    setting = setting_of(atlas, central)
    lacking = [name for place, name in names.items() if place not in able]
    without = _no_baseline(atlas, base.source_id, lacking) if lacking else ""
    told = (say(NO_EVIDENCE), lent_words(central), without)
    return Part(
        title=say(TITLE),
        page=2,
        column=column,
        sentences=(_central(central), _beside(found[1:]), _assumed(central)),
        pictures=drawn(by_place(central, setting) or scenarios_of(found, setting)[0]),
        note=" ".join(text for text in told if text),
    )


def _no_baseline(atlas: Atlas, source_id: str, names: Sequence[str]) -> str:
    told = say(
        "{source} has no prosecution or conviction of {places} in its last {years} years, so there "
        "is nothing to calculate from.",
        source=atlas.source(source_id).short,
        places=listed(names),
        years=whole(RECENT),
    )
    return f"{told} {say(NOT_ZERO)}"


def _scenario(places: Sequence[str], preset: str, name: str) -> Scenario:
    """The spending that the page Training investment shows first, in each place."""
    budget = (FIRST_BUDGET,) * len(COMPONENTS)
    return Scenario(name=name, budgets=tuple((p, budget) for p in places), preset=preset)


def _central(central: Investment) -> Sentence:
    shares = shares_of(central)
    assumed = shares.assumed if shares.varies else None
    return Sentence(
        say("{preset} assumptions.", preset=central.scenario.name),
        summary(central, AT_LEAST, assumed),
        investment_figures(central, AT_LEAST, assumed),
    )


def _beside(others: Sequence[Investment]) -> Sentence:
    told = [
        say(
            "{name}: {text}",
            name=other.scenario.name,
            text=change_words(other.effect.convictions, "convicted"),
        )
        for other in others
    ]
    return Sentence(
        say("The same money under other assumptions."),
        f"{parted(told)}.",
        tuple(change_figure(other) for other in others),
    )


def _assumed(central: Investment) -> Sentence:
    """What the central preset believes of effects and of skill, each with its interval."""
    stated = [
        id_
        for id_ in central.beliefs
        if (id_.startswith("effect_") and not id_.endswith("_referred")) or id_ in STATED
    ]
    names = tuple(sorted(stated, key=lambda name: central.beliefs[name].unit))
    told = [
        _unit_words(central, unit, list(of_unit))
        for unit, of_unit in groupby(names, key=lambda name: central.beliefs[name].unit)
    ]
    shown = say("The app shows every assumption with its source, and lets you change it.")
    return Sentence(
        say("What is assumed."),
        " ".join([*told, shown]),
        belief_figures(central, names),
    )


def _unit_words(investment: Investment, unit: str, names: Sequence[str]) -> str:
    """Assumptions of one unit, which is told once."""
    told = parted([_belief_words(investment, name) for name in names])
    return say("{name}: {text}.", name=f"{unit[:1].upper()}{unit[1:]}", text=lower_first(told))


def _belief_words(investment: Investment, name: str) -> str:
    belief = investment.beliefs[name]
    value, low, high = (
        significant(end) for end in (belief.prior.value, belief.prior.low, belief.prior.high)
    )
    return say(
        "{belief}, {value} ({level} interval: {range})",
        belief=belief.title,
        value=value,
        level=percentage(belief.prior.level),
        range=from_to(low, high),
    )
