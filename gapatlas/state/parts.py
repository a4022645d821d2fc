"""What an address says of one thing, read with care: a text, a number, a list, one of several."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

LONGEST_VALUE = 200


def text_of(query: Mapping[str, str], key: str, default: str) -> str:
    """A text, or the default where it is missing or too long to be one of ours."""
    value = query.get(key, default)
    return value if len(value) <= LONGEST_VALUE else default


def whole_of(query: Mapping[str, str], key: str, default: int) -> int:
    """A whole number, or the default."""
    value = text_of(query, key, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else default


def one_of(value: str, allowed: Sequence[str]) -> str:
    """The value, or the first that is allowed."""
    return value if value in allowed else allowed[0]


def known_once(ids: Iterable[str], known: Container[str], most: int) -> tuple[str, ...]:
    """Ids that are known, each once."""
    return tuple(id_ for id_ in dict.fromkeys(ids) if id_ in known)[:most]


def list_of(query: Mapping[str, str], key: str) -> tuple[str, ...]:
    """The ids of a list; none where it is too long to be one of ours."""
    value = query.get(key, "")
    return tuple(value.split(".")) if len(value) <= LONGEST_VALUE else ()
