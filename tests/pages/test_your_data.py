"""The page Your data: a file is looked at, corrected in a form, checked; nobody else sees it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from gapatlas import progress
from gapatlas.languages import say, speaking
from gapatlas.progress import Step
from gapatlas.ui import your_data
from tests.pages.conftest import World
from tests.pages.reading import (
    MINE,
    address,
    assert_in_order,
    choose,
    press,
    run_until,
    visit,
    words,
)

TABLE = """\
Country;Year;Victims;Convicted
Alphaland;2020;1.204;<5
Betaland;2020;310;7
Norland;2020;12;*
Total;2020;1.526;9
"""
LONGEST_LOOK = 120.0
ROW = "AAA,2020,convicted,persons,3,3,exact,total,total,total,total,1,"


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(your_data, "SECONDS_WITHOUT_A_BAR", LONGEST_LOOK)
    world([ROW, ROW.replace("AAA", "BBB")], maps=False)
    return visit(MINE)


def upload(app: AppTest, text: str = TABLE, name: str = "trata.csv") -> AppTest:
    app.file_uploader[0].set_value((name, text.encode(), "text/csv"))
    return app.run()


def check(app: AppTest, label: str = "Check", **boxes: str) -> AppTest:
    """Fill in boxes of text and press Check: a form sends both together."""
    for key, text in boxes.items():
        app.text_area(key=f"your_data_1_{key}").set_value(text)
    return next(button for button in app.button if button.label == label).click().run()


def shown(app: AppTest) -> list[list[str]]:
    return app.dataframe[0].value.astype(str).to_numpy().tolist()


OFFICERS = """\
Country,Year,Officers,Remark
Alphaland,2020,1200,as of June
Betaland,2020,310,
Betaland,2021,..,moved
"""


def test_amounts_are_mapped_as_an_indicator_and_passed_over_columns_are_named(
    app: AppTest,
) -> None:
    upload(app, OFFICERS)
    choose(app, your_data_1_kind="indicators")
    choose(app, your_data_1_count="Officers")
    assert_in_order(app)
    assert "Columns that are passed over: Remark." in words(app)
    assert "- What are the figures?" in app.warning[0].value

    app.text_input(key="your_data_1_indicator").set_value("Police officers")
    assert "trata.csv was read: 3 rows and 4 columns." in app.markdown[0].value
    assert "Nothing of it is checked yet" in app.markdown[0].value
    check(app)
    assert_in_order(app)
    assert "3 figures of 2 places in the years 2020 to 2021" in app.success[0].value
    assert app.markdown[0].value == (
        "**trata.csv holds 3 figures of 2 places in 2020 to 2021, and every row is checked.** "
        "1 of them is not given or withheld: it stays so, and never becomes zero."
    )
    assert shown(app) == [
        ["Alphaland", "2020", "Police officers", "1200", "exact"],
        ["Betaland", "2020", "Police officers", "310", "exact"],
        ["Betaland", "2021", "Police officers", "", "not reported"],
    ]
    block, indicator, _ = (yaml.safe_load(code.value) for code in app.code)
    assert block["trata"]["map"]["indicator"] == {"value": "police_officers"}
    assert block["trata"]["map"]["value"] == {"column": "Officers"}
    assert indicator["police_officers"]["source"] == block["trata"]["source"]


def test_stages_above_years_are_understood_as_they_stand(app: AppTest) -> None:
    upload(app, "Country,Victims,,Convicted,\n,2020,2021,2020,2021\nAlphaland,10,12,<5,4\n")
    assert_in_order(app)
    check(app)
    assert "4 figures of 1 place in the years 2020 to 2021" in app.success[0].value
    assert shown(app)[2] == ["Alphaland", "2020", "Persons convicted", "1 to 4", "a range"]
    read = yaml.safe_load(app.code[0].value)["trata"]["read"]
    assert read == {"header_row": 2, "header_rows": 2}


def test_the_page_says_where_a_file_stays_before_one_is_chosen(app: AppTest) -> None:
    assert_in_order(app)
    assert "Your file stays in your session." in words(app)
    assert len(app.code) == 0


def test_a_table_is_guessed_corrected_and_checked(
    app: AppTest, downloads: dict[str, Callable[[], str]]
) -> None:
    upload(app)
    assert_in_order(app)
    assert "- Which places are these: Norland?" in app.warning[0].value
    assert "Norland: '?'" in app.code[0].value

    check(app, codes="Norland = Betaland")
    assert app.warning[0].value == "1 problem to mend."
    [problem] = shown(app)
    assert problem[:3] == [
        "4", "Country", "One place stands twice under two names. It is so in 2 rows.",
    ]  # fmt: skip
    assert downloads["your_data_problems"]().startswith("# Problems of a table")

    check(app, codes="", drop="Total\nNorland")
    assert_in_order(app)
    assert "4 figures of 2 places in the year 2020" in app.success[0].value
    assert shown(app) == [
        ["Alphaland", "2020", "Victims detected", "1204", "exact"],
        ["Alphaland", "2020", "Persons convicted", "1 to 4", "a range"],
        ["Betaland", "2020", "Victims detected", "310", "exact"],
        ["Betaland", "2020", "Persons convicted", "7", "exact"],
    ]
    block = yaml.safe_load(app.code[0].value)
    assert block["trata"]["map"]["drop"] == {"Country": ["Total", "Norland"]}
    assert yaml.safe_load(downloads["your_data_block"]()) == block
    assert yaml.safe_load(downloads["your_data_descriptor"]())["source_file"] == "trata.csv"


def test_what_a_check_finds_is_said_in_the_language_of_the_page(
    app: AppTest, downloads: dict[str, Callable[[], str]]
) -> None:
    app.query_params["lang"] = "fr"
    with speaking("fr"):  # the test asks widgets for their words, too
        upload(app.run(), "\0\0" + TABLE)
        assert "La ligne contient un caractère NUL." in app.error[0].value
        upload(app, TABLE.replace("Betaland", "Deltaland"), "autre.csv")
        app.text_area(key="your_data_2_codes").set_value("Norland = Deltaland")
        check(app, say("Check"))
    table = app.dataframe[0].value
    assert list(table.columns) == ["Ligne", "Colonne", "Ce qui ne va pas", "Trouvé", "Admis", "Où"]
    [problem] = shown(app)
    assert problem[:4] == [
        "4", "Country", "Un lieu figure deux fois sous deux noms. Il en est ainsi dans 2 lignes.",
        "«\xa0Norland\xa0», et «\xa0Deltaland\xa0» à la ligne 3",
    ]  # fmt: skip
    assert "sous `map:`" in problem[4]
    assert "deux noms" in downloads["your_data_problems"]()


def test_figures_may_stand_in_one_column_and_years_in_the_header(app: AppTest) -> None:
    upload(app, "Country,Stage,2019,2020\nAlphaland,Victims,5,7\nAlphaland,Convicted,1,0\n")
    check(app)
    assert_in_order(app)
    assert [row[1:4] for row in shown(app)] == [
        ["2019", "Victims detected", "5"],
        ["2020", "Victims detected", "7"],
        ["2019", "Persons convicted", "1"],
        ["2020", "Persons convicted", "0"],
    ]
    choose(app, your_data_1_words_column="")
    assert "What do the figures count?" in app.warning[0].value


def test_what_is_no_table_ends_in_one_message_and_other_words_open_it(app: AppTest) -> None:
    upload(app, "no zip", "figures.xlsx")
    assert [error.value for error in app.error] == [
        "figures.xlsx: The file is damaged, or no xlsx file. Allowed: a whole file."
    ]
    assert len(app.code) == 0
    upload(app, "A title\nCountry|Year|Victims\nAlphaland|2020|5\n")
    app.selectbox(key="your_data_2_open_delimiter").set_value("|")
    app.number_input(key="your_data_2_open_header_row").set_value(2)
    press(app, "FormSubmitter:your_data_2_open-Open it so")
    assert "1 row below the names of 3 columns" in words(app)
    assert yaml.safe_load(app.code[0].value)["trata"]["read"] == {"delimiter": "|", "header_row": 2}


def test_a_file_is_seen_in_its_session_alone_and_leaves_nothing_behind(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    upload(app)
    assert "Norland" in app.code[0].value
    assert list(tmp_path.glob("gapatlas-*")) == []
    assert address(app) == {}

    other = visit(MINE)
    assert len(other.code) == 0
    assert "your_data_seen" not in other.session_state

    app.file_uploader[0].clear()
    app.run()
    assert len(app.code) == 0
    assert "your_data_seen" not in app.session_state


def never_ends(*_: object, **__: object) -> NoReturn:
    """Work on a large file, which only its reader ends."""
    while True:
        progress.go_on(Step.READING, rows=350_000, share=0.5)
        time.sleep(0.01)


def test_a_look_and_a_check_show_how_far_they_are_and_can_be_ended(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as endless:
        endless.setattr(your_data, "SECONDS_WITHOUT_A_BAR", 0.1)
        endless.setattr(your_data, "look_apart", never_ends)
        upload(app)
        assert "Reading, 350,000 rows so far" in app.get("progress")[0].proto.text
        press(app, "your_data_1_look_cancel")
        run_until(app, lambda app: "You ended the look at this file." in words(app))
        assert len(app.code) == 0
    press(app, "your_data_1_again")

    with monkeypatch.context() as endless:
        endless.setattr(your_data, "SECONDS_WITHOUT_A_BAR", 0.1)
        endless.setattr(your_data, "check_apart", never_ends)
        check(app, drop="Total\nNorland")
        assert "Reading, 350,000 rows so far" in app.get("progress")[0].proto.text
        press(app, "your_data_1_checking_cancel")
        run_until(app, lambda app: "Press **Check** below the form" in words(app))
    check(app)
    assert "4 figures of 2 places" in app.success[0].value
