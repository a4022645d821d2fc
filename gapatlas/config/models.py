"""`config.yaml` as frozen typed objects.

Every field has a description: the JSON Schema that editors use and the reference in the
docs are generated from this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    FiniteFloat,
    Tag,
    field_validator,
    model_validator,
)

from gapatlas.config.base import Frozen, Identifier, Level, RelativePath, Text, UnfitError, Year
from gapatlas.config.case_models import CaseKeys
from gapatlas.config.mapping_models import TableMap
from gapatlas.config.place_models import Map, PlaceTable, PlaceTables
from gapatlas.config.reading_models import Reading
from gapatlas.config.stage_models import OwnStage, StageCount, with_own_stages
from gapatlas.config.vocabulary import Stages, stage_label
from gapatlas.config.yaml_lines import KeyPath
from gapatlas.languages import say, together, worded

DatasetKind = Literal[
    "observations", "population", "coverage", "indicators", "flows", "cases", "case_counts"
]
IntervalKind = Literal["byar", "ratio_of_counts", "wilson"]
Direction = Literal["better", "worse", "neither"]
RateKind = Literal["same_year", "lag_adjusted", "completed_trials", "cohort", "clearance"]
AssociationDesign = Literal["intensity", "rollout"]
Window = Literal[1, 3, 5]
Weight = Annotated[float, Field(ge=0, le=1)]


class TableKeys(Frozen):
    """The keys that a dataset of any kind has."""

    kind: DatasetKind = Field(description="Which schema the table follows.")
    source: Identifier = Field(
        description="Source id that stands beside every figure from this table."
    )
    short: Text = Field(description="Name of the source as charts print it.")
    file: RelativePath | None = Field(
        default=None,
        description="Path of the table, from the folder of this config; for parquet it may be a "
        "folder. Left out only where `read` names a database or an object in a store.",
    )
    descriptor: RelativePath = Field(
        description="Path of the YAML file with publisher, edition, licence, citation, columns."
    )
    period: tuple[Year, Year] | None = Field(
        default=None,
        description="First and last year of a table that holds one whole period and no years: "
        "its rows carry the last year, and charts print the period. Needed for kind case_counts: "
        "the years in which the persons were charged.",
    )
    read: Reading | None = Field(
        default=None,
        description="How the file is opened, where that is not clear from its name. Not for kinds "
        "cases and case_counts.",
    )
    map: TableMap | None = Field(
        default=None,
        description="Only for kinds observations, population and indicators, where the file has "
        "columns of its own: from its columns to ours. Left out, the file has our columns.",
    )

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        if self.period is not None and self.period[0] > self.period[1]:
            raise UnfitError(
                worded(
                    "The period {first}-{last} ends before it starts.",
                    first=self.period[0],
                    last=self.period[1],
                )
            )
        return self


class Dataset(CaseKeys, TableKeys):
    """One curated table, or a case file, and the words that describe it."""

    @property
    def named(self) -> str:
        """The file of the table, or where it is read from."""
        if self.file is not None or self.read is None:
            return self.file or ""
        return self.read.url or f"{self.read.connection}, {self.read.table or 'query'}"

    @property
    def shown(self) -> str:
        """What problems call the table: with its sheet, where a book has several."""
        sheet = self.read.sheet if self.read is not None else None
        return f"{self.named}, sheet {sheet}" if sheet else self.named


class Amount(Frozen):
    """A column of the analyst's own that stands below the line, such as the number of officers."""

    indicator: Identifier = Field(
        description="An indicator that counts or measures something and is never below zero."
    )
    called: Text = Field(
        description="What a reader is told stands below the line, such as `police officers`."
    )


def _kind_of_denominator(value: Any) -> str:
    if isinstance(value, Amount | StageCount):
        return type(value).__name__
    if isinstance(value, dict):
        return "Amount" if "indicator" in value else "StageCount"
    return "people"


Denominator = Annotated[
    Annotated[StageCount, Tag("StageCount")]
    | Annotated[Amount, Tag("Amount")]
    | Annotated[Literal["population"], Tag("people")],
    Discriminator(_kind_of_denominator),
]


class Lag(Frozen):
    """How long a prosecution takes to end: the years that a count below the line is spread over."""

    weights: Annotated[tuple[Weight, ...], Field(min_length=1, max_length=10)] = Field(
        description="Share of prosecutions that end 0, 1, 2, ... years after they start; adds up "
        "to 1."
    )
    basis: Text = Field(description="Where the weights come from, or that they are an assumption.")

    @model_validator(mode="after")
    def _weights_add_up(self) -> Self:
        total = sum(self.weights)
        if abs(total - 1) > 1e-9:
            raise UnfitError(
                worded("The weights add up to {total}.", total=f"{total:g}"),
                worded("weights that add up to 1"),
            )
        return self


class HigherMeans(Frozen):
    """What a high value of a measure can mean."""

    good: Text = Field(description="What a high value can mean where enforcement works.")
    bad: Text = Field(description="What a high value can mean where it does not.")


class Measure(Frozen):
    """A ratio of two stages, or a rate of one stage per number of people or another amount."""

    title: Text = Field(description="What charts and tables call the measure.")
    numerator: StageCount = Field(description="The stage above the line.")
    denominator: Denominator = Field(
        description="What stands below the line: a stage, `population`, or an own column as "
        "`{indicator: ..., called: ...}`.",
    )
    per: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        description="The value is numerator / denominator times this number."
    )
    unit: Text = Field(
        description="Unit of the value in words; names both counts where their units differ."
    )
    interval: IntervalKind = Field(
        description="byar: rate of a count per people or per amount. ratio_of_counts: two counts "
        "that may belong to different cases. wilson: a share, where the numerator is part of the "
        "denominator."
    )
    level: Level = Field(description="Which places the measure describes, and so which map.")
    source: Identifier = Field(description="Source shown where the reader has not chosen one.")
    definition: Text = Field(description="One sentence: what is divided by what.")
    caution: Text = Field(description="What a high or low value can mean, good and bad.")
    decimals: Annotated[int, Field(ge=0, le=4)] = Field(
        default=2, description="Decimals that charts and tables print."
    )
    rate: RateKind | None = Field(
        default=None,
        description="Which conviction rate this is, if any; the page Conviction rates offers them "
        "before other measures of two stages. same_year: convictions against prosecutions of the "
        "same years. lag_adjusted: against prosecutions of earlier years, by `lag`. "
        "completed_trials: of trials that ended. cohort: of the persons charged. clearance: "
        "offences cleared.",
    )
    lag: Lag | None = Field(
        default=None, description="Needed where `rate` is lag_adjusted, refused elsewhere."
    )
    higher_is: Direction = Field(
        default="neither",
        description="Whether a higher value is `better`, `worse` or `neither` by itself. It is "
        "said beside every figure; maps of measures where higher is worse have colours of their "
        "own, and no gap is computed for them.",
    )
    higher_means: HigherMeans | None = Field(
        default=None, description="What a high value can mean, good and bad."
    )

    @property
    def mind(self) -> str:
        """What belongs beside every figure: the caution, and whether higher is better or worse."""
        if self.higher_is == "neither":
            return self.caution
        worse = self.higher_is == "worse"
        told = (
            say("Here a higher value is worse.") if worse else say("Here a higher value is better.")
        )
        return f"{told} {self.caution}"

    @property
    def below(self) -> StageCount | None:
        """The stage below the line; None where people or another amount stand there."""
        return self.denominator if isinstance(self.denominator, StageCount) else None

    @property
    def is_rate(self) -> bool:
        """Whether it says what becomes of those counted, which the page Conviction rates compares:
        one stage is divided by another. A rate per people says how much is done."""
        return self.rate is not None or self.below is not None

    @property
    def exposure(self) -> str:
        """What stands below the line where it is no stage, such as `people`; else empty."""
        if isinstance(self.denominator, Amount):
            return self.denominator.called
        return say("people") if self.below is None else ""

    @model_validator(mode="after")
    def _interval_fits_denominator(self) -> Self:
        if (self.interval == "byar") != (self.below is None):
            raise UnfitError(
                worded("Interval '{interval}' does not fit.", interval=self.interval),
                worded(
                    "byar with denominator 'population' or an indicator, "
                    "ratio_of_counts or wilson with a stage"
                ),
            )
        return self

    @model_validator(mode="after")
    def _lag_where_it_is_used(self) -> Self:
        if (self.rate == "lag_adjusted") != (self.lag is not None):
            raise UnfitError(
                worded("`lag` and `rate: lag_adjusted` need each other; give both or neither.")
            )
        if self.lag is not None and self.interval != "ratio_of_counts":
            raise UnfitError(
                worded("Interval '{interval}' does not fit a lag.", interval=self.interval),
                "ratio_of_counts",
            )
        return self

    @model_validator(mode="after")
    def _units_are_comparable_or_named(self) -> Self:
        if self.below is None:
            return self._rate_names_its_count()
        units = (self.numerator.unit, self.below.unit)
        if units[0] == units[1]:
            return self
        if self.interval == "wilson":
            raise UnfitError(
                worded(
                    "A share of {below} cannot be counted in {above}.",
                    below=units[1],
                    above=units[0],
                ),
                "ratio_of_counts",
            )
        missing = [unit for unit in units if unit not in self.unit]
        if missing:
            raise UnfitError(
                worded(
                    "A ratio of {above} to {below} must say so: its unit '{unit}' does "
                    "not name {missing}.",
                    above=units[0],
                    below=units[1],
                    unit=self.unit,
                    missing=together(missing),
                )
            )
        return self

    def _rate_names_its_count(self) -> Self:
        """A rate of an amount says what is counted, and what for."""
        if isinstance(self.denominator, Amount):
            missing = [w for w in (self.numerator.unit, self.exposure) if w not in self.unit]
            if missing:
                raise UnfitError(
                    worded(
                        "A rate of {counted} per {exposure} must say so: its unit '{unit}' "
                        "does not name {missing}.",
                        counted=self.numerator.unit,
                        exposure=self.exposure,
                        unit=self.unit,
                        missing=together(missing),
                    )
                )
        return self


class Indicator(Frozen):
    """A score, grade, amount or estimate of places that is no count of the justice chain."""

    title: Text = Field(description="What charts and tables call the indicator.")
    unit: Text = Field(description="Unit of the value in words.")
    source: Identifier = Field(description="Source of its values: that of an indicators dataset.")
    definition: Text = Field(description="One sentence: what the value says.")
    caution: Text = Field(description="What the value cannot say.")
    decimals: Annotated[int, Field(ge=0, le=4)] = Field(
        default=0, description="Decimals that charts and tables print."
    )
    better: Literal["higher", "lower"] | None = Field(
        default=None, description="Which values are better, where one can say so."
    )
    scale: tuple[FiniteFloat, FiniteFloat] | None = Field(
        default=None, description="Lowest and highest value that there can be."
    )
    labels: dict[str, Text] = Field(
        default={}, description="Words for single values, such as `2.5: Tier 2 Watch List`."
    )
    peers: Text | None = Field(
        default=None,
        description="Words for the choice of peers that are alike in this indicator, such as "
        "`Similar rule of law`; without them it is not offered. Needs `bands` or `labels`.",
    )
    bands: tuple[FiniteFloat, ...] = Field(
        default=(), description="Values at which a band of peers ends, itself outside the band."
    )

    @field_validator("labels", mode="before")
    @classmethod
    def _numbers_as_text(cls, labels: Any) -> Any:
        """YAML reads `2.5: Tier 2 Watch List` as a label of a number."""
        if not isinstance(labels, dict):
            return labels
        return {str(k) if type(k) in (int, float) else k: v for k, v in labels.items()}

    @model_validator(mode="after")
    def _scale_rises(self) -> Self:
        if self.scale is not None and self.scale[0] >= self.scale[1]:
            raise UnfitError(
                worded(
                    "The scale {first} to {last} does not rise.",
                    first=f"{self.scale[0]:g}",
                    last=f"{self.scale[1]:g}",
                ),
                worded("the lowest value first"),
            )
        return self

    @model_validator(mode="after")
    def _bands_rise(self) -> Self:
        if any(low >= high for low, high in pairwise(self.bands)):
            raise UnfitError(
                worded("The bands do not rise."), worded("each higher than the one before")
            )
        return self

    @model_validator(mode="after")
    def _labels_are_of_numbers(self) -> Self:
        for value in self.labels:
            if not _is_number(value):
                raise UnfitError(
                    worded("The label of '{value}' stands at no number.", value=value),
                    worded("values such as 2 or 2.5"),
                )
        return self

    @model_validator(mode="after")
    def _peers_need_groups(self) -> Self:
        if self.peers is not None and not (self.bands or self.labels):
            raise UnfitError(worded("`peers` need `bands` or `labels` to say who is alike."))
        return self


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


class Gaps(Frozen):
    """Which indicators the analysis of gaps uses; what is left out is said to be not known."""

    model: tuple[Identifier, ...] = Field(
        default=(),
        description="Indicators that the fitted count model takes beside population, cases below "
        "the line and region.",
    )
    law: Identifier | None = Field(
        default=None, description="Indicator of the law, the first step of a waterfall."
    )
    prevalence: Identifier | None = Field(
        default=None, description="Indicator of how many victims there are estimated to be."
    )
    history: tuple[Identifier, ...] = Field(
        default=(), description="Indicators that a place's policy history shows, in order."
    )
    grants: Identifier | None = Field(
        default=None, description="Indicator of money that a place received, per year."
    )

    @model_validator(mode="after")
    def _each_indicator_once(self) -> Self:
        for list_, ids in (("model", self.model), ("history", self.history)):
            twice = [id_ for at, id_ in enumerate(ids) if id_ in ids[:at]]
            if twice:
                raise UnfitError(
                    worded("{id} stands twice in `{list}`.", id=twice[0].capitalize(), list=list_),
                    worded("each once"),
                )
        return self


class Training(Frozen):
    """What the training model rests on; without it, that model is not offered."""

    library: RelativePath = Field(
        description="Path of the effect library: what is believed of the effects of training."
    )
    source: Identifier = Field(
        description="Source of the counts from which the model starts: that of an observations "
        "dataset."
    )
    first_year: Year | None = Field(
        default=None,
        description="First year of an investment; the year after the last counts if left out.",
    )


class Association(Frozen):
    """Whether counts move with something that was done, such as grants: never proof that it is
    the cause."""

    title: Text = Field(description="What the page calls it, such as `US anti-trafficking grants`.")
    treatment: Identifier = Field(
        description="Indicator of what was done, place by place and year by year. 0 says that "
        "nothing was done; a value that is not reported is not known, and leaves the year out."
    )
    treatment_words: Text = Field(
        description="The treatment inside a sentence: what a year with it has, such as `a US grant "
        "listed`, or what starts, such as `a special unit`."
    )
    design: AssociationDesign = Field(
        description="intensity: the treatment comes and goes, and each place's years with it are "
        "compared with its years without. rollout: it starts in one place after another and "
        "stays, and each place is compared with those that have not started."
    )
    measured_as: Literal["any", "number"] = Field(
        default="any",
        description="any: a year with a value above 0 against one with 0. number: each further "
        "unit of the value; for `intensity` only.",
    )
    outcomes: tuple[StageCount, ...] = Field(
        json_schema_extra={"minItems": 1},
        description="Counts that are looked at, each stage once; the first is shown first.",
    )
    source: Identifier = Field(description="Source of the counts: an observations dataset.")
    level: Level = Field(default="country", description="Which places are compared.")
    lag: Annotated[int, Field(ge=0, le=3)] = Field(
        default=1,
        description="Years from the treatment to the counts that are set against it. A roll-out "
        "counts from this many years after its start.",
    )
    left_out: dict[str, Text] = Field(
        default={}, description="Places that are left out, by id, each with the reason."
    )
    caution: Text = Field(description="What the comparison cannot say.")

    @model_validator(mode="after")
    def _each_stage_once(self) -> Self:
        stages = [outcome.stage for outcome in self.outcomes]
        if not stages:
            raise UnfitError(
                worded("`outcomes` is empty."), worded("at least one stage with its unit")
            )
        twice = [stage for at, stage in enumerate(stages) if stage in stages[:at]]
        if twice:
            raise UnfitError(
                worded("{id} stands twice in `{list}`.", id=twice[0].capitalize(), list="outcomes"),
                worded("each stage once"),
            )
        return self

    @model_validator(mode="after")
    def _a_rollout_has_no_amount(self) -> Self:
        if self.design == "rollout" and self.measured_as == "number":
            raise UnfitError(worded("A roll-out has started or not."), worded("measured_as any"))
        return self


class Defaults(Frozen):
    """What the map shows before the reader has chosen anything."""

    measure: Identifier = Field(description="Measure of the first map.")
    window: Window = Field(default=5, description="Years that are pooled: 1, 3 or 5.")
    year_to: Year = Field(description="Last year of the window.")
    place: str | None = Field(default=None, description="Place whose series is shown first.")


class Snapshots(Frozen):
    """Where built snapshots are kept."""

    folder: RelativePath = Field(
        default=".snapshots",
        description="Folder of the snapshot files; GAPATLAS_SNAPSHOTS in the environment wins.",
    )
    keep: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=10,
        description="How many of the last snapshots of this config stay on disk. A link to one of "
        "them still shows its figures.",
    )


class Limits(Frozen):
    """What one query may use."""

    query_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        default=5.0, description="Time after which a query is stopped."
    )
    memory_mb: Annotated[int, Field(ge=64, le=1_048_576)] = Field(
        default=512, description="Memory of the database, in megabytes."
    )
    threads: Annotated[int, Field(ge=1, le=256)] = Field(
        default=2, description="Threads of the database."
    )


class Config(Frozen):
    """All of `config.yaml`."""

    version: Literal[1] = Field(description="Version of this file's layout.")
    title: Text = Field(default="Gap Atlas", description="Title of the app.")
    places: PlaceTables = Field(
        default=(PlaceTable(file="data/places/places.csv"),),
        min_length=1,
        json_schema_extra={"default": "data/places/places.csv"},
        description="Table of places with their codes: one path, or a list of paths and blocks.",
    )
    datasets: dict[Identifier, Dataset] = Field(
        min_length=1, description="Curated tables, by dataset id."
    )
    population: tuple[Identifier, ...] = Field(
        default=(),
        description="Population datasets, most preferred first: the first that has a figure for "
        "a place and year is used and named.",
    )
    stages: dict[Identifier, OwnStage] = Field(
        default={},
        description="What an office counts beside the stages of the justice chain, by stage id.",
    )
    indicators: dict[Identifier, Indicator] = Field(
        default={}, description="Indicators of the indicators datasets, by indicator id."
    )
    gaps: Gaps = Field(default=Gaps(), description="What the analysis of gaps uses.")
    training: Training | None = Field(default=None, description="What the training model rests on.")
    maps: dict[Identifier, Map] = Field(default={}, description="Maps, by map id.")
    measures: dict[Identifier, Measure] = Field(
        min_length=1, description="Measures, by measure id."
    )
    associations: dict[Identifier, Association] = Field(
        default={},
        description="Comparisons of counts with something that was done, by association id.",
    )
    defaults: Defaults = Field(description="What the app shows first.")
    snapshots: Snapshots = Field(default=Snapshots(), description="Where snapshots are kept.")
    limits: Limits = Field(default=Limits(), description="What one query may use.")

    @model_validator(mode="after")
    def _own_stages_are_told(self) -> Self:
        for _, count in self.stage_counts():
            count.learn(self.stages)
        return self

    def stage_units(self) -> Stages:
        """Every stage, known and own, in the order in which it is listed -> its units."""
        return with_own_stages(self.stages)

    def stage_labels(self) -> dict[tuple[str, str], str]:
        """Stage and unit, of every stage that there is -> its words in the language that is
        spoken."""
        return {
            (stage, unit): say(self.stages[stage].label)
            if stage in self.stages
            else stage_label(stage, unit)
            for stage, units in self.stage_units().items()
            for unit in units
        }

    def stage_counts(self) -> Iterator[tuple[KeyPath, StageCount]]:
        """Where a stage is named, and the stage with its unit."""
        for id_, measure in self.measures.items():
            yield ("measures", id_, "numerator"), measure.numerator
            if measure.below is not None:
                yield ("measures", id_, "denominator"), measure.below
        for id_, association in self.associations.items():
            for at, outcome in enumerate(association.outcomes):
                yield ("associations", id_, "outcomes", at), outcome

    def observation_sources(self) -> dict[str, str]:
        """Source id -> id of its last observations dataset; a source may have several."""
        return {d.source: id_ for id_, d in self.datasets.items() if d.kind == "observations"}

    def flow_sources(self) -> dict[str, str]:
        """Source id -> dataset id of every flows dataset."""
        return {d.source: id_ for id_, d in self.datasets.items() if d.kind == "flows"}

    def peer_indicators(self) -> dict[str, str]:
        """Indicator id -> words, of every indicator by which a reader can choose peers."""
        return {id_: i.peers for id_, i in self.indicators.items() if i.peers is not None}

    def periods(self) -> dict[str, tuple[int, int]]:
        """Source id -> first and last year, of every source that holds one whole period."""
        return {d.source: d.period for d in self.datasets.values() if d.period is not None}

    def amounts(self) -> set[str]:
        """Ids of the indicators that stand below the line of a measure."""
        return {
            measure.denominator.indicator
            for measure in self.measures.values()
            if isinstance(measure.denominator, Amount)
        }

    def map_of_level(self, level: str) -> Map | None:
        """The first map that draws a level, or None: then everything but the map works."""
        return next((m for m in self.maps.values() if m.level == level), None)


class LoadedConfig(Frozen):
    """A config with the file it came from; paths in it are resolved from there."""

    path: Path
    config: Config

    @property
    def root(self) -> Path:
        return self.path.parent

    def resolve(self, relative: str) -> Path:
        return self.root / relative
