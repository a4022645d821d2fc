"""The library's front door: `open_atlas(config)` -> `Atlas` -> `AtlasFrame`.

Pages and notebooks use the same calls and so get the same numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import pandas as pd

from gapatlas import geography
from gapatlas.build import (
    SCHEMA_VERSION,
    Snapshot,
    build,
    kept_snapshot,
    last_good,
)
from gapatlas.citations import CitationStyle, cite
from gapatlas.config import (
    Config,
    EffectLibrary,
    Map,
    Measure,
    StageCount,
    default_config_path,
    near_names,
)
from gapatlas.config.spoken import in_language
from gapatlas.config.vocabulary import DIMENSIONS, LEVELS_OF_MAP, STAGE_UNITS
from gapatlas.database import Database
from gapatlas.errors import Problem, QueryError, UnknownNameError
from gapatlas.languages import ENGLISH, language_now, named_in_language, place_name, say, worded
from gapatlas.measures import MeasureFrame, Measures, Source, narrowed
from gapatlas.release import TABLES
from gapatlas.tables import rows

if TYPE_CHECKING:
    import geopandas

    from gapatlas.charts import Chart
    from gapatlas.export import Download

ChartKind = Literal["map", "series", "dots"]


def open_atlas(config_path: str | Path | None = None) -> Atlas:
    """Open the atlas of a config, building its snapshot where files have changed.

    Args:
        config_path: path of `config.yaml`; None means the one named in GAPATLAS_CONFIG, else
            `config.yaml` in the working folder.

    Raises:
        GapAtlasError: the config or the data have faults; every one is listed with file, row,
            column, what was found and what is allowed. The last good snapshot stays as it was.
    """
    path = Path(config_path) if config_path is not None else default_config_path()
    return Atlas(build(path), path.resolve())


def open_last_good(config_path: str | Path) -> Atlas | None:
    """The atlas of the last snapshot that was built from this config file, if there is one."""
    path = Path(config_path).resolve()
    snapshot = last_good(path)
    return Atlas(snapshot, path) if snapshot else None


class Atlas:
    """One snapshot, ready to be asked.

    Words (of the config, names of places) are those of the language that is spoken, see
    `gapatlas.languages`.

    Attributes:
        snapshot: its file and id.
        notices: what is odd but lawful in the data, from the build.
    """

    def __init__(self, snapshot: Snapshot, config_path: Path) -> None:
        self.snapshot = snapshot
        self.config_path = config_path
        self._database = Database(snapshot.path)
        self._people: dict[int, pd.DataFrame] = {}
        self._breaks: dict[tuple[str, str, int], tuple[float, ...]] = {}
        self._outlines: dict[str, dict[str, Any]] | None = None
        try:
            meta = self._database.query("meta")
            self.meta: dict[str, str] = dict(zip(meta["key"], meta["value"], strict=True))
            _refuse_another_version(self.meta)
            self._config = Config.model_validate_json(self.meta["config"])
            self._effects = _effects_in(self.meta["effects"])
            self.notices = tuple(map(Problem.unpacked, json.loads(self.meta["notices"])))
            self._database.told = self._in_language
            self._spoken: dict[str, _Spoken] = {}
            self._names: dict[str, dict[str, str]] = {}
            self._spoken_now()
        except (KeyError, ValueError) as error:
            self.close()
            problem = Problem(snapshot.path.name, worded("Another version of Gap Atlas built it."))
            raise QueryError(worded("The snapshot cannot be used."), [problem]) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the snapshot."""
        self._database.close()

    @property
    def config(self) -> Config:
        """The config that the snapshot was built from, in the language that is spoken."""
        return self._spoken_now().config

    @property
    def effects(self) -> EffectLibrary | None:
        """The effect library of the training model in the language that is spoken; None where
        the config names none."""
        return self._spoken_now().effects

    @property
    def key(self) -> str:
        """What results that hold words are kept by: the snapshot and the language."""
        return f"{self.snapshot.id} {language_now()}"

    @property
    def _measures(self) -> Measures:
        return self._spoken_now().measures

    def _spoken_now(self) -> _Spoken:
        """What the snapshot says, in the language that is spoken; made on first use."""
        language = language_now()
        if language not in self._spoken:
            config = in_language(self._config)
            effects = in_language(self._effects) if self._effects is not None else None
            measures = Measures(config, self._database, self.snapshot.id)
            self._spoken[language] = _Spoken(config, effects, measures)
        return self._spoken[language]

    def _in_language(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a query, with names of places in the language that is spoken."""
        language = language_now()
        if language == ENGLISH or "name" not in table or "jurisdiction_id" not in table:
            return table
        if name == "places":
            self._names[language] = {
                row.jurisdiction_id: place_name(row.name, row.iso2) for row in rows(table)
            }
        elif language not in self._names:
            self._database.query("places")
        return named_in_language(table, self._names[language])

    @property
    def root(self) -> Path:
        """Folder of the config, from which its paths count."""
        return self.config_path.parent

    def measure(
        self,
        measure_id: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        years: tuple[int, int] | int | None = None,
        window: int = 1,
        source: str | None = None,
    ) -> AtlasFrame:
        """Compute a measure; see `gapatlas.measures.Measures.measure`.

        Returns:
            An `AtlasFrame`: its `data` has one row per place and window of years.
        """
        frame = self._measures.measure(
            measure_id, jurisdictions=jurisdictions, years=years, window=window, source=source
        )
        return AtlasFrame.of(frame, self)

    def measure_named(self, measure_id: str) -> Measure:
        """What the config says of a measure.

        Raises:
            UnknownNameError: the config has no such measure.
        """
        return self._measures.named_measure(measure_id)

    def measures(self) -> pd.DataFrame:
        """One row per measure: id, title, unit, level, definition, caution, interval,
        higher_is, rate, source."""
        rows = [
            {
                "measure_id": id_,
                "title": measure.title,
                "unit": measure.unit,
                "level": measure.level,
                "numerator": measure.numerator.label,
                "denominator": _denominator_words(measure),
                "per": measure.per,
                "interval": measure.interval,
                "higher_is": measure.higher_is,
                "rate": measure.rate,
                "source_id": measure.source,
                "definition": measure.definition,
                "caution": measure.caution,
            }
            for id_, measure in self.config.measures.items()
        ]
        return pd.DataFrame(rows)

    def sources(self) -> pd.DataFrame:
        """One row per dataset: source_id, publisher, edition, licence, citation, rows, ..."""
        return self._database.query("datasets")

    def cases(self) -> pd.DataFrame:
        """One row per dataset of cases: dataset_id, short, title, origin (`rows` of persons or
        `counts`), synthetic, brand, threshold, base, persons (rounded), first_year, last_year,
        evidence and defence (lists of ids), sample, audit."""
        return self._database.query("case_sources")

    def case_table(self, table: str, dataset_id: str) -> pd.DataFrame:
        """What may be known of a dataset of cases.

        Args:
            table: one of `gapatlas.release.TABLES`, which names their columns.
            dataset_id: id of a dataset of kind `cases` or `case_counts`.

        Raises:
            UnknownNameError: there is no such table or dataset.
        """
        _refuse_unknown("table of cases", table, TABLES)
        _refuse_unknown("dataset of cases", dataset_id, self.cases()["dataset_id"])
        found = self._database.query("case_table", {"name": table, "dataset_id": dataset_id})
        return found[list(TABLES[table])]

    def jurisdictions(self, level: str | None = None) -> pd.DataFrame:
        """One row per place: id, name, level, codes, region, point, whether shapes draw it."""
        places = self._measures.places
        if level is None:
            return places.copy()
        _refuse_unknown("level", level, places["level"].unique())
        return places[places["level"] == level].reset_index(drop=True)

    def stages(self, jurisdiction: str, source: str | None = None) -> pd.DataFrame:
        """Every stage of a place by year and source: counts as bounds, with their status, and
        stage_label (what is counted in words).

        Stages stand in the order of the justice chain, from detected victims to outcomes; own
        stages stand where the config puts them.
        """
        self._refuse_unknown_places([jurisdiction])
        if source is not None:
            _refuse_unknown("source", source, self.config.observation_sources())
        parameters = {"jurisdictions": [jurisdiction], "source_id": source}
        return self._along_the_chain(self._database.query("stage_series", parameters))

    def _along_the_chain(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows in the order of the justice chain, with labels, otherwise as they were."""
        chain = {stage: position for position, stage in enumerate(self.config.stage_units())}
        ordered = table.sort_values("stage", key=lambda column: column.map(chain), kind="stable")
        return self._with_labels(ordered)

    def _with_labels(self, table: pd.DataFrame) -> pd.DataFrame:
        """Counts with what they count in words."""
        labels = self.config.stage_labels()
        pairs = zip(table["stage"], table["unit"], strict=True)
        return table.assign(stage_label=pd.Series([labels[p] for p in pairs], table.index, "str"))

    def stage_totals(self, stage: StageCount, source: str, years: tuple[int, int]) -> pd.DataFrame:
        """One stage added up over years: jurisdiction_id, name, count_low, count_high,
        years_reported. Counts are absent where no year is reported."""
        parameters = {
            "stage": stage.stage,
            "unit": stage.unit,
            "source_id": source,
            "year_from": years[0],
            "year_to": years[1],
        }
        return self._database.query("stage_totals", parameters)

    def stages_reported(self, measure_id: str, source: str, years: tuple[int, int]) -> pd.DataFrame:
        """How many years each place of a measure reports each stage of a source.

        Returns:
            jurisdiction_id, name, region, stage, unit, years_reported, years_asked and
            stage_label (what is counted in words); stages in the order of `stages`.

        Raises:
            UnknownNameError: an unknown measure or source.
        """
        _refuse_unknown("source", source, self.config.observation_sources())
        parameters = {
            "source_id": source,
            "year_from": years[0],
            "year_to": years[1],
            "levels": list(LEVELS_OF_MAP[self._measures.named_measure(measure_id).level]),
        }
        return self._along_the_chain(self._database.query("stages_reported", parameters))

    def stage_years(self, source: str) -> pd.DataFrame:
        """Every count of a source: jurisdiction_id, name, level, year, stage, unit, count_low,
        count_high, status. Counts that are not reported have a row and no bounds.

        Raises:
            UnknownNameError: an unknown source.
        """
        _refuse_unknown("source", source, self.config.observation_sources())
        return self._database.query("stage_years", {"source_id": source})

    def sources_of_stage(self, stage: str, unit: str) -> list[str]:
        """Ids of the sources that count a stage in a unit, as the config lists them."""
        return self._measures.sources_of_stage(stage, unit)

    def outcomes(self, source: str) -> pd.DataFrame:
        """Every count of a source in its last year, place by place: jurisdiction_id, name,
        level, stage, unit, count_low, count_high, status, stage_label (what is counted in words).
        Made for sources that hold one whole period."""
        _refuse_unknown("source", source, self.config.observation_sources())
        return self._with_labels(self._database.query("last_counts", {"source_id": source}))

    def silent_years(
        self, measure_id: str, at_least: int, source: str | None = None
    ) -> pd.DataFrame:
        """Every place and year that counts much below the line of a measure, and whether it
        reports what stands above it.

        Args:
            measure_id: id of a measure that divides one stage by another.
            at_least: cases below the line from which a place and year is listed.
            source: source id; None means the measure's own.

        Returns:
            jurisdiction_id, name, region, year, count_low, count_high (cases below the line) and
            status of the stage above it (`not_reported` where it is silent).

        Raises:
            UnknownNameError: an unknown measure.
            ValueError: the measure divides by population.
        """
        measure = self._measures.named_measure(measure_id)
        below = measure.below
        if below is None:
            raise ValueError(
                f"A measure that divides by {measure.exposure} has no cases below the line."
            )
        parameters = {
            "numerator_stage": measure.numerator.stage,
            "numerator_unit": measure.numerator.unit,
            "denominator_stage": below.stage,
            "denominator_unit": below.unit,
            "source_id": source or measure.source,
            "at_least": at_least,
            "levels": list(LEVELS_OF_MAP[measure.level]),
        }
        return self._database.query("silent_years", parameters)

    def breakdown(
        self,
        stage: str,
        unit: str,
        *,
        jurisdictions: Sequence[str],
        years: tuple[int, int],
        source: str,
        dimension: str = "total",
    ) -> pd.DataFrame:
        """One stage by sex, age and a dimension such as `exploitation`, rows as published."""
        self._refuse_unknown_places(jurisdictions)
        _refuse_unknown("source", source, self.config.observation_sources())
        _refuse_unknown("dimension", dimension, DIMENSIONS)
        return self._database.query(
            "breakdown",
            {
                "stage": stage,
                "unit": unit,
                "jurisdictions": list(jurisdictions),
                "year_from": years[0],
                "year_to": years[1],
                "source_id": source,
                "dimension": dimension,
            },
        )

    def reporting(self, dataset_id: str) -> pd.DataFrame:
        """Place by year of a dataset: how much of what it could hold is reported. Datasets of
        cases, of which `case_table` tells all that may be shown, have no such table.

        Raises:
            UnknownNameError: there is no such dataset, or it is one of cases.
        """
        of_persons = ("cases", "case_counts")
        tables = [id_ for id_, d in self.config.datasets.items() if d.kind not in of_persons]
        _refuse_unknown("dataset", dataset_id, tables)
        dataset = self.config.datasets[dataset_id]
        if dataset.kind == "population":
            return self._database.query("population_coverage", {"dataset_id": dataset_id})
        if dataset.kind == "coverage":
            return self.reporters(dataset.source)
        if dataset.kind in ("indicators", "flows"):
            return self._database.query("figures_held", {"dataset_id": dataset_id})
        return self._database.query("reporting", {"source_id": dataset.source})

    def indicator(
        self, indicator_id: str, jurisdictions: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Every value of an indicator: jurisdiction_id, name, year, value, low, high, status,
        note. A value that is not reported is absent, never 0; a band has limits alone.

        Raises:
            UnknownNameError: the config has no such indicator, or an unknown place.
        """
        _refuse_unknown("indicator", indicator_id, self.config.indicators)
        self._refuse_unknown_places(jurisdictions or [])
        ids = list(jurisdictions) if jurisdictions is not None else None
        parameters = {
            "indicator": indicator_id,
            "source_id": self.config.indicators[indicator_id].source,
            "jurisdictions": ids,
        }
        return self._database.query("indicator_values", parameters)

    def indicator_at(self, indicator_id: str, year: int) -> pd.DataFrame:
        """The last known value of an indicator at the end of a year: rows of `indicator`."""
        values = self.indicator(indicator_id)
        known = values[(values["status"] != "not_reported") & (values["year"] <= year)]
        return known.drop_duplicates("jurisdiction_id", keep="last").reset_index(drop=True)

    def flows(self, source: str, stage: str) -> pd.DataFrame:
        """Every count by citizenship, as published: jurisdiction_id (where counted), year, unit,
        origin_kind, origin_id, label, count_low, count_high, status.

        Raises:
            UnknownNameError: no flows dataset has this source, or an unknown stage.
        """
        _refuse_unknown("source of flows", source, self.config.flow_sources())
        _refuse_unknown("stage", stage, STAGE_UNITS)
        return self._database.query("flows", {"source_id": source, "stage": stage})

    def reporters(self, source: str, jurisdictions: Sequence[str] | None = None) -> pd.DataFrame:
        """Place by year: how many bodies report behind a source's figures."""
        ids = list(jurisdictions) if jurisdictions is not None else None
        return self._database.query("reporters", {"source_id": source, "jurisdictions": ids})

    def people(self, year: int) -> pd.DataFrame:
        """People of each place in a year, or in the last year before it that is known:
        jurisdiction_id, people, year."""
        if year not in self._people:
            self._people[year] = self._database.query("people", {"year": year})
        return self._people[year]

    def map_breaks(self, measure_id: str, source: str, window: int) -> tuple[float, ...]:
        """Class breaks of a map, in the measure's unit, over every window of a source.

        Computed once.
        """
        from gapatlas import charts

        asked = (measure_id, source, window)
        if asked not in self._breaks:
            years = self.years_of(measure_id, source)
            frame = self.measure(measure_id, years=years, window=window, source=source)
            self._breaks[asked] = charts.map_classes(frame.data, frame.measure).breaks
        return self._breaks[asked]

    def source(self, source_id: str) -> Source:
        """Publisher, edition, terms and citation of a source."""
        return self._measures.source(source_id)

    def sources_of(self, measure_id: str) -> list[str]:
        """Ids of the sources from which a measure can be computed."""
        return self._measures.sources_of(measure_id)

    def years_of(self, measure_id: str, source: str | None = None) -> tuple[int, int]:
        """First and last year of a measure in a source."""
        measure = self._measures.named_measure(measure_id)
        return self._measures.years_of(measure_id, source or measure.source)

    def places_of(self, measure_id: str) -> pd.DataFrame:
        """Places that a measure can describe: those of its level, territories included."""
        levels = LEVELS_OF_MAP[self._measures.named_measure(measure_id).level]
        places = self._measures.places
        return places[places["level"].isin(levels)].reset_index(drop=True)

    def without_shape(self, level: str) -> pd.DataFrame:
        """Places of a level that its map draws neither as a shape nor as a dot; all of them
        where the config has no map of that level."""
        _refuse_unknown("level of a map", level, LEVELS_OF_MAP)
        map_ = self.config.map_of_level(level)
        drawn = []
        if map_ is not None:
            drawn = geography.shape_ids(self.topology(map_), map_.feature, map_.file)
        return geography.without_shape(self._measures.places, level, drawn)

    def shapes(self, level: str) -> geopandas.GeoDataFrame:
        """Shapes of a level's map as a GeoDataFrame: jurisdiction_id, name, geometry.

        Raises:
            UnknownNameError: no map draws the level.
        """
        map_ = self.config.map_of_level(level)
        if map_ is None:
            levels = sorted({known.level for known in self.config.maps.values()})
            _refuse_unknown("level of a map", level, levels)
        assert map_ is not None
        return geography.shapes(
            self.topology(map_),
            map_.feature,
            map_.file,
            projected=map_.projection == "identity",
        )

    def topology(self, map_: Map) -> dict[str, Any]:
        """The TopoJSON that a map of the config is drawn from, as plain data.

        Raises:
            GapAtlasError: its file can't be read.
        """
        if map_.shapes is not None:
            return geography.read_topology(self.root / map_.shapes)
        if self._outlines is None:
            kept = self._database.query("outlines")
            texts = zip(kept["map_id"], kept["topology"], strict=True)
            self._outlines = {id_: json.loads(text) for id_, text in texts}
        id_ = next(id_ for id_, known in self.config.maps.items() if known == map_)
        return self._outlines[id_]

    def names_said(self) -> Mapping[str, str]:
        """Id of a place -> its name in the language that is spoken; nothing in English, the
        language of the data."""
        if language_now() == ENGLISH:
            return {}
        places = self._measures.places
        return dict(zip(places["jurisdiction_id"], places["name"], strict=True))

    def earlier(self, id_: str) -> Atlas | None:
        """The atlas of an earlier snapshot of the same config.

        Args:
            id_: its id, or the first eight digits or more of it.

        Returns:
            The atlas; None where the snapshot is no longer kept (`snapshots.keep` of the config).

        Raises:
            QueryError: another version of Gap Atlas built it.
        """
        snapshot = kept_snapshot(self.snapshot, self.config_path, id_)
        return Atlas(snapshot, self.config_path) if snapshot else None

    def withheld_since(self, earlier: Atlas) -> bool:
        """Whether a count that an earlier snapshot of the same config shows is withheld here."""
        withheld = self._figures_held(suppressed=True)
        if withheld.empty:
            return False
        shown_then = earlier._figures_held(suppressed=False)
        return not withheld.merge(shown_then, on=list(withheld.columns)).empty

    def _figures_held(self, *, suppressed: bool) -> pd.DataFrame:
        """What each count is of, of those that the source withheld, or of all others."""
        return self._database.query("counts_held", {"suppressed": suppressed})

    def link(
        self,
        page: str,
        *,
        base: str = "",
        language: str = "en",
        theme: str = "",
        embed: bool = False,
        locked: bool = False,
        **choices: object,
    ) -> str:
        """The address of a view in the app, every part written out.

        `gapatlas.from_link` gives the figures behind it.

        Args:
            page: file name of the page without its ending, such as `conviction_rates`;
                `overview` is the opening page.
            base: where the app runs, such as `http://localhost:8501`; it goes before the path.
            language: of the page: one of `gapatlas.languages.LANGUAGES`.
            theme: `light` or `dark`; empty leaves it to the reader.
            embed: for a frame in another page: the chart with its source line, without filters.
            locked: whoever gets the link can't change it; needs GAPATLAS_LINK_KEY.
            choices: parts of the page's address, such as `measure`, `source`, `year`, `window`
                and `place`; what is left out is as the page shows it first. `own`, `beside` and
                `layers` take lists of ids, `years` of the page Cross-border a first and a last
                year, `scenario` and `beside` of Training investment a `Scenario` and a list of
                them.

        Returns:
            Path and query, such as `/conviction_rates?measure=...&place=ROU`; the snapshot is
            among its parts.

        Raises:
            UnknownNameError: an unknown page or choice, or one that these data do not hold with
                the other choices; near names are listed.
            QueryError: the page has nothing to show with this config.
            LockError: a locked link is asked for, and the environment has no key.
        """
        from gapatlas.links import link

        return link(
            self,
            page,
            base=base,
            language=language,
            theme=theme,
            embed=embed,
            locked=locked,
            **choices,
        )

    def _refuse_unknown_places(self, ids: Iterable[str]) -> None:
        known = self._measures.places["jurisdiction_id"]
        for id_ in ids:
            _refuse_unknown("place", id_, known)


@dataclass(frozen=True)
class AtlasFrame(MeasureFrame):
    """A `MeasureFrame` that can draw, cite and save itself."""

    atlas: Atlas

    @classmethod
    def of(cls, frame: MeasureFrame, atlas: Atlas) -> Self:
        values: dict[str, Any] = {f.name: getattr(frame, f.name) for f in fields(frame)}
        return cls(**values, atlas=atlas)

    def chart(self, kind: ChartKind = "map") -> Chart:
        """Draw the figures, with title, source line and alt text.

        Args:
            kind: `map` (the last window), `series` (every window of each place) or `dots` (the
                last window, one place per line, with intervals).

        Raises:
            ValueError: an unknown kind, or a map of a level that has no shapes.
        """
        from gapatlas import charts, export

        map_ = self.atlas.config.map_of_level(self.measure.level)
        breaks = shapes = None
        if kind == "map" and map_ is not None:
            breaks = self.atlas.map_breaks(self.measure_id, self.source_id, self.window)
            topology, names = self.atlas.topology(map_), self.atlas.names_said()
            shapes = charts.shapes_inline(map_, topology, names)
        chart = charts.draw(self, kind, map_, shapes, breaks)
        rows = self.data if kind == "series" else charts.last_window(self.data)
        return export.for_notebook(chart, lambda: self._readable(rows))

    def _readable(self, shown: pd.DataFrame) -> Download:
        """Rows of the frame as readers see them, with unit, definition and sources."""
        from gapatlas import export

        drawn = self.only(shown)
        table = export.readable_table(drawn.data, self.measure, drawn.sources)
        return export.Download.of(table, list(export.header_lines(drawn)))

    def only(self, rows: pd.DataFrame) -> Self:
        """The same frame with some of its rows, and the years, sources and caveats of those."""
        return replace(self, **narrowed(self, rows))

    def cite(self, style: CitationStyle = "text") -> str:
        """Sources behind the figures, with edition and terms.

        Args:
            style: `text` (one source a line), `bibtex` (one entry a source) or `csl-json` (a
                list of items).

        Raises:
            ValueError: another style.
        """
        return cite(self.sources, style)

    def to_csv(self, path: str | Path | None = None) -> str:
        """The rows as CSV with a header block of comment lines; saved where a path is given.

        `gapatlas.read_back` gives the rows again.
        """
        from gapatlas import export

        text = export.csv_text(self)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="")
        return text

    def to_xlsx(self, path: str | Path) -> None:
        """Save the rows as an Excel file: what they are, the figures, what the columns mean.

        `gapatlas.read_back` gives the rows again.
        """
        from gapatlas import export

        Path(path).write_bytes(export.xlsx_of(export.Download.of_frame(self)))


@dataclass(frozen=True)
class _Spoken:
    """What a snapshot says, in one language."""

    config: Config
    effects: EffectLibrary | None
    measures: Measures


def _refuse_another_version(meta: dict[str, str]) -> None:
    if meta["schema_version"] != str(SCHEMA_VERSION):
        raise ValueError("another version of the snapshot")


def _effects_in(text: str) -> EffectLibrary | None:
    return EffectLibrary.model_validate_json(text) if text else None


def _refuse_unknown(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        allowed = near_names(name, names)
        problem = Problem(kind, f"Unknown {kind}.", found=name, allowed=allowed)
        raise UnknownNameError(f"There is no {kind} '{name}'. Near: {allowed}.", [problem])


def _denominator_words(measure: Measure) -> str:
    if measure.denominator == "population":
        return say("Population")
    if measure.below is None:
        return measure.exposure.capitalize()
    return measure.below.label


__all__ = ["Atlas", "AtlasFrame", "open_atlas", "open_last_good"]
