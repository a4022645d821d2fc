"""The fitted benchmark: how many are expected of a place with such people and cases."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gapatlas.config import Measure, StageCount
from gapatlas.config.vocabulary import stage_label
from gapatlas.gaps.expected import DRAWS, SEED
from gapatlas.languages import say
from gapatlas.statistics import CountModel, fit_count_model
from gapatlas.statistics.checks import Floats

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas, AtlasFrame

DETECTED: Final = StageCount(stage="detected", unit="victims")
FEWEST: Final = 3
"""Places that a region needs to be in the model."""
LEAST: Final = 0.5
"""What a logarithm is taken of where a count is nought or a range around it."""


@dataclass(frozen=True)
class FittedModel:
    """A count model of one window of years.

    Attributes:
        fit: the fitted model.
        ids: places in it, in its order.
        names: their names.
        terms: name of each coefficient -> what it stands for, in words.
        left_out: name of each place with counts that is not in the model -> why.
    """

    fit: CountModel
    ids: tuple[str, ...]
    names: tuple[str, ...]
    terms: dict[str, str]
    left_out: dict[str, str]

    def draws(self, ids: list[str]) -> Floats:
        """Draws of the expected counts of places, shape (draws, places); NaN outside the model."""
        drawn = _kept_draws(self.fit)
        at = pd.Index(self.ids).get_indexer(pd.Index(ids))
        return np.where(at >= 0, drawn[:, at], np.nan)

    @property
    def coefficients(self) -> pd.DataFrame:
        """One row per term: term, what, factor, low, high. The factor multiplies the expected
        count where the term rises by one unit (for a logarithm: doubles)."""
        low, high = self.fit.intervals()
        table = pd.DataFrame(
            {"term": self.fit.names, "value": self.fit.values, "low": low, "high": high}
        )
        shown = table[table["term"].isin(self.terms)]
        step = np.where(shown["term"].str.startswith("log "), math.log(2), 1.0)
        factors = {
            name: np.exp(shown[column] * step)
            for name, column in (("factor", "value"), ("low", "low"), ("high", "high"))
        }
        what = shown["term"].map(self.terms)
        return pd.DataFrame({"term": shown["term"], "what": what, **factors}, index=shown.index)

    @property
    def fitted(self) -> pd.DataFrame:
        """One row per place: jurisdiction_id, name, observed_low, observed_high, expected, inside
        (its count lies where the model expects 95% of such counts)."""
        return pd.DataFrame(
            {
                "jurisdiction_id": self.ids,
                "name": self.names,
                "observed_low": self.fit.count_low,
                "observed_high": self.fit.count_high,
                "expected": self.fit.expected,
                "inside": self.fit.inside(),
            }
        )


def fit_model(atlas: Atlas, frame: AtlasFrame) -> FittedModel | None:
    """Fit the counts above the line of one window.

    Terms are the logarithms of people and of what is divided by (per year), of detected victims
    where the source counts them, the region, and the indicators that the config names under
    `gaps.model`. The expected count is in proportion to the years used.

    Returns:
        The model, or None where too few places have all that it needs.
    """
    data = frame.data[frame.data["years_used"] > 0].reset_index(drop=True)
    described = _described(atlas, frame, data)
    known = described.notna().all(axis=1)
    told = known & described["region"].isin(_regions_told(data[known], described[known]))
    used = data[told]
    if used.empty:
        return None
    design = _with_regions(described[told])
    years = used["years_used"].to_numpy(dtype=np.float64)
    low, high = (used[f"numerator_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
    fit = _kept_fit(
        tuple(design.columns), *(a.tobytes() for a in (low, high, design.to_numpy(), years))
    )
    if fit is None or not fit.converged:
        return None
    return FittedModel(
        fit=fit,
        ids=tuple(used["jurisdiction_id"]),
        names=tuple(used["name"]),
        terms=_terms(atlas, frame.measure, design),
        left_out=_left_out(atlas, data[~told], described[~told]),
    )


@lru_cache(maxsize=32)
def _kept_fit(names: tuple[str, ...], *buffers: bytes) -> CountModel | None:
    low, high, design, years = map(np.frombuffer, buffers)
    return fit_count_model(low, high, design.reshape(len(low), len(names)), years, names)


@lru_cache(maxsize=8)
def _kept_draws(fit: CountModel) -> Floats:
    drawn = fit.draws(DRAWS, np.random.default_rng(SEED))
    drawn.setflags(write=False)
    return drawn


def _regions_told(data: pd.DataFrame, described: pd.DataFrame) -> set[str]:
    """Regions with at least three places, one of them with a count above 0: of the others a
    model can't tell how much their places differ from those of elsewhere."""
    places = described["region"].value_counts()
    counted = described.loc[data["numerator_low"] > 0, "region"]
    return set(places.index[places >= FEWEST]) & set(counted)


def _described(atlas: Atlas, frame: AtlasFrame, data: pd.DataFrame) -> pd.DataFrame:
    """What the model knows of each place, row by row of `data`; missing where it is not known."""
    ids = pd.Index(data["jurisdiction_id"])
    years = data["years_used"].to_numpy(dtype=np.float64)
    columns: dict[str, Any] = {}
    people = atlas.people(frame.years[1]).set_index("jurisdiction_id")["people"]
    columns["log people"] = np.log(people.reindex(ids).to_numpy(dtype=np.float64))
    below = frame.measure.below
    if frame.measure.denominator != "population":
        columns["log below"] = np.log(np.maximum(_middle(data, "denominator") / years, LEAST))
    if below != DETECTED and frame.source_id in atlas.sources_of_stage("detected", "victims"):
        columns["log detected"] = _log_detected(atlas, frame, ids)
    places = atlas.places_of(frame.measure_id).set_index("jurisdiction_id")
    columns["region"] = places["region"].reindex(ids).replace("", None).to_numpy()
    for id_ in atlas.config.gaps.model:
        values = atlas.indicator_at(id_, frame.years[1]).set_index("jurisdiction_id")["value"]
        columns[id_] = values.reindex(ids).to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.DataFrame(columns)


def _log_detected(atlas: Atlas, frame: AtlasFrame, ids: pd.Index) -> Floats:
    totals = atlas.stage_totals(DETECTED, frame.source_id, frame.years)
    known = totals.set_index("jurisdiction_id").reindex(ids)
    per_year = (known["count_low"] + known["count_high"]) / 2 / known["years_reported"]
    values = per_year.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(np.log(np.maximum(values, LEAST)))


def _middle(data: pd.DataFrame, side: str) -> Floats:
    low, high = (data[f"{side}_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
    return np.asarray((low + high) / 2)


def _with_regions(described: pd.DataFrame) -> pd.DataFrame:
    """The design: a constant, the numbers, and one column per region but the largest."""
    numbers = described.drop(columns="region").astype("float64")
    regions = described["region"].value_counts()
    others = {f"region {name}": described["region"] == name for name in regions.index[1:]}
    return pd.concat(
        [
            pd.Series(1.0, index=described.index, name="constant"),
            numbers,
            pd.DataFrame(others, index=described.index).astype("float64"),
        ],
        axis=1,
    )


def _terms(atlas: Atlas, measure: Measure, design: pd.DataFrame) -> dict[str, str]:
    below = measure.below
    stage = measure.exposure if below is None else stage_label(below.stage, below.unit).lower()
    fixed = {
        "log people": say("twice the people"),  # not said
        "log below": say("twice the {stage}", stage=stage),  # not said
        "log detected": say("twice the detected victims"),  # not said
    }
    words = {}
    for name in design.columns:
        if name in fixed:
            words[name] = fixed[name]
        elif name.startswith("region "):
            words[name] = say(
                "{region}, against the region with most places",
                region=name.removeprefix("region "),
            )
        elif name in atlas.config.indicators:
            title = atlas.config.indicators[name].title
            words[name] = say("one unit more of {indicator}", indicator=title)
    return words


def _left_out(atlas: Atlas, data: pd.DataFrame, described: pd.DataFrame) -> dict[str, str]:
    indicators, columns = atlas.config.indicators, described.columns
    words = {
        "log people": say("people"),  # not said
        "log detected": say("detected victims"),  # not said
        "region": say("region"),
        **{id_: indicators[id_].title for id_ in atlas.config.gaps.model},
    }
    return {
        name: say("not known: {things}", things=", ".join(words[c] for c in columns[missing]))
        if missing.any()
        else say("too few places of its region count any")
        for name, missing in zip(data["name"], described.isna().to_numpy(), strict=True)
    }
