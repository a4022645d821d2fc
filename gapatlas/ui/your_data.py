"""The page Your data: a table of the reader's own, looked at, mapped and checked in one session."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from gapatlas.atlas import Atlas
from gapatlas.charts.words import from_to
from gapatlas.config.reading_models import FORMATS, TEXTS, WORKBOOKS
from gapatlas.config.vocabulary import Stages
from gapatlas.errors import Problem, ValidationError
from gapatlas.export import table_csv
from gapatlas.guessing.answers import Answers, Pair, listed, map_of, missing, passed_over
from gapatlas.guessing.block import Block, block_of, descriptor_text, indicator_text
from gapatlas.guessing.checking import Looked, Verdict
from gapatlas.guessing.child import check_apart, look_apart
from gapatlas.guessing.columns import Guess
from gapatlas.languages import mark, said, say, say_many, say_of, whole, worded, words_of_table
from gapatlas.progress import Moment, Step
from gapatlas.telling.own_table import table_opening
from gapatlas.ui.app import Page
from gapatlas.ui.long_work import CANCELLED, Job, watch
from gapatlas.ui.panels import plain
from gapatlas.ui.telling import open_with
from gapatlas.ui.your_data_form import asking_button, mapping_form

PLACE: Final = "jurisdiction_id"
SEEN: Final = "your_data_seen"
MEGABYTES: Final = 200
LONGEST_NAME: Final = 60
SECONDS_WITHOUT_A_BAR: Final = 1.0
DELIMITERS: Final = {
    "": mark("Guess it"),
    ",": mark("Comma"),
    ";": mark("Semicolon"),
    "\t": mark("Tab"),
    "|": mark("Bar"),
}
READ_WORDS: Final = {
    "sheet": mark("Sheet"),
    "table": mark("Table"),
    "encoding": mark("Encoding"),
    "delimiter": mark("Delimiter"),
    "header_row": mark("Header row"),
    "header_rows": mark("Rows of the header"),
    "last_row": mark("Last row"),
    "merged": mark("Merged"),
}
"""Keys of `read:` in words."""
ABOUT: Final = mark(
    """\
Try a table of your own office: see what the atlas would make of it, correct it in a form, and take
home the lines that a config needs. Nothing is added to this atlas.
"""
)
PRIVACY: Final = mark(
    """\
Your file stays in your session. It is read by a process of its own that may take only so much
memory, rows and time, and it lies on the disk only while that process runs. Nothing of it goes into
the address, the log, another page or what other readers see. The server forgets it when you remove
it here, and soon after you close this page. Bring published counts only, never rows of persons.
"""
)
STATUSES: Final = {
    "exact": mark("exact"),
    "censored": mark("a range"),
    "suppressed": mark("withheld"),
    "not_reported": mark("not reported"),
}


@dataclass
class Seen:
    """What is known of the one file of a session.

    Attributes:
        file: id of the uploaded file.
        number: how many looks there were; keys of widgets start with it.
        read: what the reader said of how it is opened.
        look: what it seems to hold; None where it can't be opened.
        fault: why not.
        checked: text of the block that was checked last.
        verdict: what came of it.
        work: the look or the check that goes on, or was cancelled.
    """

    file: str
    number: int
    read: dict[str, Any]
    look: Looked | None = None
    fault: ValidationError | None = None
    checked: str = ""
    verdict: Verdict | None = None
    work: Job[Looked] | Job[Verdict] | None = None


def show_your_data(page: Page, opening: DeltaGenerator) -> None:
    """The whole page: upload, form, check, block.

    Args:
        page: the page.
        opening: where it says first what was read.
    """
    st.markdown(say(ABOUT))
    st.info(say(PRIVACY), icon=":material/lock:")
    st.header(say("1. Choose a file"), anchor=False)
    upload = st.file_uploader(
        say("A table of up to {number} MB", number=whole(MEGABYTES)),
        type=[*(ending[1:] for ending in FORMATS), "gz"],
        key="your_data_file",
        max_upload_size=MEGABYTES,
    )
    if upload is None:
        _forget(st.session_state.pop(SEEN, None))
        return
    places, config = page.atlas.jurisdictions(), page.atlas.config
    seen = _seen(upload, places)
    if seen.look is None and seen.fault is None and not _has_looked(seen, upload, places):
        return
    if seen.look is not None:
        _show_shape(seen.look)
    _way_of_opening(seen, upload, places)
    if seen.look is None:
        return
    st.header(say("2. Say what it holds"), anchor=False)
    st.markdown(
        say("What could be guessed is filled in. A line with a question wants your answer.")
    )
    filled = mapping_form(seen.look, places, config.stage_labels(), _prefix(seen))
    block = _block(seen.look, map_of(filled.answers), filled.answers.kind, upload.name)
    asked = [*filled.faults, *missing(filled.answers)]
    if filled.submitted and not asked:
        _check(seen, upload, block.text, places, config.stage_units())
    _show_passed_over(passed_over(filled.answers, seen.look.columns))
    st.header(say("3. What the check says"), anchor=False)
    _show_check(seen, block.text, asked, page.atlas, upload.name)
    verdict = seen.verdict if seen.checked == block.text and not asked else None
    open_with(opening, table_opening(upload.name, seen.look, verdict))
    st.header(say("4. Take the lines home"), anchor=False)
    _show_block(block, filled.answers, upload.name)


# ---------------------------------------------------------------- looking


def _seen(upload: UploadedFile, places: pd.DataFrame) -> Seen:
    """What is known of the file; another file is looked at first."""
    seen: Seen | None = st.session_state.get(SEEN)
    if seen is None or seen.file != upload.file_id:
        _forget(seen)
        seen = Seen(upload.file_id, 1 if seen is None else seen.number + 1, {})
        st.session_state[SEEN] = seen
        _look(seen, upload, places)
    return seen


def _forget(seen: Seen | None) -> None:
    """End what is still at work on a file that the reader has taken away."""
    if seen is not None and seen.work is not None:
        seen.work.cancel()


def _look(seen: Seen, upload: UploadedFile, places: pd.DataFrame) -> None:
    """Begin to look at the file."""
    seen.look = seen.fault = seen.verdict = None
    content, name, read = BytesIO(upload.getvalue()), upload.name, dict(seen.read)
    seen.work = Job[Looked](seen.number, None, Moment(Step.READING))
    seen.work.start(lambda _: look_apart(content, name, read, places))


def _has_looked(seen: Seen, upload: UploadedFile, places: pd.DataFrame) -> bool:
    """Whether the look has ended; until then how far it is."""
    work = seen.work
    assert work is not None
    if not _ended(work, say("Looking at the file ..."), f"{_prefix(seen)}_look"):
        return False
    if isinstance(work.result, Looked):
        seen.look = work.result
    elif work.fault == CANCELLED:
        st.info(say("You ended the look at this file. Remove it above, or look at it again."))
        key = f"{_prefix(seen)}_again"
        again = say("Look at it again")
        st.button(again, key=key, on_click=_look, args=(seen, upload, places))
        return False
    else:
        seen.fault = _as_fault(work, upload.name)
    seen.work = None
    return True


def _ended(work: Job[Any], doing: str, key: str) -> bool:
    """Whether work has ended: most of it does soon, and the bar comes only after that."""
    with st.spinner(doing):
        work.wait(SECONDS_WITHOUT_A_BAR)
    if work.running:
        watch(work, key)
    return not work.running


def _as_fault(work: Job[Any], name: str) -> ValidationError:
    if isinstance(work.error, ValidationError):
        return work.error
    fault = worded(work.fault)
    return ValidationError(fault, [Problem(name, fault)])


def _prefix(seen: Seen) -> str:
    return f"your_data_{seen.number}"


def _way_of_opening(seen: Seen, upload: UploadedFile, places: pd.DataFrame) -> None:
    """Why the file can't be opened, and a small form to open it in another way."""
    if seen.fault is not None:
        _show_fault(seen.fault)
    with st.expander(say("Open it in another way"), expanded=seen.fault is not None):
        read = _opening_form(seen, upload.name)
    if read is not None and read != seen.read:
        seen.read, seen.number = read, seen.number + 1
        _look(seen, upload, places)
        st.rerun()


def _opening_form(seen: Seen, name: str) -> dict[str, Any] | None:
    """What the reader says of how the file is opened; None before it is said."""
    format_ = FORMATS.get(Path(name.lower().removesuffix(".gz")).suffix, "csv")
    prefix, said = f"{_prefix(seen)}_open", dict[str, Any]()
    with st.form(prefix):
        if format_ in WORKBOOKS:
            said["sheet"] = st.text_input(
                say("Sheet"), seen.read.get("sheet", ""), key=f"{prefix}_sheet"
            )
        if format_ == "sqlite":
            said["table"] = st.text_input(
                say("Table"), seen.read.get("table", ""), key=f"{prefix}_table"
            )
        if format_ in TEXTS:
            said["encoding"] = st.text_input(
                say("Encoding, such as cp1252"),
                seen.read.get("encoding", ""),
                key=f"{prefix}_encoding",
            )
            said["delimiter"] = st.selectbox(
                say("Between cells"),
                list(DELIMITERS),
                list(DELIMITERS).index(seen.read.get("delimiter", "")),
                format_func=say_of(DELIMITERS),
                key=f"{prefix}_delimiter",
            )
        if format_ in (*TEXTS, *WORKBOOKS):
            for key, label in (
                ("header_row", say("Row of the names of the columns")),
                ("last_row", say("Last row of the table")),
            ):
                said[key] = st.number_input(
                    label, 1, 10_000_000, seen.read.get(key), key=f"{prefix}_{key}"
                )
        if not asking_button(say("Open it so"), prefix, disabled=not said):
            return None
    return {key: value for key, value in said.items() if value}


def _show_fault(error: ValidationError) -> None:
    told = [plain(problem.said()) for problem in error.problems] or [plain(said(error.summary))]
    st.error("\n\n".join(told), icon=":material/error:")


def _show_shape(look: Looked) -> None:
    st.markdown(
        say_many(
            "It has {rows} row below the names of {columns} columns.",
            "It has {rows} rows below the names of {columns} columns.",
            look.rows,
            rows=whole(look.rows),
            columns=whole(len(look.columns)),
        )
    )
    for key, question in look.read_questions.items():
        asked = say(
            "{key} {value}: {question}.",
            key=say(READ_WORDS[key]),
            value=plain(str(look.read[key])),
            question=plain(say(question)),
        )
        st.caption(f":material/help: {asked}")


# ---------------------------------------------------------------- checking


def _block(look: Looked, map_: dict[str, Any], kind: str, name: str) -> Block:
    """The lines for the config; a question stays where the guess was left as it was."""
    questions = {}
    for joined, question in look.questions.items():
        path = tuple(joined.split("\n"))
        if _at(map_, path[1:]) == _at(look.map, path[1:]):
            questions[path] = question
    found = Guess(kind=kind, map=map_, questions=questions)
    return block_of(found, look.read, look.read_questions, f"data/{name}", _short(name))


def _at(keys: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        keys = keys.get(part) if isinstance(keys, dict) else None
    return keys


def _short(name: str) -> str:
    return name.split(".")[0][:LONGEST_NAME]


def _check(
    seen: Seen, upload: UploadedFile, block: str, places: pd.DataFrame, stages: Stages
) -> None:
    """Begin to check the file against a block."""
    _forget(seen)
    seen.checked, seen.verdict = block, None
    content, name = BytesIO(upload.getvalue()), upload.name
    seen.work = Job[Verdict](block, None, Moment(Step.READING))
    seen.work.start(lambda _: check_apart(content, name, block, places, stages=stages))


def _has_checked(seen: Seen, name: str) -> bool:
    """Whether no check goes on; until it has ended how far it is."""
    work = seen.work
    if work is None:
        return True
    if not _ended(work, say("Checking every row ..."), f"{_prefix(seen)}_checking"):
        return False
    if isinstance(work.result, Verdict):
        seen.verdict = work.result
    elif work.fault == CANCELLED:
        seen.checked = ""
    else:
        seen.verdict = Verdict(problems=_as_fault(work, name).problems)
    seen.work = None
    return True


def _show_check(seen: Seen, block: str, asked: list[str], atlas: Atlas, name: str) -> None:
    if asked:
        lines = "\n".join(f"- {plain(question)}" for question in asked)
        before = say("Before it can be checked:")
        st.warning(f"{before}\n\n{lines}", icon=":material/help:")
        return
    if not _has_checked(seen, name):
        return
    if seen.verdict is None or seen.checked != block:
        st.markdown(say("Press **Check** below the form: every row is checked."))
        return
    if seen.verdict.problems:
        _show_problems(seen.verdict)
    else:
        _show_first_rows(seen.verdict, atlas)
        st.caption(say("Source: your file {file}. It is no part of this atlas.", file=plain(name)))


def _show_passed_over(columns: list[str]) -> None:
    if columns:
        words = say("Columns that are passed over: {columns}.", columns=plain(listed(columns)))
        st.caption(f":material/visibility_off: {words}")


def _show_problems(verdict: Verdict) -> None:
    st.warning(_how_many(len(verdict.problems), verdict.more), icon=":material/rule:")
    table = problem_table(verdict.problems)
    alt, title = say("The problems, one in each row"), say("Problems of a table, from Gap Atlas")
    st.dataframe(table, hide_index=True, placeholder="", alt=alt)
    st.download_button(
        say("Download the problems as CSV"),
        data=lambda: table_csv(table, [title]),
        file_name="problems.csv",
        mime="text/csv",
        key="your_data_problems",
        on_click="ignore",
    )


def _how_many(listed: int, more: int) -> str:
    count = listed + more
    told = say_many(
        "{count} problem to mend.", "{count} problems to mend.", count, count=whole(count)
    )
    if not more:
        return told
    return " ".join([told, say("The first {number} are listed.", number=whole(listed))])


def problem_table(problems: list[Problem]) -> pd.DataFrame:
    """Problems in the language that is spoken; what is not known is an empty cell."""
    return pd.DataFrame(
        {
            say("Row"): pd.array([problem.row for problem in problems], dtype="Int64"),
            say("Column"): [said(problem.column or "") for problem in problems],
            say("What is wrong"): [said(problem.message) for problem in problems],
            say("Found"): [said(problem.found or "") for problem in problems],
            say("Allowed"): [said(problem.allowed or "") for problem in problems],
            say("Where"): [said(problem.where) for problem in problems],
        }
    )


def _show_first_rows(verdict: Verdict, atlas: Atlas) -> None:
    if not verdict.years:
        st.warning(say("No problems, and no rows either: nothing is left of the table."))
        return
    first, last = verdict.years
    held = say_many(
        "No problems. The atlas would hold {figures} figures of {places} place in {years}.",
        "No problems. The atlas would hold {figures} figures of {places} places in {years}.",
        verdict.places,
        figures=whole(verdict.rows),
        places=whole(verdict.places),
        years=_years(first, last),
    )
    st.success(held, icon=":material/check_circle:")
    places = atlas.jurisdictions()
    names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
    st.markdown(say("The first {number} of them:", number=whole(len(verdict.first))))
    st.dataframe(
        words_of_table(first_rows(verdict.first, names, atlas.config.stage_labels())),
        hide_index=True,
        placeholder="",
        alt=say("The first figures as the atlas would hold them"),
    )


def _years(first: int, last: int) -> str:
    if first == last:
        return say("the year {year}", year=str(first))
    return say("the years {first} to {last}", first=str(first), last=str(last))


def first_rows(
    rows: list[dict[str, str]], names: dict[str, str], counted: dict[Pair, str]
) -> pd.DataFrame:
    """Rows in our columns, in words; a withheld or missing figure is an empty cell."""
    return pd.DataFrame(
        {
            mark("Place"): [names.get(row[PLACE], row[PLACE]) for row in rows],
            mark("Year"): [row["year"] for row in rows],
            mark("What"): [_what(row, counted) for row in rows],
            mark("Figure"): [_figure(row) for row in rows],
            mark("What is known"): [STATUSES[row["status"]] for row in rows],
        }
    )


def _what(row: dict[str, str], counted: dict[Pair, str]) -> str:
    if "indicator" in row:
        return row["indicator"].replace("_", " ").capitalize()
    return counted[row["stage"], row["unit"]] if "stage" in row else mark("People")


def _figure(row: dict[str, str]) -> str:
    if "population" in row:
        return row["population"]
    ends = ("low", "high") if "indicator" in row else ("count_low", "count_high")
    low, high = (row[end] for end in ends)
    return low if low == high else from_to(low, high)


# ---------------------------------------------------------------- taking home


def _show_block(block: Block, answers: Answers, name: str) -> None:
    st.markdown(
        say(
            "Put your file and its descriptor into the folder `data` beside your `config.yaml`. "
            "Put the block under `datasets:`. Answer each question mark, or delete it where the "
            "guess is right. Then run `gapatlas check`. The page docs/how-to/try-a-table.md tells "
            "it at length."
        )
    )
    st.markdown(say("**The block for the config**"))
    st.code(block.text, language="yaml")
    st.download_button(
        say("Download the block"),
        data=block.text,
        file_name=f"{block.dataset_id}.block.yaml",
        mime="text/plain",
        key="your_data_block",
        on_click="ignore",
    )
    if answers.kind == "indicators" and answers.indicator:
        st.markdown(say("**What the figures are: lines for `indicators:` of the config**"))
        st.code(indicator_text(answers.indicator, block.dataset_id), language="yaml")
    text = descriptor_text(_short(name), f"data/{name}")
    st.markdown(say("**The descriptor: who published the table, and on which terms**"))
    st.code(text, language="yaml")
    st.download_button(
        say("Download the descriptor"),
        data=text,
        file_name=f"{block.dataset_id}.yaml",
        mime="text/plain",
        key="your_data_descriptor",
        on_click="ignore",
    )
