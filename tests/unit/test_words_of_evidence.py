"""What is said of cases says the same figures in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from gapatlas.cases.findings import Finding, more_often, range_text
from gapatlas.evidence import VIEWS, CaseEvidence
from gapatlas.evidence.sentences import acquittal_sentence
from gapatlas.languages import (
    LANGUAGES,
    kept,
    said_of,
    speaking,
    unsaid,
    unsaid_many,
    words_of_table,
)
from tests.evidence_world import counts_alone, made_up_cases

OTHERS = LANGUAGES[1:]


def told(found: CaseEvidence) -> Iterator[str]:
    """All that readers see of a dataset: sentences, pictures, and headings and cells of tables."""
    yield from found.sentences("outcomes", split="place")
    yield from found.sentences("outcomes", split="victims_band", outcome="dismissed")
    yield acquittal_sentence(found)
    for view in VIEWS:
        yield found.why_empty(view)
        for picture in found.pictures(view, split="place"):
            yield from (picture.title, picture.source, picture.alt)
            table = words_of_table(picture.table())
            yield " ".join(map(str, table.columns))
            yield " ".join(f"{cell}" for row in table.itertuples(index=False) for cell in row)


@cache
def texts(language: str, made: Callable[[], CaseEvidence]) -> list[str]:
    with speaking(language):
        return [text for text in told(made()) if text]


def figures(text: str) -> Counter[str]:
    return Counter(sign for sign in text if sign.isdigit())


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("made", [made_up_cases, counts_alone])
def test_every_language_says_the_same_figures_and_no_english(made, language):
    english, said = texts("en", made), texts(language, made)

    assert len(said) == len(english)
    for theirs, ours in zip(said, english, strict=True):
        assert figures(theirs) == figures(ours)
        assert theirs != ours
        assert "{" not in theirs


@pytest.mark.parametrize("language", OTHERS)
def test_a_kept_sentence_is_said_in_the_language_of_its_reader(language):
    points = more_often(-12.0)
    finding = Finding("x", (unsaid("{texts}; {last}", texts=points, last=range_text(-3, 4)),), True)
    text = kept(finding.sentences)

    assert said_of(text) == finding.text == "12 percentage points less often; 3 less to 4 more"
    with speaking(language):
        assert said_of(text) == finding.text
        assert figures(finding.text) == Counter("1234")
        assert "percentage" not in finding.text


def test_a_kept_number_has_the_signs_and_the_form_of_the_language():
    text = kept(
        [unsaid_many("{number} victim", "{number} victims", n, number=f"{n:,}") for n in (1, 2000)]
    )

    assert said_of(text) == "1 victim 2,000 victims"
    with speaking("es"):
        assert said_of(text) == "1 víctima 2.000 víctimas"
