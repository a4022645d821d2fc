"""Text keeps 4.5:1, and classes can be told apart in greyscale and by the colour-blind."""

from __future__ import annotations

import itertools
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from gapatlas.charts.theme import PALETTES

ROOT = Path(__file__).resolve().parents[2]
SIGHT = {
    "full": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
"""Linear RGB as others see it: Machado, Oliveira and Fernandes 2009, severity 1.0."""
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
WHITE = XYZ.sum(axis=1)


def linear(colour: str) -> np.ndarray:
    shares = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """As WCAG 2.2 defines it."""
    low, high = sorted(float(XYZ[1] @ linear(colour)) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, sight: str = "full") -> np.ndarray:
    seen = np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1)
    shares = (XYZ @ seen) / WHITE
    x, y, z = np.where(shares > 216 / 24389, np.cbrt(shares), (24389 / 27 * shares + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_known_contrasts_and_lightness() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lab("#ffffff")[0] == pytest.approx(100)
    assert lab("#777777")[0] == pytest.approx(50.03, abs=0.05)


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("ink", ["text", "muted"])
@pytest.mark.parametrize("ground", ["background", "unreported", "band"])
def test_text_of_charts_keeps_its_contrast(scheme: str, ink: str, ground: str) -> None:
    colours = PALETTES[scheme]
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("scheme", PALETTES)
def test_marks_keep_3_to_1_on_their_background(scheme: str) -> None:
    colours = PALETTES[scheme]
    for ink in (colours.accent, colours.highlight, colours.outline):
        assert contrast(ink, colours.background) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["primaryColor", "textColor", "linkColor"])
def test_text_of_pages_keeps_its_contrast(scheme: str, ink: str) -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))["theme"][scheme]
    page = theme["backgroundColor"]
    chosen = tinted(theme["primaryColor"], page)
    for ground in (page, theme["secondaryBackgroundColor"], chosen):
        assert contrast(theme[ink], ground) >= 4.5


def tinted(colour: str, ground: str) -> str:
    """What Streamlit lays below a chosen button: a tenth of the accent."""
    ends = [[int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in (colour, ground)]
    mixed = (round(0.1 * over + 0.9 * under) for over, under in zip(*ends, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("sight", SIGHT)
def test_neighbouring_steps_differ_in_lightness_for_every_eye(scheme: str, sight: str) -> None:
    """So they do in greyscale, too; and their order is never turned around."""
    lightness = [lab(step, sight)[0] for step in PALETTES[scheme].steps]
    steps = np.diff(lightness)
    assert (steps < -8).all() or (steps > 8).all(), lightness


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize("sight", SIGHT)
def test_groups_differ_for_every_eye(scheme: str, sight: str) -> None:
    """Three times what an eye just notices (2.3); groups carry a letter as well."""
    for first, second in itertools.combinations(PALETTES[scheme].groups, 2):
        assert math.dist(lab(first, sight), lab(second, sight)) >= 7, (first, second)
