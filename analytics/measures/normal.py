"""The normal distribution: its quantiles, and the odds beyond a point."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()


def normal_quantile(odds: float) -> float:
    """The point below which a standard normal variable stays with ``odds`` (0–1, ends excluded)."""
    return _NORMAL.inv_cdf(odds)


def normal_tails(z: float) -> float:
    """The odds of a standard normal variable farther from 0 than ``z``, on either side."""
    return math.erfc(abs(z) / math.sqrt(2))
