"""Pictures of what goes with conviction, of how long cases take, and of networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gapatlas.cases.vocabulary import UNKNOWN
from gapatlas.charts import Scheme
from gapatlas.charts.evidence import (
    MEDIAN,
    SIGNED_SHADES,
    WITH,
    WITHOUT,
    beside_template,
    curve_template,
    differences_template,
    heat_template,
    outcome_curves_template,
    parts_template,
    shares_template,
)
from gapatlas.charts.row_labels import label_lines
from gapatlas.comparison.pictures import Picture
from gapatlas.evidence import tables
from gapatlas.evidence.pictures import (
    beside_picture,
    each_in_words,
    kept,
    picture,
    share_rows,
)
from gapatlas.evidence.words import (
    FACTORS,
    about,
    in_lines,
    interval_words,
    outcome_label,
    percent_text,
    points_interval,
    points_words,
    size_words,
    span_words,
)
from gapatlas.protection import SHOWN, WITHHELD_TEXT
from gapatlas.tables import only_row, rows

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence

_beside = kept(beside_template)
_curve = kept(curve_template)
_differences = kept(differences_template)
_heat = kept(heat_template)
_outcomes = kept(outcome_curves_template)
_parts = kept(parts_template)
_shares = kept(shares_template)
KINDS: Final = {"evidence": "kind of evidence", "defence": "line of defence"}
DIFFERENCE_SIGNS: Final = (
    "Dot: difference, other things equal; grey where the interval includes none. Line: its 95% "
    "interval. Hollow diamond: the difference as counted."
)
ANY: Final = "any number"
PARTS: Final = {
    "two_or_more": "Two or more convicted",
    "one": "One convicted",
    "nobody": "Nobody convicted",
}
SHARE_CONVICTED: Final = "Share convicted of persons whose case has ended"


# ------------------------------------------------------------------ differences


def effect_pictures(
    found: CaseEvidence, analysis: str, outcome: str, scheme: Scheme
) -> Iterator[Picture]:
    """Differences in conviction, other things equal; then each outcome with and without."""
    effects = found.effects(analysis)
    known = effects[effects["value"] != UNKNOWN]
    kind = KINDS[analysis]
    shown = effect_rows(known)
    yield picture(
        found,
        f"What goes with conviction, by {kind}, other things equal",
        _differences("Convicted with it, less without it, in percentage points", scheme),
        shown,
        lambda: tables.effects_table(effects, kind, found),
        signs=DIFFERENCE_SIGNS,
        alt=_largest(shown),
        modelled=True,
    )
    splits = set(found.table("case_count")["split"])
    factors = [factor for factor in FACTORS if factor in splits & set(known["factor"])]
    if factors:
        yield beside_picture(found, factors, kind, outcome, scheme)


def effect_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Differences as their chart draws them, in the order given."""
    names = [FACTORS[factor] for factor in effects["factor"]]
    return _difference_rows(effects, names, effects["raw_points"])


def _difference_rows(table: pd.DataFrame, names: list[str], raw: pd.Series) -> pd.DataFrame:
    points, low, high = (table[name].to_numpy(dtype=float) for name in ("points", "low", "high"))
    words = [
        WITHHELD_TEXT
        if np.isnan(value)
        else f"{points_words(value)} (95% interval {points_interval(a, b)} percentage points)"
        for value, a, b in zip(points, low, high, strict=True)
    ]
    labels = [
        f"{name}: withheld"
        if np.isnan(value)
        else f"{name}: {value:+.1f} ({points_interval(a, b)})"
        for name, value, a, b in zip(names, points, low, high, strict=True)
    ]
    counted = raw.to_numpy(dtype=float)
    drawn = pd.DataFrame(
        {
            "row": names,
            "name": names,
            "points": points,
            "low": low,
            "high": high,
            "raw": counted,
            "zero": 0.0,
            "sure": (low > 0) | (high < 0),
            "withheld": np.isnan(points),
            "words": words,
            "raw_words": ["withheld" if np.isnan(each) else points_words(each) for each in counted],
        }
    )
    return pd.concat([drawn, label_lines(labels)], axis=1)


def _largest(shown: pd.DataFrame) -> str:
    told = shown[~shown["withheld"]]
    if told.empty:
        return f"All {len(shown)} are withheld."
    hidden = len(shown) - len(told)
    text = f" {hidden} of {len(shown)} are withheld." if hidden else ""
    first = only_row(told)
    return f"The largest difference is {first.name}: {first.words}.{text}"


# ------------------------------------------------------------------ pairs and pairings


def pair_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """Which two kinds of evidence go with more, or fewer, convictions together."""
    pairs = found.table("case_pair")
    shown = pair_rows(pairs)
    out = shown[shown["stands_out"]]
    yield picture(
        found,
        "Two kinds of evidence together, beyond what each goes with by itself",
        _heat("", "", scheme, signed=True),
        shown,
        lambda: tables.pairs_table(pairs),
        signs="In each cell: percentage points more or less than the two lead one to expect, drawn "
        "towards none as far as the counts are thin. Outlined and bold: stands out.",
        alt=f"{len(out)} of {len(shown)} pairs {'stands' if len(out) == 1 else 'stand'} out"
        + (f": {'; '.join(f'{row.name}, {row.words}' for row in rows(out))}." if len(out) else "."),
        names=[in_lines(words) for words in FACTORS.values()],
        modelled=True,
    )


def pair_rows(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs as cells of a triangle."""
    points = pairs["points"].to_numpy(dtype=float)
    most = np.nanmax(np.abs(points), initial=1.0) if len(points) else 1.0
    shades = np.nan_to_num(np.sign(points) * np.ceil(2 * np.abs(points) / most - 0.2))
    return pd.DataFrame(
        {
            "row": [in_lines(FACTORS[row.second]) for row in rows(pairs)],
            "column": [in_lines(FACTORS[row.first]) for row in rows(pairs)],
            "text": ["" if np.isnan(each) else f"{each:+.0f}".replace("-0", "0").replace("+0", "0")
                     for each in points],
            "shade": np.clip(shades, min(SIGNED_SHADES), max(SIGNED_SHADES)).astype(int),
            "stands_out": pairs["stands_out"].fillna(False).astype(bool).to_numpy(),
            "withheld": np.isnan(points),
            "name": [f"{FACTORS[row.first]} with {FACTORS[row.second]}" for row in rows(pairs)],
            "words": [
                WITHHELD_TEXT
                if row.status != SHOWN
                else f"{points_words(row.points)} (95% interval "
                f"{points_interval(row.low, row.high)} percentage points)"
                for row in rows(pairs)
            ],
        }
    )  # fmt: skip


def _pairing_ends(pairings: pd.DataFrame) -> str:
    """The pairings with the highest and the lowest share, with their intervals; empty where fewer
    than two have one."""
    told = pairings[pairings["status"] == SHOWN].sort_values("pooled")
    if len(told) < 2:
        return ""
    ends = [
        f"{FACTORS[row.evidence]} with {FACTORS[row.defence]}, {percent_text(row.pooled)} "
        f"(95% interval {interval_words(row.low, row.high)})"
        for row in rows(told.iloc[[-1, 0]])
    ]
    return f" Highest: {ends[0]}. Lowest: {ends[1]}."


def pairing_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """The share convicted where a kind of evidence meets a line of defence."""
    pairings = found.table("case_pairing")
    shown = pairing_rows(pairings)
    told = shown[~shown["withheld"]]
    yield picture(
        found,
        "Share convicted where evidence meets defence",
        _heat("Evidence", "Defence", scheme),
        shown,
        lambda: tables.pairings_table(pairings),
        signs="In each cell: percent of persons whose case has ended; where counts are thin, drawn "
        "towards what the kind of evidence and the line of defence go with by themselves. The 95% "
        "interval stands in the table.",
        alt=f"{len(told)} of {len(shown)} pairings can be shown.{_pairing_ends(pairings)}",
        names=[in_lines(words) for words in FACTORS.values()],
        modelled=True,
    )


def pairing_rows(pairings: pd.DataFrame) -> pd.DataFrame:
    """Pairings as cells of a matrix."""
    share = pairings["pooled"].to_numpy(dtype=float)
    withheld = np.isnan(share)
    low, high = (
        (np.min(share[~withheld]), np.max(share[~withheld])) if (~withheld).any() else (0, 1)
    )
    shade = np.nan_to_num((share - low) / max(high - low, 1e-9) * 4.99)
    return pd.DataFrame(
        {
            "row": [in_lines(FACTORS[each]) for each in pairings["evidence"]],
            "column": [in_lines(FACTORS[each]) for each in pairings["defence"]],
            "text": ["" if np.isnan(each) else f"{100 * each:.0f}" for each in share],
            "shade": np.clip(shade, 0, 4).astype(int),
            "stands_out": False,
            "withheld": withheld,
            "name": [
                f"{FACTORS[row.evidence]} against {FACTORS[row.defence]}" for row in rows(pairings)
            ],
            "words": [
                WITHHELD_TEXT
                if np.isnan(row.pooled)
                else f"{percent_text(row.pooled)} convicted (95% interval "
                f"{interval_words(row.low, row.high)})"
                for row in rows(pairings)
            ],
        }
    )


# ------------------------------------------------------------------ testimony


def testimony_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """Conviction with and without the testimony of victims, by how much else there is."""
    shares = found.table("case_testimony_share")
    if not shares.empty:
        shown = testimony_rows(shares)
        yield picture(
            found,
            "Convicted with and without victim testimony, by number of other kinds of evidence",
            _beside(f"{SHARE_CONVICTED}, same mix of place, year and charge", scheme),
            shown,
            lambda: tables.testimony_table(shares),
            signs="Dot: with testimony. Hollow diamond below: without it. Lines: 95% intervals.",
            alt=each_in_words(shown),
            modelled=True,
        )
    differences = found.table("case_testimony_difference")
    names = [_others(each) for each in differences["others"]]
    told = _difference_rows(differences, names, pd.Series(np.nan, differences.index))
    yield picture(
        found,
        "With victim testimony, less without it, by number of other kinds of evidence",
        _differences("Convicted with testimony, less without it, in percentage points", scheme),
        told,
        lambda: tables.differences_table(differences),
        signs="Dot: difference in the same mix of place, year and charge; grey where the interval "
        "includes none. Line: its 95% interval.",
        alt=each_in_words(told),
        modelled=True,
    )


def testimony_rows(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares with and without testimony, two rows for each number of other kinds."""
    kinds = {"present": WITH, "absent": WITHOUT}
    own = shares[shares["testimony"].isin(list(kinds))].reset_index(drop=True)
    drawn = share_rows(
        own.assign(
            label=[_others(each) for each in own["others"]],
            ended=np.nan,
        ),
        dense=True,
    )
    kind = own["testimony"].map(kinds)
    texts = {
        other: "; ".join(
            f"{kinds[row.testimony]} "
            f"{percent_text(row.share) if row.status == SHOWN else 'withheld'}"
            for row in rows(own[own["others"] == other])
        )
        for other in dict.fromkeys(own["others"])
    }
    lines = label_lines([f"{_others(other)}: {texts[other]}" for other in own["others"]])
    first = ~own["others"].duplicated()
    return drawn.assign(
        kind=kind,
        name=[f"{label}, {each} testimony" for label, each in zip(drawn["row"], kind, strict=True)],
        persons="the same mix of cases",
        upper=lines["upper"].where(first, ""),
        lower=lines["lower"].where(first, ""),
    )


def _others(number: str) -> str:
    if number == ANY:
        return "Any number of other kinds"
    return {"0": "No other kind", "1": "1 other kind"}.get(number, f"{number} other kinds")


# ------------------------------------------------------------------ time


def time_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """How long cases take, and how they end."""
    times, median = found.table("case_time"), median_words(found.table("case_time_median"))
    yield picture(
        found,
        f"Cases that have ended, by years after the charge, charged in {found.years}",
        _curve("Share of cases", scheme),
        curve_rows(times, found.table("case_time_median")),
        lambda: tables.time_table(times, median),
        signs="Line: share ended. Shaded: 95% interval. Dashed: half have ended. Pending cases "
        "count for as long as they are known.",
        alt=f"Half have ended {median}.",
        names=(),
    )
    outcomes = found.table("case_time_outcome")
    if outcomes.empty or outcomes["share"].isna().all():
        return
    shown = outcome_curve_rows(outcomes)
    yield picture(
        found,
        f"Cases that have ended, by outcome, charged in {found.years}",
        _outcomes("Share of cases", scheme),
        shown,
        lambda: tables.time_outcomes_table(outcomes),
        signs="One line for each outcome; shaded and upright: 95% interval. Together they are the "
        "share ended. A gap: withheld, which is not zero.",
        alt=_last_outcomes(outcomes),
        names=tuple(dict.fromkeys(shown["outcome"])),
    )


def curve_rows(times: pd.DataFrame, median: pd.DataFrame) -> pd.DataFrame:
    """The curve of what has ended, and a row for when half has."""
    curve = pd.DataFrame(
        {
            "what": "curve",
            **{name: times[name].to_numpy(dtype=float) for name in ("share", "low", "high")},
            "years_after": times["years_after"].to_numpy(dtype=float),
            "words": _intervals(times),
            "label": None,
        }
    )
    if median.empty or pd.isna(median["median"].iloc[0]):
        return curve
    half = pd.DataFrame(
        {
            "what": [MEDIAN],
            "years_after": [float(median["median"].iloc[0])],
            "label": ["half have ended"],
        }
    )
    return pd.concat([curve, half], ignore_index=True)


def outcome_curve_rows(outcomes: pd.DataFrame) -> pd.DataFrame:
    """A line for each outcome that breaks where a figure is withheld."""
    ordered = outcomes.sort_values(["outcome", "years_after"], kind="stable").reset_index(drop=True)
    largest = ordered.groupby("outcome")["share"].max().sort_values(ascending=False)
    gone = ordered["share"].isna()
    return pd.DataFrame(
        {
            "outcome": [outcome_label(each) for each in ordered["outcome"]],
            **{name: ordered[name].astype("float64") for name in ("share", "low", "high")},
            "years_after": ordered["years_after"].astype("float64"),
            "run": ordered["outcome"] + gone.cumsum().astype(str),
            "words": _intervals(ordered),
            "order": ordered["outcome"].map({name: at for at, name in enumerate(largest.index)}),
        }
    ).sort_values(["order", "years_after"], ignore_index=True)


def median_words(median: pd.DataFrame) -> str:
    """When half of the cases have ended, with its interval."""
    if median.empty or pd.isna(median["median"].iloc[0]):
        return "later than can be shown"
    row = only_row(median)
    ends = [_after(row.low), _after(row.high)]
    interval = "" if row.low == row.high else f" (95% interval: {ends[0]} to {ends[1]})"
    return f"by the end of {_after(row.median)}{interval}"


def _after(years: Any) -> str:
    if pd.isna(years):
        return "later than can be shown"
    return {0: "the year of the charge", 1: "the year after the charge"}.get(
        int(years), f"{int(years)} years after the charge"
    )


def _intervals(table: pd.DataFrame) -> list[str]:
    return [
        WITHHELD_TEXT
        if pd.isna(row.share)
        else f"{percent_text(row.share)} (95% interval {interval_words(row.low, row.high)})"
        for row in rows(table)
    ]


def _last_outcomes(outcomes: pd.DataFrame) -> str:
    last = outcomes["years_after"].max()
    told = outcomes[(outcomes["years_after"] == last) & outcomes["share"].notna()]
    each = "; ".join(f"{outcome_label(r.outcome)} {percent_text(r.share)}" for r in rows(told))
    return f"{int(last)} years after the charge: {each or 'withheld'}."


# ------------------------------------------------------------------ networks


def network_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """Conviction by size of the network, and how many of a network are convicted."""
    sizes = found.table("case_network_size")
    shown = size_rows(sizes)
    yield picture(
        found,
        "Convicted by size of the network",
        _shares(SHARE_CONVICTED, scheme),
        shown,
        lambda: tables.sizes_table(sizes),
        signs="Dot: share. Line: 95% interval, which allows for what persons of a network share.",
        alt=each_in_words(shown),
    )
    years = found.table("case_network_year")
    reach = found.table("case_network_reach")
    for table, labels, title in (
        (years, [span_words(r.year_from, r.year_to) for r in rows(years)], "over the years"),
        (reach, [f"In {r.reach}" for r in rows(reach)], "in one place and across places"),
    ):
        if len(table):
            yield _reach_picture(found, table.assign(label=labels), title, scheme)


def size_rows(sizes: pd.DataFrame) -> pd.DataFrame:
    """The share convicted by size, as the chart of shares draws it."""
    labels = [
        size_words(row.size_from, row.size_to)
        + (f" ({_networks(row.networks)})" if row.status == SHOWN else "")
        for row in rows(sizes)
    ]
    drawn = share_rows(
        sizes.assign(
            label=labels,
            share=sizes["convicted_share"],
            ended=np.nan,
        )
    )
    return drawn.assign(persons=[_networks(row.networks) for row in rows(sizes)])


def _reach_picture(found: CaseEvidence, table: pd.DataFrame, title: str, scheme: Scheme) -> Picture:
    shown = reach_rows(table, found)
    return picture(
        found,
        f"How many of a network were convicted, {title}",
        _parts(tuple(PARTS.values()), "Share of networks with two or more charged", scheme),
        shown,
        lambda: tables.reach_table(table, PARTS, found),
        signs="Networks of two or more charged with at least one ended case. The 95% intervals "
        "stand in the table.",
        alt=each_in_words(shown),
    )


def reach_rows(table: pd.DataFrame, found: CaseEvidence) -> pd.DataFrame:
    """One row for each part of each bar; a bar that is withheld has one."""
    intervals = {part: tables.network_interval(table, part, found) for part in PARTS}
    records: list[dict[str, Any]] = []
    for at, row in enumerate(rows(table)):
        basic = {"row": row.label, "persons": _networks(row.networks)}
        if row.status != SHOWN:
            records.append({**basic, "name": row.label, "withheld": True, "words": WITHHELD_TEXT})
            continue
        shares = {part: float(getattr(row, part)) for part in PARTS}
        total, start = sum(shares.values()), 0.0
        for part, share in shares.items():
            width = share / total
            low, high = (float(ends[at]) for ends in intervals[part])
            records.append(
                {
                    **basic,
                    "name": f"{row.label}: {PARTS[part].lower()}",
                    "part": PARTS[part],
                    "start": start,
                    "end": min(start + width, 1.0),
                    "middle": start + width / 2,
                    "text": f"{100 * share:.0f}%",
                    "withheld": False,
                    "words": f"{percent_text(share)} (95% interval {interval_words(low, high)})",
                }
            )
            start += width
    columns = [
        "row",
        "name",
        "part",
        "start",
        "end",
        "middle",
        "text",
        "withheld",
        "words",
        "persons",
    ]
    return pd.DataFrame(records, columns=columns)


def _networks(number: Any) -> str:
    return "withheld" if pd.isna(number) else f"{about(number)} networks"


def _evidence(found: CaseEvidence, outcome: str, scheme: Scheme) -> Iterator[Picture]:
    return effect_pictures(found, "evidence", outcome, scheme)


def _defence(found: CaseEvidence, outcome: str, scheme: Scheme) -> Iterator[Picture]:
    return effect_pictures(found, "defence", outcome, scheme)


MODEL_PICTURES: Final[dict[str, Callable[[CaseEvidence, str, Scheme], Iterator[Picture]]]] = {
    "evidence": _evidence,
    "defence": _defence,
    "pairs": pair_pictures,
    "testimony": testimony_pictures,
    "pairings": pairing_pictures,
    "time": time_pictures,
    "networks": network_pictures,
}
