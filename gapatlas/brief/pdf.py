"""A brief as PDF: two pages, tagged for screen readers, set by typst."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import typst

from gapatlas.brief.model import Brief, Drawn, Paper, Part, Sentence
from gapatlas.export.images import svg_of

HERE: Final = Path(__file__).parent
TEMPLATE: Final = HERE / "brief.typ"
FONTS: Final = HERE / "fonts"
PAGES: Final = 2
SCALES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58)
"""Sizes of type that are tried in turn, until two pages hold it all."""
FAMILY: Final = re.compile(r'font-family="[^"]*"')
SIZE: Final = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')
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
        if _pages(compiler) == PAGES or scale == SCALES[-1]:
            return _compiled(compiler)
    raise AssertionError("the last size returns")


def _compiler(told: dict[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATE,
        root=HERE,
        font_paths=[FONTS],
        sys_inputs={"brief": json.dumps(told, ensure_ascii=False)},
    )


def _pages(compiler: typst.Compiler) -> int:
    return int(json.loads(compiler.query("<pages>", field="value", one=True)))


def _compiled(compiler: typst.Compiler) -> bytes:
    """The file; a sign that no font has keeps it from being PDF/UA, but it stays tagged."""
    try:
        return bytes(compiler.compile(format="pdf", pdf_standards=[STANDARD]))
    except typst.TypstError:
        return bytes(compiler.compile(format="pdf"))


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
    """A picture in the type of the page; its height is told as a share of its width."""
    svg = FAMILY.sub('font-family="Atlas Sans"', svg_of(picture.spec))
    found = SIZE.search(svg)
    assert found is not None, "the converter tells the size of a picture"
    width, height = (float(side) for side in found.groups())
    return {
        "svg": svg,
        "ratio": height / width,
        "alt": picture.alt,
        "title": picture.title,
        "source": picture.source,
    }
