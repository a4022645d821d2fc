"""Columns that look as if they name or find a person: by their header, and by their cells."""

from __future__ import annotations

import pandas as pd
import pytest

from gapatlas.casefile.personal import (
    BIRTH,
    CONTACT,
    NAME,
    cell_finding,
    header_finding,
    may_be_printed,
)

NAMES = (
    "Name", "name", "NAMES", "Defendant name", "defendant_name", "DefendantName", "defendantname",
    "LAST_NAME", "lastName", "Surname", "First name(s)", "Given names", "Nom", "Prénom",
    "Apellidos", "Nachname", "alias", "A.K.A. / aka", "Case name", "Name of judge", "username",
    "Фамилия", "姓名", "name of defendant's court",
)  # fmt: skip
BIRTHS = (
    "DOB",
    "d_o_b dob",
    "Date of birth",
    "BirthDate",
    "birth_year",
    "YOB",
    "Born",
    "Geburtsdatum",
)
CONTACTS = (
    "SSN",
    "Social security no.",
    "passport",
    "Phone",
    "e_mail email",
    "Home address",
    "ZipCode",
)
HARMLESS = (
    "No", "Court", "Name of court", "court_name", "CountyName", "filename", "Statute name", "Filed",
    "Year", "Outcome", "Defendant", "Victims", "Place of birth", "Consent", "tenement",
    "Group", "", "  ",
)  # fmt: skip


@pytest.mark.parametrize("header", NAMES)
def test_a_header_that_says_name_is_found(header: str) -> None:
    assert header_finding(header) == NAME


@pytest.mark.parametrize("header", BIRTHS)
def test_a_header_that_says_birth_is_found(header: str) -> None:
    assert header_finding(header) == BIRTH


@pytest.mark.parametrize("header", CONTACTS)
def test_a_header_that_says_where_to_find_a_person_is_found(header: str) -> None:
    assert header_finding(header) == CONTACT


@pytest.mark.parametrize("header", HARMLESS)
def test_a_header_that_names_a_thing_is_none_of_these(header: str) -> None:
    assert header_finding(header) is None


def cells(*texts: str, rows: int = 1) -> pd.DataFrame:
    return pd.DataFrame({"text": texts, "rows": [rows] * len(texts)})


@pytest.mark.parametrize(
    "found",
    [
        cells("Abara, Jo", "Bakke, Liv", "Ciobanu, Ana"),
        cells("JO ABARA", "LIV M. BAKKE", "ANA-MARIA CIOBANU"),
        cells("jo abara", "o'neill", "d’Arcy, jean-luc"),
        cells("Ångström, Åke", "Çelik Ümit", "Иван Петров"),
        cells("Abara", "Bakke", "Ciobanu", "N-17"),
        cells(*(f"Abara {chr(97 + i)}{chr(97 + j)}" for i in range(20) for j in range(15)), rows=9),
    ],
    ids=["surname first", "capitals", "small letters", "other letters", "with a gap", "repeated"],
)
def test_cells_of_names_are_found(found: pd.DataFrame) -> None:
    assert cell_finding(found) == NAME


@pytest.mark.parametrize(
    "dates",
    [
        ("1980-05-31", "1975-01-02", "1990-12-12"),
        ("19800531", "19750102", "19901212"),
        ("31.05.1980", "2/1/75", "12-12-1990"),
        ("31 May 1980", "2 Jan 1975", "12 December 1990"),
        ("May 31, 1980", "Jan. 2, 1975", "December 12 1990"),
    ],
)
def test_cells_of_dates_are_found(dates: tuple[str, ...]) -> None:
    assert cell_finding(cells(*dates)) == BIRTH


def test_cells_of_addresses_are_found() -> None:
    assert cell_finding(cells("a@b.org", "c.d@e.fr", "N-1")) == CONTACT


@pytest.mark.parametrize(
    "harmless",
    [
        cells("N-001", "N-002", "N-003"),
        cells("2010", "2011"),
        cells("18 USC 1591", "18 USC 1589"),
        cells("K0000100002", "K0000100007"),
        cells("Sex trafficking", "Forced labour", rows=400),
        cells("20150017", "20159901"),
        cells("3f2b", "9c0e", "77aa"),
        cells(),
    ],
    ids=["keys", "years", "laws", "long keys", "few words", "no dates", "hashes", "nothing"],
)
def test_keys_years_laws_and_a_few_words_are_none_of_these(harmless: pd.DataFrame) -> None:
    assert cell_finding(harmless) is None


KNOWN = ("GP", "guilty_plea", "Acquitted", "North", "yes", "no")


@pytest.mark.parametrize(
    "text",
    ["Abara, Jo", "Jo Abara", "31.05.1980", "1980-05-31", "a@b.org", " Jo  Abara ", "Abara", "Lee",
     "Noe", "Norton", "abara"],
)  # fmt: skip
def test_a_text_that_could_name_a_person_is_not_printed(text: str) -> None:
    assert not may_be_printed(text, KNOWN)


@pytest.mark.parametrize(
    "text", ["", "XX", "gulty_plea", "Acquited", "acquitted", "Nroth", "20x1", "N-17", "2011"]
)
def test_a_slip_may_be_printed(text: str) -> None:
    assert may_be_printed(text, KNOWN)
