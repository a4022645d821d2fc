"""The plan of several workers and the configuration of the proxy before them."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from gapatlas.errors import GapAtlasError
from gapatlas.serving import Plan, nginx_config, plan_of
from gapatlas.serving.plan import COOKIE_SECRET, LOOPBACK

HERE = Path("config.yaml")


def plan(*ports: int, host: str = LOOPBACK) -> Plan:
    return Plan(HERE, Path("dashboard.py"), host, 8501, ports, Path("runtime"))


def test_each_worker_has_a_free_port_and_a_single_one_needs_no_proxy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        port = taken.getsockname()[1]
        with pytest.raises(GapAtlasError) as refused:
            plan_of(HERE, HERE, workers=2, port=port, folder=tmp_path)
    assert str(port) in str(refused.value.problems[0])
    several = plan_of(HERE, HERE, workers=3, port=port, folder=tmp_path)
    assert len(set(several.worker_ports)) == 3
    assert port not in several.worker_ports
    single = plan_of(HERE, HERE, workers=1, port=port, folder=tmp_path)
    assert (single.worker_ports, single.needs_proxy) == ((port,), False)


@pytest.mark.parametrize("workers", [0, -1, 65])
def test_numbers_of_workers_that_cannot_be_are_refused(workers: int, tmp_path: Path) -> None:
    with pytest.raises(GapAtlasError) as refused:
        plan_of(HERE, HERE, workers=workers, folder=tmp_path)
    assert "1 to 64" in str(refused.value.problems[0])


def test_workers_listen_to_this_machine_alone_and_share_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(COOKIE_SECRET, raising=False)
    several = plan(8502, 8503, host="0.0.0.0")
    assert several.command(8502)[-1] == LOOPBACK
    assert several.environment()[COOKIE_SECRET] == several.environment()[COOKIE_SECRET] != ""
    assert plan(8501, host="0.0.0.0").command(8501)[-1] == "0.0.0.0"
    monkeypatch.setenv(COOKIE_SECRET, "of the operator")
    assert several.environment()[COOKIE_SECRET] == "of the operator"


def test_the_proxy_deals_readers_out_evenly_and_has_others_take_over() -> None:
    text = nginx_config(plan(8502, 8503, 8504, host="::1"))
    assert "listen [::1]:8501;" in text
    assert re.findall(r"(\d+\.\d+)% (\d);", text) == 2 * [("33.33", "1"), ("33.33", "2")]
    for number, port in enumerate((8502, 8503, 8504), 1):
        [block] = re.findall(rf"upstream worker_{number} {{(.*?)}}", text, re.DOTALL)
        own, *others = re.findall(r"server 127\.0\.0\.1:(\d+)([^;]*);", block)
        assert own == (str(port), " max_fails=1 fail_timeout=1s")
        assert {flags for _, flags in others} == {" backup"}
        assert {port for port, _ in others} == {"8502", "8503", "8504"} - {str(port)}
