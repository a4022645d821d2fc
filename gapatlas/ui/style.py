"""Style rules of every page: on the screen, on paper, for a talk, and for those who want no motion.

They name Streamlit's parts by their test ids, which stay where class names change.
"""

from __future__ import annotations

from typing import Final

from gapatlas.ui.panels import map_style

SCREEN: Final = """
[data-testid="stMainBlockContainer"] { padding-top: 4rem; padding-bottom: 4rem; }
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.85; }
button[data-testid="stBaseButton-elementToolbar"]:is(
  [aria-label^="Show data"], [aria-label^="Download as CSV"]) { display: none; }
[data-testid="stPageLink"] a, [data-testid="stPageLink"] a * {
  white-space: normal; overflow: visible; height: auto;
}
.st-key-present_switch { justify-content: flex-end; margin-bottom: -1rem; }
[data-testid="stElementContainer"]:has(> .stHtml > script) { position: absolute; }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after {
    animation-duration: 0.01ms !important; animation-iteration-count: 1 !important;
    transition-duration: 0.01ms !important; scroll-behavior: auto !important;
  }
}
"""
"""Less space above, captions with a contrast above 4.5:1, and no room for a script. Links to pages
break into lines where a phone would cut them. Streamlit's own data view and CSV file show raw
columns without source or unit: each chart has a table and a download of ours instead."""
PRINT: Final = """
@media print {
  @page { margin: 12mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"],
  [data-testid="stStatusWidget"], [data-testid="stElementToolbar"], .st-key-present_switch,
  .stButton, .stDownloadButton, .stLinkButton, .stCheckbox, .stFileUploader, .stPopover,
  [data-testid="stExpander"]:has(details:not([open])), .stTooltipIcon { display: none !important; }
  .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"] {
    position: static !important; height: auto !important; overflow: visible !important;
  }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
  .stVegaLiteChart, .stDataFrame, .stAlert, tr { break-inside: avoid; }
  .stVegaLiteChart svg, .stVegaLiteChart canvas { max-width: 100% !important; }
  h1, h2, h3, [data-testid="stElementContainer"]:has(
    + [data-testid="stElementContainer"] .stVegaLiteChart) { break-after: avoid; }
  a[href^="http"]::after { content: " (" attr(href) ")"; font-size: 0.8em; word-break: break-all; }
}
"""
"""On paper: no menus, no buttons and no closed panels; no chart is cut; the address of a link."""
PRESENT: Final = """
html { font-size: 21px !important; }
[data-testid="stMain"] { scroll-snap-type: y mandatory; }
[data-testid="stMain"]:focus-visible { outline: none !important; box-shadow: none !important; }
[data-testid="stMainBlockContainer"] { padding-top: 3.5rem; padding-bottom: 40vh; }
[data-testid="stHorizontalBlock"] { flex-direction: column; align-items: stretch; }
[data-testid="stColumn"] { width: 100% !important; flex: none; }
[data-testid="stElementContainer"]:has(> * .vega-embed, > .stVegaLiteChart):not(
  [class*="st-key-map_frame"] *) { width: calc(100% / 1.3) !important; }
[data-testid="stElementContainer"]:not([class*="st-key-map_frame"] *) .stVegaLiteChart
  :is(svg, canvas).marks { zoom: 1.3; }
[data-testid="stMain"] :is(.stSelectbox, .stMultiSelect, .stSlider, .stButtonGroup, .stButton,
  .stNumberInput, .stTextInput, .stTextArea, .stExpander, .stDownloadButton, .stPageLink,
  .stAlert, .stCheckbox:not(.st-key-present_switch *)) { display: none; }
h1, [data-testid="stElementContainer"]:has(
  + [data-testid="stElementContainer"] .stVegaLiteChart),
[data-testid="stElementContainer"]:has(
  + [data-testid="stLayoutWrapper"] > [class*="st-key-map_frame"]) {
  scroll-snap-align: start; scroll-margin-top: 4rem;
}
[data-testid="stElementContainer"]:has(
  + [data-testid="stElementContainer"] .stVegaLiteChart) { margin-top: 60vh; }
"""
"""For a talk: one chart a screen in large type, without the controls. Page Down and Page Up go to
the next and the last one, since the page stops only where a chart begins."""


def style_of(*, present: bool) -> str:
    """The style of a page, as an element of HTML."""
    rules = "\n".join([map_style(), SCREEN, PRINT, *([PRESENT] if present else [])])
    return f"<style>\n{rules}\n</style>"
