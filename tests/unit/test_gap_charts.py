"""Maps and charts of gaps: the less sure, the fainter; and what never becomes a figure."""

from __future__ import annotations

import json

import altair as alt
import numpy as np
import pandas as pd
import pytest

from gapatlas.charts import as_chart, standalone
from gapatlas.charts.gap_map import (
    CLASSES,
    FIRST_UNSURE,
    NO_BENCHMARK,
    NO_LIMIT,
    OPEN,
    PER_YEAR,
    SCALES,
    UNREPORTED,
    WITHHELD,
    GapDesign,
    fills,
    gap_classes,
    gap_figures,
    gap_legend,
    gap_map,
)
from gapatlas.charts.gaps import (
    bar_rows,
    bars_template,
    fit_rows,
    fit_template,
    short_rows,
    short_template,
)
from gapatlas.charts.map import hatched
from gapatlas.charts.reporting_map import (
    COMPLETENESS,
    agencies_design,
    agency_figures,
    completeness_design,
    completeness_figures,
    reporting_map,
)
from gapatlas.charts.template import ROWS
from gapatlas.charts.theme import palette
from gapatlas.charts.view import Shapes
from gapatlas.config import Map
from gapatlas.gaps.stages import COLUMNS

MAP = Map(title="World", level="country", shapes="x.topojson", object="o", projection="equalEarth")
SHAPES = Shapes(alt.topo_feature("shapes.topojson", "o"))


def place(id_="AAA", *, number=(50, 50), ratio=(0.5, 0.5), probability=(0.99, 0.99), **more):
    """A row of `Gap.table`; number and ratio are given as low, high or low, high, from, to."""
    ends = {}
    for name, values in (("number", number), ("ratio", ratio)):
        low, high, start, end = (*values, *values)[:4]
        ends |= {f"{name}_low": low, f"{name}_high": high, f"{name}_from": start, f"{name}_to": end}
    return {
        "jurisdiction_id": id_,
        "name": id_,
        "status": "exact",
        "years_used": 5,
        "observed_low": 50,
        "observed_high": 50,
        "expected_from": 80,
        "expected_to": 120,
        **ends,
        "probability_low": probability[0],
        "probability_high": probability[1],
        "reason": "",
        **more,
    }


def table(*rows):
    return pd.DataFrame(list(rows))


# ------------------------------------------------------------------ classes


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0.9, 0.9, 0.8, 0.95), 1),
        ((0.3, 0.3, 0.26, 0.49), 3),
        ((0.1, 0.1, 0.05, 0.3), 4),  # two classes: still clear
        ((0.6, 0.6, 0.4, 0.8), FIRST_UNSURE + 1),  # three
        ((0.3, 0.3, 0.2, 0.6), FIRST_UNSURE + 2),
        ((0.6, 0.6, 0.2, 1.4), OPEN),
        ((1.2, 1.2, 1.1, 9.0), 0),
        ((0.2, np.inf, 0.1, np.inf), OPEN),
    ],
)
def test_the_wider_the_interval_of_a_share_the_fewer_its_classes(interval, expected):
    assert gap_classes(table(place(ratio=interval)), "ratio").tolist() == [expected]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0, 0, -5, 0.5), 0),
        ((5, 5, 2, 9), 1),
        ((5, 5, -3, 9), 1),
        ((50, 50, 20, 90), 2),
        ((500, 500, 150, 900), 3),
        ((5000, 5000, 2000, 9000), 4),
        ((200, 200, 5, 900), FIRST_UNSURE + 2),
        ((40, 40, -20, 200), OPEN),
    ],
)
def test_numbers_missing_fall_into_decades(interval, expected):
    assert gap_classes(table(place(number=interval)), "number").tolist() == [expected]


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        ((0.01, 0.01), 0),
        ((0.9, 0.97), 3),
        ((0.97, 0.99), 4),
        ((0.4, 0.9), FIRST_UNSURE + 1),
        ((0.01, 0.99), OPEN),
    ],
)
def test_a_chance_is_as_sure_as_the_ranges_of_counts_let_it_be(probability, expected):
    found = gap_classes(table(place(probability=probability)), "probability")
    assert found.tolist() == [expected]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("exact", NO_BENCHMARK), ("suppressed", WITHHELD), ("not_reported", UNREPORTED)],
)
def test_what_has_no_gap_has_a_class_of_its_own(status, expected):
    row = place(status=status, reason="some reason", number=(np.nan, np.nan))
    for quantity in SCALES:
        assert gap_classes(table(row), quantity).tolist() == [expected]


def test_every_class_has_a_fill_and_no_two_are_alike():
    for scheme in ("light", "dark"):
        found = fills(palette(scheme))
        assert len(found) == UNREPORTED + 1
        texts = [str(fill.to_dict()) if not isinstance(fill, str) else fill for fill in found]
        assert len(set(texts)) == len(texts) - 1, "no benchmark and withheld look alike"


def test_the_stripes_of_an_unsure_class_fade_into_the_background():
    stops = hatched(palette("light"), "#0f3869", bands=2).to_dict()["expr"]
    assert stops.count("#0f3869") == stops.count("#ffffff") == 4


# ------------------------------------------------------------------ what travels


def test_figures_travel_as_whole_numbers_and_the_unreported_does_not_travel():
    rows = table(
        place("AAA", ratio=(0.5, 0.5, 0.4, 0.62), observed_high=54),
        place("BBB", status="not_reported", reason="not reported"),
        place("CCC", ratio=(0.2, np.inf, 0.1, np.inf), expected_to=np.inf),
    )
    found = gap_figures(rows, "ratio").set_index("id")

    assert list(found.index) == ["AAA", "CCC"]
    first = found.loc["AAA"]
    assert (first["ol"], first["orr"], first["ef"], first["et"]) == (50, 4, 80, 120)
    assert (first["vf"], first["vt"]) == (40, 62)
    assert divmod(first["k"], PER_YEAR) == (5, 2)
    assert found.loc["CCC", "et"] == NO_LIMIT
    assert "c" not in found


def test_clusters_travel_only_where_they_are_asked_for():
    rows = table(place("AAA"), place("BBB"), place("CCC"))
    found = gap_figures(rows, "number", {"AAA": "low", "BBB": "high"})
    assert found["c"].tolist() == [1, 2, 0]


def test_negative_numbers_keep_their_sign():
    row = table(place(number=(-300, -200, -400, -100)))
    assert gap_figures(row, "number").loc[0, ["vf", "vt"]].tolist() == [-400, -100]


def test_a_map_of_gaps_is_lawful_vega_and_says_its_benchmark():
    for quantity in SCALES:
        design = GapDesign(MAP, quantity, "persons convicted", "the middle of its peers", "Un", 5)
        text = json.dumps(gap_map(design, SHAPES).to_dict())
        for word in ("the middle of its peers", "Not reported, which is not zero", "Un"):
            assert word in text
        assert gap_legend(quantity, "dark")["layer"]


@pytest.mark.parametrize("quantity", SCALES)
def test_the_key_has_a_cell_for_each_class_of_each_certainty(quantity):
    [cells] = gap_legend(quantity, "light")["datasets"].values()
    assert [c["k"] for c in cells] == [*range(CLASSES), 5, 6, 7, OPEN, NO_BENCHMARK, UNREPORTED]
    assert [c["label"] for c in cells][:CLASSES] == list(SCALES[quantity].labels)


# ------------------------------------------------------------------ what is not known


def test_completeness_has_the_strongest_class_for_silence():
    rows = pd.DataFrame(
        {
            "jurisdiction_id": list("ABCDE"),
            "share": [1.0, 0.8, 0.5, 0.04, 0.0],
            "reported": [25, 20, 12, 1, 0],
            "asked": 25,
            "never": [0, 0, 2, 30, 31],
        }
    )
    found = completeness_figures(rows)
    assert [COMPLETENESS[k] for k in found["k"]] == [
        "Everything",
        "75-99%",
        "50-74%",
        "1-49%",
        "Nothing",
    ]
    design = completeness_design(MAP, ("Victims detected", "Persons convicted"), "Un", "light", "")
    text = json.dumps(reporting_map(design, SHAPES).to_dict())
    assert "Victims detected; " in text
    assert "Not in this source" in text


def test_the_fewest_agencies_have_the_strongest_class():
    rows = pd.DataFrame(
        {"jurisdiction_id": ["A", "B", "C"], "mean": [0.5, 7.5, 80.0], "years": [1, 3, 5]}
    )
    design = agencies_design(MAP, (5, 20), "Agencies with a record", "FBI", "dark", "A")
    found = agency_figures(rows, (5, 20))
    assert [design.labels[k] for k in found["k"]] == ["Up to 5", "5 to 20", "Over 20"]
    assert found["r"].tolist() == [5, 75, 800]
    assert "Agencies with a record, mean per year" in json.dumps(
        reporting_map(design, SHAPES).to_dict()
    )


# ------------------------------------------------------------------ charts


def bars(*rows):
    return pd.DataFrame(
        [{**dict.fromkeys(COLUMNS, np.nan), "note": "", "unit": "persons", **row} for row in rows],
        columns=list(COLUMNS),
    )


CHAIN = (
    {"part": "chain", "key": "a", "kind": "stage", "label": "First", "low": 100, "high": 100,
     "start": 0.0, "end": 1.0},
    {"part": "chain", "key": "b", "kind": "loss", "label": "Lost", "low": 60, "high": 60,
     "interval_from": 50.0, "interval_to": 70.0, "lost_low": 0.6, "lost_high": 0.6,
     "start": 0.4, "end": 1.0},
    {"part": "chain", "key": "c", "kind": "unknown", "label": "Next", "start": 0.0, "end": 1.0,
     "note": "not reported"},
)  # fmt: skip


def test_a_loss_is_drawn_with_its_interval_on_the_same_axis():
    shown = bar_rows(bars(*CHAIN))
    lost = shown.iloc[1]
    assert (lost["start"], lost["end"]) == (0.4, 1.0)
    assert (lost["whisker_from"], lost["whisker_to"]) == pytest.approx((0.5, 0.3))
    assert lost["label"] == "Lost|60 persons|95%: 50 to 70"
    assert shown["lost"].tolist() == ["", "60% of the stage before", ""]


def test_the_unknown_has_its_reason_and_no_count():
    unknown = bar_rows(bars(*CHAIN)).iloc[2]
    assert unknown["words"] == "not reported"
    assert unknown["label"] == "Next|not reported"


def test_a_band_of_detection_is_spanned_by_a_line():
    shown = bar_rows(
        bars(
            {
                "part": "detection",
                "key": "estimated",
                "kind": "band",
                "label": "Estimated",
                "low": 1000,
                "high": 4000,
                "start": 0.0,
                "end": 1.0,
            },
            {
                "part": "detection",
                "key": "x",
                "kind": "loss",
                "label": "Not detected",
                "low": 900,
                "high": 3900,
                "lost_low": 0.9,
                "lost_high": 0.975,
                "start": 0.06,
                "end": 1.0,
            },
        )
    )
    assert shown.iloc[1][["whisker_from", "whisker_to"]].tolist() == pytest.approx([0.1, 0.025])


def test_rows_of_places_have_words_for_every_number():
    shown = short_rows(table(place(ratio=(0.2, np.inf, 0.1, np.inf))), "ratio")
    assert shown["share"].tolist() == ["0.10 to no upper limit"]
    assert np.isnan(shown["high"].iloc[0])
    assert shown["chance"].tolist() == ["99%"]


def test_counts_of_nothing_are_drawn_at_a_half_and_told_as_they_are():
    fitted = pd.DataFrame(
        {
            "name": ["A"],
            "observed_low": [0.0],
            "observed_high": [4.0],
            "expected": [0.2],
            "inside": [True],
        }
    )
    shown = fit_rows(fitted)
    assert shown[["expected", "low", "observed"]].iloc[0].tolist() == [0.5, 0.5, 2.0]
    assert shown["counts"].tolist() == ["0 to 4"]


def test_every_chart_is_lawful_vega():
    scheme = "dark"
    shown = short_rows(table(place()), "number")
    drawn = {
        short_template("number", scheme): shown,
        short_template("ratio", scheme): shown,
        short_template("probability", scheme): shown,
        bars_template(scheme): bar_rows(bars(*CHAIN)),
        bars_template(scheme, small=True): bar_rows(bars(*CHAIN)),
        fit_template(scheme): pd.DataFrame({"name": ["A"], "expected": [1.0]}),
    }
    for template, rows in drawn.items():
        spec = template.filled({}, ["A"])
        assert as_chart(standalone(spec, {ROWS: rows}, "Title", "Source", "Words")).to_dict()
