"""10,000 random views survive their link, and 5,000 hostile addresses each become a valid view."""

from __future__ import annotations

import random
from typing import Any, Final
from urllib.parse import quote

import pytest

from gapatlas.links import PAGES, address_of, check_lock, lock_of, page_and_query
from gapatlas.links.locks import KEY_NAME, LockError
from gapatlas.state import (
    BENCHMARKS,
    CASE_OUTCOMES,
    EVIDENCE_SPLITS,
    EVIDENCE_VIEWS,
    FLOW_VIEWS,
    GAP_VIEWS,
    INVESTMENT_VIEWS,
    LAYERS,
    LOCK,
    OUTCOMES,
    PEER_CHOICES,
    RATE_VIEWS,
    SHOWN,
    SPREADS,
    THRESHOLDS,
    WINDOWS,
    Carried,
    Choices,
    EvidenceChoices,
    FlowChoices,
    InvestmentChoices,
    MapState,
    ProfileChoices,
    Scenario,
    carried_from_query,
    carried_to_query,
    scenario_to_text,
    scenarios_to_text,
    view_of_query,
)

STATES: Final = 10_000
HOSTILE: Final = 5_000
KEY: Final = "a key of the tests, long enough"
IDS: Final = tuple(f"US-{letter}{digit}" for letter in "ABCDE" for digit in range(8))
PLACES: Final = frozenset(IDS)
SPANS: Final = {"office": (2001, 2022), "bureau": (2015, 2017), "one": (2020, 2020)}
FIGURES: Final = Choices(
    spans={"rate": SPANS, "count": {"office": (1990, 2024)}},
    places={"rate": PLACES, "count": frozenset(IDS[:5])},
    default=MapState("rate", "office", 5, 2022, IDS[0]),
    with_gap=frozenset({"rate"}),
)
CHOICES: Final[dict[str, Any]] = {
    "enforcement_gaps": FIGURES,
    "conviction_rates": FIGURES,
    "place_profile": ProfileChoices(
        kinds=((PLACES, SPANS), (frozenset({"XYZ"}), {})), place=IDS[0], window=5
    ),
    "cross_border": FlowChoices(
        spans={"office": {"detected": (2003, 2022), "convicted": (2010, 2012)}},
        places={"office": {"detected": PLACES, "convicted": frozenset(IDS[:3])}},
    ),
    "evidence_and_defence": EvidenceChoices({"court": EVIDENCE_SPLITS[1:3], "made_up": ()}),
    "training_investment": InvestmentChoices(
        places=PLACES,
        presets=("central", "sceptical"),
        inputs={"effect": (0.0, 3.0), "cost": (1.0, 9000.0)},
        entries={"effect": ("one", "two")},
        default=Scenario(budgets=((IDS[0], (1.0, 2.0, 3.0, 4.0)),), preset="central"),
    ),
}


def some(chance: random.Random, most: int) -> str:
    return ".".join(chance.sample(IDS, chance.randint(0, most)))


def scenario(chance: random.Random) -> Scenario:
    money = lambda: tuple(round(chance.uniform(0, 1e6), 2) for _ in range(4))  # noqa: E731
    places = chance.sample(IDS, chance.randint(1, 3))
    return Scenario(
        name=chance.choice(["Mine", "Ünicode plan", "a*b~c!d", "x" * 60, ""]),
        budgets=tuple((place, money()) for place in places),
        years=chance.randint(1, 15),
        spend_years=chance.randint(1, 15),
        refresh_every=chance.randint(0, 5),
        lag=chance.randint(0, 3),
        preset=chance.choice(["central", "sceptical", "none"]),
        taken=(("effect", "two"),) if chance.random() < 0.5 else (),
        beliefs=(("cost", (10.5, 1.0, 20.0)),) if chance.random() < 0.5 else (),
    )


OFFERED: Final[dict[str, Any]] = {
    "measure": ("rate", "count"),
    "source": ("office", "bureau", "one"),
    "window": WINDOWS,
    "place": (*IDS, ""),
    "other": (*IDS, ""),
    "show": SHOWN,
    "benchmark": BENCHMARKS,
    "peers": PEER_CHOICES,
    "view": ("", *GAP_VIEWS, *RATE_VIEWS, *FLOW_VIEWS, *EVIDENCE_VIEWS, *INVESTMENT_VIEWS),
    "spread": SPREADS,
    "layers": ("", *LAYERS, ".".join(LAYERS)),
    "stage": ("detected", "convicted"),
    "atleast": THRESHOLDS,
    "dataset": ("court", "made_up"),
    "split": EVIDENCE_SPLITS,
    "outcome": (*CASE_OUTCOMES, *OUTCOMES),
}


def value_of(chance: random.Random, part: str) -> str:
    """What a reader could have chosen for a part of some address."""
    if part in ("year", "from", "to"):
        return str(chance.randint(1985, 2030))
    if part == "worth":
        return str(chance.randint(0, 10**9))
    if part == "scenario":
        return scenario_to_text(scenario(chance))
    return some(chance, 12) if part == "own" else str(chance.choice(OFFERED[part]))


def random_query(chance: random.Random, page: str) -> dict[str, str]:
    parts = {part: value_of(chance, part) for part in PAGES[page].parts if part != "beside"}
    if page == "enforcement_gaps":
        parts["beside"] = some(chance, 11)
    if page == "training_investment":
        parts["beside"] = scenarios_to_text([scenario(chance) for _ in range(chance.randint(0, 3))])
    return parts


def random_carried(chance: random.Random) -> Carried:
    return Carried(snapshot="".join(chance.choices("0123456789abcdef", k=8)))


def test_every_random_view_survives_its_link() -> None:
    chance, seen = random.Random(8), set()
    for number in range(STATES):
        page = list(CHOICES)[number % len(CHOICES)]
        linked, choices, carried = PAGES[page], CHOICES[page], random_carried(chance)
        state = linked.from_query(random_query(chance, page), choices)
        url = address_of(
            page,
            linked.to_query(state),
            carried_to_query(carried),
            base=chance.choice(["", "https://example.org/atlas/"]),
            theme=chance.choice(["", "light", "dark"]),
            embed=chance.random() < 0.5,
        )
        found_page, query = page_and_query(url)
        assert (found_page, carried_from_query(query)) == (page, carried)
        view = view_of_query(query)
        assert linked.from_query(view, choices) == state
        assert tuple(view) == linked.parts, "every part, in order, and no other"
        seen.add((page, state))
    assert len(seen) > STATES * 0.5, "the views differ"


# ------------------------------------------------------------------ hostile addresses

NASTY: Final = (
    "\0", "%00", "%ff%fe", "%", "%zz", "&", "=", "?", "#", "/", "//", "..", "'", '"', "<script>",
    "' OR 1=1 --", "\u202e", "\u0662\u0660", "²", "-1", "1e309", "NaN", "9" * 500, "x" * 5000,
    "ROU.NLD", "a*b*c*d", "~" * 50, "!" * 9, "\ud800", "+", ";", "\r\n", "{}", "[::1", "snapshot",
    "lock=", "embed=true", "lang=xx", "snapshot=../../etc", "snapshot=DEADBEEF", "snapshot=0000",
)  # fmt: skip


def hostile_query(chance: random.Random, page: str) -> str:
    """A query string from junk, from a good address that was cut and stirred, or from both."""
    good = "&".join(
        f"{part}={quote(text, errors='replace')}"
        for part, text in random_query(chance, page).items()
    )
    letters = list(good if chance.random() < 0.7 else "")
    for _ in range(chance.randint(1, 12)):
        at = chance.randint(0, len(letters))
        letters[at : at + chance.randint(0, 9)] = chance.choice(NASTY)
    return "".join(letters)


def test_every_hostile_address_becomes_a_valid_view() -> None:
    chance = random.Random(5)
    for number in range(HOSTILE):
        page = list(CHOICES)[number % len(CHOICES)]
        linked, choices = PAGES[page], CHOICES[page]
        _, query = page_and_query(f"/{page}?{hostile_query(chance, page)}")
        state = linked.from_query(view_of_query(query), choices)
        written = linked.to_query(state)
        assert tuple(written) == linked.parts
        assert linked.from_query(written, choices) == state, "what is written is valid"
        carried = carried_from_query(query)
        assert carried_from_query(carried_to_query(carried)) == carried
        assert carried.language == "en"
        assert set(carried.snapshot) <= set("0123456789abcdef")
        assert len(carried.snapshot) in (0, 8)


# ------------------------------------------------------------------ locks


def test_a_lock_holds_until_any_part_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_NAME, KEY)
    chance = random.Random(3)
    for page in CHOICES:
        parts = PAGES[page].parts
        view = PAGES[page].to_query(
            PAGES[page].from_query(random_query(chance, page), CHOICES[page])
        )
        url = address_of(
            page, view, carried_to_query(random_carried(chance)), locked=True, embed=True
        )
        query = page_and_query(url)[1]
        assert check_lock(page, query, parts)
        assert check_lock(page, {**query, "utm_source": "mail"}, parts)
        others = [other for other in CHOICES if other != page]
        changed = [(other, query) for other in others]
        for part in [part for part in query if part != "embed"]:
            text = query[part]
            without = {kept: value for kept, value in query.items() if kept != part}
            changed += [
                (page, {**query, part: new}) for new in (text + "0", text[:-1] + "~", "\ud800")
            ]
            changed += [(page, without)] if part != LOCK else []
        for found, tampered in changed:
            with pytest.raises(LockError, match="changed since"):
                check_lock(found, tampered, PAGES[found].parts)


def test_a_lock_needs_the_key_that_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_NAME, KEY)
    query = {"place": "AAA"}
    locked = {**query, LOCK: lock_of("place_profile", query)}
    monkeypatch.setenv(KEY_NAME, KEY[::-1])
    with pytest.raises(LockError, match="changed since"):
        check_lock("place_profile", locked, ["place"])
    for key in ("", "short"):
        monkeypatch.setenv(KEY_NAME, key)
        with pytest.raises(LockError, match="no key to check it"):
            check_lock("place_profile", locked, ["place"])
        with pytest.raises(
            LockError, match=f"need a key in the environment, {KEY_NAME}"
        ) as refused:
            lock_of("place_profile", query)
        assert "short" not in str(refused.value), "the key stands in no message"
    assert not check_lock("place_profile", query, ["place"])
