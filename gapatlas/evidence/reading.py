"""What the snapshot holds of one dataset of cases, and how all of it has to be marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.charts import Chart, Scheme
from gapatlas.charts.words import labelled, listed, lower_first, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.config.vocabulary import SYNTHETIC
from gapatlas.errors import UnknownNameError
from gapatlas.evidence.sentences import outcomes_sentence, split_sentence
from gapatlas.evidence.shares import outcome_shares
from gapatlas.evidence.views import pictures_of
from gapatlas.evidence.words import SPLIT_TITLES, value_label, value_order
from gapatlas.languages import mark, said_of, say, whole
from gapatlas.measures import Source
from gapatlas.tables import only_row, rows

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "evidence": ("evidence",),
    "defence": ("defence",),
    "pairs": ("evidence",),
    "testimony": ("evidence",),
    "pairings": ("evidence", "defence"),
}
"""What a file has to tell for a view."""
LACKING: Final = {
    "evidence": mark("This source has no types of evidence"),
    "defence": mark("This source has no lines of defence"),
}
NOT_SAID: Final = {
    "time": mark("This source tells not the year in which each case ended, or of too few persons"),
    "networks": mark("This source tells not who was charged together, or of too few persons"),
}
TABLES: Final = {
    "outcomes": "case_count",
    "evidence": "case_effect",
    "defence": "case_effect",
    "pairs": "case_pair",
    "testimony": "case_testimony_difference",
    "pairings": "case_pairing",
    "time": "case_time",
    "networks": "case_network_size",
}
"""The table without which there is nothing to show in a view."""
VIEW: Final = "outcomes"
"""The view of how cases ended."""
MODELLED: Final = ("evidence", "defence", "pairs", "testimony", "pairings")


@dataclass(frozen=True)
class CaseEvidence:
    """All that is published of one dataset of cases.

    Attributes:
        atlas: the atlas.
        dataset_id: id of the dataset.
        about: the row of `atlas.cases()`: origin, synthetic, brand, threshold, base, persons,
            first_year, last_year, evidence, defence, sample, audit.
        source: publisher, edition, terms and citation.
        view: which of `VIEWS` is looked at, which `gapatlas.opening` tells of.
        split: what its outcomes are split by.
        outcome: which outcome a split compares.
    """

    atlas: Atlas
    dataset_id: str
    about: Any
    source: Source
    view: str = VIEW
    split: str = "none"
    outcome: str = "convicted"
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> pd.DataFrame:
        """One of the published tables, such as `case_count`; see docs/explanation/evidence.md."""
        if name not in self._tables:
            self._tables[name] = self.atlas.case_table(name, self.dataset_id)
        return self._tables[name]

    def looked_at(self, view: str, split: str, outcome: str) -> CaseEvidence:
        """The same cases, with the view that a reader has opened."""
        kept = split if view == VIEW else "none"
        return replace(self, view=view, split=kept, outcome=outcome)

    def rows_of_view(self) -> pd.DataFrame:
        """The figures of the view that is looked at."""
        if self.view == VIEW:
            return self.shares(self.split, self.outcome)
        if self.view in ("evidence", "defence"):
            return self.effects(self.view)
        return self.table(TABLES[self.view])

    # -------------------------------------------------------------- what it holds

    @property
    def short(self) -> str:
        """What charts call the dataset."""
        return self.source.short

    @property
    def synthetic(self) -> bool:
        """Whether all of it is made up."""
        return bool(self.about.synthetic)

    @property
    def years(self) -> str:
        """First to last year of the charge."""
        if pd.isna(self.about.first_year):
            return say("years that are not told")
        return years_text(int(self.about.first_year), int(self.about.last_year))

    @property
    def splits(self) -> tuple[str, ...]:
        """What its outcomes can be split by."""
        known = set(self.table("case_count")["split"])
        return tuple(split for split in SPLIT_TITLES if split in known and split != "none")

    @cached_property
    def place_names(self) -> dict[str, str]:
        """Place id -> name."""
        places = self.atlas.jurisdictions()
        return dict(zip(places["jurisdiction_id"], places["name"], strict=True))

    def counts(self, split: str = "none") -> pd.DataFrame:
        """Published counts of one split with the label of each value, in the order of a list."""
        table = self.table("case_count")
        own = table[table["split"] == split]
        labels = {
            value: value_label(split, value, self.place_names)
            for value in dict.fromkeys(own["value"])
        }
        order = sorted(labels, key=lambda value: value_order(split, value, labels[value]))
        at = {value: number for number, value in enumerate(order)}
        ordered = own.sort_values("value", key=lambda column: column.map(at), kind="stable")
        return ordered.assign(label=ordered["value"].map(labels)).reset_index(drop=True)

    def shares(self, split: str = "none", outcome: str | None = None) -> pd.DataFrame:
        """Share of each outcome in the cases that have ended: see `outcome_shares`, with label.

        Args:
            split: what the cases are split by; `none` is all together.
            outcome: `convicted`, `acquitted` or `dismissed`; None means all three.
        """
        counts = self.counts(split)
        published = _only(self.table("case_share"), "split", split)
        found = outcome_shares(counts, published)
        labels = dict(zip(counts["value"], counts["label"], strict=True))
        found = found.assign(label=found["value"].map(labels))
        return found if outcome is None else _only(found, "outcome", outcome)

    def effects(self, analysis: str) -> pd.DataFrame:
        """Differences in conviction of `evidence` or `defence`, the largest first, withheld
        last."""
        own = _only(self.table("case_effect"), "analysis", analysis)
        size = own["points"].astype("float64").abs()
        return own.loc[size.sort_values(ascending=False, na_position="last", kind="stable").index]

    # -------------------------------------------------------------- words

    def sentences(
        self, view: str, *, split: str = "none", outcome: str = "convicted"
    ) -> tuple[str, ...]:
        """The findings of a view, the most important first.

        Args:
            view: one of `VIEWS`, or `selection`, `evidence_compared`, `defence_compared`.
            split: what the outcomes are split by.
            outcome: which outcome a split compares.
        """
        if view == "outcomes":
            own = (outcomes_sentence(self),)
            return own if split == "none" else (*own, split_sentence(self, split, outcome))
        found = _only(self.table("case_finding"), "view", view)
        return tuple(said_of(text) for text in found.sort_values("position")["sentences"])

    def has(self, view: str) -> bool:
        """Whether there is anything to show in a view."""
        table = self.table(TABLES[view])
        if view in ("evidence", "defence"):
            table = table[table["analysis"] == view]
        return not table.empty

    def why_empty(self, view: str) -> str:
        """Why a view has nothing to show, and what the dataset does tell."""
        needed = [name for name in NEEDS.get(view, ()) if not getattr(self.about, name)]
        if not needed and view not in NOT_SAID:
            return say(
                "Too few persons stand behind this view for a figure that gives nobody away."
            )
        lacks = say(LACKING[needed[0]] if needed else NOT_SAID[view])
        return f"{labelled(lacks, self._tells())}."

    def _tells(self) -> str:
        told = listed([lower_first(say(SPLIT_TITLES[split])) for split in self.splits])
        if not told:
            return say("it tells how cases ended")
        return say("it tells how cases ended, by {splits}", splits=told)

    # -------------------------------------------------------------- marks

    def titled(self, title: str) -> str:
        """A title with what has to stand on it: SYNTHETIC, or that nothing is protected."""
        made_up = self.synthetic and SYNTHETIC not in title
        marked = labelled(SYNTHETIC, title) if made_up else title
        return f"{say(self.about.brand)}. {marked}" if self.about.brand else marked

    def source_line(self, *, modelled: bool = False) -> str:
        """What stands below a chart: source, edition, years, and how persons are protected.

        Args:
            modelled: whether the figures are estimates of a model, which may rest on a sample.
        """
        source = self.source
        text = say(
            "Source: {source} ({publisher}, {edition}), persons charged in {years}.",
            source=source.short,
            publisher=source.publisher,
            edition=source.edition,
            years=self.years,
        )
        if not modelled or pd.isna(self.about.sample):
            return f"{text} {self.protection()}"
        drawn = say(
            "Estimates rest on about {number} persons drawn by lot from all of them.",
            number=whole(self.about.sample),
        )
        return f"{text} {self.protection()} {drawn}"

    def protection(self) -> str:
        """How persons are protected, in a sentence."""
        if self.about.brand:
            return f"{say(self.about.brand)}."
        return say(
            "Persons are rounded to {base}. Hatched is withheld: fewer than {threshold}, or it "
            "would give such a count away; it is never zero.",
            base=whole(self.about.base),
            threshold=whole(self.about.threshold),
        )

    # -------------------------------------------------------------- pictures

    def pictures(
        self,
        view: str,
        *,
        split: str = "none",
        outcome: str = "convicted",
        scheme: Scheme = "light",
    ) -> tuple[Picture, ...]:
        """The charts of a view with their tables; none where it has nothing to show.

        Args:
            view: one of `VIEWS`.
            split: what the outcomes are split by.
            outcome: which outcome a share is of.
            scheme: light or dark.

        Raises:
            ValueError: there is no such view.
        """
        return tuple(pictures_of(self, view, split, outcome, scheme))

    def chart(self, view: str, *, split: str = "none", outcome: str = "convicted") -> Chart | None:
        """The first chart of a view, for a notebook; None where it has nothing to show."""
        found = self.pictures(view, split=split, outcome=outcome)
        return found[0].chart() if found else None


def case_evidence(atlas: Atlas, dataset_id: str) -> CaseEvidence:
    """What is published of a dataset of cases: outcomes, evidence, defence, time, networks.

    Args:
        atlas: the atlas.
        dataset_id: id of a dataset of kind `cases` or `case_counts`.

    Raises:
        UnknownNameError: there is no such dataset of cases.
    """
    known = atlas.cases()
    own = known[known["dataset_id"] == dataset_id]
    if own.empty:
        allowed = ", ".join(known["dataset_id"]) or "none"
        raise UnknownNameError(f"There is no dataset of cases '{dataset_id}'; allowed: {allowed}")
    source = atlas.source(atlas.config.datasets[dataset_id].source)
    return CaseEvidence(atlas, dataset_id, only_row(own), source)


def in_order(cases: pd.DataFrame) -> list[str]:
    """Ids of datasets of cases: real ones first."""
    return [row.dataset_id for row in rows(cases.sort_values("synthetic", kind="stable"))]


def _only(table: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    return table[table[column] == value].reset_index(drop=True)
