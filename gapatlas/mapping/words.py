"""Words of an office for stages, units, sexes, ... as ours."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

from gapatlas.config.mapping_rules import known_words
from gapatlas.config.vocabulary import STAGE_UNITS, Stages
from gapatlas.languages import worded
from gapatlas.mapping.findings import CellFault
from gapatlas.mapping.texts import folded, in_flow, plain


def with_folded(codes: Mapping[str, str]) -> dict[str, str]:
    """Codes as the config writes them, and without case and accents where only one is so.

    Both stand in one table: an exact code goes before, see `code_of`.
    """
    exact = {plain(code): word for code, word in codes.items()}
    alike: dict[str, set[str]] = {}
    for code, word in exact.items():
        alike.setdefault(folded(code), set()).add(word)
    loose = {code: words.pop() for code, words in alike.items() if len(words) == 1 and code}
    return loose | exact


def code_of(cell: str, codes: Mapping[str, str]) -> str | None:
    """What a cell is in codes from `with_folded`; None if it is not there."""
    return codes.get(cell, codes.get(folded(cell)) if cell else None)


def word_reader(
    kind: str, ours: str, column: str, codes: Mapping[str, str], stages: Stages = STAGE_UNITS
) -> Callable[[str], str | CellFault]:
    """Reads the cells of a column that holds words.

    Args:
        kind: kind of the table.
        ours: our column that the words are for.
        column: column of the file.
        codes: cell -> our word.
        stages: every stage with its units.
    """
    known = known_words(kind, ours, stages)
    loose = with_folded(codes)

    def read(cell: str) -> str | CellFault:
        word = code_of(cell, loose)
        if word is not None:
            return word
        if not known or cell in known or (ours == "status" and not cell):
            return cell
        return _unknown(cell, ours, column, known)

    return read


def _unknown(cell: str, ours: str, column: str, known: tuple[str, ...]) -> CellFault:
    near = difflib.get_close_matches(cell.casefold(), known, n=2, cutoff=0.7)
    codes = f"`codes: {{{in_flow(cell)}: {near[0] if near else '...'}}}`"
    drop = f"`drop: {{{in_flow(column)}: [{in_flow(cell)}]}}`"
    return CellFault(
        worded("This is no {ours} known here, and `codes` does not list it.", ours=ours),
        worded(
            "{words}; with a line {codes} under `{ours}:`, or {drop} under `map:`",
            words=", ".join(near or known),
            codes=codes,
            ours=ours,
            drop=drop,
        ),
    )
