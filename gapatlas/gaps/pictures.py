"""Pictures of gaps: chart, title, source line, alternative text and table in one.

The page and a notebook show the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gapatlas.charts import shapes_inline
from gapatlas.charts.gap_map import GapDesign, Quantity, gap_figures, standalone_gap_map
from gapatlas.charts.gaps import (
    bar_rows,
    bars_template,
    fit_rows,
    fit_template,
    short_rows,
    short_template,
)
from gapatlas.charts.template import ROWS
from gapatlas.charts.theme import Chart, Scheme
from gapatlas.charts.words import upper_first, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.gaps import tables
from gapatlas.gaps.sentences import benchmark_words, counted, lost_words, summary
from gapatlas.languages import kept_by_language, mark, say, say_many, whole

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas
    from gapatlas.gaps.gap import Gap
    from gapatlas.gaps.stages import Waterfall

TITLES: Final[dict[Quantity, str]] = {
    "ratio": mark("{what}, as a share of what is expected, {years}"),
    "number": mark("{what}: how many fewer than expected, {years}"),
    "probability": mark("{what}: chance of falling short, {years}"),
}
LISTED: Final = 15
"""Places that a picture of the widest gaps shows; its table has them all."""
MAP_SIGNS: Final = mark("The less sure, the fainter: clear, striped, grey. Intervals: 95%.")
BAR_SIGNS: Final = mark(
    "Dark bar: reached. Pale bar: lost, which also holds cases that are still open and suspects "
    "who were rightly cleared. Grey frame: not reported, which is not zero. Thin line: 95% "
    "interval of a loss."
)
BAND_SIGNS: Final = mark(
    "Open bar: a band. The estimate counts people on one day and is wider than trafficking, so the "
    "bars of detection, and the line that spans the band, give a scale and no share."
)
FIT_SIGNS: Final = mark(
    "Each mark is a place; on the dashed line both counts agree. Diamond: outside the range in "
    "which the model expects 95% of such places. Counts under 1 are drawn at a half."
)
SHORT_SIGNS: Final = mark(
    "Dot: middle of what the counts allow. Dashed box: what ranges of counts leave open. Line: 95% "
    "interval. Dashed line: nothing missing. Most missing first, which is no ranking: many "
    "intervals overlap."
)
_kept = kept_by_language(maxsize=64)
_short = _kept(short_template)
_bars = _kept(bars_template)
_fit = _kept(fit_template)


def chart_of(gap: Gap, kind: str, quantity: Quantity) -> Chart | None:
    """One of the charts of a gap by its name; see `Gap.chart`."""
    if kind == "map":
        return map_of(gap, quantity)
    if kind == "short":
        picture = short_picture(gap, quantity)
    elif kind == "model":
        picture = fit_picture(gap)
    else:
        raise ValueError(f"There is no chart '{kind}'; allowed: map, short, model")
    return picture.chart() if picture is not None else None


def map_title(gap: Gap, quantity: Quantity) -> str:
    """What a map of a gap shows."""
    years = years_text(*gap.frame.years)
    return upper_first(say(TITLES[quantity], what=counted(gap.measure), years=years))


def map_of(gap: Gap, quantity: Quantity, outlined: Sequence[str] = ()) -> Chart:
    """The map of a gap with its figures, its key, title and source line.

    Args:
        gap: what was compared.
        quantity: what is shown.
        outlined: ids of places that stand out.

    Raises:
        ValueError: no map has shapes for the places.
    """
    map_ = gap.atlas.config.map_of_level(gap.measure.level)
    if map_ is None:
        raise ValueError(f"No map has shapes for places of level {gap.measure.level}")
    design = GapDesign(
        map_=map_,
        quantity=quantity,
        observed=counted(gap.measure),
        benchmark=benchmark_words(gap, one=True),
        source_short=gap.atlas.source(gap.frame.source_id).short,
        window=gap.frame.window,
        beside=tuple(outlined),
    )
    source = (
        f"{source_words(gap.atlas, gap.frame.source_id)} {compared_words(gap)} {say(MAP_SIGNS)}"
    )
    return standalone_gap_map(
        design,
        shapes_inline(map_, gap.atlas.topology(map_), gap.atlas.names_said()),
        gap_figures(gap.table, quantity),
        title=map_title(gap, quantity),
        source=source,
        description=f"{map_title(gap, quantity)}. {summary(gap)}",
    )


def short_picture(gap: Gap, quantity: Quantity, scheme: Scheme = "light") -> Picture | None:
    """The places that clearly fall short, most missing first; None where none does."""
    shown = gap.short.head(LISTED)
    if shown.empty:
        return None
    title = say_many(
        "Clearly fewer {what} than expected, {years}: {count} place",
        "Clearly fewer {what} than expected, {years}: {count} places",
        len(shown),
        what=counted(gap.measure),
        years=years_text(*gap.frame.years),
        count=whole(len(shown)),
    )
    first = say("The first three: {names}.", names=", ".join(shown["name"].head(3)))
    named = source_words(gap.atlas, gap.frame.source_id)
    return Picture(
        title=title,
        source=f"{named} {compared_words(gap)} {say(SHORT_SIGNS)} {_not_shown(gap)}".strip(),
        alt=f"{title}. {first}",
        template=_short(quantity, scheme),
        datasets={ROWS: short_rows(shown, quantity)},
        table=lambda: tables.gap_table(gap, gap.short),
        names=tuple(shown["name"]),
    )


def waterfall_picture(
    atlas: Atlas, found: Waterfall, scheme: Scheme = "light", *, small: bool = False
) -> Picture:
    """The stages of one place, and what is lost between them."""
    years = years_text(*found.years)
    title = say("{name}, {years}: where cases are lost", name=found.name, years=years)
    rows = bar_rows(found.bars)
    named = " ".join(source_words(atlas, id_) for id_ in found.sources)
    counts, signs = _years_counted(len(found.used)), say(BAR_SIGNS)
    return Picture(
        title=found.name if small else title,
        source=f"{named} {counts} {signs} {_of_detection(found)}".strip(),
        alt=f"{title}. {lost_words(found)}",
        template=_bars(scheme, small=small),
        datasets={ROWS: rows},
        table=lambda: tables.waterfall_table(found),
        names=tuple(rows["label"]),
    )


def _years_counted(used: int) -> str:
    if not used:
        return say("No stage is reported.")
    return say_many(
        "Counts of the {count} year in which all stages that are shown are reported.",
        "Counts of the {count} years in which all stages that are shown are reported.",
        used,
        count=whole(used),
    )


def _of_detection(found: Waterfall) -> str:
    return say(BAND_SIGNS) if "estimated" in set(found.bars["key"]) else ""


def fit_picture(gap: Gap, scheme: Scheme = "light") -> Picture | None:
    """How well the fitted model describes the places; None where there is none."""
    model = gap.model
    if model is None:
        return None
    years = years_text(*gap.frame.years)
    fitted = model.fitted
    inside = int(fitted["inside"].sum())
    title = say(
        "Observed and expected by the model, {years}: {what}",
        years=years,
        what=counted(gap.measure),
    )
    lie = say(
        "{inside} of {count} places lie inside the model's 95% range.",
        inside=whole(inside),
        count=whole(len(fitted)),
    )
    return Picture(
        title=title,
        source=f"{source_words(gap.atlas, gap.frame.source_id)} {say(FIT_SIGNS)}",
        alt=f"{title}. {lie}",
        template=_fit(scheme),
        datasets={ROWS: fit_rows(fitted)},
        table=lambda: tables.fitted_table(model),
    )


def source_words(atlas: Atlas, source_id: str) -> str:
    """A source with its edition, for the line under a chart."""
    source = atlas.source(source_id)
    return say("Source: {source} ({edition}).", source=source.short, edition=source.edition)


def compared_words(gap: Gap) -> str:
    """What the places of a gap are compared with, for the line under a chart."""
    return say("Compared with {benchmark}.", benchmark=benchmark_words(gap))


def _not_shown(gap: Gap) -> str:
    more = len(gap.short) - LISTED
    if more <= 0:
        return ""
    return say_many(
        "{count} more stands in the table.",
        "{count} more stand in the table.",
        more,
        count=whole(more),
    )
