"""How long until a jump is found: our rule beside those of others, at equal false alarms.

Twelve devices of one rate, 15 % unhappy. Ours learns each device's share from sixty days of its
votes and takes its limit from the budget; the peers are told the share, and their limits are
tuned until they have no more false alarms than ours had on the same votes. Then the same jumps
are shown to all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np  # noqa: TID253 - the votes of a benchmark, loaded by it only

from analytics.alerts.budget import part, watching
from analytics.alerts.evidence import NOTHING, Evidence, weighed
from analytics.alerts.rules import RISEN
from analytics.alerts.usual import Past, usual_of
from analytics.measures.cusum import Cusum
from broker.store.places import Place
from otziv.bench.alert_peers import Alarms, Numbers, Streams, tuned, variants

USUAL, WORSE = 0.15, 0.45
DEVICES: Final = 12
HOURS_A_DAY: Final = 8
OPEN_DAYS: Final = 21
"""In a month."""
PAST_DAYS: Final = 60
JUMPS: Final = 600
_DAY_MIN: Final = 60.0 * HOURS_A_DAY
_BUSY_HOURS: Final = (0.93, 0.93, 1.12, 1.12, 1.0, 0.93, 0.93, 0.93)
"""By how much more are unhappy in each hour of the day, as in the sample years."""
_MOODS_DIFFER: Final = 0.07
_BEFORE: Final = 150
"""Votes before a jump, so that each rule is in the middle of its work."""
_AFTER: Final = 400


def at_rate(rate: float, seed: int, years: int) -> dict[str, Any]:
    """False alarms a month at twelve devices and the median delay in minutes of opening time.

    Args:
        rate: votes an hour while it is open.
        seed: of the votes.
        years: of how many device-years the false alarms are counted.
    """
    chance = np.random.default_rng([seed, round(10 * rate)])
    still = _streams(chance, years, rate, round(rate * HOURS_A_DAY * OPEN_DAYS * 12), USUAL)
    alarms = _ours(still, _learnt(chance, rate, years))
    wanted = float(alarms.sum() / (years * still.months))
    jumps, began = _jumps(chance, rate)
    found = {"ours": _figures(wanted, _ours(jumps, _learnt(chance, rate, JUMPS)), jumps, began)}
    for name, sizes in variants().items():
        found[name] = _best(sizes, still, wanted, jumps, began)
    return found


def _best(
    sizes: Sequence[tuple[Alarms, float, float]],
    still: Streams,
    wanted: float,
    jumps: Streams,
    began: Numbers,
) -> dict[str, float]:
    figures = []
    for alarms, low, high in sizes:
        peer = tuned(alarms, still, wanted, low, high)
        figures.append(_figures(peer.a_month, alarms(jumps, peer.limit), jumps, began))
    return min(figures, key=lambda each: each["median_delay_min"])


def carried(rate: float, seed: int, days: int) -> dict[str, float]:
    """Of jumps at a slow device, how many are found within some opening days: as it is, and if
    evidence began anew each morning.
    """
    chance = np.random.default_rng([seed, 77])
    jumps, began = _jumps(chance, rate)
    limits = _learnt(chance, rate, JUMPS)
    until = began + days * _DAY_MIN
    return {
        name: round(float((_first(alarms, jumps, began) + began <= until).mean()), 3)
        for name, alarms in (
            ("carried over closing time", _ours(jumps, limits)),
            ("begun anew each morning", _ours(jumps, limits, is_carried=False)),
        )
    }


def _streams(chance: Any, rows: int, rate: float, votes: int, usual: float) -> Streams:  # noqa: ANN401
    """Votes whose share differs from day to day and hour to hour."""
    at_min = np.cumsum(chance.exponential(60 / rate, (rows, votes)), axis=1)
    day = (at_min // _DAY_MIN).astype(int)
    moods = np.exp(chance.normal(0, _MOODS_DIFFER, (rows, int(day.max()) + 1)))
    hour = (at_min % _DAY_MIN // 60).astype(int)
    share = usual * np.take_along_axis(moods, day, 1) * np.array(_BUSY_HOURS)[hour]
    months = float(at_min[:, -1].mean()) / _DAY_MIN / OPEN_DAYS
    return Streams(at_min, (chance.random((rows, votes)) < share).astype(np.int8), usual, months)


def _jumps(chance: Any, rate: float) -> tuple[Streams, Numbers]:  # noqa: ANN401
    """Devices at which the share jumps after some votes, and when it does."""
    before = _streams(chance, JUMPS, rate, _BEFORE, USUAL)
    after = _streams(chance, JUMPS, rate, _AFTER, WORSE)
    began = before.at_min[:, -1]
    at_min = np.concatenate([before.at_min, began[:, None] + after.at_min], axis=1)
    unhappy = np.concatenate([before.unhappy, after.unhappy], axis=1)
    return Streams(at_min, unhappy, USUAL, 0.0), began


def _learnt(chance: Any, rate: float, rows: int) -> list[Cusum]:  # noqa: ANN401
    """What ours watches for at each device, as learnt from its past."""
    n = round(rate * HOURS_A_DAY * PAST_DAYS)
    a_month = rate * HOURS_A_DAY * OPEN_DAYS
    limits = []
    for start in range(0, rows, DEVICES):
        counts = chance.binomial(n, USUAL, min(DEVICES, rows - start))
        past = {
            Place("touchpoint", str(number)): Past(n, int(count), n - int(count), 0)
            for number, count in enumerate(counts)
        }
        limits += [
            watching(each.unhappy, RISEN, a_month, part("unhappy", DEVICES))
            for each in usual_of(past).values()
        ]
    return limits


def _ours(streams: Streams, limits: Sequence[Cusum], *, is_carried: bool = True) -> Numbers:
    """Where our rule alarms, vote by vote: the code that the watch runs."""
    found = np.zeros(streams.unhappy.shape, dtype=bool)
    rows = zip(streams.at_min.tolist(), streams.unhappy.tolist(), limits, strict=True)
    for row, (at_min, unhappy, cusum) in enumerate(rows):
        evidence: Evidence = NOTHING
        day = 0
        for number, (at, is_unhappy) in enumerate(zip(at_min, unhappy, strict=True)):
            if not is_carried and at // _DAY_MIN != day:
                day, evidence = at // _DAY_MIN, NOTHING
            was_enough = evidence.is_enough
            evidence = weighed(evidence, cusum, round(at * 60_000), is_unhappy)
            found[row, number] = evidence.is_enough and not was_enough
    return found


def _first(alarms: Numbers, jumps: Streams, began: Numbers) -> Numbers:
    """Minutes of opening time from each jump to the first alarm; infinite where there is none."""
    after = alarms.copy()
    after[:, :_BEFORE] = False
    first = after.argmax(axis=1)
    at_min = jumps.at_min[np.arange(len(first)), first]
    return np.asarray(np.where(after.any(axis=1), at_min - began, np.inf))


def _figures(a_month: float, alarms: Numbers, jumps: Streams, began: Numbers) -> dict[str, float]:
    delays = _first(alarms, jumps, began)
    return {
        "false_a_month_at_12": round(DEVICES * a_month, 2),
        "median_delay_min": round(float(np.median(delays)), 1),
        "found": round(float(np.isfinite(delays).mean()), 3),
    }
