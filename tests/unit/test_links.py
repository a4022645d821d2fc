"""Links: what the data hold has an address, what they do not is refused; any address is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import gapatlas
from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison import Comparison
from gapatlas.errors import QueryError, UnknownNameError
from gapatlas.gaps import Gap, Reporting
from gapatlas.headlines import Headline
from gapatlas.investment import Investment
from gapatlas.links import PAGES, LockError, copied_link
from gapatlas.profile import Profile
from gapatlas.state import CARRIED, EMBED_PART, SHARED, THEME_PART, Scenario
from tests.investment_world import write_investment_world
from tests.support import observation, ratio, write_world

ROOT = Path(__file__).resolve().parents[2]
SPENT = (("AAA", (1000.0, 0.0, 0.0, 0.0)),)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_investment_world(tmp_path_factory.mktemp("world"))
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["measures"]["convicted_per_prosecuted"]["rate"] = "same_year"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def atlas(config: Path) -> Iterator[Atlas]:
    with gapatlas.open_atlas(config) as atlas:
        yield atlas


def test_there_is_an_entry_for_each_file_of_a_page() -> None:
    assert sorted(PAGES) == sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


# ------------------------------------------------------------------ to an address


def test_an_address_has_every_part_in_fixed_order(atlas: Atlas) -> None:
    assert atlas.link("conviction_rates", place="BBB", window=3, own=["CCC", "DDD"]) == (
        "/conviction_rates?measure=convicted_per_prosecuted&source=office&year=2022&window=3"
        "&place=BBB&peers=region&own=CCC.DDD&other=&view=peers&spread=none"
        f"&snapshot={atlas.snapshot.id[:8]}&lang=en"
    )


def test_a_page_without_choices_has_its_snapshot_alone(atlas: Atlas) -> None:
    carried = f"?snapshot={atlas.snapshot.id[:8]}&lang=en"
    assert atlas.link("overview") == f"/{carried}"
    assert atlas.link("data_and_methods") == f"/data_and_methods{carried}"


def test_a_link_can_set_the_theme_and_be_for_a_frame(atlas: Atlas) -> None:
    link = atlas.link("overview", theme="dark", embed=True)
    assert link.endswith("&lang=en&embed=true&embed_options=dark_theme")
    for wrong in ({"theme": "drak"}, {"language": "eo"}):
        with pytest.raises(UnknownNameError, match="Near: "):
            atlas.link("overview", **wrong)


def test_a_locked_link_is_read_as_it_was_made_and_no_other_way(
    atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_LINK_KEY", "a key of sixteen signs")
    link = atlas.link("conviction_rates", place="BBB", locked=True)
    found = gapatlas.from_link(link, atlas)
    assert isinstance(found, Comparison)
    assert found.place == "BBB"
    with pytest.raises(gapatlas.GapAtlasError, match="changed since"):
        gapatlas.from_link(link.replace("BBB", "CCC"), atlas)


APP = "https://a.example/app"


def test_a_copied_address_becomes_a_locked_one_that_opens_its_view(
    atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = atlas.link("conviction_rates", base=APP, theme="dark", embed=True, place="BBB")
    with pytest.raises(LockError, match="GAPATLAS_LINK_KEY"):
        copied_link(atlas, copied, {}, locked=True)
    monkeypatch.setenv("GAPATLAS_LINK_KEY", "a key of sixteen signs")

    made = copied_link(atlas, f"{copied}&utm=mail", {"place": "CCC"}, locked=True)

    assert made == atlas.link(
        "conviction_rates", base=APP, theme="dark", embed=True, locked=True, place="CCC"
    )
    assert made == copied_link(
        atlas, "conviction_rates", {"place": "CCC"}, base=APP, theme="dark", embed=True,
        locked=True,
    )  # fmt: skip
    assert gapatlas.from_link(made, atlas).place == "CCC"
    with pytest.raises(LockError, match="changed since"):
        copied_link(atlas, made.replace("CCC", "BBB"), {}, locked=True)


def test_a_copied_address_keeps_the_snapshot_and_the_view_that_it_names(atlas: Atlas) -> None:
    earlier = f"{APP}/conviction_rates?place=GONE&snapshot=01234567"
    assert copied_link(atlas, earlier, {}) == f"{earlier}&lang=en"


@pytest.mark.parametrize(
    ("where", "parts", "near"),
    [
        ("convicton_rates", {}, "conviction_rates"),
        (f"{APP}/conviction_rate?place=BBB", {}, "conviction_rates"),
        ("conviction_rates", {"plcae": "BBB"}, "place"),
        ("conviction_rates", {"theme": "dark"}, "other"),
        (f"{APP}/conviction_rates", {"place": "BBX"}, "BBB"),
    ],
)
def test_what_a_copied_link_can_not_hold_is_named(
    atlas: Atlas, where: str, parts: dict[str, str], near: str
) -> None:
    with pytest.raises(UnknownNameError, match=f"Near: .*{near}"):
        copied_link(atlas, where, parts)


def test_every_page_names_the_parts_of_its_address(atlas: Atlas) -> None:
    for page, linked in PAGES.items():
        if page not in ("cross_border", "evidence_and_defence"):
            state = linked.from_query({}, linked.choices(atlas))
            assert tuple(linked.to_query(state)) == linked.parts, page


@pytest.mark.parametrize("base", ["http://localhost:8501", "http://localhost:8501/"])
def test_a_base_goes_before_the_path(atlas: Atlas, base: str) -> None:
    link = atlas.link("place_profile", base=base, place="CCC")
    assert link.startswith("http://localhost:8501/place_profile?place=CCC&source=office&")


def test_what_is_none_is_left_to_the_page(atlas: Atlas) -> None:
    assert atlas.link("place_profile", place=None) == atlas.link("place_profile")


def test_a_scenario_is_part_of_an_address(atlas: Atlas) -> None:
    scenario = Scenario(name="Mine", budgets=SPENT, years=4, spend_years=2, preset="sceptical")
    link = atlas.link("training_investment", scenario=scenario, beside=[scenario, scenario])
    assert "scenario=Mine*AAA:1000-0-0-0*4*2*0*1*sceptical**&" in link
    found = gapatlas.from_link(link, atlas)
    assert isinstance(found, Investment)
    assert found.scenario == scenario


@pytest.mark.parametrize(
    ("page", "choices", "told"),
    [
        ("conviction_rate", {}, "no page 'conviction_rate' here. Near: conviction_rates"),
        ("overview", {"place": "AAA"}, "no choice on the page overview 'place' here"),
        ("place_profile", {"plce": "AAA"}, "'plce' here. Near: place"),
        ("place_profile", {"place": "AAB"}, "no place 'AAB' here. Near: AAA"),
        ("place_profile", {"benchmark": "medain"}, "Near: median"),
        ("place_profile", {"window": 2}, "no window '2' here. Near: 1, 3, 5"),
        ("conviction_rates", {"measure": "convicted"}, "Near: convicted_per_prosecuted"),
        ("conviction_rates", {"year": 2031}, "no year '2031' here. Allowed: 2015 to 2022"),
        ("conviction_rates", {"source": "offce"}, "no source 'offce' here. Near: office"),
        ("conviction_rates", {"own": ["BBB", "XXX"]}, "no peer 'XXX' here"),
        ("conviction_rates", {"place": "AAA", "other": "AAA"}, "no second place 'AAA' here"),
        ("enforcement_gaps", {"layers": ["cluster"]}, "no layer 'cluster' here. Near: clusters"),
        ("training_investment", {"outcome": "convictd"}, "Near: convicted"),
        ("training_investment", {"worth": -5}, "no worth '-5' here. Allowed: 0 to"),
        ("training_investment", {"scenario": "a*b"}, "no scenario 'that can be read' here"),
    ],
)
def test_what_the_data_do_not_hold_is_refused_with_what_is_near(
    atlas: Atlas, page: str, choices: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnknownNameError) as refused:
        atlas.link(page, **choices)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"budgets": (("XXX", SPENT[0][1]),)}, "no place 'XXX' here"),
        ({"preset": "scepticl"}, "no preset 'scepticl' here. Near: sceptical"),
        ({"beliefs": (("effect", (1.0, 1.0, 1.0)),)}, "no belief 'effect' here"),
        ({"taken": (("effect", "x"),)}, "no entry for effect 'x' here. Allowed: none"),
        ({"years": 99}, "no years '99' here. Allowed: 15"),
        ({"budgets": (("AAA", (2e9, 0.0, 0.0, 0.0)),)}, "'2e+09' here. Allowed: 1e+09"),
    ],
)
def test_a_scenario_that_the_page_would_change_is_refused(
    atlas: Atlas, changes: dict[str, Any], told: str
) -> None:
    scenario = Scenario(**{"budgets": SPENT, **changes})
    with pytest.raises(UnknownNameError) as refused:
        atlas.link("training_investment", scenario=scenario)
    assert told in str(refused.value)


def test_more_scenarios_than_the_page_keeps_are_refused(atlas: Atlas) -> None:
    with pytest.raises(UnknownNameError, match="no room for a scenario 'Scenario' here"):
        atlas.link("training_investment", beside=[Scenario(budgets=SPENT)] * 4)


# ------------------------------------------------------------------ from an address


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("/", Headline),
        ("http://localhost:8501", Headline),
        ("https://example.org/overview?place=AAA#top", Headline),
        ("/enforcement_gaps?show=ratio", Gap),
        ("/enforcement_gaps?show=rate", AtlasFrame),
        ("/enforcement_gaps?show=rate&layers=reporting", Reporting),
        ("https://example.org/atlas/conviction_rates/?place=BBB", Comparison),
        ("conviction_rates", Comparison),
        ("/place_profile?place=BBB", Profile),
        ("/training_investment", Investment),
        ("/data_and_methods", Atlas),
    ],
)
def test_a_link_leads_to_what_its_page_shows(atlas: Atlas, link: str, kind: type) -> None:
    assert type(gapatlas.from_link(link, atlas)) is kind


def test_a_link_is_read_with_the_config_that_is_named(config: Path) -> None:
    found = gapatlas.from_link("/conviction_rates?place=CCC", config)
    assert isinstance(found, Comparison)
    assert found.name == "Gammaland"
    found.atlas.close()


@pytest.mark.parametrize(
    "query",
    [
        "place=XXX",
        "place=%ff%00&measure=%3Cscript%3E",
        "place=AAA&place=nope",
        "&&&==&year=-1&window=x",
        f"year={'9' * 5000}&own={'.' * 5000}",
        "utm_source=x&theme=dark&snapshot=0000&lang=xx",
    ],
)
def test_a_link_in_bad_hands_leads_to_what_the_page_shows_first(atlas: Atlas, query: str) -> None:
    found = gapatlas.from_link(f"/conviction_rates?{query}", atlas)
    first = gapatlas.from_link("/conviction_rates", atlas)
    assert isinstance(found, Comparison)
    assert isinstance(first, Comparison)
    assert found.rates.equals(first.rates)


@pytest.mark.parametrize("url", ["/map", "http://host/[::1", "javascript:alert(1)", "a\nb", "/%2e"])
def test_an_address_of_no_page_is_refused(atlas: Atlas, url: str) -> None:
    with pytest.raises(UnknownNameError, match="There is no page"):
        gapatlas.from_link(url, atlas)


@pytest.mark.parametrize("url", ["", "#", "http://[::1", "?" * 9 + "/x", "//"])
def test_an_address_without_a_page_is_the_opening_page(atlas: Atlas, url: str) -> None:
    assert isinstance(gapatlas.from_link(url, atlas), Headline)


def test_a_scenario_without_a_place_of_these_data_has_nothing_to_show(atlas: Atlas) -> None:
    with pytest.raises(QueryError, match="Choose at least one place"):
        gapatlas.from_link("/training_investment?scenario=a*XXX:1-1-1-1*5*5*0*1***", atlas)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("overview", "divides by people"),
        ("enforcement_gaps", "No source in this config"),
        ("conviction_rates", "No measure of this config is a conviction rate"),
        ("cross_border", "No dataset of this config says whose citizens"),
        ("training_investment", "names no effect library"),
    ],
)
def test_a_page_that_has_nothing_to_show_says_so(tmp_path: Path, page: str, told: str) -> None:
    rows = [observation("AAA", 2020, "detected", "victims", 12)]
    measures = {"made_up": ratio(("convicted", "persons"), "population")}
    path = write_world(tmp_path, rows, [("AAA", 2020, 1000)], measures)
    with (
        gapatlas.open_atlas(path) as bare,
        pytest.raises(QueryError, match=told),
    ):
        gapatlas.from_link(f"/{page}", bare)


def test_the_docs_name_every_part_of_every_address() -> None:
    text = (ROOT / "docs/how-to/share-a-view.md").read_text(encoding="utf-8")
    for page, linked in PAGES.items():
        if linked.parts:
            row = f"| {page.replace('_', ' ').capitalize().replace('Cross b', 'Cross-b')} | "
            assert row + " ".join(f"`{part}`" for part in linked.parts) + " |" in text
    for part in (*CARRIED, EMBED_PART, THEME_PART):
        assert f"| `{part}` |" in text
    for part in SHARED:
        assert f"`{part}`" in text.partition("A move to another page")[2]
