"""A measure of a stage that the config defines, on every page that offers measures."""

from __future__ import annotations

from typing import Any

import pytest

from gapatlas.ui import your_data
from tests.own_stage_world import COUNTS, LABEL, MEASURES, PER_VICTIM, TITLE, add_own_stages
from tests.pages.conftest import World
from tests.pages.reading import (
    GAPS,
    METHODS,
    MINE,
    OVERVIEW,
    PROFILE,
    assert_in_order,
    rate_map,
    the_map,
    visit,
    words,
)

LOWER = LABEL[0].lower() + LABEL[1:]


@pytest.fixture
def shown(world: World) -> World:
    add_own_stages(world(COUNTS, measures=MEASURES, place="AAA"))
    return world


def test_its_measure_is_on_every_page_with_its_words(shown: World) -> None:
    found: dict[str, Any] = {
        page: visit(page, {"measure": PER_VICTIM, "place": "AAA"})
        for page in (OVERVIEW, GAPS, PROFILE, METHODS)
    }
    for page in found.values():
        assert_in_order(page)
    assert LOWER in words(found[OVERVIEW])
    assert f"{LABEL}, as a share of what is expected" in words(found[GAPS])
    assert LABEL in words(found[PROFILE])
    assert TITLE in words(found[METHODS])
    assert "residence_permits" not in "".join(words(page) for page in found.values())
    rate = rate_map({"measure": PER_VICTIM, "place": "AAA"})
    assert "**25.0** persons with a permit per 100 detected victims" in words(rate)
    assert LOWER in str(the_map(rate))


def test_the_form_of_your_data_offers_it(shown: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(your_data, "SECONDS_WITHOUT_A_BAR", 120.0)
    page = visit(MINE)
    table = "Country,Year,Permits\nAlphaland,2022,7\nBetaland,2022,9\n"
    page.file_uploader[0].set_value(("permits.csv", table.encode(), "text/csv"))
    page.run()
    box = next(box for box in page.selectbox if box.label == "What the figures count")
    box.set_value("residence_permits/persons")
    next(button for button in page.button if button.label == "Check").click().run()
    assert_in_order(page)
    told = page.dataframe[0].value.astype(str).to_numpy().tolist()
    assert [row[:4] for row in told] == [
        ["Alphaland", "2022", LABEL, "7"],
        ["Betaland", "2022", LABEL, "9"],
    ]
