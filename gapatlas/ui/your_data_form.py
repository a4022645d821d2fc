"""The form in which a reader says what a table holds, with what was guessed filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

import pandas as pd
import streamlit as st

from gapatlas.config import near_names
from gapatlas.config.mapping_models import PlaceBy
from gapatlas.guessing.answers import (
    OF_STAGES,
    Answers,
    Pair,
    Shape,
    answers_of,
    meaning_of,
    told,
)
from gapatlas.guessing.block import OPEN
from gapatlas.guessing.checking import Looked
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.ui.panels import plain

NONE: Final = ""
MOST_COLUMNS: Final = 40
KINDS: Final = {
    "observations": mark("Victims, persons, cases or offences"),
    "population": mark("How many people live in a place"),
    "indicators": mark("Something else, such as officers, a budget or a score"),
}
SHAPES: Final[dict[Shape, str]] = {
    "stages": mark("A column for each thing that is counted"),
    "long": mark("One column of figures"),
    "years": mark("A column for each year"),
    "stages_and_years": mark("A column for each thing that is counted and each year"),
}
PLACE_BY: Final[dict[str, str]] = {
    "name": mark("Names, in English or another language"),
    "iso3": mark("ISO codes of three letters, such as MEX"),
    "iso2": mark("ISO codes of two letters, such as MX"),
    "numeric": mark("ISO numbers, such as 484"),
    "usps": mark("Codes of US states, such as TX"),
    "id": mark("Ids of this atlas"),
    "code": mark("Codes of your own, listed below"),
}
MONTHS: Final = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"),
    mark("December"),
)  # fmt: skip
THOUSANDS: Final = {
    NONE: mark("Nothing: 1204"),
    ",": mark("A comma: 1,204"),
    ".": mark("A point: 1.204"),
    " ": mark("A blank: 1 204"),
    "'": mark("An apostrophe: 1'204"),
    "’": mark("A curly apostrophe: 1’204"),
}
DECIMALS: Final = {
    NONE: mark("Not said: a point, or the sign that is left"),
    ".": mark("A point"),
    ",": mark("A comma"),
}
assert set(PLACE_BY) == set(get_args(PlaceBy))


@dataclass(frozen=True)
class Filled:
    """A form as it stands.

    Attributes:
        answers: what it says.
        faults: lines of it that can't be read, in words.
        submitted: whether the reader has just asked for the check.
    """

    answers: Answers
    faults: list[str]
    submitted: bool


def asking_button(label: str, key: str, **options: Any) -> bool:
    """The button of a form; true once after it was pressed, also where the page ran again at once.

    Args:
        key: of what is asked for, one of its kind in the session.
    """
    asked = f"{key}_asked"
    st.form_submit_button(
        label, on_click=st.session_state.__setitem__, args=(asked, True), **options
    )
    return bool(st.session_state.pop(asked, False))


def _said(words: Mapping[Any, str]) -> dict[Any, str]:
    return {key: say(text) for key, text in words.items()}


def _examples() -> dict[str, str]:
    """What can stand in place of a figure, as the form takes it in the reader's language."""
    return {"withheld": told("suppressed"), "missing": told("not_reported"), "range": told([1, 4])}


def mapping_form(
    look: Looked, places: pd.DataFrame, counted: Mapping[Pair, str], prefix: str
) -> Filled:
    """Show the form and return what it says.

    Args:
        look: what the file seems to hold.
        places: jurisdiction_id and name of each place.
        counted: what can be counted: stage and unit -> words for it.
        prefix: start of the keys of its widgets; another one for each look at a file.
    """
    return _Form(look, places, counted, prefix).show()


class _Form:
    def __init__(
        self, look: Looked, places: pd.DataFrame, counted: Mapping[Pair, str], prefix: str
    ) -> None:
        self._counted = {"/".join(pair): words for pair, words in counted.items()}
        self._look, self._prefix = look, prefix
        self._guess = answers_of(look.kind, look.map, look.columns)
        self._names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
        self._faults: list[str] = []

    def show(self) -> Filled:
        layout = self._layout()
        with st.form(f"{self._prefix}_form"):
            answers = self._figures(self._year(self._place(layout)))
            answers = self._writing(answers)
            submitted = asking_button(say("Check"), self._prefix, icon=":material/fact_check:")
        return Filled(answers, self._faults, submitted)

    # ------------------------------------------------------------ on which the form depends

    def _layout(self) -> Answers:
        guess = self._guess
        first, second = st.columns(2)
        with first:
            kind = self._choice(say("What the table counts"), "kind", _said(KINDS), guess.kind)
        counts = kind == "observations"
        shapes = {s: t for s, t in _said(SHAPES).items() if counts or s not in OF_STAGES}
        with second:
            shape: Any = self._choice(say("Where the figures stand"), "shape", shapes, guess.shape)
        words_column = None
        if kind == "observations" and shape not in OF_STAGES:
            columns = [name for name in self._look.columns if name in self._look.words]
            same = {NONE: say("It is the same for all figures")}
            options = same | {name: say("The column {name}", name=name) for name in columns}
            label = say("What says what a figure counts")
            words_column = self._choice(label, "words_column", options, guess.words_column) or None
        return replace(guess, kind=kind, shape=shape, words_column=words_column)

    # ------------------------------------------------------------ parts of the form

    def _place(self, answers: Answers) -> Answers:
        st.markdown(say("**Places**"))
        guess = self._guess
        columns = self._columns(say("The whole file is of one place"))
        first, second = st.columns(2)
        with first:
            column = self._choice(say("Column of places"), "place", columns, guess.place_column)
            question = say("No column names places that are known. Is this the one?")
            self._ask(question, "place", "column")
        with second:
            by = self._choice(say("What its cells hold"), "by", _said(PLACE_BY), guess.place_by)
            self._ask(
                say("These numbers may be something else. Are they codes of places?"),
                "place",
                "by",
            )
        value = self._choice(
            say("The one place, if the whole file is of one"),
            "place_value",
            {NONE: say("None"), **self._names},
            guess.place_value,
        )
        codes = self._lines(
            say("Places that the atlas does not know"),
            "codes",
            guess.codes,
            say(
                "One line each: the cell of the file, an equals sign, and the name or the id of "
                "the place here. `Cd. de Mexico = Mexico`"
            ),
        )
        self._ask(
            say("Which places are these? Name them here, or leave their rows out below."),
            "place",
            "codes",
        )
        dropped = self._text(
            say("Rows to leave out"),
            "drop",
            "\n".join(guess.drop.get(guess.place_column or "", [])),
            say("One line each: what stands in the column of places. For sums and notes."),
        )
        cells = [line.strip() for line in dropped.splitlines() if line.strip()]
        known = {cell: self._place_id(text) for cell, text in codes.items() if cell not in cells}
        return replace(
            answers,
            place_column=column or None,
            place_by=by,
            place_value=value or None,
            codes=known if column else {},
            drop={column: cells} if column and cells else {},
        )

    def _year(self, answers: Answers) -> Answers:
        st.markdown(say("**Years**"))
        guess = self._guess
        if answers.shape == "stages_and_years":
            st.markdown(say("The year stands in the name of each column."))
            return replace(answers, year_column=None, year_value=None)
        if answers.shape == "years":
            years = ", ".join(answers.year_columns) or say("none")
            st.markdown(say("Columns that are named by a year: {years}.", years=plain(years)))
            return replace(answers, year_column=None, year_value=None)
        first, second = st.columns(2)
        columns = self._columns(say("The whole file is of one year"))
        with first:
            column = self._choice(say("Column of years"), "year", columns, guess.year_column)
        with second:
            value = st.number_input(
                say("The one year, if the whole file is of one"),
                1900,
                2200,
                guess.year_value,
                key=f"{self._prefix}_year_value",
            )
        self._ask(say("No column holds years. Which year is the file of?"), "year", "value")
        ends = {0: say("They are calendar years")}
        ends |= {
            at: say("Fiscal years that end in {month}", month=say(month))
            for at, month in enumerate(MONTHS, 1)
        }
        label = say("What its years are")
        month = self._choice(label, "fiscal", ends, guess.fiscal_year_ends or 0)
        self._ask(say("Are these fiscal years? When do they end?"), "year", "fiscal_year_ends")
        return replace(
            answers,
            year_column=column or None,
            year_value=None if column or value is None else int(value),
            fiscal_year_ends=month or None,
        )

    def _figures(self, answers: Answers) -> Answers:
        st.markdown(say("**Figures**"))
        if answers.shape in OF_STAGES:
            return replace(answers, figures=self._stages(answers))
        if answers.shape == "long":
            columns = self._columns(say("Choose a column"))
            label = say("Column of figures")
            name = self._choice(label, "count", columns, self._guess.count_column)
            self._ask(say("No column of figures was found. Which is it?"), "count", "column")
            answers = replace(answers, count_column=name or None)
        if answers.kind == "population":
            return answers
        if answers.kind == "indicators":
            label = say("What the figures are, such as: police officers")
            text = st.text_input(label, key=f"{self._prefix}_indicator", max_chars=60)
            return replace(answers, indicator=text.strip())
        if answers.words_column is not None:
            return replace(answers, words=self._words(answers.words_column))
        label, none = say("What the figures count"), say("Choose")
        pair = self._pair(label, "counted", self._guess.counted, none)
        self._ask(say("Nothing in the file says it. What do they count?"), "stage", "value")
        return replace(answers, counted=pair)

    def _stages(self, answers: Answers) -> dict[str, Pair]:
        """Column -> what it counts, for those that count something."""
        taken = (self._guess.place_column, self._guess.year_column)
        offered = [name for name in self._look.columns if name not in taken]
        found: dict[str, Pair] = {}
        for at, name in enumerate(offered[:MOST_COLUMNS]):
            label, none = say("The column {name}", name=plain(name)), say("Not used")
            pair = self._pair(label, f"figure_{at}", self._guess.figures.get(name), none)
            self._ask(say("Is this what it counts, and the right unit?"), "wide", name)
            if pair is not None:
                found[name] = pair
        left = len(offered) - MOST_COLUMNS
        if left > 0:
            st.caption(
                say_many(
                    "{number} more columns can be put into the block by hand.",
                    "{number} more columns can be put into the block by hand.",
                    left,
                    number=whole(left),
                )
            )
        return found

    def _words(self, column: str) -> dict[str, Pair | None]:
        guessed = self._guess.words if column == self._guess.words_column else {}
        self._ask(say("What does each of these words mean?"), "stage", "codes")
        return {
            word: self._pair(
                say("Rows with {word} count", word=plain(word)),
                f"word_{column}_{at}",
                guessed.get(word),
                say("Choose"),
            )
            for at, word in enumerate(self._look.words[column])
        }

    def _writing(self, answers: Answers) -> Answers:
        st.markdown(say("**How figures are written**"))
        guess = self._guess
        first, second = st.columns(2)
        with first:
            label = say("Between thousands")
            sign = self._choice(label, "thousands", _said(THOUSANDS), guess.thousands)
            self._ask(say("Or is it the sign before decimals?"), "thousands")
        with second:
            label = say("Before decimals")
            point = self._choice(label, "decimal", _said(DECIMALS), guess.decimal)
        said = {token: told(meaning) for token, meaning in guess.tokens.items()}
        lines = self._lines(
            say("What stands in place of a figure"),
            "tokens",
            said,
            say(
                "One line each: the cell, an equals sign, and what it stands for: `{withheld}`, "
                "`{missing}`, a number, or a range such as `{range}`. An empty cell is not "
                "reported.",
                **_examples(),
            ),
        )
        self._ask(say("What does each of these stand for?"), "tokens")
        tokens: dict[str, Any] = {}
        for token, text in lines.items():
            try:
                tokens[token] = meaning_of(text)
            except (ValueError, OverflowError):
                self._faults.append(
                    say(
                        "'{token}' can't stand for '{text}'. Allowed: {withheld}, {missing}, a "
                        "number, or a range such as {range}.",
                        token=token,
                        text=text,
                        **_examples(),
                    )
                )
        return replace(answers, thousands=sign or None, decimal=point or None, tokens=tokens)

    # ------------------------------------------------------------ fields

    def _choice(self, label: str, key: str, options: Mapping[Any, str], chosen: Any) -> Any:
        keys = list(options)
        index = keys.index(chosen) if chosen in options else 0
        return st.selectbox(
            label, keys, index, format_func=options.__getitem__, key=f"{self._prefix}_{key}"
        )

    def _pair(self, label: str, key: str, chosen: Pair | None, none: str) -> Pair | None:
        options = {NONE: none, **self._counted}
        found = self._choice(label, key, options, "/".join(chosen) if chosen else NONE)
        stage, _, unit = str(found).partition("/")
        return (stage, unit) if found else None

    def _columns(self, none: str) -> dict[str, str]:
        return {NONE: none} | {name: name for name in self._look.columns}

    def _text(self, label: str, key: str, text: str, help_: str) -> str:
        return st.text_area(label, text, key=f"{self._prefix}_{key}", help=help_)

    def _lines(self, label: str, key: str, pairs: Mapping[str, str], help_: str) -> dict[str, str]:
        """What stands before and after the last equals sign of each line."""
        shown = "\n".join(f"{left} = {right}" for left, right in pairs.items())
        found: dict[str, str] = {}
        for line in self._text(label, key, shown, help_).splitlines():
            left, sign, right = line.rpartition("=")
            if sign and left.strip() and right.strip():
                found[left.strip()] = right.strip()
            elif line.strip():
                self._faults.append(
                    say(
                        "{label}: the line '{line}' needs the form A = B.",
                        label=label,
                        line=line.strip(),
                    )
                )
        return found

    def _place_id(self, text: str) -> str:
        """The id of a place that is given by its name or its id."""
        if text in self._names or text == OPEN:
            return text
        ids = [str(id_) for id_, name in self._names.items() if name.casefold() == text.casefold()]
        if len(ids) == 1:
            return ids[0]
        near = ", ".join(ids) or near_names(text, self._names.values())
        self._faults.append(
            say(
                "'{text}' is not the name or id of one place here. Near: {near}.",
                text=text,
                near=near,
            )
        )
        return text

    def _ask(self, question: str, *path: str) -> None:
        """Show a question where the guess was not sure of a key."""
        if "\n".join(("map", *path)) in self._look.questions:
            st.caption(f":material/help: {question}")
