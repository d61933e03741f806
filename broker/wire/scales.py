"""The rating scales: their values, the smallest is worst, and which of them count as satisfied."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

ScaleCode: TypeAlias = Literal["faces-4", "faces-5", "nps-11", "yes-no"]


class Scale(NamedTuple):
    """The values ``worst`` … ``best`` in steps of one; from ``satisfied_from`` on, satisfied."""

    worst: int
    best: int
    satisfied_from: int

    def has(self, value: int) -> bool:
        """Whether ``value`` is on the scale."""
        return self.worst <= value <= self.best

    @property
    def values(self) -> range:
        """All values, worst first."""
        return range(self.worst, self.best + 1)


SCALES: Final[dict[str, Scale]] = {
    "faces-4": Scale(1, 4, 3),
    "faces-5": Scale(1, 5, 4),
    "nps-11": Scale(0, 10, 9),
    "yes-no": Scale(0, 1, 1),
}
