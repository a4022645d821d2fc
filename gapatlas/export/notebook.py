"""A chart in a notebook: alive where the scripts of Vega load, else a still picture of it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from gapatlas.languages import language_now, say, speaking

_PLACE: Final = re.compile(r'<div id="(altair-viz-[0-9a-f]+)"></div>')
_STILL: Final = """\
<style>
  #{id} > .error, .gapatlas-still:has(+ #{id} .marks) {{ display: none; }}
</style>
<div class="gapatlas-still">
<img src="data:image/svg+xml;base64,{picture}" alt="{alt}" style="max-width: 100%">
<p><small>{words}</small></p>
</div>
"""
"""The style lets the picture go once the living chart is drawn. Where scripts can't be loaded, or a
notebook lets no script and no style through, it stays."""


def with_still_picture(
    bundle: Callable[..., Any], svg: Callable[[], str], alt: str
) -> Callable[..., Any]:
    """How a chart shows itself in a notebook: as Altair does, and without internet as a picture.

    Args:
        bundle: what Altair gives a notebook: media type -> content, or that and its metadata.
        svg: draws the picture; called only when the chart is shown as a page with scripts.
        alt: alternative text of the picture.
    """

    language = language_now()

    def shown(**asked: Any) -> Any:
        made = bundle(**asked)
        if not isinstance(made, Mapping) or not isinstance(made.get("text/html"), str):
            return made  # another renderer was chosen
        with speaking(language):
            return {**made, "text/html": _with_still(made["text/html"], svg, alt)}

    return shown


def _with_still(page: str, svg: Callable[[], str], alt: str) -> str:
    place = _PLACE.search(page)
    if place is None:
        return page
    still = _STILL.format(
        id=place[1],
        picture=b64encode(svg().encode()).decode(),
        alt=escape(alt),
        words=escape(
            say("A still picture. Vega makes it a living chart where its scripts can be loaded.")
        ),
    )
    return page[: place.start()] + still + page[place.start() :]
