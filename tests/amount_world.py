"""The small world with a column of the analyst's own below the line: police officers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.score_worlds import write_score_world
from tests.support import OBSERVATION_HEADER, observation, ratio

OFFICERS = (
    "AAA,2021,officers,200,200,200,exact,",
    "AAA,2022,officers,300,300,300,exact,",
    "BBB,2021,officers,50,40,60,estimated,",
    "BBB,2022,officers,,,,not_reported,",
    "CCC,2021,officers,0,0,0,exact,",
)
COUNTS = (
    observation("AAA", 2021, "convicted", "persons", 10),
    observation("AAA", 2022, "convicted", "persons", 15),
    observation("BBB", 2021, "convicted", "persons", 6),
    observation("BBB", 2022, "convicted", "persons", 6),
    observation("CCC", 2021, "convicted", "persons", 3),
    observation("AAA", 2021, "prosecuted", "persons", 20),
    observation("AAA", 2021, "dismissed", "persons", 4),
    observation("BBB", 2021, "prosecuted", "persons", 20),
    observation("BBB", 2021, "dismissed", "persons", 10),
)
PER_OFFICER = "convicted_per_officer"
DROPPED = "dismissed_per_prosecuted"
MEASURES: dict[str, Any] = {
    PER_OFFICER: {
        **ratio(("convicted", "persons"), "population", per=100, decimals=1),
        "title": "Persons convicted per 100 police officers",
        "denominator": {"indicator": "officers", "called": "police officers"},
        "unit": "convicted persons per 100 police officers per year",
        "rate": "same_year",
        "higher_is": "better",
    },
    DROPPED: ratio(
        ("dismissed", "persons"),
        ("prosecuted", "persons"),
        unit="persons whose charges were dropped per person prosecuted",
        interval="wilson",
        higher_is="worse",
        rate="cohort",
    ),
}


def write_amount_world(
    folder: Path,
    officers: Iterable[str] = OFFICERS,
    edit: Callable[[dict[str, Any]], object] = lambda config: None,
) -> Path:
    """Write the world and return the path of its config."""

    def with_officers(config: dict[str, Any]) -> None:
        config["indicators"] = {
            "officers": {
                "title": "Police officers",
                "unit": "officers",
                "source": "scores",
                "definition": "Made-up officers on duty.",
                "caution": "It means nothing.",
            }
        }
        config["gaps"] = {}
        config["measures"] = {id_: dict(block) for id_, block in MEASURES.items()}
        config["defaults"] = {"measure": PER_OFFICER, "window": 1, "year_to": 2021}
        edit(config)

    path = write_score_world(folder, officers, (), edit=with_officers)
    lines = "\n".join([OBSERVATION_HEADER, *COUNTS]) + "\n"
    (folder / "office.csv").write_text(lines, encoding="utf-8")
    return path
