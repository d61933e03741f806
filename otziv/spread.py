"""How durations are spread: the three figures that say most about them."""

from __future__ import annotations

from collections.abc import Iterable


def spread(durations_s: Iterable[float]) -> dict[str, float | int | None]:
    """Median, 99th percentile and greatest of ``durations_s``, in milliseconds, with their n."""
    ordered = sorted(durations_s)
    if not ordered:
        return {"n": 0, "p50": None, "p99": None, "max": None}

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)

    return {"n": len(ordered), "p50": at(0.5), "p99": at(0.99), "max": at(1)}
