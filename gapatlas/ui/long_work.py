"""Work that takes seconds: it is started, a bar shows how far it is, and a button ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from gapatlas.errors import GapAtlasError
from gapatlas.languages import in_this_language, mark, percentage, say, whole
from gapatlas.progress import Moment, listening
from gapatlas.ui.language import speak_as_before

T = TypeVar("T")
Progress = Callable[[float], None]
SECONDS_BETWEEN_LOOKS = 0.5
CANCELLED = mark("Cancelled.")
FAILED = mark("The work failed.")


class CancelledError(Exception):
    """The reader no longer wants the result."""


@dataclass
class Job(Generic[T]):
    """One piece of work in a thread of its own.

    Attributes:
        identity: what it works out; a result is shown only for the same.
        done_share: how far it is, 0 to 1; None where that is not known.
        moment: what it is doing, where it tells that.
        result: what came out; None until it has ended.
        fault: what kept it from ending; nothing once it has ended well.
        error: the same as an error with its problems, where there is one.
    """

    identity: Hashable
    done_share: float | None = 0.0
    moment: Moment | None = None
    result: T | None = None
    fault: str = FAILED
    error: GapAtlasError | None = None
    _begun: float = field(default_factory=time.monotonic)
    _wanted: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self, work: Callable[[Progress], T]) -> None:
        """Begin in a thread of its own, which speaks as this one does."""
        self._wanted.set()
        run = in_this_language(lambda: self._run(work))
        threading.Thread(target=run, daemon=True).start()

    def cancel(self) -> None:
        """Ask it to stop at its next step."""
        self._wanted.clear()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False where it goes on."""
        return self._ended.wait(seconds)

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return not self._ended.is_set()

    @property
    def words(self) -> str:
        """How far it is, such as `Reading, 350,000 rows so far (4 s)`."""
        moment = self.moment
        if moment is None:
            return say("{share} done", share=percentage(self.done_share or 0.0))
        step, seconds = say(moment.step.value), whole(round(time.monotonic() - self._begun))
        if moment.rows is None:
            return say("{step} ({seconds} s)", step=step, seconds=seconds)
        return say(
            "{step}, {rows} rows so far ({seconds} s)",
            step=step,
            rows=whole(moment.rows),
            seconds=seconds,
        )

    def _run(self, work: Callable[[Progress], T]) -> None:
        try:
            with listening(self._hear):
                self.result = work(self._step)
            self.fault = ""
        except CancelledError:
            self.fault = CANCELLED
        except GapAtlasError as error:
            self.fault, self.error = str(error), error
        except ValueError as error:
            self.fault = str(error)
        finally:
            self._ended.set()

    def _step(self, share: float) -> None:
        self._go_on_if_wanted()
        self.done_share = min(max(share, 0.0), 1.0)

    def _hear(self, moment: Moment) -> None:
        self._go_on_if_wanted()
        self.moment, self.done_share = moment, moment.done_share

    def _go_on_if_wanted(self) -> None:
        if not self._wanted.is_set():
            raise CancelledError


def long_work(
    label: str, work: Callable[[Progress], T], *, identity: Hashable, key: str
) -> T | None:
    """Offer work behind a button; once it is done, its result.

    Args:
        label: of the button: what is worked out, and how long it takes.
        work: takes a function that it calls with the share that is done; that call ends the work
            where the reader has cancelled it.
        identity: what the result belongs to; where it changes, the old work is cancelled.
        key: key of the button, one of its kind on the page.

    Returns:
        The result, or None as long as there is none.
    """
    session = st.session_state
    job: Job[T] | None = session.get(f"{key}_job")
    if job is not None and job.identity != identity:
        job.cancel()
        job = session[f"{key}_job"] = None
    if session.pop(f"{key}_asked", None) == identity:
        job = session[f"{key}_job"] = Job(identity)
        job.start(work)
    if job is None or (job.fault and not job.running):
        if job is not None:
            st.caption(job.error.said() if job.error else say(job.fault))
        st.button(label, key=f"{key}_start", on_click=_ask, args=(key, identity))
        return None
    if job.running:
        watch(job, key)
        return None
    return job.result


def _ask(key: str, identity: Hashable) -> None:
    """Remember what was asked for: the work starts when the page comes to it."""
    st.session_state[f"{key}_asked"] = identity


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def watch(job: Job[Any], key: str) -> None:
    """Show how far it is, with a button that ends it; draw the page again when it has ended."""
    speak_as_before()
    if not job.running:
        st.rerun()
    if job.done_share is None:
        st.markdown(f":material/hourglass_top: {job.words}")
    else:
        st.progress(job.done_share, text=job.words)
    st.button(say("Cancel"), key=f"{key}_cancel", on_click=_end, args=(job,))


def _end(job: Job[Any]) -> None:
    job.cancel()
    job.wait(SECONDS_BETWEEN_LOOKS)
