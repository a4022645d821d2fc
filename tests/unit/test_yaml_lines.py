"""YAML that keeps its lines and refuses what can be misread."""

from __future__ import annotations

from pathlib import Path

import pytest

from gapatlas.config.yaml_lines import MAX_BYTES, MAX_DEPTH, read_yaml
from gapatlas.errors import ConfigError, Problem

pytestmark = pytest.mark.usefixtures("said_problems")


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "words.yaml"
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def refusal(folder: Path, content: str | bytes) -> Problem:
    with pytest.raises(ConfigError) as caught:
        read_yaml(write(folder, content))
    (problem,) = caught.value.problems
    assert problem.where == "words.yaml"
    return problem


def test_plain_yaml_is_read_as_it_stands(tmp_path: Path) -> None:
    text = "name: Ørland\ncount: -12\nshare: 0.5\non_show: true\nlist: [a, 'NO', 3]\nnone: null\n"
    assert read_yaml(write(tmp_path, text)).data == {
        "name": "Ørland",
        "count": -12,
        "share": 0.5,
        "on_show": True,
        "list": ["a", "NO", 3],
        "none": None,
    }


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    document = read_yaml(write(tmp_path, "a: 1\nb:\n  - x\n  - y:\n      z: 2\n"))
    lines = {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "y"): 4,
        ("b", 1, "y", "z"): 5,
    }
    assert document.lines == lines


def test_a_path_that_is_not_there_has_the_line_of_its_nearest_parent(tmp_path: Path) -> None:
    document = read_yaml(write(tmp_path, "a: 1\nb:\n  c: 2\n"))
    assert document.line_of(("b", "missing", "deeper")) == 2
    assert document.line_of(("missing",)) == 1


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    document = read_yaml(write(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n"))
    assert document.data == {"a": 1, "b": 2}
    assert document.line_of(("b",)) == 2


@pytest.mark.parametrize("word", ["NO", "no", "No", "yes", "YES", "on", "Off", "off"])
def test_a_word_that_yaml_reads_as_true_or_false_is_refused(tmp_path: Path, word: str) -> None:
    problem = refusal(tmp_path, f"a: 1\ncode: {word}\n")
    assert (problem.row, problem.found) == (2, word)
    assert problem.allowed == f'"{word}" in quotes for the text, or true / false'


def test_such_a_word_is_refused_as_a_key_and_in_a_list_too(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a: 1\nNO: 2\n").row == 2
    assert refusal(tmp_path, "a:\n  - SE\n  - NO\n").row == 3


@pytest.mark.parametrize("key", ["null", "Null", "~"])
def test_a_key_that_yaml_reads_as_nothing_is_refused(tmp_path: Path, key: str) -> None:
    problem = refusal(tmp_path, f"a: 1\nb:\n  {key}: 2\n")
    assert (problem.row, problem.found) == (3, key)
    assert problem.message == "YAML reads this key as nothing at all."
    assert read_yaml(write(tmp_path, f'b:\n  "{key}": 2\n')).data == {"b": {key: 2}}


def test_a_word_in_quotes_is_the_text(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "a: \"NO\"\nb: 'yes'\n")).data == {"a": "NO", "b": "yes"}


@pytest.mark.parametrize("number", ["010", "0x1F", "0b11", "1:30", "190:20:30", "1:30.5", "9" * 99])
def test_a_number_that_yaml_reads_as_another_is_refused(tmp_path: Path, number: str) -> None:
    problem = refusal(tmp_path, f"a: 1\ncount: {number}\n")
    assert problem.row == 2
    assert problem.message == "YAML reads this as another number."
    assert problem.found is not None
    assert len(problem.found) <= 80


@pytest.mark.parametrize("date", ["2024-01-31", "2024-13-45", "2024-01-31 10:00:00"])
def test_a_date_stays_the_text_that_it_is(tmp_path: Path, date: str) -> None:
    assert read_yaml(write(tmp_path, f"published: {date}\n")).data == {"published": date}


def test_a_duplicate_key_is_refused_with_both_lines(tmp_path: Path) -> None:
    problem = refusal(tmp_path, "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n")
    assert problem.row == 5
    assert problem.message == "The key 'c' stands twice; the first is in line 3."


def test_the_same_key_in_two_places_is_no_duplicate(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "a: {x: 1}\nb: {x: 2}\n")).data["b"] == {"x": 2}


@pytest.mark.parametrize("text", ["a: 1\nb: &anchor 2\n", "a: 1\nb: *nothing\n"])
def test_anchors_and_aliases_are_refused(tmp_path: Path, text: str) -> None:
    problem = refusal(tmp_path, text)
    assert (problem.row, "Anchors and aliases" in problem.message) == (2, True)


def test_a_bomb_of_aliases_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]
    assert refusal(tmp_path, "\n".join(lines)).row == 1


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system [ls]", "!local 1", "!!str 1", "!!set {x}"]
)
def test_tags_are_refused(tmp_path: Path, value: str) -> None:
    problem = refusal(tmp_path, f"a: 1\nb: {value}\n")
    assert (problem.row, problem.message) == (2, "Tags (!) are not allowed here.")


@pytest.mark.parametrize("nested", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_deep_nesting_is_refused_before_it_is_followed(tmp_path: Path, nested: str) -> None:
    problem = refusal(tmp_path, f"# deep\n{nested}")
    assert problem.row == 2
    assert problem.message == f"Values are nested more than {MAX_DEPTH} deep."


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    problem = refusal(tmp_path, text)
    assert (problem.row, problem.message) == (1, "The file is empty.")


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"a: 1\nb: caf\xe9\n")
    assert (problem.row, problem.message) == (2, "The file is not UTF-8 text.")


@pytest.mark.parametrize(("sign", "shown"), [("\0", "U+0000"), ("\x1b", "U+001B")])
def test_a_control_character_is_refused_with_its_line(
    tmp_path: Path, sign: str, shown: str
) -> None:
    problem = refusal(tmp_path, f'a: 1\nb: "x{sign}y"\n')
    assert (problem.row, problem.found) == (2, f"the character {shown}")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"#" * (MAX_BYTES + 1))
    assert problem.found == f"{MAX_BYTES + 1} bytes"
    assert problem.allowed == f"{MAX_BYTES} bytes"


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_yaml(tmp_path / "nothing.yaml")
    assert "There is no file nothing.yaml" in str(caught.value)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_yaml(tmp_path)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a: 1\n\tb: 2\n", 2),
        ('a: "never closed\nb: 1\n', 3),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: c: d\n", 2),
        ("? [x]\n: 1\n", 1),
        ("<<: {a: 1}\n", 1),
        ("a: 1\nb: =\n", 2),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(
    tmp_path: Path, text: str, row: int
) -> None:
    assert refusal(tmp_path, text).row == row
