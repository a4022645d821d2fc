"""The picture of an association: chart, title, source line, alternative text and table in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gapatlas.charts.event_study import before_rows, event_study_template, step_rows
from gapatlas.charts.template import CURVES, ROWS
from gapatlas.charts.theme import Scheme
from gapatlas.charts.words import lower_first, parted, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.investment import association_words as words
from gapatlas.languages import kept_by_language, mark, say, whole

if TYPE_CHECKING:
    from gapatlas.investment.association import Association

SIGNS: Final = mark(
    "Dot: counts, as a multiple of those without. Line: 95% interval; triangle: it runs on. "
    "Dashed box: between the low and the high ends of counts printed as a range. "
    "Dashed line at 1: no difference. "
    "Shaded: before it, when it cannot be the cause."
)
_template = kept_by_language(8)(event_study_template)


def association_picture(found: Association, scheme: Scheme = "light") -> Picture | None:
    """The ratio at each distance in years from the treatment; None where too few places tell it."""
    if found.curve is None or not found.curve.steps["low"].notna().any():
        return None
    started = found.starts is not None
    shown = step_rows(_with_reference(found) if started else _in_words(found))
    years = years_text(*found.curve.years)
    title = say(
        "{counted} before and after {treatment}, {years}",
        counted=words.counted(found),
        treatment=lower_title(found),
        years=years,
    )
    treatment = found.atlas.config.indicators[found.block.treatment]
    named = dict.fromkeys((found.block.source, treatment.source))
    sources = parted(
        f"{source.short} ({source.edition})" for source in map(found.atlas.source, named)
    )
    return Picture(
        title=title,
        source=" ".join([say("Sources: {sources}.", sources=sources), say(SIGNS), _note(found)]),
        alt=f"{title}. {found.short} {_before_words(found)}".strip(),
        template=_template(_axis(found), scheme),
        datasets={ROWS: shown, CURVES: before_rows(shown)},
        table=lambda: found.table,
        words=found.caveat,
    )


def lower_title(found: Association) -> str:
    """What was done, as it stands inside a title."""
    own = found.block.title
    return own if own[:2].isupper() else lower_first(own)


def _axis(found: Association) -> str:
    if found.starts is not None:
        return say("Years after the start (minus: before)")
    return say("Years after it (minus: before)")


def _in_words(found: Association) -> pd.DataFrame:
    assert found.curve is not None
    steps = found.curve.steps
    return steps.assign(words=[words.distance_words(found, step) for step in steps["step"]])


def _with_reference(found: Association) -> pd.DataFrame:
    """The year before the start is what the others are set against: 1 by definition."""
    shown = _in_words(found)
    reference = pd.DataFrame(
        {
            "step": [-1],
            **{name: [1.0] for name in ("least", "most", "low", "high")},
            "places": [len(found.sample.changing)],
            "before": [True],
            "words": [say("1 year before its start: set to 1")],
        }
    )
    return pd.concat([shown, reference]).sort_values("step", ignore_index=True)


def _note(found: Association) -> str:
    if found.starts is not None:
        return say("Open dot: the year before the start, set to 1.")
    return say(
        "Every year with {treatment} counts, not the first alone: only {count} places have counts "
        "both before and after the first that is known.",
        treatment=found.block.treatment_words,
        count=whole(found.around_first),
    )


def _before_words(found: Association) -> str:
    return found.doubts[0].text if found.doubts else ""
