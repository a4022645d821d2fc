"""Words, numbers and names in a reader's language."""

from __future__ import annotations

import json
import pickle
import string
from copy import deepcopy
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from babel.messages.pofile import read_po

from gapatlas.config import load_config, spoken
from gapatlas.languages import (
    LANGUAGES,
    catalogue_file,
    chart_locale,
    column_in_alphabet,
    day,
    decimal,
    either,
    grouped,
    in_alphabet,
    in_this_language,
    kept_by_language,
    language_now,
    names,
    packed,
    percentage,
    place_name,
    said,
    say,
    say_many,
    speak,
    speaking,
    unpacked,
    whole,
    worded,
    worded_many,
    words_of_table,
)
from tools import translations

ROOT = Path(__file__).parents[2]
OTHERS = LANGUAGES[1:]


@pytest.fixture(scope="module")
def template() -> translations.Catalog:
    return translations.template()


def catalogue(language: str) -> translations.Catalog:
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


def fields(text: str) -> set[str]:
    """Names in braces, with their formats if they have any."""
    parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    return {f"{name}:{spec}!{conversion}" for _, name, spec, conversion in parts}


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_spanish_and_french_stand_beside_english() -> None:
    assert {"en", "es", "fr"} <= set(LANGUAGES)
    assert LANGUAGES[0] == "en"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_what_the_app_says_and_no_more(
    language: str, template: translations.Catalog
) -> None:
    said = {(m.context, m.id) for m in template if m.id}
    kept = {(m.context, m.id) for m in catalogue(language) if m.id}
    assert kept == said, "run: python -m tools.translations update"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_the_values_of_its_message(language: str) -> None:
    for message in catalogue(language):
        wanted = {name for text in texts(message.id) for name in fields(text)}
        for text in filter(None, texts(message.string or "")):
            assert fields(text) <= wanted, message.id
            missing = wanted - fields(text)
            assert not missing or isinstance(message.id, tuple), (message.id, text)


def test_messages_leave_the_writing_of_numbers_to_the_language(
    template: translations.Catalog,
) -> None:
    for message in template:
        for text in texts(message.id):
            if "config" not in str(message.locations):
                assert all(name.endswith(":!None") for name in fields(text)), text


@pytest.mark.parametrize("language", OTHERS)
def test_each_translation_says_whether_somebody_has_read_it(language: str) -> None:
    for message in catalogue(language):
        assert set(message.user_comments) <= {translations.UNREVIEWED}, message.id
        assert not (message.user_comments and not message.string), message.id


def test_numbers_dates_and_shares_are_written_as_the_language_does() -> None:
    assert (whole(12345), decimal(1234.56), percentage(0.123)) == ("12,345", "1,234.6", "12%")
    with speaking("fr"):
        assert whole(12345) == "12\u202f345"
        assert decimal(1234.56, 2) == "1\u202f234,56"
        assert percentage(0.123, 1) == "12,3\u00a0%"
        assert day(date(2026, 11, 26)) == "26 novembre 2026"
        assert chart_locale()["locale"]["number"]["decimal"] == ","
    with speaking("es"):
        assert whole(12345) == "12.345"
        assert day(date(2026, 11, 26)) == "26 de noviembre de 2026"
    assert chart_locale() == {}


def test_what_no_catalogue_holds_is_said_as_it_is() -> None:
    with speaking("fr"):
        assert say("A word {of} an own config") == "A word {of} an own config"
        assert say_many("{n} xyz", "{n} xyzs", 2, n="2") == "2 xyzs"
        assert place_name("Thessalia") == "Thessalia"
        assert place_name("Germany", "DE") == "Allemagne"
        assert say("") == ""


def test_a_language_ends_with_its_block_and_follows_a_function_into_a_thread() -> None:
    with speaking("es"):
        later = in_this_language(language_now)
    assert (language_now(), later()) == ("en", "es")
    with pytest.raises(ValueError, match="allowed: en"), speaking("xx"):
        pass
    speak("no such language")
    assert language_now() == "en"


def test_kept_results_are_kept_by_language() -> None:
    calls: list[str] = []

    @kept_by_language(maxsize=8)
    def words(of: str) -> str:
        calls.append(of)
        return f"{language_now()} {of}"

    assert (words("a"), words("a")) == ("en a", "en a")
    with speaking("fr"):
        assert words("a") == "fr a"
    assert len(calls) == 2


def test_a_table_is_translated_in_headings_and_in_cells_that_are_words() -> None:
    table = pd.DataFrame({"Status": ["Not reported", "own text"], "Value": [1.0, None]})
    with speaking("fr"):
        told = words_of_table(table)
    assert list(told.iloc[:, 0]) != list(table["Status"])
    assert told.iloc[1, 0] == "own text"
    assert told.iloc[0, 1] == 1.0
    assert list(table.columns) == ["Status", "Value"]


def test_letters_with_accents_stand_beside_those_without() -> None:
    names_ = {"z": "Zambie", "e": "Égypte", "a": "Åland", "c": "Équateur", "es": "Espagne"}
    ordered = [names_[id_] for id_ in in_alphabet(names_, names_)]
    assert ordered == ["Åland", "Égypte", "Équateur", "Espagne", "Zambie"]
    table = pd.DataFrame({"count": [2, 1, 1], "name": ["Zambie", "Maroc", "Égypte"]})
    told = table.sort_values(["count", "name"], key=column_in_alphabet)
    assert list(told["name"]) == ["Égypte", "Maroc", "Zambie"]


def test_no_two_columns_of_a_table_get_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"Low": [1], "Lowest": [2], "Year": [3]})
    monkeypatch.setattr(names, "say", lambda text: {"Year": "Année"}.get(text, "Minimum"))
    with speaking("fr"):
        assert list(words_of_table(table).columns) == ["Low", "Lowest", "Année"]


def test_texts_that_no_catalogue_can_hold_are_found(tmp_path: Path) -> None:
    file = tmp_path / "words.py"
    file.write_text(
        '"""Documentation of a module."""\n'
        'LATER = "These words escaped"\n'
        'KEPT = mark("These are kept")\n'
        "def told(name, table):\n"
        '    """What it does."""\n'
        '    if name == "an id of ours":\n'
        '        raise ValueError("for those who write code")\n'
        '    table["Place code"] = say("{name} is told", name=name)\n'
        '    return f"{name} escapes here too"\n',
        encoding="utf-8",
    )
    assert [line for line, _ in translations.escaped(file)] == [2, 9]


def test_messages_are_found_inside_other_texts_and_with_their_context() -> None:
    code = "f\"**{say('One')}**\"; say_many('a', 'b', n); mark_as('menu', 'Two'); say(name)"
    found = set(translations.messages_in(code))
    assert found == {("One", None), (("a", "b"), None), ("Two", "menu")}


def test_words_of_a_config_are_said_and_ids_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(ROOT / "config.yaml").config
    monkeypatch.setattr(spoken, "say", lambda text: f"<{text}>")
    with speaking("fr"):
        told = spoken.in_language(config)
    measure = "convicted_per_prosecuted"
    assert told.measures[measure].title == f"<{config.measures[measure].title}>"
    assert told.measures[measure].numerator == config.measures[measure].numerator
    assert told.measures[measure].source == config.measures[measure].source
    assert spoken.in_language(config) is config


def test_a_worded_text_is_english_and_is_said_later() -> None:
    cells = worded("{count} cells, not {wanted}", count=3, wanted=2)
    rows = worded("And {count} more rows that can't be read.", count=grouped(12_345))
    assert (cells, rows) == ("3 cells, not 2", "And 12,345 more rows that can't be read.")
    with speaking("es"):
        assert worded("a number") == "a number"  # whatever language is spoken where it is made
        assert said(rows) == "Y 12.345 filas más que no se pueden leer."
        assert said(either(("a.csv", worded("a number")))) == "a.csv o un número"
        assert said("a number") == "a number"  # a cell that reads so


def test_values_of_a_worded_text_stay_as_they_are() -> None:
    text = worded("{names} in {file}", names="1,5", file="Place.csv")
    with speaking("fr"):
        assert said(text) == "1,5 dans Place.csv"


def test_a_worded_text_comes_back_from_another_process_and_from_a_copy() -> None:
    inner = worded_many("{n} cell", "{n} cells", 2, n=2)
    text = worded("{message} And {left} more rows.", message=inner, left=grouped(1_000))
    plain = json.loads(json.dumps(packed(text)))
    for copy in (unpacked(plain), pickle.loads(pickle.dumps(text)), deepcopy(text)):
        assert (copy, copy.unsaid) == (text, text.unsaid)
    assert (unpacked("a cell"), unpacked(None), packed(3)) == ("a cell", None, 3)


@pytest.mark.parametrize("field", ["{x.__class__}", "{x[0]}", "{x:>999}", "{x!r}", "{y}"])
def test_a_message_of_another_process_holds_its_values_and_nothing_else(field: str) -> None:
    with pytest.raises(ValueError, match="a message with"):
        unpacked({"message": f"a {field}", "values": {}, "names": {"x": "1"}})
