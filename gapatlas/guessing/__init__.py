"""Room `guessing`: what a table of an office seems to hold, as a block for the config.

What is not sure carries a question mark, for a person to answer.
"""

from gapatlas.guessing.block import (
    Block,
    block_of,
    descriptor_text,
    id_of,
    indicator_text,
    places_text,
)
from gapatlas.guessing.columns import Guess, guess
from gapatlas.guessing.opening import Opened, opened
from gapatlas.guessing.starting import Started, start

__all__ = [
    "Block",
    "Guess",
    "Opened",
    "Started",
    "block_of",
    "descriptor_text",
    "guess",
    "id_of",
    "indicator_text",
    "opened",
    "places_text",
    "start",
]
