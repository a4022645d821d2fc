"""Other ways to show the same: Dash and Datasette, each a server in an environment of its own."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlencode

import geopandas as gpd
import pandas as pd

from benchmarks.browsing import Visit

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
REQUIREMENTS: Final = HERE / "requirements-peers.txt"
CACHE: Final = ROOT / ".bench"
DASH: Final = HERE / "dash_app.py"
SHAPES: Final = "world.geojson"
BASE_MAP: Final = "world_110m.json"
NOTHING_DRAWN: Final = {"type": "Topology", "objects": {}, "arcs": []}
LOOPBACK: Final = "127.0.0.1"
START_SECONDS: Final = 60.0
STILL_MS: Final = 300

# The same pooled counts as gapatlas.sql.pooled_ratio, without intervals.
POOLED: Final = """\
SELECT a.jurisdiction_id,
       sum(a.count_low) AS count_low_above, sum(a.count_high) AS count_high_above,
       sum(b.count_low) AS count_low_below, sum(b.count_high) AS count_high_below
FROM totals AS a JOIN totals AS b USING (jurisdiction_id, year)
WHERE a.stage = 'convicted' AND a.unit = 'persons'
  AND b.stage = 'detected' AND b.unit = 'victims'
  AND year BETWEEN :first AND :last
GROUP BY a.jurisdiction_id
ORDER BY a.jurisdiction_id
"""


class NoPeersError(Exception):
    """The peers can't be installed here; the message says why."""


def peers_python() -> Path:
    """The Python of the peers' environment, which is made where it is not there yet.

    Raises:
        NoPeersError: no package index can be reached.
    """
    pins = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    environment = CACHE / f"peers-{pins}"
    folder = "Scripts" if os.name == "nt" else "bin"
    python, done = environment / folder / "python", environment / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "-r"]
        installed = subprocess.run(
            [*command, str(REQUIREMENTS)], capture_output=True, text=True, check=False
        )
        if installed.returncode != 0:
            raise NoPeersError(f"Dash and Datasette can't be installed: {installed.stderr[-500:]}")
        done.touch()
    return python


@contextlib.contextmanager
def dash(folder: Path) -> Iterator[str]:
    """Address of the map in Dash, until the block ends."""
    assets = folder / "assets"
    assets.mkdir(exist_ok=True)
    shapes = gpd.read_file(ROOT / "static/shapes/world-110m.topojson", layer="countries")
    document = json.loads(shapes[["id", "geometry"]].to_json())
    for feature in document["features"]:
        feature["id"] = feature["properties"].pop("id")
    (assets / SHAPES).write_text(json.dumps(document), encoding="utf-8")
    (assets / BASE_MAP).write_text(json.dumps(NOTHING_DRAWN), encoding="utf-8")
    port = _free_port()
    with _serving([str(DASH), str(port), str(assets), SHAPES], port) as url:
        yield url


@contextlib.contextmanager
def datasette(folder: Path, totals: pd.DataFrame) -> Iterator[str]:
    """Address of Datasette over a table of totals, until the block ends."""
    file = folder / "peer.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        totals.to_sql("totals", connection, index=False, if_exists="replace")
        connection.execute("CREATE INDEX by_place ON totals (jurisdiction_id, year)")
        connection.commit()
    port = _free_port()
    words = [
        "-m",
        "datasette",
        str(file),
        "--port",
        str(port),
        "--setting",
        "max_returned_rows",
        "5000",
    ]
    with _serving(words, port) as url:
        yield url


class Query:
    """The benchmark's measure asked of Datasette, over a connection that stays open."""

    def __init__(self, url: str, years: tuple[int, int]) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        query = {"sql": POOLED, "first": years[0], "last": years[1], "_shape": "array"}
        self._path = f"/peer.json?{urlencode(query)}"

    def __call__(self) -> pd.DataFrame:
        self._connection.request("GET", self._path)
        return pd.DataFrame(json.load(self._connection.getresponse()))


class DashVisit(Visit):
    """One reader of the map in Dash."""

    def _wait_until_still(self, seconds: float = 30) -> None:
        self.page.wait_for_function(
            "still => probe.still(still)", arg=STILL_MS, timeout=seconds * 1000, polling=50
        ).dispose()


@contextlib.contextmanager
def _serving(words: Sequence[str], port: int) -> Iterator[str]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [str(peers_python()), *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        try:
            _wait_until_it_answers(process, port, log)
            yield f"http://{LOOPBACK}:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log.seek(0)
            raise NoPeersError(log.read().decode(errors="replace")[-2000:])
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.1)
    raise NoPeersError(f"A peer does not answer within {START_SECONDS:g} s.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
