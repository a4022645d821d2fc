"""What every test shares: reproducible random examples and the mark of the browser tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

BROWSER_TESTS = Path(__file__).parent / "browser"

# The same examples in every run: a red test is red for everybody. `thorough` looks for new ones:
#   HYPOTHESIS_PROFILE=thorough pytest tests/property
settings.register_profile(
    "ci",
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("thorough", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_finish() -> None:
    """Leave what every test imports out of the garbage collector's rounds: a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_sessionfinish() -> None:
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def said_problems(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each problem that the test meets can be said in every language."""
    from tests.said_problems import Recorder

    recorder = Recorder(monkeypatch)
    yield
    left = recorder.english_left()
    assert not left, "\n".join(left)
