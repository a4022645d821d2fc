"""Closer looks at a conviction rate, one at a time: each a chart with its table and file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from gapatlas.charts import alt_text, as_arrow, source_line
from gapatlas.charts.limits import POSITIONS, control_rows, funnel_curves, funnel_rows
from gapatlas.charts.peers import DENSE_FROM, place_rows, rank_rows, row_labels
from gapatlas.charts.sources import count_rows, outcome_rows, runs_of_years
from gapatlas.charts.template import CURVES, ROWS
from gapatlas.charts.words import count_text, number, years_text
from gapatlas.comparison import SMALL, Comparison
from gapatlas.comparison.words import difference_words, group_words
from gapatlas.config import Measure
from gapatlas.config.vocabulary import stage_label
from gapatlas.export import (
    STATUS_WORDS,
    header_lines,
    readable_table,
    source_header,
    table_csv,
)
from gapatlas.state import RATE_VIEWS, SPREADS, RateState
from gapatlas.tables import rows
from gapatlas.ui.app import Page
from gapatlas.ui.figures import place_names
from gapatlas.ui.panels import chart_panel, frame_twin, plain, table_twin
from gapatlas.ui.rate_figures import template

VIEW_LABELS: Final = {
    "peers": "Peers",
    "funnel": "Funnel",
    "shrunken": "Steadied",
    "ranks": "Ranks",
    "trend": "Trend",
    "two": "Two places",
    "sources": "Sources",
    "outcomes": "US federal outcomes",
}
SPREAD_LABELS: Final = {
    "none": "Chance alone",
    "additive": "Chance and real differences",
    "multiplicative": "Chance, scaled up",
}
SIGNS: Final = (
    "Dot: value; diamond: the chosen place. Line: 95% interval. Dashed box: the range that counts "
    "printed as 'fewer than 5' allow. Triangle: the interval runs on. Faded, with a "
    f"star: divides by fewer than {SMALL}. Dashed vertical line: middle of the peers."
)


def show_view(page: Page, comparison: Comparison, state: RateState) -> None:
    """The view that the reader has chosen."""
    st.subheader("Look closer", anchor=False)
    st.segmented_control(
        "View",
        RATE_VIEWS,
        format_func=VIEW_LABELS.__getitem__,
        key="rate_view",
        required=True,
        label_visibility="collapsed",
    )
    VIEWS[state.view](page, comparison, state)


def show_peers(page: Page, comparison: Comparison, state: RateState) -> None:
    """Every peer with its interval, highest first."""
    measure, shown = comparison.measure, _with_figures(comparison)
    title = f"{measure.title}, {_years(comparison)}: {comparison.name} and its peers"
    if _nothing(shown):
        return
    drawn = place_rows(shown, measure)
    dense = len(drawn) > DENSE_FROM
    chart_panel(
        template(
            page.atlas, "peers", comparison.window.measure_id, page.scheme, dense=dense
        ).filled({ROWS: as_arrow(drawn)}, row_labels(drawn)),
        title=title,
        source=f"{source_line(comparison.window)} {SIGNS} {_left_out(comparison)}",
        alt=alt_text(shown, measure, title),
        key="rate_chart",
    )
    frame_twin(
        comparison.window, comparison.rates, name=_name(comparison, "peers"), key="rate_table"
    )


def show_funnel(page: Page, comparison: Comparison, state: RateState) -> None:
    """Whether a place lies further from all than chance allows for its size."""
    st.markdown(
        "Places with few cases scatter widely by chance alone. The lines show how widely: one "
        "place in 20 lies outside the dashed lines by chance, two in 1,000 outside the solid ones."
    )
    st.segmented_control(
        "What the lines allow for",
        SPREADS,
        format_func=SPREAD_LABELS.__getitem__,
        key="rate_spread",
        required=True,
        help="Countries differ for real, so that many lie outside lines of chance alone. The "
        "wider lines allow for that: additive over-dispersion adds a variance between places, "
        "multiplicative scales chance up (Spiegelhalter 2005).",
    )
    points, curves = comparison.funnel(state.spread)  # type: ignore[arg-type]
    if _nothing(points):
        return
    measure = comparison.measure
    drawn = funnel_rows(points, measure)
    title = f"{measure.title}, {_years(comparison)}: which places differ by more than chance"
    outside = points[points["position"] != 0]
    chart_panel(
        template(
            page.atlas,
            "funnel",
            comparison.window.measure_id,
            page.scheme,
            words=size_words(measure),
        ).filled({ROWS: as_arrow(drawn), CURVES: as_arrow(funnel_curves(curves, drawn))}),
        title=title,
        source=f"{source_line(comparison.window)} Solid lines: 99.8% of what chance brings; "
        "dashed: 95%. Triangles: outside the 95% lines, upwards or downwards. Diamond: the "
        "chosen place. Ranges are drawn at their middle, and lie outside only if all of the "
        "range does.",
        alt=f"{title}. {len(outside)} of {len(points)} places lie outside the 95% lines.",
        key="rate_chart",
    )
    _custom_twin(
        comparison,
        lambda: _funnel_table(points, measure),
        "funnel",
    )


def show_shrunken(page: Page, comparison: Comparison, state: RateState) -> None:
    """Raw figures beside those that borrow from all places."""
    st.markdown(
        "A place with few cases tells little by itself. Here each place is drawn towards the rate "
        "of all (empirical Bayes): the fewer its cases, the further. Read the rings as what was "
        "counted and the dots as what is likely to last."
    )
    shown, measure = comparison.shrunken, comparison.measure
    if _nothing(shown):
        return
    drawn = place_rows(shown, measure)
    title = f"{measure.title}, {_years(comparison)}: as counted, and steadied"
    moved = (
        ""
        if shown["middle"].isna().all()
        else (f" Values are drawn towards {number(shown['middle'].iloc[0], measure.decimals)}.")
    )
    chart_panel(
        template(
            page.atlas,
            "shrunken",
            comparison.window.measure_id,
            page.scheme,
            dense=len(drawn) > DENSE_FROM,
        ).filled({ROWS: as_arrow(drawn)}, row_labels(drawn)),
        title=title,
        source=f"{source_line(comparison.window)} Ring: as counted. Dot or diamond: steadied. "
        "Line: its 95% interval. Dashed vertical line: the rate of all. Faded, with a star: "
        f"divides by fewer than {SMALL}.",
        alt=f"{title}. {len(shown)} places.{moved}",
        key="rate_chart",
    )
    _custom_twin(comparison, lambda: _shrunken_table(shown, measure), "steadied")


def show_ranks(page: Page, comparison: Comparison, state: RateState) -> None:
    """How sure ranks are; groups in words, and a league table for those who ask for it."""
    shown = comparison.ranks
    if _nothing(shown):
        return
    st.markdown(plain(group_words(comparison)))
    drawn = rank_rows(shown)
    title = f"{comparison.measure.title}, {_years(comparison)}: how sure each rank is"
    chart_panel(
        template(
            page.atlas,
            "ranks",
            comparison.window.measure_id,
            page.scheme,
            dense=len(drawn) > DENSE_FROM,
        ).filled({ROWS: as_arrow(drawn)}, row_labels(drawn)),
        title=title,
        source=f"{source_line(comparison.window)} Line: 95% interval of the rank, from 2,000 draws "
        "of the steadied rates. Bands: every second group that cannot be told apart.",
        alt=f"{title}. {group_words(comparison)}",
        key="rate_chart",
    )
    if st.toggle(
        "Show a league table",
        key="rate_league",
        help="Off, because a rank hides how unsure it is. The table shows the interval beside it.",
    ):
        _custom_twin(comparison, lambda: _rank_table(shown), "ranks")


def show_trend(page: Page, comparison: Comparison, state: RateState) -> None:
    """The place year by year, against what chance allows."""
    trend, measure = comparison.trend, comparison.measure
    if trend.years.empty:
        _nothing(trend.years)
        return
    shown = trend.years.assign(
        small=(trend.years["denominator_high"] < SMALL).fillna(False).astype(bool)
    )
    title = f"{comparison.name}: {measure.title[:1].lower()}{measure.title[1:]}, year by year"
    chart_panel(
        template(page.atlas, "trend", comparison.window.measure_id, page.scheme).filled(
            {ROWS: as_arrow(control_rows(shown, measure))}
        ),
        title=title,
        source=f"{source_line(comparison.yearly)} Shaded: what chance and the usual ups and downs "
        "allow around the rate of all years (dashed line). Diamond: a year beyond that, or in a "
        "run of 8 on one side. Grey band: no figure.",
        alt=f"{title}. {trend.text}",
        key="rate_chart",
    )
    st.markdown(f"**{trend.short}.** {plain(trend.text)}")
    _custom_twin(comparison, lambda: _trend_table(shown, measure), "trend")


def show_two(page: Page, comparison: Comparison, state: RateState) -> None:
    """Two places side by side, their difference, and how likely one is higher."""
    names = place_names(page.atlas)
    told = comparison.told_apart_from
    st.selectbox(
        "Second place",
        sorted((id_ for id_ in told if id_ in names), key=names.__getitem__),
        format_func=names.__getitem__,
        key="rate_other",
        index=None,
        placeholder="Choose a place to compare with",
    )
    if state.other is None:
        return
    pair = comparison.beside(state.other)
    words = difference_words(pair, state.other)
    drawn = place_rows(pair.rates, pair.measure)
    title = f"{pair.measure.title}, {_years(pair)}: {pair.name} and {names[state.other]}"
    chart_panel(
        template(page.atlas, "peers", pair.window.measure_id, page.scheme).filled(
            {ROWS: as_arrow(drawn.assign(middle=None))}, row_labels(drawn)
        ),
        title=title,
        source=f"{source_line(pair.window)} Dot: value; diamond: the chosen place. Line: 95% "
        "interval. Dashed box: range.",
        alt=f"{title}. {words}",
        key="rate_chart",
    )
    st.markdown(plain(words))
    frame_twin(pair.window, pair.rates, name=_name(pair, "two"), key="rate_table")


def show_sources(page: Page, comparison: Comparison, state: RateState) -> None:
    """What each source says of the place, over the years that they share."""
    conflict = comparison.sources
    if len(conflict.rates):
        _source_rates(page, comparison)
    for number_, (label, counts) in enumerate(conflict.counts.groupby("stage_label", sort=False)):
        title = f"{comparison.name}: {str(label)[:1].lower()}{str(label)[1:]}, source by source"
        shown = runs_of_years(count_rows(counts))
        shorts = list(dict.fromkeys(shown["short"]))
        if not shorts:
            continue
        chart_panel(
            template(page.atlas, "counts", comparison.window.measure_id, page.scheme).filled(
                {ROWS: as_arrow(shown)}
            ),
            title=title,
            source=f"Sources: {'; '.join(_edition(page, counts.dropna(subset='count_low')))}. They "
            "are never joined into one line: each counts by its own rules. A gap is a year that is "
            "not reported.",
            alt=f"{title}. Sources: {', '.join(shorts)}.",
            key=f"rate_counts_{number_}",
        )
    _custom_twin(comparison, lambda: _counts_table(conflict.counts), "sources")


def _source_rates(page: Page, comparison: Comparison) -> None:
    """One small chart for each source that can tell the rate: it, and the source in use."""
    measure = comparison.measure
    for other, pair in comparison.sources.rates.groupby("pair", sort=False):
        title = (
            f"{comparison.name}: {measure.title[:1].lower()}{measure.title[1:]}, by source, "
            f"{pair['years'].iloc[0]}"
        )
        named = pair.assign(
            name=pair["short"],
            role=pair["role"].map({"chosen": "chosen", "other": "peer"}),
            small=False,
            middle=None,
        )
        drawn = place_rows(named, measure)
        chart_panel(
            template(page.atlas, "peers", comparison.window.measure_id, page.scheme).filled(
                {ROWS: as_arrow(drawn)}, row_labels(drawn)
            ),
            title=title,
            source="The years are those that both sources report. Diamond: the source in use. "
            f"Line: 95% interval. Sources: {'; '.join(_edition(page, pair))}.",
            alt=alt_text(named, measure, title),
            key=f"rate_pair_{other}",
        )


def show_outcomes(page: Page, comparison: Comparison, state: RateState) -> None:
    """What became of the persons charged in US federal courts, state by state."""
    sources = page.atlas.sources_of_stage("outcome_unknown", "persons")
    if not sources:
        st.info("No source in this config follows persons from the charge to the outcome.")
        return
    source = page.atlas.source(sources[0])
    stages = page.atlas.outcomes(source.source_id)
    states = stages[stages["level"] != "country"]
    nation = stages[stages["level"] == "country"]
    drawn = outcome_rows(states)
    if _nothing(drawn):
        return
    years = years_text(*page.atlas.config.periods().get(source.source_id, (0, 0)))
    title = f"Persons charged with trafficking in US federal courts, {years}, by outcome"
    chart_panel(
        template(page.atlas, "outcomes", comparison.window.measure_id, page.scheme).filled(
            {ROWS: as_arrow(drawn)}, list(dict.fromkeys(drawn["label"]))
        ),
        title=title,
        source=f"Source: {source.short} ({source.edition}). {source.method}.",
        alt=f"{title}: {drawn['label'].nunique()} states. {_nation_words(nation)}",
        key="rate_chart",
    )
    st.markdown(plain(_nation_words(nation)))
    header = source_header(title, source, page.atlas.snapshot.id)
    table = _outcome_table(stages)
    table_twin(
        lambda: table,
        lambda: table_csv(table, header),
        name="us-federal-outcomes",
        key="rate_table",
    )


def size_words(measure: Measure) -> str:
    """What a funnel has below it: the size of a place, in words."""
    if measure.interval == "byar":
        return "People times years"
    if measure.interval == "wilson":
        return "Persons below the line"
    return "Cases above and below the line, added"


def _with_figures(comparison: Comparison) -> pd.DataFrame:
    """Rows that a chart can draw: those with a figure, and the chosen place in any case."""
    rates = comparison.rates
    drawn: pd.DataFrame = rates[rates["value_low"].notna()]
    return drawn


def _left_out(comparison: Comparison) -> str:
    rates = comparison.rates
    missing = int(rates["value_low"].isna().sum())
    if not missing:
        return ""
    places = "1 place has" if missing == 1 else f"{missing} places have"
    return f"{places} no figure and stand in the table only; not reported is not zero."


def _nothing(shown: pd.DataFrame) -> bool:
    if len(shown):
        return False
    st.info("No place here has a figure in these years. Not reported is not zero.")
    return True


def _years(comparison: Comparison) -> str:
    data = comparison.window.data
    if data.empty:
        return years_text(*comparison.window.years)
    return years_text(int(data["year_from"].min()), int(data["year_to"].max()))


def _name(comparison: Comparison, view: str) -> str:
    return f"{comparison.window.measure_id}-{comparison.place}-{view}"


def _custom_twin(comparison: Comparison, table: Callable[[], pd.DataFrame], view: str) -> None:
    """The table twin of a view whose figures are not those of the frame alone."""
    table_twin(
        table,
        lambda: table_csv(table(), header_lines(comparison.window)),
        name=_name(comparison, view),
        key="rate_table",
    )


def _funnel_table(points: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    table = readable_table(points, measure)
    table.insert(4, "Against the limits", points["position"].map(POSITIONS).to_numpy())
    return table


def _shrunken_table(shown: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    digits = measure.decimals
    table = readable_table(shown, measure)
    table.insert(5, "Steadied", [round(value, digits) for value in shown["shrunken"]])
    table.insert(
        6,
        "95% interval, steadied",
        [
            f"{number(low, digits)} to {number(high, digits)}"
            for low, high in zip(shown["shrunken_low"], shown["shrunken_high"], strict=True)
        ],
    )
    table.insert(7, "Weight of own counts", [f"{weight:.0%}" for weight in shown["weight"]])
    return table


def _rank_table(shown: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Place": shown["name"],
            "Rank": shown["rank"],
            "95% interval of the rank": [
                f"{low} to {high}"
                for low, high in zip(shown["rank_low"], shown["rank_high"], strict=True)
            ],
            "Group that cannot be told apart": shown["group"],
        }
    )


def _trend_table(shown: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    digits = measure.decimals
    table = readable_table(shown, measure)
    limits = zip(shown["limit_low"], shown["limit_high"], strict=True)
    told = [
        "" if pd.isna(low) else f"{number(low, digits)} to {number(high, digits)}"
        for low, high in limits
    ]
    table.insert(5, "Limits of chance", told)
    table.insert(
        6,
        "Signal",
        shown["signal"].map({"outside": "Beyond limits", "run": "Run", "": ""}).to_numpy(),
    )
    return table


def _counts_table(counts: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Source": counts["short"],
            "Counted": counts["stage_label"],
            "Year": counts["year"],
            "Lowest count": counts["count_low"],
            "Highest count": counts["count_high"],
            "Status": counts["status"].map(STATUS_WORDS),
        }
    )


def _outcome_table(stages: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Place": stages["name"],
            "Counted": [
                stage_label(stage, unit)
                for stage, unit in zip(stages["stage"], stages["unit"], strict=True)
            ],
            "Lowest count": stages["count_low"],
            "Highest count": stages["count_high"],
            "Status": stages["status"].map(STATUS_WORDS),
        }
    )


def _nation_words(nation: pd.DataFrame) -> str:
    told = [
        f"{stage_label(row.stage, row.unit).lower()}: {count_text(row.count_low, row.count_high)}"
        for row in rows(nation)
        if row.status in ("exact", "censored")
    ]
    return f"In the whole country: {'; '.join(told)}." if told else ""


def _edition(page: Page, counts: pd.DataFrame) -> list[str]:
    found = [page.atlas.source(id_) for id_ in dict.fromkeys(counts["source_id"])]
    return [f"{source.short} ({source.edition})" for source in found]


VIEWS: Final[dict[str, Callable[[Page, Comparison, RateState], None]]] = {
    "peers": show_peers,
    "funnel": show_funnel,
    "shrunken": show_shrunken,
    "ranks": show_ranks,
    "trend": show_trend,
    "two": show_two,
    "sources": show_sources,
    "outcomes": show_outcomes,
}
