"""From an atlas and the reader's choices to a brief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gapatlas import progress
from gapatlas.atlas import Atlas
from gapatlas.briefs.model import Brief
from gapatlas.briefs.place import place_brief
from gapatlas.briefs.several import MOST, several_brief, several_of
from gapatlas.briefs.shared import Shared
from gapatlas.briefs.writing import format_of
from gapatlas.errors import GapAtlasError, Problem, QueryError
from gapatlas.languages import worded
from gapatlas.profile import LEVELS, figures_near, profile
from gapatlas.progress import Step


def brief(
    atlas: Atlas,
    places: Sequence[str] | str,
    *,
    year: int | None = None,
    window: int = 5,
    source: str | None = None,
    measure: str | None = None,
    benchmark: str = "median",
    peers: str = "region",
    own: Sequence[str] = (),
    site: str = "",
    shared: Shared | None = None,
) -> Brief:
    """Two pages on a place, or on a comparison of two to six.

    Args:
        atlas: the atlas.
        places: id of one place, or ids of up to six; a comparison starts with the first.
        year: last year of the window; None means the last of the source.
        window: years that are counted together: 1, 3 or 5; fewer where a source has fewer.
        source: source id; None means the measure's own.
        measure: id of the measure that is compared; None means the main one of the first place.
            A brief of one place is about its main measure.
        benchmark: what gaps are measured against; see `gapatlas.find_gaps`.
        peers: how the peers of one place are chosen, and those of the map; see
            `gapatlas.compare`.
        own: ids of the reader's own peers.
        site: where the app stands, such as `https://atlas.example.org`, for the link.
        shared: figures of the same atlas that several briefs share; None makes them anew.

    Returns:
        A `Brief`: `sentences`, `figures`, `pictures`, and `save`.

    Raises:
        QueryError: no place, more than six, or another measure for one place.
        UnknownNameError: an unknown place, source or measure, or a place that has no profile.
        ValueError: an unknown benchmark, or a window of another length.
    """
    shared = shared or Shared.of(atlas)
    ids = list(dict.fromkeys([places] if isinstance(places, str) else places))
    _refuse_count(ids)
    found = profile(
        shared.atlas,
        ids[0],
        year=year,
        window=window,
        source=source,
        benchmark=benchmark,
        peers=peers,
        own=own,
        frames=shared.frames,
        find=shared.find,
    )
    main = found.main.measure_id if found.main else None
    if len(ids) == 1:
        if measure not in (None, main):
            _refuse(
                worded("A brief of one place is about its main measure."),
                str(measure),
                main or worded("none"),
            )
        return _at(site, place_brief(found))
    compared = measure or main
    if compared is None:
        _refuse(
            worded("No measure describes the place."),
            ids[0],
            worded("a place that a measure describes"),
        )
    assert compared is not None
    shared.atlas.measure_named(compared)
    figures = figures_near(shared.atlas, compared, source, year, window)
    several = several_of(shared, ids, figures, benchmark, peers, tuple(own))
    return _at(site, several_brief(several))


def _at(site: str, found: Brief) -> Brief:
    """A brief whose link names the site."""
    return replace(found, link=f"{site.rstrip('/')}{found.link}")


def brief_places(atlas: Atlas) -> dict[str, str]:
    """Id -> name of every place that can have a brief."""
    places = atlas.jurisdictions()
    known = places[places["level"].isin(LEVELS)]
    return dict(zip(known["jurisdiction_id"], known["name"], strict=True))


def path_in(folder: Path, place: str, format_: str) -> Path:
    """The file of a place's brief in a folder.

    Raises:
        QueryError: an unknown format, or an id that is no name of a file.
    """
    path = folder / f"{place}.{format_}"
    format_of(path)
    if path.parent != folder:
        _refuse(worded("A file can't have this name."), place, worded("an id without slashes"))
    return path


def briefs_of(
    shared: Shared, wanted: Mapping[Path, Sequence[str]], paper: str, options: Mapping[str, Any]
) -> Iterator[tuple[Path, GapAtlasError | None]]:
    """Write briefs one after the other.

    Args:
        shared: the atlas and what its briefs share.
        wanted: file -> its places.
        paper: `a4` or `letter`.
        options: the other choices of `brief`.

    Yields:
        Each file, and the error that kept it from being written, or None.
    """
    for path in progress.each(Step.BRIEFS, wanted, lambda path: path.name):
        places = wanted[path]
        try:
            format_of(path)
            found = brief(shared.atlas, places, shared=shared, **options)
            found.save(path, paper=paper)  # type: ignore[arg-type]
        except GapAtlasError as error:
            yield path, error
        except ValueError as error:
            yield path, QueryError(worded("The brief was not made: {error}.", error=error))
        else:
            yield path, None


def _refuse_count(ids: Sequence[str]) -> None:
    if not 1 <= len(ids) <= MOST:
        _refuse(
            worded("A brief is of one place, or compares two to six."),
            str(len(ids)),
            worded("1 to {last}", last=MOST),
        )


def _refuse(message: str, found: str, allowed: str) -> None:
    problem = Problem("brief", message, found=found, allowed=allowed)
    raise QueryError(worded("The brief was not made."), [problem])
