"""Citizenships as publishers print them: label -> the place, group or gap that it names.

Labels come in several languages, as countries, as peoples and with damaged letters. The reviewed
table below stands before country_converter's patterns, which know no people (`Poles`, `Dutch`)
and little Spanish, French or Italian. What neither knows is `unmatched`: listed, never dropped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import pandas as pd

from gapatlas.config.schema import FLOW_COLUMNS
from gapatlas.importers.base import NOT_REPORTED, TOTAL
from gapatlas.importers.countries import country_of_name, short_name
from gapatlas.importers.tables import Findings

SUM_PRINTED_AS_LABEL: Final = "sum_printed_as_label"
PLACE_PRINTED_TWICE: Final = "place_printed_twice"
FLOW_NOTES: Final = {
    SUM_PRINTED_AS_LABEL: "the figure printed for this label of citizenship is the sum of the "
    "others, not one of them; set aside in the table of flows",
    PLACE_PRINTED_TWICE: "another label of the same place, year and stage names the same "
    "citizenship; set aside in the table of flows, never added",
}
_PLACED: Final = ("place", "nationals")


class Origin(NamedTuple):
    """What a label names: its kind (see `ORIGIN_KINDS`), and the place's id or an empty text."""

    kind: str
    place: str = ""


_PLACES: Final = {
    "AFG": "afganistan",
    "ALB": "abania; albanie",
    "ARE": "emirati (uae)",
    "BDI": "burundean",
    "BEL": "belga",
    "BIH": "b & h",
    "BLR": "bielorrusia",
    "BLZ": "belice; beliceña",
    "BRA": "barsil; brasil; brasilera; brasilero; bresil; brésil; brésilien",
    "BTN": "bhuatnese",
    "BWA": "botzwana",
    "CAF": "centrel african republic",
    "CAN": "canadians",
    "CHN": "chine; chines; chinese; chiness; chino; cina popolare",
    "CIV": "costa d'avorio",
    "CMR": "cameroun; camerun",
    "COD": "congolese (drc); democratic kongo; dr kongo; rdc",
    "COL": "colombie; columbia",
    "COM": "comorian islands",
    "CPV": "cape ver",
    "CYP": "cypriot",
    "CZE": "czeck republic; república checa; république tchèque",
    "DEU": "alemania; german; germans",
    "DJI": "djiboutean",
    "DNK": "danish",
    "DOM": "dominicana; r.dominicana; rep. dominicana",
    "ECU": "ecuatoriana",
    "EGY": "egitto; egybt",
    "ERI": "erithera; eritreja",
    "ESP": "spanish",
    "ETH": "ethopia; etiopia",
    "FIN": "finns",
    "FRA": "francais; french",
    "GBR": "british",
    "GHA": "gana; ghanean",
    "GIN": "guineana; guinee; guinee conakry",
    "GRC": "greek",
    "GTM": "guatemalean; guatemalteca",
    "GUY": "guayanean",
    "HND": "hodruanian; honduranian; hondureans; hondureña",
    "HRV": "croazia",
    "HTI": "haití",
    "HUN": "hongrie; hungaria; hungarian; hungarians; hungría",
    "IND": "inde; indien",
    "ITA": "italien",
    "KAZ": "kazahstan; kazalhstan; kazaki",
    "KEN": "keniano",
    "KGZ": "kyrgysi",
    "KHM": "camboya",
    "KOR": "corea del sur; south korean",
    "LAO": "laotian",
    "LBN": "libanon",
    "LBY": "lybia; lybians",
    "MAR": "marroquie; marruecos; moroccan",
    "MDA": "moldavia; moldavian; république de moldavie",
    "MHL": "rmi",
    "MLI": "2 maliens; 3 maliens; malian",
    "MLT": "maltese",
    "MMR": "burmese",
    "NER": "nigerin",
    "NIC": "nicaraguense",
    "NLD": "dutch; nederland",
    "NOR": "norvegian",
    "PAK": "pakistán",
    "PAN": "panamá",
    "PER": "pero",
    "PHL": "filipino; filippine; filippino; philippine; phillipines",
    "POL": "poles; polish; polonia",
    "PRT": "portugais",
    "ROU": "roumain; roumanie; rumanía",
    "RUS": "rusia",
    "RWA": "rwandean",
    "SAU": "saudi",
    "SLV": "salvadorean; salvadoreña; salvadoreñas; salvadoreños",
    "SWE": "swedesh",
    "SWZ": "swasiland",
    "SYR": "siria",
    "THA": "tailandesa; thai",
    "TLS": "timor este",
    "TUN": "tunisa; tunisie",
    "TUR": "turkish; türkiye",
    "TWN": "china, taiwan province of china",
    "TZA": "tazanians",
    "UGA": "ugandean",
    "UKR": "ucrania; ukranian",
    "USA": "american; estados unidos",
    "UZB": "uzbecki",
    "VEN": "venezolana; venezolano",
    "XKX": "kosovar",
    "ZAF": "sudafrica",
}
"""Reviewed: place id -> labels that the patterns do not know, or that one might doubt.

`Nigerin` is Niger: Nigeria prints it beside its nationals, the United Kingdom beside Nigerians.
`RMI` is what the Marshall Islands print for their own citizens, `RDC` what Angola prints for its
neighbour. `2 maliens` is a label of one count that has the count in it.
"""
_OWN: Final = "ciudadanos de su país; nationals; netherlands (own country); own country"
_UNKNOWN: Final = (
    "(nationality not stated); desconocida; desconocido; disputed; n/a; no determinada; "
    "no determinadas; no determinado; no information; no registra; rohingya; sin determinar; "
    "stateless; unknown; unspecified; without"
)
"""Reviewed: nobody's citizenship is told, or there is none. Rohingya are mostly stateless."""
_GROUPS: Final = (
    "(especifique otras nacionalidades); africa; africa and middle east; africa others; amercias; "
    "americas; asia; caribbean (trinidad and tobago, barbados, etc); eu-28 others; "
    "europe others; european economic area; foreigners; former czechoslovakia; "
    "former yugoslavia; otros; personnes de nationalité étrangère; "
    "the former netherlands antilles; 3 nigériens et 1 tunisien"
)
"""Reviewed: several places together, among them states that have since come apart."""
_SUMS: Final = "total"
_OTHERS = re.compile(r"other\b.*|others\b.*")


def _key(label: str) -> str:
    """A label for comparison: small letters, and one sign for every accented or damaged one."""
    plain = unicodedata.normalize("NFC", " ".join(label.split())).casefold()
    return re.sub(r"[^\x00-\x7f]", "?", plain)


def _keys(listed: str) -> list[str]:
    return [_key(label) for label in listed.split("; ")]


@cache
def _reviewed() -> dict[str, Origin]:
    origins = {
        key: Origin("place", id_) for id_, labels in _PLACES.items() for key in _keys(labels)
    }
    for kind, labels in (("nationals", _OWN), ("unknown", _UNKNOWN), ("group", _GROUPS)):
        origins |= {key: Origin(kind) for key in _keys(labels)}
    return origins


def origin_of(label: str, counted_in: str) -> Origin:
    """What a label of citizenship names where a place prints it.

    Args:
        label: as published.
        counted_in: id of the place that prints it; its own citizens are `nationals`.
    """
    found = _origin(label)
    own = found.kind == "nationals" or found.place == counted_in
    return Origin("nationals", counted_in) if own else found


@cache
def _origin(label: str) -> Origin:
    key = _key(label)
    if key in _reviewed():
        return _reviewed()[key]
    if _OTHERS.fullmatch(key):
        return Origin("group")
    place = country_of_name(label)
    return Origin("place", place) if place else Origin("unmatched")


def flow_table(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Counts by citizenship with the place that each label names, in the curated schema.

    A figure that is no count of one citizenship is set aside: the sum of all labels, and a
    second label for a place that has one. A label that is printed twice keeps its first count.
    What is set aside, and what no place was found for, is a notice.

    Args:
        rows: observations of one file, in published order, indexed by its rows.
        findings: takes the notices.
    """
    printed = rows[(rows["dimension"] == "citizenship")]
    printed = printed[(printed["sex"] == TOTAL) & (printed["age"] == TOTAL)]
    table = printed.rename(columns={"category": "label"})
    again = table.duplicated(["jurisdiction_id", "year", "stage", "unit", "label"])
    _note_rows(table[again], findings, "repeat a label of citizenship; the first is in the flows")
    table = _with_origins(table[~again])
    for mask, note in (
        (_is_sum(table, rows), SUM_PRINTED_AS_LABEL),
        (_is_named_twice(table), PLACE_PRINTED_TWICE),
    ):
        table = _set_aside(table, mask, note)
        _note_rows(table[mask], findings, f"are set aside in the flows: {FLOW_NOTES[note]}")
    _note_rows(
        table[(table["origin_kind"] == "unmatched") & (table["status"] != NOT_REPORTED)],
        findings,
        "have a label of citizenship that names no known place; kept as unmatched",
    )
    order = ["jurisdiction_id", "year", "stage", "unit", "label"]
    types = {"year": "int64", "count_low": "Int64", "count_high": "Int64"}
    return table[list(FLOW_COLUMNS)].sort_values(order).astype(types).reset_index(drop=True)


def flow_facts(flows: pd.DataFrame, rows: pd.DataFrame) -> dict[str, int]:
    """Counts that describe the reading of citizenships, for `--verify`."""
    kinds = flows["origin_kind"].value_counts()
    unmatched = flows[(flows["origin_kind"] == "unmatched") & (flows["status"] != NOT_REPORTED)]
    notes = flows["note"].value_counts()
    return {
        "citizenship rows": len(flows),
        "citizenship labels": flows["label"].nunique(),
        "citizenship rows of another place": int(kinds.get("place", 0)),
        "citizenship rows of own nationals": int(kinds.get("nationals", 0)),
        "citizenship rows of several places": int(kinds.get("group", 0)),
        "citizenship rows without citizenship": int(kinds.get("unknown", 0)),
        "citizenship rows with a count and no match": len(unmatched),
        "persons in these, at most": int(unmatched["count_high"].sum()),
        "citizenship labels with a count and no match": unmatched["label"].nunique(),
        "sums printed as a citizenship": int(notes.get(SUM_PRINTED_AS_LABEL, 0)),
        "citizenships printed under two labels": int(notes.get(PLACE_PRINTED_TWICE, 0)),
        "place-years whose citizenships exceed the total": _above_total(flows, rows),
    }


def unmatched_words(flows: pd.DataFrame) -> str:
    """Every label without a match, with the greatest number of persons it can stand for."""
    counted = flows[(flows["origin_kind"] == "unmatched") & (flows["status"] != NOT_REPORTED)]
    people = counted.groupby(["label", "jurisdiction_id"], as_index=False)["count_high"].sum()
    named = [
        f"'{row.label}' in {short_name(row.jurisdiction_id)} ({row.count_high})"
        for row in people.itertuples()
    ]
    return ", ".join(named) or "none"


def _with_origins(table: pd.DataFrame) -> pd.DataFrame:
    pairs = zip(table["label"], table["jurisdiction_id"], strict=True)
    origins = [origin_of(label, place) for label, place in pairs]
    return table.assign(
        origin_kind=[origin.kind for origin in origins],
        origin_id=[origin.place for origin in origins],
    )


def _is_sum(table: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Labels that say so, and unknown citizenships that are the printed total of the place and
    year although other labels stand beside them."""
    keys = ["jurisdiction_id", "year", "stage", "unit"]
    labels = table.groupby(keys)["label"].transform("size")
    totals = _printed_totals(rows).rename("total")
    total = table[keys].join(totals, on=keys)["total"]
    exact = table["count_low"] == table["count_high"]
    equal = (exact & (table["count_high"] == total)).fillna(False).astype(bool)
    named = table["label"].map(_key) == _SUMS
    return named | (equal & (table["origin_kind"] == "unknown") & (labels > 1))


def _is_named_twice(table: pd.DataFrame) -> pd.Series:
    keys = ["jurisdiction_id", "year", "stage", "unit", "origin_id"]
    counted = table[table["origin_kind"].isin(_PLACED) & (table["status"] != NOT_REPORTED)]
    return counted.duplicated(keys).reindex(table.index, fill_value=False)


def _printed_totals(rows: pd.DataFrame) -> pd.Series:
    """Greatest count that fits the printed total of each place, year, stage and unit."""
    whole = rows[(rows[["sex", "age", "dimension", "category"]] == TOTAL).all(axis=1)]
    return whole.groupby(["jurisdiction_id", "year", "stage", "unit"])["count_high"].max()


def _above_total(flows: pd.DataFrame, rows: pd.DataFrame) -> int:
    keys = ["jurisdiction_id", "year", "stage", "unit"]
    least = flows.groupby(keys)["count_low"].sum().to_frame()
    both = least.join(_printed_totals(rows), how="inner").dropna()
    return int((both["count_low"] > both["count_high"]).sum())


def _set_aside(table: pd.DataFrame, mask: pd.Series, note: str) -> pd.DataFrame:
    aside = table.copy()
    aside.loc[mask, ["count_low", "count_high"]] = pd.NA
    aside.loc[mask, "status"] = NOT_REPORTED
    aside.loc[mask, "note"] = note
    return aside


def _note_rows(rows: pd.DataFrame, findings: Findings, what: str) -> None:
    if rows.empty:
        return
    labels = ", ".join(sorted(set(rows["label"])))
    findings.notice(f"{len(rows)} rows {what}.", int(rows.index[0]), "Category", labels)
