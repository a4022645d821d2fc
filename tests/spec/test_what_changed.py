"""A link to earlier data: what changed in its view, and what is not told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import gapatlas
from gapatlas import build as building
from gapatlas.atlas import Atlas
from gapatlas.links import DataChangedWarning
from tests.linked_world import NOW, RATE, THEN, write_rates


def linked(folder: Path, then: tuple[object, ...] = THEN, **config: object) -> tuple[Path, str]:
    """The config of a world, and a link that was made when it had these counts."""
    path = write_rates(folder, then, **config)  # type: ignore[arg-type]
    with gapatlas.open_atlas(path) as atlas:
        return path, f"{RATE}&snapshot={atlas.snapshot.id[:8]}"


def test_each_figure_that_changed_is_told_and_no_other(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, NOW)
    found = gapatlas.what_changed(link, path)
    told = {(row.What, row.Figure): (row.Then, row.Now) for row in found.table.itertuples()}
    assert told["Alphaland, 2021", "Value or range"] == ("0.30", "0.40")
    assert told["Alphaland, 2021", "Persons convicted"] == ("30", "40")
    assert not any(what.startswith(("Betaland", "Gammaland")) for what, _ in told)
    assert found.table["What"].iloc[0] == "Alphaland, 2021", "the chosen place comes first"
    assert found.standing == "kept"
    assert f"and {len(told)} figures of this view with them" in found.words


def test_what_changed_elsewhere_is_nothing_in_this_view(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, THEN, limits={"query_seconds": 9})
    found = gapatlas.what_changed(link, path)
    assert (found.standing, len(found.table)) == ("kept", 0)
    assert found.words.endswith("; nothing in this view has.")


def test_a_place_that_is_no_longer_there_is_told(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, (30, None, 20))
    table = gapatlas.what_changed(link, path).table
    gone = table[table["What"] == "Betaland, 2021"].set_index("Figure")
    assert gone.loc["Value or range", "Then"] == "0.12"
    assert gone.loc["Status", "Now"] == "Not reported"


def test_a_link_of_today_has_nothing_to_tell(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    assert gapatlas.what_changed(link, path).standing == "today"
    assert gapatlas.what_changed(RATE, path).standing == "today"


def test_the_figures_of_a_link_warn_where_the_data_are_others(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, NOW)
    with gapatlas.open_atlas(path) as today:
        with pytest.warns(DataChangedWarning, match="what_changed"):
            gapatlas.from_link(link, today)
        earlier = today.earlier(link[-8:])
        assert earlier is not None
        found = gapatlas.from_link(link, earlier)
        assert isinstance(found, gapatlas.Comparison)
        assert found.rates.set_index("jurisdiction_id").loc["AAA", "value"] == pytest.approx(0.3)
        earlier.close()
    assert not [warning for warning in recwarn if warning.category is DataChangedWarning]


def test_a_snapshot_that_is_no_longer_kept_is_named_as_gone(tmp_path: Path) -> None:
    path, link = linked(tmp_path, snapshots={"keep": 1})
    write_rates(tmp_path, NOW, snapshots={"keep": 1})
    found = gapatlas.what_changed(link, path)
    assert (found.standing, found.made) == ("gone", "")
    assert "no longer kept" in found.words


def test_a_snapshot_of_another_config_in_the_folder_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "shared"))
    _, others_link = linked(tmp_path / "other", (1, 2, 3))
    path, _ = linked(tmp_path / "own")
    assert gapatlas.what_changed(others_link, path).standing == "gone"


def test_a_damaged_snapshot_is_not_opened(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    [old] = (tmp_path / ".snapshots").glob("*.duckdb")
    write_rates(tmp_path, NOW)
    with old.open("ab") as file:
        file.write(b"\0")
    assert gapatlas.what_changed(link, path).standing == "gone"


def test_a_snapshot_of_another_version_is_named_as_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(building, "SCHEMA_VERSION", building.SCHEMA_VERSION - 1)
        path = write_rates(tmp_path, THEN)
        id_ = building.build(path).id
    assert gapatlas.what_changed(f"{RATE}&snapshot={id_[:8]}", path).standing == "unreadable"


def test_what_a_source_has_withheld_since_is_not_shown_again(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, (30, "suppressed", 20))
    found = gapatlas.what_changed(link, path)
    assert (found.standing, len(found.table)) == ("withheld", 0)
    assert "withheld" in found.words


def test_what_was_withheld_then_too_hides_nothing(tmp_path: Path) -> None:
    path, link = linked(tmp_path, (30, "suppressed", 20))
    write_rates(tmp_path, (40, "suppressed", 20))
    found = gapatlas.what_changed(link, path)
    assert found.standing == "kept"
    assert len(found.table)


def test_figures_of_persons_are_never_compared(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, NOW)
    page = link.replace("conviction_rates", "evidence_and_defence")
    found = gapatlas.what_changed(page, path)
    assert (found.standing, len(found.table)) == ("persons", 0)


def test_a_page_with_nothing_to_show_says_so_in_its_changes(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    write_rates(tmp_path, NOW)
    found = gapatlas.what_changed(link.replace("conviction_rates", "cross_border"), path)
    assert found.table.empty


def test_a_config_keeps_its_own_last_snapshots(tmp_path: Path) -> None:
    links = [linked(tmp_path, (number, 12, 20), snapshots={"keep": 3}) for number in range(5)]
    path = links[-1][0]
    standings = [gapatlas.what_changed(link, path).standing for _, link in links]
    assert standings == ["gone", "gone", "kept", "kept", "today"]


def test_an_atlas_tells_which_earlier_ones_it_has(tmp_path: Path) -> None:
    path, link = linked(tmp_path)
    with gapatlas.open_atlas(path) as atlas:
        for wrong in ("", "../../x", "DEADBEEF", "0" * 8, link[-8:-1]):
            assert atlas.earlier(wrong) is None
        same = atlas.earlier(atlas.snapshot.id)
        assert isinstance(same, Atlas)
        same.close()
