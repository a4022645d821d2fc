"""A brief as a Word document: headings, pictures with alternative texts, sources."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gapatlas.briefs.around import around
from gapatlas.briefs.model import Brief, Drawn, Paper, Part, Sentence
from gapatlas.export.images import png_of
from gapatlas.languages import ENGLISH

SIZES: Final[dict[Paper, tuple[float, float]]] = {"a4": (210, 297), "letter": (215.9, 279.4)}
"""Millimetres, width and height."""
MARGIN: Final = 18.0
SCALE: Final = 2.5
"""Dots of a picture for each of its own: sharp on paper."""
LARGEST: Final = 200.0
"""Millimetres of the highest picture, so that its title stays on its page."""
SOME_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every file inside, so that the same brief gives the same bytes."""


def docx_bytes(brief: Brief, paper: Paper) -> bytes:
    """A Word document, the same for the same brief.

    Args:
        brief: the brief.
        paper: `a4` or `letter`.
    """
    document = Document()
    _set_up(document, brief, paper)
    width = SIZES[paper][0] - 2 * MARGIN
    document.add_heading(brief.title, 0)
    document.add_paragraph(brief.subtitle, style="Subtitle")  # not said: a style
    _add_sentence(document, brief.headline)
    for part in brief.parts:
        _add_part(document, part, width)
    words = around(brief)
    _add_list(document, words.caveats, brief.caveats)
    _add_list(document, words.sources, brief.sources)
    document.add_paragraph(f"{words.link} {brief.link}")
    document.add_paragraph(words.snapshot)
    written = io.BytesIO()
    document.save(written)
    return _dated(written)


def _set_up(document: Any, brief: Brief, paper: Paper) -> None:
    """Paper, type and what the file says of itself."""
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in SIZES[paper])
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(MARGIN))
    document.styles["Normal"].font.size = Pt(10)
    told = document.core_properties
    told.title, told.author = f"{brief.title}: {brief.subtitle}", "Gap Atlas"
    told.language = brief.language
    if brief.language != ENGLISH:
        _spell_in(document, brief.language)
    told.created = told.modified = datetime(*brief.date, tzinfo=UTC)


def _spell_in(document: Any, language: str) -> None:
    """Say what a spelling checker goes by."""
    for said in document.styles.element.iter(qn("w:lang")):
        said.set(qn("w:val"), language)


def _add_part(document: Any, part: Part, width: float) -> None:
    document.add_heading(part.title, 1)
    if part.note:
        document.add_paragraph(part.note, style="Intense Quote")
    for sentence in part.sentences:
        _add_sentence(document, sentence)
    if part.unknown:
        document.add_paragraph(part.unknown, style="Quote")  # not said: a style
    for picture in part.pictures:
        _add_picture(document, picture, width)


def _add_sentence(document: Any, sentence: Sentence) -> None:
    paragraph = document.add_paragraph()
    if sentence.lead:
        paragraph.add_run(f"{sentence.lead} ").bold = True
    paragraph.add_run(sentence.text)


def _add_picture(document: Any, picture: Drawn, width: float) -> None:
    title = document.add_paragraph()
    title.add_run(picture.title).bold = True
    title.paragraph_format.keep_with_next = True
    shown = document.add_picture(io.BytesIO(png_of(picture.spec, scale=SCALE)), width=Mm(width))
    if shown.height > Mm(LARGEST):
        shown.width, shown.height = (
            round(shown.width * Mm(LARGEST) / shown.height),
            Mm(LARGEST),
        )
    said = shown._inline.docPr  # python-docx has no other way to an alternative text
    said.set("descr", picture.alt)
    said.set("title", picture.title)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    source = document.add_paragraph().add_run(picture.source)
    source.font.size = Pt(8)


def _add_list(document: Any, title: str, items: tuple[str, ...]) -> None:
    document.add_heading(title, 1)
    for item in items:
        document.add_paragraph(item, style="List Bullet")


def _dated(written: io.BytesIO) -> bytes:
    """The same document with one date for every file inside."""
    dated = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, SOME_DATE), old.read(name), zipfile.ZIP_DEFLATED)
    return dated.getvalue()
