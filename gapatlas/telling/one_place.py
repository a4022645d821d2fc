"""One place: its figure, and how it stands against its peers or a benchmark."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from gapatlas.charts.words import (
    interval_text,
    lower_first,
    parted,
    value_text,
    years_text,
)
from gapatlas.comparison import Comparison
from gapatlas.comparison.sentences import label_of
from gapatlas.comparison.sources import standing
from gapatlas.config import Measure
from gapatlas.gaps.gap import verdict
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.profile import Profile
from gapatlas.profile.sentences import REPORTED, expected_text, no_gap_words
from gapatlas.profile.shortfalls import benchmark_words
from gapatlas.tables import rows
from gapatlas.telling.everyone import NO_FIGURE, middle_text

NOT_ENOUGH: Final = mark("There are not enough figures to compare it with others.")
NO_GAP: Final = mark("No gap can be told of it, and that is not the same as no gap.")
MIDDLE: Final = {
    "below": mark(
        "The whole interval lies below the middle of {count} {peers} with a figure ({middle}); a "
        "higher rate is not always better."
    ),
    "above": mark(
        "The whole interval lies above the middle of {count} {peers} with a figure ({middle}); a "
        "higher rate is not always better."
    ),
    "not clear": mark(  # not said
        "It can't be told from the middle of {count} {peers} with a figure ({middle}), as the "
        "interval does not rule it out."
    ),
}
MIDDLE_OF_FEW: Final = {
    "below": mark(
        "The whole interval lies below the middle of {count} {peers} with a figure ({middle}); a "
        "higher rate is not always better; it divides by few, so read it as a count."
    ),
    "above": mark(
        "The whole interval lies above the middle of {count} {peers} with a figure ({middle}); a "
        "higher rate is not always better; it divides by few, so read it as a count."
    ),
    "not clear": mark(  # not said
        "It can't be told from the middle of {count} {peers} with a figure ({middle}), as the "
        "interval does not rule it out; it divides by few, so read it as a count."
    ),
}
CLAIMS: Final = {
    "short": mark(
        "It falls short of {benchmark} in the whole 95% interval: at that level {expected} {what} "
        "would be expected, and a gap is a question, not a verdict."
    ),
    "above": mark(
        "It lies above {benchmark} in the whole 95% interval: at that level {expected} {what} "
        "would be expected, and a gap is a question, not a verdict."
    ),
    "open": mark(
        "Whether it falls short of {benchmark} is open: at that level {expected} {what} would be "
        "expected, and a gap is a question, not a verdict."
    ),
}
"""What a verdict lets one claim."""


def comparison_opening(found: Comparison) -> tuple[str, str]:
    """The rate of a place, and whether it can be told from the middle of its peers."""
    row, measure = found.row, found.measure
    lead = figure_sentence(found.name, measure, row, found.window.window)
    if not found.has_figure or row is None or math.isnan(found.middle[0]):
        return lead, say(NOT_ENOUGH)
    words = MIDDLE_OF_FEW if found.place in found.small else MIDDLE
    where = standing(row.low, row.high, found.middle) or "not clear"  # not said
    told = say(
        words[where],
        count=whole(found.peers_with_figures),
        peers=found.peers.words,
        middle=middle_text(found.middle, measure),
    )
    return lead, told


def profile_opening(found: Profile) -> tuple[str, str]:
    """The main figure of a place, and whether it falls short."""
    if found.measure is None:
        return _without_measure(found), say(NO_FIGURE)
    window = found.main.window if found.main else 1
    lead = figure_sentence(found.name, found.measure, found.row, window)
    return lead, _standing_sentence(found)


def _without_measure(found: Profile) -> str:
    sources = len(found.sources)
    if not sources:
        return say(
            "No measure here describes {name}; no sources count something of it.", name=found.name
        )
    return say_many(
        "No measure here describes {name}; {count} source counts something of it.",
        "No measure here describes {name}; {count} sources count something of it.",
        sources,
        name=found.name,
        count=whole(sources),
    )


def figure_sentence(name: str, measure: Measure, row: Any | None, window: int) -> str:
    """A figure with years, unit, interval and what it rests on; or why there is none."""
    if row is None:
        return say("{name} is not part of this source, which says nothing of its laws.", name=name)
    years = years_text(row.year_from, row.year_to)
    if row.status == "suppressed":
        return say(
            "{years}: {name} has a figure that is withheld to protect persons, which is not zero.",
            years=years,
            name=name,
        )
    if row.status not in REPORTED:
        return say(
            "{years}: {name} does not report what “{measure}” needs, which is not zero.",
            years=years,
            name=name,
            measure=lower_first(measure.title),
        )
    used = _used_words(row, window)
    if pd.isna(row.low) or (row.low == 0 and math.isinf(row.high)):
        return _open_sentence(years, name, used)
    notes = [say("95% interval {interval}", interval=interval_text(row, measure.decimals)), used]
    notes += [say("a range, as counts are printed as ranges")] if row.status == "censored" else []
    return say(
        "{years}: {name} has {value} {unit} ({notes}).",
        years=years,
        name=name,
        value=value_text(row, measure.decimals),
        unit=measure.unit,
        notes=parted(note for note in notes if note),
    )


def _open_sentence(years: str, name: str, used: str) -> str:
    if used:
        return say(
            "{years}: {name} reports counts that leave every rate open ({used}).",
            years=years,
            name=name,
            used=used,
        )
    return say("{years}: {name} reports counts that leave every rate open.", years=years, name=name)


def _used_words(row: Any, window: int) -> str:
    if window == 1:
        return ""
    return say(
        "{used} of {window} years reported", used=whole(row.years_used), window=whole(window)
    )


def _standing_sentence(found: Profile) -> str:
    """Whether the place falls short of its benchmark, as far as the counts tell."""
    gap = found.gap
    row: Any = next(rows(gap.of(found.place)), None) if gap is not None else None
    if gap is None or row is None:
        return say(NO_GAP)
    against = benchmark_words(gap, found.place)
    kind = verdict(row)
    if kind == "none":
        return no_gap_words(row.reason, against)
    return say(
        CLAIMS[kind],
        benchmark=against,
        expected=expected_text(row),
        what=label_of(gap.measure.numerator),
    )
