"""Pictures of what goes with conviction, of how long cases take, and of networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gapatlas.cases.reliance import ANY
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
from gapatlas.charts.words import labelled, lower_first, parted
from gapatlas.comparison.pictures import Picture
from gapatlas.evidence import tables
from gapatlas.evidence.pictures import (
    SIDES,
    beside_picture,
    each_in_words,
    hidden_words,
    kept,
    picture,
    share_rows,
)
from gapatlas.evidence.words import (
    FACTORS,
    about,
    bare_share,
    factor_label,
    in_lines,
    interval_words,
    outcome_label,
    percent_text,
    points_interval,
    points_words,
    signed,
    size_words,
    span_words,
    with_interval,
)
from gapatlas.languages import mark, percentage, say, say_many, whole
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
EFFECT_TITLES: Final = {
    "evidence": mark("What goes with conviction, by kind of evidence, other things equal"),
    "defence": mark("What goes with conviction, by line of defence, other things equal"),
}
DIFFERENCE_SIGNS: Final = mark(
    "Dot: difference, other things equal; grey where the interval includes none. Line: its 95% "
    "interval. Hollow diamond: the difference as counted."
)
PARTS: Final = {
    "two_or_more": mark("Two or more convicted"),
    "one": mark("One convicted"),
    "nobody": mark("Nobody convicted"),
}
REACHES: Final = {
    "one place": mark("In one place"),  # not said: a key
    "several places": mark("In several places"),  # not said: a key
}
SHARE_CONVICTED: Final = mark("Share convicted of persons whose case has ended")


# ------------------------------------------------------------------ differences


def effect_pictures(
    found: CaseEvidence, analysis: str, outcome: str, scheme: Scheme
) -> Iterator[Picture]:
    """Differences in conviction, other things equal; then each outcome with and without."""
    effects = found.effects(analysis)
    known = effects[effects["value"] != UNKNOWN]
    shown = effect_rows(known)
    yield picture(
        found,
        say(EFFECT_TITLES[analysis]),
        _differences(say("Convicted with it, less without it, in percentage points"), scheme),
        shown,
        lambda: tables.effects_table(effects, analysis, found),
        signs=say(DIFFERENCE_SIGNS),
        alt=_largest(shown),
        modelled=True,
    )
    splits = set(found.table("case_count")["split"])
    factors = [factor for factor in FACTORS if factor in splits & set(known["factor"])]
    if factors:
        yield beside_picture(found, factors, analysis, outcome, scheme)


def effect_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Differences as their chart draws them, in the order given."""
    names = [factor_label(factor) for factor in effects["factor"]]
    return _difference_rows(effects, names, effects["raw_points"])


def _difference_rows(table: pd.DataFrame, names: list[str], raw: pd.Series) -> pd.DataFrame:
    points, low, high = (table[name].to_numpy(dtype=float) for name in ("points", "low", "high"))
    ends = list(zip(points, low, high, strict=True))
    words = [_difference_words(*figures) for figures in ends]
    labels = [
        labelled(name, _short_difference(*figures))
        for name, figures in zip(names, ends, strict=True)
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
            "raw_words": [
                say("withheld") if np.isnan(each) else points_words(each) for each in counted
            ],
        }
    )
    return pd.concat([drawn, label_lines(labels)], axis=1)


def _difference_words(points: float, low: float, high: float) -> str:
    """A difference with its 95% interval."""
    if np.isnan(points):
        return say(WITHHELD_TEXT)
    return say(
        "{difference} (95% interval {interval} percentage points)",
        difference=points_words(points),
        interval=points_interval(low, high),
    )


def _short_difference(points: float, low: float, high: float) -> str:
    if np.isnan(points):
        return say("withheld")
    return f"{signed(points)} ({points_interval(low, high)})"


def _largest(shown: pd.DataFrame) -> str:
    told = shown[~shown["withheld"]]
    if told.empty:
        return say("All {number} are withheld.", number=whole(len(shown)))
    first = only_row(told)
    largest = say(
        "The largest difference is {name}: {difference}.", name=first.name, difference=first.words
    )
    return " ".join([largest, *hidden_words(len(shown) - len(told), len(shown))])


# ------------------------------------------------------------------ pairs and pairings


def pair_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """Which two kinds of evidence go with more, or fewer, convictions together."""
    pairs = found.table("case_pair")
    shown = pair_rows(pairs)
    out = shown[shown["stands_out"]]
    yield picture(
        found,
        say("Two kinds of evidence together, beyond what each goes with by itself"),
        _heat("", "", scheme, signed=True),
        shown,
        lambda: tables.pairs_table(pairs),
        signs=say(
            "In each cell: percentage points more or less than the two lead one to expect, drawn "
            "towards none as far as the counts are thin. Outlined and bold: stands out."
        ),
        alt=_outstanding(out, len(shown)),
        names=_cell_labels(),
        modelled=True,
    )


def _outstanding(out: pd.DataFrame, pairs: int) -> str:
    """How many pairs stand out, and which."""
    number = say_many(
        "{number} of {all} pairs stands out",
        "{number} of {all} pairs stand out",
        len(out),
        number=whole(len(out)),
        all=whole(pairs),
    )
    each = [f"{row.name}, {row.words}" for row in rows(out)]
    return f"{labelled(number, parted(each)) if each else number}."


def _cell_labels() -> list[str]:
    """Every label of a heat map, in its order."""
    return [in_lines(factor_label(factor)) for factor in FACTORS]


def pair_rows(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs as cells of a triangle."""
    points = pairs["points"].to_numpy(dtype=float)
    most = np.nanmax(np.abs(points), initial=1.0) if len(points) else 1.0
    shades = np.nan_to_num(np.sign(points) * np.ceil(2 * np.abs(points) / most - 0.2))
    return pd.DataFrame(
        {
            "row": [in_lines(factor_label(row.second)) for row in rows(pairs)],
            "column": [in_lines(factor_label(row.first)) for row in rows(pairs)],
            "text": ["" if np.isnan(each) else f"{each:+.0f}".replace("-0", "0").replace("+0", "0")
                     for each in points],
            "shade": np.clip(shades, min(SIGNED_SHADES), max(SIGNED_SHADES)).astype(int),
            "stands_out": pairs["stands_out"].fillna(False).astype(bool).to_numpy(),
            "withheld": np.isnan(points),
            "name": [_pair_name(row.first, row.second) for row in rows(pairs)],
            "words": [
                say(WITHHELD_TEXT)
                if row.status != SHOWN
                else _difference_words(row.points, row.low, row.high)
                for row in rows(pairs)
            ],
        }
    )  # fmt: skip


def _pair_name(first: str, second: str) -> str:
    return say("{first} with {second}", first=factor_label(first), second=factor_label(second))


def _pairing_ends(pairings: pd.DataFrame) -> list[str]:
    """The pairings with the highest and the lowest share, with their intervals; nothing where
    fewer than two have one."""
    told = pairings[pairings["status"] == SHOWN].sort_values("pooled")
    if len(told) < 2:
        return []
    highest, lowest = (
        f"{_pair_name(row.evidence, row.defence)}, {with_interval(row.pooled, row.low, row.high)}"
        for row in rows(told.iloc[[-1, 0]])
    )
    return [say("Highest: {highest}. Lowest: {lowest}.", highest=highest, lowest=lowest)]


def pairing_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """The share convicted where a kind of evidence meets a line of defence."""
    pairings = found.table("case_pairing")
    shown = pairing_rows(pairings)
    number = say(
        "{number} of {all} pairings can be shown.",
        number=whole((~shown["withheld"]).sum()),
        all=whole(len(shown)),
    )
    yield picture(
        found,
        say("Share convicted where evidence meets defence"),
        _heat(say("Evidence"), say("Defence"), scheme),
        shown,
        lambda: tables.pairings_table(pairings),
        signs=say(
            "In each cell: percent of persons whose case has ended; where counts are thin, drawn "
            "towards what the kind of evidence and the line of defence go with by themselves. The "
            "95% interval stands in the table."
        ),
        alt=" ".join([number, *_pairing_ends(pairings)]),
        names=_cell_labels(),
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
            "row": [in_lines(factor_label(each)) for each in pairings["evidence"]],
            "column": [in_lines(factor_label(each)) for each in pairings["defence"]],
            "text": ["" if np.isnan(each) else f"{100 * each:.0f}" for each in share],
            "shade": np.clip(shade, 0, 4).astype(int),
            "stands_out": False,
            "withheld": withheld,
            "name": [
                say(
                    "{evidence} against {defence}",
                    evidence=factor_label(row.evidence),
                    defence=factor_label(row.defence),
                )
                for row in rows(pairings)
            ],
            "words": [_pairing_words(row) for row in rows(pairings)],
        }
    )


def _pairing_words(row: Any) -> str:
    if np.isnan(row.pooled):
        return say(WITHHELD_TEXT)
    return say(
        "{share} convicted (95% interval {interval})",
        share=percent_text(row.pooled),
        interval=interval_words(row.low, row.high),
    )


# ------------------------------------------------------------------ testimony


def testimony_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """Conviction with and without the testimony of victims, by how much else there is."""
    shares = found.table("case_testimony_share")
    if not shares.empty:
        shown = testimony_rows(shares)
        yield picture(
            found,
            say(
                "Convicted with and without victim testimony, by number of other kinds of evidence"
            ),
            _beside(
                say(
                    "Share convicted of persons whose case has ended, same mix of place, year and "
                    "charge"
                ),
                scheme,
            ),
            shown,
            lambda: tables.testimony_table(shares),
            signs=say(
                "Dot: with testimony. Hollow diamond below: without it. Lines: 95% intervals."
            ),
            alt=each_in_words(shown),
            modelled=True,
        )
    differences = found.table("case_testimony_difference")
    names = [_others(each) for each in differences["others"]]
    told = _difference_rows(differences, names, pd.Series(np.nan, differences.index))
    yield picture(
        found,
        say("With victim testimony, less without it, by number of other kinds of evidence"),
        _differences(
            say("Convicted with testimony, less without it, in percentage points"), scheme
        ),
        told,
        lambda: tables.differences_table(differences),
        signs=say(
            "Dot: difference in the same mix of place, year and charge; grey where the interval "
            "includes none. Line: its 95% interval."
        ),
        alt=each_in_words(told),
        modelled=True,
    )


TESTIMONY_NAMES: Final = {
    WITH: mark("{name}, with testimony"),
    WITHOUT: mark("{name}, without testimony"),
}


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
        other: parted(
            [
                say(SIDES[kinds[row.testimony]].share, share=bare_share(row))
                for row in rows(own[own["others"] == other])
            ]
        )
        for other in dict.fromkeys(own["others"])
    }
    lines = label_lines([labelled(_others(other), texts[other]) for other in own["others"]])
    first = ~own["others"].duplicated()
    return drawn.assign(
        kind=kind,
        name=[
            say(TESTIMONY_NAMES[each], name=label)
            for label, each in zip(drawn["row"], kind, strict=True)
        ],
        persons=say("the same mix of cases"),
        upper=lines["upper"].where(first, ""),
        lower=lines["lower"].where(first, ""),
    )


def _others(number: str) -> str:
    if number == ANY:
        return say("Any number of other kinds")
    if number == "0":
        return say("No other kind")
    count = 1 if number == "1" else 2
    return say_many("{number} other kind", "{number} other kinds", count, number=say(number))


# ------------------------------------------------------------------ time


def time_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """How long cases take, and how they end."""
    times, median = found.table("case_time"), median_words(found.table("case_time_median"))
    yield picture(
        found,
        say(
            "Cases that have ended, by years after the charge, charged in {years}",
            years=found.years,
        ),
        _curve(say("Share of cases"), scheme),
        curve_rows(times, found.table("case_time_median")),
        lambda: tables.time_table(times, median),
        signs=say(
            "Line: share ended. Shaded: 95% interval. Dashed: half have ended. Pending cases "
            "count for as long as they are known."
        ),
        alt=say("Half have ended {when}.", when=median),
        names=(),
    )
    outcomes = found.table("case_time_outcome")
    if outcomes.empty or outcomes["share"].isna().all():
        return
    shown = outcome_curve_rows(outcomes)
    yield picture(
        found,
        say("Cases that have ended, by outcome, charged in {years}", years=found.years),
        _outcomes(say("Share of cases"), scheme),
        shown,
        lambda: tables.time_outcomes_table(outcomes),
        signs=say(
            "One line for each outcome; shaded and upright: 95% interval. Together they are the "
            "share ended. A gap: withheld, which is not zero."
        ),
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
            "label": [say("half have ended")],
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
        return say("later than can be shown")
    row = only_row(median)
    if row.low == row.high:
        return say("by the end of {year}", year=_after(row.median))
    return say(
        "by the end of {year} (95% interval: {first} to {last})",
        year=_after(row.median),
        first=_after(row.low),
        last=_after(row.high),
    )


def _after(years: Any) -> str:
    if pd.isna(years):
        return say("later than can be shown")
    if years == 0:
        return say("the year of the charge")
    if years == 1:
        return say("the year after the charge")
    return say("{years} years after the charge", years=whole(years))


def _intervals(table: pd.DataFrame) -> list[str]:
    return [
        say(WITHHELD_TEXT) if pd.isna(row.share) else with_interval(row.share, row.low, row.high)
        for row in rows(table)
    ]


def _last_outcomes(outcomes: pd.DataFrame) -> str:
    last = outcomes["years_after"].max()
    told = outcomes[(outcomes["years_after"] == last) & outcomes["share"].notna()]
    each = parted([f"{outcome_label(r.outcome)} {percent_text(r.share)}" for r in rows(told)])
    return say(
        "{years} years after the charge: {outcomes}.",
        years=whole(last),
        outcomes=each or say("withheld"),
    )


# ------------------------------------------------------------------ networks


def network_pictures(found: CaseEvidence, _outcome: str, scheme: Scheme) -> Iterator[Picture]:
    """Conviction by size of the network, and how many of a network are convicted."""
    sizes = found.table("case_network_size")
    shown = size_rows(sizes)
    yield picture(
        found,
        say("Convicted by size of the network"),
        _shares(say(SHARE_CONVICTED), scheme),
        shown,
        lambda: tables.sizes_table(sizes),
        signs=say(
            "Dot: share. Line: 95% interval, which allows for what persons of a network share."
        ),
        alt=each_in_words(shown),
    )
    years = found.table("case_network_year")
    reach = found.table("case_network_reach")
    for table, labels, title in (
        (years, [span_words(r.year_from, r.year_to) for r in rows(years)], OVER_YEARS),
        (reach, [say(REACHES[r.reach]) for r in rows(reach)], ACROSS_PLACES),
    ):
        if len(table):
            yield _reach_picture(found, table.assign(label=labels), say(title), scheme)


OVER_YEARS: Final = mark("How many of a network were convicted, over the years")
ACROSS_PLACES: Final = mark("How many of a network were convicted, in one place and across places")


def size_rows(sizes: pd.DataFrame) -> pd.DataFrame:
    """The share convicted by size, as the chart of shares draws it."""
    labels = [_size_label(row) for row in rows(sizes)]
    drawn = share_rows(
        sizes.assign(
            label=labels,
            share=sizes["convicted_share"],
            ended=np.nan,
        )
    )
    return drawn.assign(persons=[_networks(row.networks) for row in rows(sizes)])


def _size_label(row: Any) -> str:
    size = size_words(row.size_from, row.size_to)
    return f"{size} ({_networks(row.networks)})" if row.status == SHOWN else size


def _reach_picture(found: CaseEvidence, table: pd.DataFrame, title: str, scheme: Scheme) -> Picture:
    shown = reach_rows(table, found)
    return picture(
        found,
        title,
        _parts(
            tuple(say(part) for part in PARTS.values()),
            say("Share of networks with two or more charged"),
            scheme,
        ),
        shown,
        lambda: tables.reach_table(table, found),
        signs=say(
            "Networks of two or more charged with at least one ended case. The 95% intervals "
            "stand in the table."
        ),
        alt=each_in_words(shown),
    )


def reach_rows(table: pd.DataFrame, found: CaseEvidence) -> pd.DataFrame:
    """One row for each part of each bar; a bar that is withheld has one."""
    intervals = {part: tables.network_interval(table, part, found) for part in PARTS}
    records: list[dict[str, Any]] = []
    for at, row in enumerate(rows(table)):
        basic = {"row": row.label, "persons": _networks(row.networks)}
        if row.status != SHOWN:
            hidden = say(WITHHELD_TEXT)
            records.append({**basic, "name": row.label, "withheld": True, "words": hidden})
            continue
        shares = {part: float(getattr(row, part)) for part in PARTS}
        total, start = sum(shares.values()), 0.0
        for part, share in shares.items():
            width = share / total
            low, high = (float(ends[at]) for ends in intervals[part])
            records.append(
                {
                    **basic,
                    "name": labelled(row.label, lower_first(say(PARTS[part]))),
                    "part": say(PARTS[part]),
                    "start": start,
                    "end": min(start + width, 1.0),
                    "middle": start + width / 2,
                    "text": percentage(share),
                    "withheld": False,
                    "words": with_interval(share, low, high),
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
    if pd.isna(number):
        return say("withheld")
    return say("{number} networks", number=about(number))


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
