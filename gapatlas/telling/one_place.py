"""One place: its figure, and how it stands against its peers or a benchmark."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from gapatlas.charts.words import interval_text, lower_first, value_text, years_text
from gapatlas.comparison import Comparison
from gapatlas.comparison.sentences import label_of
from gapatlas.comparison.sources import standing
from gapatlas.config import Measure
from gapatlas.gaps.gap import verdict
from gapatlas.profile import Profile
from gapatlas.profile.sentences import REASONS, REPORTED, expected_text
from gapatlas.profile.shortfalls import benchmark_words
from gapatlas.tables import rows
from gapatlas.telling.everyone import middle_text

NOT_ENOUGH: Final = "There are not enough figures to compare it with others."
NO_GRADE: Final = "a higher rate is not always better"
QUESTION: Final = "a gap is a question, not a verdict"


def comparison_opening(found: Comparison) -> tuple[str, str]:
    """The rate of a place, and whether it can be told from the middle of its peers."""
    row, measure = found.row, found.measure
    lead = figure_sentence(found.name, measure, row, found.window.window)
    if not found.has_figure or row is None or math.isnan(found.middle[0]):
        return lead, NOT_ENOUGH
    who = f"the middle of {found.peers_with_figures} {found.peers.words} with a figure"
    at = middle_text(found.middle, measure)
    few = "; it divides by few, so read it as a count" if found.place in found.small else ""
    match standing(row.low, row.high, found.middle):
        case "below" | "above" as side:
            told = f"The whole interval lies {side} {who} ({at}); {NO_GRADE}{few}."
        case _:
            told = f"It can't be told from {who} ({at}), as the interval does not rule it out{few}."
    return lead, told


def profile_opening(found: Profile) -> tuple[str, str]:
    """The main figure of a place, and whether it falls short."""
    if found.measure is None:
        sources = len(found.sources)
        return (
            f"No measure here describes {found.name}; {sources or 'no'} "
            f"{'source counts' if sources == 1 else 'sources count'} something of it.",
            "No figure is not zero.",
        )
    window = found.main.window if found.main else 1
    lead = figure_sentence(found.name, found.measure, found.row, window)
    return lead, _standing_sentence(found)


def figure_sentence(name: str, measure: Measure, row: Any | None, window: int) -> str:
    """A figure with years, unit, interval and what it rests on; or why there is none."""
    if row is None:
        return f"{name} is not part of this source, which says nothing of its laws."
    lead = f"{years_text(row.year_from, row.year_to)}: {name}"
    if row.status == "suppressed":
        return f"{lead} has a figure that is withheld to protect persons, which is not zero."
    if row.status not in REPORTED:
        title = lower_first(measure.title)
        return f"{lead} does not report what “{title}” needs, which is not zero."
    used = f"{row.years_used} of {window} years reported" if window > 1 else ""
    if pd.isna(row.low) or (row.low == 0 and math.isinf(row.high)):
        return f"{lead} reports counts that leave every rate open{f' ({used})' if used else ''}."
    notes = [f"95% interval {interval_text(row, measure.decimals)}", used]
    notes += ["a range, as counts are printed as ranges" if row.status == "censored" else ""]
    told = "; ".join(note for note in notes if note)
    return f"{lead} has {value_text(row, measure.decimals)} {measure.unit} ({told})."


def _standing_sentence(found: Profile) -> str:
    """Whether the place falls short of its benchmark, as far as the counts tell."""
    gap = found.gap
    row: Any = next(rows(gap.of(found.place)), None) if gap is not None else None
    if gap is None or row is None:
        return "No gap can be told of it, and that is not the same as no gap."
    against = benchmark_words(gap, found.place)
    kind = verdict(row)
    if kind == "none":
        return REASONS.get(row.reason, f"It can't be measured against {against}: {row.reason}.")
    stage = label_of(gap.measure.numerator)
    level = f"at that level {expected_text(row)} {stage} would be expected"
    claims = {
        "short": f"It falls short of {against} in the whole 95% interval",
        "above": f"It lies above {against} in the whole 95% interval",
        "open": f"Whether it falls short of {against} is open",
    }
    return f"{claims[kind]}: {level}, and {QUESTION}."
