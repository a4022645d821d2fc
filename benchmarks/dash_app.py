"""The map of Gap Atlas in Dash, for comparison; runs in the environment of the peers.

    python dash_app.py PORT FOLDER SHAPES

The same figures and years as benchmarks/naive_app.py. It does what a careful author of Dash does:
the browser fetches the shapes once by address, and a step sends the figures alone.
FOLDER is served as it is; SHAPES is the GeoJSON in it. An empty base map stands beside it: plotly
asks for one whatever is drawn, and there may be no net to fetch its own from.
"""

import sys
from pathlib import Path

import pandas as pd
from dash import Dash, Input, Output, Patch, dcc, html

ROOT = Path(__file__).resolve().parent.parent
WINDOW = 5
COLOURS = ["#d3e5f1", "#9fc6e0", "#5f9dc9", "#2d70aa", "#123c6e"]
PORT, FOLDER, SHAPES = sys.argv[1:]
CONVICTED, DETECTED = "count_high_convicted_persons", "count_high_detected_victims"


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


COUNTS = load_counts()


def pooled(last_year: int) -> pd.DataFrame:
    chosen = COUNTS[COUNTS["year"].between(last_year - WINDOW + 1, last_year)]
    chosen = chosen.dropna(subset=[CONVICTED, DETECTED])
    sums = chosen.groupby("jurisdiction_id")[[CONVICTED, DETECTED]].sum()
    return (100 * sums[CONVICTED] / sums[DETECTED]).rename("value").reset_index()


def figure(last_year: int) -> dict:
    rates = pooled(last_year)
    trace = {
        "type": "choropleth",
        "geojson": f"/assets/{SHAPES}",
        "featureidkey": "id",
        "locationmode": "geojson-id",
        "locations": list(rates["jurisdiction_id"]),
        "z": list(rates["value"]),
        "zmin": 0,
        "zmax": 100,
        "colorscale": [[number / 4, colour] for number, colour in enumerate(COLOURS)],
    }
    layout = {
        "height": 520,
        "geo": {"projection": {"type": "equal earth"}, "visible": False},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    }
    return {"data": [trace], "layout": layout}


app = Dash(__name__, assets_folder=FOLDER, serve_locally=True)
app.layout = html.Div(
    [
        html.H1("Enforcement gaps"),
        html.Div(dcc.Slider(2007, 2022, 1, value=2022, id="year"), className="st-key-year"),
        html.Div(
            dcc.Graph(id="map", figure=figure(2022), config={"topojsonURL": "/assets/"}),
            className="st-key-map",
        ),
    ]
)


@app.callback(Output("map", "figure"), Input("year", "value"), prevent_initial_call=True)
def step(year: int) -> Patch:
    rates, patch = pooled(year), Patch()
    patch["data"][0]["locations"] = list(rates["jurisdiction_id"])
    patch["data"][0]["z"] = list(rates["value"])
    return patch


app.run(host="127.0.0.1", port=int(PORT), debug=False)
