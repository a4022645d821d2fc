"""What an atlas holds, and how much of it is not reported."""

from __future__ import annotations

from gapatlas.atlas import Atlas
from gapatlas.charts.words import years_text

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
    span = f", with counts from {years_text(min(years), max(years))}" if years else ""
    lead = (
        f"This atlas holds {len(sources)} datasets of {sources['publisher'].nunique()} publishers, "
        f"{made_up or 'none'} of them SYNTHETIC{span}."
    )
    return lead, (
        f"Of the {asked:,} counts that its sources ask of places, {asked - given:,} are "
        "not reported or withheld; they stay so, and never become zero."
    )
