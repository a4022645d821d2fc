"""Pictures of gaps: chart, title, source line, alternative text and table in one.

The page and a notebook show the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
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
from gapatlas.charts.words import years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.gaps import tables
from gapatlas.gaps.sentences import benchmark_words, counted, lost_words, summary

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas
    from gapatlas.gaps.gap import Gap
    from gapatlas.gaps.stages import Waterfall

TITLES: Final[dict[Quantity, str]] = {
    "ratio": "{what}, as a share of what is expected",
    "number": "{what}: how many fewer than expected",
    "probability": "{what}: chance of falling short",
}
LISTED: Final = 15
"""Places that a picture of the widest gaps shows; its table has them all."""
_kept = lru_cache(maxsize=64)
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
    what = TITLES[quantity].format(what=counted(gap.measure))
    return f"{what[:1].upper()}{what[1:]}, {years_text(*gap.frame.years)}"


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
        f"{source_words(gap.atlas, gap.frame.source_id)} Compared with {benchmark_words(gap)}. "
        "The less sure, the fainter: clear, striped, grey. Intervals: 95%."
    )
    return standalone_gap_map(
        design,
        shapes_inline(map_, gap.atlas.topology(map_)),
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
    years = years_text(*gap.frame.years)
    title = f"Clearly fewer {counted(gap.measure)} than expected, {years}: {len(shown)} places"
    more = len(gap.short) - len(shown)
    rest = f" {more} more stand in the table." if more else ""
    return Picture(
        title=title,
        source=f"{source_words(gap.atlas, gap.frame.source_id)} "
        f"Compared with {benchmark_words(gap)}. "
        "Dot: middle of what the counts allow. Dashed box: what ranges of counts leave open. "
        "Line: 95% interval. Dashed line: nothing missing. Most missing first, which is no "
        f"ranking: many intervals overlap.{rest}",
        alt=f"{title}. The first three: {', '.join(shown['name'].head(3))}.",
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
    title = f"{found.name}, {years}: where cases are lost"
    rows = bar_rows(found.bars)
    named = " ".join(source_words(atlas, id_) for id_ in found.sources)
    used = len(found.used)
    counts = (
        f"Counts of the {used} years in which all stages that are shown are reported."
        if used
        else "No stage is reported."
    )
    return Picture(
        title=found.name if small else title,
        source=f"{named} {counts} Dark bar: reached. Pale bar: lost, which also holds cases that "
        "are still open and suspects who were rightly cleared. Grey frame: not reported, which is "
        f"not zero. Thin line: 95% interval of a loss.{_of_detection(found)}",
        alt=f"{title}. {lost_words(found)}",
        template=_bars(scheme, small=small),
        datasets={ROWS: rows},
        table=lambda: tables.waterfall_table(found),
        names=tuple(rows["label"]),
    )


def _of_detection(found: Waterfall) -> str:
    if "estimated" not in set(found.bars["key"]):
        return ""
    return (
        " Open bar: a band. The estimate counts people on one day and is wider than trafficking, "
        "so the bars of detection, and the line that spans the band, give a scale and no share."
    )


def fit_picture(gap: Gap, scheme: Scheme = "light") -> Picture | None:
    """How well the fitted model describes the places; None where there is none."""
    model = gap.model
    if model is None:
        return None
    years = years_text(*gap.frame.years)
    fitted = model.fitted
    inside = int(fitted["inside"].sum())
    title = f"Observed and expected by the model, {years}: {counted(gap.measure)}"
    return Picture(
        title=title,
        source=f"{source_words(gap.atlas, gap.frame.source_id)} Each mark is a place; on the "
        "dashed line both counts agree. Diamond: outside the range in which the model expects 95% "
        "of such places. Counts under 1 are drawn at a half.",
        alt=f"{title}. {inside} of {len(fitted)} places lie inside the model's 95% range.",
        template=_fit(scheme),
        datasets={ROWS: fit_rows(fitted)},
        table=lambda: tables.fitted_table(model),
    )


def source_words(atlas: Atlas, source_id: str) -> str:
    """A source with its edition, for the line under a chart."""
    source = atlas.source(source_id)
    return f"Source: {source.short} ({source.edition})."
