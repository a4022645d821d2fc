"""The made-up defendants: the same on every machine, with the effects that stand beside them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import yaml

from benchmarks.case_scale import CUBE, measure
from gapatlas.casefile import CaseFile, grouped_counts
from gapatlas.config import load_config
from gapatlas.config.vocabulary import DEFENCES, EVIDENCE, OUTCOMES
from gapatlas.synthetic_cases import BLOCK, PLANTED, planted_points, synthetic_cases
from tools.synthetic_cases import HEAD, truth, write_parquet

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "synthetic_cases"
CONVICTED = ("guilty_plea", "guilty_trial")


@cache
def made(rows: int = 20_000) -> pd.DataFrame:
    return pd.concat([block.astype(object) for block in synthetic_cases(rows)], ignore_index=True)


@cache
def shipped() -> pd.DataFrame:
    return pd.read_parquet(FOLDER / "cases.parquet")


@pytest.fixture(scope="module")
def shipped_file() -> CaseFile:
    loaded = load_config(ROOT / "config.yaml")
    dataset = loaded.config.datasets["synthetic_cases"]
    return CaseFile(loaded.resolve(dataset.file), dataset, "cases.parquet")


# ------------------------------------------------------------------ what ships


def test_the_shipped_file_is_made_again_value_by_value() -> None:
    ours, theirs = made(), shipped()
    assert list(ours.columns) == list(theirs.columns)
    for column in ours.columns:
        one = ours[column].astype(object).where(ours[column].notna(), None)
        other = theirs[column].astype(object).where(theirs[column].notna(), None)
        assert one.tolist() == other.tolist(), column


def test_the_shipped_truth_is_that_of_the_code() -> None:
    text = (FOLDER / "planted.yaml").read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert yaml.safe_load(text) == json.loads(json.dumps(truth()))


def test_every_row_and_every_title_says_synthetic() -> None:
    assert set(shipped()["dataset"]) == {"SYNTHETIC"}
    descriptor = yaml.safe_load((FOLDER / "descriptor.yaml").read_text(encoding="utf-8"))
    assert "SYNTHETIC" in descriptor["title"]
    assert "SYNTHETIC" in load_config(ROOT / "config.yaml").config.datasets["synthetic_cases"].short


def test_the_shipped_file_is_small() -> None:
    assert (FOLDER / "cases.parquet").stat().st_size < 1_000_000


def test_the_first_rows_of_a_long_file_are_those_of_a_short_one() -> None:
    blocks = list(synthetic_cases(BLOCK + 10))
    assert [len(block) for block in blocks] == [BLOCK, 10]
    pd.testing.assert_frame_equal(blocks[0].astype(object), made())
    again = list(synthetic_cases(BLOCK + 10))[1]
    pd.testing.assert_frame_equal(blocks[1], again)


def test_another_seed_gives_other_defendants() -> None:
    other = next(synthetic_cases(500, seed=1)).astype(object)
    assert not other["outcome"].equals(made().head(500)["outcome"])


def test_blocks_are_written_as_one_file(tmp_path: Path) -> None:
    write_parquet(synthetic_cases(2 * BLOCK + 7), tmp_path / "c.parquet")
    assert len(pd.read_parquet(tmp_path / "c.parquet", columns=["place"])) == 2 * BLOCK + 7


# ------------------------------------------------------------------ realistic mixes


def test_mixes_are_those_of_an_office() -> None:
    frame = made()
    assert set(frame["outcome"]) == set(OUTCOMES)
    shares = frame["outcome"].value_counts(normalize=True)
    assert 0.03 < shares["pending"] < 0.12
    assert 0.01 < shares["unknown"] < 0.03
    assert shares["guilty_plea"] > 4 * shares["guilty_trial"]
    pending = frame["outcome"] == "pending"
    assert frame.loc[pending, "year_ended"].isna().all()
    assert frame.loc[pending, "year_charged"].min() >= 2019
    ended = frame[frame["year_ended"].notna()]
    assert (ended["year_ended"] >= ended["year_charged"]).all()
    assert ended["year_ended"].max() == 2024


def test_co_defendants_share_their_case_and_defendants_alone_have_no_key() -> None:
    frame = made()
    together = frame[frame["co_defendant_key"] != ""]
    sizes = together.groupby("co_defendant_key").size()
    assert (sizes.min(), sizes.max()) == (2, 6)
    of_case = ["place", "year_charged", "charge", *EVIDENCE]
    assert (together.groupby("co_defendant_key")[of_case].nunique() == 1).all().all()
    assert 0.2 < len(together) / len(frame) < 0.7


def test_several_charges_and_defences_stand_in_one_cell() -> None:
    frame = made()
    assert frame["charge"].str.contains(";").mean() > 0.4
    assert frame["defence"].str.contains(";").mean() > 0.2
    assert 0.05 < (frame["defence"] == "unknown").mean() < 0.11
    for id_ in EVIDENCE:
        assert 0.05 < (frame[id_] == "unknown").mean() < 0.1


# ------------------------------------------------------------------ the planted effects


def test_raw_shares_differ_in_the_planted_direction(shipped_file: CaseFile) -> None:
    for id_, there in (*((e, "present") for e in EVIDENCE), *((d, "used") for d in DEFENCES)):
        effect = {**PLANTED.evidence, **PLANTED.defence}[id_]
        if abs(effect) < 0.4:
            continue
        counts = grouped_counts(shipped_file, [id_]).set_index(id_)
        share = counts["convicted"] / counts["persons"]
        without = "absent" if there == "present" else "not_used"
        assert np.sign(share[there] - share[without]) == np.sign(effect), id_


def true_points(id_: str) -> float:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "planted.yaml").read_text(encoding="utf-8"))
    points = found["percentage_points"]
    return float({**points["evidence"], **points["defence"]}[id_])


def test_percentage_points_are_those_of_the_log_odds() -> None:
    """Recomputed by simulation: who is convicted when the evidence is put in or taken away."""
    points = planted_points(rows=BLOCK)
    assert points["expert"] == 0
    assert points["jurisdiction_procedure"] == 0
    for id_, effect in {**PLANTED.evidence, **PLANTED.defence}.items():
        assert np.sign(round(points[id_], 9)) == np.sign(effect)
        assert points[id_] == pytest.approx(true_points(id_), abs=0.005)
        # A share changes by at most a quarter of the log odds, pairs included.
        with_pairs = abs(effect) + sum(e for pair, e in PLANTED.pairs.items() if id_ in pair)
        assert abs(points[id_]) <= 25 * with_pairs + 1e-9


def design(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Complete, disposed cases as a table of 0 and 1, and who was convicted."""
    known = ~frame["outcome"].isin(["pending", "unknown"]) & (frame["defence"] != "unknown")
    for column in (*EVIDENCE, "cross_border", "task_force", "team_trained", "victims_band"):
        known &= frame[column] != "unknown"
    kept = frame[known]
    columns: dict[str, Any] = {id_: (kept[id_] == "present").astype(float) for id_ in EVIDENCE}
    used = kept["defence"].str.split(";")
    columns |= {d: used.map(lambda each, d=d: float(d in each)) for d in DEFENCES}
    pair = columns["victim_testimony"] * columns["financial_records"]
    columns["pair"] = pair
    for flag in ("cross_border", "task_force", "team_trained"):
        columns[flag] = (kept[flag] == "yes").astype(float)
    table = pd.DataFrame(columns)
    groups = {
        "place": kept["place"],
        "charge": kept["charge"].str.split(";").str[0],
        "band": kept["victims_band"],
        "year": kept["year_charged"].astype(str),
    }
    dummies = [pd.get_dummies(v, prefix=k, drop_first=True, dtype=float) for k, v in groups.items()]
    return pd.concat([table, *dummies], axis=1), kept["outcome"].isin(CONVICTED)


def test_an_adjusted_model_finds_the_planted_effects() -> None:
    """Among 100,000 defendants each of 20 planted log odds lies within 3.5 standard errors."""
    x, y = design(made(5 * BLOCK))
    fit = sm.Logit(y.astype(float), sm.add_constant(x)).fit(disp=0)
    planted = {
        **PLANTED.evidence,
        **PLANTED.defence,
        "pair": PLANTED.pairs["victim_testimony", "financial_records"],
        "cross_border": PLANTED.cross_border,
        "task_force": PLANTED.task_force,
        "team_trained": PLANTED.team_trained,
    }
    assert len(planted) == 20
    off = {id_: (fit.params[id_] - true) / fit.bse[id_] for id_, true in planted.items()}
    assert max(abs(score) for score in off.values()) < 3.5
    assert np.mean([score**2 for score in off.values()]) < 2.5


# ------------------------------------------------------------------ counted


def test_grouped_counts_of_the_shipped_file_are_those_of_pandas(shipped_file: CaseFile) -> None:
    frame = made().copy()
    frame["charge"] = frame["charge"].str.split(";").str[0]
    kept = frame[~frame["outcome"].isin(["pending", "unknown"])]
    names = ["place", "charge", "victim_testimony", "financial_records", "team_trained"]
    plain = (
        kept.assign(convicted=kept["outcome"].isin(CONVICTED))
        .groupby(names)["convicted"]
        .agg(persons="size", convicted="sum")
        .reset_index()
        .sort_values(names, ignore_index=True)
    )
    found = grouped_counts(shipped_file, names)
    assert found.astype(object).values.tolist() == plain.astype(object).values.tolist()


def test_the_benchmark_counts_every_defendant(
    shipped_file: CaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.case_scale.REPEATS", 1)
    timed = measure(shipped_file.path, shipped_file.dataset)
    assert timed[0].what == CUBE
    assert [row.size for row in timed[2:]] == ["20,000 persons", "20,000 rows, no problems"]
    assert timed[-1].size == "20,000 rows, no problems"
    assert all(min(row.seconds) > 0 for row in timed)
