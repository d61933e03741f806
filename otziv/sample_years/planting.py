"""What is planted in sample years: where, from when until when, how much. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final, Literal, TypeAlias

from broker.misuse.simulated_days import Act, Misuse, child, stuffing_steadily

Kind: TypeAlias = Literal[
    "incident",
    "worsening",
    "helped",
    "not-helped",
    "child",
    "stuffing",
    "broken-device",
    "late-upload",
]
"""``incident``: some bad days with a reason. ``worsening``: worse from a day on, and still so.
``helped`` and ``not-helped``: a measure was taken that day. ``child``: a burst of the worst face.
``stuffing``: somebody presses the best face for ten minutes. ``broken-device``: no press comes in.
``late-upload``: votes of some days came in after them."""

_MISUSE: Final[Mapping[Kind, Misuse]] = {"child": child, "stuffing": stuffing_steadily}


@dataclass(frozen=True, slots=True)
class Seed:
    """What shall be planted.

    Attributes:
        touchpoint: where.
        part: after what part of the days it begins, 0–1.
        days: for so many open days; ``None``: until the end.
        size: by how much the share of unhappy votes differs, 0–1.
        reason: what most of the unhappy name.
    """

    kind: Kind
    touchpoint: str
    part: float
    days: int | None
    size: float = 0.0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """What was planted, for whoever looks whether it is found.

    Attributes:
        site: the town.
        from_on: the first day.
        until_on: the last day, included.
        size: by how much the share of unhappy votes differs from the usual one (0.3: 30 points
            more); of a child and of stuffing the number of presses; of a broken device and of
            late uploads the number of open days.
        reason: what most of the unhappy name.
    """

    kind: Kind
    site: str
    touchpoint: str
    from_on: date
    until_on: date
    size: float
    reason: str | None = None

    def is_on(self, on: date) -> bool:
        """Whether that day belongs to it."""
        return self.from_on <= on <= self.until_on

    @property
    def is_misuse(self) -> bool:
        """Whether nobody meant those votes."""
        return self.kind in _MISUSE

    @property
    def shift(self) -> float:
        """By how much unhappy votes are more while it lasts."""
        return self.size if self.kind in {"incident", "worsening", "helped"} else 0.0


def plant(
    seeds: Sequence[Seed], site: str, open_days: Callable[[str], Sequence[date]], seed: int
) -> list[Planted]:
    """Where on the calendar everything falls, in the order of its first day.

    Args:
        seeds: what shall be planted.
        site: the town.
        open_days: touchpoint → the days on which it is open, in order.
        seed: decides what children do.
    """
    found = []
    for each in seeds:
        days = open_days(each.touchpoint)
        first = min(int(each.part * len(days)), len(days) - 1)
        last = len(days) - 1 if each.days is None else min(first + each.days, len(days)) - 1
        size = each.size
        if each.kind in _MISUSE:
            size = len(presses(each.kind, each.touchpoint, days[first], seed))
        elif each.kind in {"broken-device", "late-upload"}:
            size = last - first + 1
        found.append(
            Planted(each.kind, site, each.touchpoint, days[first], days[last], size, each.reason)
        )
    return sorted(found, key=lambda each: (each.from_on, each.touchpoint))


def presses(kind: Kind, touchpoint: str, on: date, seed: int) -> list[Act]:
    """What a child, or who stuffs, presses on that day; of other kinds nothing."""
    if kind not in _MISUSE:
        return []
    random = Random(f"{seed} {kind} {touchpoint} {on}")
    return _MISUSE[kind](random)
