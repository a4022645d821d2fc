"""Which rules tell which figures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison import Comparison
from gapatlas.crossborder import Flows, seen_words
from gapatlas.evidence import CaseEvidence
from gapatlas.evidence.reading import VIEW
from gapatlas.gaps import Gap, Reporting
from gapatlas.gaps import sentences as gap_words
from gapatlas.headlines import Headline
from gapatlas.investment import Investment
from gapatlas.profile import Profile
from gapatlas.telling import everyone, holdings, one_place, outcomes
from gapatlas.telling.case_views import view_opening

Told = (
    Atlas
    | AtlasFrame
    | CaseEvidence
    | Comparison
    | Flows
    | Gap
    | Headline
    | Investment
    | Profile
    | Reporting
)  # fmt: skip
"""What a page can show, and so what can be told."""


@dataclass(frozen=True)
class Opening:
    """What the figures of a page say, in two sentences.

    Attributes:
        sentences: what the figures are; what can be claimed of them and what can't. Plain text.
        figures: the rows that the sentences are made from.
    """

    sentences: tuple[str, str]
    figures: pd.DataFrame

    @property
    def text(self) -> str:
        """Both sentences."""
        return " ".join(self.sentences)


def opening(shown: Told) -> Opening:
    """Tell what the figures of a page say.

    Args:
        shown: what `gapatlas.from_link` gives, or what a page shows.

    Raises:
        ValueError: a frame with more than one window of years, or something that no page shows.
    """
    match shown:
        case Gap():
            return Opening(gap_words.opening(shown), shown.table)
        case Reporting():
            return Opening(gap_words.reporting_opening(shown), shown.table)
        case AtlasFrame():
            return Opening(everyone.rates_opening(shown), shown.data)
        case Headline():
            return Opening(everyone.headline_opening(shown), shown.together)
        case Comparison():
            return Opening(one_place.comparison_opening(shown), shown.window.data)
        case Profile():
            figures = shown.window.data if shown.window is not None else shown.counts
            return Opening(one_place.profile_opening(shown), figures)
        case Flows():
            return Opening(seen_words(shown), shown.pairs)
        case CaseEvidence():
            if (shown.view, shown.split) == (VIEW, "none"):
                return Opening(outcomes.cases_opening(shown), shown.shares())
            return Opening(view_opening(shown), shown.rows_of_view())
        case Investment():
            return Opening(outcomes.investment_opening(shown), outcomes.change_of(shown))
        case Atlas():
            return Opening(holdings.atlas_opening(shown), shown.sources())
    raise ValueError(f"No page shows a {type(shown).__name__}, so there is nothing to tell.")
