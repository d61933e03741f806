"""Rules that others use, over many streams of votes at once: peers of ``otziv bench alerts``.

Each is told the usual share, which ours must learn. Each starts anew after an alarm. A rule is
tuned by one number, its ``limit``; what else it has (a period, a weight) is tried in several
sizes, and the best is taken, which is kinder to it than life.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np  # noqa: TID253 - a peer, loaded by its benchmark only

Numbers: TypeAlias = np.ndarray[Any, Any]

WINDOW_MIN: Final = 15.0
"""Of the rule "50 % in 15 minutes, at least 4 votes"."""
_RISEN: Final = 0.40
"""The share that the fixed CUSUM watches for, as in its textbook example."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Votes of many devices of one rate.

    Attributes:
        at_min: when, in minutes of opening time since the first day; one row a device.
        unhappy: 1 where the vote is unhappy.
        usual: the share that is.
        months: that each row lasts.
    """

    at_min: Numbers
    unhappy: Numbers
    usual: float
    months: float


Alarms: TypeAlias = Callable[[Streams, float], Numbers]
"""Where a rule with that limit alarms: true at the vote, one row a device."""


def _gathered(
    streams: Streams, limit: float, begin: float, move: Callable[[Numbers, Numbers], Numbers]
) -> Numbers:
    """Alarms of a statistic that moves from vote to vote and begins anew where it is too great."""
    rows, votes = streams.unhappy.shape
    found = np.zeros((rows, votes), dtype=bool)
    value = np.full(rows, begin)
    for at in range(votes):
        value = move(value, streams.unhappy[:, at])
        found[:, at] = value >= limit
        value[found[:, at]] = begin
    return found


def cusum(streams: Streams, limit: float) -> Numbers:
    """The Bernoulli CUSUM with two fixed shares."""
    gains = math.log(_RISEN / streams.usual), math.log((1 - _RISEN) / (1 - streams.usual))

    def move(value: Numbers, unhappy: Numbers) -> Numbers:
        return np.asarray(np.maximum(value + np.where(unhappy, *gains), 0.0))

    return _gathered(streams, limit, 0.0, move)


def ewma(weight: float) -> Alarms:
    """The moving mean, vote by vote; ``limit`` is in its standard errors."""
    usual_error = math.sqrt(weight / (2 - weight))

    def alarms(streams: Streams, limit: float) -> Numbers:
        error = usual_error * math.sqrt(streams.usual * (1 - streams.usual))

        def move(value: Numbers, unhappy: Numbers) -> Numbers:
            return np.asarray((1 - weight) * value + weight * unhappy)

        return _gathered(streams, streams.usual + limit * error, streams.usual, move)

    return alarms


def p_chart(period_min: float) -> Alarms:
    """Shares of periods of opening time; an alarm comes with the period's last vote."""

    def alarms(streams: Streams, limit: float) -> Numbers:
        rows, votes = streams.unhappy.shape
        period = (streams.at_min // period_min).astype(int)
        is_last = np.ones((rows, votes), dtype=bool)
        is_last[:, :-1] = period[:, 1:] != period[:, :-1]
        upto = np.cumsum(streams.unhappy, axis=1)
        found = np.zeros((rows, votes), dtype=bool)
        for row in range(rows):
            last = np.nonzero(is_last[row])[0]
            n = np.diff(last, prepend=-1)
            counts = np.diff(upto[row][last], prepend=0)
            error = np.sqrt(streams.usual * (1 - streams.usual) / n)
            found[row, last] = counts / n > streams.usual + limit * error
        return found

    return alarms


def half_unhappy(streams: Streams, limit: float) -> Numbers:
    """At least half of at least ``limit`` votes within 15 minutes."""
    found = np.zeros(streams.unhappy.shape, dtype=bool)
    for row, (at_min, unhappy) in enumerate(zip(streams.at_min, streams.unhappy, strict=True)):
        first = np.searchsorted(at_min, at_min - WINDOW_MIN, side="right")
        upto = np.concatenate([[0], np.cumsum(unhappy)])
        n = np.arange(1, len(at_min) + 1) - first
        counts = upto[1:] - upto[first]
        over = np.nonzero((n >= round(limit)) & (2 * counts >= n))[0]
        until = -math.inf
        for at in over:
            if at_min[at] >= until:  # the window has emptied since the last alarm
                found[row, at] = True
                until = at_min[at] + WINDOW_MIN
    return found


@dataclass(frozen=True, slots=True)
class Tuned:
    """A peer, tuned: how many false alarms a month at one device, and the limit for it."""

    alarms: Alarms
    limit: float
    a_month: float


def a_month(alarms: Alarms, streams: Streams, limit: float) -> float:
    """Alarms a month and device."""
    return float(alarms(streams, limit).sum() / (len(streams.at_min) * streams.months))


def tuned(alarms: Alarms, streams: Streams, wanted: float, low: float, high: float) -> Tuned:
    """The smallest limit, to one in a hundred, with no more than ``wanted`` false alarms."""
    for _ in range(9):
        middle = (low + high) / 2
        if a_month(alarms, streams, middle) > wanted:
            low = middle
        else:
            high = middle
    return Tuned(alarms, high, a_month(alarms, streams, high))


def variants() -> Mapping[str, Sequence[tuple[Alarms, float, float]]]:
    """Peer → its sizes, each with the limits between which it is tuned."""
    periods_min = (60.0, 120.0, 240.0, 480.0)
    return {
        "p-chart": [(p_chart(each), 1.0, 14.0) for each in periods_min],
        "EWMA": [(ewma(weight), 1.0, 14.0) for weight in (0.03, 0.06, 0.12)],
        "fixed CUSUM": [(cusum, 1.0, 14.0)],
        "50 % in 15 minutes": [(half_unhappy, 3.5, 24.5)],
    }
