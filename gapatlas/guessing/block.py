"""A guess as text for the config, with a question mark where it is not sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from gapatlas.guessing.columns import Guess, Question
from gapatlas.languages import say
from gapatlas.mapping.texts import folded

INDENT: Final = "  "
OPEN: Final = "?"
"""What stands where a person has to answer."""
LONGEST_ID: Final = 50
DESCRIPTOR: Final = """\
# {about}
title: {title}
publisher: "?"
edition: "?"
published: null
licence: "?"
terms_url: null
citation: "?"
retrieved: "?"
source_file: {file}
method: "?"  # {method}
caveats: []
"""
INDICATOR: Final = """\
  {id}:
    title: {title}
    unit: "?"
    source: {source}
    definition: "?"  # one sentence: what the value says
    caution: "?"  # what it can't say
"""
PLACE_HEADER: Final = (
    "jurisdiction_id,name,level,parent_id,iso2,iso_numeric,usps,region,subregion,longitude,"
    "latitude,shape_110m,shape_50m"
)


@dataclass(frozen=True)
class Block:
    """A dataset for the config.

    Attributes:
        dataset_id: its id.
        kind: its kind.
        descriptor: path of its descriptor, from the folder of the config.
        text: its block, to be put under `datasets:`.
        questions: what a person has to answer, in words.
    """

    dataset_id: str
    kind: str
    descriptor: str
    text: str
    questions: tuple[str, ...]


def block_of(
    found: Guess,
    read: Mapping[str, Any],
    questions: Mapping[str, str],
    file: str,
    short: str,
    source: str | None = None,
) -> Block:
    """Write a guess as a block of the config, its questions in the language that is spoken.

    Args:
        found: what the columns seem to be.
        read: keys and values of `read:`.
        questions: what is not sure about them.
        file: the file, from the folder of the config.
        short: name of the table, from which its id and its name in charts are made.
        source: name of the file, where it holds several tables: they share their source, but for
            people, and their descriptor.
    """
    id_ = id_of(short)
    shared = id_of(source or short)
    folder = file[: file.rfind("/") + 1]
    keys: dict[str, Any] = {
        "kind": found.kind,
        "source": id_ if found.kind == "population" else shared,
        "short": _title(short if found.kind == "population" else source or short) or id_,
        "file": file,
        "descriptor": f"{folder}{shared}.yaml",
    }
    if read:
        keys["read"] = dict(read)
    asked: Question = {("read", key): text for key, text in questions.items()}
    asked |= found.questions
    keys["map"] = found.map
    lines = [f"{INDENT}{id_}:", *lines_of(keys, asked, (), 2)]
    told = tuple(f"{'.'.join(path)}: {say(text)}" for path, text in asked.items())
    return Block(id_, found.kind, keys["descriptor"], "\n".join(lines) + "\n", told)


def indicator_text(title: str, source: str) -> str:
    """What the config has to say of an indicator, to be put under `indicators:`.

    Args:
        title: what its values are, in words.
        source: source of the dataset that holds them.
    """
    return INDICATOR.format(id=id_of(title), title=_scalar(title), source=_scalar(source))


def descriptor_text(short: str, file: str) -> str:
    """A descriptor with question marks for what no file tells."""
    title = _scalar(_title(short) or short)
    return DESCRIPTOR.format(
        title=title,
        file=_scalar(file.rsplit("/", 1)[-1]),
        about=say("What is known of the table. Answer each question mark."),
        method=say("how small counts are printed, and what is withheld"),
    )


def places_text(names: list[str], level: str, prefix: str = "X") -> str:
    """A table of places of one level that no table knows yet, with ids made from their names."""
    ids: dict[str, str] = {}
    for name in names:
        id_ = f"{prefix}-{folded(name).upper().replace(' ', '')[:12] or 'PLACE'}"
        while id_ in ids.values():
            id_ += "1"
        ids[name] = id_
    rows = [
        f"{id_},{_csv_cell(name)},{level},,,,,Own places,,,,false,false"  # not said: a region
        for name, id_ in ids.items()
    ]
    return "\n".join([PLACE_HEADER, *rows]) + "\n"


def id_of(name: str) -> str:
    """An id made from the name of a file."""
    words = re.sub("[^a-z0-9]+", "_", folded(name)).strip("_")[:LONGEST_ID]
    return words if words[:1].isalpha() else f"table_{words}".strip("_")


def lines_of(
    keys: Mapping[str, Any], asked: Question, above: tuple[str, ...], depth: int
) -> Iterator[str]:
    """Keys as lines of YAML, each with its question behind it.

    Args:
        keys: what is written; blocks inside it too.
        asked: path of a key -> what is not sure about it.
        above: the path of the block.
        depth: how far it is indented.
    """
    for key, value in keys.items():
        path = (*above, str(key))
        question = f"  # {OPEN} {say(asked[path])}" if path in asked else ""
        start = f"{INDENT * depth}{_scalar(key)}:"
        if isinstance(value, Mapping) and value:
            yield f"{start}{question}"
            yield from lines_of(value, asked, path, depth + 1)
        else:
            yield f"{start} {_scalar(value)}{question}"


def _title(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def _scalar(value: Any) -> str:
    """A value on one line, as YAML reads it back."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6)
    return text.removesuffix("...\n").strip()


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
