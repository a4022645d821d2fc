"""Room `briefs`: two pages on a place, or on a comparison of up to six, as PDF, HTML and DOCX.

import gapatlas
atlas = gapatlas.open_atlas("config.yaml")
found = gapatlas.brief(atlas, ["ROU"], year=2022, window=5)
found.sentences, found.figures
found.save("brief.pdf", paper="letter")
"""

from gapatlas.briefs.making import brief, brief_places, briefs_of, path_in
from gapatlas.briefs.model import PAPERS, Brief, Figure, Paper, Sentence
from gapatlas.briefs.several import MOST
from gapatlas.briefs.shared import Shared
from gapatlas.briefs.writing import FORMATS, Format, content_of, format_of

__all__ = [
    "FORMATS",
    "MOST",
    "PAPERS",
    "Brief",
    "Figure",
    "Format",
    "Paper",
    "Sentence",
    "Shared",
    "brief",
    "brief_places",
    "briefs_of",
    "content_of",
    "format_of",
    "path_in",
]
