"""Datasets that are no files: what a database or a store holds when the data are built."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
import yaml
from adbc_driver_postgresql import dbapi

from gapatlas.atlas import open_atlas
from gapatlas.build import build
from gapatlas.errors import ConfigError
from tests.fixtures.reading.servers import postgres, store
from tests.mapped_tables import write_mapped

HEADER = "place,year,convicted"
MAP = """
place: {column: place, by: id}
year: {column: year}
count: {column: convicted, stage: convicted, unit: persons}
"""


def world(folder: Path, read: dict[str, str]) -> Path:
    path = write_mapped(folder, "none", MAP)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    del content["datasets"]["table"]["file"]
    content["datasets"]["table"]["read"] = read
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def convicted(path: Path) -> dict[tuple[str, int], int]:
    with open_atlas(path) as atlas:
        told = atlas.stages("AAA", "table")
    known = told[told["count_low"].notna()]
    return {(row.jurisdiction_id, row.year): int(row.count_low) for row in known.itertuples()}


def test_an_object_of_a_store_is_a_dataset_and_a_newer_one_makes_another_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    path = world(tmp_path / "w", {"url": "s3://office/cases.csv"})
    with store(**{"cases.csv": f"{HEADER}\nAAA,2020,7\n".encode()}) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        first = build(path)
        assert build(path).reused
        assert convicted(path) == {("AAA", 2020): 7}
        boto3.client("s3", endpoint_url=address, region_name="us-east-1").put_object(
            Bucket="office", Key="cases.csv", Body=f"{HEADER}\nAAA,2020,9\n".encode()
        )
        assert build(path).id != first.id
        assert convicted(path) == {("AAA", 2020): 9}
    with pytest.raises(ConfigError) as refused:
        build(path)
    assert refused.value.problems[0].where == "s3://office/cases.csv"


def test_a_query_of_a_database_is_a_dataset_whose_address_no_file_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {"connection": "OFFICE_DSN", "query": "SELECT place, year, convicted FROM cases"}
    path = world(tmp_path / "w", read)
    create = "CREATE TABLE cases (place text, year int, convicted int)"
    with postgres(create, "INSERT INTO cases VALUES ('AAA', 2021, 4)") as address:
        monkeypatch.setenv("OFFICE_DSN", address)
        snapshot = build(path)
        assert convicted(path) == {("AAA", 2021): 4}
        assert address.encode() not in snapshot.path.read_bytes()
        with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE cases SET convicted = 5")
        assert convicted(path) == {("AAA", 2021): 5}
