"""Briefs: every number in a sentence is a figure behind it, and every figure is the library's."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pypdf
import pytest

import gapatlas
from gapatlas import cli
from gapatlas.briefs import (
    Brief,
    Figure,
    Sentence,
    Shared,
    brief,
    brief_places,
    content_of,
)
from gapatlas.briefs.training import AT_LEAST
from gapatlas.languages import speaking
from gapatlas.links.offers import base_of
from gapatlas.tables import only_row
from tests.support import observation, write_world

SIX = ("ROU", "NLD", "DEU", "FRA", "ITA", "ESP")
ASKED = (("ROU",), ("AND",), ("TCD",), ("PRK",), ("US-TX",), ("US-TX", "US-CA"), SIX)
"""Rich, ranges only, silent, without a line, a state, two, and as many as fit."""
NUMBER = re.compile(r"(less than |more than )?(?<![\w.])(-?\d[\d,]*\d|-?\d)(\.\d+)?(%| million)?")
LEVEL = re.compile(r"\b9[05]%(?=:| interval)")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@pytest.fixture(scope="module")
def briefs(shipped: gapatlas.Atlas) -> dict[tuple[str, ...], Brief]:
    shared = Shared.of(shipped)
    return {asked: brief(shipped, asked, shared=shared) for asked in ASKED}


def every_sentence(briefs: dict[tuple[str, ...], Brief]) -> Iterator[Sentence]:
    for found in briefs.values():
        yield from found.sentences


def numbers(sentence: Sentence) -> Iterator[tuple[str, float, int, float, str]]:
    """Each number of a sentence: as printed, its value, its decimals, its scale, what precedes."""
    text = f"{sentence.lead} {sentence.text}"
    for figure in sorted(sentence.figures, key=lambda figure: -len(figure.unit)):
        text = text.replace(figure.unit, "")
    text = YEAR.sub("", LEVEL.sub("", text.replace("per 100 ", "")))
    for before, whole, decimals, sign in NUMBER.findall(text):
        scale = {"%": 100.0, " million": 1e-6}.get(sign, 1.0)
        value = float(whole.replace(",", "") + decimals)
        yield f"{before}{whole}{decimals}{sign}", value, max(len(decimals) - 1, 0), scale, before


def is_printed(value: float, decimals: int, scale: float, before: str, figure: Figure) -> bool:
    """Whether a printed number is one of the numbers of a figure."""
    own = (figure.low, figure.high, figure.start, figure.end)
    if before:
        return any(x < 0.01 if before == "less than " else x > 0.99 for x in own)
    step = 10.0**-decimals
    if figure.unit == "USD" and value >= 1000:
        step = 10.0 ** (math.floor(math.log10(value)) - 2)
    return any(abs(abs(x) * scale - abs(value)) <= step / 2 * 1.0001 for x in own)


def test_every_number_of_a_sentence_is_one_of_its_figures(briefs) -> None:
    checked = 0
    for sentence in every_sentence(briefs):
        assert sentence.figures, f"no figure behind: {sentence.text}"
        for printed, *number in numbers(sentence):
            assert any(is_printed(*number, figure) for figure in sentence.figures), (
                printed,
                sentence.text,
            )
            checked += 1
    assert checked > 300


def test_a_wrong_number_would_be_found(briefs) -> None:
    sentence = briefs["ROU",].headline
    wrong = replace(sentence, text=sentence.text.replace("718", "719"))
    told = [any(is_printed(*n, f) for f in wrong.figures) for _, *n in numbers(wrong)]
    assert told.count(False) == 1


def test_every_figure_has_interval_unit_and_source(briefs) -> None:
    for sentence in every_sentence(briefs):
        for figure in sentence.figures:
            assert figure.unit, figure
            assert figure.sure, figure
            assert not math.isnan(figure.start + figure.end) or math.isinf(figure.end), figure
            chosen = figure.sure == "chosen, not measured"
            assert chosen or (figure.source and figure.years[0] > 1900), figure


@pytest.mark.parametrize("place", ["ROU", "AND", "US-TX"])
def test_the_figures_are_those_of_the_library(shipped, briefs, place) -> None:
    told = {f.key: f for s in briefs[place,].sentences for f in s.figures}
    measure = "cleared_per_offence" if place == "US-TX" else "convicted_per_100_detected"
    years = told["numerator"].years
    row = only_row(shipped.measure(measure, jurisdictions=[place], years=years, window=5).data)
    if "value" in told:
        assert same(told["value"], row.value_low, row.value_high, row.low, row.high)
    assert same(told["numerator"], row.numerator_low, row.numerator_high)
    assert same(told["denominator"], row.denominator_low, row.denominator_high)
    gaps = gapatlas.find_gaps(shipped, measure, year=years[1], benchmark="median")
    gap = only_row(gaps.of(place))
    ends = (gap.expected_low, gap.expected_high, gap.expected_from, gap.expected_to)
    assert same(told["expected"], *ends)
    assert same(told["probability"], gap.probability_low, gap.probability_high)
    found = gapatlas.compare(shipped, measure, place, year=years[1])
    rank = only_row(found.ranks[found.ranks["jurisdiction_id"] == place])
    assert (told["rank"].start, told["rank"].end) == (rank.rank_low, rank.rank_high)
    assert same(told["middle"], *found.middle)
    lost = gapatlas.waterfall(shipped, place, gaps.frame.source_id, years).losses
    for step in lost.itertuples():
        ends = (step.low, step.high, step.interval_from, step.interval_to)
        assert same(told[f"lost:{step.key}"], *ends)


def same(figure: Figure, low: float, high: float, start: float | None = None, end=None) -> bool:
    ends = (low, high, low if start is None else start, high if end is None else end)
    return (figure.low, figure.high, figure.start, figure.end) == pytest.approx(ends, nan_ok=True)


def test_a_comparison_says_what_compare_says(shipped, briefs) -> None:
    first, *others = SIX
    found = gapatlas.compare(
        shipped, "convicted_per_100_detected", first, year=2022, peers="own", own=others
    )
    told = {f.place: f for s in briefs[SIX].sentences for f in s.figures if f.key == "difference"}
    for other in others:
        apart = found.against(other)
        ends = [float(end[0]) * 100 for end in (apart.difference, apart.low, apart.high)]
        figure = told[f"{first} {other}"]
        assert [figure.low, figure.start, figure.end] == pytest.approx(ends)


def test_training_is_what_invest_says_and_is_called_an_assumption(shipped, briefs) -> None:
    found = briefs["ROU",]
    part = next(part for part in found.parts if "training" in part.title)
    assert "No published study has measured" in part.note
    assert "no evidence" in part.note
    told = {f.key: f for s in part.sentences for f in s.figures}
    scenario = gapatlas.Scenario(budgets=(("ROU", (25_000.0,) * 4),))
    for preset in ("central", "sceptical", "null", "harm"):
        asked = replace(scenario, preset=preset)
        effect = gapatlas.invest(shipped, asked, base=base_of(shipped)).effect
        figure = told[f"further:{preset}"]
        assert figure.low == pytest.approx(float(sorted(effect.convictions)[4999]), abs=0.05)
        if preset == "central":
            assert told["chance"].low == effect.chance_of(AT_LEAST)
    assert told["further:null"].low == told["further:null"].end == 0


def test_too_little_data_is_said_and_not_drawn(briefs) -> None:
    silent = briefs["TCD",]
    by_title = {part.title: part for part in silent.parts}
    assert "Not reported is not zero" in silent.headline.text
    for title in ("Where are cases lost?", "Has it changed?"):
        assert by_title[title].unknown
        assert not by_title[title].pictures


# ------------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("asked", "paper", "pages"),
    [(("ROU",), "letter", 2), (SIX, "a4", 2), (SIX, "letter", 2), (("PRK",), "a4", 1)],
)
def test_a_pdf_has_two_tagged_pages_and_one_where_little_is_known(
    briefs, asked, paper, pages, tmp_path
) -> None:
    found = briefs[asked]
    file = found.save(tmp_path / "brief.pdf", paper=paper)
    pdf = pypdf.PdfReader(file)
    assert len(pdf.pages) == pages
    assert f"page{pages}of{pages}" in squeezed(pdf.pages[-1].extract_text())
    assert float(pdf.pages[0].mediabox.height) == pytest.approx(842 if paper == "a4" else 792, 1)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert alternatives(root["/StructTreeRoot"]) == [picture.alt for picture in found.pictures]
    assert all(fonts_inside(page) for page in pdf.pages)
    text = squeezed("".join(page.extract_text() for page in pdf.pages))
    for sentence in found.sentences:
        assert squeezed(sentence.text) in text
    for words in (*found.caveats, *found.sources, *(part.unknown for part in found.parts)):
        assert squeezed(words) in text


@pytest.fixture(scope="module")
def spanish(shipped: gapatlas.Atlas) -> Brief:
    with speaking("es"):
        return brief(shipped, "ROU")


def test_a_brief_in_another_language_has_the_same_figures(briefs, spanish) -> None:
    english = briefs["ROU",]
    same = ["sentence", "key", "place", "low", "high", "start", "end", "years", "source"]
    pd.testing.assert_frame_equal(spanish.figures[same], english.figures[same])
    assert [sorted(digits(each)) for each in spanish.sentences] == [
        sorted(digits(each)) for each in english.sentences
    ]
    assert not [each for each in spanish.sentences if "{" in each.lead + each.text]


def digits(sentence: Sentence) -> list[str]:
    """The numbers of a sentence, whatever stands between their digits."""
    found = re.findall(r"\d+(?:[.,\u00a0\u202f]\d+)*", f"{sentence.lead} {sentence.text}")
    return [re.sub(r"\D", "", number) for number in found]


def test_its_files_are_of_that_language(briefs, spanish, tmp_path) -> None:
    pdf = pypdf.PdfReader(spanish.save(tmp_path / "brief.pdf"))
    text = squeezed("".join(page.extract_text() for page in pdf.pages))
    page = spanish.save(tmp_path / "brief.html").read_text("utf-8")
    document = docx.Document(str(spanish.save(tmp_path / "brief.docx")))
    written = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert pdf.trailer["/Root"]["/Lang"] == "es"
    assert '<html lang="es">' in page
    assert document.core_properties.language == "es"
    assert spanish.link.endswith("&lang=es")
    headings = {part.title for part in briefs["ROU",].parts}
    for heading in headings | {"Sources", "The same view in the app", "page 1 of 2"}:
        assert squeezed(heading) not in text
        assert heading not in written
    assert "Lo que las cifras no pueden decir" in written
    assert "Rumanía" in written
    assert "Romania" not in written
    assert squeezed("página 2 de 2") in text


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def alternatives(element) -> list[str]:
    """Alternative texts of a structure tree, in reading order."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if not isinstance(element, dict):
        return []
    own = [str(element["/Alt"])] if "/Alt" in element else []
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        own += alternatives(kid)
    return own


def fonts_inside(page) -> bool:
    """Whether every font of a page travels with it."""
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    for font in fonts:
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = below["/FontDescriptor"].get_object()
        if not any(name in described for name in ("/FontFile2", "/FontFile3", "/FontFile")):
            return False
    return bool(fonts)


def test_the_same_brief_gives_the_same_bytes(shipped, briefs) -> None:
    again = gapatlas.brief(shipped, "US-TX")
    for format_ in ("pdf", "html", "docx"):
        assert content_of(again, format_) == content_of(briefs["US-TX",], format_), format_


def test_a_docx_holds_the_same_with_alternative_texts(briefs, tmp_path) -> None:
    found = briefs["ROU",]
    document = docx.Document(str(found.save(tmp_path / "brief.docx", paper="letter")))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for sentence in found.sentences:
        assert sentence.text in text
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert said == [picture.alt for picture in found.pictures]
    assert document.sections[0].page_width.mm == pytest.approx(215.9, abs=0.1)


def test_a_web_page_needs_nothing_else(briefs, tmp_path) -> None:
    page = briefs["ROU",].save(tmp_path / "brief.html").read_text("utf-8")
    assert page.count("<svg") == len(briefs["ROU",].pictures)
    assert "<script" not in page
    assert 'src="' not in page
    assert "url(http" not in page


# ------------------------------------------------------------------ hostile names, wrong choices


HOSTILE = ("#set page(height: 1cm)", "*bold* <script>alert(1)</script>", '"#panic("x")"')


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[gapatlas.Atlas]:
    """A world whose places have names that are markup elsewhere."""
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    ids = ("AAA", "BBB", "CCC")
    rows = [
        observation(place, year, stage, "persons", count)
        for place in ids
        for year in range(2018, 2023)
        for stage, count in (("prosecuted", 20), ("convicted", 9))
    ]
    path = write_world(tmp_path / "world", rows)
    places = path.parent / "places.csv"
    lines = places.read_text("utf-8").splitlines()
    for place, name in zip(ids, HOSTILE, strict=True):
        at = next(at for at, line in enumerate(lines) if line.startswith(f"{place},"))
        cells = lines[at].split(",")
        quoted = '"' + name.replace('"', '""') + '"'
        lines[at] = ",".join([cells[0], quoted, *cells[2:]])
    places.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with gapatlas.open_atlas(path) as atlas:
        yield atlas


def test_names_are_words_and_never_markup(hostile, tmp_path) -> None:
    found = gapatlas.brief(hostile, ["AAA", "BBB", "CCC"])
    pdf = pypdf.PdfReader(found.save(tmp_path / "brief.pdf"))
    assert len(pdf.pages) == 2
    assert float(pdf.pages[0].mediabox.height) > 800
    text = squeezed(pdf.pages[0].extract_text())
    page = found.save(tmp_path / "brief.html").read_text("utf-8")
    assert "<script" not in page
    written = "\n".join(
        p.text for p in docx.Document(str(found.save(tmp_path / "b.docx"))).paragraphs
    )
    for name in HOSTILE:
        assert squeezed(name) in text
        assert name in written


def test_all_places_are_written_and_failures_are_told(
    hostile, tmp_path, monkeypatch, capsys
) -> None:
    options = ["--all", "--out", tmp_path / "briefs", "--format", "html", "--json"]
    words = ["gapatlas", "brief", *options, "--config", hostile.config_path]
    monkeypatch.setattr(sys, "argv", [str(word) for word in words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    told = json.loads(capsys.readouterr().out)
    assert not end.value.code
    assert told["failed"] == {}
    written = {Path(path).stem for path in told["written"]}
    assert written == {path.stem for path in (tmp_path / "briefs").iterdir()}
    assert written == set(brief_places(hostile))


@pytest.mark.parametrize("asked", [[], [*SIX, "BEL"]])
def test_none_and_seven_places_are_refused(shipped, asked) -> None:
    with pytest.raises(gapatlas.GapAtlasError, match="1 to 6"):
        gapatlas.brief(shipped, asked)


@pytest.mark.parametrize("name", ["brief.odt", "brief"])
def test_another_ending_writes_nothing(briefs, tmp_path, name) -> None:
    with pytest.raises(gapatlas.GapAtlasError, match=r"\.pdf, \.html, \.docx"):
        briefs["PRK",].save(tmp_path / name)
    assert not list(tmp_path.iterdir())
