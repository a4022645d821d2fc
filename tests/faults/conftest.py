"""Every problem of a planted defect can be said in the language of whoever reads it."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _problems_are_said(said_problems: None) -> None:
    """As `said_problems`, for each test of the folder."""
