"""US states and territories: USPS and FIPS codes (ANSI INCITS 38), Census divisions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

FEDERAL = "US-FED"
"""Own code of the federal agencies, which the FBI lists beside the states."""

_STATES = """
New England|09 CT Connecticut|23 ME Maine|25 MA Massachusetts|33 NH New Hampshire
New England|44 RI Rhode Island|50 VT Vermont
Middle Atlantic|34 NJ New Jersey|36 NY New York|42 PA Pennsylvania
East North Central|17 IL Illinois|18 IN Indiana|26 MI Michigan|39 OH Ohio|55 WI Wisconsin
West North Central|19 IA Iowa|20 KS Kansas|27 MN Minnesota|29 MO Missouri|31 NE Nebraska
West North Central|38 ND North Dakota|46 SD South Dakota
South Atlantic|10 DE Delaware|11 DC District of Columbia|12 FL Florida|13 GA Georgia
South Atlantic|24 MD Maryland|37 NC North Carolina|45 SC South Carolina|51 VA Virginia
South Atlantic|54 WV West Virginia
East South Central|01 AL Alabama|21 KY Kentucky|28 MS Mississippi|47 TN Tennessee
West South Central|05 AR Arkansas|22 LA Louisiana|40 OK Oklahoma|48 TX Texas
Mountain|04 AZ Arizona|08 CO Colorado|16 ID Idaho|30 MT Montana|32 NV Nevada|35 NM New Mexico
Mountain|49 UT Utah|56 WY Wyoming
Pacific|02 AK Alaska|06 CA California|15 HI Hawaii|41 OR Oregon|53 WA Washington
"""
_TERRITORIES = """
U.S. Territories|60 AS American Samoa|66 GU Guam|69 MP Northern Mariana Islands
U.S. Territories|72 PR Puerto Rico|78 VI US Virgin Islands
"""


@dataclass(frozen=True)
class UsPlace:
    """A US state or territory. `division` is the Census division ("" for territories)."""

    fips: str
    usps: str
    name: str
    level: str
    division: str

    @property
    def jurisdiction_id(self) -> str:
        """ISO 3166-2 code, such as US-TX."""
        return f"US-{self.usps}"


def _parse(text: str, level: str) -> list[UsPlace]:
    places = []
    for line in text.strip().splitlines():
        division, *entries = line.split("|")
        for entry in entries:
            fips, usps, name = entry.split(" ", 2)
            shown = division if level == "us_state" else ""
            places.append(UsPlace(fips, usps, name, level, shown))
    return places


@cache
def us_places() -> tuple[UsPlace, ...]:
    """The 50 states, the District of Columbia and five territories, by USPS code."""
    both = _parse(_STATES, "us_state") + _parse(_TERRITORIES, "us_territory")
    return tuple(sorted(both, key=lambda place: place.usps))


@cache
def ids_by_usps() -> dict[str, str]:
    """USPS code -> jurisdiction id."""
    return {place.usps: place.jurisdiction_id for place in us_places()}


@cache
def ids_by_fips() -> dict[str, str]:
    """Two-digit FIPS code -> jurisdiction id."""
    return {place.fips: place.jurisdiction_id for place in us_places()}
