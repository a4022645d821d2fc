"""Bars of the stages on random counts: what is lost and what is left add up to the start."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapatlas.gaps.stages import CHAINS, _chain_bars

CHAIN = CHAINS[0]
COUNT = st.one_of(
    st.none(),
    st.integers(0, 500).map(lambda n: (n, n)),
    st.tuples(st.integers(0, 5), st.integers(0, 20)).map(lambda pair: (pair[0], sum(pair))),
)
YEARS = st.lists(st.tuples(COUNT, COUNT, COUNT), min_size=1, max_size=5)


def table(years) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "stage": stage,
                "unit": unit,
                "year": 2000 + at,
                "count_low": count[0] if count else None,
                "count_high": count[1] if count else None,
                "status": "not_reported"
                if count is None
                else "exact"
                if count[0] == count[1]
                else "censored",
            }
            for at, counts in enumerate(years)
            for (stage, unit), count in zip(CHAIN, counts, strict=True)
        ]
    )


@given(YEARS)
def test_losses_and_the_last_stage_add_up_to_the_first(years) -> None:
    _, bars = _chain_bars(table(years), CHAIN)
    stages = [b for b in bars if b["kind"] == "stage"]
    losses = [b for b in bars if b["kind"] in ("loss", "gain")]
    if not stages:
        assert not losses
        return

    def middle(found: dict) -> float:
        return float(found["low"] + found["high"]) / 2

    assert middle(stages[0]) == pytest.approx(
        middle(stages[-1]) + sum(middle(loss) for loss in losses)
    )
    assert len(losses) == len(stages) - 1


@given(YEARS)
def test_every_stage_has_one_bar_and_the_unknown_has_no_number(years) -> None:
    _, bars = _chain_bars(table(years), CHAIN)

    assert [b["key"] for b in bars if b["kind"] in ("stage", "unknown")] == [s for s, _ in CHAIN]
    for found in bars:
        assert (found["kind"] == "unknown") == (found["low"] != found["low"])


@given(YEARS)
def test_only_years_that_report_all_that_is_shown_are_used(years) -> None:
    used, bars = _chain_bars(table(years), CHAIN)
    shown = [
        at
        for at, (stage, _) in enumerate(CHAIN)
        if any(b["key"] == stage and b["kind"] == "stage" for b in bars)
    ]

    told = [2000 + at for at, counts in enumerate(years) if all(counts[i] for i in shown)]
    assert list(used) == (told if shown else [])
    for at in shown:
        [found] = [b for b in bars if b["key"] == CHAIN[at][0]]
        assert found["low"] == sum(years[year - 2000][at][0] for year in used)
        assert found["high"] == sum(years[year - 2000][at][1] for year in used)


@given(YEARS)
def test_the_interval_of_a_loss_holds_every_completion(years) -> None:
    _, bars = _chain_bars(table(years), CHAIN)

    for loss in bars:
        if loss["kind"] in ("loss", "gain"):
            slack = 1e-6 * (1 + abs(loss["high"]))
            assert loss["interval_from"] <= loss["low"] + slack
            assert loss["high"] <= loss["interval_to"] + slack
