"""Work that takes seconds: a button starts it, a bar shows how far it is, a button ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from gapatlas.errors import GapAtlasError

T = TypeVar("T")
Progress = Callable[[float], None]
SECONDS_BETWEEN_LOOKS = 0.5


class CancelledError(Exception):
    """The reader no longer wants the result."""


@dataclass
class Job(Generic[T]):
    """One piece of work in a thread of its own.

    Attributes:
        identity: what it works out; a result is shown only for the same.
        done_share: how far it is, 0 to 1.
        result: what came out; None until it has ended.
        fault: what kept it from ending.
    """

    identity: Hashable
    done_share: float = 0.0
    result: T | None = None
    fault: str = ""
    _wanted: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self, work: Callable[[Progress], T]) -> None:
        """Begin in a thread of its own."""
        self._wanted.set()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

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

    def _run(self, work: Callable[[Progress], T]) -> None:
        try:
            self.result = work(self._step)
        except CancelledError:
            self.fault = "Cancelled."
        except (ValueError, GapAtlasError) as error:
            self.fault = str(error)
        finally:
            self._ended.set()

    def _step(self, share: float) -> None:
        if not self._wanted.is_set():
            raise CancelledError
        self.done_share = min(max(share, 0.0), 1.0)


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
            st.caption(job.fault)
        st.button(label, key=f"{key}_start", on_click=_ask, args=(key, identity))
        return None
    if job.running:
        _watch(job, key)
        return None
    return job.result


def _ask(key: str, identity: Hashable) -> None:
    """Remember what was asked for: the work starts when the page comes to it."""
    st.session_state[f"{key}_asked"] = identity


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _watch(job: Job[Any], key: str) -> None:
    """Show how far it is; draw the page again when it has ended."""
    if not job.running:
        st.rerun()
    st.progress(job.done_share, text=f"{job.done_share:.0%} done")
    if st.button("Cancel", key=f"{key}_cancel"):
        job.cancel()
        job.wait(SECONDS_BETWEEN_LOOKS)
        st.rerun()
