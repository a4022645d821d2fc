"""Room `export`: files made from the same frame that a page shows."""

from gapatlas.export.cells import NOTHING_TO_DIVIDE_BY, STATUS_WORDS
from gapatlas.export.figure import Figure, for_notebook, html_of, save_chart
from gapatlas.export.readable import (
    header_lines,
    readable_reporting,
    readable_table,
    source_header,
)
from gapatlas.export.tables import Download, csv_of, csv_text, read_back, table_csv, xlsx_of

__all__ = [
    "NOTHING_TO_DIVIDE_BY",
    "STATUS_WORDS",
    "Download",
    "Figure",
    "csv_of",
    "csv_text",
    "for_notebook",
    "header_lines",
    "html_of",
    "read_back",
    "readable_reporting",
    "readable_table",
    "save_chart",
    "source_header",
    "table_csv",
    "xlsx_of",
]
