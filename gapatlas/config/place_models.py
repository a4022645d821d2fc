"""The keys of places and of the maps that draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from gapatlas.config.base import Frozen, Level, RelativePath, Text, UnfitError
from gapatlas.config.reading_models import Reading
from gapatlas.files import unmerged
from gapatlas.languages import worded

PlaceLevel = Literal["country", "us_state", "us_territory", "province", "region", "world", "other"]
PlaceColumn = Literal[
    "id",
    "name",
    "parent",
    "iso2",
    "iso_numeric",
    "usps",
    "region",
    "subregion",
    "longitude",
    "latitude",
]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{0,20}$")]
Projection = Literal["fitted", "equalEarth", "naturalEarth1", "mercator", "identity"]
OUTLINES: Final = "places"
"""Name of the object in the TopoJSON that is made of an analyst's own boundaries."""
SIDE_FILES: Final = (".shx", ".dbf", ".prj", ".cpg")
"""Files that lie beside a shapefile and belong to it."""
ONLY_WITH_COLUMNS: Final = ("read", "level", "prefix", "parent", "region", "subregion", "layer")
FOR_BOUNDARIES: Final = ("id_column", "prefix", "layer", "crs", "leave_out")


class PlaceTable(Frozen):
    """A table of places: in the project's own schema, or with columns of its own."""

    file: RelativePath = Field(
        description="Table with one row per place, from the folder of this config: csv, or with "
        "`columns` any table that a dataset can be, or a boundary file (geojson, topojson, shp, "
        "zip of a shapefile, gpkg) whose columns are read."
    )
    read: Reading | None = Field(
        default=None,
        description="How the table is opened, such as its encoding, delimiter or sheet, where "
        "that can't be guessed.",
    )
    columns: dict[str, PlaceColumn] = Field(
        default={},
        description="Columns of the table -> what they hold. `id` and `name` are needed; all "
        "other columns are left out. Without this key, the table follows the project's schema.",
    )
    level: PlaceLevel = Field(
        default="province",
        description="What the places are. province: any area below a country but for US states.",
    )
    prefix: Prefix = Field(
        default="", description="Stands before each id: `MX-` makes `MX-01` of `01`."
    )
    parent: Text | None = Field(
        default=None, description="Id of the place that all of them belong to, such as MEX."
    )
    region: Text | None = Field(
        default=None,
        description="Places of one region are compared with each other. Left out, it is the name "
        "of the place that provinces belong to.",
    )
    subregion: Text | None = Field(default=None, description="A finer region.")
    layer: Text | None = Field(
        default=None, description="Layer of a GeoPackage; the first if it has one only."
    )

    @model_validator(mode="after")
    def _columns_are_whole(self) -> Self:
        if not self.columns:
            if given := _given(self, ONLY_WITH_COLUMNS):
                raise UnfitError(
                    worded(
                        "`{key}` is of use only where `columns` says which column is the "
                        "id and which the name.",
                        key=given[0],
                    ),
                    worded("a block with `columns`, or the path alone"),
                )
            return self
        meanings = Counter(self.columns.values())
        for needed in ("id", "name"):
            if not meanings[needed]:
                raise UnfitError(
                    worded("No column is the {meaning}.", meaning=needed),
                    worded(
                        "`columns` with an id and a name, such as {example}",
                        example="{CODE: id, NAME: name}",
                    ),
                )
        twice = [meaning for meaning, times in meanings.items() if times > 1]
        if twice:
            raise UnfitError(
                worded("Two columns are the {meaning}.", meaning=twice[0]),
                worded("one for each meaning"),
            )
        for key in ("parent", "region", "subregion"):
            if meanings[key] and getattr(self, key) is not None:
                raise UnfitError(
                    worded("`{key}` is given twice.", key=key), worded("a column of it, or the key")
                )
        return self


def _given(block: Frozen, keys: Sequence[str]) -> list[str]:
    """Keys with another value than their default."""
    fields = type(block).model_fields
    return [key for key in keys if getattr(block, key) != fields[key].default]


def _as_tables(places: Any) -> Any:
    """One path, or a list of paths and blocks, as a list of blocks."""
    listed = places if isinstance(places, list | tuple) else [places]
    return [{"file": entry} if isinstance(entry, str) else entry for entry in listed]


PlaceTables = Annotated[
    tuple[PlaceTable, ...],
    BeforeValidator(
        _as_tables, json_schema_input_type=RelativePath | tuple[RelativePath | PlaceTable, ...]
    ),
]


class Map(Frozen):
    """Shapes for the places of one level: `shapes` that are ready, or your own `boundaries`."""

    title: Text = Field(description="Name of the map as the page prints it.")
    level: Level = Field(description="The level of places that the shapes draw.")
    boundaries: RelativePath | None = Field(
        default=None,
        description="Your own boundary file: geojson, topojson, shp, zip of a shapefile, or gpkg, "
        "in any projection. It is checked and made small when the data are built.",
    )
    id_column: Text | None = Field(
        default=None, description="Column of the boundary file with the id of the place."
    )
    prefix: Prefix = Field(
        default="", description="Stands before each id of the boundary file, as in `places`."
    )
    layer: Text | None = Field(
        default=None, description="Layer of a GeoPackage; the first if it has one only."
    )
    crs: Annotated[int, Field(ge=1024, le=999_999)] | None = Field(
        default=None,
        description="EPSG number of the coordinates, where the boundary file does not say it.",
    )
    leave_out: tuple[Text, ...] = Field(
        default=(),
        description="Ids in the boundary file that are no places, such as lakes; without prefix.",
    )
    shapes: RelativePath | None = Field(
        default=None,
        description="TopoJSON file below `static/`, whose shapes carry a place id.",
    )
    object: str | None = Field(
        default=None, description="Name of the object inside the TopoJSON file of `shapes`."
    )
    attribution: Text = Field(
        default="not stated", description="Who made the boundaries, and their terms."
    )
    projection: Projection = Field(
        default="fitted",
        description="Projection. fitted: areas keep their size, north is up, and the places fill "
        "the map; for `boundaries`. identity: for `shapes` that are projected already.",
    )

    @model_validator(mode="after")
    def _one_kind_of_shapes(self) -> Self:
        if (self.shapes is None) == (self.boundaries is None):
            raise UnfitError(
                worded("A map is drawn from one file."),
                worded("`boundaries`, your own file, or `shapes`, which are ready"),
            )
        if self.boundaries is not None:
            self._check_boundaries()
        else:
            self._check_shapes()
        return self

    def _check_boundaries(self) -> None:
        if self.id_column is None:
            raise UnfitError(
                worded("`boundaries` need `id_column`, the column with the id of the place."),
                worded("the name of a column of the file"),
            )
        if self.object is not None:
            raise UnfitError(
                worded("`object` belongs to `shapes`."), worded("`boundaries` without it")
            )
        if self.projection == "identity":
            raise UnfitError(
                worded("`boundaries` are brought to degrees first."),
                worded("projection fitted, mercator, equalEarth, naturalEarth1"),
            )

    def _check_shapes(self) -> None:
        if self.object is None:
            raise UnfitError(
                worded("`shapes` need `object`."), worded("the name of an object in the file")
            )
        if self.projection == "fitted":
            raise UnfitError(
                worded("`shapes` need a projection."),
                "equalEarth, naturalEarth1, mercator, identity",
            )
        for key in _given(self, FOR_BOUNDARIES):
            raise UnfitError(
                worded("`{key}` belongs to `boundaries`.", key=key), worded("`shapes` without it")
            )

    @property
    def file(self) -> str:
        """Path of the file that the map is drawn from."""
        return self.boundaries or self.shapes or ""

    @property
    def feature(self) -> str:
        """Name of the object in the TopoJSON that the map is drawn from."""
        return self.object or OUTLINES


def with_side_files(path: Path) -> list[Path]:
    """A file, and those beside it that are there and belong to it: parts of a shapefile, and the
    latest changes of an SQLite file."""
    if path.suffix.lower() != ".shp":
        return [path, *filter(_is_there, [unmerged(path)])]
    upper = path.suffix.isupper()
    beside = [path.with_suffix(end.upper() if upper else end) for end in SIDE_FILES]
    return [path, *filter(_is_there, beside)]


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()
