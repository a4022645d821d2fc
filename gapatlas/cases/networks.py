"""Networks: cases that hang together, how large they are, and how many of them are convicted.

What comes in has one row per person and never leaves; what goes out are counts of networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from gapatlas.cases.adjusted import NORMAL_95
from gapatlas.cases.safety import FLOOR, SHARE_DECIMALS, SHOWN, SMALL, Floor
from gapatlas.cases.vocabulary import CONVICTED, DISPOSED, OUTCOMES, PLACE, YEAR

Codes = NDArray[np.int64]
Link = tuple[str, ...]

KEY: Final[Link] = ("co_defendant_key",)
SIZES: Final = ((1, 1), (2, 2), (3, 4), (5, 9), (10, None))
"""Persons in a network: bands, the last without an upper end."""
CHAINED: Final = 0.2
"""Share of all persons in one network, from which on the link chains cases that have little to do
with each other."""


@dataclass(frozen=True)
class Networks:
    """Networks in counts.

    Attributes:
        by_size: one row per band of persons charged (`size_from`, `size_to`, missing without an
            upper end): rounded `networks` and `persons`, `convicted_share` of those whose case
            has ended, with a 95% interval that allows for what persons of a network share.
        by_year: one row per span of years of the first charge: networks of two or more with an
            ended case, and the share of them with `two_or_more`, `one` and `nobody` convicted.
        by_reach: the same by whether a network stands in one place or several.
        links: what holds a network together.
        chained: whether one network holds more than a fifth of all persons: then the link is too
            common to tell networks.
    """

    by_size: pd.DataFrame
    by_year: pd.DataFrame
    by_reach: pd.DataFrame
    links: tuple[Link, ...]
    chained: bool


def find_networks(
    people: pd.DataFrame,
    links: Sequence[Link] = (KEY,),
    floor: Floor = FLOOR,
) -> Networks:
    """Which cases hang together, in counts.

    Args:
        people: one row per person with `place`, `year_charged`, `outcome` and the columns of the
            links; values that are missing link nobody.
        links: each one or more columns: persons that agree in all columns of one link belong
            together, such as a co-defendant key, or place and method.
        floor: what protects persons. Each figure rests on at least the threshold of networks and
            of persons convicted and not; neighbouring bands and years become one where they don't.

    Raises:
        ValueError: a column is missing, or an outcome is not in the vocabulary.
    """
    needed = {PLACE, YEAR, "outcome", *(name for link in links for name in link)}
    if needed - set(people):
        raise ValueError(f"the cases have no column {', '.join(sorted(needed - set(people)))}")
    strange = set(people["outcome"].unique()) - set(OUTCOMES)
    if strange:
        raise ValueError(f"outcome: {sorted(map(str, strange))} is not one of {list(OUTCOMES)}")
    found = each_network(people, members(people, links))
    several = found[(found["persons"] > 1) & (found["disposed"] > 0)]
    largest = int(found["persons"].max()) if len(found) else 0
    return Networks(
        by_size=_by_size(found, floor),
        by_year=_by_year(several, floor),
        by_reach=_by_reach(several, floor),
        links=tuple(links),
        chained=largest > CHAINED * len(people),
    )


def members(people: pd.DataFrame, links: Sequence[Link]) -> Codes:
    """The network of each person, shape (persons,): persons and values of links are the two sides
    of one graph, whose connected parts are the networks."""
    number = len(people)
    one, other, nodes = [], [], number
    for link in links:
        known = people[list(link)].notna().all(axis=1).to_numpy()
        codes = people.loc[known].groupby(list(link), sort=False, observed=True).ngroup()
        one.append(np.flatnonzero(known))
        other.append(codes.to_numpy(np.int64) + nodes)
        nodes += int(codes.max()) + 1 if len(codes) else 0
    rows = np.concatenate(one) if one else np.zeros(0, dtype=np.int64)
    columns = np.concatenate(other) if other else np.zeros(0, dtype=np.int64)
    graph = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(nodes, nodes))
    _, labels = csgraph.connected_components(graph, directed=False)
    return np.asarray(labels[:number], dtype=np.int64)


def each_network(people: pd.DataFrame, network: Codes) -> pd.DataFrame:
    """One row per network, as it is: persons, disposed, convicted, places, first year charged."""
    flat = pd.DataFrame(
        {
            "network": network,
            "persons": 1,
            "disposed": people["outcome"].isin(DISPOSED).to_numpy().astype(np.int64),
            "convicted": people["outcome"].isin(CONVICTED).to_numpy().astype(np.int64),
            "place": people[PLACE].to_numpy(),
            "year": people[YEAR].to_numpy(),
        }
    )
    return flat.groupby("network", as_index=False).agg(
        persons=("persons", "sum"),
        disposed=("disposed", "sum"),
        convicted=("convicted", "sum"),
        places=("place", "nunique"),
        year=("year", "min"),
    )


# ---------------------------------------------------------------- by size


def _by_size(found: pd.DataFrame, floor: Floor) -> pd.DataFrame:
    names = [
        "size_from", "size_to", "networks", "persons", "convicted_share", "low", "high", "status",
    ]  # fmt: skip
    bands = []
    for low, high in SIZES:
        inside = found["persons"] >= low
        bands.append((low, high, found[inside & (found["persons"] <= (high or np.inf))]))
    rows = []
    for low, high, part in _merged(bands, floor):
        row: dict[str, object] = {"size_from": low, "size_to": high, "status": SMALL}
        if _enough_people(part, floor):
            row |= _convicted_share(part, floor) | {"status": SHOWN}
        rows.append(row)
    return pd.DataFrame(rows, columns=names)


Band = tuple[int, int | None, pd.DataFrame]


def _merged(bands: list[Band], floor: Floor) -> list[Band]:
    """Bands from the largest down, each with the next smaller one until it has enough."""
    done: list[Band] = []
    for low, high, part in reversed(bands):
        if done and not _enough_people(done[0][2], floor):
            _, top, held = done.pop(0)
            high, part = top, pd.concat([part, held])
        done.insert(0, (low, high, part))
    if len(done) > 1 and not _enough_people(done[0][2], floor):
        (low, _, first), (_, high, second) = done[:2]
        done[:2] = [(low, high, pd.concat([first, second]))]
    return done


def _enough_people(part: pd.DataFrame, floor: Floor) -> bool:
    convicted, disposed = int(part["convicted"].sum()), int(part["disposed"].sum())
    undecided = int(part["persons"].sum()) - disposed
    few_undecided = floor.close(0, undecided)
    return floor.enough(len(part), convicted, disposed - convicted) and not few_undecided


def _convicted_share(part: pd.DataFrame, floor: Floor) -> dict[str, object]:
    """The share of ended cases, as a ratio of sums over networks (Cochran 1977, chapter 6)."""
    convicted, disposed = (part[c].to_numpy(np.float64) for c in ("convicted", "disposed"))
    share = convicted.sum() / disposed.sum()
    apart = convicted - share * disposed
    number = len(part)
    error = np.sqrt(number / (number - 1) * np.sum(apart**2)) / disposed.sum()
    return {
        "networks": float(floor.rounded(number)),
        "persons": float(floor.rounded(part["persons"].sum())),
        "convicted_share": floor.share(convicted.sum(), disposed.sum()),
        "low": round(max(0.0, float(share - NORMAL_95 * error)), SHARE_DECIMALS),
        "high": round(min(1.0, float(share + NORMAL_95 * error)), SHARE_DECIMALS),
    }


# ---------------------------------------------------------------- how many of a network


HOW_MANY: Final = ("two_or_more", "one", "nobody")


def _how_many(part: pd.DataFrame) -> dict[str, int]:
    convicted = part["convicted"]
    counted = ((convicted > 1).sum(), (convicted == 1).sum(), (convicted == 0).sum())
    return {name: int(count) for name, count in zip(HOW_MANY, counted, strict=True)}


def _shares(part: pd.DataFrame, floor: Floor) -> dict[str, object]:
    """Shares of networks; withheld together where one of the three is small."""
    counted = _how_many(part)
    if not floor.enough(*counted.values()):
        return {"status": SMALL}
    shares = {name: floor.share(count, len(part)) for name, count in counted.items()}
    return {"networks": float(floor.rounded(len(part))), **shares, "status": SHOWN}


def _by_year(several: pd.DataFrame, floor: Floor) -> pd.DataFrame:
    names = ["year_from", "year_to", "networks", *HOW_MANY, "status"]
    spans: list[tuple[int, int, pd.DataFrame]] = []
    held: list[pd.DataFrame] = []
    start: int | None = None
    for year in sorted(int(each) for each in several["year"].unique()):
        part = several[several["year"] == year]
        start = year if start is None else start
        held.append(part)
        if floor.enough(*_how_many(pd.concat(held)).values()):
            spans.append((start, year, pd.concat(held)))
            held, start = [], None
    if held and spans:
        first, _, before = spans.pop()
        spans.append((first, int(several["year"].max()), pd.concat([before, *held])))
    elif held:
        spans.append((int(several["year"].min()), int(several["year"].max()), pd.concat(held)))
    rows = [{"year_from": a, "year_to": b, **_shares(part, floor)} for a, b, part in spans]
    return pd.DataFrame(rows, columns=names)


def _by_reach(several: pd.DataFrame, floor: Floor) -> pd.DataFrame:
    parts = {
        "one place": several[several["places"] == 1],  # not said: a key
        "several places": several[several["places"] > 1],  # not said: a key
    }
    shares = {name: _shares(part, floor) for name, part in parts.items()}
    if any(row["status"] == SMALL for row in shares.values()):
        # One of the two alone, taken from all years together, would give the other away.
        shares = {name: {"status": SMALL} for name in parts}
    rows = [{"reach": name, **row} for name, row in shares.items()]
    return pd.DataFrame(rows, columns=["reach", "networks", *HOW_MANY, "status"])
