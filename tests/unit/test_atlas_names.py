"""A name that does not exist is refused with the near ones, wherever an atlas is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.errors import UnknownNameError
from tests.support import observation, write_world

BREAKDOWN = {"stage": "convicted", "unit": "persons", "years": (2020, 2020)}


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    rows = [
        observation("AAA", 2020, "convicted", "persons", 5),
        observation("AAA", 2020, "prosecuted", "persons", 7),
    ]
    with open_atlas(write_world(tmp_path_factory.mktemp("world"), rows)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("ask", "found", "allowed"),
    [
        (lambda a: a.stages("AAAA"), "AAAA", "AAA"),
        (lambda a: a.stages("AAA", "ofice"), "ofice", "office"),
        (lambda a: a.stages("AAA", "people"), "people", "office"),
        (lambda a: a.reporting("ofice"), "ofice", "office"),
        (lambda a: a.jurisdictions("county"), "county", "country"),
        (lambda a: a.without_shape("county"), "county", "country"),
        (lambda a: a.source("ofice"), "ofice", "office"),
        (lambda a: a.sources_of("convicted"), "convicted", "convicted_per_100k"),
        (lambda a: a.years_of("convicted_per_100k", "ofice"), "ofice", "office"),
        (lambda a: a.places_of("convicted"), "convicted", "convicted_per_100k"),
        (
            lambda a: a.breakdown(**BREAKDOWN, jurisdictions=["AAA"], source="ofice"),
            "ofice",
            "office",
        ),
        (
            lambda a: a.breakdown(**BREAKDOWN, jurisdictions=["ABA"], source="office"),
            "ABA",
            "AAA",
        ),
        (
            lambda a: a.breakdown(
                **BREAKDOWN, jurisdictions=["AAA"], source="office", dimension="citizen"
            ),
            "citizen",
            "citizenship",
        ),
    ],
)
def test_an_unknown_name_lists_the_near_ones(
    atlas: Atlas, ask: Callable[[Atlas], object], found: str, allowed: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        ask(atlas)
    (problem,) = caught.value.problems
    assert problem.found == found
    assert allowed in (problem.allowed or "").split(", ")


def test_a_known_name_is_answered(atlas: Atlas) -> None:
    assert len(atlas.stages("AAA", "office")) == 2
    assert atlas.jurisdictions("us_state")["jurisdiction_id"].tolist() == ["US-AA"]
    assert atlas.years_of("convicted_per_prosecuted") == (2020, 2020)
    assert len(atlas.without_shape("country")) == 4
