"""Table twins of the charts of cases, with words for column names."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gapatlas.cases.vocabulary import UNKNOWN
from gapatlas.config.vocabulary import MERGED, RANGE_ONLY
from gapatlas.evidence.shares import printed_share
from gapatlas.evidence.words import (
    FACTORS,
    NOT_KNOWN,
    OUTCOME_TITLES,
    outcome_label,
    size_words,
)
from gapatlas.languages import mark, say
from gapatlas.protection import SHOWN, WITHHELD, WITHHELD_TEXT
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence

FACTOR_HEADINGS: Final = {"evidence": mark("Kind of evidence"), "defence": mark("Line of defence")}
COUNT_HEADINGS: Final = {
    "persons": (mark("With this outcome, rounded to {base}"), mark("With this outcome, number")),
    "ended": (mark("Ended, rounded to {base}"), mark("Ended, number")),
    "charged": (mark("Charged, rounded to {base}"), mark("Charged, number")),
}
"""Headings of counts that are rounded, and of those that are not."""
SIDE_HEADINGS: Final = {
    "with": (
        mark("Convicted with it, %"),
        mark("Convicted with it, 95% from"),
        mark("Convicted with it, to"),
    ),
    "without": (
        mark("Convicted without it, %"),
        mark("Convicted without it, 95% from"),
        mark("Convicted without it, to"),
    ),
}
SIDE_COUNT_HEADINGS: Final = {
    "with": (mark("Ended with it, rounded to {base}"), mark("Ended with it, number")),
    "without": (mark("Ended without it, rounded to {base}"), mark("Ended without it, number")),
}
PART_HEADINGS: Final = {
    "two_or_more": (
        mark("Two or more convicted, %"),
        mark("Two or more convicted, 95% from"),
        mark("Two or more convicted, to"),
    ),
    "one": (
        mark("One convicted, %"),
        mark("One convicted, 95% from"),
        mark("One convicted, to"),
    ),
    "nobody": (
        mark("Nobody convicted, %"),
        mark("Nobody convicted, 95% from"),
        mark("Nobody convicted, to"),
    ),
}
SAID: Final = {
    "present": mark("With it"),
    "used": mark("With it"),
    "absent": mark("Without it"),
    "not_used": mark("Without it"),
    UNKNOWN: NOT_KNOWN,
}
TESTIMONY: Final = {
    "present": mark("With testimony"),
    "absent": mark("Without testimony"),
    UNKNOWN: NOT_KNOWN,
}


def marked_table(found: CaseEvidence, table: pd.DataFrame) -> pd.DataFrame:
    """A table with what stands in all of them: years, source, and the brand if there is one."""
    marked = table.assign(**{mark("Charged in"): found.years, mark("Source"): found.short})
    if not found.about.brand:
        return marked
    return marked.assign(**{mark("Protection"): found.about.brand})


def funnel_table(shown: pd.DataFrame, found: CaseEvidence) -> pd.DataFrame:
    """Persons at each step."""
    return pd.DataFrame(
        {
            mark("Persons"): shown["name"],
            _of_rounding(ROUNDED, found): _whole(shown["persons"]),
            mark("At least"): _whole(shown["low"]),
            mark("At most"): _whole(shown["high"]),
            mark("In words"): shown["words"],
        }
    )


def shares_table(shares: pd.DataFrame, what: str, found: CaseEvidence) -> pd.DataFrame:
    """Shares of an outcome.

    Args:
        shares: of `CaseEvidence.shares`.
        what: name of the column of labels.
        found: what it is of.
    """
    return pd.DataFrame({what: shares["label"], **_share_columns(shares, found)})


def beside_table(shares: pd.DataFrame, analysis: str, found: CaseEvidence) -> pd.DataFrame:
    """Shares with, without, and where it is not known.

    Args:
        shares: of `factor_shares`, with label and factor.
        analysis: `evidence` or `defence`.
        found: what it is of.
    """
    values = [_value_words(value) for value in shares["value"]]
    named = {FACTOR_HEADINGS[analysis]: shares["label"], mark("Value"): values}
    return pd.DataFrame({**named, **_share_columns(shares, found)})


def _value_words(value: str) -> str:
    """What is known of a factor; values that became one are named together."""
    words = [SAID[each] for each in value.split(MERGED)]
    if len(words) == 1:
        return words[0]
    return reduce(
        lambda first, last: say("{first}, or {last}", first=first, last=last),
        [say(each) for each in words],
    )


def _share_columns(shares: pd.DataFrame, found: CaseEvidence) -> dict[str, Any]:
    return {
        mark("Outcome"): shares["outcome"].map(OUTCOME_TITLES),
        mark("Share of ended cases, %"): _percent(shares["share"]),
        mark("95% interval from, %"): _percent(shares["low"]),
        mark("to, %"): _percent(shares["high"]),
        mark("Status"): shares["status"].map(
            {
                SHOWN: mark("Shown"),
                RANGE_ONLY: mark("A range: a part is withheld"),
                WITHHELD: WITHHELD_TEXT,
            }
        ),
        **{
            _of_rounding(headings, found): _whole(shares[name])
            for name, headings in COUNT_HEADINGS.items()
        },
    }


def effects_table(effects: pd.DataFrame, analysis: str, found: CaseEvidence) -> pd.DataFrame:
    """Differences in conviction, other things equal and as counted, with odds ratios."""
    names = {
        "points": mark("Difference, other things equal (percentage points)"),
        "low": mark("95% interval from"),
        "high": mark("to"),
        "odds_ratio": mark("Odds ratio, other things equal (1: no difference)"),
        "odds_low": mark("Odds ratio, 95% interval from"),
        "odds_high": mark("Odds ratio, to"),
        "raw_points": mark("Difference as counted (percentage points)"),
    }
    table = pd.DataFrame(
        {
            FACTOR_HEADINGS[analysis]: effects["factor"].map(FACTORS),
            mark("Compared"): [
                mark("Not known, against without it")
                if value == UNKNOWN
                else mark("With it, against without")
                for value in effects["value"]
            ],
            **{words: effects[name].astype("float64") for name, words in names.items()},
        }
    )
    for side, headings in SIDE_HEADINGS.items():
        for heading, end in zip(headings, ("", "_low", "_high"), strict=True):
            table[heading] = _percent(effects[f"share_{side}{end}"])
        counted = _of_rounding(SIDE_COUNT_HEADINGS[side], found)
        table[counted] = _whole(effects[f"persons_{side}"])
    return table.assign(**{mark("Status"): _status(effects)})


def pairs_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of evidence: drawn to zero, alone, and beyond the sum."""
    names = {
        "points": mark("Together, beyond what the two go with (percentage points)"),
        "low": mark("95% interval from"),
        "high": mark("to"),
        "alone": mark("The same before pairs are drawn to zero"),
        "alone_low": mark("its 95% interval from"),
        "alone_high": mark("its interval, to"),
        "beyond_sum": mark("Beyond the sum of the two differences (percentage points)"),
        "beyond_sum_low": mark("that, 95% interval from"),
        "beyond_sum_high": mark("that, to"),
        "wrong_direction": mark("Chance that it points the wrong way"),
    }
    return pd.DataFrame(
        {
            mark("First"): pairs["first"].map(FACTORS),
            mark("Second"): pairs["second"].map(FACTORS),
            **{words: pairs[name].astype("float64") for name, words in names.items()},
            mark("Stands out"): [
                mark("yes") if each else mark("no") for each in pairs["stands_out"].fillna(False)
            ],
            mark("Status"): _status(pairs),
        }
    )


def pairings_table(pairings: pd.DataFrame) -> pd.DataFrame:
    """The share convicted where evidence meets a defence."""
    return pd.DataFrame(
        {
            mark("Evidence"): pairings["evidence"].map(FACTORS),
            mark("Defence"): pairings["defence"].map(FACTORS),
            mark("Convicted of ended cases, %"): _percent(pairings["pooled"]),
            mark("95% interval from, %"): _percent(pairings["low"]),
            mark("to, %"): _percent(pairings["high"]),
            mark("Status"): _status(pairings),
        }
    )


def testimony_table(shares: pd.DataFrame) -> pd.DataFrame:
    """The share convicted by testimony and number of other kinds of evidence."""
    return pd.DataFrame(
        {
            mark("Other kinds of evidence"): shares["others"],
            mark("Victim testimony"): shares["testimony"].map(TESTIMONY),
            mark("Convicted of ended cases, same mix, %"): _percent(shares["share"]),
            mark("95% interval from, %"): _percent(shares["low"]),
            mark("to, %"): _percent(shares["high"]),
            mark("Status"): _status(shares),
        }
    )


def differences_table(differences: pd.DataFrame) -> pd.DataFrame:
    """With testimony less without."""
    return pd.DataFrame(
        {
            mark("Other kinds of evidence"): differences["others"],
            mark("With testimony, less without (percentage points)"): differences["points"].astype(
                "float64"
            ),
            mark("95% interval from"): differences["low"].astype("float64"),
            mark("to"): differences["high"].astype("float64"),
            mark("Status"): _status(differences),
        }
    )


def time_table(times: pd.DataFrame, median: str) -> pd.DataFrame:
    """Share ended by years after the charge.

    Args:
        times: rows of `case_time`.
        median: when half have ended, in words.
    """
    return pd.DataFrame(
        {
            mark("Years after the charge"): times["years_after"].astype("int64"),
            mark("Ended, %"): _percent(times["share"]),
            mark("95% interval from, %"): _percent(times["low"]),
            mark("to, %"): _percent(times["high"]),
            mark("Half have ended"): median,
        }
    )


def time_outcomes_table(times: pd.DataFrame) -> pd.DataFrame:
    """Share ended in each outcome by years after the charge."""
    return pd.DataFrame(
        {
            mark("Outcome"): [outcome_label(outcome) for outcome in times["outcome"]],
            mark("Years after the charge"): times["years_after"].astype("int64"),
            mark("Ended so, %"): _percent(times["share"]),
            mark("95% interval from, %"): _percent(times["low"]),
            mark("to, %"): _percent(times["high"]),
            mark("Status"): _status(times),
        }
    )


def sizes_table(sizes: pd.DataFrame) -> pd.DataFrame:
    """The share convicted by size of the network."""
    return pd.DataFrame(
        {
            mark("Persons in the network"): [
                size_words(r.size_from, r.size_to) for r in rows(sizes)
            ],
            mark("Networks, rounded"): _whole(sizes["networks"]),
            mark("Convicted of ended cases, %"): _percent(sizes["convicted_share"]),
            mark("95% interval from, %"): _percent(sizes["low"]),
            mark("to, %"): _percent(sizes["high"]),
            mark("Status"): _status(sizes),
        }
    )


def reach_table(networks: pd.DataFrame, found: CaseEvidence) -> pd.DataFrame:
    """How many of a network were convicted, by years or by reach.

    Args:
        networks: rows with label, networks, status, and a share for each of the parts.
        found: what it is of.
    """
    columns: dict[str, Any] = {
        mark("Networks charged"): networks["label"],
        mark("Networks, rounded"): _whole(networks["networks"]),
    }
    for name, headings in PART_HEADINGS.items():
        low, high = network_interval(networks, name, found)
        columns[headings[0]] = _percent(networks[name])
        columns[headings[1]] = _percent(pd.Series(low))
        columns[headings[2]] = _percent(pd.Series(high))
    return pd.DataFrame({**columns, mark("Status"): list(_status(networks))})


def network_interval(networks: pd.DataFrame, part: str, found: CaseEvidence) -> tuple[Any, Any]:
    """The 95% interval of a share of networks, from its rounded counts."""
    whole = networks["networks"].astype("float64")
    base = int(found.about.base)
    count = (networks[part].astype("float64") * whole / base).round() * base
    return printed_share(count, whole, base, int(found.about.threshold))


def _status(table: pd.DataFrame) -> list[str]:
    return [mark("Shown") if status == SHOWN else WITHHELD_TEXT for status in table["status"]]


ROUNDED: Final = (mark("Rounded to {base}"), mark("Number"))


def _of_rounding(headings: tuple[str, str], found: CaseEvidence) -> str:
    """The heading of counts, which says whether they are rounded, and to what."""
    base = int(found.about.base)
    return say(headings[0], base=base) if base > 1 else headings[1]


def _percent(shares: pd.Series) -> pd.Series:
    return (100 * shares.astype("float64")).round(1)


def _whole(counts: pd.Series) -> pd.Series:
    return counts.astype("float64").round().astype("Int64")
