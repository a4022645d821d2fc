"""One place among its peers: each figure of a comparison, held against a second way to get it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gapatlas
from gapatlas.atlas import Atlas
from gapatlas.comparison import Comparison, answers, compare, peer_groups, peer_labels
from gapatlas.comparison.peers import groups_of, peers_of
from gapatlas.comparison.pictures import peers_picture, ranks_picture, trend_picture
from gapatlas.comparison.sources import listed_years, standing
from gapatlas.comparison.words import difference_words, group_words
from gapatlas.languages import LANGUAGES, speaking
from gapatlas.statistics import eb_ratio, rank_intervals, trend_signal
from tests.support import figures_in, ratio
from tests.worked_examples import open_example

SAME_YEAR = {
    "rate": {
        **ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Convicted"),
        "source": "counts",
        "rate": "same_year",
    }
}
FOUR = """
place | year | prosecuted | convicted
AAA   | 2020 | 100        | 50
BBB   | 2020 | 100        | 20
CCC   | 2020 | 80         | 60
DDD   | 2020 | 6          | 3
"""


@contextmanager
def example(folder: Path, counts, people: str = "", measures=None) -> Iterator[Atlas]:
    tables = {"counts": counts} if isinstance(counts, str) else counts
    with open_example(folder, tables, people, measures or SAME_YEAR) as atlas:
        yield atlas


def of_2020(atlas: Atlas, place: str = "AAA", **choices) -> Comparison:
    return compare(atlas, "rate", place, **{"year": 2020, "window": 1, "peers": "all", **choices})


# ------------------------------------------------------------------ peers

PLACES = pd.DataFrame(
    [
        ("A", "Europe", "North"),
        ("B", "Europe", "South"),
        ("C", "Europe", "North"),
        ("D", "Asia", "East"),
        ("E", None, None),
        ("F", None, None),
    ],
    columns=["jurisdiction_id", "region", "subregion"],
)
PEOPLE = pd.DataFrame(
    [("A", 999_999), ("B", 1_000_000), ("C", 4_999_999), ("D", 5_000_000), ("E", 200_000_000)],
    columns=["jurisdiction_id", "people"],
)


@pytest.mark.parametrize(
    ("place", "kind", "own", "expected", "words"),
    [
        ("A", "region", (), "BC", "other places in Europe"),
        ("A", "subregion", (), "C", "other places in North"),
        ("D", "region", (), "", "other places in Asia"),
        ("E", "region", (), "", "other places"),
        ("A", "population", (), "", "other places with fewer than 1 million people"),
        ("B", "population", (), "C", "other places with 1 to 5 million people"),
        ("C", "population", (), "B", "other places with 1 to 5 million people"),
        ("D", "population", (), "", "other places with 5 to 20 million people"),
        ("F", "population", (), "", "other places"),
        ("A", "all", (), "BCDEF", "other places"),
        ("A", "own", ("D", "A", "D", "X"), "D", "places of your choice"),
    ],
)
def test_peers(place, kind, own, expected, words):
    groups = groups_of("all" if kind == "own" else kind, PLACES, PEOPLE)
    found = peers_of(place, kind, groups, own)
    assert (found.ids, found.words) == (tuple(expected), words)


def test_an_unknown_kind_of_peers_is_named_with_what_is_allowed(shipped):
    with pytest.raises(ValueError, match=r"region, subregion, population, .*all, not 'friends'"):
        peer_groups(shipped, "convicted_per_prosecuted", "friends", 2022)


# ------------------------------------------------------------------ figures


def test_rates_stand_highest_first_with_the_middle_of_the_peers(tmp_path):
    with example(tmp_path, FOUR) as atlas:
        found = of_2020(atlas)
        assert found.rates["name"].tolist() == ["Gammaland", "Alphaland", "Deltaland", "Betaland"]
        assert found.rates["role"].tolist() == ["peer", "chosen", "peer", "peer"]
        assert found.middle == (median([0.2, 0.75, 0.5]),) * 2
        assert found.small == {"DDD"}, "6 prosecuted are fewer than 10"
        assert found.peers_with_figures == 3


def test_the_middle_of_ranges_is_a_range(tmp_path):
    counts = """
    place | year | prosecuted | convicted
    AAA   | 2020 | 100        | 50
    BBB   | 2020 | 10         | <5
    CCC   | 2020 | 10         | 6
    DDD   | 2020 | not        | 3
    """
    with example(tmp_path, counts) as atlas:
        found = of_2020(atlas)
        assert found.middle == pytest.approx(((0.0 + 0.6) / 2, (0.4 + 0.6) / 2))
        assert found.rates["name"].iloc[-1] == "Deltaland", "without a figure: last"


def test_shrinkage_and_ranks_are_those_of_the_statistics(tmp_path):
    with example(tmp_path, FOUR) as atlas:
        found = of_2020(atlas)
        table = found.shrunken.set_index("jurisdiction_id")
        x, y = np.array([60, 50, 3, 20]), np.array([80, 100, 6, 100])
        expected = eb_ratio(x, y)
        ids = ["CCC", "AAA", "DDD", "BBB"]
        assert table.loc[ids, "shrunken"].tolist() == pytest.approx(expected.value.tolist())
        assert table.loc[ids, "weight"].tolist() == pytest.approx(expected.weight.tolist())
        assert table.loc["DDD", "weight"] == table["weight"].min(), "fewest cases"
        ranks = rank_intervals(expected.posterior)
        shown = found.ranks.set_index("jurisdiction_id").loc[ids]
        assert shown["rank_low"].tolist() == ranks.low.tolist()
        assert shown["rank_high"].tolist() == ranks.high.tolist()
        assert found.ranks["rank"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("dispersion", ["none", "additive", "multiplicative"])
def test_a_funnel_has_curves_around_the_rate_of_all(tmp_path, dispersion):
    with example(tmp_path, FOUR) as atlas:
        points, curves = of_2020(atlas).funnel(dispersion)
        assert curves["centre"].unique() == pytest.approx([133 / 286])
        assert points.set_index("jurisdiction_id").loc["AAA", "size"] == 150
        for inner, outer in (("high_95", "high_998"), ("low_998", "low_95")):
            assert (curves[inner] <= curves[outer] + 1e-9).all()


def test_a_funnel_finds_the_place_that_differs(tmp_path):
    """20 of 120 cases where 133 of 419 are expected: binomial tail below 0.1%."""
    with example(tmp_path, FOUR) as atlas:
        points, _ = of_2020(atlas).funnel()
        position = points.set_index("jurisdiction_id")["position"]
        tail = stats.binom.cdf(20, 120, 133 / 419)
        assert tail < 0.001
        assert position["BBB"] == -2
        assert position["DDD"] == 0


def test_two_places_are_compared_without_shrinkage(tmp_path):
    """The probability by quadrature over two beta posteriors of the shares."""
    with example(tmp_path, FOUR) as atlas:
        found = of_2020(atlas).against("CCC")
        assert found is not None
        a, b = stats.beta(50.5, 100.5), stats.beta(60.5, 80.5)
        grid = np.linspace(0, 1, 20_001)
        exact = np.trapezoid(a.pdf(grid) * b.cdf(grid), grid)
        assert float(found.probability_low[0]) == pytest.approx(exact, abs=0.01)
        assert found.probability_low == found.probability_high


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ((90, 100), (10, 100), "Alphaland is almost certainly higher than Betaland."),
        ((10, 100), (90, 100), "Alphaland is almost certainly lower than Betaland."),
        ((58, 100), (42, 100), "Alphaland is very likely higher than Betaland."),
        ((52, 100), (45, 100), "Alphaland is likely higher than Betaland."),
        ((50, 100), (50, 100), "about as likely to be higher than Betaland as to be lower"),
    ],
)
def test_a_comparison_of_two_is_said_in_words(tmp_path, first, second, words):
    counts = "place | year | prosecuted | convicted\n" + "\n".join(
        f"{place} | 2020 | {below} | {above}"
        for place, (above, below) in (("AAA", first), ("BBB", second))
    )
    with example(tmp_path, counts) as atlas:
        pair = of_2020(atlas).beside("BBB")
        assert words in difference_words(pair, "BBB")
        assert "95% interval" in difference_words(pair, "BBB")


def test_ranges_that_leave_the_order_open_say_so(tmp_path):
    counts = """
    place | year | prosecuted | convicted
    AAA   | 2020 | 10         | <5
    BBB   | 2020 | 10         | 2
    """
    with example(tmp_path, counts) as atlas:
        words = difference_words(of_2020(atlas).beside("BBB"), "BBB")
        assert "The ranges leave open" in words
        assert "over the counts in ranges" in words


def test_places_that_can_be_told_apart_are_in_groups(tmp_path):
    counts = """
    place | year | prosecuted | convicted
    AAA   | 2020 | 1000       | 900
    BBB   | 2020 | 1000       | 890
    CCC   | 2020 | 1000       | 100
    """
    with example(tmp_path, counts) as atlas:
        found = of_2020(atlas)
        assert found.ranks["group"].tolist() == [1, 1, 2]
        assert "cannot be told apart from Betaland" in group_words(found)
        assert "stands alone in group 2" in group_words(of_2020(atlas, "CCC"))


# ------------------------------------------------------------------ change

STEP = "place | year | prosecuted | convicted\n" + "\n".join(
    f"AAA | {2000 + i} | 200 | {40 if i < 10 else 160}" for i in range(20)
)


def test_a_step_is_a_change_and_its_limits_are_those_of_the_statistics(tmp_path):
    with example(tmp_path, STEP) as atlas:
        trend = compare(atlas, "rate", "AAA", window=1).trend
        x = np.array([40] * 10 + [160] * 10)
        signal = trend_signal("ratio", x, x + 200)
        assert str(signal.verdict) == trend.verdict == "up"
        assert trend.short == "Yes, upwards"
        assert trend.years["limit_high"].tolist() == pytest.approx(signal.limit_high.tolist())
        assert (trend.years["signal"] != "").tolist() == (signal.outside | signal.run).tolist()
        assert "2000-2019" in trend.text


def test_ranges_signal_only_where_both_ends_do(tmp_path):
    counts = "place | year | prosecuted | convicted\n" + "\n".join(
        f"AAA | {2000 + i} | 6 | <5" for i in range(8)
    )
    with example(tmp_path, counts) as atlas:
        assert compare(atlas, "rate", "AAA", window=1).trend.verdict == "none"


def test_few_years_are_too_few(tmp_path):
    with example(tmp_path, FOUR) as atlas:
        trend = of_2020(atlas).trend
        assert trend.verdict == "too few years"
        assert trend.text == "1 year is reported; the test for change needs 5 or more."


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ([2011], "2011"),
        ([2011, 2012], "2011, 2012"),
        ([2022, 2020, 2019, 2021, 2011], "2011, 2019-2022"),
        ([], ""),
    ],
)
def test_years_in_words(years, words):
    assert listed_years(years) == words


# ------------------------------------------------------------------ sources

TWO_SOURCES = {
    "counts": """
    place | year | prosecuted | convicted
    AAA   | 2018 | 100        | 50
    AAA   | 2019 | 100        | 50
    AAA   | 2020 | 100        | 50
    BBB   | 2019 | 100        | 20
    BBB   | 2020 | 100        | 20
    """,
    "other": """
    place | year | prosecuted | convicted
    AAA   | 2019 | 400        | 40
    AAA   | 2020 | 400        | 40
    AAA   | 2021 | 400        | 999
    """,
    "half": """
    place | year | prosecuted
    AAA   | 2018 | 104
    AAA   | 2019 | 96
    """,
}


def test_sources_are_compared_over_the_years_that_both_tell(tmp_path):
    with example(tmp_path, TWO_SOURCES) as atlas:
        conflict = of_2020(atlas).sources
        assert conflict.rates["short"].tolist() == ["The counts", "The other"]
        assert conflict.rates["years"].unique().tolist() == ["2019, 2020"]
        assert conflict.rates["value"].tolist() == pytest.approx([0.5, 0.1])
        assert conflict.rates["standing"].tolist() == ["above", "below"]
        assert conflict.conclusion_changes == ["The other"]
        assert conflict.rates_apart == ["The other"]


def test_counts_of_a_source_that_has_half_of_it_stand_side_by_side(tmp_path):
    with example(tmp_path, TWO_SOURCES) as atlas:
        totals = of_2020(atlas).sources.totals.set_index(["source_id", "stage_label"])
        half = totals.loc[("half", "Persons prosecuted")]
        assert half["years"] == "2018, 2019"
        assert (half["own_low"], half["other_low"], half["agrees"]) == (200, 200, True)
        other = totals.loc[("other", "Persons convicted")]
        assert (other["own_low"], other["other_low"], other["agrees"]) == (100, 80, False)


def test_sources_are_never_spliced(tmp_path):
    """The year that only the other source has is in no figure of the one in use."""
    with example(tmp_path, TWO_SOURCES) as atlas:
        found = of_2020(atlas)
        assert 2021 not in set(found.yearly.data["year_to"])
        assert set(found.rates["source_id"]) == {"counts"}


@pytest.mark.parametrize(
    ("low", "high", "middle", "where"),
    [
        (0.1, 0.2, (0.3, 0.4), "below"),
        (0.5, 0.6, (0.3, 0.4), "above"),
        (0.1, 0.3, (0.3, 0.4), "not clear"),
        (0.35, 0.6, (0.3, 0.4), "not clear"),
        (math.nan, math.nan, (0.3, 0.4), ""),
        (0.1, 0.2, (math.nan, math.nan), ""),
    ],
)
def test_where_an_interval_stands(low, high, middle, where):
    assert standing(low, high, middle) == where


# ------------------------------------------------------------------ answers


def said(atlas: Atlas, place: str, **choices) -> dict[str, tuple[str, str]]:
    return {
        answer.question: (answer.short, answer.text)
        for answer in answers(of_2020(atlas, place, **choices))
    }


def test_a_place_that_is_no_part_of_the_source_is_told_so(tmp_path):
    with example(tmp_path, TWO_SOURCES) as atlas:
        told = said(atlas, "CCC")
        assert told["What share?"][0] == "Not part of this source"
        assert told["Has it changed?"][0] == "Too few years to tell"


@pytest.mark.parametrize(
    ("cell", "words"),
    [("not", "Not reported is not zero"), ("suppressed", "withheld to protect persons")],
)
def test_a_missing_figure_says_why(tmp_path, cell, words):
    counts = FOUR.replace("100        | 50", f"100        | {cell}")
    with example(tmp_path, counts) as atlas:
        told = said(atlas, "AAA")
        assert words in told["What share?"][1]
        assert told["How sure are we?"][0] == "No figure"
        assert told["Is it different from its peers?"][0] == "Cannot be said"


def test_ranges_that_say_nothing_are_called_that(tmp_path):
    with example(tmp_path, FOUR.replace("6          | 3", "<5         | <5")) as atlas:
        told = said(atlas, "DDD")
        assert told["How sure are we?"] == (
            "Not at all",
            "The printed ranges leave every value open.",
        )


def test_a_true_zero_is_an_answer(tmp_path):
    with example(tmp_path, FOUR.replace("100        | 20", "100        | 0")) as atlas:
        told = said(atlas, "BBB")
        assert told["What share?"][0] == "0.00"
        assert told["Is it different from its peers?"][0] == "Lower"


def test_a_division_by_zero_is_no_figure_to_rank(tmp_path):
    with example(tmp_path, FOUR.replace("6          | 3", "0          | 3")) as atlas:
        found = of_2020(atlas, "DDD")
        told = said(atlas, "DDD")
        assert "Not defined" in told["What share?"][0]
        assert "DDD" not in set(found.ranks["jurisdiction_id"])


def test_every_kind_of_peers_is_answered_on_the_shipped_data(shipped):
    for kind in peer_labels(shipped.config):
        found = compare(
            shipped, "convicted_per_prosecuted", "NLD", year=2022, peers=kind, own=["ROU", "BEL"]
        )
        assert len(answers(found)) == 5
        assert "NLD" not in found.peers.ids


def test_an_unknown_place_is_refused_with_near_names(shipped):
    with pytest.raises(gapatlas.GapAtlasError) as caught:
        compare(shipped, "convicted_per_prosecuted", "NLL")
    assert "NLD" in str(caught.value)
    with pytest.raises(gapatlas.GapAtlasError, match="that this measure describes"):
        compare(shipped, "convicted_per_prosecuted", "US-TX")


def test_the_netherlands_have_four_of_five_years(shipped):
    found = gapatlas.compare(shipped, "convicted_per_prosecuted", "NLD", year=2022, window=5)
    assert found.row is not None
    assert (found.row.numerator_low, found.row.denominator_low, found.row.years_used) == (
        311,
        671,
        4,
    )


def test_charts_of_a_notebook_carry_title_source_and_data(shipped):
    found = gapatlas.compare(shipped, "convicted_per_prosecuted", "ROU", year=2022, window=5)
    for view in ("peers", "funnel", "shrunken", "ranks", "trend", "two"):
        chart = found.chart(view, other="NLD")
        spec = chart.to_dict()
        assert "onvicted per person prosecuted" in spec["title"]["text"]
        assert "UNODC GLOTIP" in " ".join(spec["title"]["subtitle"])
        assert len(spec["datasets"]["rows"]) > 1
        assert spec["description"]
    with pytest.raises(ValueError, match="allowed: peers, funnel"):
        found.chart("pie")


def test_a_range_over_the_fractions_of_a_lag_has_a_likelihood_interval(
    tmp_path: Path,
) -> None:
    """9.75 prosecutions were due to end (0.25 x 9 + 0.75 x 10): 9 or 10, as whole counts."""
    counts = """
    place | year | prosecuted | convicted
    AAA   | 2019 | 10         | 6
    AAA   | 2020 | 9          | <5
    BBB   | 2019 | 20         | 6
    BBB   | 2020 | 30         | 12
    """
    lagged = {
        **ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Lagged"),
        "source": "counts",
        "rate": "lag_adjusted",
        "lag": {"weights": [0.25, 0.75], "basis": "Made up."},
    }
    with example(tmp_path, counts, measures={"rate": lagged}) as atlas:
        found = of_2020(atlas)
        sure = answers(found)[1].text
        row = found.estimates.loc["AAA"]
    assert row["low"] == 0
    assert 4 / 9 < row["high"] < 2
    assert "The ranges alone do not favour one value (likelihood interval 0.00 to" in sure


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_tells_the_same_figures(tmp_path: Path, language: str) -> None:
    ranged = f"{FOUR}AAA | 2019 | 1200 | 30\nBBB | 2019 | <5 | <5\n".replace("| 3\n", "| <5\n")
    other = "place | year | prosecuted | convicted\nAAA | 2020 | 90 | 48\nBBB | 2020 | 300 | 20"
    with example(tmp_path, {"counts": ranged, "others": other}) as atlas:

        def told(place: str) -> list[str]:
            found = of_2020(atlas, place)
            pictures = [peers_picture(found), trend_picture(found), ranks_picture(found)]
            return [
                *(answer.text for answer in answers(found)),
                group_words(found),
                difference_words(found, "CCC"),
                *(f"{picture.alt} {picture.source}" for picture in pictures if picture),
            ]

        for place in ("AAA", "DDD"):
            english = told(place)
            with speaking(language):
                spoken = told(place)
            assert not set(english) & set(spoken)
            assert [figures_in(text) for text in spoken] == [figures_in(text) for text in english]
