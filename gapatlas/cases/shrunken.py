"""Many coefficients that are probably small: how small, the counts say, and what still stands out.

The coefficients follow a normal distribution around zero. How wide it is, is not taken as known:
every width counts by how likely it makes what was found. With many comparisons of which few
matter, the width is small and all are drawn to zero, so that chance finds are rare (Gelman, Hill
and Yajima 2012, J Research on Educational Effectiveness 5:189).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

from gapatlas.cases.logistic import WIDE, Fit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WIDTHS: Final = np.geomspace(0.01, 2.0, 60)
"""Widths that are tried, in log odds."""
USUAL: Final = 0.5
"""Widths are half-normal with this scale before any count is seen."""
WRONG: Final = 0.05
"""Chance of a wrong direction that those named may have on average."""


@dataclass(frozen=True)
class Shrunken:
    """Coefficients after being drawn to zero.

    Attributes:
        coefficients, covariance: all those of the fit, with the doubt about the width in them.
        wrong: of each of the shrunken ones, the chance that its direction is the other.
        width: the mean width.
    """

    coefficients: Floats
    covariance: Floats
    wrong: Floats
    width: float


def shrink(fitted: Fit, which: list[int]) -> Shrunken:
    """Draw some coefficients of a fit to zero.

    Args:
        fitted: a fit in which they have the wide prior.
        which: their positions; at least one.
    """
    mean, covariance = fitted.coefficients, fitted.covariance
    chance, means, spreads, sign = [], [], [], []
    for width in WIDTHS:
        told, after, spread = _under(mean, covariance, which, 1 / width**2 - WIDE)
        chance.append(told + np.log(width) - (width / USUAL) ** 2 / 2 - len(which) * np.log(width))
        means.append(after)
        spreads.append(spread)
        sign.append(special.ndtr(after[which] / np.sqrt(np.diag(spread)[which])))
    weight = special.softmax(np.array(chance))
    middle = weight @ np.array(means)
    apart = np.array(means) - middle
    within = np.einsum("w,wij->ij", weight, np.array(spreads))
    positive = weight @ np.array(sign)
    return Shrunken(
        coefficients=middle,
        covariance=within + np.einsum("w,wi,wj->ij", weight, apart, apart),
        wrong=np.minimum(positive, 1 - positive),
        width=float(weight @ WIDTHS),
    )


def _under(
    mean: Floats, covariance: Floats, which: list[int], precision: float
) -> tuple[float, Floats, Floats]:
    """Normal coefficients under one more prior with a precision: how likely, mean, covariance."""
    some = covariance[which]
    inner = np.eye(len(which)) + precision * some[:, which]
    gain = linalg.solve(inner, precision * some).T
    after = mean - gain @ mean[which]
    spread = covariance - gain @ some
    far = mean[which] @ linalg.solve(inner, precision * mean[which])
    return float(-(far + np.linalg.slogdet(inner)[1]) / 2), after, (spread + spread.T) / 2


def standing_out(wrong: Floats) -> Bools:
    """As many as can be named so that on average at most one direction in 20 is wrong.

    Source: Stephens 2017, Biostatistics 18:275 (local false sign rates and s-values).
    """
    order = np.argsort(wrong, kind="stable")
    average = np.cumsum(wrong[order]) / np.arange(1, len(wrong) + 1)
    found = np.zeros(len(wrong), dtype=bool)
    found[order[average <= WRONG]] = True
    return found
