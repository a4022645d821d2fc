"""A brief as PDF: two pages, tagged for screen readers, set by typst."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import typst

from gapatlas.briefs.around import around
from gapatlas.briefs.model import Brief, Drawn, Paper, Part, Sentence
from gapatlas.export.images import MARGIN, svg_of

HERE: Final = Path(__file__).parent
TEMPLATE: Final = HERE / "brief.typ"
FONTS: Final = HERE / "fonts"
PAGES: Final = 2
TOLD_PAGES: Final = "<pages>"
TOLD_OVER: Final = "<over>"
"""Labels under which the template tells how many pages it made, and which column is too full."""
SCALES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58)
"""Sizes of type that are tried in turn, until two pages hold it all."""
FAMILY: Final = re.compile(r'font-family="[^"]*"')
BOX: Final = re.compile(
    r'width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"'
)
STANDARD: Final = "ua-1"


def pdf_bytes(brief: Brief, paper: Paper) -> bytes:
    """Two pages as PDF/UA, the same for the same brief.

    Args:
        brief: the brief.
        paper: `a4` or `letter`.
    """
    told = _told(brief, paper)
    for scale in SCALES:
        compiler = _compiler({**told, "scale": scale})
        if _fits(compiler) or scale == SCALES[-1]:
            return _compiled(compiler)
    raise AssertionError("the last size returns")


def _compiler(told: dict[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATE,
        root=HERE,
        font_paths=[FONTS],
        sys_inputs={"brief": json.dumps(told, ensure_ascii=False)},
    )


def _fits(compiler: typst.Compiler) -> bool:
    """Whether two pages hold it all, and each column what stands in it."""
    pages = json.loads(compiler.query(TOLD_PAGES, field="value", one=True))
    return bool(pages == PAGES) and not any(json.loads(compiler.query(TOLD_OVER, field="value")))


def _compiled(compiler: typst.Compiler) -> bytes:
    """The file; a sign that no font has keeps it from being PDF/UA, but it stays tagged."""
    try:
        content = compiler.compile(format="pdf", pdf_standards=[STANDARD])
    except typst.TypstError:
        content = compiler.compile(format="pdf")
    assert isinstance(content, bytes), "a PDF that is written nowhere is bytes"
    return content


# ------------------------------------------------------------------ what the template is told


def _told(brief: Brief, paper: Paper) -> dict[str, Any]:
    return {
        "paper": paper,
        "title": brief.title,
        "subtitle": brief.subtitle,
        "headline": _sentence(brief.headline),
        "pages": [_page(brief, number) for number in range(1, PAGES + 1)],
        "sources": brief.sources,
        "caveats": brief.caveats,
        "link": brief.link,
        "snapshot": brief.snapshot,
        "date": brief.date,
        "language": brief.language,
        "around": asdict(around(brief)),
    }


def _page(brief: Brief, number: int) -> dict[str, Any]:
    parts = [part for part in brief.parts if part.page == number]
    return {
        column: [_part(part) for part in parts if part.column == column]
        for column in ("left", "right", "full")
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "note": part.note,
        "unknown": part.unknown,
        "sentences": [_sentence(sentence) for sentence in part.sentences],
        "pictures": [_picture(picture) for picture in part.pictures],
    }


def _sentence(sentence: Sentence) -> dict[str, str]:
    return {"lead": sentence.lead, "text": sentence.text}


def _picture(picture: Drawn) -> dict[str, Any]:
    """A picture without margin and in the type of the page, with its width in dots and its height
    as a share of that."""
    svg = FAMILY.sub('font-family="Atlas Sans"', svg_of(picture.spec))
    found = BOX.search(svg)
    assert found is not None, "the converter tells the size of a picture"
    width, height = (float(found[side]) - 2 * MARGIN for side in ("width", "height"))
    box = f'width="{width:g}" height="{height:g}" viewBox="{MARGIN} {MARGIN} {width:g} {height:g}"'
    return {
        "svg": svg.replace(found[0], box, 1),
        "width": width,
        "ratio": height / width,
        "alt": picture.alt,
        "title": picture.title,
        "source": picture.source,
    }
