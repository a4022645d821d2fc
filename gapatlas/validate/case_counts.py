"""The rules of protected counts of cases, which somebody has made already.

The gate is not run again, as it needs the persons. What can be seen without them is checked: the
threshold, the rounding, the ranges, and that no two figures give the persons between them away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product
from typing import Final

import pandas as pd

from gapatlas.config.case_models import Disclosure
from gapatlas.config.schema import CASE_COUNT_KEY
from gapatlas.config.vocabulary import (
    CASE_WORDS,
    COUNT_OUTCOMES,
    COUNT_SPLITS,
    COUNT_STATUSES,
    EVERYBODY,
    EVIDENCE_STATES,
    MERGED,
    OTHER_KINDS,
    OTHERS,
    PART_OUTCOMES,
    TESTIMONY,
    TESTIMONY_AND_OTHERS,
    TESTIMONY_CROSSED,
    UNKNOWN,
)
from gapatlas.errors import Problem
from gapatlas.languages import worded
from gapatlas.protection import ALL, SHOWN, WITHHELD, Rules
from gapatlas.validate.rules import COUNT_MAX, YEAR_MIN, TableRules, latest_year

FIGURES: Final = ("persons", "low", "high")
LONGEST_LABEL: Final = 60
_YEAR: Final = "[12][0-9]{3}"
_SPAN: Final = f"^({_YEAR})-({_YEAR})$"


def case_count_problems(
    disclosure: Disclosure, known: set[str] | None, file: str, table: pd.DataFrame
) -> Iterator[Problem]:
    """Every fault of a table of protected counts.

    Args:
        disclosure: how the counts were protected.
        known: the ids of the places table; None where it can't be read.
        file: the name of the file for problems.
        table: text cells, the index is the line in the file.
    """
    rules = TableRules(file, table)
    yield from rules.one_of("split", COUNT_SPLITS)
    yield from rules.one_of("status", COUNT_STATUSES)
    yield from _value_problems(rules, known)
    yield from _outcome_problems(rules)
    yield from rules.unique(CASE_COUNT_KEY)
    yield from _missing_totals(rules)
    yield from _status_problems(rules)
    gate = Rules(disclosure.threshold, disclosure.base, unprotected=disclosure.unprotected)
    yield from _rounding_problems(rules, gate)
    yield from _nested_problems(rules, gate)


def _value_problems(rules: TableRules, known: set[str] | None) -> Iterator[Problem]:
    split, value = rules.table["split"], rules.table["value"]
    merged = value.str.contains(MERGED, regex=False) | (value == OTHERS)
    if known is not None:
        places = split == "place"
        yield from rules.place_is_known(known, "value", places & ~merged)
        strange = places & merged & ~_made_of(value, known)
        allowed = worded("ids of places with | between them, or {others}", others=OTHERS)
        yield from rules.failures(strange, "value", worded("A place is not known."), allowed)
    message = worded("This value is not known here.")
    for name in COUNT_SPLITS:
        words = _words_of(name)
        if words:
            is_known = value.isin(words)
            if name == TESTIMONY_CROSSED:
                state, number = _crossed(value)
                is_known = _made_of(state, EVIDENCE_STATES) & number.isin(OTHER_KINDS)
            elif name != EVERYBODY:
                is_known |= _made_of(value, words)
            yield from rules.failures(
                (split == name) & ~is_known, "value", message, ", ".join(words)
            )
    is_year = _is_year(value) | (value == UNKNOWN)
    ends = value.str.extract(_SPAN)
    is_year |= _is_year(ends[0]) & _is_year(ends[1]) & (ends[0] < ends[1])
    allowed = worded(
        "a year from {first} to {last}, a span such as 2001-2004, or {unknown}",
        first=YEAR_MIN,
        last=latest_year(),
        unknown=UNKNOWN,
    )
    yield from rules.failures((split == "year_charged") & ~is_year, "value", message, allowed)
    label = value.str.strip().str.len().between(1, LONGEST_LABEL) & (value != ALL)
    allowed = worded("1 to {most} letters, other than '{all}'", most=LONGEST_LABEL, all=ALL)
    yield from rules.failures(
        (split == "charge") & ~label, "value", worded("This is no label for a chart."), allowed
    )


def _is_year(text: pd.Series) -> pd.Series:
    year = pd.to_numeric(text.where(text.str.fullmatch(_YEAR).fillna(False)), errors="coerce")
    return year.between(YEAR_MIN, latest_year())


def _made_of(value: pd.Series, words: Collection[str]) -> pd.Series:
    """Values that became one because each has few persons."""
    return value.map(lambda text: text == OTHERS or set(text.split(MERGED)) <= set(words))


def _crossed(value: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Victim testimony, and how many other kinds of evidence."""
    parts = value.str.rsplit(MERGED, n=1)
    return parts.str[0], parts.str[-1]


def _words_of(split: str) -> tuple[str, ...]:
    """The values of a split with fixed words; none where it has others."""
    own = {EVERYBODY: (ALL,), TESTIMONY_CROSSED: TESTIMONY_AND_OTHERS, "year_charged": ()}
    return own.get(split, CASE_WORDS.get(split, ()))


def _outcome_problems(rules: TableRules) -> Iterator[Problem]:
    table = rules.table
    yield from rules.one_of("outcome", (*COUNT_OUTCOMES, *PART_OUTCOMES))
    finer = table["outcome"].isin(PART_OUTCOMES) & (table["split"] != EVERYBODY)
    message = worded("Only everybody together is counted by this outcome.")
    yield from rules.failures(finer, "outcome", message, ", ".join(COUNT_OUTCOMES))


def _missing_totals(rules: TableRules) -> Iterator[Problem]:
    """Groups without a row of everybody charged, and the file's own total, which must be shown."""
    table = rules.table
    totals = table[table["outcome"] == ALL]
    groups = pd.MultiIndex.from_frame(table[["split", "value"]])
    without = ~groups.isin(pd.MultiIndex.from_frame(totals[["split", "value"]]))
    first = pd.Series(without, index=table.index) & ~table.duplicated(["split", "value"])
    everybody = (table["split"] == EVERYBODY) & (table["value"] == ALL)
    message = worded("The group has no row with outcome '{all}'.", all=ALL)
    yield from rules.failures(
        first & ~everybody, "outcome", message, worded("a row with outcome {all}", all=ALL)
    )
    whole = totals[(totals["split"] == EVERYBODY) & (totals["value"] == ALL)]
    if not (whole["status"] == SHOWN).any():
        yield Problem(
            rules.file,
            worded("The number of all persons is missing or withheld."),
            row=int(whole.index[0]) if len(whole) else None,
            column="persons",
            allowed=worded(
                "a row {everybody},{all},{all} with status {shown}",
                everybody=EVERYBODY,
                all=ALL,
                shown=SHOWN,
            ),
        )


def _status_problems(rules: TableRules) -> Iterator[Problem]:
    withheld, shown = (rules.table["status"] == status for status in (WITHHELD, SHOWN))
    for column in FIGURES:
        yield from rules.whole_number(column, 0, COUNT_MAX, blank_allowed=~shown)
        filled = withheld & (rules.table[column] != "")
        message = worded("A count that is withheld has no figure.")
        yield from rules.failures(filled, column, message, worded("an empty cell"))


def _rounding_problems(rules: TableRules, gate: Rules) -> Iterator[Problem]:
    persons = rules.numbers("persons").where(rules.table["status"] == SHOWN)
    rounded = persons % gate.base == 0
    yield from rules.failures(
        persons.notna() & ~rounded,
        "persons",
        worded("The count is not rounded to the base."),
        worded("a multiple of {base}", base=gate.base),
    )
    small = gate.greatest(persons) < gate.threshold
    message = worded("The count is below the threshold.")
    yield from rules.failures(
        small,
        "persons",
        message,
        worded(
            "status {withheld} where there are fewer than {threshold}",
            withheld=WITHHELD,
            threshold=gate.threshold,
        ),
    )
    for column, bound, tighter in (
        ("low", gate.least(persons), rules.numbers("low").gt),
        ("high", gate.greatest(persons), rules.numbers("high").lt),
    ):
        message = worded("The range does not hold all that the rounded count can stand for.")
        allowed = worded(
            "{column} as base {base} and threshold {threshold} leave it, or wider",
            column=column,
            base=gate.base,
            threshold=gate.threshold,
        )
        yield from rules.failures(rounded & ~small & tighter(bound), column, message, allowed)


def _nested_problems(rules: TableRules, gate: Rules) -> Iterator[Problem]:
    """Shown figures of which one contains the other, but lies lower or too near."""
    if gate.unprotected:
        return
    keys = rules.table[[*CASE_COUNT_KEY]]
    persons = rules.numbers("persons").where(rules.table["status"] == SHOWN)
    first = ~keys.duplicated()
    by_key = persons[first].set_axis(pd.MultiIndex.from_frame(keys[first]))
    near = pd.Series(False, index=keys.index)
    for outer in _containing(keys):
        total = by_key.reindex(pd.MultiIndex.from_frame(outer)).to_numpy()
        near |= (outer != keys).any(axis=1) & (total - persons < gate.threshold)
    message = worded("Another figure contains this one and is not larger by the threshold.")
    allowed = worded(
        "a difference of {threshold} or more, or status {withheld} for the smaller",
        threshold=gate.threshold,
        withheld=WITHHELD,
    )
    yield from rules.failures(near, "persons", message, allowed)


def _containing(keys: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Keys of figures that contain each figure. Where one does not apply it is the figure's own.

    A split with one value has everybody in it by definition, and is contained by nothing.
    """
    split, value, outcome = (keys[name] for name in CASE_COUNT_KEY)
    crossed = split == TESTIMONY_CROSSED
    parted = value.groupby(split).transform("nunique") > 1
    groups = (
        (split, value),
        (split.mask(crossed, TESTIMONY), value.mask(crossed, _crossed(value)[0])),
        (split.mask(parted, EVERYBODY), value.mask(parted, ALL)),
    )
    outcomes = (outcome, outcome.replace(PART_OUTCOMES), outcome.mask(outcome != ALL, ALL))
    for (split_, value_), outcome_ in product(groups, outcomes):
        yield pd.DataFrame({"split": split_, "value": value_, "outcome": outcome_})
