"""The brief of one place: how it stands, where cases are lost, what has changed."""

from __future__ import annotations

import math
from typing import Final

from gapatlas.briefs.ending import ending_of
from gapatlas.briefs.figures import (
    conflict_figures,
    gap_figures,
    lines_figure,
    loss_figures,
    peer_figures,
    rate_figures,
    report_figures,
    silence_figures,
    trend_figures,
)
from gapatlas.briefs.maps import map_pictures
from gapatlas.briefs.model import Brief, Column, Part, Sentence, drawn
from gapatlas.briefs.nearest import nearest
from gapatlas.briefs.training import training_part
from gapatlas.charts.words import years_text
from gapatlas.comparison import Comparison
from gapatlas.comparison.pictures import peers_picture, trend_picture
from gapatlas.comparison.sentences import different_from_peers, has_it_changed, other_sources
from gapatlas.gaps import Waterfall, waterfall
from gapatlas.gaps.pictures import waterfall_picture
from gapatlas.gaps.sentences import lost_words
from gapatlas.languages import language_now, mark, say
from gapatlas.profile import Profile
from gapatlas.profile.sentences import REPORTED, counted, silent, standing

NO_FIGURE: Final = mark("There is no figure to compare. Not reported is not zero.")
TOO_FEW_YEARS: Final = "too few years"  # not said: a verdict
"""The verdict of a `Trend` whose chart would be all but empty."""
NO_YEARS: Final = mark("No year is reported, so it can't be said whether anything changed.")


def place_brief(found: Profile) -> Brief:
    """Two pages on one place.

    Args:
        found: its profile.
    """
    training = training_part(found.atlas, {found.place: found.name}, "right")
    return Brief(
        title=found.name,
        subtitle=_subtitle(found),
        headline=_headline(found),
        parts=(
            _standing(found),
            _change(found),
            _peers(found),
            _lost(found),
            # Beside what cases are lost there is room where training has little to say.
            _otherwise(found, "left" if training.sentences else "right"),
            training,
        ),
        **ending_of(
            found.atlas,
            [found.main.source] if found.main else list(found.sources),
            found.window,
            found.missing,
            _link(found),
        ),
    )


def _subtitle(found: Profile) -> str:
    """What the brief is about: the measure and its years."""
    if found.measure is None or found.main is None:
        return say("Enforcement of laws against human trafficking")
    last = found.main.year
    return f"{found.measure.title}, {years_text(last - found.main.window + 1, last)}"


def _link(found: Profile) -> str:
    main = found.main
    if main is None:
        return found.atlas.link("place_profile", language=language_now(), place=found.place)
    return found.atlas.link(
        "place_profile",
        language=language_now(),
        place=found.place,
        source=main.source,
        year=main.year,
        window=main.window,
        benchmark=found.benchmark,
        peers=found.peers,
        own=found.own,
    )


def _headline(found: Profile) -> Sentence:
    answer, row = counted(found), found.row
    if found.window is None or row is None:
        return Sentence(answer.short, answer.text, (lines_figure(found),))
    figures = rate_figures(found.window, row)
    if row.status not in REPORTED:
        figures = (*figures, *report_figures(found, (int(row.year_from), int(row.year_to))))
    return Sentence(answer.short, answer.text, figures)


def _standing(found: Profile) -> Part:
    answer, title = standing(found), say("How does it stand?")
    figures = gap_figures(found)
    sentences = [Sentence(f"{answer.question} {answer.short}.", answer.text, figures)]
    still = silent(found)
    silence = silence_figures(found)
    if silence:
        sentences.append(Sentence(f"{still.question} {still.short}.", still.text, silence))
    told = tuple(sentence for sentence in sentences if sentence.figures)
    unknown = "" if figures else answer.text
    return Part(title, 1, "left", told, map_pictures(found.gap, [found.place]), unknown)


def _peers(found: Profile) -> Part:
    title, comparison = say("Is it different from its peers?"), found.comparison
    if comparison is None or not comparison.peers_with_figures:
        return Part(title, 1, "right", unknown=say(NO_FIGURE))
    answer, figures = different_from_peers(comparison), peer_figures(comparison)
    picture = nearest(peers_picture(comparison), found.name)
    if not figures or math.isnan(comparison.middle[0]):
        return Part(title, 1, "right", pictures=drawn(picture), unknown=answer.text)
    sentence = Sentence(f"{answer.short}.", answer.text, figures)
    return Part(title, 1, "right", (sentence,), drawn(picture))


def _lost(found: Profile) -> Part:
    title, main = say("Where are cases lost?"), found.main
    if main is None:
        return Part(title, 2, "left", unknown=say(NO_FIGURE))
    stages = waterfall(
        found.atlas, found.place, main.source, (main.year - main.window + 1, main.year)
    )
    return lost_part(title, found, stages)


def lost_part(title: str, found: Profile, stages: Waterfall) -> Part:
    """What is lost from stage to stage, or that the counts don't tell."""
    figures = loss_figures(stages)
    if not figures:
        return Part(title, 2, "left", unknown=lost_words(stages))
    sentence = Sentence("", lost_words(stages), figures)
    return Part(title, 2, "left", (sentence,), drawn(waterfall_picture(found.atlas, stages)))


def _change(found: Profile) -> Part:
    title, comparison = say("Has it changed?"), found.comparison
    if comparison is None or not comparison.trend.years["value_low"].notna().any():
        return Part(title, 1, "left", unknown=say(NO_YEARS))
    enough = comparison.trend.verdict != TOO_FEW_YEARS
    picture = drawn(trend_picture(comparison) if enough else None)
    return Part(title, 1, "left", (change_sentence(comparison),), picture)


def _otherwise(found: Profile, column: Column) -> Part:
    """What other sources say of the same."""
    title = say("Which source says otherwise?")
    if found.comparison is None:
        return Part(title, 2, column, unknown=say(NO_FIGURE))
    answer, figures = other_sources(found.comparison), conflict_figures(found.comparison)
    if not figures:
        return Part(title, 2, column, unknown=answer.text)
    sentence = Sentence(f"{answer.short}.", answer.text, figures)
    return Part(title, 2, column, (sentence,))


def change_sentence(comparison: Comparison, lead: str = "") -> Sentence:
    """Whether a rate has changed, with the years that the test has."""
    answer = has_it_changed(comparison)
    return Sentence(f"{lead}{answer.short}.", answer.text, trend_figures(comparison))
