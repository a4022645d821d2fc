"""Boundaries and places, from the npm packages world-atlas and us-atlas (tgz, TopoJSON).

Both packages are needed: give either file, or the folder that holds both. The result is one
table of places and three shape files, each with one object whose geometries carry `id` (a text)
and properties `id` and `name`; `id` is the jurisdiction id of the places table.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from gapatlas.config.schema import PLACE_COLUMNS
from gapatlas.errors import ImportLayoutError, Problem
from gapatlas.files import write_atomically
from gapatlas.importers.base import (
    Check,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    sha256_of,
    unreadable,
)
from gapatlas.importers.countries import (
    KOSOVO,
    SARK,
    iso3_codes,
    region_and_subregion,
    short_name,
)
from gapatlas.importers.tables import Findings
from gapatlas.importers.tip_report import REGIONS, WORLD
from gapatlas.importers.us_places import FEDERAL, ids_by_fips, us_places
from gapatlas.topojson import (
    Geometry,
    Point,
    Topology,
    decoded_arcs,
    largest_polygon_point,
    merged,
    minified,
    with_geometries,
    with_points,
)

WORLD_PACKAGE, US_PACKAGE = "world-atlas", "us-atlas"
MEMBERS = {
    WORLD_PACKAGE: ("countries-110m.json", "countries-50m.json"),
    US_PACKAGE: ("states-albers-10m.json", "states-10m.json"),
}
ANTARCTICA = "ATA"
SHAPES_WITHOUT_ISO_CODE = {
    "Kosovo": KOSOVO,
    "N. Cyprus": "X-NORTHERN-CYPRUS",
    "Somaliland": "X-SOMALILAND",
    "Indian Ocean Ter.": "X-INDIAN-OCEAN-TERRITORIES",
    "Siachen Glacier": "X-SIACHEN-GLACIER",
}
"""Reviewed: shapes that carry no ISO number. All but Kosovo draw as places without data."""

_PLACE_DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "jurisdiction_id": (
        "ISO 3166-1 alpha-3 for countries, ISO 3166-2 for US states, own codes "
        "(X-SARK, US-FED, X-WORLD and X-TIP-... for regions of the Trafficking in Persons Report) "
        "and the user-assigned XKX for Kosovo",
        None,
    ),
    "name": ("short English name", None),
    "level": ("country, us_state, us_territory, region, world or other", None),
    "parent_id": ("id of the place that this one belongs to, or empty", None),
    "iso2": ("ISO 3166-1 alpha-2 code of a country", None),
    "iso_numeric": ("ISO 3166-1 number of a country, three digits", None),
    "usps": ("USPS code of a US state or territory", None),
    "region": ("UN M49 region; United States for US states and territories", None),
    "subregion": ("UN M49 sub-region; Census division for US states", None),
    "longitude": ("of a point inside the largest part, east positive", "degrees"),
    "latitude": ("of a point inside the largest part, north positive", "degrees"),
    "shape_110m": ("whether the coarse map draws it (US states: the map of US states)", None),
    "shape_50m": ("whether the finer map draws it (US states: the map of US states)", None),
}


class Boundaries(Importer):
    """Reads world-atlas and us-atlas into places and shape files."""

    id = "boundaries"
    title = "World and US state boundaries (npm world-atlas and us-atlas, tgz)"

    def read(self, path: Path) -> Import:
        """Read both packages. `path` is either tgz, or the folder that holds them.

        Raises ImportLayoutError for a missing package or member, broken JSON, and shapes whose
        code is not known.
        """
        files = _package_files(path)
        documents = {
            member: topology
            for package, file in files.items()
            for member, topology in _topologies(file, MEMBERS[package]).items()
        }
        findings = Findings(", ".join(file.name for file in files.values()))
        coarse = _countries(documents["countries-110m.json"], findings)
        fine = _countries(documents["countries-50m.json"], findings)
        albers = _states(documents["states-albers-10m.json"], findings)
        geographic = _states(documents["states-10m.json"], findings)
        findings.raise_errors()
        country_points = _points(documents["countries-50m.json"], fine)
        places = _places(
            country_points | _points(documents["states-10m.json"], geographic),
            set(coarse),
            set(fine),
            set(albers),
        )
        shapes = {
            "world-110m.topojson": _shape_file(
                documents["countries-110m.json"],
                "countries",
                coarse,
                _dots(country_points, fine, drawn=set(coarse)),
            ),
            "world-50m.topojson": _shape_file(documents["countries-50m.json"], "countries", fine),
            "us-states-albers.topojson": _shape_file(
                documents["states-albers-10m.json"], "states", albers
            ),
        }
        facts = _facts(places, coarse, fine, albers)
        return Import(
            self.id,
            "places",
            {"places": places},
            facts,
            tuple(findings.notices),
            _descriptor(files),
            shapes,
        )

    def write(self, result: Import, folder: Path, shapes_folder: Path | None = None) -> list[Path]:
        """Write places.csv and descriptor into `folder`, shapes into `shapes_folder`.

        Without `shapes_folder`, shapes go to static/shapes beside the data folder: for
        data/places that is ../../static/shapes.
        """
        target = shapes_folder or folder.resolve().parent.parent / "static" / "shapes"
        written = []
        for name, text in result.shapes.items():
            write_atomically(target / name, text)
            written.append(target / name)
        return [*written, *super().write(result, folder)]

    def edition(self, path: Path) -> Edition | None:
        """The verified edition: both packages must be the known ones."""
        hashes = [sha256_of(file) for file in _package_files(path).values()]
        return self.editions.get("+".join(hashes))

    def verify(self, path: Path) -> list[Check]:
        """As for every importer; a pair of packages not seen before fails the first check."""
        if self.edition(path) is not None:
            return super().verify(path)
        known = "; ".join(edition.name for edition in self.editions.values())
        found = " and ".join(file.name for file in _package_files(path).values())
        first = Check("the files are a verified edition", known, found, False)
        facts = self.read(path).facts
        return [first, *(Check(what, None, count, True) for what, count in facts.items())]

    editions: ClassVar[Mapping[str, Edition]] = {
        "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"
        "+e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d": Edition(
            name="world-atlas 2.0.2 and us-atlas 3.0.1",
            dataset_id="places",
            facts={
                "places": 315,
                "countries and territories": 250,
                "US states and territories": 56,
                "other places": 2,
                "shapes 110m": 176,
                "shapes 50m": 239,
                "shapes US": 51,
                "countries without a shape at 110m": 76,
                "countries without a shape at 50m": 15,
            },
            figures=(
                Figure("places", {"jurisdiction_id": "ROU"}, "name", "Romania"),
                Figure("places", {"jurisdiction_id": "XKX"}, "shape_110m", "true"),
                Figure("places", {"jurisdiction_id": "SGP"}, "shape_110m", "false"),
            ),
        ),
    }


def _package_files(path: Path) -> dict[str, Path]:
    """Package name -> tgz, world-atlas first, recognised by the package.json inside."""
    folder = path if path.is_dir() else path.parent
    if not path.exists():
        raise unreadable(path, FileNotFoundError(2, "No such file or directory"))
    files: dict[str, Path] = {}
    for file in sorted(folder.glob("*.tgz")):
        name = _read_member(file, "package.json").get("name")
        if name in MEMBERS and name not in files:
            files[name] = file
    missing = [name for name in MEMBERS if name not in files]
    if missing:
        problems = [
            Problem(path.name, "An npm package is missing beside it.", allowed=f"{name}-*.tgz")
            for name in missing
        ]
        raise ImportLayoutError(f"{path.name}: both packages are needed.", problems)
    return {name: files[name] for name in MEMBERS}


def _read_member(file: Path, member: str) -> dict[str, Any]:
    try:
        with tarfile.open(file, "r:gz") as archive:
            stream = archive.extractfile(f"package/{member}")
            if stream is None:
                raise KeyError(member)
            document = json.load(stream)
    except (OSError, tarfile.TarError, EOFError, KeyError, ValueError) as error:
        raise unreadable(file, ValueError(f"package/{member} is missing or broken")) from error
    return dict(document)


def _topologies(file: Path, members: tuple[str, ...]) -> dict[str, Topology]:
    documents = {member: _read_member(file, member) for member in members}
    for member, document in documents.items():
        if not {"arcs", "objects", "transform"} <= set(document):
            problem = Problem(
                file.name,
                f"{member} is no quantised TopoJSON.",
                allowed="members arcs, objects, transform",
            )
            raise ImportLayoutError(f"{file.name} does not have the published layout.", [problem])
    return documents


def _countries(topology: Topology, findings: Findings) -> dict[str, Geometry]:
    """Country id -> geometry, Antarctica left out; parts of one code are drawn as one."""
    import pycountry

    shapes: dict[str, Geometry] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        number, printed = str(geometry.get("id") or ""), geometry["properties"]["name"]
        country = pycountry.countries.get(numeric=number.zfill(3)) if number else None
        place = country.alpha_3 if country else SHAPES_WITHOUT_ISO_CODE.get(printed)
        if (number and not country) or place is None:
            findings.error(
                "The shape's code is not known.",
                None,
                None,
                f"{number or 'no code'} ({printed})",
                "ISO 3166-1 numbers, or no code for " + ", ".join(SHAPES_WITHOUT_ISO_CODE),
            )
            continue
        if place == ANTARCTICA:
            continue
        shape = _identified(geometry, place, _shape_name(place, printed))
        if place in shapes:
            findings.notice(
                f"{printed} is drawn as part of {shapes[place]['properties']['name']}, "
                "whose code it carries.",
                None,
                None,
                number,
            )
            shape = merged(shapes[place], shape)
        shapes[place] = shape
    return shapes


def _states(topology: Topology, findings: Findings) -> dict[str, Geometry]:
    """US state id -> geometry."""
    shapes: dict[str, Geometry] = {}
    names = {place.jurisdiction_id: place.name for place in us_places()}
    for geometry in topology["objects"]["states"]["geometries"]:
        place = ids_by_fips().get(str(geometry.get("id")))
        if place is None or place in shapes:
            findings.error(
                "The state code is not known, or stands twice.",
                None,
                None,
                str(geometry.get("id")),
                "two-digit FIPS codes",
            )
            continue
        shapes[place] = _identified(geometry, place, names[place])
    return shapes


def _identified(geometry: Geometry, place: str, name: str) -> Geometry:
    return {
        "type": geometry["type"],
        "id": place,
        "properties": {"id": place, "name": name},
        "arcs": geometry["arcs"],
    }


def _shape_name(place: str, printed: str) -> str:
    """Our short name for a listed place, the publisher's (spelled out) for the others."""
    if place == KOSOVO or place in iso3_codes():
        return short_name(place)
    spelled = {"N. Cyprus": "Northern Cyprus", "Indian Ocean Ter.": "Indian Ocean Territories"}
    return spelled.get(printed, printed)


def _shape_file(
    topology: Topology,
    name: str,
    shapes: Mapping[str, Geometry],
    dots: list[Geometry] | None = None,
) -> str:
    pruned = with_geometries(topology, name, [shapes[place] for place in sorted(shapes)])
    return minified(with_points(pruned, name, dots) if dots else pruned)


def _dots(
    points: Mapping[str, Point], shapes: Mapping[str, Geometry], drawn: set[str]
) -> list[Geometry]:
    """A dot for each place that only the finer map draws, so that the coarse one shows it too."""
    return [
        {
            "type": "Point",
            "id": place,
            "properties": {**shapes[place]["properties"], "dot": True},
            "coordinates": list(points[place]),
        }
        for place in sorted(set(points) - drawn)
    ]


def _points(topology: Topology, shapes: Mapping[str, Geometry]) -> dict[str, Point]:
    arcs = decoded_arcs(topology)
    return {place: largest_polygon_point(shape, arcs) for place, shape in shapes.items()}


def _places(
    points: Mapping[str, Point], coarse: set[str], fine: set[str], states: set[str]
) -> pd.DataFrame:
    """The table of places, all cells text, sorted by id."""
    rows = [_country_row(code) for code in sorted({*iso3_codes(), KOSOVO})]
    rows += [
        _us_row(place.jurisdiction_id, place.name, place.level, place.usps, place.division)
        for place in us_places()
    ]
    rows.append(_us_row(FEDERAL, "US federal agencies", "other", "", ""))
    region, subregion = region_and_subregion(SARK)
    rows.append(
        {
            "jurisdiction_id": SARK,
            "name": short_name(SARK),
            "level": "other",
            "parent_id": "GBR",
            "region": region,
            "subregion": subregion,
        }
    )
    rows += [
        {
            "jurisdiction_id": code,
            "name": "World" if code == WORLD else f"{printed} (TIP Report region)",
            "level": "world" if code == WORLD else "region",
        }
        for printed, code in REGIONS.items()
    ]
    for row in rows:
        place = row["jurisdiction_id"]
        longitude, latitude = points.get(place, ("", ""))
        row["longitude"], row["latitude"] = str(longitude), str(latitude)
        row["shape_110m"] = "true" if place in coarse | states else "false"
        row["shape_50m"] = "true" if place in fine | states else "false"
    table = pd.DataFrame(rows, columns=list(PLACE_COLUMNS)).fillna("")
    return table.sort_values("jurisdiction_id").reset_index(drop=True).astype("str")


def _country_row(code: str) -> dict[str, str]:
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    region, subregion = region_and_subregion(code)
    return {
        "jurisdiction_id": code,
        "name": short_name(code),
        "level": "country",
        "parent_id": "",
        "iso2": country.alpha_2 if country else "",
        "iso_numeric": country.numeric if country else "",
        "region": region,
        "subregion": subregion,
    }


def _us_row(place: str, name: str, level: str, usps: str, division: str) -> dict[str, str]:
    return {
        "jurisdiction_id": place,
        "name": name,
        "level": level,
        "parent_id": "USA",
        "usps": usps,
        "region": "United States",
        "subregion": division,
    }


def _facts(
    places: pd.DataFrame,
    coarse: Mapping[str, Geometry],
    fine: Mapping[str, Geometry],
    states: Mapping[str, Geometry],
) -> dict[str, int]:
    levels = places["level"].value_counts()
    countries = places[places["level"] == "country"]
    return {
        "places": len(places),
        "countries and territories": int(levels["country"]),
        "US states and territories": int(levels["us_state"] + levels["us_territory"]),
        "other places": int(levels["other"]),
        "shapes 110m": len(coarse),
        "shapes 50m": len(fine),
        "shapes US": len(states),
        "countries without a shape at 110m": int((countries["shape_110m"] == "false").sum()),
        "countries without a shape at 50m": int((countries["shape_50m"] == "false").sum()),
    }


def _descriptor(files: Mapping[str, Path]) -> dict[str, object]:
    versions = {
        name: str(_read_member(file, "package.json")["version"]) for name, file in files.items()
    }
    edition = " and ".join(f"{name} {version}" for name, version in versions.items())
    return {
        "title": "Places and boundaries: countries, US states and territories",
        "publisher": "Natural Earth and US Census Bureau (shapes), ISO and UN Statistics Division "
        "(codes and regions); packaged by Mike Bostock",
        "edition": edition,
        "published": edition,
        "licence": "shapes: public domain; packages: ISC",
        "terms_url": None,
        "citation": f"Natural Earth; US Census Bureau; npm packages {edition}.",
        "retrieved": "files supplied to the project; layout of the publisher's download",
        "source_file": ", ".join(file.name for file in files.values()),
        "sha256": ", ".join(sha256_of(file) for file in files.values()),
        "importer": Boundaries.id,
        "method": "none",
        "caveats": [
            "Boundaries and names are those of the publishers and express no opinion on the "
            "status of any territory.",
            "Places whose shape flags are false are in the data but not on that map; small "
            "states are missing from the coarse map.",
            "Northern Cyprus, Somaliland, the Indian Ocean Territories and the Siachen Glacier "
            "have shapes but no code, so they draw as places without data.",
            "Antarctica is left out of the maps.",
            "Puerto Rico, Guam, American Samoa, the Northern Marianas and the US Virgin Islands "
            "stand twice: as countries or territories of ISO 3166-1 and as US territories.",
            "UN M49 lists neither Taiwan nor Kosovo nor Sark; they stand with their neighbours.",
        ],
        "columns": column_block(_PLACE_DEFINITIONS),
        "notes": {},
    }
