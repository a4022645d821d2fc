"""Whether the two sentences of a page are true of its figures: rules of their own, by hand.

`assert_true(found, sentences)` takes a sentence apart and looks each number and each claim up in
the frame behind it. It shares no code with the sentences: medians, counts and sides are computed
anew, and a word of direction has to be carried by the whole interval.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison import Comparison
from gapatlas.crossborder import Flows
from gapatlas.evidence import CaseEvidence
from gapatlas.gaps import Gap, Reporting
from gapatlas.headlines import Headline
from gapatlas.investment import Investment
from gapatlas.profile import Profile

NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?")
DIRECTION = re.compile(
    r"\b(below|above|more|fewer|higher|lower|rose|fell|highest|lowest|most|least|short)\b"
)
SURE = 0.975


def assert_true(found: Any, sentences: tuple[str, str]) -> None:
    """Raise an AssertionError where a sentence says what its frame does not."""
    assert len(sentences) == 2
    for sentence in sentences:
        assert re.fullmatch(r"[^\s].*\.", sentence), sentence
        assert not re.search(r"\b(nan|None|inf|<NA>)\b", sentence), sentence
        assert "  " not in sentence, sentence
    RULES[type(found)](found, *sentences)


# ------------------------------------------------------------------ numbers


def without(text: str, *known: str) -> str:
    """A text without names and units, which may hold numbers of their own."""
    for part in sorted(known, key=len, reverse=True):
        text = text.replace(part, " ") if part else text
    return re.sub(r"9[05]% interval", " ", text)


def assert_numbers(text: str, allowed: Iterable[float]) -> None:
    """Each printed number is one of the frame's, rounded to the digits that are printed."""
    told = [float(value) for value in allowed if not pd.isna(value) and not math.isinf(value)]
    for printed in NUMBER.findall(re.sub(r"(\d)-(\d{4})\b", r"\1 \2", text)):
        value = float(printed.replace(",", ""))
        digits = len(printed.partition(".")[2])
        near = [each for each in told if abs(each - value) <= 0.5 * 10**-digits + 1e-9]
        assert near, f"{printed} is no figure of the frame: {sorted(set(told))[:40]}\n{text}"


def no_direction(*texts: str) -> None:
    for text in texts:
        assert not DIRECTION.search(text), text


def median_of(data: pd.DataFrame) -> tuple[float, float]:
    known = data.dropna(subset=["value_low"])
    if known.empty:
        return math.nan, math.nan
    return float(np.median(known["value_low"])), float(np.median(known["value_high"]))


def sides(data: pd.DataFrame, middle: tuple[float, float]) -> tuple[int, int, int]:
    known = data.dropna(subset=["value_low"])
    below = int((known["high"] < middle[0]).sum())
    above = int((known["low"] > middle[1]).sum())
    return below, above, len(known) - below - above


# ------------------------------------------------------------------ rules


def _gap(found: Gap, first: str, second: str) -> None:
    table, years = found.table, found.frame.years
    known = table[table["reason"] == ""]
    short = known[known["probability_low"] >= SURE]
    beyond = known[known["probability_high"] <= 1 - SURE]
    assert (short["number_from"] >= 0).all()
    if known.empty:
        assert "no place can be compared" in first
        no_direction(second)
        return
    if short.empty:
        assert first.startswith(f"{_years(years)}: none of the {len(known)} places")
        assert "among them" not in first
    else:
        assert first.startswith(f"{_years(years)}: {len(short)} of {len(known)} places count")
    named = 0
    for row in short.itertuples():
        pattern = (
            rf"(?:among them|:|,|and) {re.escape(row.name)} \(([\d,]+)(?: to ([\d,]+))? fewer\)"
        )
        for low, high in re.findall(pattern, first):
            named += 1
            assert_numbers(low, [row.number_from])
            assert_numbers(high or low, [row.number_to])
    assert named == first.count("fewer)") == min(3, len(short)), first
    assert not named or "95% interval" in first
    undecided = len(known) - len(short) - len(beyond)
    lead = f"For {undecided} the counts leave it open" if undecided else "The counts decide it"
    assert second.startswith(lead)
    reasons = table.loc[table["reason"] != "", "reason"].value_counts()
    fixed = without(second, *(f"({reason})" for reason in reasons.index))
    assert_numbers(fixed, [undecided, *reasons])
    for count in reasons:
        assert re.search(rf"\b{count}\b", fixed), second


def _reporting(found: Reporting, first: str, second: str) -> None:
    table = found.table
    silent, every = (table["share"] == 0).sum(), (table["share"] == 1).sum()
    share = 100 * table["reported"].sum() / table["asked"].sum()
    assert NUMBER.findall(first.partition(": ")[2]) == [
        str(number) for number in (silent, len(table), len(found.stages), every)
    ]
    assert_numbers(second, [share])
    assert "not reported is not zero" in second
    no_direction(first, second)


def _rates(found: AtlasFrame, first: str, second: str) -> None:
    data, measure = found.data, found.measure
    known, middle = data.dropna(subset=["value_low"]), median_of(data)
    ranges = int((known["status"] == "censored").sum())
    fixed = without(first, measure.unit, f"“{measure.title[0].lower()}{measure.title[1:]}”")
    assert_numbers(fixed, [*found.years, len(known), len(data), ranges, *middle])
    assert ("not zero" in second) == (len(known) < len(data))
    if known.empty:
        return no_direction(first, second)
    below, above, open_ = sides(data, middle)
    printed = re.fullmatch(
        r"The whole 95% interval of (\d+) lies below the middle and that of (\d+) above it; the "
        r"other (\d+) can't be told from it(?:, and (\d+) have no figure, which is not zero)?\.",
        second,
    )
    assert printed is not None, second
    missing = len(data) - len(known)
    assert [int(number or 0) for number in printed.groups()] == [below, above, open_, missing]
    return no_direction(fixed)


def _headline(found: Headline, first: str, second: str) -> None:
    data, measure, row = found.frame.data, found.frame.measure, found.together.iloc[0]
    middle = median_of(data)
    big = data[data["denominator_low"].fillna(0) >= 50]
    below = int((big["high"] < middle[0]).sum())
    reporting = int((data["years_used"] > 0).sum())
    if row["status"] in ("exact", "censored"):
        values = [row[name] for name in ("value", "value_low", "value_high", "low", "high")]
        assert_numbers(without(first, measure.unit), [*found.frame.years, reporting, *values])
        assert f"{below} lie below the middle place with their whole interval" in second
    assert_numbers(second, [50, below, len(found.silent), found.asked])
    assert set(found.silent["jurisdiction_id"]).isdisjoint(
        data.loc[data["numerator_low"].notna(), "jurisdiction_id"]
    )
    assert "not zero" in second
    no_direction(without(first, measure.unit, measure.title))


def _figure(text: str, name: str, measure: Any, row: Any, window: int) -> None:
    """The first sentence on a place: its figure as printed, or why there is none."""
    title = f"“{measure.title[0].lower()}{measure.title[1:]}”"
    fixed = without(text, name, measure.unit, title)
    no_direction(fixed)
    if row is None:
        assert "not part of this source" in text
        return
    if row.status in ("suppressed", "not_reported"):
        assert "not zero" in text
        assert ("withheld" in text) == (row.status == "suppressed")
        assert_numbers(fixed, [row.year_from, row.year_to])
        return
    values = [row.value, row.value_low, row.value_high, row.low, row.high]
    ends = [row.year_from, row.year_to, row.years_used, window]
    assert_numbers(fixed, [*values, *ends])
    assert window == 1 or f"{row.years_used} of {window} years reported" in text
    told = "leave every rate open" not in text
    assert not told or "95% interval" in text
    assert not told or ("printed as ranges" in text) == (row.status == "censored")


def _comparison(found: Comparison, first: str, second: str) -> None:
    data, measure = found.window.data, found.measure
    own = data[data["jurisdiction_id"] == found.place]
    row = next(own.itertuples(), None)
    _figure(first, found.name, measure, row, found.window.window)
    others = data[data["jurisdiction_id"] != found.place].dropna(subset=["value_low"])
    middle = median_of(others)
    if row is None or row.status not in ("exact", "censored") or others.empty:
        assert "not enough figures" in second
        return no_direction(second)
    no_grade = "; a higher rate is not always better"
    fixed = without(second, found.peers.words, no_grade)
    assert_numbers(fixed, [len(others), *middle])
    assert ("lies below" in second) == (row.high < middle[0])
    assert ("lies above" in second) == (row.low > middle[1])
    sided = "lies below" in second or "lies above" in second
    assert (no_grade in second) == sided
    assert ("can't be told from" in second) == (not sided)
    few = row.denominator_high < 10
    assert ("divides by few" in second) == bool(few)
    return no_direction(fixed) if not sided else None


def _profile(found: Profile, first: str, second: str) -> None:
    if found.measure is None:
        assert "No measure" in first
        assert "not zero" in second
        return no_direction(first, second)
    row = next(found.window.data.itertuples(), None) if found.window is not None else None
    _figure(first, found.name, found.measure, row, found.main.window if found.main else 1)
    gap = found.gap
    if gap is None or gap.of(found.place).empty:
        assert "No gap can be told" in second
        return no_direction(second)
    own = gap.of(found.place).iloc[0]
    claims = second.startswith("It falls short of"), second.startswith("It lies above")
    if own["reason"]:
        assert claims == (False, False)
        return None
    sure_short = own["probability_low"] >= SURE and own["number_from"] >= 0
    sure_above = own["probability_high"] <= 1 - SURE and own["number_to"] <= 0
    assert claims == (sure_short, sure_above), second
    if not any(claims):
        assert re.match("Whether it falls short of .* is open: ", second)
    assert "a gap is a question, not a verdict" in second
    level = second.rpartition("at that level ")[2].partition(", and a gap")[0]
    return assert_numbers(level, [own["expected_low"], own["expected_high"]])


def _flows(found: Flows, first: str, second: str) -> None:
    pairs = found.pairs
    if not len({*pairs["destination"], *found.own["jurisdiction_id"],
                *found.unplaced["jurisdiction_id"]}):  # fmt: skip
        assert "No place prints a citizenship" in first
        return no_direction(first, second)
    shown = pairs[pairs["count_low"] >= found.at_least]
    hidden = pairs[pairs["count_low"] < found.at_least]
    sums = [
        table[name].sum()
        for table in (pairs, found.own, found.unplaced, shown, hidden)
        for name in ("count_low", "count_high")
    ]
    places = len(found.destinations)
    assert_numbers(first, [*found.years, places, *sums[:6]])
    assert_numbers(second, [len(shown), len(hidden), found.at_least, *sums[6:]])
    return no_direction(first, second.replace("at least", ""))


def _cases(found: CaseEvidence, first: str, second: str) -> None:
    assert ("SYNTHETIC" in first) == found.synthetic
    assert ("nobody in these cases exists" in second) == found.synthetic
    assert not found.about.brand or found.about.brand in first
    if (found.view, found.split) != ("outcomes", "none"):
        return _cases_view(found, first, second)
    shares = found.shares()
    persons = found.table("case_count")
    every = persons[persons["split"] == "none"].set_index("outcome")["persons"]
    convicted = shares[shares["outcome"] == "convicted"].iloc[0]
    years = [found.about.first_year, found.about.last_year]
    percents = [100 * convicted[name] for name in ("share", "low", "high")]
    assert_numbers(without(first), [every["all"], convicted["ended"], *years, *percents])
    others = shares[shares["outcome"] != "convicted"]
    percents = [100 * value for value in others[["share", "low", "high"]].to_numpy().ravel()]
    assert_numbers(without(second), [every["open"], *percents])
    shown = shares["status"] == "shown"
    assert (first + second).count("95% interval") == shown.sum()
    return no_direction(first, second)


def _cases_view(found: CaseEvidence, first: str, second: str) -> None:
    """A view of cases: its rows are read from the published tables, one rule for each kind."""
    no_direction(first, second)
    if not found.has(found.view):
        assert second.startswith("No figure is not zero")
        return None
    years = [found.about.first_year, found.about.last_year]
    rows = found.rows_of_view()
    shown = rows[rows["status"] == "shown"] if "status" in rows else rows
    if found.view in ("evidence", "defence"):
        shown = shown[shown["value"] != "unknown"]
    if found.view in ("evidence", "defence", "pairs", "testimony") and shown.empty:
        assert "is withheld" in first
        assert second.startswith("Withheld is not zero")
        return None
    if found.view in ("evidence", "defence"):
        return _cases_clear(shown, years, first, second)
    if found.view == "pairs":
        out = shown[shown["stands_out"].astype(bool)]
        assert_numbers(without(first), [len(out), len(shown), *years])
        return _cases_points(out, second)
    if found.view == "testimony":
        row = shown.head(1)
        assert_numbers(without(first), [*years, *row[["points", "low", "high"]].to_numpy().ravel()])
        spans = bool((row["low"] <= 0).any() and (row["high"] >= 0).any())
        assert ("direction open" in first) == spans
        return None
    if found.view == "time":
        ends = shown[["share", "low", "high"]].to_numpy().ravel() * 100
        assert_numbers(without(first + second), [*years, *shown["years_after"], *ends])
        assert (first + second).count("95% interval") == 2
        return None
    return _cases_ends(found, shown, len(rows), years, first, second)


def _cases_clear(rows: pd.DataFrame, years: list[Any], first: str, second: str) -> None:
    up, down = rows[rows["low"] > 0], rows[rows["high"] < 0]
    counts = [len(rows), len(up), len(down), len(rows) - len(up) - len(down)]
    told = re.search(
        r"of (\d+) [a-z ]+, the whole 95% interval of (\d+) lies on the side of conviction and "
        r"that of (\d+) on the other; (\d+) can't be told from no difference",
        first,
    )
    assert told is not None, first
    assert [int(each) for each in told.groups()] == counts
    assert_numbers(without(first), [*counts, *years])
    _cases_points(pd.concat([up, down]), second)


def _cases_points(clear: pd.DataFrame, second: str) -> None:
    """The largest of what can be told, with its interval; nothing where nothing can."""
    assert "no effect" in second
    if clear.empty:
        return assert_numbers(without(second), [])
    top = clear.loc[clear["points"].astype("float64").abs().idxmax()]
    assert "95% interval" in second
    assert top["low"] > 0 or top["high"] < 0
    return assert_numbers(without(second), [top["points"], top["low"], top["high"]])


def _cases_ends(
    found: CaseEvidence, shown: pd.DataFrame, all_: int, years: list[Any], first: str, second: str
) -> None:
    """The lowest and the highest share; that they differ is said where their intervals part."""
    name = {"pairings": "pooled", "networks": "convicted_share"}.get(found.view, "share")
    if found.view == "outcomes":
        known = shown[shown["value"] != "unknown"]
        shown = known[3 * known["ended"] >= 2 * known["charged"]]
    assert_numbers(without(first), [len(shown), all_, *years])
    if len(shown) < 2:
        assert "too few to compare" in second
        return None
    ordered = shown.sort_values(name, kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    percents = [100 * row[each] for row in (low, high) for each in (name, "low", "high")]
    sizes = shown[["size_from", "size_to"]].to_numpy().ravel() if found.view == "networks" else []
    labels = [f"“{row['label']}”" for row in (low, high)] if found.view == "outcomes" else []
    assert all(label in second for label in labels)
    assert_numbers(without(second, *labels), [*percents, *sizes])
    assert ("lie apart" in second) == (high["low"] > low["high"])
    assert ("overlap" in second) == (high["low"] <= low["high"])
    return None


def _investment(found: Investment, first: str, second: str) -> None:
    assert first.startswith("If the beliefs on this page hold")
    assert "calculation and no evidence" in second
    low, middle, high = np.quantile(found.effect.convictions, [0.05, 0.5, 0.95])
    claim = first.rpartition(" brings ")[2]
    fixed = without(re.sub(r"^\d{4}(-\d{4})? ", "", claim))
    up, down = round(low, 1) > 0, round(high, 1) < 0
    told = [bool(re.search(rf" {side} convictions?\b", claim)) for side in ("more", "fewer")]
    assert told == [up, down], claim
    if not up and not down:
        no_direction(claim)
        flat = round(low, 1) == round(high, 1) == 0
        assert ("no change" in claim) == flat
        assert ("direction is open" in claim) == (not flat)
    sign = -1 if down else 1
    assert_numbers(fixed, [sign * low, sign * middle, sign * high])
    judged = [b for b in found.beliefs.values() if b.judged and not b.prior.certain]
    varying = [b for b in found.beliefs.values() if not b.prior.certain]
    harm = 100 * float((found.effect.convictions < 0).mean())
    sure = {1.0} if 0 < harm < 1 else {99.0} if harm > 99 else {harm}
    lent = [n for n, told in zip(found.names, found.baseline.reported, strict=True)
            if not told.all()]  # fmt: skip
    assert_numbers(without(second, *lent), [len(judged), len(varying), *sure])
    assert ("taken from other places" in second) == bool(lent)
    assert all(name in second for name in lent)


def _atlas(found: Atlas, first: str, second: str) -> None:
    sources, cases = found.sources(), found.cases()
    assert f"holds {len(sources)} datasets" in first
    assert f"{int(cases['synthetic'].sum())} of them SYNTHETIC" in first
    assert "never become zero" in second
    no_direction(first, second)


RULES = {
    Atlas: _atlas,
    AtlasFrame: _rates,
    CaseEvidence: _cases,
    Comparison: _comparison,
    Flows: _flows,
    Gap: _gap,
    Headline: _headline,
    Investment: _investment,
    Profile: _profile,
    Reporting: _reporting,
}


def _years(years: tuple[int, int]) -> str:
    first, last = years
    return str(first) if first == last else f"{first}-{last}"
