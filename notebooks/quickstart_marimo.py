import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Gap Atlas: quickstart")


@app.cell
def _():
    import marimo as mo

    import gapatlas

    atlas = gapatlas.open_atlas(mo.notebook_dir().parent / "config.yaml")
    return atlas, gapatlas, mo


@app.cell
def _(mo):
    mo.md("""
    # Quickstart

    The library gives the same figures as the app. Choose a country: everything below follows.

    Start it from the folder of the project with `marimo edit notebooks/quickstart_marimo.py`.
    """)
    return


@app.cell
def _(atlas, mo):
    places = atlas.places_of("convicted_per_prosecuted")
    country = mo.ui.dropdown(
        dict(zip(places["name"], places["jurisdiction_id"])), value="Romania", label="Country"
    )
    country
    return (country,)


@app.cell
def _(atlas, country):
    frame = atlas.measure(
        "convicted_per_prosecuted",
        jurisdictions=[country.value],
        years=(2003, 2022),
        window=5,
        source="unodc_glotip",
    )
    frame.data
    return (frame,)


@app.cell
def _(mo):
    mo.md("""
    `low` and `high` are the 95% interval. It covers every number that may stand behind a
    `<5`. **Not reported is not zero.**
    """)
    return


@app.cell
def _(frame):
    series = frame.chart("series")
    series
    return


@app.cell
def _(atlas):
    world = atlas.measure("convicted_per_prosecuted", years=(2018, 2022), window=5).chart("map")
    world
    return


@app.cell
def _(atlas, country, gapatlas):
    link = atlas.link("conviction_rates", place=country.value, year=2022, window=5)
    comparison = gapatlas.from_link(link, atlas)
    answers = [answer.text for answer in gapatlas.answers(comparison)]
    return answers, link


@app.cell
def _(answers, link, mo):
    mo.md("\n".join([f"The page shows the same at `{link}`:", "", *(f"- {a}" for a in answers)]))
    return


@app.cell
def _(frame, mo):
    mo.md(f"Sources: {frame.cite()}")
    return


if __name__ == "__main__":
    app.run()
