"""How many presses are usual at a touchpoint, and how many must fail to come to prove anything.

A profile holds what came in each hour of the week over the last thirteen weeks, by the hour and
day, not by totals of all time: a hall that changed is known anew within a season, and how much
such hours differ among each other tells how far chance goes.

Presses come in waves, so an hour is taken as negative binomial: Poisson, with a rate that itself
varies by a gamma factor of mean 1 and shape *k* (variance m + m²/k). *k* is reckoned by the method
of moments over all hours, and over whole days; the smaller one counts, for the whole silence, as if
it were one long slow hour. That is the careful side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from broker.store.tables import Event, table_of
from broker.wire.configuration import OpeningHours
from broker.wire.opening import is_open

LEARNS_FROM: Final = timedelta(weeks=13)
LEAST_DAYS: Final = 20
"""Days with presses: four weeks, or nobody knows what is usual."""
LEAST_PRESSES_A_DAY: Final = 5.0
"""Where fewer come, silence says little, and days without any are too many to leave out."""

BUDGET: Final = 0.5
"""False alarms a month of 30 days over all devices together: half of what is promised, since what
was learnt is not exact."""

_SHAPES: Final = (0.5, 50.0)
_MOST_STEP: Final = timedelta(minutes=5)
_HOUR_MS: Final = 3_600_000
_MONDAY: Final = date(2024, 1, 1)

Counts: TypeAlias = Mapping[tuple[date, int], int]
"""Local day and hour of the day → presses."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is usual at a touchpoint.

    Attributes:
        rates: presses in an open hour, for each hour of the week (0 is Monday 00–01).
        presses_a_day: mean of the days on which anybody pressed.
        shape: *k*; the smaller, the more hours and days differ.
    """

    rates: tuple[float, ...]
    presses_a_day: float
    shape: float

    def rate_at(self, local: datetime) -> float:
        """Presses an hour at a local time, if the hall is open then."""
        return self.rates[local.weekday() * 24 + local.hour]


def read_counts(
    connection: Connection, touchpoint: str, zone: ZoneInfo, now: datetime
) -> dict[tuple[date, int], int]:
    """Presses at a touchpoint, by local day and hour; some ten thousand rows, by index."""
    event = table_of(Event)
    hour = (type_coerce(event.c.answered_at, BigInteger) // _HOUR_MS).label("hour")
    query = (
        select(hour, func.count())
        .where(
            event.c.touchpoint == touchpoint,
            event.c.answered_at >= now - LEARNS_FROM,
            event.c.answered_at < now,
            event.c.kind == "rating",
            event.c.channel == "device",
        )
        .group_by(hour)
    )
    counts: Counter[tuple[date, int]] = Counter()
    for number, presses in connection.execute(query):
        local = datetime.fromtimestamp(int(number) * 3600, UTC).astimezone(zone)
        counts[local.date(), local.hour] += presses
    return dict(counts)


def learn(counts: Counts, opening: OpeningHours, zone: ZoneInfo) -> Profile | None:
    """A profile of what came in open hours; ``None`` where too little is known.

    Days without any press are left out: the hall was shut, or the device was off.
    """
    shares = _open_shares(opening, zone)
    days = _days(counts, shares)
    total = sum(sum(hours.values()) for hours in days.values())
    if len(days) < LEAST_DAYS or total < LEAST_PRESSES_A_DAY * len(days):
        return None
    weekdays = Counter(day.weekday() for day in days)
    sums: Counter[int] = Counter()
    for day, hours in days.items():
        for hour, presses in hours.items():
            sums[day.weekday() * 24 + hour] += presses
    means = {at: sums[at] / weekdays[at // 24] for at in shares if weekdays[at // 24]}
    rates = tuple(means.get(at, 0.0) / shares.get(at, 1.0) for at in range(168))
    return Profile(rates, total / len(days), _shape(days, means, weekdays))


@lru_cache(maxsize=1_000)
def limit_of(profile: Profile, devices: int) -> float:
    """How many expected presses must fail to come before it is no chance.

    A silence in which *x* were expected begins a day with probability (1 + x/k)^-k, and follows
    one of its m presses with (1 + x/k)^-(k+1): both together, over all ``devices`` and the days of
    a month, are ``BUDGET``.
    """
    a_day = BUDGET / (30 * max(devices, 1))
    low, high = 0.0, 1.0
    while _alarms_a_day(profile, high) > a_day:
        low, high = high, 2 * high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _alarms_a_day(profile, middle) > a_day else (low, middle)
    return high


@dataclass(slots=True)
class Exposure:
    """How many presses should have come since a device's last one, while it was on and open.

    Kept in memory: after a restart it begins at zero, which delays the rule and fires nothing.
    """

    mark: tuple[str, int]
    looked_at: datetime
    expected: float = 0.0
    is_known: bool = False

    def look(self, mark: tuple[str, int], rate: float, now: datetime) -> None:
        """Take stream and last number of a heartbeat, and the usual rate an hour until ``now``."""
        if mark != self.mark:
            self.mark, self.expected, self.is_known = mark, 0.0, True
        step = max(timedelta(0), min(now - self.looked_at, _MOST_STEP))
        self.expected += rate * step / timedelta(hours=1)
        self.looked_at = now


def _alarms_a_day(profile: Profile, expected: float) -> float:
    k = profile.shape
    base = 1 + expected / k
    return float(base**-k + profile.presses_a_day * base ** -(k + 1))


def _open_shares(opening: OpeningHours, zone: ZoneInfo) -> dict[int, float]:
    """Hour of the week → share of it in which the hall is open; by quarters, those with any."""
    usual = OpeningHours(weekly=opening.weekly)
    start = datetime(_MONDAY.year, _MONDAY.month, _MONDAY.day, tzinfo=zone)
    quarters = Counter(
        n // 4 for n in range(168 * 4) if is_open(usual, zone, start + timedelta(minutes=15 * n))
    )
    return {hour: open_quarters / 4 for hour, open_quarters in quarters.items()}


def _days(counts: Counts, shares: Mapping[int, float]) -> dict[date, dict[int, int]]:
    """Presses in open hours, of the days that had any; hours of those days without any are 0."""
    found: defaultdict[date, dict[int, int]] = defaultdict(dict)
    for (day, hour), presses in counts.items():
        if day.weekday() * 24 + hour in shares:
            found[day][hour] = presses
    for day, hours in found.items():
        for at in shares:
            if at // 24 == day.weekday():
                hours.setdefault(at % 24, 0)
    return dict(found)


def _shape(
    days: Mapping[date, Mapping[int, int]],
    means: Mapping[int, float],
    weekdays: Mapping[int, int],
) -> float:
    """The smaller *k* of hours and of days, within reason."""
    usual = {w: sum(mean for at, mean in means.items() if at // 24 == w) for w in weekdays}
    by_hour = (
        (presses, means[day.weekday() * 24 + hour], weekdays[day.weekday()])
        for day, hours in days.items()
        for hour, presses in hours.items()
    )
    by_day = (
        (sum(hours.values()), usual[day.weekday()], weekdays[day.weekday()])
        for day, hours in days.items()
    )
    spread = max(_spread(by_hour), _spread(by_day), 1 / _SHAPES[1])
    return max(1 / spread, _SHAPES[0])


def _spread(cells: Iterable[tuple[int, float, int]]) -> float:
    """1/k by the method of moments: (variance - mean) over mean², of count, mean and weeks.

    A mean of n weeks lies too near to its own counts: n/(n-1) makes up for it.
    """
    above = squares = 0.0
    for count, mean, weeks in cells:
        if weeks > 1:
            above += (count - mean) ** 2 * weeks / (weeks - 1) - mean
            squares += mean**2
    return above / squares if squares else 0.0
