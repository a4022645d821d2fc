"""Pictures of a comparison: chart, title, source line, alternative text and table in one.

The page and a notebook show the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.charts import Chart, Scheme, alt_text, as_arrow, as_chart, source_line, standalone
from gapatlas.charts.limits import (
    control_rows,
    control_template,
    funnel_curves,
    funnel_rows,
    funnel_template,
)
from gapatlas.charts.peers import (
    DENSE_FROM,
    peers_template,
    place_rows,
    rank_rows,
    ranks_template,
    row_labels,
    shrunken_template,
)
from gapatlas.charts.sources import (
    count_rows,
    counts_template,
    every_year,
    outcome_rows,
    outcomes_template,
    runs_of_years,
    source_names,
)
from gapatlas.charts.template import CURVES, ROWS
from gapatlas.charts.words import (
    from_to,
    labelled,
    listed,
    lower_first,
    number,
    parted,
    upper_first,
    value_text,
    years_text,
)
from gapatlas.comparison import tables
from gapatlas.comparison.comparing import DRAWS, SMALL, Comparison
from gapatlas.comparison.sentences import last_counts_words
from gapatlas.comparison.words import difference_words, group_words, nation_words
from gapatlas.config import Measure
from gapatlas.export import Download, for_notebook, readable_table
from gapatlas.languages import kept_by_language, mark, say, say_many, whole
from gapatlas.measures import Source
from gapatlas.statistics import Dispersion
from gapatlas.statistics.trend import RUN
from gapatlas.tables import only_row

SIGNS: Final = mark(
    "Dot: value; diamond: the chosen place. Line: 95% interval. Dashed box: the range that counts "
    "given as a range allow. Triangle: the interval runs on. Faded, with a star: divides by fewer "
    "than {small}. Vertical band from the dashed line: middle of the peers, a range where their "
    "counts are ranges."
)
FUNNEL_SIGNS: Final = mark(
    "Solid lines: 99.8% of what chance brings; dashed: 95%. Triangles: outside the 95% lines, "
    "upwards or downwards. Diamond: the chosen place. Ranges are drawn at their middle, and lie "
    "outside only if all of the range does."
)
SHRUNKEN_SIGNS: Final = mark(
    "Ring: as counted. Dot or diamond: steadied. Line: its 95% interval; triangle: it runs on. "
    "Dashed vertical line: the rate of all. Faded, with a star: divides by fewer than {small}."
)
RANK_SIGNS: Final = mark(
    "Line: 95% interval of the rank, from {draws} draws of the steadied rates. Bands: every second "
    "group that cannot be told apart."
)
TREND_SIGNS: Final = mark(
    "Shaded: what chance and the usual ups and downs allow around the rate of all years (dashed "
    "line). Diamond: a year beyond that, or in a run of {run} on one side. Grey band: no figure."
)
TWO_SIGNS: Final = mark(
    "Dot: value; diamond: the chosen place. Line: 95% interval. Dashed box: range."
)
_kept = kept_by_language(256)
_peers = _kept(peers_template)
_shrunken = _kept(shrunken_template)
_ranks = _kept(ranks_template)
_funnel = _kept(funnel_template)
_control = _kept(control_template)
_counts = _kept(counts_template)
_outcomes = _kept(outcomes_template)


@dataclass(frozen=True)
class Picture:
    """A chart and all that must stand beside it.

    Attributes:
        title: what it shows.
        source: sources with editions, and what the signs mean.
        alt: alternative text with the main finding.
        words: what stands below it in words, if anything.
        names: labels of its rows, from top to bottom.
        datasets: data of the chart by name.
        template: the chart without them.
        table: makes its figures with words for column names.
    """

    title: str
    source: str
    alt: str
    template: Any
    datasets: dict[str, pd.DataFrame]
    table: Callable[[], pd.DataFrame]
    names: tuple[str, ...] = ()
    words: str = ""

    def spec(self) -> dict[str, Any]:
        """The specification for the app; pages keep pictures, and a picture keeps it."""
        return self._spec

    @cached_property
    def _spec(self) -> dict[str, Any]:
        sent = {name: as_arrow(data) for name, data in self.datasets.items()}
        filled: dict[str, Any] = self.template.filled(sent, self.names)
        return filled

    def standalone(self) -> dict[str, Any]:
        """The specification with data, title and source line inside, for a file."""
        spec = self.template.filled({}, self.names)
        return standalone(spec, self.datasets, self.title, self.source, self.alt)

    def chart(self) -> Chart:
        """An Altair chart with its title and source line, for a notebook."""
        chart = as_chart(self.standalone())
        return for_notebook(chart, lambda: Download.of(self.table(), [self.title, self.source]))


def chart_of(comparison: Comparison, view: str, other: str | None) -> Chart | None:
    """One of the charts by its name; see `Comparison.chart`."""
    draw = {
        "peers": peers_picture,
        "funnel": funnel_picture,
        "shrunken": shrunken_picture,
        "ranks": ranks_picture,
        "trend": trend_picture,
    }
    if view == "two" and other is not None:
        picture = two_picture(comparison, other)
    elif view in draw:
        picture = draw[view](comparison)  # type: ignore[operator]
    else:
        allowed = ", ".join([*draw, "two with a second place"])  # not said
        raise ValueError(f"There is no chart '{view}'; allowed: {allowed}")
    return picture.chart() if picture is not None else None


def peers_picture(comparison: Comparison, scheme: Scheme = "light") -> Picture | None:
    """Every peer with its interval, highest first; None where nobody has a figure."""
    measure = comparison.measure
    shown = comparison.rates[comparison.rates["value_low"].notna()]
    if shown.empty:
        return None
    title = say(
        "{measure}, {years}: {place} and its peers",
        measure=measure.title,
        years=years_of(comparison),
        place=comparison.name,
    )
    rows = place_rows(shown, measure)
    return Picture(
        title=title,
        source=f"{source_line(comparison.window)} {_signs(SIGNS)} {_left_out(comparison)}".strip(),
        alt=alt_text(shown, measure, title),
        template=_peers(measure, scheme, dense=_dense(rows)),
        datasets={ROWS: rows},
        table=lambda: tables.peers_table(
            comparison.rates_with_estimates(), measure, comparison.window.sources
        ),
        names=tuple(row_labels(rows)),
    )


def funnel_picture(
    comparison: Comparison, dispersion: Dispersion = "none", scheme: Scheme = "light"
) -> Picture | None:
    """Whether a place lies further from all than chance allows for its size."""
    points, curves = comparison.funnel(dispersion)
    if points.empty:
        return None
    measure = comparison.measure
    rows = funnel_rows(points, measure)
    title = say(
        "{measure}, {years}: which places differ by more than chance",
        measure=measure.title,
        years=years_of(comparison),
    )
    outside = say(
        "{count} of {places} places lie outside the 95% lines.",
        count=whole((points["position"] != 0).sum()),
        places=whole(len(points)),
    )
    return Picture(
        title=title,
        source=f"{source_line(comparison.window)} {say(FUNNEL_SIGNS)}",
        alt=f"{title}. {outside}",
        template=_funnel(measure, size_words(measure), scheme),
        datasets={ROWS: rows, CURVES: funnel_curves(curves, rows)},
        table=lambda: tables.funnel_table(points, measure),
    )


def shrunken_picture(comparison: Comparison, scheme: Scheme = "light") -> Picture | None:
    """Raw figures beside those that borrow from all places."""
    shown, measure = comparison.shrunken, comparison.measure
    if shown.empty:
        return None
    rows = place_rows(shown, measure)
    title = say(
        "{measure}, {years}: as counted, and steadied",
        measure=measure.title,
        years=years_of(comparison),
    )
    return Picture(
        title=title,
        source=f"{source_line(comparison.window)} {_signs(SHRUNKEN_SIGNS)}",
        alt=" ".join([f"{title}.", *_steadied_words(comparison)]),
        template=_shrunken(measure, scheme, dense=_dense(rows)),
        datasets={ROWS: rows},
        table=lambda: tables.shrunken_table(shown, measure),
        names=tuple(row_labels(rows)),
    )


def ranks_picture(comparison: Comparison, scheme: Scheme = "light") -> Picture | None:
    """How sure each rank is, and which places cannot be told apart."""
    shown = comparison.ranks
    if shown.empty:
        return None
    rows = rank_rows(shown)
    title = say(
        "{measure}, {years}: how sure each rank is",
        measure=comparison.measure.title,
        years=years_of(comparison),
    )
    return Picture(
        title=title,
        source=f"{source_line(comparison.window)} {say(RANK_SIGNS, draws=whole(DRAWS))}",
        alt=f"{title}. {group_words(comparison)}",
        template=_ranks(scheme, dense=_dense(rows)),
        datasets={ROWS: rows},
        table=lambda: tables.rank_table(shown),
        names=tuple(row_labels(rows)),
    )


def trend_picture(comparison: Comparison, scheme: Scheme = "light") -> Picture | None:
    """The place year by year, against what chance allows."""
    trend, measure = comparison.trend, comparison.measure
    if trend.years.empty:
        return None
    few = (trend.years["denominator_high"] < SMALL).fillna(False).astype(bool)
    shown = trend.years.assign(small=few)
    title = say(
        "{place}: {measure}, year by year",
        place=comparison.name,
        measure=lower_first(measure.title),
    )
    return Picture(
        title=title,
        source=f"{source_line(comparison.yearly)} {say(TREND_SIGNS, run=whole(RUN))}",
        alt=f"{title}. {trend.text}",
        template=_control(measure, scheme),
        datasets={ROWS: control_rows(shown, measure)},
        table=lambda: tables.trend_table(shown, measure),
    )


def two_picture(comparison: Comparison, other: str, scheme: Scheme = "light") -> Picture | None:
    """The place and one other side by side."""
    pair = comparison.beside(other)
    measure, shown = pair.measure, pair.rates
    if shown.empty:
        return None
    title = say(
        "{measure}, {years}: {places}",
        measure=measure.title,
        years=years_of(pair),
        places=listed(list(shown["name"])),
    )
    rows = place_rows(shown.assign(middle=None, middle_high=None), measure)
    return Picture(
        title=title,
        source=f"{source_line(pair.window)} {say(TWO_SIGNS)}",
        alt=f"{title}. {difference_words(pair, other)}",
        template=_peers(measure, scheme),
        datasets={ROWS: rows},
        table=lambda: readable_table(shown, measure, pair.window.sources),
        names=tuple(row_labels(rows)),
    )


def _steadied_words(comparison: Comparison) -> list[str]:
    """How many places there are, what they are drawn to, and the place itself."""
    shown, digits = comparison.shrunken, comparison.measure.decimals
    told = [say_many("{count} place.", "{count} places.", len(shown), count=whole(len(shown)))]
    drawn_to = shown["middle"].iloc[0]
    if not pd.isna(drawn_to):
        told.append(say("Values are drawn towards {value}.", value=number(drawn_to, digits)))
    own = shown[shown["role"] == "chosen"]
    return told if own.empty else [*told, _own_steadied(only_row(own), digits)]


def _own_steadied(row: Any, digits: int) -> str:
    """The figure of the place itself, as counted and steadied."""
    return say(
        "{place}: {value} as counted, {steadied} steadied (95% interval {interval}).",
        place=row.name,
        value=value_text(row, digits),
        steadied=number(row.shrunken, digits),
        interval=from_to(number(row.shrunken_low, digits), number(row.shrunken_high, digits)),
    )


def source_pictures(comparison: Comparison, scheme: Scheme = "light") -> Iterator[Picture]:
    """One picture for each source that can tell the rate beside the one in use, then one for
    each stage with the counts of all sources."""
    conflict = comparison.sources
    for _, pair in conflict.rates.groupby("pair", sort=False):
        yield _pair_picture(comparison, pair, scheme)
    for label, counts in conflict.counts.groupby("stage_label", sort=False):
        told = counts[counts["count_low"].notna()]
        if told.empty:
            continue
        title = say(
            "{place}: {what}, source by source",
            place=comparison.name,
            what=lower_first(str(label)),
        )
        source = say(
            "Sources: {sources}. They are never joined into one line: each counts by its own "
            "rules. A gap is a year that is not reported.",
            sources=_editions(comparison.atlas, told["source_id"]),
        )
        yield Picture(
            title=title,
            source=source,
            alt=f"{title}. {last_counts_words(told)}",
            template=_counts(scheme),
            datasets={ROWS: every_year(runs_of_years(count_rows(told)))},
            table=partial(tables.counts_table, counts),
            names=source_names(count_rows(told)),
        )


def _pair_picture(comparison: Comparison, pair: pd.DataFrame, scheme: Scheme) -> Picture:
    measure = comparison.measure
    title = say(
        "{place}: {measure}, by source, {years}",
        place=comparison.name,
        measure=lower_first(measure.title),
        years=pair["years"].iloc[0],
    )
    shown = pair.assign(
        name=pair["short"],
        role=pair["role"].map({"chosen": "chosen", "other": "peer"}),
        small=False,
        middle=None,
        middle_high=None,
    )
    rows = place_rows(shown, measure)
    return Picture(
        title=title,
        source=say(
            "The years are those that both sources report. Diamond: the source in use. Line: 95% "
            "interval. Sources: {sources}.",
            sources=_editions(comparison.atlas, pair["source_id"]),
        ),
        alt=alt_text(shown, measure, title),
        template=_peers(measure, scheme),
        datasets={ROWS: rows},
        table=lambda: tables.pair_table(shown, measure),
        names=tuple(row_labels(rows)),
    )


def outcomes_picture(atlas: Atlas, source: Source, scheme: Scheme = "light") -> Picture | None:
    """What became of the persons charged, state by state, from a source that follows them."""
    stages = atlas.outcomes(source.source_id)
    nation = stages["level"] == "country"
    rows = outcome_rows(stages[~nation])
    if rows.empty:
        return None
    title, nation_told = _outcomes_title(atlas, source), nation_words(stages[nation])
    count = rows["label"].nunique()
    states = say_many("{count} state.", "{count} states.", count, count=whole(count))
    return Picture(
        title=title,
        source=say(
            "Source: {source} ({edition}). {method}.",
            source=source.short,
            edition=source.edition,
            method=upper_first(source.method),
        ),
        alt=labelled(title, f"{states} {nation_told}"),
        template=_outcomes(scheme),
        datasets={ROWS: rows},
        table=lambda: tables.outcome_table(stages),
        names=tuple(dict.fromkeys(rows["label"])),
        words=nation_told,
    )


def _outcomes_title(atlas: Atlas, source: Source) -> str:
    period = atlas.config.periods().get(source.source_id)
    if period is None:
        return say("Persons charged with trafficking in US federal courts, by outcome")
    return say(
        "Persons charged with trafficking in US federal courts, {years}, by outcome",
        years=years_text(*period),
    )


def size_words(measure: Measure) -> str:
    """What a funnel has below it: the size of a place, in words."""
    if measure.interval == "byar":
        return say("{exposure} times years", exposure=upper_first(measure.exposure))
    if measure.interval == "wilson":
        return say("Persons below the line")
    return say("Cases above and below the line, added")


def years_of(comparison: Comparison) -> str:
    """The years of a comparison, in words."""
    data = comparison.window.data
    if data.empty:
        return years_text(*comparison.window.years)
    return years_text(int(data["year_from"].min()), int(data["year_to"].max()))


def _left_out(comparison: Comparison) -> str:
    missing = int(comparison.rates["value_low"].isna().sum())
    if not missing:
        return ""
    return say_many(
        "{count} place has no figure and stands in the table only; not reported is not zero.",
        "{count} places have no figure and stand in the table only; not reported is not zero.",
        missing,
        count=whole(missing),
    )


def _signs(words: str) -> str:
    return say(words, small=whole(SMALL))


def _dense(rows: pd.DataFrame) -> bool:
    return len(rows) > DENSE_FROM


def _editions(atlas: Atlas, sources: Sequence[str] | pd.Series) -> str:
    found = [atlas.source(id_) for id_ in dict.fromkeys(sources)]
    return parted(f"{source.short} ({source.edition})" for source in found)
