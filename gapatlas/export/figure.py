"""A chart with the words around it, as the files that a reader can take along."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from gapatlas.charts import Chart
from gapatlas.errors import GapAtlasError, Problem
from gapatlas.export.images import png_of, self_contained, svg_of, titled
from gapatlas.export.notebook import with_still_picture
from gapatlas.export.tables import Download
from gapatlas.files import write_atomically
from gapatlas.languages import in_digits, language_now, say


@dataclass(frozen=True)
class Figure:
    """A chart as a page shows it.

    Attributes:
        title: what it shows.
        source: its sources, and what its signs mean.
        alt: alternative text.
        spec: the chart as the app has it; see `images.self_contained`.
        key: a chart that explains its colours, where that is one of its own.
    """

    title: str
    source: str
    alt: str
    spec: Mapping[str, Any]
    key: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, chart: Chart) -> Figure:
        """An Altair chart, which has its words inside."""
        spec = chart.to_dict()
        title = spec.get("title") or ""
        text = title.get("text", "") if isinstance(title, dict) else title
        words = text if isinstance(text, str) else " ".join(text)
        return cls(title=words, source="", alt=spec.get("description", words), spec=spec)

    def vega_lite(self) -> dict[str, Any]:
        """The self-contained specification with title, source line and key inside."""
        return self_contained(self._titled(self.title))

    def without_words(self) -> dict[str, Any]:
        """The self-contained specification for a page that writes the words around it."""
        return self_contained(self._titled(""))

    def svg(self) -> str:
        """The chart as SVG."""
        return svg_of(self.vega_lite())

    def png(self) -> bytes:
        """The chart as PNG, two dots for each pixel."""
        return png_of(self.vega_lite())

    def json(self) -> str:
        """The chart as Vega-Lite."""
        return json.dumps(self.vega_lite(), ensure_ascii=False)

    def _titled(self, title: str) -> dict[str, Any]:
        if "title" in self.spec and self.key is None:
            return dict(self.spec)
        source = self.source if title else ""
        return titled(self.spec, title=title, source=source, alt=self.alt, key=self.key)


def save_chart(chart: Chart, path: str | Path) -> None:
    """Save a chart with its words, data and shapes inside, in the light scheme.

    Args:
        chart: as `frame.chart()` and its like give it.
        path: ends in `.png`, `.svg`, `.json` (Vega-Lite) or `.html`, which opens offline.

    Raises:
        GapAtlasError: another ending; nothing is written.
    """
    file = Path(path)
    figure = Figure.of(chart)
    made: dict[str, Callable[[], str | bytes]] = {
        ".png": figure.png,
        ".svg": figure.svg,
        ".json": figure.json,
        ".html": lambda: html_of(figure.title, [(figure, _table_behind(chart))]),
    }
    if file.suffix not in made:
        problem = Problem(
            file.name, "A chart has no such file.", found=file.suffix, allowed=", ".join(made)
        )
        raise GapAtlasError(f"The chart can't be saved as {file.name}.", [problem])
    content = made[file.suffix]()
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        write_atomically(file, content)


_BEHIND: Final = "_table_behind"


def for_notebook(chart: Chart, file: Callable[[], Download]) -> Chart:
    """A chart that knows its table, and that a notebook can show without internet.

    `save_chart` writes the table below the chart in an HTML file. A chart that is made from it,
    such as by `chart.properties`, does not know the table and is shown as Altair shows it.
    """
    alt = str(getattr(chart, "description", "") or "")
    shown = with_still_picture(chart._repr_mimebundle_, lambda: Figure.of(chart).svg(), alt)
    # Altair takes what is set on a chart for a part of its specification.
    object.__setattr__(chart, _BEHIND, file)
    object.__setattr__(chart, "_repr_mimebundle_", shown)
    return chart


def _table_behind(chart: Chart) -> Download | None:
    file: Callable[[], Download] | None = vars(chart).get(_BEHIND)
    return None if file is None else file()


# ------------------------------------------------------------------ a page of figures

_STYLE: Final = """
body { font-family: "Liberation Sans", Arial, Helvetica, sans-serif; color: #1f2933;
  max-width: 60rem; margin: 0 auto; padding: 1rem; line-height: 1.45; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-bottom: 0.3rem; }
section { margin: 2.5rem 0; }
.about, .source { color: #52606d; font-size: 0.9rem; overflow-wrap: anywhere; }
.about { margin: 0.15rem 0; }
.chart svg { max-width: 100%; height: auto; } .chart { overflow-x: auto; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.85rem; }
th, td { border-bottom: 1px solid #d4d4d0; padding: 0.25rem 0.6rem; text-align: left;
  vertical-align: top; }
summary { cursor: pointer; padding: 0.5rem 0; }
"""
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "  # not said: no words
    "style-src 'unsafe-inline'; img-src data:"
)
"""Nothing is fetched: the file is all there is."""
_DRAW: Final = """
for (const place of document.querySelectorAll(".chart")) {
  const spec = JSON.parse(place.nextElementSibling.textContent);
  vegaEmbed(place.firstElementChild, spec, {actions: false, renderer: "svg"});
}
"""


def html_of(
    title: str,
    figures: Sequence[tuple[Figure, Download | None]],
    about: Sequence[str] = (),
) -> str:
    """Charts and their tables as one HTML file that opens without a network.

    Args:
        title: heading of the file.
        figures: each chart, and the rows behind it where it has rows of its own.
        about: lines below the title: what was chosen, snapshot, address.
    """
    told = "".join(f"<p class='about'>{_linked(line)}</p>" for line in about)
    sections = "".join(_section(figure, download) for figure, download in figures)
    return (
        f"<!doctype html><html lang='{language_now()}'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{html.escape(title)}</h1>{told}{sections}"
        f"<script>{_library()}</script><script>{_DRAW}</script></body></html>"
    )


@lru_cache(maxsize=1)
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle.replace("</script", "<\\/script")


def _section(figure: Figure, download: Download | None) -> str:
    spec = json.dumps(figure.without_words(), ensure_ascii=False).replace("<", "\\u003c")
    parts = [
        f"<section><h2>{html.escape(figure.title)}</h2>",
        f"<div class='chart' role='img' aria-label=\"{html.escape(figure.alt)}\"><div></div></div>",
        f"<script type='application/json'>{spec}</script>",
        f"<p class='source'>{html.escape(figure.source)}</p>",
    ]
    if download is not None:
        parts.append(_table(download))
    return "".join([*parts, "</section>"])


def _table(download: Download) -> str:
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in download.words()[1:])
    meanings = "".join(
        f"<li>{html.escape(f'{name}: {meaning}')}</li>"
        for name, _, meaning in download.dictionary()
    )
    title = html.escape(say("Table: {title}", title=download.title))
    legend = say("What the columns mean")
    return (
        f"<details><summary>{title}</summary><div class='table'>"
        f"{_rows(download.said().table)}</div><ul class='source'>{lines}</ul></details>"
        f"<details><summary>{html.escape(legend)}</summary><ul>{meanings}</ul></details>"
    )


def _rows(table: pd.DataFrame) -> str:
    heads = "".join(f"<th scope='col'>{html.escape(str(name))}</th>" for name in table)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _shown(value: Any) -> str:
    return in_digits(f"{value:,.10g}") if isinstance(value, float) else str(value)


def _linked(line: str) -> str:
    """A line in which an address can be clicked."""
    label, parted, address = line.partition(": ")
    if parted and address.startswith(("http://", "https://")):
        safe = html.escape(address)
        return f'{html.escape(label)}: <a href="{safe}">{safe}</a>'
    return html.escape(line)
