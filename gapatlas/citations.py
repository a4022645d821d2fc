"""Room `citations`: the sources behind a figure as text, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from gapatlas.languages import say
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


@dataclass(frozen=True)
class CitedView:
    """A view of the app, as a citation names it.

    Attributes:
        title: what it shows.
        url: its address.
        snapshot: first digits of the id of its data.
        built: day on which these data were put together, `YYYY-MM-DD`.
        read: day on which the view was read, `YYYY-MM-DD`.
    """

    title: str
    url: str
    snapshot: str
    built: str
    read: str


def cite_view(view: CitedView, sources: Iterable[Source], style: CitationStyle = "text") -> str:
    """A view of the app, and the sources behind its figures.

    Args:
        view: what is cited.
        sources: who published its figures.
        style: as for `cite`.

    Raises:
        ValueError: another style.
    """
    cited = cite(sources, style)
    if style == "bibtex":
        return "\n\n".join(part for part in (_bibtex_view(view), cited) if part)
    if style == "csl-json":
        items = [_csl_view(view), *json.loads(cited)]
        return json.dumps(items, ensure_ascii=False, indent=2)
    told = f"Gap Atlas. {view.title}. {_data_words(view)} {_read_words(view)} {view.url}"
    return "\n".join([told, say("Figures from:"), cited]) if cited else told


def _data_words(view: CitedView) -> str:
    return say("Snapshot {snapshot}, data as of {day}.", snapshot=view.snapshot, day=view.built)


def _read_words(view: CitedView) -> str:
    return say("Read {day}.", day=view.read)


def _bibtex_view(view: CitedView) -> str:
    fields = {
        "author": "{Gap Atlas}",
        "title": f"{{{_tex(view.title)}}}",
        "year": view.built[:4],
        "note": f"{_data_words(view)} {_read_words(view)}",
        "url": view.url,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{gap-atlas-{view.snapshot},", *lines, "}"])


def _csl_view(view: CitedView) -> dict[str, Any]:
    return {
        "id": f"gap-atlas-{view.snapshot}",
        "type": "webpage",
        "title": view.title,
        "author": [{"literal": "Gap Atlas"}],
        "issued": _csl_date(view.built),
        "accessed": _csl_date(view.read),
        "version": say("Snapshot {snapshot}", snapshot=view.snapshot),
        "note": _data_words(view),
        "URL": view.url,
    }


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
        "howpublished": say("Data set: {edition}", edition=_tex(source.edition)),
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
    terms = say("Terms: {terms}.", terms=source.licence)
    published = say("Published: {date}.", date=source.published) if vague else ""
    return " ".join(part for part in (source.citation, terms, published) if part)


def date_parts(published: str) -> list[int]:
    """Year, month and day as far as they are known; empty where the text is no plain date."""
    found = DATE.fullmatch(published)
    return [int(part) for part in found.groups() if part] if found else []


STYLES: Final[Mapping[str, Callable[[Iterable[Source]], str]]] = {
    "text": _text,
    "bibtex": _bibtex,
    "csl-json": _csl_json,
}
