"""How good the data are: what rules left out, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.closed.doubts import LATE, Doubts
from analytics.closed.paired import paired, satisfied
from analytics.closed.standing import Named
from analytics.measures.shares import Share, share_of
from analytics.period import Period, Step
from broker.store.flag_reasons import PROVENANCE, is_doubt
from broker.store.scales import SCALES

MOST_WEEKS: Final = 14
"""A longer time is told by months."""

ORIGIN: Final = frozenset({LATE, *PROVENANCE})
"""What tells of when and whence a press came; it stays in the filtered figures."""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many presses, and their share of all that are told."""

    name: str
    share: Share


@dataclass(frozen=True, slots=True)
class Misuse:
    """What rules and rulings left out at a place; a press with several reasons counts in each.

    Attributes:
        reasons: most first.
        step: of ``steps``.
        steps: the time in order, steps without any among them.
    """

    reasons: tuple[Counted, ...]
    step: Step
    steps: tuple[tuple[Period, Share], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """The share satisfied of a place's ratings on one scale: as first pressed, and as filtered.

    Both are of the same days, so nothing but filtering makes the difference.
    """

    named: Named
    scale: str
    raw: Share
    filtered: Share

    @property
    def difference(self) -> float:
        """By how many points filtering moved the share."""
        return 100 * (self.filtered.share - self.raw.share)


def misuse(doubts: Doubts, asked: Asked) -> Misuse | None:
    """What was left out at the place and in the time asked for; ``None`` for nothing, or too few.

    It is of all surveys and channels: flags are told apart by place and reason only.
    """
    place, period = next(iter(asked.places or ()), None), asked.period
    found = {
        reason: n for reason, n in doubts.by_reason(place, period).items() if is_doubt_of(reason)
    }
    if not found:
        return None
    step: Step = "week" if period.length <= MOST_WEEKS * 7 else "month"
    days = doubts.by_day(place, period, frozenset(found))
    n = sum(found.values())
    steps = [
        (each, share_of(sum(days[on] for on in days if each.from_on <= on <= each.to_on), n))
        for each in period.steps(step)
    ]
    return Misuse(_counted(found), step, tuple(steps))


def is_doubt_of(reason: str) -> bool:
    """Whether it takes a press out of the filtered figures."""
    return reason != LATE and is_doubt(reason)


def origins(doubts: Doubts, asked: Asked) -> dict[str, int]:
    """Late presses and those whose clock or origin was flagged, by reason, most first."""
    place = next(iter(asked.places or ()), None)
    found = doubts.by_reason(place, asked.period)
    return {reason: n for reason, n in found.items() if reason in ORIGIN}


def places_with_doubts(
    doubts: Doubts, asked: Asked, places: Iterable[Named]
) -> list[tuple[Named, dict[str, int]]]:
    """Places at which something was left out, each with its presses by reason."""
    found = []
    for named in places:
        reasons = {
            reason: n
            for reason, n in doubts.by_reason(named.place, asked.period).items()
            if is_doubt_of(reason)
        }
        if reasons:
            found.append((named, reasons))
    return found


def raw_beside_filtered(book: Book, asked: Asked, places: Iterable[Named]) -> list[Beside]:
    """Both figures of each place, scale by scale; places without any are left out."""
    pairs = paired(book, asked)
    return [
        Beside(named, scale, _satisfied(found.raw, scale), _satisfied(found.filtered, scale))
        for named in places
        for scale in SCALES
        if (found := pairs.get((named.place, scale))) and sum(found.raw) and sum(found.filtered)
    ]


def _satisfied(counts: Sequence[int], scale: str) -> Share:
    return share_of(satisfied(counts, scale), sum(counts))


def _counted(found: Mapping[str, int]) -> tuple[Counted, ...]:
    n = sum(found.values())
    return tuple(Counted(reason, share_of(count, n)) for reason, count in found.items())
