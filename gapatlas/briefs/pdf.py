"""A brief as PDF: one page or two, tagged for screen readers, set by typst."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import typst

from gapatlas.briefs.around import around
from gapatlas.briefs.model import Brief, Drawn, Paper, Part, Sentence
from gapatlas.export.images import MARGIN, svg_of

HERE: Final = Path(__file__).parent
TEMPLATE: Final = HERE / "brief.typ"
FONTS: Final = HERE / "fonts"
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
    """Two pages as PDF/UA, the same for the same brief; one where little is known.

    Args:
        brief: the brief.
        paper: `a4` or `letter`.
    """
    told = _told(brief, paper)
    for scale in SCALES:
        compiler = _compiler({**told, "scale": scale})
        if _fits(compiler, len(told["pages"])) or scale == SCALES[-1]:
            return _compiled(compiler)
    raise AssertionError("the last size returns")


def _compiler(told: dict[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATE,
        root=HERE,
        font_paths=[FONTS],
        sys_inputs={"brief": json.dumps(told, ensure_ascii=False)},
    )


def _fits(compiler: typst.Compiler, wanted: int) -> bool:
    """Whether so many pages hold it all, and each column what stands in it."""
    pages = json.loads(compiler.query(TOLD_PAGES, field="value", one=True))
    return bool(pages == wanted) and not any(json.loads(compiler.query(TOLD_OVER, field="value")))


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
    pages = _pages(brief)
    return {
        "paper": paper,
        "title": brief.title,
        "subtitle": brief.subtitle,
        "headline": _sentence(brief.headline),
        "pages": pages,
        "around": asdict(around(brief, len(pages))),
        "sources": brief.sources,
        "caveats": brief.caveats,
        "link": brief.link,
        "snapshot": brief.snapshot,
        "date": brief.date,
        "language": brief.language,
    }


def _pages(brief: Brief) -> list[dict[str, Any]]:
    """What stands on each page, column by column; a second page that could only say what is not
    known stands in the left column of the first."""
    first, second = ([part for part in brief.parts if part.page == number] for number in (1, 2))
    if any(part.sentences or part.pictures for part in second):
        return [_page(first), _page(second)]
    return [_page([*first, *(replace(part, column="left") for part in second)])]


def _page(parts: Sequence[Part]) -> dict[str, Any]:
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
