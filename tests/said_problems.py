"""That every problem which a test meets can be said in the language of whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from babel.messages.pofile import read_po

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import LANGUAGES, Unsaid, Worded, catalogue_file

SENTENCE_WORDS = re.compile(
    r"\b(a|an|and|are|as|at|be|been|between|but|by|can|did|do|each|for|from|had|has|have|how|if|in|"
    r"into|is|it|its|no|none|not|nothing|of|on|only|or|other|such|than|that|the|their|them|there|"
    r"these|they|this|to|under|was|were|what|when|where|which|who|whose|with|would|your)\b"
)
AS_FOUND = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"")
"""Cells and lines of a file, in quotes."""
OWN_NAMES = (
    "Plea of consent",
    "Name of defendant",
    "Isle of Quoll",
    "Residence permits granted to victims",
)
"""What tests call their columns and places."""
WORDS_OF_A_SENTENCE = 3
TECHNICAL = re.compile(
    r"^\w+(Error|Exception): |^IO Error: |^Unknown |^There is no \w+ '|^no such column|^invalid Zip"
)
"""What a library says of a fault that nobody foresaw, and errors for whoever writes code."""


class Recorder:
    """Keeps every problem that is made, and the summary of every error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.problems: list[Problem] = []
        self.summaries: list[str] = []
        made, raised = Problem.__init__, GapAtlasError.__init__

        def recording(problem: Problem, *args: object, **particulars: object) -> None:
            made(problem, *args, **particulars)  # type: ignore[arg-type]
            self.problems.append(problem)

        def recording_summary(
            error: GapAtlasError, summary: str, problems: Sequence[Problem] = ()
        ) -> None:
            raised(error, summary, problems)
            self.summaries.append(summary)

        monkeypatch.setattr(Problem, "__init__", recording)
        monkeypatch.setattr(GapAtlasError, "__init__", recording_summary)

    def english_left(self) -> list[str]:
        """What of the problems stays English whatever language is spoken."""
        left = {text for problem in self.problems for text in _left(problem)}
        return sorted(left.union(*map(_left_of_sentence, self.summaries)))


def _left(problem: Problem) -> Iterator[str]:
    if TECHNICAL.search(problem.message):
        return
    yield from _left_of_sentence(problem.message)
    for text in (problem.allowed, problem.found, problem.column):
        if text is not None:
            yield from _english_in(text)


def _left_of_sentence(text: str) -> Iterator[str]:
    if TECHNICAL.search(text):
        return
    if " " in text and not isinstance(text, Worded):
        yield f"not made by `worded`: {text}"
    yield from _english_in(text)


def _english_in(text: str) -> Iterator[str]:
    if isinstance(text, Worded):
        yield from _english_in_message(text.unsaid)
    else:
        yield from (part for part in AS_FOUND.sub("", text).split(", ") if _is_sentence(part))


def _is_sentence(text: str) -> bool:
    is_word = text in OWN_NAMES or TECHNICAL.search(text)
    several = len(text.split()) >= WORDS_OF_A_SENTENCE and not is_word
    return several and SENTENCE_WORDS.search(text) is not None


def _english_in_message(text: Unsaid) -> Iterator[str]:
    if text.message not in _messages():
        yield f"in no catalogue: {text.message}"
    for name in text.names.values():
        yield from _english_in(name)
    for value in text.values.values():
        if isinstance(value, Unsaid):
            yield from _english_in_message(value)


@cache
def _messages() -> frozenset[str]:
    """Every message of the catalogues; a number by itself is none."""
    with catalogue_file(LANGUAGES[1]).open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    return frozenset({"{number}", *(id_ if isinstance(id_, str) else id_[0] for id_ in ids)})
