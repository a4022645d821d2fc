"""Closer looks at gaps, one at a time: who falls short, at which stage, who does not report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from gapatlas.comparison.pictures import Picture
from gapatlas.export import Download, Figure, source_header
from gapatlas.gaps.model import FittedModel
from gapatlas.gaps.sentences import lost_words
from gapatlas.gaps.tables import coefficient_table, gap_header
from gapatlas.languages import in_alphabet, percentage, say, say_of, whole
from gapatlas.links import labels
from gapatlas.state import GAP_VIEWS, MOST_BESIDE, GapState
from gapatlas.ui.app import Page
from gapatlas.ui.figures import place_names
from gapatlas.ui.gap_figures import (
    gap_choices,
    gap_of,
    picture,
    stages_picture,
    waterfall_of,
)
from gapatlas.ui.not_known import show_not_known
from gapatlas.ui.panels import picture_twin, plain, show_picture, show_table
from gapatlas.ui.shelf import chart_buttons, shelf

IN_A_ROW: Final = 3


def show_view(page: Page, state: GapState) -> None:
    """The closer look that the reader has opened, if any."""
    offered = [view for view in GAP_VIEWS if _is_offered(view, state)]
    st.segmented_control(
        say("Look closer"), offered, format_func=say_of(labels.GAP_VIEWS), key="view"
    )
    if state.view in offered:
        VIEWS[state.view](page, state)


def _is_offered(view: str, state: GapState) -> bool:
    if view == "short":
        return state.show != "rate"
    return view != "model" or (state.show != "rate" and state.benchmark == "model")


def _show_short(page: Page, state: GapState) -> None:
    """The places that clearly fall short, with the interval of each."""
    gap, found = gap_of(page.atlas, state), picture(page.atlas, state, page.scheme)
    if found is None:
        st.info(
            say("No place clearly falls short of this benchmark. That is no proof that none does.")
        )
        return
    show_picture(found, key="view_chart")
    picture_twin(
        found,
        gap_header(gap),
        name=f"falls-short-{state.figures.measure}",
        key="view_table",
        chart="view_chart",
    )


def _show_stages(page: Page, state: GapState) -> None:
    """Where one place loses its cases, and up to eleven others beside it."""
    place = state.figures.place
    if place is None:
        st.info(say("Choose a place below, or click the map, to see where its cases are lost."))
        return
    found = stages_picture(page.atlas, state, place, page.scheme)
    st.markdown(f"**{plain(lost_words(waterfall_of(page.atlas, state, place)))}**")
    show_picture(found, key="view_chart")
    header = _stages_header(page, state, found)
    picture_twin(found, header, name=f"stages-{place}", key="view_table", chart="view_chart")
    if page.atlas.measure_named(state.figures.measure).level == "us_state":
        st.caption(
            say(
                "Missing here: what state courts did. No source in this atlas counts their "
                "prosecutions and convictions; the FBI ends with offences that the police cleared."
            )
        )
    _show_beside(page, state, place)


def _stages_header(page: Page, state: GapState, found: Picture) -> list[str]:
    source = page.atlas.source(state.figures.source)
    return source_header(found.title, source, page.atlas.snapshot.id)


def _stages_file(page: Page, state: GapState, found: Picture) -> Download:
    return Download.of(found.table(), _stages_header(page, state, found))


def _show_beside(page: Page, state: GapState, place: str) -> None:
    names = place_names(page.atlas)
    options = gap_choices(page.atlas).places[state.figures.measure] - {place}
    st.multiselect(
        say("Set other places beside it"),
        in_alphabet(options, names),
        format_func=names.__getitem__,
        key="beside",
        max_selections=MOST_BESIDE,
        placeholder=say("Up to {number} places", number=whole(MOST_BESIDE)),
    )
    if not state.beside:
        return
    shown = [place, *state.beside]
    for start in range(0, len(shown), IN_A_ROW):
        columns = st.columns(IN_A_ROW)
        for column, id_ in zip(columns, shown[start : start + IN_A_ROW], strict=False):
            with column:
                small = stages_picture(page.atlas, state, id_, page.scheme, small=True)
                st.markdown(f"**{plain(small.title)}**")
                spec, key = small.spec(), f"stages_{id_}"
                st.vega_lite_chart(spec, width="stretch", key=key, alt=small.alt)
                shelf().put(key, Figure(small.title, small.source, small.alt, spec))
                shelf().files[key] = partial(_stages_file, page, state, small)
    chart_buttons([f"stages_{id_}" for id_ in shown], name="stages", key="stages")
    st.caption(
        say(
            "Every axis is a share of that place's own first bar, so the pictures compare where "
            "cases are lost, not how many. Source and signs as above."
        )
    )


def _show_silent(page: Page, state: GapState) -> None:
    show_not_known(page, state.figures)


def _show_model(page: Page, state: GapState) -> None:
    """The fitted model: what it rests on, how well it fits, who is left out."""
    gap, found = gap_of(page.atlas, state), picture(page.atlas, state, page.scheme)
    model = gap.model
    if found is None or model is None:
        st.info(say("Too few places have all that the model needs in these years."))
        return
    st.markdown(_model_words(model))
    show_table(coefficient_table(model), alt=say("What each term does to the expected count"))
    show_picture(found, key="view_chart")
    picture_twin(
        found,
        gap_header(gap),
        name=f"model-{state.figures.measure}",
        key="view_table",
        chart="view_chart",
    )
    if model.left_out:
        left = "; ".join(f"{name} ({why})" for name, why in model.left_out.items())
        st.caption(say("Not in the model: {names}.", names=plain(left)))


def _model_words(model: FittedModel) -> str:
    fit, inside = model.fit, model.fit.inside()
    told = (
        say(
            "A regression of counts over {places} places (negative binomial, by maximum "
            "likelihood): how many would be counted on average in places with the same terms as in "
            "the table. It describes; it does not say what causes what.",
            places=whole(len(model.ids)),
        ),
        say(
            "The terms explain {share} of what a single rate for all leaves open (McFadden's "
            "measure).",
            share=percentage(fit.explained),
        ),
        say(
            "Places still differ for reasons that the model does not know: typically by {share} of "
            "what is expected.",
            share=percentage(fit.alpha**0.5),
        ),
        say(
            "{inside} of {places} places lie inside the range where the model expects 95% of them.",
            inside=whole(inside.sum()),
            places=whole(len(inside)),
        ),
    )
    return " ".join(told)


VIEWS: Final[dict[str, Callable[[Page, GapState], None]]] = {
    "short": _show_short,
    "stages": _show_stages,
    "silent": _show_silent,
    "model": _show_model,
}
