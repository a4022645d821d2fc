"""Countries: ISO 3166-1 codes (pycountry), short English names, UN M49 regions."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from gapatlas.importers.tables import Findings

if TYPE_CHECKING:
    from country_converter import CountryConverter

SARK = "X-SARK"
"""Own code of Sark: UNODC prints figures for it and no ISO code (part of Guernsey)."""

KOSOVO = "XKX"
"""User-assigned code that the World Bank prints for Kosovo; ISO 3166-1 has none."""

_M49_SUBREGIONS = {
    "Australia and New Zealand": "AUS CCK CXR HMD NFK NZL",
    "Central Asia": "KAZ KGZ TJK TKM UZB",
    "Eastern Asia": "CHN HKG JPN KOR MAC MNG PRK TWN",
    "Eastern Europe": "BGR BLR CZE HUN MDA POL ROU RUS SVK UKR",
    "Latin America and the Caribbean": """
        ABW AIA ARG ATG BES BHS BLM BLZ BOL BRA BRB BVT CHL COL CRI CUB CUW CYM DMA DOM
        ECU FLK GLP GRD GTM GUF GUY HND HTI JAM KNA LCA MAF MEX MSR MTQ NIC PAN PER PRI
        PRY SGS SLV SUR SXM TCA TTO URY VCT VEN VGB VIR""",
    "Melanesia": "FJI NCL PNG SLB VUT",
    "Micronesia": "FSM GUM KIR MHL MNP NRU PLW UMI",
    "Northern Africa": "DZA EGY ESH LBY MAR SDN TUN",
    "Northern America": "BMU CAN GRL SPM USA",
    "Northern Europe": """
        ALA DNK EST FIN FRO GBR GGY IMN IRL ISL JEY LTU LVA NOR SJM SWE X-SARK""",
    "Polynesia": "ASM COK NIU PCN PYF TKL TON TUV WLF WSM",
    "South-eastern Asia": "BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM",
    "Southern Asia": "AFG BGD BTN IND IRN LKA MDV NPL PAK",
    "Southern Europe": """
        ALB AND BIH ESP GIB GRC HRV ITA MKD MLT MNE PRT SMR SRB SVN VAT XKX""",
    "Sub-Saharan Africa": """
        AGO ATF BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI ERI ETH GAB GHA GIN GMB
        GNB GNQ IOT KEN LBR LSO MDG MLI MOZ MRT MUS MWI MYT NAM NER NGA REU RWA SEN SHN
        SLE SOM SSD STP SWZ SYC TCD TGO TZA UGA ZAF ZMB ZWE""",
    "Western Asia": """
        ARE ARM AZE BHR CYP GEO IRQ ISR JOR KWT LBN OMN PSE QAT SAU SYR TUR YEM""",
    "Western Europe": "AUT BEL CHE DEU FRA LIE LUX MCO NLD",
}
"""UN M49 sub-regions as UNODC prints them. M49 has no Taiwan, Kosovo or Sark: they stand with
their neighbours. Antarctica belongs to no region."""

_REGION_OF_SUBREGION = {
    "Australia and New Zealand": "Oceania",
    "Latin America and the Caribbean": "Americas",
    "Melanesia": "Oceania",
    "Micronesia": "Oceania",
    "Northern America": "Americas",
    "Polynesia": "Oceania",
}

_SHORT_NAMES = {
    "BES": "Caribbean Netherlands",
    "BRN": "Brunei",
    "CCK": "Cocos Islands",
    "COD": "DR Congo",
    "COG": "Congo",
    "FLK": "Falkland Islands",
    "FSM": "Micronesia",
    "MAF": "Saint Martin",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SHN": "Saint Helena",
    "SXM": "Sint Maarten",
    "VAT": "Holy See",
    "VGB": "British Virgin Islands",
    "VIR": "US Virgin Islands",
    "XKX": "Kosovo",
    "X-SARK": "Sark",
}
"""Reviewed exceptions to pycountry's common name (or name) where that is not a short one."""


_OTHER_NAMES = {
    "bahamas, the": "BHS",
    "bosnia": "BIH",
    "centralafrep": "CAF",
    "congo, democratic republic": "COD",
    "congo, republic": "COG",
    "cote d'ivoire": "CIV",
    "domrep": "DOM",
    "equatorial quinea": "GNQ",
    "gambia, the": "GMB",
    "korea, north": "PRK",
    "korea, south": "KOR",
    "kosovo": KOSOVO,
    "macedonia": "MKD",
    "madagasgar": "MDG",
    "netherlands, the": "NLD",
    "papuang": "PNG",
    "saot&p": "STP",
    "solomon island": "SLB",
    "st. lucia": "LCA",
    "st. vincent and the grenadines": "VCT",
    "swaziland": "SWZ",
    "turkey": "TUR",
    "uarabemir": "ARE",
}
"""Reviewed: names as publishers print them that are no name of ISO 3166-1."""

_NO_COUNTRY = frozenset(
    {
        "serbia and montenegro",
        "yugoslavia",
        "former yugoslavia",
        "netherlands antilles",
        "soviet union",
        "czechoslovakia",
        "former czechoslovakia",
    }
)
"""Reviewed: names of states that are no more, which a pattern would give to a successor."""


@cache
def ids_by_english_name() -> dict[str, str]:
    """Name in small letters -> id: reviewed exceptions, short names and those of ISO 3166-1."""
    import pycountry

    names = {short_name(code).casefold(): code for code in iso3_codes()}
    for country in pycountry.countries:
        for kind in ("name", "common_name", "official_name"):
            names[str(getattr(country, kind, country.name)).casefold()] = country.alpha_3
    return names | _OTHER_NAMES


def country_of_name(name: str) -> str | None:
    """Id of the country that a publisher prints by name, or None for a name not known.

    Reviewed exceptions and names of ISO 3166-1 come first, then country_converter's patterns,
    which know spellings such as `Viet Nam` and `Bolivia (Plurinational State of)`.
    """
    plain = " ".join(name.split()).casefold()
    if plain in _NO_COUNTRY:
        return None
    return ids_by_english_name().get(plain) or _country_by_pattern(plain)


def countries_of_names(
    names: pd.Series, findings: Findings, column: str, left_out: Mapping[str, str]
) -> pd.Series:
    """Ids of the countries that a publisher prints by name, row by row.

    A name of `left_out` has no id and one notice with the reason given there; any other name
    that is not known is an error.
    """
    stripped = names.str.strip()
    ids = stripped.map(lambda name: None if name in left_out else country_of_name(name))
    for row, name in stripped[ids.isna()].drop_duplicates().items():
        times = int((stripped == name).sum())
        if name in left_out:
            message = f"{name} is left out ({times} rows): {left_out[name]}."
            findings.notice(message, int(str(row)), column, str(name))
        else:
            findings.error(
                "The country is not known.",
                int(str(row)),
                column,
                str(name) or "an empty cell",
                "names of ISO 3166-1, or those listed in gapatlas/importers/countries.py",
            )
    return ids


def refuse_other_codes(
    ids: pd.Series, codes: pd.Series, findings: Findings, column: str, own: Mapping[str, str]
) -> None:
    """Make each printed code that is not that of the country's name an error.

    `codes` are as printed, empty where there is none; `own` gives the id of a publisher's own
    codes.
    """
    printed = codes.str.strip()
    meant = printed.replace(dict(own))
    for row in printed[(printed != "") & ids.notna() & (meant != ids)].index:
        message = "The code is not that of the country's name."
        findings.error(message, int(str(row)), column, str(printed[row]), str(ids[row]))


@cache
def _country_by_pattern(name: str) -> str | None:
    found = _converter().convert(name, src="regex", to="ISO3", not_found="")
    if not isinstance(found, str) or not is_country_code(found):
        return None
    return found


@cache
def _converter() -> CountryConverter:
    """country_converter over its own table, read so that Namibia's code `NA` stays a text:
    its own reading of it fails with pandas 3.1."""
    import country_converter

    logging.getLogger("country_converter").setLevel(logging.CRITICAL)
    file = resources.files(country_converter).joinpath("country_data.tsv")
    with resources.as_file(file) as path:
        table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    codes = table.replace("", None)
    texts = ["name_short", "name_official", "regex", "ISO2", "ISO3"]
    codes[texts] = codes[texts].fillna("")
    return country_converter.CountryConverter(country_data=codes)


@cache
def iso3_codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-3 codes."""
    import pycountry

    return frozenset(country.alpha_3 for country in pycountry.countries)


def iso2_of_iso3(code: str) -> str | None:
    """The ISO 3166-1 code of two letters for one of three letters; None if there is none."""
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    return str(country.alpha_2) if country else None


def iso3_of_iso2(code: str) -> str | None:
    """The ISO 3166-1 code of three letters for one of two letters; None if there is none."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code) if code else None
    return str(country.alpha_3) if country else None


def is_country_code(code: str) -> bool:
    """Whether a code is ISO 3166-1 alpha-3, or Kosovo's user-assigned one."""
    return code == KOSOVO or code in iso3_codes()


def short_name(code: str) -> str:
    """Short English name of a country or territory, by its id. Raises KeyError if unknown."""
    import pycountry

    if code in _SHORT_NAMES:
        return _SHORT_NAMES[code]
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        raise KeyError(code)
    return str(getattr(country, "common_name", None) or country.name)


@cache
def _subregions() -> dict[str, str]:
    return {code: name for name, codes in _M49_SUBREGIONS.items() for code in codes.split()}


def region_and_subregion(code: str) -> tuple[str, str]:
    """UN M49 region and sub-region of a country id; two empty texts for Antarctica."""
    subregion = _subregions().get(code, "")
    return _REGION_OF_SUBREGION.get(subregion, subregion.split(" ")[-1]), subregion
