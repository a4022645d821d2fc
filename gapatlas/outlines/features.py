"""Boundary files as shapes with their attributes.

GDAL opens whatever it takes a file for, also a list of addresses. So JSON is read here, and GDAL
gets shapefiles and GeoPackages alone, after a look at their first bytes.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd

from gapatlas.config import near_names, with_side_files
from gapatlas.errors import Problem, ValidationError, reason_of
from gapatlas.languages import grouped, mark, together, worded
from gapatlas.reading import LIMITS
from gapatlas.sql import query_text as _sql
from gapatlas.tables import CsvCells, shown
from gapatlas.topojson import decoded_arcs as quantised_arcs
from gapatlas.topojson import polygon_rings, ring_coordinates

JSON_BYTES: Final = 60_000_000
FILE_BYTES: Final = LIMITS.file_bytes
MOST_SHAPES: Final = 5_000
MOST_POINTS: Final = 2_000_000
SHAPEFILE_SUFFIXES: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SUFFIXES: Final = (".geojson", ".json", ".topojson", ".shp", ".zip", ".gpkg")
FORMATS: Final = worded("GeoJSON, TopoJSON, shapefile, zip of a shapefile, or GeoPackage")


@dataclass(frozen=True)
class Features:
    """The shapes of a boundary file.

    Attributes:
        attributes: what the file says of each shape, all cells text; the index is the number of
            the shape in the file, from 1.
        geometry: shapely geometries in the same order; None where there is none.
        crs: what the coordinates are, for pyproj; None where the file does not say it.
    """

    attributes: pd.DataFrame
    geometry: np.ndarray
    crs: Any

    def cells(self) -> CsvCells:
        """The attributes as the cells of a table."""
        return CsvCells(header=list(self.attributes.columns), frame=self.attributes)


def is_boundary_file(path: Path) -> bool:
    """Whether a file's ending is that of a boundary file."""
    return path.suffix.lower() in SUFFIXES


def read_features(path: Path, layer: str | None, where: str) -> Features:
    """Read a boundary file.

    Args:
        path: the file.
        layer: layer of a GeoPackage; None where it has one only.
        where: what problems call the file.

    Raises:
        ValidationError: the file is no boundary file, is broken, or too large.
    """
    read = _reader(path, where)
    try:
        features = read(path, layer, where)
    except (OSError, sqlite3.Error, zipfile.BadZipFile, RuntimeError) as error:
        reason = worded(getattr(error, "strerror", None) or mark("it is broken"))
        raise _refused(
            where, worded("The boundaries can't be read: {reason}.", reason=reason)
        ) from None
    _refuse_large(features, where)
    return features


def _reader(path: Path, where: str) -> Callable[[Path, str | None, str], Features]:
    """How to read a file, by its ending and its first bytes."""
    try:
        largest = max(file.stat().st_size for file in with_side_files(path))
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as error:
        raise _refused(
            where, worded("The file cannot be read: {reason}.", reason=reason_of(error))
        ) from None
    if largest > FILE_BYTES:
        raise _too_large(
            where,
            _megabytes(largest),
            worded("up to {size}", size=_megabytes(FILE_BYTES)),
        )
    readers: dict[str, tuple[bytes, Callable[[Path, str | None, str], Features]]] = {
        ".shp": (b"\0\0\x27\x0a", _read_shapefile),
        ".gpkg": (b"SQLite format 3\0", _read_geopackage),
        ".zip": (b"PK", _read_zip),
        **dict.fromkeys((".geojson", ".json", ".topojson"), (b"{", _read_json)),
    }
    first, reader = readers.get(path.suffix.lower(), (b"", None))
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip() if first == b"{" else start
    if reader is None or not text.startswith(first):
        message = worded("This is not a boundary file.")
        raise _refused(where, message, found=path.suffix or worded("no ending"), allowed=FORMATS)
    return reader


def _refused(where: str, message: str, **particulars: Any) -> ValidationError:
    problem = Problem(where, message, **particulars)
    return ValidationError(worded("A boundary file cannot be used."), [problem])


def _megabytes(count: int) -> str:
    return worded("{number} MB", number=f"{count / 1e6:.0f}")


def _too_large(where: str, found: str, allowed: str) -> ValidationError:
    message = worded("The boundary file is too large. A coarser edition draws the same map.")
    return _refused(where, message, found=found, allowed=allowed)


def _refuse_large(features: Features, where: str) -> None:
    import shapely

    if len(features.geometry) > MOST_SHAPES:
        raise _too_large(
            where,
            worded("{number} shapes", number=grouped(len(features.geometry))),
            worded("up to {most}", most=grouped(MOST_SHAPES)),
        )
    points = int(shapely.get_num_coordinates(features.geometry).sum())
    if points > MOST_POINTS:
        raise _too_large(
            where,
            worded("{number} points", number=grouped(points)),
            worded("up to {most} points", most=grouped(MOST_POINTS)),
        )
    if not len(features.geometry):
        raise _refused(where, worded("The boundary file has no shapes."))


def _text(value: Any) -> str:
    """A value of an attribute as text: whole numbers without a point, what is missing empty."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _attributes(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    texts = {name: [_text(row.get(name)) for row in rows] for name in columns}
    index = pd.RangeIndex(1, len(rows) + 1)
    return pd.DataFrame(texts, index=index, columns=columns, dtype="str")


# ---------------------------------------------------------------- GeoJSON and TopoJSON


def _read_json(path: Path, _layer: str | None, where: str) -> Features:
    size = path.stat().st_size
    if size > JSON_BYTES:
        raise _too_large(
            where,
            _megabytes(size),
            worded("JSON up to {size}", size=_megabytes(JSON_BYTES)),
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise _refused(
            where, worded("This is not JSON."), allowed=worded("GeoJSON or TopoJSON, UTF-8")
        ) from None
    kind = document.get("type")
    try:
        if kind == "FeatureCollection":
            return _geojson(document, where)
        if kind == "Topology":
            return _topojson(document, where)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        raise _refused(
            where, worded("The {kind} is broken.", kind=kind), allowed=worded("GeoJSON or TopoJSON")
        ) from None
    allowed = worded("a FeatureCollection (GeoJSON) or a Topology (TopoJSON)")
    raise _refused(where, worded("This JSON is no map."), found=shown(str(kind)), allowed=allowed)


def _geojson(document: dict[str, Any], where: str) -> Features:
    features = document["features"]
    named = document.get("crs")
    crs = _crs_named(str(named["properties"]["name"]), where) if named else "EPSG:4326"
    geometries = [feature.get("geometry") for feature in features]
    return Features(_attributes(_properties(features)), _shapely(geometries, where), crs)


def _crs_named(name: str, where: str) -> str:
    """What GeoJSON of the older kind says of its coordinates, such as urn:ogc:def:crs:EPSG::6372;
    a number alone is taken, as other texts can lead to files."""
    if name.upper().endswith("CRS84"):
        return "EPSG:4326"
    found = re.fullmatch(r"(?i)(?:urn:ogc:def:crs:)?EPSG:[0-9.]*:?([0-9]{4,6})", name)
    if found is None:
        message = worded("The file names a projection that is not known here.")
        raise _refused(where, message, found=shown(name), allowed=worded("EPSG and a number"))
    return f"EPSG:{found[1]}"


def _properties(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Properties of each feature, and its own id where no property has that name."""
    return [
        ({"id": each["id"]} if "id" in each else {}) | (each.get("properties") or {})
        for each in features
    ]


def _topojson(document: dict[str, Any], where: str) -> Features:
    objects = document["objects"]
    if len(objects) != 1:
        message = worded("The TopoJSON has several objects: nobody can tell which to draw.")
        raise _refused(where, message, found=", ".join(objects), allowed=worded("one object"))
    [collection] = objects.values()
    features = collection.get("geometries", [collection])
    arcs = quantised_arcs(document) if "transform" in document else document["arcs"]
    geometries = [
        {"type": "MultiPolygon", "coordinates": _coordinates(each, arcs)}
        if each.get("type") in ("Polygon", "MultiPolygon")
        else None
        for each in features
    ]
    shapes = _shapely(geometries, where)
    return Features(_attributes(_properties(features)), shapes, "EPSG:4326")


def _coordinates(geometry: dict[str, Any], arcs: list[Any]) -> list[list[list[Any]]]:
    polygons = polygon_rings(geometry)
    return [[ring_coordinates(ring, arcs) for ring in polygon] for polygon in polygons]


def _shapely(geometries: list[dict[str, Any] | None], where: str) -> np.ndarray:
    import shapely
    from shapely.geometry import shape

    found = np.empty(len(geometries), dtype=object)
    for at, geometry in enumerate(geometries):
        try:
            found[at] = shape(geometry) if geometry else None
        except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError):
            message = worded("The shape can't be read.")
            raise _refused(where, message, row=at + 1, allowed=worded("polygons")) from None
    return np.asarray(shapely.force_2d(found))


# ---------------------------------------------------------------- shapefile and GeoPackage


def _read_shapefile(path: Path, _layer: str | None, where: str) -> Features:
    beside = {file.suffix.lower() for file in with_side_files(path)}
    for needed in (".dbf", ".shx"):
        if needed not in beside:
            message = worded(
                "A file of the shapefile is missing: {file}.", file=f"{path.stem}{needed}"
            )
            raise _refused(
                where,
                message,
                allowed=worded(
                    "{files} side by side", files=together((".shp, .shx, .dbf", ".prj"))
                ),
            )
    return _read_with_gdal(path, None, where)


def _read_zip(path: Path, layer: str | None, where: str) -> Features:
    with _unpacked(path, where) as inside:
        return _read_shapefile(inside, layer, where)


@contextmanager
def _unpacked(path: Path, where: str) -> Iterator[Path]:
    """The shapefile of a zip, in a folder of its own while it is read."""
    with zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
        members = {
            member.filename: member
            for member in archive.infolist()
            if PurePosixPath(member.filename).suffix.lower() in SHAPEFILE_SUFFIXES
            and not PurePosixPath(member.filename).name.startswith("._")
        }
        found = [name for name in members if name.lower().endswith(".shp")]
        if len(found) != 1:
            listed = shown(", ".join(found) or "none")
            raise _refused(where, worded("The zip has to hold one shapefile."), found=listed)
        [main] = found
        for name, member in members.items():
            if PurePosixPath(name).with_suffix("") != PurePosixPath(main).with_suffix(""):
                continue
            if member.file_size > FILE_BYTES:
                allowed = worded("up to {size}", size=_megabytes(FILE_BYTES))
                raise _too_large(
                    where,
                    worded("{size} unpacked", size=_megabytes(member.file_size)),
                    allowed,
                )
            target = Path(folder) / f"boundaries{PurePosixPath(name).suffix.lower()}"
            with archive.open(member) as source, target.open("wb") as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
        yield Path(folder) / "boundaries.shp"


def _read_geopackage(path: Path, layer: str | None, where: str) -> Features:
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        tables = connection.execute(_sql("geopackage_tables")).fetchall()
    if any(_leads_elsewhere(made) for _, made, _ in tables):
        raise _refused(where, worded("The GeoPackage has tables that lead elsewhere."))
    layers = sorted(name for name, _, holds in tables if holds == "features")
    if layer is None and len(layers) != 1:
        message = worded(
            "The GeoPackage does not have one layer of shapes: `layer` has to name one."
        )
        raise _refused(
            where, message, found=", ".join(layers) or worded("none"), allowed=worded("one of them")
        )
    if layer is not None and layer not in layers:
        allowed = near_names(layer, layers)
        raise _refused(
            where, worded("There is no such layer."), found=shown(layer), allowed=allowed
        )
    return _read_with_gdal(path, layer or layers[0], where)


def _leads_elsewhere(made: str) -> bool:
    """Whether a table is made by a module, which may open other files; the index of shapes is."""
    return "virtual" in made.lower() and "using rtree" not in made.lower()


def _read_with_gdal(path: Path, layer: str | None, where: str) -> Features:
    import pyogrio
    import shapely

    try:
        count = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
        if count > MOST_SHAPES:
            raise _too_large(
                where,
                worded("{number} shapes", number=grouped(count)),
                worded("up to {most}", most=grouped(MOST_SHAPES)),
            )
        meta, _, geometry, columns = pyogrio.raw.read(path, layer=layer, force_2d=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        message = worded("The boundaries can't be read: the file is broken.")
        raise _refused(where, message, allowed=FORMATS) from error
    names = [str(name) for name in meta["fields"]]
    table = pd.DataFrame(
        {name: pd.Series([_text(v) for v in np.asarray(c).tolist()], dtype="str")
         for name, c in zip(names, columns, strict=True)},
    )  # fmt: skip
    table.index = pd.RangeIndex(1, len(geometry) + 1)
    return Features(table, np.asarray(shapely.from_wkb(geometry)), meta["crs"])
