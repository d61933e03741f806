"""Distributions: the points below which a beta or binomial variable stays with given odds."""

from __future__ import annotations

from scipy import special


def beta_quantile(odds: float, a: float, b: float) -> float:
    """The point below which a share with the distribution Beta(a, b) lies with ``odds``."""
    return float(special.betaincinv(a, b, odds))


def beta_below(share: float, a: float, b: float) -> float:
    """The odds that a share with the distribution Beta(a, b) lies below ``share``."""
    return float(special.betainc(a, b, share))


def binomial_quantile(odds: float, n: int, share: float) -> float:
    """The point below which a count of ``n`` stays with ``odds``, interpolated between counts.

    With r the least count that has at least ``odds`` at or below it, the point lies below r by the
    part of r's own odds that is not needed: so limits over n are a smooth curve. It is −1 or more
    (−1 is "not even 0").

    Source: D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
    Statistics in Medicine 24 (2005), appendix A.1.1.
    """
    low, high = -1, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _binomial_upto(middle, n, share) >= odds else (middle, high)
    upto, below = _binomial_upto(high, n, share), _binomial_upto(high - 1, n, share)
    return high - (upto - odds) / (upto - below) if upto > below else float(high)


def _binomial_upto(count: int, n: int, share: float) -> float:
    """The odds of at most ``count`` of ``n``."""
    return float(special.bdtr(count, n, share)) if count >= 0 else 0.0
