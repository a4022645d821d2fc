"""Sources as text, BibTeX and CSL-JSON: every field is the descriptor's, and nothing is made up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gapatlas.citations import cite
from gapatlas.measures import Source

OFFICE = Source(
    source_id="office",
    dataset_id="office_2024",
    short="Office",
    title="Cases & outcomes_2024 {final} 100%",
    publisher="Office of Examples",
    edition="first edition",
    licence="made up, free to use",
    citation="Office of Examples, Made-up counts, 2024.",
    method="",
    caveats=(),
    published="2024-04-14",
    terms_url="https://example.org/terms",
)
ARCHIVE = replace(OFFICE, dataset_id="archive", published="after 2023", terms_url="")


def csl(source: Source) -> dict[str, Any]:
    (item,) = json.loads(cite([source], "csl-json"))
    return dict(item)


def test_text_has_one_source_a_line() -> None:
    line = "Office of Examples, Made-up counts, 2024. (first edition; made up, free to use)"
    assert cite([OFFICE, ARCHIVE]) == f"{line}\n{line}"


def test_bibtex_has_one_entry_a_source_and_prints_every_sign() -> None:
    assert cite([OFFICE], "bibtex") == "\n".join(
        (
            "@misc{office_2024,",
            "  author = {{Office of Examples}},",
            r"  title = {{Cases \& outcomes\_2024 \{final\} 100\%}},",
            "  year = {2024},",
            "  howpublished = {Data set: first edition},",
            "  note = {Office of Examples, Made-up counts, 2024. Terms: made up, free to use.},",
            "  url = {https://example.org/terms},",
            "}",
        )
    )
    assert cite([OFFICE, ARCHIVE], "bibtex").count("@misc{") == 2


def test_csl_json_is_a_list_of_datasets() -> None:
    assert csl(OFFICE) == {
        "id": "office_2024",
        "type": "dataset",
        "title": OFFICE.title,
        "author": [{"literal": "Office of Examples"}],
        "issued": {"date-parts": [[2024, 4, 14]]},
        "version": "first edition",
        "note": "Office of Examples, Made-up counts, 2024. Terms: made up, free to use.",
        "URL": "https://example.org/terms",
    }


def test_a_date_that_is_not_known_is_told_in_words_and_never_made_a_year() -> None:
    assert csl(ARCHIVE)["issued"] == {"literal": "after 2023"}
    assert "year =" not in cite([ARCHIVE], "bibtex")
    assert "Published: after 2023." in cite([ARCHIVE], "bibtex")


def test_a_source_without_a_date_has_none() -> None:
    undated = replace(OFFICE, published="")
    assert "issued" not in csl(undated)
    assert "Published" not in cite([undated], "bibtex")


@pytest.mark.parametrize(("published", "parts"), [("2020", [2020]), ("2020-05", [2020, 5])])
def test_a_date_is_as_precise_as_it_is_known(published: str, parts: list[int]) -> None:
    assert csl(replace(OFFICE, published=published))["issued"] == {"date-parts": [parts]}


def test_another_style_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="text, bibtex, csl-json"):
        cite([OFFICE], "apa")  # type: ignore[arg-type]
