"""A brief as one web page that needs nothing else: pictures inside, tables below them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gapatlas.briefs.around import around
from gapatlas.briefs.model import Brief, Drawn
from gapatlas.export.images import svg_of
from gapatlas.languages import in_digits, words_of_table

TEMPLATE: Final = "brief.html.jinja"
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""Every text is escaped; a picture alone comes in as it is, and its words are escaped in it."""


def html_bytes(brief: Brief) -> bytes:
    """One self-contained page, the same for the same brief.

    Args:
        brief: the brief.
    """
    page = _TEMPLATES.get_template(TEMPLATE).render(
        brief=brief, around=around(brief), svg=_svg, table=_table
    )
    return page.encode("utf-8")


def _svg(picture: Drawn) -> Markup:
    return Markup(svg_of(picture.spec))


def _table(picture: Drawn) -> Markup:
    """The figures of a picture; pandas escapes them."""
    said = words_of_table(picture.table)
    return Markup(said.to_html(index=False, border=0, na_rep="", decimal=in_digits(".")))
