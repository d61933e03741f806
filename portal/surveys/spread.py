"""How numbers and days that people stated are spread, told so that nobody's own one can be read.

A quantile is told where at least :data:`MIN_VOTES` answers lie beyond it on either side: the
median from ten answers on, quartiles from twenty, the tenth and the ninetieth percentile, in place
of the least and the most, from fifty. Bins hold as many at least; the first and the last are open,
since their ends would be somebody's answer. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import floor, log10
from typing import Final, TypeVar

from analytics.measures.minima import MIN_VOTES

N = TypeVar("N", int, float)

QUANTILES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)

_CELLS: Final = 6
"""Between the tenth and the ninetieth percentile, about."""
_EDGES: Final = (0.05, 0.95)
"""What lies beyond is in the open bins."""
_MOST_MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class Bin:
    """What lies from ``low`` on and below ``high``; ``None``: open.

    Attributes:
        low: a number, or the first day of a month or year.
        high: the same.
        share: of all.
    """

    low: float | date | None
    high: float | date | None
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How answers to one question are spread.

    Attributes:
        mean: of numbers.
        quantiles: those that may be told.
        bins: in order, two at least, or none; their counts sum up to the number of answers.
        step: how wide the narrowest bin can be; of days, in months (1 or 12).
    """

    mean: float | None
    quantiles: Mapping[float, float]
    bins: tuple[Bin, ...]
    step: float


def spread_as_said(said: Mapping[str, int], sort: str, least: int = MIN_VOTES) -> Spread | None:
    """The spread of numbers, or of days in ISO format, as text; ``None`` for too few of them.

    Args:
        said: what was stated → how often.
        sort: ``number`` or ``date``.
        least: answers that protect one; 1 in test mode.
    """
    counts = {text: times for text, times in said.items() if times > 0}
    if sum(counts.values()) < least:
        return None
    if sort == "date":
        return spread_of_days({date.fromisoformat(text): n for text, n in counts.items()}, least)
    return spread_of_numbers({float(text): n for text, n in counts.items()}, least)


def spread_of_numbers(counts: Mapping[float, int], least: int = MIN_VOTES) -> Spread:
    """The spread of numbers.

    Args:
        counts: number → how often it was stated; at least one.
        least: answers that protect one; 1 in test mode.
    """
    n = sum(counts.values())
    step = _step(counts)
    cells: Counter[int] = Counter()
    for value, times in counts.items():
        cells[floor(value / step)] += times
    told = {at: quantile(counts, at) for at in QUANTILES if round(n * min(at, 1 - at), 9) >= least}
    mean = sum(value * times for value, times in counts.items()) / n
    bins = tuple(
        Bin(_scaled(low, step), _scaled(high, step), times, times / n)
        for low, high, times in _merged(cells, least)
    )
    return Spread(mean, told, bins, step)


def spread_of_days(counts: Mapping[date, int], least: int = MIN_VOTES) -> Spread:
    """The spread of days: by month, or, where they are of more than two years, by year."""
    months: Counter[int] = Counter()
    for day, times in counts.items():
        months[12 * day.year + day.month - 1] += times
    is_long = quantile(months, 0.9) - quantile(months, 0.1) > _MOST_MONTHS
    step = 12 if is_long else 1
    cells: Counter[int] = Counter()
    for month, times in months.items():
        cells[month // step] += times
    n = sum(cells.values())
    bins = tuple(
        Bin(_first_day(low, step), _first_day(high, step), times, times / n)
        for low, high, times in _merged(cells, least)
    )
    return Spread(None, {}, bins, step)


def quantile(counts: Mapping[N, int], at: float) -> float:
    """The quantile of numbers with their counts, between two of them where it falls there."""
    known = sorted(counts)
    passed = list(accumulate(counts[each] for each in known))
    place = at * (passed[-1] - 1)
    low, part = floor(place), place - floor(place)
    found = _nth(known, passed, low) * (1 - part) + _nth(known, passed, low + 1) * part
    return round(found, 9)


def _nth(known: Sequence[float], passed: Sequence[int], place: int) -> float:
    """The number at ``place``, counted from 0, of all in order."""
    found = (each for each, until in zip(known, passed, strict=True) if place < until)
    return next(found, known[-1])


def _step(counts: Mapping[float, int]) -> float:
    """How wide cells are: 1, 2 or 5 with zeros, so that there are some six of them."""
    width = quantile(counts, 0.9) - quantile(counts, 0.1)
    if width <= 0:
        width = max(counts) - min(counts)
    are_whole = all(float(value).is_integer() for value in counts)
    smallest = 1.0 if are_whole else 0.0
    if width <= 0:
        return smallest or 1.0
    power = 10.0 ** floor(log10(width / _CELLS))
    found = next(each for each in (1, 2, 5, 10) if each * power * _CELLS >= width * (1 - 1e-9))
    return max(smallest, found * power)


def _merged(cells: Mapping[int, int], least: int) -> list[tuple[int | None, int | None, int]]:
    """Cells in bins of at least ``least`` answers, side by side, open at both ends; none of one."""
    first, last = (floor(quantile(cells, edge)) for edge in _EDGES)
    kept: Counter[int] = Counter()
    for cell, times in cells.items():
        kept[min(max(cell, first), last)] += times
    ends: list[tuple[int, int]] = []
    waiting = 0
    for cell in range(first, last + 1):
        waiting += kept[cell]
        if waiting >= least:
            ends.append((cell + 1, waiting))
            waiting = 0
    if not ends:
        return []
    ends[-1] = (ends[-1][0], ends[-1][1] + waiting)
    lows = [None, *(end for end, _ in ends)]
    highs = [*(end for end, _ in ends[:-1]), None]
    bins = [(low, high, n) for low, high, (_, n) in zip(lows, highs, ends, strict=False)]
    return bins if len(bins) > 1 else []


def _scaled(cell: int | None, step: float) -> float | None:
    return None if cell is None else round(cell * step, 9)


def _first_day(cell: int | None, step: int) -> date | None:
    if cell is None:
        return None
    month = cell * step
    return date(month // 12, month % 12 + 1, 1)
