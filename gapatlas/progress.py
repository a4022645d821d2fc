"""Room `progress`: long work tells what it is doing, and whoever wants to know listens.

The work tells facts and draws nothing. Where nobody listens, telling does nothing. A listener that
raises ends the work: so a reader cancels it. Who listens is known to the thread alone, so that one
session never hears of another's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from gapatlas.languages import mark

T = TypeVar("T")


class Step(StrEnum):
    """What can be going on, in words for people; in English until they are said."""

    WAITING_FOR_BUILD = mark("Waiting for another build")
    WAITING_FOR_READERS = mark("Waiting for other readers' files")
    LOOKING = mark("Looking for changes")
    READING = mark("Reading")
    MAPPING = mark("Putting into our columns")
    CHECKING = mark("Checking")
    COMPARING_TABLES = mark("Comparing tables")
    DRAWING = mark("Drawing boundaries")
    PROTECTING = mark("Protecting cases")
    ESTIMATING = mark("Estimating")
    WRITING = mark("Writing the snapshot")
    GUESSING = mark("Guessing columns")
    CONCLUDING = mark("Comparing conclusions")
    COUNTING = mark("Counting cases")
    COPYING = mark("Drawing rows")
    COMPARING_COPY = mark("Comparing copy and file")
    BRIEFS = mark("Writing briefs")


@dataclass(frozen=True)
class Moment:
    """What a piece of work is doing.

    Attributes:
        step: what is going on.
        what: with what, such as the id of a dataset.
        number, of: which of how many; 0 where there is no such number.
        rows: rows read so far; None where none are read.
        share: about how much of the file is read, 0 to 1; None where that is not known.
    """

    step: Step
    what: str = ""
    number: int = 0
    of: int = 0
    rows: int | None = None
    share: float | None = None

    @property
    def done_share(self) -> float | None:
        """How much of this step is done, 0 to 1; None where that is not known."""
        if self.of:
            return (self.number - 1 + (self.share or 0.0)) / self.of
        return self.share


Listener = Callable[[Moment], None]


@dataclass
class _Listening:
    listener: Listener
    moment: Moment


_HEARD: ContextVar[_Listening | None] = ContextVar("gapatlas_progress", default=None)


@contextmanager
def listening(listener: Listener, first: Step = Step.LOOKING) -> Iterator[None]:
    """Hear of all that work of this thread tells inside the block.

    Args:
        listener: is called with each moment, many times a second at most; ends the work by raising.
        first: what is going on before anything was told.
    """
    token = _HEARD.set(_Listening(listener, Moment(first)))
    try:
        yield
    finally:
        _HEARD.reset(token)


def begin(step: Step, what: str = "", number: int = 0, of: int = 0) -> None:
    """Tell that a step begins, with what, and which of how many that is."""
    _tell(lambda _: Moment(step, what, number, of))


def go_on(step: Step, rows: int | None = None, share: float | None = None) -> None:
    """Tell that the work on the same thing has come to a step, or how far it is with it."""
    _tell(lambda now: replace(now, step=step, rows=rows, share=share))


def still() -> None:
    """Tell that nothing has changed: so a listener can end work that waits."""
    _tell(lambda now: now)


def each(step: Step, things: Iterable[T], name: Callable[[T], str] = str) -> Iterator[T]:
    """The things, each with its beginning told."""
    listed: Sequence[T] = list(things)
    for number, thing in enumerate(listed, start=1):
        begin(step, name(thing), number, len(listed))
        yield thing


def _tell(moment: Callable[[Moment], Moment]) -> None:
    heard = _HEARD.get()
    if heard is not None:
        heard.moment = moment(heard.moment)
        heard.listener(heard.moment)
