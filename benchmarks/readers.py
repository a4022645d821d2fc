"""A reader without a browser: speaks with a Streamlit server over its websocket.

One process holds hundreds of them. A reader keeps what a browser keeps: which widgets its page has,
and which messages it holds, so that the server sends a reference to them.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

Value = bool | str | float | tuple[float, ...]
LONGEST_WAIT: Final = 60.0
SHOWN = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
"""How a run ends whose page is complete; others are followed by a further run."""


class ReaderError(Exception):
    """A page did not come, or broke; the message says which and how."""


@dataclass(frozen=True)
class Widget:
    """A widget of the page: its id, its kind, the fragment that it runs, what can be chosen."""

    id: str
    kind: str
    fragment: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What one interaction cost, as its reader sees it.

    Attributes:
        seconds: from the send of the request until the run is said to be over.
        received: bytes of websocket payload.
        wire: bytes that came over the connection: compressed where the server compresses.
    """

    seconds: float
    received: int
    wire: int


@dataclass
class Reader:
    """One reader of one server, with a session of its own; used with `async with`.

    Attributes:
        url: of the app, without a slash at its end.
        page: name of the page in the address; empty for the front page.
        query: the rest of the address.
    """

    url: str
    page: str = ""
    query: str = ""
    widgets: dict[str, Widget] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _script: str = ""
    _held: dict[str, int] = field(default_factory=dict)
    _held_for: int = 2
    _runs: int = 0
    _wire: int = 0

    async def __aenter__(self) -> Self:
        headers = await asyncio.to_thread(_as_a_browser_comes, self.url)
        address = f"ws://{urlsplit(self.url).netloc}/_stcore/stream"
        self._socket = await connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=headers,
            max_size=None,
            proxy=None,
            open_timeout=LONGEST_WAIT,
            ping_interval=None,
        )
        self._count_bytes(self._socket)
        return self

    def _count_bytes(self, socket: ClientConnection) -> None:
        take_in = socket.protocol.receive_data

        def counted(data: bytes) -> None:
            self._wire += len(data)
            take_in(data)

        socket.protocol.receive_data = counted  # type: ignore[method-assign]

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._connection.close()

    @property
    def _connection(self) -> ClientConnection:
        if self._socket is None:
            raise ReaderError("A reader is used with `async with`.")
        return self._socket

    async def open(self) -> Answer:
        """Load the page."""
        return await self._run(self._request())

    async def choose(self, key: str, value: Value) -> Answer:
        """Give the widget of a key a value, and wait for what the page then shows."""
        if key not in self.widgets:
            raise ReaderError(f"{self.page or 'The front page'} has no widget '{key}'.")
        widget, request = self.widgets[key], self._request()
        request.rerun_script.widget_states.widgets.append(_state(widget, value))
        request.rerun_script.fragment_id = widget.fragment
        return await self._run(request)

    async def run_again(self) -> Answer:
        """Run the page with everything as it is."""
        return await self._run(self._request())

    async def echo(self) -> float:
        """Seconds of an empty round trip: the server answers without looking at what it is."""
        start = time.perf_counter()
        await (await self._connection.ping())
        return time.perf_counter() - start

    def _request(self) -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        state.query_string, state.page_script_hash = self.query, self._script
        if not self._script:
            state.page_name = self.page
        state.cached_message_hashes.extend(self._held)
        state.context_info.url = f"{self.url}/{self.page}"
        state.context_info.locale = "en-GB"
        state.context_info.color_scheme = "light"
        return request

    async def _run(self, request: BackMsg) -> Answer:
        start, received, wire = time.perf_counter(), 0, self._wire
        await self._connection.send(request.SerializeToString())
        async with asyncio.timeout(LONGEST_WAIT):
            while True:
                frame = await self._connection.recv(decode=False)
                received += len(frame)
                message = ForwardMsg.FromString(frame)
                if self._is_over(message):
                    break
        self._forget_old()
        return Answer(time.perf_counter() - start, received, self._wire - wire)

    def _is_over(self, message: ForwardMsg) -> bool:
        """Take a message in; whether the page is complete with it."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            self._held[message.ref_hash] = self._runs
        elif message.metadata.cacheable:
            self._held[message.hash] = self._runs
        if kind == "delta":
            self._note_widget(message)
        elif kind == "new_session":
            self._held_for = message.new_session.config.max_cached_message_age or self._held_for
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.script_compilation_exception.type:
            raise ReaderError(f"{self.page}: the page does not compile.")
        return kind == "script_finished" and message.script_finished in SHOWN

    def _note_widget(self, message: ForwardMsg) -> None:
        delta = message.delta
        if delta.WhichOneof("type") == "add_block":
            kind = delta.add_block.WhichOneof("type")
            shown = getattr(delta.add_block, kind) if kind else None
        else:
            kind = delta.new_element.WhichOneof("type")
            shown = getattr(delta.new_element, kind) if kind else None
        if kind == "exception":
            raise ReaderError(f"{self.page or 'The front page'}: {shown.type}: {shown.message}")
        id_ = str(getattr(shown, "id", ""))
        if id_.startswith("$$ID-"):
            key = id_.split("-", 2)[2]
            self.widgets[key] = Widget(id_, str(kind), delta.fragment_id, _options(kind, shown))

    def _forget_old(self) -> None:
        """A browser keeps a message for so many runs after the last that used it."""
        self._runs += 1
        oldest = self._runs - self._held_for
        self._held = {hash_: used for hash_, used in self._held.items() if used >= oldest}


def _options(kind: str | None, shown: object) -> tuple[str, ...]:
    options = getattr(shown, "options", ())
    if kind == "button_group":
        return tuple(option.content for option in options)
    return tuple(options) if kind in ("selectbox", "radio") else ()


def _state(widget: Widget, value: Value) -> WidgetState:
    """A value as the browser sends it for a widget of this kind."""
    state = WidgetState(id=widget.id)
    if isinstance(value, bool):
        state.bool_value = value
    elif isinstance(value, str) and widget.kind == "button_group":
        state.string_array_value.data.append(value)
    elif isinstance(value, str):
        state.string_value = value
    else:
        values = value if isinstance(value, tuple) else (value,)
        state.double_array_value.data.extend(float(each) for each in values)
    return state


def _as_a_browser_comes(url: str) -> dict[str, str]:
    """The cookies that the server gives with its page, among them the worker that nginx chose."""
    opener = build_opener(ProxyHandler({}))
    with opener.open(url, timeout=LONGEST_WAIT) as page:
        cookies = [text.partition(";")[0] for text in page.headers.get_all("Set-Cookie") or ()]
    return {"Cookie": "; ".join(cookies)} if cookies else {}
