"""The shipped config on the shipped data: known figures, through the public calls alone.

The figures of the published files stand in the notes that came with them: how many country-years
report what, how many are exact, what the FBI's offences add up to. A wrong import, a wrong join
or a wrong window changes at least one of them.
"""

from __future__ import annotations

import pandas as pd
import pytest

from gapatlas.atlas import Atlas
from gapatlas.config import StageCount
from tests.worked_examples import check_intervals, expect

GLOTIP_YEARS = (2003, 2022)
FBI_YEARS = (2013, 2023)
MEASURES = (
    "convicted_per_prosecuted",
    "convicted_per_100_detected",
    "prosecuted_per_100_detected",
    "detected_per_100k",
    "prosecuted_per_100k",
    "convicted_per_100k",
    "cleared_per_offence",
    "offences_per_100k",
)
"""Measures of single years by country or state; tests of lags, periods and regions stand with what
they are made for."""


def used(atlas: Atlas, measure: str) -> pd.DataFrame:
    """The place-years of a measure that have a figure."""
    data = atlas.measure(measure).data
    return data[data["years_used"] > 0]


def keys(rows: pd.DataFrame) -> set[tuple[str, int]]:
    return set(zip(rows["jurisdiction_id"], rows["year_from"], strict=True))


def places(pairs: set[tuple[str, int]]) -> int:
    return len({place for place, _ in pairs})


def test_the_example_of_the_readme_gives_what_the_source_prints(shipped: Atlas) -> None:
    """The Netherlands print no figures for 2020: four years are added up, and said to be four."""
    frame = shipped.measure(
        "convicted_per_prosecuted",
        jurisdictions=["ROU", "NLD"],
        years=(2018, 2022),
        window=5,
        source="unodc_glotip",
    )
    expect(
        frame,
        """
        place | years     | above | below | value  | low    | high   | used | status
        ROU   | 2018-2022 | 718   | 1623  | 0.4424 | 0.4046 | 0.4833 | 5    | exact
        NLD   | 2018-2022 | 311   | 671   | 0.4635 | 0.4039 | 0.531  | 4    | exact
        """,
    )
    assert frame.data["name"].tolist() == ["Romania", "Netherlands"]
    assert any(line.startswith("1 of 2 figures pool fewer than 5 years") for line in frame.caveats)
    (source,) = frame.sources
    assert source.publisher == "United Nations Office on Drugs and Crime (UNODC)"


def test_both_prosecuted_and_convicted_are_reported_in_1376_country_years(shipped: Atlas) -> None:
    rows = used(shipped, "convicted_per_prosecuted")
    exact = rows[rows["status"] == "exact"]
    assert (len(rows), rows["jurisdiction_id"].nunique()) == (1376, 165)
    assert (len(exact), exact["jurisdiction_id"].nunique()) == (781, 121)
    assert (exact["numerator_low"] > exact["denominator_low"]).sum() == 103
    assert (exact["value"] > 1).sum() == 103


def test_all_three_stages_are_reported_in_1159_country_years(shipped: Atlas) -> None:
    both = keys(used(shipped, "prosecuted_per_100_detected")) & keys(
        used(shipped, "convicted_per_100_detected")
    )
    assert (len(both), places(both)) == (1159, 153)


def test_detected_victims_are_reported_in_1662_country_years(shipped: Atlas) -> None:
    """Nine of them, of places without a population figure, have no rate."""
    victims = StageCount(stage="detected", unit="victims")
    totals = shipped.stage_totals(victims, "unodc_glotip", GLOTIP_YEARS)
    assert totals["years_reported"].sum() == 1662
    assert (totals["years_reported"] > 0).sum() == 169
    frame = shipped.measure("detected_per_100k")
    assert (frame.data["years_used"] > 0).sum() == 1653
    (named,) = (line for line in frame.caveats if "without a figure to divide by" in line)
    assert named.endswith(": Cook Islands, Holy See.")


def test_under_five_stands_in_1684_of_7203_totals(shipped: Atlas) -> None:
    """It is read as 0 to 4: the edition prints no zero, so `<5` may stand for one."""
    glotip = {
        ("detected", "victims"),
        ("suspected", "persons"),
        ("suspected", "offences"),
        ("prosecuted", "persons"),
        ("convicted", "persons"),
    }
    everywhere = shipped.jurisdictions()["jurisdiction_id"].tolist()
    tables = {
        (stage, unit): shipped.breakdown(
            stage, unit, jurisdictions=everywhere, years=GLOTIP_YEARS, source="unodc_glotip"
        ).query("sex == 'total' and age == 'total' and status != 'not_reported'")
        for stage, unit in glotip
    }
    totals = pd.concat(tables.values())
    censored = totals[totals["status"] == "censored"]
    assert (len(censored), len(totals)) == (1684, 7203)
    assert set(zip(censored["count_low"], censored["count_high"], strict=True)) == {(0, 4)}
    convicted = tables["convicted", "persons"]["status"]
    assert round(100 * (convicted == "censored").mean()) == 39


def test_germany_2022_is_a_range_after_564_and_no_fall_to_four(shipped: Atlas) -> None:
    frame = shipped.measure("detected_per_100k", jurisdictions=["DEU"], years=(2021, 2022))
    data = frame.data.set_index("year_from")
    assert (data["numerator_low"][2021], data["numerator_high"][2021]) == (564, 564)
    assert (data["numerator_low"][2022], data["numerator_high"][2022]) == (0, 4)
    assert data["status"].to_dict() == {2021: "exact", 2022: "censored"}
    assert pd.isna(data["value"][2022])
    assert data["value_low"][2022] == 0 < data["value_high"][2022]


def test_the_fbi_counts_18761_offences_and_7652_cleared(shipped: Atlas) -> None:
    for stage, total in (("suspected", 18_761), ("cleared", 7_652)):
        offences = StageCount(stage=stage, unit="offences")
        counted = shipped.stage_totals(offences, "fbi_ht", FBI_YEARS)
        assert counted["count_low"].sum() == counted["count_high"].sum() == total


def test_seven_state_years_clear_more_offences_than_they_record(shipped: Atlas) -> None:
    """Lawful, as offences of earlier years are cleared later: the ratio is above 1 and not cut.
    In two of them no offence was recorded at all: unbounded, and so without a value."""
    rows = used(shipped, "cleared_per_offence")
    more = rows[rows["numerator_low"] > rows["denominator_high"]]
    assert len(more) == 7
    assert (more["value_low"] > 1).all()
    assert more.loc[more["denominator_high"] == 0, "value"].isna().tolist() == [True, True]


def test_the_agencies_behind_the_fbi_counts_rise_from_5_to_878(shipped: Atlas) -> None:
    by_year = shipped.reporters("fbi_ht").groupby("year")["reporters"].sum()
    assert (by_year[2013], by_year[2023]) == (5, 878)


def test_two_editions_stay_two_sources(shipped: Atlas) -> None:
    """Texas 2018 was revised between the editions; each answers for itself, as its rows add up."""
    asked = {"jurisdictions": ["US-TX"], "years": 2018}
    later = shipped.measure("cleared_per_offence", **asked)
    earlier = shipped.measure("cleared_per_offence", source="fbi_ht_2020", **asked)
    assert later.data["denominator_low"].tolist() == [329]
    assert earlier.data["denominator_low"].tolist() == [332]
    assert [source.source_id for source in later.sources] == ["fbi_ht"]
    assert [source.source_id for source in earlier.sources] == ["fbi_ht_2020"]


def test_the_shipped_measures_are_these(shipped: Atlas) -> None:
    rates = [
        "convicted_per_prosecuted_lagged",
        "convicted_per_trial",
        "convicted_per_charged",
        "tip_convicted_per_prosecuted",
    ]
    assert shipped.measures()["measure_id"].tolist() == [MEASURES[0], *rates, *MEASURES[1:]]


@pytest.fixture(scope="module", params=MEASURES)
def measure(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("window", [1, 3, 5])
def test_every_measure_gives_figures_and_never_a_gap_as_zero(
    shipped: Atlas, measure: str, window: int
) -> None:
    data = shipped.measure(measure, window=window).data
    counts = ["numerator_low", "numerator_high", "denominator_low", "denominator_high"]
    values = ["value", "low", "high", "value_low", "value_high"]
    gap = data["status"].isin(["not_reported", "suppressed"])
    assert gap.any()
    assert (~gap).sum() > 100
    assert data.loc[gap, counts + values].isna().all(axis=None)
    assert (data.loc[gap, "years_used"] == 0).all()
    assert data.loc[~gap, [*counts, "low", "high"]].notna().all(axis=None)
    assert data.loc[~gap, "years_used"].between(1, window).all()


def test_every_figure_has_its_bounds_in_order_its_unit_and_its_source(
    shipped: Atlas, measure: str
) -> None:
    frame = shipped.measure(measure, window=3)
    rows = frame.data[frame.data["years_used"] > 0]
    defined = rows[rows["value_low"].notna() & rows["value_high"].notna()]
    assert (defined["low"] <= defined["value_low"] * (1 + 1e-9)).all()
    assert (defined["value_low"] <= defined["value_high"]).all()
    assert (defined["value_high"] <= defined["high"] * (1 + 1e-9)).all()
    assert set(rows["unit"]) == {frame.unit}
    assert set(rows["source_id"]) == {frame.source_id}
    assert {source.source_id for source in frame.sources} >= {frame.source_id}


def test_the_intervals_of_the_last_year_agree_with_scipy(shipped: Atlas, measure: str) -> None:
    last = shipped.years_of(measure)[1]
    check_intervals(shipped.measure(measure, years=last))


def test_exact_means_that_every_count_is(shipped: Atlas, measure: str) -> None:
    data = shipped.measure(measure, window=5).data
    exact = data[data["status"] == "exact"]
    assert (exact["numerator_low"] == exact["numerator_high"]).all()
    assert (exact["denominator_low"] == exact["denominator_high"]).all()
    censored = data[data["status"] == "censored"]
    ranges = (censored["numerator_low"] < censored["numerator_high"]) | (
        censored["denominator_low"] < censored["denominator_high"]
    )
    assert ranges.all()


def test_every_measure_names_its_method_and_its_caution(shipped: Atlas, measure: str) -> None:
    frame = shipped.measure(measure)
    assert frame.caveats[0] == frame.measure.caution
    assert any(line.startswith("Intervals are 95%: ") for line in frame.caveats)
    assert any(line.startswith("As published: ") for line in frame.caveats)
    assert any("are not reported. Not reported does not mean zero." in c for c in frame.caveats)
