"""How durations are spread: the three figures that say most about them."""

from __future__ import annotations

from collections.abc import Iterable


def spread(durations_s: Iterable[float]) -> dict[str, float | int | None]:
    """Median, 99th percentile and greatest of ``durations_s``, in milliseconds, with their n."""
    ordered = sorted(durations_s)
    if not ordered:
        return {"n": 0, "p50": None, "p99": None, "max": None}

    return {
        "n": len(ordered),
        "p50": percentile_ms(ordered, 0.5),
        "p99": percentile_ms(ordered, 0.99),
        "max": percentile_ms(ordered, 1),
    }


def percentile_ms(durations_s: Iterable[float], share: float) -> float:
    """The duration that ``share`` of ``durations_s`` do not exceed, in milliseconds.

    Raises:
        ValueError: there are none.
    """
    ordered = sorted(durations_s)
    if not ordered:
        raise ValueError("no durations, no percentile")
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)
