"""The brief of a comparison: two to six places in one measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gapatlas.briefs.ending import ending_of
from gapatlas.briefs.figures import (
    difference_figures,
    group_figures,
    loss_figures,
    rate_figures,
)
from gapatlas.briefs.maps import map_pictures
from gapatlas.briefs.model import THIRD, Brief, Drawn, Part, Sentence, drawn
from gapatlas.briefs.place import NO_FIGURE, change_sentence
from gapatlas.briefs.shared import Shared
from gapatlas.briefs.training import training_part
from gapatlas.charts.words import interval_text, listed, lower_first, years_text
from gapatlas.comparison import Comparison, compare
from gapatlas.comparison.pictures import peers_picture
from gapatlas.comparison.sentences import which_share
from gapatlas.comparison.words import difference_words, group_words
from gapatlas.gaps import Gap, Waterfall, has_gap, waterfall
from gapatlas.gaps.pictures import waterfall_picture
from gapatlas.gaps.sentences import lost_words
from gapatlas.languages import language_now, say, say_many
from gapatlas.profile import Figures

MOST: Final = 6
"""Places of one comparison: two pages hold no more."""


@dataclass(frozen=True)
class Several:
    """Places of one comparison, each among the others.

    Attributes:
        shared: the atlas and what its briefs share.
        figures: measure, source, last year and window.
        places: a comparison of each place with the others, in the reader's order.
        gap: gaps of all places in the measure; None where it has none.
    """

    shared: Shared
    figures: Figures
    places: tuple[Comparison, ...]
    gap: Gap | None

    @property
    def names(self) -> dict[str, str]:
        """Place id -> name."""
        return {found.place: found.name for found in self.places}

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        return self.figures.year - self.figures.window + 1, self.figures.year


def several_of(
    shared: Shared,
    ids: Sequence[str],
    figures: Figures,
    benchmark: str,
    peers: str,
    own: tuple[str, ...],
) -> Several:
    """Compare places with each other.

    Args:
        shared: the atlas and what its briefs share.
        ids: the places.
        figures: measure, source, last year and window.
        benchmark, peers, own: what the map of gaps measures them against.

    Raises:
        UnknownNameError: a place that the measure does not describe.
    """
    compared = tuple(
        compare(
            shared.atlas,
            figures.measure_id,
            place,
            year=figures.year,
            window=figures.window,
            source=figures.source,
            peers="own",
            own=[other for other in ids if other != place],
            frames=shared.frames,
        )
        for place in ids
    )
    measure = shared.atlas.measure_named(figures.measure_id)
    gap = shared.find(figures, benchmark, peers, own) if has_gap(measure) else None
    return Several(shared, figures, compared, gap)


def several_brief(found: Several) -> Brief:
    """Two pages on a comparison.

    Args:
        found: the places.
    """
    atlas, first = found.shared.atlas, found.places[0]
    return Brief(
        title=listed(list(found.names.values())),
        subtitle=f"{first.measure.title}, {years_text(*found.years)}",
        headline=_headline(first),
        parts=(
            _shares(found),
            _differences(found),
            _changes(found),
            _losses(found),
            training_part(atlas, found.names, "full"),
        ),
        **ending_of(atlas, [found.figures.source], first.window, (), _link(found)),
    )


def _link(found: Several) -> str:
    first, *others = found.names
    figures, is_rate = found.figures, found.places[0].measure.is_rate
    measure: dict[str, Any] = {"measure": figures.measure_id} if is_rate else {}
    return found.shared.atlas.link(
        "conviction_rates" if is_rate else "place_profile",
        language=language_now(),
        place=first,
        **measure,
        source=figures.source,
        year=figures.year,
        window=figures.window,
        peers="own",
        own=others,
    )


def _headline(first: Comparison) -> Sentence:
    """Whether the places can be told apart at all."""
    if first.ranks.empty:
        return Sentence(say("No figure"), say(NO_FIGURE), group_figures(first))
    words = group_words(first)
    lead, _, rest = words.partition(". ")
    return Sentence(lead.rstrip("."), rest, group_figures(first))


def _shares(found: Several) -> Part:
    """The rate of each place, with its interval and its counts."""
    told, unknown = [], []
    for place in found.places:
        answer, row = which_share(place), place.row
        if row is None or not place.has_figure:
            unknown.append(_of_place(place.name, lower_first(answer.text)))
            continue
        lead = say(
            "{place}: {answer} (95% interval {interval}).",
            place=place.name,
            answer=answer.short,
            interval=interval_text(row, place.measure.decimals),
        )
        told.append(Sentence(lead, answer.text, rate_figures(place.window, row)))
    pictures = map_pictures(found.gap, list(found.names))
    return Part(say("What is counted?"), 1, "left", tuple(told), pictures, " ".join(unknown))


def _differences(found: Several) -> Part:
    """The first place beside each of the others."""
    first, *others = found.places
    told = [
        Sentence("", difference_words(first, other.place), figures)
        for other in others
        if (figures := difference_figures(first, other.place))
    ]
    unknown = "" if told else say(NO_FIGURE)
    pictures = drawn(peers_picture(first))
    return Part(say("How do they compare?"), 1, "right", tuple(told), pictures, unknown)


def _losses(found: Several) -> Part:
    """The stages of each place, side by side."""
    atlas = found.shared.atlas
    stages = [waterfall(atlas, id_, found.figures.source, found.years) for id_ in found.names]
    told = [(each, loss_figures(each)) for each in stages]
    shown: list[Waterfall] = [each for each, figures in told if figures]
    sentences = tuple(Sentence("", lost_words(each), figures) for each, figures in told if figures)
    unknown = " ".join(lost_words(each) for each, figures in told if not figures)
    pictures = drawn(*(waterfall_picture(atlas, each, small=True) for each in shown), width=THIRD)
    title = say("Where are cases lost?")
    return Part(title, 2, "full", sentences, _sourced(pictures), unknown)


def _sourced(pictures: tuple[Drawn, ...]) -> tuple[Drawn, ...]:
    """Small multiples share one line of sources: all that any of them names, once; the years that
    each counts differ, and stand in its sentence."""
    told = [part.rstrip(".") for picture in pictures for part in picture.source.split(". ")]
    same = [part for part in told if not part.startswith(_leads_of_counts())]
    together = ". ".join(dict.fromkeys(same))
    return tuple(replace(picture, source=f"{together}.") for picture in pictures)


def _leads_of_counts() -> tuple[str, ...]:
    """How `waterfall_picture` begins to tell from how many years its counts are."""
    told = (
        say_many(
            "Counts of the {count} year in which all stages that are shown are reported.",
            "Counts of the {count} years in which all stages that are shown are reported.",
            years,
        )
        for years in (1, 2)
    )
    return tuple(text.partition("{")[0] or text for text in told)


def _changes(found: Several) -> Part:
    """Whether the rate of each place has changed."""
    told = [
        change_sentence(place, _of_place(place.name, ""))
        for place in found.places
        if not place.trend.years.empty
    ]
    unknown = " ".join(
        _of_place(place.name, lower_first(place.trend.text))
        for place in found.places
        if place.trend.years.empty
    )
    return Part(say("Has it changed?"), 1, "right", tuple(told), (), unknown)


def _of_place(name: str, text: str) -> str:
    """What is said of a place, after its name."""
    return say("{name}: {text}", name=name, text=text)
