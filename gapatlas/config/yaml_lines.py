"""YAML that keeps the line of every value and refuses what can be misread.

Refused with the line: duplicate keys, anchors and aliases, explicit tags, and what YAML 1.1
silently reads as something else: `NO`, `yes`, `off`, ... as true or false (the code of Norway
among them), a key `null` as nothing, `010` as 8, `1:30` as 90. A date stays the text that it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from gapatlas.errors import ConfigError, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
_READ_AS_BOOLEAN = re.compile(r"^(?:yes|no|on|off)$", re.IGNORECASE)
_ODD_BOOLEAN = re.compile(r"^(?:true|false)$", re.IGNORECASE)
_PLAIN_INTEGER = re.compile(r"^[-+]?(?:0|[1-9][0-9_]{0,30})$")
_TAG = "tag:yaml.org,2002:"

KeyPath = tuple[str | int, ...]


@dataclass
class Document:
    """Plain data of a YAML file, and the line (from 1) on which each key path stands."""

    data: Any
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def line_of(self, path: KeyPath) -> int | None:
        """Line of a path, or of its nearest parent that stands in the file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read_yaml(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        ConfigError: the file is missing, too large, not UTF-8, not YAML, or holds one of the
            constructs refused above; the problem carries the line.
    """
    text = _read_text(path)
    try:
        node = _composed(path.name, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise _refusal(path.name, line, f"This is not valid YAML: {error.problem}.") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the character U+{ord(text[error.position]):04X}"
        message = "This character is not allowed in YAML."
        raise _refusal(path.name, line, message, found) from None
    if node is None:
        raise _refusal(path.name, 1, "The file is empty.")
    document = Document(data=None)
    document.data = _plain(path.name, node, (), document.lines)
    return document


def _read_text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refusal(
                path.name, None, "The file is too large.", f"{size} bytes", f"{MAX_BYTES} bytes"
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _refusal(path.name, None, f"There is no file {path.name} in its folder.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise _refusal(path.name, line, "The file is not UTF-8 text.") from None
    except OSError as error:
        raise _refusal(path.name, None, f"The file cannot be read: {error.strerror}.") from None


def _refusal(
    file: str, line: int | None, message: str, found: str | None = None, allowed: str | None = None
) -> ConfigError:
    problem = Problem(file, message, row=line, found=found, allowed=allowed)
    return ConfigError(f"{file} cannot be read.", [problem])


# The parser in C is ten times as fast; a PyYAML that was built without it does the same work.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _composed(file: str, text: str) -> yaml.Node | None:
    _refuse_constructs(file, text)
    node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    return node


def _refuse_constructs(file: str, text: str) -> None:
    """Refuse a construct as soon as it is read, so that nothing of it is followed."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "Anchors and aliases (& and *) are not allowed here."
            raise _refusal(file, line, message)
        if tag := getattr(event, "tag", None):
            raise _refusal(file, line, "Tags (!) are not allowed here.", found=tag)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _refusal(file, line, f"Values are nested more than {MAX_DEPTH} deep.")


def _plain(file: str, node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(file, node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, item, (*path, i), lines) for i, item in enumerate(node.value)]
    return _plain_scalar(file, node)


def _plain_mapping(
    file: str, node: yaml.MappingNode, path: KeyPath, lines: dict[KeyPath, int]
) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _plain_scalar(file, key_node)
        line = key_node.start_mark.line + 1
        if key is None:
            message = "YAML reads this key as nothing at all."
            found = _short(key_node.value) or "an empty key"
            raise _refusal(file, line, message, found, '"null" in quotes for the word')
        if key in result:
            first = lines[(*path, key)]
            raise _refusal(
                file, line, f"The key '{key}' stands twice; the first is in line {first}."
            )
        lines[(*path, key)] = line
        result[key] = _plain(file, value_node, (*path, key), lines)
    return result


def _plain_scalar(file: str, node: yaml.Node) -> Any:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise _refusal(file, line, "A key must be plain text.")
    text = node.value
    if node.tag == f"{_TAG}timestamp":
        return text
    is_odd = node.tag == f"{_TAG}int" and not _PLAIN_INTEGER.match(text)
    if is_odd or (node.tag == f"{_TAG}float" and ":" in text):
        allowed = "digits without a leading 0, or the text in quotes"
        raise _refusal(file, line, "YAML reads this as another number.", _short(text), allowed)
    if not node.style:
        if _READ_AS_BOOLEAN.match(text):
            raise _refusal(
                file,
                line,
                "YAML reads this word as true or false.",
                found=text,
                allowed=f'"{text}" in quotes for the text, or true / false',
            )
        if _ODD_BOOLEAN.match(text):
            return text.lower() == "true"
    try:
        return yaml.constructor.SafeConstructor().construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        message = "YAML gives this a special meaning that is not used here."
        raise _refusal(file, line, message, _short(text), "the text in quotes") from None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
