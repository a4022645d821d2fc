"""What one step sends from the server to the browser, message by message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg, ForwardMsgList

LONGEST_PREVIEW = 70


@dataclass(frozen=True)
class Message:
    """One message: its size in bytes, what it is, and the beginning of what it says."""

    size: int
    kind: str
    preview: str


def decoded(frame: bytes) -> list[Message]:
    """The messages of one websocket frame of a Streamlit server."""
    single = ForwardMsg.FromString(frame)
    if single.WhichOneof("type") is not None:
        return [_described(single)]
    return [_described(message) for message in ForwardMsgList.FromString(frame).messages]


def message_table(frames: Iterable[bytes], title: str) -> Table:
    """The messages of a step in the order they were sent, with their sum."""
    table = Table(title=title, title_justify="left")
    table.add_column("bytes", justify="right")
    table.add_column("message")
    table.add_column("begins with")
    total = 0
    for frame in frames:
        total += len(frame)
        for message in decoded(frame):
            table.add_row(f"{message.size:,}", message.kind, message.preview)
    table.add_section()
    table.add_row(f"{total:,}", "all frames", "")
    return table


def _described(message: ForwardMsg) -> Message:
    kind: str = message.WhichOneof("type") or "nothing"
    preview = ""
    if kind == "delta":
        kind, preview = _delta(message)
    elif kind == "ref_hash":
        preview = f"{message.ref_hash} (the browser has it)"
    return Message(message.ByteSize(), kind, preview)


def _delta(message: ForwardMsg) -> tuple[str, str]:
    where = ".".join(str(step) for step in message.metadata.delta_path)
    delta = message.delta
    if delta.WhichOneof("type") != "new_element":
        return f"{where} {delta.WhichOneof('type')}", ""
    element = delta.new_element
    kind = element.WhichOneof("type") or "nothing"
    return f"{where} {kind}", _preview(getattr(element, kind, None))


def _preview(content: object) -> str:
    sizes = [f"{field.name}: {size} B" for field, size in _large_fields(content)]
    text = next(
        (
            str(getattr(content, name))
            for name in ("body", "label")
            if isinstance(getattr(content, name, None), str)
        ),
        "",
    )
    shown = " ".join(text.split())[:LONGEST_PREVIEW]
    return "; ".join([part for part in (shown, *sizes) if part])


def _large_fields(content: Any) -> list[tuple[Any, int]]:
    """Fields that hold more than 200 bytes, as (field, bytes)."""
    if not hasattr(content, "ListFields"):
        return []
    sized = [(field, _size(value)) for field, value in content.ListFields()]
    return [(field, size) for field, size in sized if size > 200]


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bytes):
        return len(value)
    if hasattr(value, "ByteSize"):
        return int(value.ByteSize())
    if hasattr(value, "__iter__"):
        return sum(_size(item) for item in value)
    return 0
