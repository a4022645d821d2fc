"""Catalogues of translated words: `python -m tools.translations COMMAND`.

    update                  bring every catalogue up to date with the code, the config and the data
    add LANGUAGE            begin a catalogue, such as `pt`
    missing LANGUAGE        print what has no translation yet, as JSON
    fill LANGUAGE FILE      take translations from JSON: message -> text, or [one, many, ...]
    take LANGUAGE FILE      take the translations of another gettext file
    escaped [FOLDER ...]    print texts of the code that no catalogue can hold

Translations that come by `fill` are marked `unreviewed`: a machine made them. Who has read one and
finds it right takes the mark away.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeGuard

import pandas as pd
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from gapatlas.catalogue import DatasetVersion, read_catalogue
from gapatlas.config import load_config
from gapatlas.config.spoken import words_of
from gapatlas.config.vocabulary import UNKNOWN
from gapatlas.languages import LANGUAGES, catalogue_file
from gapatlas.validate.validating import known_places

ROOT: Final = Path(__file__).parents[1]
KEYWORDS: Final = {
    "say": 1,
    "mark": 1,
    "say_as": 2,
    "mark_as": 2,
    "say_many": 2,
    "unsaid": 1,
    "unsaid_many": 2,
    "worded": 1,
    "worded_many": 2,
}
"""Functions of `gapatlas.languages` whose first texts are messages -> how many of them."""
UNREVIEWED: Final = "unreviewed"
HEADER: Final = "# Words of Gap Atlas, see docs/how-to/translate.md"
_DATED: Final = re.compile(r'"(POT-C|PO-R|Last-T|Language-T|Proj|Rep|Gen)')
FOLDERS: Final = (
    "gapatlas/briefs",
    "gapatlas/charts",
    "gapatlas/comparison",
    "gapatlas/crossborder",
    "gapatlas/evidence",
    "gapatlas/export",
    "gapatlas/gaps",
    "gapatlas/investment",
    "gapatlas/links",
    "gapatlas/profile",
    "gapatlas/telling",
    "gapatlas/ui",
    "pages",
)
"""Folders whose texts readers of the app see."""


def template() -> Catalog:
    """Every message of the code, the config, the effect library and the data."""
    found = Catalog()
    for file, message, context in _of_code():
        found.add(message, locations=[(file, 0)], context=context)
    for file, text in _of_data():
        found.add(text, locations=[(file, 0)])
    return found


def _of_code() -> Iterator[tuple[str, Any, str | None]]:
    """File, message (with its plural, if it has one) and context of each text that is said."""
    folders = (ROOT / folder for folder in ("gapatlas", "pages"))
    files = [*(file for folder in folders for file in folder.rglob("*.py")), ROOT / "dashboard.py"]
    for file in sorted(files):
        for message, context in messages_in(file.read_text(encoding="utf-8")):
            yield file.relative_to(ROOT).as_posix(), message, context


def messages_in(source: str) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Message and context of each text that a piece of code says, also inside f-strings, which
    Babel does not read before Python 3.12."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _called(node) not in KEYWORDS:
            continue
        name = _called(node)
        parts = node.args[: KEYWORDS[name]]
        texts = tuple(str(part.value) for part in parts if _is_text(part))
        if len(texts) < KEYWORDS[name]:
            continue
        match name:
            case "say_as" | "mark_as":
                yield texts[1], texts[0]
            case "say_many" | "unsaid_many" | "worded_many":
                yield texts, None
            case _:
                yield texts[0], None


def _of_data() -> Iterator[tuple[str, str]]:
    """Words that the shipped config, effect library, places and descriptors bring along."""
    loaded = load_config(ROOT / "config.yaml")
    catalogue = read_catalogue(loaded)
    yield from (("config.yaml", text) for text in words_of(loaded.config))
    if catalogue.effects is not None:
        file = catalogue.effects.file.path.relative_to(ROOT).as_posix()
        yield from ((file, text) for text in words_of(catalogue.effects.library))
    for version in catalogue.datasets:
        file = version.descriptor_file.path.relative_to(ROOT).as_posix()
        yield file, version.descriptor.method.rstrip(".")
        yield from ((file, caveat) for caveat in version.descriptor.caveats)
        yield from ((file, charge) for charge in _charges(version))
    places = known_places(catalogue)
    named_here = places.loc[places["iso2"].fillna("") == "", "name"]
    for texts in (named_here, places["region"], places["subregion"]):
        yield from (("places", text) for text in texts.dropna().unique() if text)


def _charges(version: DatasetVersion) -> list[str]:
    """What the persons of a dataset of cases are charged with, as it names it."""
    path, dataset = version.table.path, version.dataset
    if dataset.kind == "case_counts":
        counts = pd.read_csv(path)
        named = counts.loc[counts["split"] == "charge", "value"]
    elif dataset.kind == "cases":
        columns = [name for name, meaning in dataset.columns.items() if meaning == "charge"]
        named = pd.read_parquet(path, columns=columns).stack().str.split(";").explode()
    else:
        return []
    return sorted(set(named.dropna()) - {UNKNOWN})


def update(language: str) -> None:
    """Bring a catalogue up to date: new messages without a translation, old ones left out."""
    known = _read(language)
    fresh = template()
    for message in fresh:
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        if before is not None and _has_text(before):
            message.string = before.string
            message.user_comments = before.user_comments
    _write(language, fresh)


def missing(language: str) -> list[Message]:
    """Messages of a catalogue that have no translation."""
    return [message for message in _read(language) if message.id and not _has_text(message)]


def fill(language: str, translations: dict[str, Any]) -> list[str]:
    """Take translations that a machine made.

    Args:
        language: code of a catalogue.
        translations: message -> text, or a list of the texts of each plural form.

    Returns:
        Messages that the catalogue does not hold.
    """
    catalogue = _read(language)
    by_text = {_key(message): message for message in catalogue if message.id}
    unknown = []
    for text, translation in translations.items():
        message = by_text.get(text)
        if message is None:
            unknown.append(text)
            continue
        message.string = tuple(translation) if isinstance(translation, list) else translation
        message.user_comments = [UNREVIEWED]
    _write(language, catalogue)
    return unknown


def take(language: str, file: Path) -> None:
    """Take the translations of another catalogue, where this one has none."""
    catalogue = _read(language)
    with file.open("rb") as opened:
        other = read_po(opened, locale=language)
    for message in catalogue:
        theirs = other.get(message.id, message.context) if message.id else None
        if theirs is not None and _has_text(theirs) and not _has_text(message):
            message.string = theirs.string
            message.user_comments = theirs.user_comments
    _write(language, catalogue)


def _key(message: Message) -> str:
    """A message as `missing` prints it and `fill` takes it."""
    text = message.id[0] if isinstance(message.id, tuple) else message.id
    return f"{message.context}\x04{text}" if message.context else str(text)


def _has_text(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts)


def _read(language: str) -> Catalog:
    file = catalogue_file(language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def _write(language: str, messages: Iterable[Message]) -> None:
    """Write a catalogue: sorted, without dates and line numbers, so that changes read well."""
    catalogue = Catalog(locale=language, header_comment=HEADER, fuzzy=False)
    for message in messages:
        if message.id:
            catalogue.add(
                message.id,
                message.string,
                locations=sorted({(file, 0) for file, _ in message.locations}),
                user_comments=message.user_comments,
                context=message.context,
            )
    file = catalogue_file(language)
    with file.open("wb") as opened:
        write_po(opened, catalogue, width=98, sort_output=True, include_lineno=False)
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not _DATED.match(line)]
    file.write_text("\n".join(kept).rstrip("\n") + "\n", encoding="utf-8")


# ------------------------------------------------------------------ texts that escaped

SPEAKERS: Final = frozenset({*KEYWORDS, "in_digits"})
_WORDS: Final = re.compile(r"[A-Za-z]{2,} +[a-z(“]|^[A-Z][a-z]+$|[a-z]{2,}[.?!]$")
_CODE: Final = re.compile(r"datum\.|[{};]\s*$|^[\[.#@]|://|</|^\w+\(|\.py$|==|&&|->")
_NOT_SEEN: Final = frozenset(
    {
        *("Problem", "GapAtlasError", "QueryError", "_refuse", "refuse", "refuse_name", "warn"),
        *("Literal", "TypeVar", "ParamSpec", "ContextVar", "Field", "getLogger", "compile"),
    }
)
"""Calls whose texts are no words of a page: errors for analysts, types, patterns."""


def escaped(file: Path) -> Iterator[tuple[int, str]]:
    """Texts of a file that look like words for readers and that no catalogue can hold.

    Texts of errors, documentation, annotations, keys in brackets and lines that end with
    `# not said` are left out.

    Yields:
        Line, text.
    """
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in _unsaid(ast.parse(source)):
        text = _text_of(node)
        excused = any(
            "# not said" in line for line in lines[node.lineno - 1 : node.end_lineno or node.lineno]
        )
        if text and _WORDS.search(text) and not _CODE.search(text) and not excused:
            yield node.lineno, text


def _unsaid(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
        if isinstance(node, ast.JoinedStr):
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    yield from _unsaid(value.value)
        return
    for child in _seen_children(node):
        yield from _unsaid(child)


def _seen_children(node: ast.AST) -> Iterator[ast.AST]:
    """Parts of a piece of code whose texts a reader could see."""
    match node:
        case ast.Raise() | ast.Assert() | ast.Import() | ast.ImportFrom():
            return
        case ast.Call() if _called(node) in SPEAKERS:
            for keyword in node.keywords:
                yield keyword.value
            return
        case ast.Call() if _called(node) in _NOT_SEEN:
            return
        case ast.Call() if _called(node) == "cast":
            yield from node.args[1:]
            return
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return
        case ast.Subscript():
            yield node.value
            return
        case ast.AnnAssign():
            if node.value is not None:
                yield node.value
            return
        case ast.arg() | ast.Assign(targets=[ast.Name(id="__all__")]):
            return
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return
        case ast.Expr() if isinstance(node.value, ast.Constant):
            return
        case ast.Compare():
            yield from (part for part in (node.left, *node.comparators) if not _is_text(part))
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (*node.args.defaults, *node.body)
            return
        case _:
            yield from ast.iter_child_nodes(node)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text_of(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
    return " ".join(str(part) for part in parts)


def escaped_in(folders: Iterable[str]) -> list[str]:
    """Lines `file:line: text` of all that escaped from the files of some folders."""
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [
        f"{file.relative_to(ROOT)}:{line}: {text}" for file in files for line, text in escaped(file)
    ]


# ------------------------------------------------------------------ commands


def main(words: list[str]) -> None:
    """Do what the command line asks for."""
    match words:
        case ["update"]:
            for language in LANGUAGES[1:]:
                update(language)
        case ["add", language]:
            Locale.parse(language)
            update(language)
        case ["missing", language]:
            empty = {_key(m): _empty(m) for m in missing(language)}
            print(json.dumps(empty, ensure_ascii=False, indent=1))
        case ["fill", language, file]:
            texts = json.loads(Path(file).read_text(encoding="utf-8"))
            unknown = fill(language, texts)
            print(f"{len(texts) - len(unknown)} taken; unknown: {unknown}")
        case ["take", language, file]:
            take(language, Path(file))
        case ["escaped", *folders]:
            print("\n".join(escaped_in(folders or FOLDERS)))
        case _:
            sys.exit(__doc__)


def _empty(message: Message) -> Any:
    return list(message.id) if isinstance(message.id, tuple) else ""


if __name__ == "__main__":
    main(sys.argv[1:])
