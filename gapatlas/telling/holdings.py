"""What an atlas holds, and how much of it is not reported."""

from __future__ import annotations

from gapatlas.atlas import Atlas
from gapatlas.charts.words import years_text
from gapatlas.languages import say, say_as, whole

COUNTS = "observations"


def atlas_opening(atlas: Atlas) -> tuple[str, str]:
    """How many datasets there are and of what years, and how much places leave unreported."""
    sources = atlas.sources()
    made_up = int(atlas.cases()["synthetic"].sum())
    datasets = sources.loc[sources["kind"] == COUNTS, "dataset_id"]
    tables = [atlas.reporting(dataset) for dataset in datasets]
    years = [int(year) for table in tables for year in table["year"]]
    asked = sum(int(table["stages"].sum()) for table in tables)
    given = sum(int(table["stages_reported"].sum()) for table in tables)
    told = {
        "sources": whole(len(sources)),
        "publishers": whole(sources["publisher"].nunique()),
        "made_up": whole(made_up) if made_up else say_as("none of the datasets", "none"),
    }
    if years:
        lead = say(
            "This atlas holds {sources} datasets of {publishers} publishers, {made_up} of them "
            "SYNTHETIC, with counts from {years}.",
            **told,
            years=years_text(min(years), max(years)),
        )
    else:
        lead = say(
            "This atlas holds {sources} datasets of {publishers} publishers, {made_up} of them "
            "SYNTHETIC.",
            **told,
        )
    return lead, say(
        "Of the {asked} counts that its sources ask of places, {missing} are not reported or "
        "withheld; they stay so, and never become zero.",
        asked=whole(asked),
        missing=whole(asked - given),
    )
