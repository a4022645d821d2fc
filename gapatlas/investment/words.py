"""Words that the pictures, tables and sentences of an investment share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from gapatlas.charts.amounts import span, tally, within_90
from gapatlas.languages import mark, say


@dataclass(frozen=True)
class OutcomeWords:
    """The words of one outcome as they stand inside a sentence, in English.

    Attributes:
        one_: one of what is counted.
        many_: what is counted.
        further_one_: one more of it than without the investment.
        further_: more of it than without the investment.
    """

    one_: str
    many_: str
    further_one_: str
    further_: str

    @property
    def one(self) -> str:
        """One of what is counted, in the language that is spoken."""
        return say(self.one_)

    @property
    def many(self) -> str:
        """What is counted, in the language that is spoken."""
        return say(self.many_)

    @property
    def further_one(self) -> str:
        """One more of it than without the investment, in the language that is spoken."""
        return say(self.further_one_)

    @property
    def further(self) -> str:
        """More of it than without the investment, in the language that is spoken."""
        return say(self.further_)


OUTCOME_WORDS: Final = {
    "convicted": OutcomeWords(
        mark("conviction"),
        mark("convictions"),
        mark("further conviction"),
        mark("further convictions"),
    ),
    "prosecuted": OutcomeWords(
        mark("prosecution"),
        mark("prosecutions"),
        mark("further prosecution"),
        mark("further prosecutions"),
    ),
    "referred": OutcomeWords(
        mark("survivor referred to services"),
        mark("survivors referred to services"),
        mark("further survivor referred to services"),
        mark("further survivors referred to services"),
    ),
}
"""Outcome of the model -> what it is called."""


def middle_words(row: Any) -> str:
    """The middle of the draws and their 90% interval, from columns q05, q50 and q95."""
    return within_90(tally(row.q50), span(row.q05, row.q95))
