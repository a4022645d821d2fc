"""The map of Gap Atlas as most people would write it, for comparison.

Same figures, same years, same shapes; the tables are cached, the chart carries its shapes and is
built anew in each run. It has no interval, no table, no series of one place, and one slider.
"""

import json
import os
from pathlib import Path

import altair as alt
import geopandas as gpd
import pandas as pd
import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
SHAPES = os.environ.get("GAPATLAS_BENCHMARK_SHAPES", "static/shapes/world-110m.topojson")
WINDOW = 5
COLOURS = ["#d3e5f1", "#9fc6e0", "#5f9dc9", "#2d70aa", "#123c6e"]


@st.cache_data
def load_counts() -> pd.DataFrame:
    counts = pd.read_csv(ROOT / "data/unodc_glotip/observations.csv", low_memory=False)
    total = counts[
        (counts["dimension"] == "total") & (counts["sex"] == "total") & (counts["age"] == "total")
    ]
    wide = total.pivot_table(
        index=["jurisdiction_id", "year"],
        columns=["stage", "unit"],
        values=["count_low", "count_high"],
    )
    wide.columns = ["_".join(column) for column in wide.columns]
    return wide.reset_index()


@st.cache_data
def load_shapes() -> gpd.GeoDataFrame:
    shapes = gpd.read_file(ROOT / SHAPES, layer="countries")
    return shapes[["id", "name", "geometry"]]


def pooled(counts: pd.DataFrame, last_year: int) -> pd.DataFrame:
    convicted, detected = "count_high_convicted_persons", "count_high_detected_victims"
    chosen = counts[counts["year"].between(last_year - WINDOW + 1, last_year)]
    chosen = chosen.dropna(subset=[convicted, detected])
    sums = chosen.groupby("jurisdiction_id")[[convicted, detected]].sum()
    sums["value"] = 100 * sums[convicted] / sums[detected]
    return sums.rename(columns={convicted: "convicted", detected: "detected"}).reset_index()


st.set_page_config(page_title="Naive map", layout="wide")
st.title("Enforcement gaps")
year = st.slider("Last year of the window", 2007, 2022, 2022, key="year")
rates = pooled(load_counts(), year)
world = load_shapes().merge(rates, how="left", left_on="id", right_on="jurisdiction_id")
features = json.loads(world.to_json())["features"]
chart = (
    alt.Chart(alt.InlineData(values=features))
    .mark_geoshape(stroke="#6b7280", strokeWidth=0.5, invalid=None)
    .encode(
        color=alt.condition(
            "isValid(datum.properties.value)",
            alt.Color(
                "properties.value:Q",
                title="Convicted per 100 detected",
                scale=alt.Scale(type="threshold", domain=[5, 15, 30, 70], range=COLOURS),
                legend=alt.Legend(orient="bottom"),
            ),
            alt.value("#f1f1ef"),
        ),
        tooltip=[
            alt.Tooltip("properties.name:N", title="Place"),
            alt.Tooltip("properties.value:Q", title="Value", format=".1f"),
            alt.Tooltip("properties.convicted:Q", title="Convicted"),
            alt.Tooltip("properties.detected:Q", title="Detected"),
        ],
    )
    .project("equalEarth")
    .properties(height=520)
)
with st.container(key="map"):
    st.altair_chart(chart, width="stretch")
