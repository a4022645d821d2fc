"""Where cases are lost: counts of a place in, bars out, each sum checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from gapatlas.gaps import waterfall
from gapatlas.gaps.sentences import lost_words
from tests.support import observation, ratio, write_world

MEASURES = {"rate": ratio(("convicted", "persons"), ("prosecuted", "persons"))}
STAGES = ("suspected", "prosecuted", "convicted")


@pytest.fixture
def stages(tmp_path, monkeypatch):
    """Open a world of one place: a row of three counts per year, and perhaps detected victims."""
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    opened = []

    def open_world(years, detected=()):
        from gapatlas.atlas import open_atlas

        rows = [
            observation("AAA", year, stage, "persons", count)
            for year, counts in years.items()
            for stage, count in zip(STAGES, counts, strict=True)
        ]
        rows += [observation("AAA", y, "detected", "victims", n) for y, n in dict(detected).items()]
        atlas = open_atlas(write_world(tmp_path / "world", rows, (), MEASURES))
        opened.append(atlas)
        return waterfall(atlas, "AAA", "office", (min(years), max(years)))

    yield open_world
    for atlas in opened:
        atlas.close()


def bar(found, key):
    [row] = [row for row in found.bars.itertuples() if row.key == key]
    return row


def test_of_100_suspects_60_are_prosecuted_and_45_convicted(stages):
    found = stages({2020: (100, 60, 45)})

    assert list(found.bars["key"]) == [
        "suspected",
        "suspected-prosecuted",
        "prosecuted",
        "prosecuted-convicted",
        "convicted",
    ]
    first, second = bar(found, "suspected-prosecuted"), bar(found, "prosecuted-convicted")
    assert (first.low, first.high, first.start, first.end) == (40, 40, 0.6, 1.0)
    assert (second.low, second.high, second.start, second.end) == (15, 15, 0.45, 0.6)
    assert first.label == "Lost before prosecution"
    # Of 160 counts 60 are prosecutions: limits of that share (Clopper and Pearson) as odds.
    share = stats.binomtest(60, 160).proportion_ci(0.95, method="exact")
    assert first.lost_from == pytest.approx(1 - share.high / (1 - share.high))
    assert first.lost_to == pytest.approx(1 - share.low / (1 - share.low))
    assert first.interval_to == pytest.approx(100 * first.lost_to)


def test_only_years_in_which_every_stage_is_reported_are_added(stages):
    found = stages({2019: (10, 5, 5), 2020: (900, None, 300), 2021: (20, 10, 1)})

    assert found.used == (2019, 2021)
    assert bar(found, "suspected").low == 30
    assert bar(found, "convicted").low == 6


def test_a_stage_that_is_never_reported_is_a_bar_of_its_own_and_no_zero(stages):
    found = stages({2020: (100, None, 20), 2021: (50, None, 10)})

    unknown = bar(found, "prosecuted")
    assert (unknown.kind, unknown.note) == ("unknown", "not reported")
    assert math.isnan(unknown.low)
    lost = bar(found, "suspected-convicted")
    assert (lost.low, lost.high) == (120, 120)


def test_a_stage_of_other_years_is_said_to_be_not_reported_in_these(stages):
    found = stages({2019: (None, 8, 4), 2020: (None, 8, 4), 2021: (7, None, None)})

    assert found.used == (2019, 2020)
    assert bar(found, "suspected").note == "not reported in the years of the other stages"
    assert bar(found, "prosecuted").low == 16


def test_what_is_withheld_is_not_called_not_reported(stages):
    found = stages({2020: (100, "suppressed", 20)})

    assert bar(found, "prosecuted").note == "withheld"


def test_counts_in_ranges_give_a_loss_with_bounds(stages):
    found = stages({2020: (10, "<5", "<5")})

    lost = bar(found, "suspected-prosecuted")
    assert (lost.low, lost.high) == (6, 10)
    last = bar(found, "prosecuted-convicted")
    assert (last.low, last.high) == (-4, 4)


def test_a_step_that_may_have_lost_nobody_says_so_of_count_and_share(stages):
    open_, loss = (lost_words(stages({2020: counts})) for counts in ((10, "<5", "<5"), (9, 3, 3)))

    assert "0 to 4 lost before conviction, or up to 4 more convicted (at most 100% of" in open_
    assert "6 to 10 lost before prosecution (" in open_
    assert "-" not in loss
    assert "0 lost before conviction (at most " in loss


def test_more_convicted_than_prosecuted_is_a_gain_with_its_reason(stages):
    found = stages({2020: (100, 40, 60)})

    gain = bar(found, "prosecuted-convicted")
    assert (gain.kind, gain.low, gain.high) == ("gain", -20, -20)
    assert gain.note == "later cases of earlier years are counted too"
    assert "20 more convicted, since cases of earlier years count too" in lost_words(found)


def test_nothing_reported_is_three_bars_of_the_unknown(stages):
    found = stages({2020: (None, None, None)})

    assert list(found.bars["kind"]) == ["unknown"] * 3
    assert found.used == ()
    assert "can't be said where cases are lost" in lost_words(found)


def test_nobody_suspected_loses_nobody(stages):
    found = stages({2020: (0, 0, 0)})

    assert bar(found, "suspected-prosecuted").low == 0
    assert np.isfinite(bar(found, "suspected-prosecuted").interval_to)


@pytest.mark.parametrize(
    ("counts", "largest"),
    [
        ((1000, 200, 150), "suspected-prosecuted"),
        ((1000, 900, 100), "prosecuted-convicted"),
        ((10, 5, 2), None),
        (("<5", "<5", "<5"), None),
    ],
)
def test_the_larger_loss_is_named_only_where_the_intervals_part(stages, counts, largest):
    found = stages({2020: counts})

    assert (found.largest.key if found.largest else None) == largest
    if largest is None:
        assert "the counts do not tell" in lost_words(found)


def test_victims_and_persons_are_never_subtracted_from_each_other(stages):
    found = stages({2020: (10, 5, 5)}, detected={2020: 70})

    assert "detected" not in "".join(found.bars["key"])
