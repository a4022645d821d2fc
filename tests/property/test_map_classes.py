"""The classes of a map beside those of mapclassify."""

import warnings

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gapatlas.charts import class_breaks

FIGURES = st.lists(
    st.floats(1e-3, 1e6, allow_nan=False) | st.sampled_from([1.0, 2.0, 50.0, np.nan, np.inf]),
    max_size=60,
)


@given(figures=FIGURES, steps=st.integers(2, 7), decimals=st.integers(0, 4))
def test_breaks_are_quantiles_to_two_digits(figures, steps, decimals):
    known = np.array([figure for figure in figures if np.isfinite(figure)])

    breaks = set(class_breaks(figures, steps, decimals).breaks)

    # The last bit of a quantile decides whether a half is rounded up or down.
    lower, upper = (_by_mapclassify(known, steps, decimals, nudge) for nudge in (-1e-12, 1e-12))
    assert lower & upper <= breaks <= lower | upper


def _by_mapclassify(known, steps, decimals, nudge):
    import mapclassify  # compiles for seconds: not in every worker that looks for tests

    distinct = len(set(known))
    if distinct < 2:
        return set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it makes fewer classes than wanted
        edges = mapclassify.Quantiles(known, k=min(steps, distinct)).bins
    below = edges[edges < known.max()] * (1 + nudge)
    two_digits = [edge.round(1 - int(np.floor(np.log10(edge)))) for edge in below]
    printed = {edge.round(decimals) for edge in two_digits}
    lowest = max(known.min(), 10.0**-decimals)
    return {edge for edge in printed if lowest <= edge < known.max()}
