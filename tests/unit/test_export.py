"""Files made from a frame: they come back as the same frame, and say where it is from."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import gapatlas
from gapatlas.atlas import AtlasFrame, open_atlas
from gapatlas.errors import GapAtlasError
from gapatlas.export import (
    STATUS_WORDS,
    Download,
    csv_of,
    csv_text,
    header_lines,
    readable_reporting,
    readable_table,
    source_header,
    table_csv,
    xlsx_of,
)
from gapatlas.export.cells import CODES
from gapatlas.languages import LANGUAGES, language_now, say, speaking
from tests.support import DESCRIPTOR, PLACES, observation, write_world

MEASURE = "convicted_per_prosecuted"
NAMES = ('"Alpha, ""the"" land"', '"Beta\nland"', "Gamma #3", "=1+1")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        observation("AAA", 2020, "convicted", "persons", 4),
        observation("AAA", 2020, "prosecuted", "persons", 12),
        observation("BBB", 2020, "convicted", "persons", "<5"),
        observation("BBB", 2020, "prosecuted", "persons", 9),
        observation("CCC", 2020, "convicted", "persons", 3),
        observation("CCC", 2020, "prosecuted", "persons", None),
        observation("DDD", 2020, "convicted", "persons", 3),
        observation("DDD", 2020, "prosecuted", "persons", 0),
    ]
    path = write_world(tmp_path_factory.mktemp("world"), rows)
    places = PLACES
    for plain, odd in zip(("Alphaland", "Betaland", "Gammaland", "Deltaland"), NAMES, strict=True):
        places = places.replace(plain, odd)
    (path.parent / "places.csv").write_text(places, encoding="utf-8")
    odd_words = {"caveats": ["One line\nand another, with a # and a ,"], "method": "as\nprinted"}
    text = yaml.safe_dump({**DESCRIPTOR, **odd_words}, sort_keys=False)
    (path.parent / "office.yaml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def frame(path: Path) -> AtlasFrame:
    with open_atlas(path) as atlas:
        return atlas.measure(MEASURE, years=2020)


def read_back(text: str) -> pd.DataFrame:
    """The rows as pandas alone reads them, told of the codes for missing numbers."""
    return pd.read_csv(io.StringIO(text), comment="#", na_values=list(CODES)[:-2])


def header_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("# ")]


# ------------------------------------------------------------------ round trip


def test_a_frame_comes_back_as_it_was(frame: AtlasFrame) -> None:
    back = read_back(csv_text(frame))
    expected = frame.data.copy()
    expected.loc[expected["name"] == "=1+1", "name"] = "'=1+1"
    pd.testing.assert_frame_equal(back, expected.reset_index(drop=True), check_dtype=False)


def test_names_with_commas_quotes_line_breaks_and_hashes_come_back(frame: AtlasFrame) -> None:
    names = read_back(csv_text(frame))["name"].tolist()
    assert names == ['Alpha, "the" land', "Beta\nland", "Gamma #3", "'=1+1"]


def test_what_is_absent_has_a_code_and_is_never_a_nought(frame: AtlasFrame) -> None:
    back = read_back(csv_text(frame)).set_index("jurisdiction_id")
    assert back.loc["CCC", "status"] == "not_reported"
    counts = ["value", "low", "high", "numerator_low", "denominator_high"]
    assert back.loc["CCC", counts].isna().all()
    assert np.isnan(back.loc["BBB", "value"])
    (line,) = [line for line in csv_text(frame).split("\n") if line.startswith("CCC")]
    assert line.startswith('CCC,"Gamma #3",2020,2020,not reported,not reported,not reported,')


def test_a_count_over_nought_stays_without_limit(frame: AtlasFrame) -> None:
    back = read_back(csv_text(frame)).set_index("jurisdiction_id")
    assert back.loc["DDD", "high"] == np.inf


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\n"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(sign: str) -> None:
    text = table_csv(pd.DataFrame({"name": [f"{sign}SUM(A1)"], "n": [-1.5]}), [])
    back = read_back(text)
    assert back["name"][0] == f"'{sign}SUM(A1)"
    assert back["n"][0] == -1.5


@pytest.mark.parametrize("absent", [None, np.nan, pd.NA, float("nan")])
def test_every_kind_of_absent_value_is_an_empty_cell(absent: object) -> None:
    table = pd.DataFrame({"a": pd.Series([absent], dtype=object), "b": ["x"]})
    assert table_csv(table, []) == "a,b\n,x\n"


def test_whole_numbers_stay_whole_beside_gaps() -> None:
    table = pd.DataFrame({"n": pd.array([1, None, 3], dtype="Int64"), "m": [1.0, 2.5, 1e-7]})
    assert table_csv(table, []) == "n,m\n1,1.0\n,2.5\n3,1e-07\n"


def test_spaces_around_a_text_are_kept() -> None:
    table = pd.DataFrame({"name": [" a ", "b"]})
    assert read_back(table_csv(table, []))["name"].tolist() == [" a ", "b"]


def test_column_names_follow_the_same_rules() -> None:
    text = table_csv(pd.DataFrame({"a,b": [1], "#c": [2], "=d": [3]}), [])
    assert list(read_back(text).columns) == ["a,b", "#c", "'=d"]


# ------------------------------------------------------------------ header


def test_the_header_says_what_it_is_and_where_it_is_from(frame: AtlasFrame) -> None:
    header = "\n".join(header_of(csv_text(frame)))
    for part in (
        "Made-up convicted persons per prosecuted persons",
        "Unit: persons per persons",
        "Definition: One made-up count divided by another.",
        "Window: 1 year(s)",
        "Source: Office of Examples, Made-up counts, 2024. Edition: first edition.",
        "Terms: made up for tests",
        "Not reported does not mean zero.",
        f"Gap Atlas snapshot {frame.snapshot_id}",
    ):
        assert part in header, part


def test_a_caveat_with_line_breaks_stays_one_header_line(frame: AtlasFrame) -> None:
    text = csv_text(frame)
    assert "# Note: As published: as printed." in header_of(text)
    first = text.split("\n")[len(header_of(text))]
    assert first.startswith("jurisdiction_id,name,year_from")


def test_the_header_of_one_source_carries_its_caveats(path: Path) -> None:
    with open_atlas(path) as atlas:
        lines = source_header("Title\nin two", atlas.source("office"), "abc")
    text = table_csv(pd.DataFrame({"a": [1]}), lines)
    assert len(header_of(text)) == len(lines) == 4
    assert "# Note: One line and another, with a # and a ," in header_of(text)
    assert read_back(text)["a"].tolist() == [1]


def test_a_frame_saves_and_cites_itself(frame: AtlasFrame, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    assert frame.to_csv(target) == csv_text(frame)
    assert target.read_bytes().decode() == csv_text(frame)
    assert frame.cite().startswith("Office of Examples, Made-up counts, 2024. (first edition;")


# ------------------------------------------------------------------ other languages


@pytest.fixture(params=LANGUAGES[1:])
def elsewhere(path: Path, request: pytest.FixtureRequest) -> Iterator[list[Download]]:
    """Figures as code has them and as readers see them, while another language is spoken."""
    with speaking(request.param), open_atlas(path) as atlas:
        found = atlas.measure(MEASURE, years=2020)
        readable = readable_table(found.data, found.measure)
        yield [Download.of_frame(found), Download.of(readable, list(header_lines(found)))]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_in_any_language_gives_back_what_one_in_english_does(
    elsewhere: list[Download], ending: str, tmp_path: Path
) -> None:
    def written(download: Download) -> Path:
        file = tmp_path / f"{language_now()}.{ending}"
        content = csv_of(download).encode() if ending == "csv" else xlsx_of(download)
        file.write_bytes(content)
        return file

    for download in elsewhere:
        said = written(download)
        with speaking("en"):
            english = written(download)
        assert said.read_bytes() != english.read_bytes()
        back = gapatlas.read_back(said)
        assert list(back.columns) == list(download.rows.columns)
        pd.testing.assert_frame_equal(back, gapatlas.read_back(english))


def test_a_file_speaks_one_language(elsewhere: list[Download]) -> None:
    *_, readable = elsewhere
    text = csv_of(readable)
    header = header_of(text)
    back = pd.read_csv(io.StringIO(text), comment="#")
    assert list(back.columns[:2]) == [say("Place"), say("Years")]
    assert back[say("Value")].tolist()[1:] == [
        say("range"),
        say("not reported"),
        say("not defined"),
    ]
    told = [line for line in header if not line.startswith("# In English: ")]
    assert len(told) == len(header) - 1
    for word in ("Source:", "Unit:", "Note:", "Code:", 'Column "', "not reported", "Exact counts"):
        assert word not in "\n".join(told) + text.removeprefix("\n".join(header)), word
    assert "0.3333" in text


def test_no_program_takes_a_spanish_thousand_for_one(tmp_path: Path) -> None:
    texts = ["1.623", "1.000.000 a 2.000.000", "0,44", "de 5"]
    with speaking("es"):
        text = csv_of(Download("T", pd.DataFrame({"Persons convicted": texts})))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    thin = "\N{NARROW NO-BREAK SPACE}"
    whole, range_, *others = text.split("\n")[-5:-1]
    assert (whole, range_) == (f"1{thin}623", f"1{thin}000{thin}000 a 2{thin}000{thin}000")
    assert others == ['"0,44"', "de 5"]
    assert gapatlas.read_back(tmp_path / "a.csv")["Persons convicted"].tolist() == texts


# ------------------------------------------------------------------ tables for readers


def test_the_table_twin_has_words_for_gaps(frame: AtlasFrame) -> None:
    table = readable_table(frame.data, frame.measure).set_index("Place")
    assert table["Status"].tolist() == [
        STATUS_WORDS["exact"],
        STATUS_WORDS["censored"],
        STATUS_WORDS["not_reported"],
        STATUS_WORDS["exact"],
    ]
    assert table["Persons convicted"].tolist()[:2] == ["4", "0 to 4"]
    assert table["Years used"].tolist() == [1, 1, 0, 1]
    assert table["Value"].isna().tolist()[:3] == [False, True, True]


def test_the_table_of_coverage_names_only_the_columns_there_are(path: Path) -> None:
    with open_atlas(path) as atlas:
        counts = readable_reporting(atlas.reporting("office"))
        people = readable_reporting(atlas.reporting("people"))
    assert {"Place", "Year", "Stages reported"} <= set(counts.columns)
    assert "Stages reported" not in people.columns
    assert {"Place", "Year", "People", "Status"} <= set(people.columns)


def test_the_library_saves_rows_and_charts_as_the_app_does(
    frame: AtlasFrame, tmp_path: Path
) -> None:
    frame.to_csv(tmp_path / "a.csv")
    frame.to_xlsx(tmp_path / "a.xlsx")
    back = gapatlas.read_back(tmp_path / "a.xlsx")
    pd.testing.assert_frame_equal(back, gapatlas.read_back(tmp_path / "a.csv"))
    pd.testing.assert_frame_equal(back, frame.data.reset_index(drop=True), check_dtype=False)

    chart = frame.chart("dots")
    for ending, start in {
        "png": b"\x89PNG",
        "svg": b"<svg",
        "json": b"{",
        "html": b"<!doc",
    }.items():
        gapatlas.save_chart(chart, tmp_path / f"a.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes().startswith(start)
    told = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert all(f"<td>{html.escape(name)}</td>" in told for name in frame.data["name"])
    assert frame.sources[0].citation in told


def test_what_is_no_download_is_refused(frame: AtlasFrame, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(GapAtlasError, match="a CSV or Excel file that Gap Atlas has written"):
        gapatlas.read_back(tmp_path / "a.csv")
    with pytest.raises(GapAtlasError, match=r"Allowed: \.png, \.svg, \.json, \.html"):
        gapatlas.save_chart(frame.chart("dots"), tmp_path / "a.gif")
    assert not (tmp_path / "a.gif").exists()
