"""A chart with its title, source line, alternative text, table twin and download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.atlas import AtlasFrame
from gapatlas.charts import HEIGHT_PER_WIDTH
from gapatlas.config import Map
from gapatlas.export import csv_text, readable_table

LEGEND_HEIGHT = 100


def chart_panel(spec: dict[str, Any], *, title: str, source: str, alt: str, key: str) -> None:
    """A chart between its title and its source line."""
    st.markdown(f"**{title}**")
    st.vega_lite_chart(spec, width="stretch", key=key, alt=alt)
    st.caption(source)


def frame_for_map(map_: Map) -> DeltaGenerator:
    """A container whose height follows its width, so that a map fills it on any screen.

    Streamlit charts have a fixed height; on a narrow screen a map would float in white space.
    """
    share = HEIGHT_PER_WIDTH[map_.projection] * 100
    st.html(
        "<style>.st-key-map_frame { container-type: inline-size; } "
        f".st-key-map_frame > * {{ height: calc({share:.0f}cqw + {LEGEND_HEIGHT}px) !important; }}"
        "</style>"
    )
    return st.container(key="map_frame")


def table_twin(frame: AtlasFrame, rows: pd.DataFrame, *, name: str, key: str) -> None:
    """The figures of a chart as a table that sorts and downloads; made only when opened.

    Args:
        frame: gives measure, sources and caveats.
        rows: the rows of the frame that the chart shows.
        name: middle of the file's name.
        key: key of the panel, one of its kind on the page.
    """
    expander = st.expander("Table and download", key=key, on_change="rerun")
    if not expander.open:
        return
    measure = frame.measure
    with expander:
        st.dataframe(
            readable_table(rows, measure),
            hide_index=True,
            column_config={
                "Value": st.column_config.NumberColumn(
                    f"Value ({measure.unit})", format=f"%.{measure.decimals}f"
                )
            },
            alt=f"Table of {measure.title}, {len(rows)} rows",
        )
        st.download_button(
            "Download as CSV",
            data=_csv_when_asked(frame, rows),
            file_name=f"gap-atlas-{name}.csv",
            mime="text/csv",
            key=f"{key}_download",
            on_click="ignore",
        )


def _csv_when_asked(frame: AtlasFrame, rows: pd.DataFrame) -> Callable[[], str]:
    return lambda: csv_text(replace(frame, data=rows))
