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

from gapatlas.errors import ConfigError, Problem, reason_of
from gapatlas.languages import mark, worded

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
_READ_AS_BOOLEAN = re.compile(r"^(?:yes|no|on|off)$", re.IGNORECASE)
_ODD_BOOLEAN = re.compile(r"^(?:true|false)$", re.IGNORECASE)
_PLAIN_INTEGER = re.compile(r"^[-+]?(?:0|[1-9][0-9_]{0,30})$")
_TAG = "tag:yaml.org,2002:"

_PARSER_SAYS: Final = (
    mark("mapping values are not allowed in this context"),
    mark("block sequence entries are not allowed in this context"),
    mark("could not find expected ':'"),
    mark("did not find expected key"),
    mark("did not find expected '-' indicator"),
    mark("did not find expected ',' or ']'"),
    mark("did not find expected node content"),
    mark("did not find expected <document start>"),
    mark("found character that cannot start any token"),
    mark("found a tab character that violates indentation"),
    mark("found unexpected end of stream"),
    mark("found unknown escape character"),
    mark("but found another document"),
)
"""What the parser says most often is wrong."""

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
        raise _refusal(
            path.name,
            line,
            worded("This is not valid YAML: {problem}.", problem=worded(error.problem or "")),
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = worded("the character U+{code}", code=f"{ord(text[error.position]):04X}")
        message = worded("This character is not allowed in YAML.")
        raise _refusal(path.name, line, message, found) from None
    if node is None:
        raise _refusal(path.name, 1, worded("The file is empty."))
    document = Document(data=None)
    document.data = _plain(path.name, node, (), document.lines)
    return document


def _read_text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refusal(
                path.name,
                None,
                worded("The file is too large."),
                worded("{number} bytes", number=size),
                worded("{number} bytes", number=MAX_BYTES),
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _refusal(
            path.name, None, worded("There is no file {file} in its folder.", file=path.name)
        ) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise _refusal(path.name, line, worded("The file is not UTF-8 text.")) from None
    except OSError as error:
        raise _refusal(
            path.name, None, worded("The file cannot be read: {reason}.", reason=reason_of(error))
        ) from None


def _refusal(
    file: str, line: int | None, message: str, found: str | None = None, allowed: str | None = None
) -> ConfigError:
    problem = Problem(file, message, row=line, found=found, allowed=allowed)
    return ConfigError(worded("{file} cannot be read.", file=file), [problem])


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
            message = worded("Anchors and aliases (& and *) are not allowed here.")
            raise _refusal(file, line, message)
        if tag := getattr(event, "tag", None):
            raise _refusal(file, line, worded("Tags (!) are not allowed here."), found=tag)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _refusal(
                file,
                line,
                worded("Values are nested more than {most} deep.", most=MAX_DEPTH),
            )


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
            message = worded("YAML reads this key as nothing at all.")
            found = _short(key_node.value) or worded("an empty key")
            raise _refusal(file, line, message, found, worded('"null" in quotes for the word'))
        if key in result:
            first = lines[(*path, key)]
            raise _refusal(
                file,
                line,
                worded(
                    "The key '{key}' stands twice; the first is in line {first}.",
                    key=key,
                    first=first,
                ),
            )
        lines[(*path, key)] = line
        result[key] = _plain(file, value_node, (*path, key), lines)
    return result


def _plain_scalar(file: str, node: yaml.Node) -> Any:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise _refusal(file, line, worded("A key must be plain text."))
    text = node.value
    if node.tag == f"{_TAG}timestamp":
        return text
    is_odd = node.tag == f"{_TAG}int" and not _PLAIN_INTEGER.match(text)
    if is_odd or (node.tag == f"{_TAG}float" and ":" in text):
        allowed = worded("digits without a leading 0, or the text in quotes")
        raise _refusal(
            file, line, worded("YAML reads this as another number."), _short(text), allowed
        )
    if not node.style:
        if _READ_AS_BOOLEAN.match(text):
            raise _refusal(
                file,
                line,
                worded("YAML reads this word as true or false."),
                found=text,
                allowed=worded('"{text}" in quotes for the text, or true / false', text=text),
            )
        if _ODD_BOOLEAN.match(text):
            return text.lower() == "true"
    try:
        return yaml.constructor.SafeConstructor().construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        message = worded("YAML gives this a special meaning that is not used here.")
        raise _refusal(file, line, message, _short(text), worded("the text in quotes")) from None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
