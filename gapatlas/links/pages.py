"""Every page of the app: how an address becomes its state, and a state its figures.

A new page needs one entry in `PAGES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison import Comparison
from gapatlas.errors import QueryError
from gapatlas.gaps import Gap, Reporting
from gapatlas.headlines import Headline
from gapatlas.investment import Investment, invest
from gapatlas.languages import mark, said_once, say
from gapatlas.links import figures, offers
from gapatlas.links.refusals import Query, refusal, refuse_investment
from gapatlas.state import (
    GapState,
    InvestmentChoices,
    InvestmentState,
    MapState,
    RateState,
    evidence_from_query,
    evidence_to_query,
    flow_from_query,
    flow_to_query,
    gap_from_query,
    gap_to_query,
    investment_from_query,
    investment_to_query,
    normalised,
    offered_evidence,
    offered_flow,
    offered_gap,
    offered_profile,
    offered_rate,
    profile_from_query,
    profile_to_query,
    rate_from_query,
    rate_to_query,
)
from gapatlas.telling import Told

T = TypeVar("T")
Shown = Told
"""What a link can lead to."""

NO_MEASURE: Final = mark("No source in this config counts what any of its measures needs.")
NO_RATE: Final = mark("No measure of this config is a conviction rate that a source can tell.")
NO_RATE_PLACE: Final = mark("No place of this config has a conviction rate.")
NO_FLOWS: Final = mark("No dataset of this config says whose citizens the people counted are.")
NO_PLACE: Final = mark(
    "This config has no country, province or US state: there is no place to show."
)
NO_CASES: Final = mark(
    "This config has no dataset of cases. A file of cases is mapped in the config, and no row of "
    "it leaves: docs/how-to/map-a-case-file.md tells how."
)
NO_LIBRARY: Final = mark(
    "This config names no effect library, so there is nothing to calculate from. A block "
    "`training` in config.yaml names one."
)
NO_SCENARIO: Final = mark("Choose at least one place to see what an investment there could change.")
NO_HEADLINE: Final = mark("The first measure of this config divides by people: it has no headline.")


@dataclass(frozen=True)
class LinkedPage:
    """How one page goes from an address to its figures.

    Attributes:
        choices: an atlas -> what a reader can choose from. Raises QueryError where the page has
            nothing to show.
        from_query: the parts of an address -> the nearest state that the data hold.
        to_query: a state -> its address, every part in fixed order.
        figures: a state -> what the page shows. Raises QueryError where that is nothing.
        refuse: raises UnknownNameError for what is asked of an address and not in its state.
        parts: the parts of its address, in order.
    """

    choices: Callable[[Atlas], Any]
    from_query: Callable[[Query, Any], Any]
    to_query: Callable[[Any], dict[str, str]]
    figures: Callable[[Atlas, Any], Shown]
    refuse: Callable[[Query, Any, Any], None]
    parts: tuple[str, ...] = ()


def _or_nothing(
    offered: Callable[[Atlas], T], has_any: Callable[[T], object], nothing: str
) -> Callable[[Atlas], T]:
    """The choices of a page, or a QueryError that says why there are none."""

    @said_once
    def choices_of(atlas: Atlas) -> T:
        choices = offered(atlas)
        if not has_any(choices):
            raise QueryError(say(nothing))
        return choices

    return choices_of


@said_once
def _investment_choices(atlas: Atlas) -> InvestmentChoices:
    if atlas.effects is None:
        raise QueryError(say(NO_LIBRARY))
    try:
        return offers.investment_choices(atlas)
    except ValueError as error:
        words = say("There is nothing to calculate from: {reason}.", reason=error)
        raise QueryError(words) from error


def _headline(atlas: Atlas, state: MapState) -> Headline:
    if atlas.measure_named(state.measure).below is None:
        raise QueryError(say(NO_HEADLINE))
    return figures.headline_of(atlas, state)


def _gap_figures(atlas: Atlas, state: GapState) -> AtlasFrame | Gap | Reporting:
    if "reporting" in state.layers:
        return figures.reporting_of(atlas, state.figures)
    if state.show == "rate":
        return figures.frame_of(atlas, state.figures)
    return figures.gap_of(atlas, state)


def _comparison(atlas: Atlas, state: RateState) -> Comparison:
    if state.figures.place is None:
        raise QueryError(say(NO_RATE_PLACE))
    return figures.comparison_of(atlas, state)


def _investment(atlas: Atlas, state: InvestmentState) -> Investment:
    if not state.scenario.budgets:
        raise QueryError(say(NO_SCENARIO))
    return invest(atlas, state.scenario, base=offers.base_of(atlas))


FIGURES: Final = ("measure", "source", "year", "window", "place")
"""Parts of every address of one measure."""
HOME: Final = "overview"
"""The page that has no path of its own."""
WITHOUT_CHOICES: Final = LinkedPage(
    choices=lambda atlas: None,
    from_query=lambda query, choices: None,
    to_query=lambda state: {},
    figures=lambda atlas, state: atlas,
    refuse=lambda asked, state, choices: None,
)
"""A page whose address holds nothing: of a reader's own file nothing may stand in it."""
PAGES: Final[Mapping[str, LinkedPage]] = {
    HOME: LinkedPage(
        choices=offers.every_choice,
        from_query=lambda query, choices: normalised(choices.default, choices),
        to_query=lambda state: {},
        figures=_headline,
        refuse=lambda asked, state, choices: None,
    ),
    "enforcement_gaps": LinkedPage(
        choices=_or_nothing(
            offers.gap_choices, lambda choices: any(choices.spans.values()), NO_MEASURE
        ),
        from_query=gap_from_query,
        to_query=gap_to_query,
        figures=_gap_figures,
        refuse=refusal(gap_to_query, offered_gap),
        parts=(*FIGURES, "show", "benchmark", "peers", "own", "view", "beside", "layers"),
    ),
    "place_profile": LinkedPage(
        choices=_or_nothing(offers.profile_choices, lambda choices: choices.place, NO_PLACE),
        from_query=profile_from_query,
        to_query=profile_to_query,
        figures=figures.profile_of,
        refuse=refusal(profile_to_query, offered_profile),
        parts=("place", "source", "year", "window", "benchmark", "peers", "own"),
    ),
    "conviction_rates": LinkedPage(
        choices=_or_nothing(offers.rate_choices, lambda choices: choices.spans, NO_RATE),
        from_query=rate_from_query,
        to_query=rate_to_query,
        figures=_comparison,
        refuse=refusal(rate_to_query, offered_rate),
        parts=(*FIGURES, "peers", "own", "other", "view", "spread"),
    ),
    "cross_border": LinkedPage(
        choices=_or_nothing(offers.flow_choices, lambda choices: choices.spans, NO_FLOWS),
        from_query=flow_from_query,
        to_query=flow_to_query,
        figures=figures.flows_of,
        refuse=refusal(flow_to_query, offered_flow),
        parts=("source", "stage", "from", "to", "atleast", "place", "other", "view"),
    ),
    "evidence_and_defence": LinkedPage(
        choices=_or_nothing(offers.evidence_choices, lambda choices: choices.splits, NO_CASES),
        from_query=evidence_from_query,
        to_query=evidence_to_query,
        figures=figures.cases_of,
        refuse=refusal(evidence_to_query, offered_evidence),
        parts=("dataset", "view", "split", "outcome"),
    ),
    "training_investment": LinkedPage(
        choices=_investment_choices,
        from_query=investment_from_query,
        to_query=investment_to_query,
        figures=_investment,
        refuse=refuse_investment,
        parts=("scenario", "outcome", "atleast", "worth", "view", "beside"),
    ),
    "data_and_methods": WITHOUT_CHOICES,
    "your_data": WITHOUT_CHOICES,
}
"""File name of a page without its ending -> how it is linked."""
