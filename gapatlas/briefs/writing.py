"""The three files that a brief can be."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, get_args

from gapatlas.briefs.model import PAPERS, Brief, Paper, refuse
from gapatlas.languages import speaking

Format = Literal["pdf", "html", "docx"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


def format_of(path: Path) -> Format:
    """The format that a file's ending asks for.

    Raises:
        QueryError: another ending.
    """
    for format_ in FORMATS:
        if path.suffix.lower() == f".{format_}":
            return format_
    raise refuse("format", path.name, tuple(f".{known}" for known in FORMATS))


def content_of(brief: Brief, format_: Format, paper: Paper = "a4") -> bytes:
    """A brief as the bytes of a file: the same brief gives the same bytes.

    Args:
        brief: the brief; the words around its own are those of its language.
        format_: `pdf`, `html` or `docx`.
        paper: `a4` or `letter`; a web page has none.

    Raises:
        QueryError: an unknown format or paper.
    """
    if paper not in PAPERS:
        raise refuse("paper", paper, PAPERS)
    with speaking(brief.language):
        return _content(brief, format_, paper)


def _content(brief: Brief, format_: Format, paper: Paper) -> bytes:
    if format_ == "pdf":
        from gapatlas.briefs.pdf import pdf_bytes

        return pdf_bytes(brief, paper)
    if format_ == "docx":
        from gapatlas.briefs.docx import docx_bytes

        return docx_bytes(brief, paper)
    if format_ == "html":
        from gapatlas.briefs.html import html_bytes

        return html_bytes(brief)
    raise refuse("format", format_, FORMATS)
