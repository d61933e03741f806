"""What a benchmark says: figures, peers' figures, and targets with their bounds."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Target:
    """A value that must be ``at least`` or ``at most`` its bound."""

    value: float
    bound: float
    must_be: Literal["at least", "at most"]

    @property
    def is_met(self) -> bool:
        """Whether it is."""
        if self.must_be == "at least":
            return self.value >= self.bound
        return self.value <= self.bound


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark's result."""

    name: str
    figures: Mapping[str, Any]
    compared_with: Mapping[str, Any]
    targets: Mapping[str, Target]
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def is_met(self) -> bool:
        """Whether every target is met."""
        return all(target.is_met for target in self.targets.values())

    def as_document(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            "name": self.name,
            "machine": machine(),
            "figures": dict(self.figures),
            "compared_with": dict(self.compared_with),
            "targets": {
                name: {
                    "value": target.value,
                    "bound": target.bound,
                    "must_be": target.must_be,
                    "met": target.is_met,
                }
                for name, target in self.targets.items()
            },
            "notes": list(self.notes),
        }


def machine() -> dict[str, Any]:
    """Where it was measured; no name of the machine."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def interleave(runs: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Measure each in turn, ``runs`` times over, so that a noisy minute hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            taken[name].append(measure())
    return taken


def medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each."""
    return {name: statistics.median(values) for name, values in taken.items()}
