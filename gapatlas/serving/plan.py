"""What is to be served, by how many processes, at which ports."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gapatlas.errors import GapAtlasError, Problem

MOST_WORKERS: Final = 64
LOOPBACK: Final = "127.0.0.1"
COOKIE_SECRET: Final = "STREAMLIT_SERVER_COOKIE_SECRET"


@dataclass(frozen=True)
class Plan:
    """How the app is served.

    Attributes:
        config: path of the config.
        dashboard: path of `dashboard.py`.
        host: address at which readers come in.
        port: port at which readers come in.
        worker_ports: one port of this machine alone for each worker. For a single worker it is
            the port at which readers come in: it needs no proxy.
        folder: where the proxy keeps its files while it runs.
    """

    config: Path
    dashboard: Path
    host: str
    port: int
    worker_ports: tuple[int, ...]
    folder: Path
    _secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    @property
    def needs_proxy(self) -> bool:
        """Whether several workers share the address."""
        return len(self.worker_ports) > 1

    def command(self, port: int) -> list[str]:
        """What starts the worker of a port."""
        host = LOOPBACK if self.needs_proxy else self.host
        options = {"port": str(port), "address": host}
        flags = [word for name, value in options.items() for word in (f"--server.{name}", value)]
        return [sys.executable, "-m", "streamlit", "run", str(self.dashboard), *flags]

    def environment(self) -> dict[str, str]:
        """Variables of a worker. All sign cookies with one secret, so that each takes a form that
        another has sent."""
        secret = os.environ.get(COOKIE_SECRET) or self._secret
        return {**os.environ, "GAPATLAS_CONFIG": str(self.config), COOKIE_SECRET: secret}


def plan_of(
    config: Path,
    dashboard: Path,
    *,
    workers: int,
    host: str = LOOPBACK,
    port: int = 8501,
    folder: Path,
) -> Plan:
    """Plan for so many workers, at ports that are free.

    Raises:
        GapAtlasError: too few or too many workers, or a port that is taken.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise _refused("--workers", workers, f"1 to {MOST_WORKERS}")
    if not _is_free(host, port):
        raise _refused("--port", port, f"a port that nothing else listens to at {host}")
    free = _free_ports(port + 1)
    ports = (port,) if workers == 1 else tuple(next(free) for _ in range(workers))
    return Plan(config.resolve(), dashboard.resolve(), host, port, ports, folder)


def _free_ports(first: int) -> Iterator[int]:
    """Ports of this machine from one on that nothing listens to."""
    yield from (port for port in range(first, 65536) if _is_free(LOOPBACK, port))
    raise _refused("--port", first - 1, "a port with free ones above it")


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _refused(where: str, found: object, allowed: str) -> GapAtlasError:
    problem = Problem(where, "The app can't be served so.", found=str(found), allowed=allowed)
    return GapAtlasError("The app was not started.", [problem])
