"""`find_association`: from the config to the answer, its words, its table and its picture."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

import gapatlas
from gapatlas.atlas import Atlas, open_atlas
from gapatlas.charts.template import ROWS
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.errors import TooLittleDataError, UnknownNameError
from gapatlas.investment import Association, association_words, find_association
from gapatlas.investment.pictures_association import association_picture
from gapatlas.languages import LANGUAGES, speaking
from gapatlas.training import association as training
from gapatlas.training.panel import Panel
from tests.association_worlds import association_world
from tests.panels import on_and_off, panel, rolled_out
from tests.support import figures_in

World = Callable[..., Atlas]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv(SNAPSHOTS_VARIABLE, str(tmp_path / "snapshots"))
    opened: list[Atlas] = []

    def make(panel_: Panel, **changes: Any) -> Atlas:
        folder = tmp_path / f"world{len(opened)}"
        opened.append(open_atlas(association_world(folder, panel_, **changes)))
        return opened[-1]

    yield make
    for atlas in opened:
        atlas.close()


@pytest.fixture(scope="module")
def grants(shipped: Atlas) -> dict[str, Association]:
    stages = ("convicted", "prosecuted", "detected")
    return {stage: find_association(shipped, "us_grants", stage) for stage in stages}


# ------------------------------------------------------------------ the way from file to figure


def test_the_figures_are_those_of_the_panel_in_the_files(world: World) -> None:
    made = on_and_off(11, 1.5, places=25, changing=18, years=8)
    low = np.where(made.low < 5, 0.0, made.low)
    ranged = panel(low, made.treatment, np.where(made.low < 5, 4.0, made.low))
    found = find_association(world(ranged), "grants", shuffles=49)
    ratio, sample = training.ratio_with_treatment(ranged, 1)
    assert found.ratio.__dict__ == pytest.approx(ratio.__dict__)
    assert set(found.sample.changing) == {f"X-{name}" for name in sample.changing}
    assert (found.sample.years, found.sample.place_years) == ((2002, 2008), sample.place_years)
    assert found.ratio.least < found.ratio.most
    assert "printed as a range" in found.short


def test_a_treatment_that_is_not_known_leaves_its_years_out(world: World) -> None:
    made = on_and_off(11, 1.5, places=25, changing=18, years=8)
    treatment = made.treatment.copy()
    treatment[:, 3] = np.nan
    found = find_association(world(panel(made.low, treatment)), "grants", shuffles=9)
    used = made.counted[:, 1:].sum() - made.counted[:, 4].sum()
    assert found.sample.place_years <= used
    assert (
        found.sample.place_years
        == training.ratio_with_treatment(panel(made.low, treatment), 1)[1].place_years
    )


def test_a_number_is_the_ratio_of_each_further_unit(world: World) -> None:
    made = on_and_off(12, 1.0, places=25, changing=18, years=8)
    many = panel(made.low, made.treatment * 3)
    found = find_association(world(many, measured_as="number"), "grants", shuffles=9)
    once = find_association(world(many, measured_as="any"), "grants", shuffles=9)
    assert np.log(once.ratio.least) == pytest.approx(3 * np.log(found.ratio.least), abs=1e-6)
    assert "With each further unit of a grant listed (grants a year), one year later" in found.short


@pytest.mark.parametrize(
    ("lag", "words"),
    [
        (0, "In a year with a grant listed, places"),
        (1, "In the year after one with a grant listed, places"),
        (2, "Two years after one with a grant listed, places"),
    ],
)
def test_the_lag_is_said(world: World, lag: int, words: str) -> None:
    made = on_and_off(13, 1.5, places=20, changing=15, years=9, lag=lag)
    found = find_association(world(made, lag=lag), "grants", shuffles=9)
    assert found.short.startswith(words)
    assert found.ratio.low < 1.5 < found.ratio.high


def test_left_out_places_are_out_and_named(world: World) -> None:
    made = on_and_off(14, 1.0, places=20, changing=15, years=8)
    found = find_association(
        world(made, left_out={"X-P3": "its grants are of another kind."}), "grants", shuffles=9
    )
    assert "X-P3" not in {*found.sample.changing, *found.sample.steady}
    assert "Left out: Place P3, because its grants are of another kind." in found.basis
    with pytest.raises(UnknownNameError) as caught:
        find_association(world(made, left_out={"X-P99": "gone"}), "grants", shuffles=9)
    assert caught.value.problems[0].found == "X-P99"


def test_unknown_names_list_the_near_ones(world: World) -> None:
    atlas = world(on_and_off(14, places=8, changing=6, years=6))
    with pytest.raises(UnknownNameError, match="no association 'grant'") as caught:
        find_association(atlas, "grant")
    assert caught.value.problems[0].allowed == "grants"
    with pytest.raises(UnknownNameError) as caught:
        find_association(atlas, "grants", "detected")
    assert caught.value.problems[0].allowed == "convicted"


def test_too_little_data_is_an_error_that_says_so(world: World) -> None:
    made = on_and_off(15, places=10, changing=3, years=6)
    with pytest.raises(TooLittleDataError):
        find_association(world(made), "grants")
    unknown = panel(made.low, np.full_like(made.treatment, np.nan))
    with pytest.raises(TooLittleDataError, match="No place has both"):
        find_association(world(unknown), "grants")


# ------------------------------------------------------------------ words


def test_few_places_and_earlier_differences_raise_an_alarm(world: World) -> None:
    """Treatment is given where the count of the year before was high, to 12 places."""
    made = on_and_off(16, places=30, changing=0, years=14)
    counts = np.where(np.isnan(made.low), 5, made.low)
    treatment = np.zeros_like(counts)
    high = counts > np.median(counts, axis=1, keepdims=True)
    treatment[:12, 1:] = high[:12, :-1]
    found = find_association(world(panel(counts, treatment)), "grants", shuffles=199)
    alarms = {doubt.title: doubt.text for doubt in found.doubts if doubt.alarm}
    assert "So counts already differed before." in alarms["Did counts already differ before?"]
    assert "intervals can be too narrow" in alarms["Are there enough places?"]
    next_year = next(text for title, text in alarms.items() if title.startswith("Does next year"))
    assert "So the treatment follows the counts, or something else moves both." in next_year


def test_an_interval_beside_1_is_called_so_and_stays_an_association(world: World) -> None:
    up = find_association(world(on_and_off(17, 2.5)), "grants", shuffles=49)
    assert "The interval lies above 1" in up.short
    assert "This is an association, not an effect." in up.short
    down = find_association(world(on_and_off(17, 0.3)), "grants", shuffles=49)
    assert "The interval lies below 1" in down.short
    chance = next(doubt for doubt in up.doubts if doubt.title == "Could it be chance?")
    assert "2 of 100 cases" in chance.text
    assert not chance.alarm


def test_a_roll_out_has_its_own_words_picture_and_table(world: World) -> None:
    made = rolled_out(18, 1.6)
    treatment = made.treatment.copy()
    treatment[0] = 1
    block = {"design": "rollout", "lag": 0, "title": "Special units", "treatment_words": "a unit"}
    found = find_association(world(panel(made.low, treatment), **block), "grants", shuffles=49)
    assert found.short.startswith("From the start of a unit on, places counted ")
    assert "as places without it let one expect" in found.short
    assert "Not compared: Place P0 (the year of its start is not known)." in found.basis
    assert (found.placebo, found.one_out) == (None, None)
    picture = association_picture(found)
    assert picture.title == "Persons convicted before and after special units, 2001-2012"
    drawn = picture.datasets[ROWS].set_index("step")
    assert drawn.loc[-1, ["low", "middle", "high"]].tolist() == [1, 1, 1]
    assert drawn["reference"].sum() == 1
    assert "Open dot: the year before the start" in picture.source
    assert "1 year after its start" in found.table["What"].tolist()


def test_a_roll_out_counts_from_its_lag_on(world: World) -> None:
    block = {"design": "rollout", "treatment_words": "a unit"}
    made = rolled_out(18, 1.6)
    found = find_association(world(made, lag=2, **block), "grants", shuffles=9)
    assert found.short.startswith("From two years after the start of a unit on,")
    whole = find_association(world(made, lag=0, **block), "grants", shuffles=9)
    assert found.ratio != whole.ratio
    pd.testing.assert_frame_equal(found.curve.steps, whole.curve.steps)


# ------------------------------------------------------------------ the shipped data


def test_the_shipped_grants_can_tell_neither_more_nor_fewer(grants: dict[str, Any]) -> None:
    for found in grants.values():
        assert found.ratio.low < 1 < found.ratio.high
        assert "The interval includes 1" in found.short
        assert "association, not an effect" in found.short
        assert "where enforcement is weak" in found.caveat
        assert "ready to act" in found.caveat
        assert "without any effect" in found.caveat


def test_the_shipped_figures_are_those_of_statsmodels(
    shipped: Atlas, grants: dict[str, Any]
) -> None:
    """With all ranges at their low end and at their high end, from the atlas's tables alone."""
    counts = shipped.stage_years("unodc_glotip").query(
        "stage == 'convicted' and unit == 'persons' and level == 'country'"
    )
    listed = shipped.indicator("us_grants_count")
    listed = listed[listed["value"].notna()].assign(
        year=lambda t: t["year"] + 1, any=lambda t: (t["value"] > 0).astype(int)
    )
    both = counts.merge(listed[["jurisdiction_id", "year", "any"]], on=["jurisdiction_id", "year"])
    both = both[both["count_high"].notna() & (both["jurisdiction_id"] != "USA")]
    both = both.astype({"count_high": float, "count_low": float})
    formula = "{} ~ any + C(jurisdiction_id) + C(year)"
    found = grants["convicted"].ratio
    for end in ("count_low", "count_high"):
        kept = both.groupby("jurisdiction_id")[end].transform("sum") > 0
        model = smf.glm(formula.format(end), both[kept], family=sm.families.Poisson())
        ratio = np.exp(model.fit().params["any"])
        assert found.least - 1e-6 <= ratio <= found.most + 1e-6


def test_the_sample_is_counted_from_the_tables(shipped: Atlas, grants: dict[str, Any]) -> None:
    sample = grants["convicted"].sample
    assert sample.years == (2003, 2015)
    assert "USA" not in {*sample.changing, *sample.steady}
    assert sample.places == len(sample.changing) + len(sample.steady)
    assert grants["convicted"].curve.years == (2005, 2011)
    assert grants["convicted"].placebo.years == (2003, 2013)


def test_the_same_question_has_the_same_answer(shipped: Atlas, grants: dict[str, Any]) -> None:
    again = find_association(shipped, "us_grants")
    assert again.short == grants["convicted"].short
    assert again.doubts == grants["convicted"].doubts


def test_the_table_has_words_intervals_years_and_source(grants: dict[str, Any]) -> None:
    table = grants["convicted"].table
    assert table.columns.tolist() == [
        "What", "Ratio", "95% interval", "Places", "Years of counts", "Counted", "Source",
    ]  # fmt: skip
    assert table["What"].tolist()[:3] == ["Association", "3 years before it", "2 years before it"]
    assert set(table["Source"]) == {"UNODC GLOTIP"}
    assert (table["Years of counts"].str.len() == 9).all()


def test_the_file_says_what_it_is_above_its_rows(grants: dict[str, Any], tmp_path: Path) -> None:
    found = grants["convicted"]
    text = found.to_csv(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == text
    head = [line for line in text.splitlines() if line.startswith("#")]
    for words in (found.title, found.short, found.caveat, found.basis):
        assert any(words in line for line in head)
    assert any("Kelley and Heiss" in line for line in head)
    read = pd.read_csv(io.StringIO(text), comment="#", dtype=str, keep_default_na=False)
    assert read["Ratio"].tolist() == found.table["Ratio"].tolist()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_has_all_that_stands_beside_it(grants: dict[str, Any], scheme: Any) -> None:
    found = grants["convicted"]
    picture = association_picture(found, scheme)
    assert (
        picture.title == "Persons convicted before and after US anti-trafficking grants, 2005-2011"
    )
    assert "UNODC GLOTIP (" in picture.source
    assert "US anti-trafficking grants (" in picture.source
    assert f"only {found.around_first} places have counts both before" in picture.source
    assert found.short in picture.alt
    assert found.doubts[0].text in picture.alt
    assert picture.words == found.caveat
    pd.testing.assert_frame_equal(picture.table(), found.table)
    assert picture.datasets[ROWS]["step"].tolist() == [-3, -2, -1, 0, 1, 2, 3]


def test_a_notebook_has_it_at_hand(grants: dict[str, Any]) -> None:
    assert gapatlas.find_association is find_association
    assert gapatlas.Association is Association
    chart = grants["convicted"].chart().to_dict()
    assert chart["title"]["text"].startswith("Persons convicted before and after")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_tells_the_same_figures(grants: dict[str, Any], language: str) -> None:
    found = grants["convicted"]

    def told() -> list[str]:
        return [
            *(tell(found) for tell in (association_words.short, association_words.basis)),
            *(f"{doubt.title} {doubt.text}" for doubt in association_words.doubts(found)),
        ]

    english = told()
    with speaking(language):
        spoken = told()
    assert not set(english) & set(spoken)
    assert [figures_in(text) for text in spoken] == [figures_in(text) for text in english]
