"""Table twins of the maps and charts of gaps, with words for column names."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from gapatlas.charts.words import count_text, from_to, number, probability_text, years_text
from gapatlas.export import header_lines
from gapatlas.gaps.sentences import benchmark_words, counted, divided_by
from gapatlas.languages import column_in_alphabet, mark, percentage, say
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.gaps.clusters import GapClusters
    from gapatlas.gaps.completeness import Reporting
    from gapatlas.gaps.gap import Gap
    from gapatlas.gaps.model import FittedModel
    from gapatlas.gaps.stages import Waterfall

PROBABILITY = mark("Chance that it falls short")


def gap_table(gap: Gap, places: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every place with what is observed and expected, by how much it falls short, how sure.

    Args:
        gap: what was compared.
        places: rows of `gap.table`; None means all of them, sorted by name.
    """
    shown = gap.table.sort_values("name", key=column_in_alphabet) if places is None else places
    what, years = counted(gap.measure), years_text(*gap.frame.years)
    source = gap.atlas.source(gap.frame.source_id).short
    return pd.DataFrame(
        {
            mark("Place"): shown["name"],
            mark("Years"): years,
            say("Observed: {what}", what=what): _counts(shown, "observed_low", "observed_high"),
            say("Divided by: {below}", below=divided_by(gap.measure)): _counts(
                shown, "size_low", "size_high"
            ),
            mark("Expected (95% interval)"): _intervals(shown, "expected", 0),
            mark("Fewer than expected (95% interval)"): _intervals(shown, "number", 0),
            mark("Observed / expected (95% interval)"): _intervals(shown, "ratio", 2),
            PROBABILITY: [
                probability_text(row.probability_low, row.probability_high)
                if row.reason == ""
                else ""
                for row in rows(shown)
            ],
            mark("Years used"): shown["years_used"],
            mark("Why no gap"): shown["reason"],
            mark("Compared with"): benchmark_words(gap, one=True),
            mark("Source"): source,
        }
    ).reset_index(drop=True)


def gap_header(gap: Gap) -> list[str]:
    """Lines that stand above the file of a gap: what it is, the benchmark, sources, caveats."""
    title, *rest = header_lines(gap.frame)
    return [
        say("Gap: {title}", title=title),
        say("Compared with: {benchmark}", benchmark=benchmark_words(gap, one=True)),
        say(
            "Expected: the benchmark's rate times what the place itself is divided by. Fewer than "
            "expected is negative where more was observed. Intervals are 95%."
        ),
        *rest,
    ]


def waterfall_table(found: Waterfall) -> pd.DataFrame:
    """Every bar of the stages of a place."""
    bars = found.bars
    return pd.DataFrame(
        {
            mark("Step"): bars["label"],
            mark("Counted in"): bars["unit"],
            mark("Count or score"): _counts(bars, "low", "high"),
            mark("95% interval of a loss"): [
                _span(row.interval_from, row.interval_to, 0) for row in rows(bars)
            ],
            mark("Lost, as a share of the stage before"): [
                _percents(row.lost_low, row.lost_high) for row in rows(bars)
            ],
            mark("95% interval of that share"): [
                _percents(row.lost_from, row.lost_to) for row in rows(bars)
            ],
            mark("Note"): bars["note"],
        }
    )


def reporting_table(found: Reporting, agencies: pd.Series | None = None) -> pd.DataFrame:
    """How complete the figures of each place are."""
    table = found.table
    columns: dict[str, Any] = {
        mark("Place"): table["name"],
        mark("Region"): table["region"],
        mark("Years"): years_text(*found.years),
        mark("Figures reported"): table["reported"],
        mark("Figures asked for"): table["asked"],
        mark("Completeness"): [percentage(share) for share in table["share"]],
        mark("Stages without any figure"): table["never_words"],
    }
    if agencies is not None:
        own = table["jurisdiction_id"].map(agencies)
        columns[mark("Agencies with a record, mean per year")] = own.round(1)
    return pd.DataFrame(columns)


def cluster_table(found: GapClusters) -> pd.DataFrame:
    """Every place that was tested for a cluster."""
    table = found.table.sort_values("p_adjusted")
    kinds = {
        "low": mark("Falls short among places that do"),
        "high": mark("Beyond expected among places that are"),
        "low among high": mark("Falls short among places that do not"),  # not said
        "high among low": mark("Beyond expected among places that fall short"),  # not said
        "none": mark("No cluster"),
    }
    return pd.DataFrame(
        {
            mark("Place"): table["name"],
            mark("Cluster"): table["kind"].map(kinds),
            mark("Probability by chance, adjusted for many tests"): table["p_adjusted"].round(4),
            mark("Five nearest neighbours"): table["neighbours"],
        }
    ).reset_index(drop=True)


def coefficient_table(model: FittedModel) -> pd.DataFrame:
    """What each term of the model does to the expected count."""
    found = model.coefficients
    return pd.DataFrame(
        {
            mark("With"): found["what"],
            mark("The expected count is multiplied by"): [number(x, 2) for x in found["factor"]],
            mark("95% interval"): [_span(row.low, row.high, 2) for row in rows(found)],
        }
    )


def fitted_table(model: FittedModel) -> pd.DataFrame:
    """Observed and expected counts of every place in the model."""
    found = model.fitted
    return pd.DataFrame(
        {
            mark("Place"): found["name"],
            mark("Observed"): _counts(found, "observed_low", "observed_high"),
            mark("Expected by the model"): [number(x, 1) for x in found["expected"]],
            mark("Inside the range of 95% of such places"): found["inside"].map(
                {True: mark("Yes"), False: mark("No")}
            ),
        }
    )


def _counts(table: pd.DataFrame, low: str, high: str) -> list[str]:
    return [count_text(a, b) for a, b in zip(table[low], table[high], strict=True)]


def _intervals(table: pd.DataFrame, name: str, decimals: int) -> list[str]:
    ends: Iterable[tuple[float, float]] = zip(
        table[f"{name}_from"], table[f"{name}_to"], strict=True
    )
    return [_span(low, high, decimals) for low, high in ends]


def _span(low: float, high: float, decimals: int) -> str:
    if math.isnan(low):
        return ""
    return from_to(number(low, decimals), number(high, decimals))


def _percents(low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return ""
    ends = [percentage(end) if abs(end) < 100 else say("no limit") for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)
