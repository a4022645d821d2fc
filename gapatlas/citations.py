"""Room `citations`: the sources behind a figure as text, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

from gapatlas.measures import Source

CitationStyle = Literal["text", "bibtex", "csl-json"]
DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
TEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}&%$#_"},
}


def cite(sources: Iterable[Source], style: CitationStyle = "text") -> str:
    """Sources with edition and terms.

    Args:
        sources: who published the figures.
        style: `text` (one source a line), `bibtex` (one entry a source) or `csl-json` (a list).

    Raises:
        ValueError: another style.
    """
    if style not in STYLES:
        raise ValueError(f"style must be one of {', '.join(STYLES)}, not {style!r}")
    return STYLES[style](sources)


def _text(sources: Iterable[Source]) -> str:
    return "\n".join(f"{s.citation} ({s.edition}; {s.licence})" for s in sources)


# ------------------------------------------------------------------ BibTeX


def _bibtex(sources: Iterable[Source]) -> str:
    return "\n\n".join(_bibtex_entry(source) for source in sources)


def _bibtex_entry(source: Source) -> str:
    date = date_parts(source.published)
    fields = {
        "author": f"{{{_tex(source.publisher)}}}",
        "title": f"{{{_tex(source.title)}}}",
        "year": str(date[0]) if date else "",
        "howpublished": f"Data set: {_tex(source.edition)}",
        "note": _tex(_note(source)),
        "url": source.terms_url,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{source.dataset_id},", *lines, "}"])


def _tex(text: str) -> str:
    """Text that TeX prints letter by letter."""
    return "".join(TEX.get(letter, letter) for letter in text)


# ------------------------------------------------------------------ CSL-JSON


def _csl_json(sources: Iterable[Source]) -> str:
    return json.dumps([_csl_item(source) for source in sources], ensure_ascii=False, indent=2)


def _csl_item(source: Source) -> dict[str, Any]:
    item = {
        "id": source.dataset_id,
        "type": "dataset",
        "title": source.title,
        "author": [{"literal": source.publisher}],
        "issued": _csl_date(source.published),
        "version": source.edition,
        "note": _note(source),
        "URL": source.terms_url,
    }
    return {name: value for name, value in item.items() if value}


def _csl_date(published: str) -> dict[str, Any]:
    parts = date_parts(published)
    if parts:
        return {"date-parts": [parts]}
    return {"literal": published} if published else {}


# ------------------------------------------------------------------ what both tell


def _note(source: Source) -> str:
    """The citation as the descriptor words it, the terms, and a date that is no date."""
    vague = source.published and not date_parts(source.published)
    published = f" Published: {source.published}." if vague else ""
    return f"{source.citation} Terms: {source.licence}.{published}"


def date_parts(published: str) -> list[int]:
    """Year, month and day as far as they are known; empty where the text is no plain date."""
    found = DATE.fullmatch(published)
    return [int(part) for part in found.groups() if part] if found else []


STYLES: Final[Mapping[str, Callable[[Iterable[Source]], str]]] = {
    "text": _text,
    "bibtex": _bibtex,
    "csl-json": _csl_json,
}
