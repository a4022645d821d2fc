"""Every rule of a case file, checked on every row.

Each fault is listed with file, row, column, what was found and what is allowed. What could name a
person is never printed: then the row and the column have to do. Columns have the names of the file,
not ours. In a parquet file the first record is row 2, as if it stood under a header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from gapatlas.casefile.file import CaseFile, Spot
from gapatlas.casefile.personal import BIRTH, cell_finding, header_finding, may_be_printed
from gapatlas.casefile.reading import Cases, opened
from gapatlas.casefile.views import below
from gapatlas.casefile.words import YEAR_COLUMNS, Words
from gapatlas.config import near_names
from gapatlas.config.vocabulary import (
    CASE_WORDS,
    KEY_COLUMNS,
    LIST_COLUMNS,
    SYNTHETIC,
    UNKNOWN,
)
from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import mark, together, worded
from gapatlas.tables import shown

SHOWN_PER_RULE: Final = 500
"""Failures of one rule that are listed one by one; the rest are counted."""
SAMPLE: Final = 20_000
"""About how many cells of a column are looked at to see whether they look like names."""
MOST_TEXTS: Final = 200_000
"""Different texts that a column of codes can have; more are no codes."""
MOST_CHARGES: Final = 100
"""Different charges that a file may name without codes."""
FEWEST_CHARGES: Final = 20
"""Cells that a column of charges needs before it can be said to look like names."""
LONGEST_LABEL: Final = 60
YEAR_MIN: Final = 1900
LONG_YEARS: Final = 12
"""A case that takes so many years is rare; where most do, a year is another one than it says."""
HIDDEN: Final = mark("{message} The text is not printed, as it could name a person.")
STANDS: Final = {
    True: mark("The defendant stands in row {row} already."),
    False: mark("The defendant stands in row {row} of {file} already."),
}
"""Whether both rows are in one file -> what is wrong with a defendant in two rows."""
OUTCOMES: Final = {
    True: mark("The defendant has two outcomes, here and in row {row}."),
    False: mark("The defendant has two outcomes, here and in row {row} of {file}."),
}
CHARGES: Final = ("charge", "main_charge")


@dataclass
class Found:
    """What is wrong with a case file, what is worth knowing, and how large it is.

    Attributes:
        rows: rows of the file, exact: to be rounded before they leave.
    """

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    rows: int = 0


def find_case_problems(file: CaseFile, places: Collection[str] | None, last_year: int) -> Found:
    """Check a case file.

    Args:
        file: the file and its block in the config.
        places: the ids of the places table; None where it can't be read.
        last_year: the last year that a date may have.
    """
    found = Found()
    try:
        with opened(file) as cases:
            found.problems.extend(_header_problems(cases))
            found.notices.extend(_unused_drops(cases))
            if not found.problems:
                check = _Check(cases, places, last_year)
                found.rows = check.rows
                found.problems.extend(check.problems())
    except ValidationError as error:
        found.problems.extend(error.problems)
    return found


def _header_problems(cases: Cases) -> Iterator[Problem]:
    """Columns that stand twice, that are missing, and that nothing is said of."""
    file, dataset = cases.file.shown, cases.file.dataset

    def problem(name: str, message: str, allowed: str, found: str | None = None) -> Problem:
        return Problem(file, message, row=1, column=name, found=found, allowed=allowed)

    for name, times in Counter(cases.header).items():
        if times > 1:
            yield problem(
                name,
                worded("The column stands {times} times.", times=times),
                worded("each column once"),
            )
    for name, ours in dataset.columns.items():
        if name not in cases.header:
            near = near_names(name, cases.header)
            yield problem(
                name, worded("The column that is mapped to '{ours}' is missing.", ours=ours), near
            )
    for name in dict.fromkeys(cases.header):
        if name in dataset.dropped:
            continue
        personal = header_finding(name)
        if personal is not None:
            yield problem(
                name,
                worded("The header says that the column holds {personal}.", personal=personal),
                _ways_out(name),
            )
        elif name not in dataset.columns:
            missing = [own for own in dataset.columns if own not in cases.header]
            near = near_names(name, missing or dataset.columns)
            message = worded("Nothing is said of this column in the config.")
            yield problem(
                name,
                message,
                worded("a line in `columns` or in `dropped`; near: {near}", near=near),
            )
        elif name in cases.nested:
            yield problem(
                name,
                worded("The cells hold tables or lists."),
                worded("one text or number in a cell"),
            )


def _ways_out(name: str) -> str:
    return worded("`dropped: [{name}]` in the config, so that it is never read", name=name)


def _unused_drops(cases: Cases) -> Iterator[Problem]:
    for name in cases.file.dataset.dropped:
        if name not in cases.header:
            message = worded("The config drops a column that the file does not have.")
            near = near_names(name, cases.header)
            yield Problem(
                cases.file.shown, message, row=1, column=name, allowed=near, severity="notice"
            )


class _Check:
    """The rules on the rows of one open file; each yields a problem per failing row."""

    def __init__(self, cases: Cases, places: Collection[str] | None, last_year: int) -> None:
        self.cases = cases
        self.dataset = cases.file.dataset
        self.file = cases.file.shown
        self.words = Words(self.dataset)
        self.places = places
        self.last_year = last_year
        self.rows = int(cases.query("case_size")["rows"].iloc[0])
        self.texts: dict[str, pd.DataFrame] = {}

    def problems(self) -> Iterator[Problem]:
        yield from self._size_problems()
        if self.rows == 0:
            return
        personal = list(self._personal_problems())
        yield from personal
        refused = {problem.column for problem in personal}
        for own, column in self.dataset.columns.items():
            if own not in refused and column not in KEY_COLUMNS:
                yield from self._column_problems(column)
        if not refused & {self.words.mapped.get(name) for name in YEAR_COLUMNS}:
            yield from self._date_problems()
        yield from self._repeated_defendants()

    def _size_problems(self) -> Iterator[Problem]:
        least = self.dataset.disclosure.threshold
        if self.rows == 0:
            message = worded("No cases stand under the header.")
            yield Problem(self.file, message, row=1, allowed=worded("one row for each defendant"))
        elif self.rows < least:
            message = worded(
                "The file has fewer than {least} rows: nothing of it could be shown.", least=least
            )
            yield Problem(
                self.file, message, row=1, allowed=worded("{least} rows or more", least=least)
            )

    # -------------------------------------------------------------- persons

    def _personal_problems(self) -> Iterator[Problem]:
        """Columns whose cells look as if they named or found persons."""
        for own, column in self.dataset.columns.items():
            finding = self._cells_look_like(column)
            if finding is not None:
                yield self._personal(own, worded("The cells look like {finding}.", finding=finding))
        gaps = self.cases.query("case_gaps", {"years": LONG_YEARS}).iloc[0]
        for column, gap in (("year_charged", "slow"), ("year_ended", "backward")):
            if int(gaps[gap]) > int(gaps["cases"]) / 2:
                message = worded(
                    "The cells look like {finding}: they lie {years} years or more before the "
                    "other date.",
                    finding=BIRTH,
                    years=LONG_YEARS,
                )
                yield self._personal(self.words.mapped[column], message)

    def _personal(self, own: str, message: str) -> Problem:
        return Problem(self.file, message, row=1, column=own, allowed=_ways_out(own))

    def _cells_look_like(self, column: str) -> str | None:
        if column in CASE_WORDS or column == "place" or self.words.codes(column):
            known = self._texts_of(column)
            unknown = known[~known["text"].map(lambda text: self._is_known(column, text))]
            if unknown["rows"].sum() < self.rows / 2:
                return None
            finding = cell_finding(unknown[unknown["text"] != ""])
            return None if finding == BIRTH and column in YEAR_COLUMNS else finding
        drawn = {"below": below(min(1.0, SAMPLE / self.rows))}
        cells = self.cases.query("case_sample", drawn, columns=[column])
        if column in CHARGES and cells["rows"].sum() < FEWEST_CHARGES:
            return None
        return cell_finding(cells)

    # -------------------------------------------------------------- words

    def _texts_of(self, column: str) -> pd.DataFrame:
        """The different texts of a column, each with its number of rows."""
        if column not in self.texts:
            found = self.cases.query("case_texts", {"most": MOST_TEXTS + 1}, columns=[column])
            self.texts[column] = found.assign(text=found["text"].fillna(""))
        return self.texts[column]

    def _is_known(self, column: str, text: str) -> bool:
        if column in LIST_COLUMNS:
            return self.words.listed(column, text) is not None
        if column in CHARGES:
            return all(self.words.word(column, entry) for entry in self._entries(column, text))
        word = self.words.word(column, text)
        if column == "place" and self.places is not None:
            return word == UNKNOWN or word in self.places
        if column in YEAR_COLUMNS and word not in (None, UNKNOWN):
            return YEAR_MIN <= int(str(word)) <= self.last_year
        return word is not None

    def _entries(self, column: str, text: str) -> list[str]:
        return self.words.entries(text) if column == "charge" else [text]

    def _column_problems(self, column: str) -> Iterator[Problem]:
        texts = self._texts_of(column)
        if len(texts) > MOST_TEXTS:
            message = worded(
                "The column holds more than {most} different texts: they are no codes.",
                most=MOST_TEXTS,
            )
            yield self._of_column(column, message, self._allowed(column, ""))
            return
        if column == "dataset":
            yield from self._mark_problems(texts)
            return
        if column in CHARGES and not self.words.codes(column):
            yield from self._charge_problems(column, texts)
            return
        bad = texts[~texts["text"].map(lambda text: self._is_known(column, text))]
        yield from self._failures(column, bad)

    def _failures(self, column: str, bad: pd.DataFrame) -> Iterator[Problem]:
        """A problem for each row with one of the bad texts, the first ones one by one."""
        times: dict[str, int] = {
            str(text): int(rows) for text, rows in bad.groupby("text")["rows"].sum().items()
        }
        for spot, text in self._rows_with(column, list(times)):
            message = self._message(column, text)
            hidden = not self._may_be_printed(column, text)
            yield Problem(
                spot.where,
                worded(HIDDEN, message=message) if hidden else message,
                row=spot.row,
                column=self.words.mapped[column],
                found=None if hidden else shown(text),
                allowed=self._allowed(column, text),
            )
        yield from self._the_rest(column, sum(times.values()))

    def _the_rest(self, column: str, rows: int) -> Iterator[Problem]:
        """How many rows of a rule are not listed one by one."""
        if rows > SHOWN_PER_RULE:
            message = worded("And {count} more rows like these.", count=rows - SHOWN_PER_RULE)
            yield self._of_column(column, message, None)

    def _may_be_printed(self, column: str, text: str) -> bool:
        known = [*self.words.allowed(column)]
        if column == "place":
            known += self.places or ()
        return all(may_be_printed(entry, known) for entry in self.words.entries(text))

    def _rows_with(self, column: str, texts: list[str]) -> Iterator[tuple[Spot, str]]:
        if not texts:
            return
        parameters = {"texts": texts, "most": SHOWN_PER_RULE}
        found = self.cases.query("case_rows_with", parameters, columns=[column])
        spots = self.cases.spots(found["row"])
        for row, text in zip(found["row"], found["text"], strict=True):
            yield spots[row], text

    def _of_column(self, column: str, message: str, allowed: str | None) -> Problem:
        return Problem(self.file, message, column=self.words.mapped[column], allowed=allowed)

    def _message(self, column: str, text: str) -> str:
        if column == "outcome" and self._is_two_outcomes(text):
            return worded("Two outcomes stand in one row.")
        if column in YEAR_COLUMNS:
            is_year = self.words.word(column, text) is not None
            return (
                worded("The year is out of range.")
                if is_year
                else worded("This is not a year or a date.")
            )
        return (
            worded("There is no such place.")
            if column == "place"
            else worded("This code is not known here.")
        )

    def _is_two_outcomes(self, text: str) -> bool:
        entries = self.words.entries(text)
        return len(entries) > 1 and all(self.words.word("outcome", each) for each in entries)

    def _allowed(self, column: str, text: str) -> str:
        if column == "outcome" and self._is_two_outcomes(text):
            return worded("one outcome for each defendant")
        if column in YEAR_COLUMNS:
            return worded(
                "a year from {first} to {last}, a date such as 2019-05-31, empty",
                first=YEAR_MIN,
                last=self.last_year,
            )
        if column == "place":
            known = [*self.words.codes(column), *(self.places or ())]
            return worded(
                "an id of the places table or a code for one, such as {names}",
                names=near_names(text, known),
            )
        if column == "victims_band":
            return worded(
                "a number of victims, or {allowed}, or empty",
                allowed=", ".join(self.words.allowed(column)),
            )
        words = ", ".join(self.words.allowed(column)[:40])
        if column in LIST_COLUMNS or column == "charge":
            separator = self.dataset.separator
            return worded(
                "{words}; several with '{separator}' between them; or empty",
                words=words,
                separator=separator,
            )
        return worded("{words}, or empty", words=words)

    # -------------------------------------------------------------- open texts

    def _mark_problems(self, texts: pd.DataFrame) -> Iterator[Problem]:
        """Made-up rows say so, and real ones do not."""
        made_up = self.dataset.synthetic
        wrong = texts[(texts["text"] != SYNTHETIC) if made_up else (texts["text"] == SYNTHETIC)]
        message = (
            worded("The row does not say that it is made up.")
            if made_up
            else worded("The row says that it is made up.")
        )
        allowed = (
            SYNTHETIC if made_up else worded("another name, or `synthetic: true` in the config")
        )
        for spot, _ in self._rows_with("dataset", list(wrong["text"])):
            yield Problem(
                spot.where,
                message,
                row=spot.row,
                column=self.words.mapped["dataset"],
                allowed=allowed,
            )
        yield from self._the_rest("dataset", int(wrong["rows"].sum()))

    def _charge_problems(self, column: str, texts: pd.DataFrame) -> Iterator[Problem]:
        """Charges without codes are printed as they stand, so they must be few and short."""
        labels = {entry for text in texts["text"] for entry in self._entries(column, text)}
        allowed = worded("codes for `charge` in the config, which group them under a few labels")
        if len(labels) > MOST_CHARGES:
            message = worded(
                "The column holds more than {most} different charges.",
                most=MOST_CHARGES,
            )
            yield self._of_column(column, message, allowed)
        is_long = texts["text"].map(
            lambda text: any(len(each) > LONGEST_LABEL for each in self._entries(column, text))
        )
        long = texts[is_long.astype(bool)]
        for spot, _ in self._rows_with(column, list(long["text"])):
            message = worded("A charge is longer than {most} letters.", most=LONGEST_LABEL)
            message = worded(HIDDEN, message=message)
            own = self.words.mapped[column]
            yield Problem(spot.where, message, row=spot.row, column=own, allowed=allowed)
        yield from self._the_rest(column, int(long["rows"].sum()))

    # -------------------------------------------------------------- rows as a whole

    def _texts_that_mean(self, column: str, word: str) -> list[str]:
        if column not in self.words.mapped:
            return [""]
        texts = self._texts_of(column)["text"]
        return [text for text in texts if self.words.word(column, text) == word]

    def _date_problems(self) -> Iterator[Problem]:
        if "year_ended" not in self.words.mapped:
            return
        unknown = {
            "unknown_charged": self._texts_that_mean("year_charged", UNKNOWN),
            "unknown_ended": self._texts_that_mean("year_ended", UNKNOWN),
        }
        found = self.cases.query("case_dates", unknown)
        yield from self._dated(
            found["row"],
            [
                worded("{ended}, charged {charged}", ended=ended, charged=charged)
                for ended, charged in zip(found["ended"], found["charged"], strict=True)
            ],
            worded("The case ended before the defendant was charged."),
            worded("a year not before that of the charge"),
        )
        pending = self.cases.query(
            "case_pending",
            {
                "pending": self._texts_that_mean("outcome", "pending"),
                "unknown_ended": unknown["unknown_ended"],
            },
        )
        message = worded("The case is pending, and has ended.")
        yield from self._dated(pending["row"], pending["text"], message, worded("an empty cell"))

    def _dated(
        self, rows: pd.Series, found: Iterable[str], message: str, allowed: str
    ) -> Iterator[Problem]:
        own = self.words.mapped["year_ended"]
        spots = self.cases.spots(rows[:SHOWN_PER_RULE])
        for row, text in zip(rows[:SHOWN_PER_RULE], found, strict=False):
            spot = spots[row]
            yield Problem(spot.where, message, spot.row, own, found=text, allowed=allowed)
        yield from self._the_rest("year_ended", len(rows))

    def _repeated_defendants(self) -> Iterator[Problem]:
        """A defendant counts once, and has one outcome."""
        if "defendant_key" not in self.words.mapped:
            return
        found = self.cases.query("case_repeated")
        shown_ = found[:SHOWN_PER_RULE]
        spots = self.cases.spots([*shown_["row"], *shown_["first_row"]])
        for row in shown_.itertuples():
            spot, first = (spots[int(str(each))] for each in (row.row, row.first_row))
            is_here = first.where == spot.where
            problem = Problem(
                spot.where,
                worded(STANDS[is_here], row=first.row, file=first.where),
                row=spot.row,
                column=self.words.mapped["defendant_key"],
                allowed=worded("one row for each defendant"),
            )
            outcomes = [
                self.words.word("outcome", str(o)) for o in (row.first_outcome, row.outcome)
            ]
            if outcomes[0] != outcomes[1]:
                problem = replace(
                    problem,
                    message=worded(OUTCOMES[is_here], row=first.row, file=first.where),
                    found=together(str(outcome) for outcome in outcomes),
                    allowed=worded("one row and one outcome for each defendant"),
                )
            yield problem
        yield from self._the_rest("defendant_key", len(found))
