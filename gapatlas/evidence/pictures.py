"""Pictures of how cases ended, with what stands on every picture of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gapatlas.cases.vocabulary import with_value, without_value
from gapatlas.charts import Scheme
from gapatlas.charts.evidence import (
    WITH,
    WITHOUT,
    beside_template,
    funnel_template,
    shares_template,
)
from gapatlas.charts.row_labels import label_lines
from gapatlas.charts.template import ROWS, Template
from gapatlas.charts.words import labelled, listed, lower_first, parted
from gapatlas.comparison.pictures import Picture
from gapatlas.config.vocabulary import ENDED_OUTCOMES, MERGED, RANGE_ONLY
from gapatlas.evidence import tables
from gapatlas.evidence.words import (
    OUTCOME_PARTS,
    OUTCOME_TITLES,
    SPLIT_TITLES,
    about,
    bare_share,
    factor_label,
    percent_text,
    share_words,
    short_share,
)
from gapatlas.languages import kept_by_language, mark, say, say_of, whole
from gapatlas.protection import ALL, SHOWN, WITHHELD, WITHHELD_TEXT
from gapatlas.tables import only_row, rows

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence

kept = kept_by_language(32)
_funnel = kept(funnel_template)
_shares = kept(shares_template)
_beside = kept(beside_template)
OPEN: Final = "open"
FUNNEL_ORDER: Final = (
    ("all", "whole"),
    ("ended", "ended"),
    ("convicted", "outcome"),
    ("guilty_plea", "part"),
    ("guilty_trial", "part"),
    ("acquitted", "outcome"),
    ("dismissed", "outcome"),
    ("nolle_prosequi", "part"),
    ("open", "open"),
    ("pending", "open"),
    ("unknown", "open"),
)
SHARE_SIGNS: Final = mark(
    "Dot: share. Line: 95% interval, with what rounding leaves open. Dashed box: where the share "
    "lies, as far as can be told; a part of what it divides by is withheld."
)
DENSE_FROM: Final = 13
"""From so many rows on, labels stand beside them and not above."""


def picture(
    found: CaseEvidence,
    title: str,
    template: Template,
    shown: pd.DataFrame,
    table: Callable[[], pd.DataFrame],
    *,
    signs: str,
    alt: str,
    names: Sequence[str] | None = None,
    modelled: bool = False,
) -> Picture:
    """A picture with all that has to stand on it.

    Args:
        found: what it is of.
        title: without marks, in words.
        template: of `charts.evidence`.
        shown: its rows.
        table: makes the table twin, without what all tables share.
        signs: what the signs mean, in words.
        alt: the main finding, behind the title.
        names: order of the rows; None means that of `shown`.
        modelled: whether the figures are estimates of a model.
    """
    marked = found.titled(title)
    return Picture(
        title=marked,
        source=f"{found.source_line(modelled=modelled)} {signs}",
        alt=f"{marked}. {alt}",
        template=template,
        datasets={ROWS: shown},
        table=lambda: tables.marked_table(found, table()),
        names=tuple(dict.fromkeys(shown["row"]) if names is None else names),
    )


# ------------------------------------------------------------------ outcomes


def outcome_pictures(
    found: CaseEvidence, split: str, outcome: str, scheme: Scheme
) -> Iterator[Picture]:
    """From the charge to the outcome, then the shares: of all, or by what they are split by."""
    yield funnel_picture(found, scheme)
    if split == "none":
        yield ends_picture(found, scheme)
    else:
        yield split_picture(found, split, outcome, scheme)


def funnel_picture(found: CaseEvidence, scheme: Scheme = "light") -> Picture:
    """How many were charged, whose case has ended, and how."""
    shown = funnel_rows(found)
    told = shown[~shown["withheld"]]
    return picture(
        found,
        say("From the charge to the outcome, {years}", years=found.years),
        _funnel(scheme),
        shown,
        lambda: tables.funnel_table(shown, found),
        signs=say(
            "Bar: persons. Dashed bar: cases without an outcome so far. Line at its end: what "
            "rounding leaves open."
        ),
        alt=_listed_alt([labelled(row.name, row.words) for row in rows(told)]),
    )


def _listed_alt(figures: Sequence[str]) -> str:
    return f"{listed(figures)}." if figures else say("All is withheld.")


def funnel_rows(found: CaseEvidence) -> pd.DataFrame:
    """Persons at each step as the funnel draws them; a step that the source has not is left out."""
    counts = {row.outcome: row for row in rows(found.counts())}
    share = {row.outcome: row for row in rows(found.shares())}
    records = []
    for outcome, kind in FUNNEL_ORDER:
        row = _ended(found) if outcome == "ended" else counts.get(outcome)
        if row is None:
            continue
        name, withheld = say(OUTCOME_PARTS[outcome]), row.status != SHOWN
        records.append(
            {
                "row": outcome,
                "name": name,
                "label": labelled(name, _short_step(row, share.get(outcome))),
                "kind": kind,
                "persons": _number(row.persons),
                "low": _number(row.low),
                "high": _number(row.high),
                "withheld": withheld,
                "words": _step_words(row, share.get(outcome)),
            }
        )
    table = pd.DataFrame(records)
    return pd.concat([table.drop(columns="label"), label_lines(list(table["label"]))], axis=1)


def _step_words(row: Any, of_ended: Any) -> str:
    """Persons at a step, and their share of ended cases where there is one."""
    persons = (
        say("{number} persons", number=about(row.persons))
        if row.status == SHOWN
        else say(WITHHELD_TEXT)
    )
    if of_ended is None or of_ended.status == WITHHELD:
        return persons
    return say("{persons}, {share} of ended cases", persons=persons, share=share_words(of_ended))


def _short_step(row: Any, of_ended: Any) -> str:
    """The same as a label has room for."""
    persons = about(row.persons) if row.status == SHOWN else say("withheld")
    if of_ended is None or of_ended.status != SHOWN:
        return persons
    share = percent_text(of_ended.share)
    return say("{persons} ({share} of ended)", persons=persons, share=share)


def _ended(found: CaseEvidence) -> Any:
    """Persons whose case has ended, as far as the published counts tell."""
    told = found.shares()["ended"].dropna()
    counts = found.counts().set_index("outcome")[["low", "high"]].astype("float64")
    every, still = (counts.reindex([name]).iloc[0] for name in (ALL, OPEN))
    if OPEN not in counts.index:
        still = pd.Series({"low": 0.0, "high": 0.0})
    low, high = every["low"] - still["high"], every["high"] - still["low"]
    if pd.isna(low):
        low, high = counts.reindex(ENDED_OUTCOMES).sum(skipna=False)[["low", "high"]]
    known = len(told) > 0
    row = {
        "persons": told.iloc[0] if known else float("nan"),
        # The gate keeps figures of which one contains the other the threshold apart.
        "low": max(low, float(found.about.threshold)) if known else float("nan"),
        "high": high if known else float("nan"),
        "status": SHOWN if known else WITHHELD,
    }
    return only_row(pd.DataFrame([row]))


def ends_picture(found: CaseEvidence, scheme: Scheme = "light") -> Picture:
    """How the cases that have ended ended."""
    shares = found.shares()
    shares = shares.assign(label=shares["outcome"].map(say_of(OUTCOME_TITLES)))
    shown = share_rows(shares)
    return picture(
        found,
        say("How cases ended, persons charged in {years}", years=found.years),
        _shares(say("Share of persons whose case has ended"), scheme),
        shown,
        lambda: tables.shares_table(shares, mark("Outcome"), found),
        signs=say(SHARE_SIGNS),
        alt=_told_alt(shown),
    )


def split_picture(
    found: CaseEvidence, split: str, outcome: str, scheme: Scheme = "light"
) -> Picture:
    """The share of an outcome by place, year, charge or another split."""
    shares = found.shares(split, outcome)
    dense = len(shares) >= DENSE_FROM
    shown = share_rows(shares, dense=dense)
    done = say(OUTCOME_TITLES[outcome])
    title = say(
        "{outcome}, by {split}, persons charged in {years}",
        outcome=done,
        split=lower_first(say(SPLIT_TITLES[split])),
        years=found.years,
    )
    return picture(
        found,
        title,
        _shares(_of_ended(done), scheme, dense=dense),
        shown,
        lambda: tables.shares_table(shares, SPLIT_TITLES[split], found),
        signs=say(SHARE_SIGNS),
        alt=_told_alt(shown),
    )


def _of_ended(outcome: str) -> str:
    """Title of an axis of shares."""
    return say("{outcome}, of persons whose case has ended", outcome=outcome)


def share_rows(shares: pd.DataFrame, *, dense: bool = False) -> pd.DataFrame:
    """Shares as their chart draws them.

    Args:
        shares: rows of `outcome_shares` with label (unique), in the order of the rows.
        dense: whether labels stand on an axis.
    """
    labels = [row.label if dense else labelled(row.label, short_share(row)) for row in rows(shares)]
    table = pd.DataFrame(
        {
            "row": shares["label"].to_numpy(),
            "name": shares["label"].to_numpy(),
            "share": shares["share"].to_numpy(dtype=float),
            "low": shares["low"].to_numpy(dtype=float),
            "high": shares["high"].to_numpy(dtype=float),
            "ranged": (shares["status"] == RANGE_ONLY).to_numpy(),
            "withheld": (shares["status"] == WITHHELD).to_numpy(),
            "words": [share_words(row) for row in rows(shares)],
            "persons": [_rests_on(row) for row in rows(shares)],
        }
    )
    return table if dense else pd.concat([table, label_lines(labels)], axis=1)


def _rests_on(row: Any) -> str:
    if row.status != SHOWN:
        return say("withheld")
    return say("{number} persons", number=about(row.ended))


# ------------------------------------------------------------------ with and without


BESIDE_TITLES: Final = {
    "evidence": mark("{outcome}, with each kind of evidence and without it, as counted"),
    "defence": mark("{outcome}, with each line of defence and without it, as counted"),
}


def beside_picture(
    found: CaseEvidence, factors: Sequence[str], analysis: str, outcome: str, scheme: Scheme
) -> Picture:
    """The share of an outcome with each kind of evidence or defence, and without it, as counted.

    Args:
        found: what it is of.
        factors: ids of kinds of evidence, or of lines of defence.
        analysis: which of the two they are, `evidence` or `defence`.
        outcome: which outcome.
        scheme: light or dark.
    """
    shares = pd.concat(
        [
            found.shares(factor, outcome).assign(factor=factor, label=factor_label(factor))
            for factor in factors
        ]
    )
    done = say(OUTCOME_TITLES[outcome])
    shown = beside_rows(shares)
    return picture(
        found,
        say(BESIDE_TITLES[analysis], outcome=done),
        _beside(_of_ended(done), scheme),
        shown,
        lambda: tables.beside_table(shares, analysis, found),
        signs=say(
            "Dot: with it. Hollow diamond below: without it. Lines: 95% intervals, with what "
            "rounding leaves open. Dashed box: a range. Nothing else is held equal here."
        ),
        alt=_told_alt(shown[shown["kind"] == WITH]),
    )


@dataclass(frozen=True)
class Side:
    """What is said of cases with something, or of those without it.

    Attributes:
        share: their share, in a label.
        name: what they are.
    """

    share: str
    name: str


SIDES: Final = {
    WITH: Side(mark("with {share}"), mark("{name}, with it")),
    WITHOUT: Side(mark("without {share}"), mark("{name}, without it")),
}


def beside_rows(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares with and without each factor, two rows for each; unknown stands in the table alone."""
    found = []
    for factor, own in shares.groupby("factor", sort=False):
        kinds = [side_of(str(factor), value) for value in own["value"]]
        both = own[[kind != "" for kind in kinds]]
        there = [kind for kind in kinds if kind]
        two = share_rows(both, dense=True).assign(kind=there)
        name = str(own["label"].iloc[0])
        told = [
            say(SIDES[kind].share, share=bare_share(row))
            for kind, row in zip(there, rows(both), strict=True)
        ]
        lines = label_lines([labelled(name, parted(told))])
        # The label stands above the row once, so that its letters are not drawn twice.
        blank = [""] * (len(two) - 1)
        found.append(
            two.assign(
                name=[say(SIDES[kind].name, name=name) for kind in there],
                upper=[lines["upper"].iloc[0], *blank],
                lower=[lines["lower"].iloc[0], *blank],
            )
        )
    return pd.concat(found, ignore_index=True)


def side_of(factor: str, value: str) -> str:
    """Whether a value says that a factor was there, or that it was not; empty where it says
    neither."""
    if value == with_value(factor):
        return WITH
    return WITHOUT if without_value(factor) in value.split(MERGED) else ""


def each_in_words(shown: pd.DataFrame) -> str:
    """Every row of a chart with its figure, for the alternative text."""
    told = [
        labelled(row.name, say("withheld") if row.withheld else row.words) for row in rows(shown)
    ]
    return f"{parted(told)}."


def _told_alt(shown: pd.DataFrame) -> str:
    """The highest and the lowest share, and how many rows are withheld."""
    told = shown[shown["share"].notna()].sort_values("share")
    hidden = hidden_words(int(shown["withheld"].sum()), len(shown))
    if told.empty:
        return " ".join([say("No share can be told exactly."), *hidden])
    high, low = only_row(told.tail(1)), only_row(told.head(1))
    ends = say(
        "Highest: {highest}. Lowest: {lowest}.",
        highest=f"{high.name}, {high.words}",
        lowest=f"{low.name}, {low.words}",
    )
    return " ".join([ends, *hidden])


def hidden_words(hidden: int, every: int) -> list[str]:
    """How many rows of a chart are withheld; nothing where none is."""
    if not hidden:
        return []
    return [say("{number} of {all} are withheld.", number=whole(hidden), all=whole(every))]


def _number(value: Any) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)
