"""What pages say in other languages, in random states: figures of English and none of its words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

import gapatlas
from gapatlas.crossborder import (
    Flows,
    enforcement_measures,
    enforcement_of,
    limits_words,
    pair_of,
)
from gapatlas.crossborder.words import communities_words, cooperation_words, pair_words
from gapatlas.gaps import Gap, Reporting, find_clusters, waterfall
from gapatlas.gaps import sentences as gap_words
from gapatlas.gaps.pictures import fit_picture, map_title, short_picture, waterfall_picture
from gapatlas.languages import ENGLISH, LANGUAGES, speaking
from gapatlas.profile import Profile
from gapatlas.profile.pictures import gap_picture, grid_pictures, outcome_pictures
from gapatlas.telling import opening
from tests.notebooks.test_telling import ROOT, STATES_OF, Shipped
from tests.shipped_snapshots import shipped_snapshots
from tests.support import figures_in

OTHERS: Final = LANGUAGES[1:]
ONE_IN: Final = 16
"""So many of the states that are read in English are told in every language."""
ENGLISH_WORDS: Final = re.compile(
    r"\b(the|of|with|which|and|that|its|have|has|are|is|there|than|from|not|places|cases|would)\b"
)
PLACES: Final = ("ROU", "SDN", "USA")


@pytest.fixture(scope="module")
def speakers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Shipped]]:
    """The shipped figures, as they are kept for each language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(shipped_snapshots(tmp_path_factory)))
        with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
            found = {}
            for language in LANGUAGES:
                with speaking(language):
                    found[language] = Shipped(atlas)
            yield found


def states_of(page: str, shipped: Shipped, share: int) -> list[Any]:
    """States of a page at random: every `share`-th of as many as are read in English."""
    chance = random.Random(f"{page} in other languages")
    return [shipped.state(page, chance) for _ in range(-(-STATES_OF[page] // share))]


def assert_told_alike(english: str, spoken: str, *names: str) -> None:
    """Raise an AssertionError where a text has other figures than the English one, or its words.

    Args:
        english, spoken: the same text in two languages.
        names: what is called alike in all languages.
    """
    assert figures_in(spoken) == figures_in(english), f"{english}\n{spoken}"
    for name in names:
        spoken = spoken.replace(name, "")
    assert not ENGLISH_WORDS.findall(spoken), spoken


@pytest.mark.parametrize("page", STATES_OF)
def test_an_opening_has_the_same_figures_in_every_language(
    page: str, speakers: dict[str, Shipped]
) -> None:
    shipped = speakers[ENGLISH]
    for state in states_of(page, shipped, ONE_IN):
        english = opening(shipped.figures_of(page, state)).sentences
        for language in OTHERS:
            with speaking(language):
                spoken = opening(speakers[language].figures_of(page, state)).sentences
            for ours, theirs in zip(english, spoken, strict=True):
                assert_told_alike(ours, theirs)


@pytest.mark.parametrize("page", ["enforcement_gaps", "place_profile", "cross_border"])
def test_the_words_around_the_charts_have_the_same_figures(
    page: str, speakers: dict[str, Shipped]
) -> None:
    atlas = speakers[ENGLISH].atlas
    names = [text for row in atlas.sources().itertuples() for text in (row.short, row.edition)]
    for state in states_of(page, speakers[ENGLISH], 30):
        told = {}
        for language in LANGUAGES:
            with speaking(language):
                shipped = speakers[language]
                told[language] = list(beside(shipped, shipped.figures_of(page, state)))
        for language in OTHERS:
            assert len(told[language]) == len(told[ENGLISH])
            for ours, theirs in zip(told[ENGLISH], told[language], strict=True):
                assert_told_alike(ours, theirs, *sorted(names, key=len, reverse=True))


def beside(shipped: Shipped, found: Any) -> Iterator[str]:
    """What stands beside the charts of a page."""
    match found:
        case Gap():
            yield map_title(found, "number")
            yield gap_words.cluster_words(find_clusters(found))
            yield from (gap_words.place_words(found, place) for place in PLACES)
            yield from _of_pictures(short_picture(found, "ratio"), fit_picture(found))
        case Reporting():
            yield gap_words.reporting_words(found)
            lost = [
                waterfall(shipped.atlas, place, found.source_id, found.years) for place in PLACES
            ]
            yield from _of_pictures(*(waterfall_picture(shipped.atlas, each) for each in lost))
        case Profile():
            yield from (f"{each.question} {each.short} {each.text}" for each in found.headline)
            yield from (*found.missing, *found.silent_stages.values())
            yield from _of_pictures(gap_picture(found), *outcome_pictures(found))
            yield from _of_pictures(*grid_pictures(found))
            yield from (history.text for history in found.history)
        case Flows():
            yield from limits_words(found)
            yield communities_words(found.communities, found)
            first, second = found.largest() or ("ROU", "NLD")
            source = found.source.source_id
            asked = [
                enforcement_of(shipped.atlas, id_, source, found.years, shipped.frames)
                for id_ in enforcement_measures(shipped.atlas, source)[:1]
            ]
            yield from pair_words(pair_of(found, first, second, asked))
            yield from (cooperation_words(enforcement, found, 2) for enforcement in asked)


def _of_pictures(*pictures: Any) -> Iterator[str]:
    for picture in pictures:
        if picture is not None:
            yield from (picture.title, picture.source, picture.alt)
