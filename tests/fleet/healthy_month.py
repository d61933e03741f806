"""A month of twelve healthy devices, minute by minute: what they say, and how people press.

Half of the halls are without power at night, routers restart, the server is restarted each week,
clocks are off by milliseconds, heartbeats get lost, rooms get warm, presses come in waves, the
clock changes to summer time and there is a holiday. Nothing of it is trouble.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from broker.fleet.expected import Exposure, Profile, learn, limit_of
from broker.fleet.health_facts import ASSUMED, SLACK, Hall
from broker.fleet.health_rules import Beat, Facts, Quiet, judge
from broker.fleet.hysteresis import Hysteresis
from broker.fleet.notices import INSTALLATION
from broker.fleet.watch import judge_installation
from broker.store.status import Who
from broker.wire.configuration import OpeningHours, SpecialDay, WeeklyHours
from broker.wire.opening import is_open
from kiosk.vitals import Vitals

ZONE: Final = ZoneInfo("Europe/Sofia")
HOLIDAY: Final = date(2026, 3, 3)
FIRST: Final = date(2026, 3, 1)
DAYS: Final = 30
DEVICES: Final = 12
PRESSES_A_DAY: Final = (6, 9, 12, 18, 25, 35, 50, 70, 90, 120, 160, 220)
MINUTE: Final = timedelta(minutes=1)
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
DAY_SHAPE, HOUR_SHAPE = 20.0, 4.0
"""How much days and hours differ: gamma factors of these shapes."""

WEEKLY: Final = (
    WeeklyHours(days=(1, 2, 3, 4), opens_at="08:30", closes_at="12:00"),
    WeeklyHours(days=(1, 2, 3, 4), opens_at="13:00", closes_at="17:30"),
    WeeklyHours(days=(5,), opens_at="08:00", closes_at="16:00"),
)
OPENING: Final = OpeningHours(weekly=WEEKLY, special_days=(SpecialDay(on=HOLIDAY),))
HALL: Final = Hall(OPENING, ZONE, is_known=True)
_BUSY: Final = {8: 0.7, 9: 1.3, 10: 1.6, 11: 1.4, 12: 0.6, 13: 0.8, 14: 1.1, 15: 0.9, 16: 0.6}


@lru_cache(maxsize=1_000)
def open_at(now: datetime) -> bool:
    """Whether the halls are open; asked many times a minute."""
    return is_open(OPENING, ZONE, now)


@lru_cache(maxsize=100)
def needs_device(now: datetime, *, is_known: bool) -> bool:
    """Whether a device ought to be on, where hours are known and where they are assumed."""
    return (HALL if is_known else ASSUMED).needs_device(now)


@lru_cache(maxsize=200)
def open_quarters(on: date) -> tuple[tuple[int, datetime], ...]:
    """The hour of the day and the start of each quarter of an hour in which halls are open."""
    starts = [(n // 4, local(on, n // 4, n % 4 * 15)) for n in range(96)]
    return tuple((hour, at) for hour, at in starts if is_open(OPENING, ZONE, at))


Trouble: TypeAlias = Callable[[int, datetime, Beat | None], Beat | None]
"""Device, time and its heartbeat → what it says instead."""


def local(on: date, hour: int = 0, minute: int = 0) -> datetime:
    """A local time, as UTC."""
    return datetime.combine(on, time(hour, minute), ZONE).astimezone(UTC)


def presses_of_day(chance: Random, on: date, a_day: float) -> list[datetime]:
    """When people press on a day: in waves, in open hours; nobody on the holiday."""
    quarters = open_quarters(on)
    day_factor = chance.gammavariate(DAY_SHAPE, 1 / DAY_SHAPE)
    found = []
    for hour in sorted({hour for hour, _ in quarters}):
        starts = [at for of, at in quarters if of == hour]
        factor = day_factor * chance.gammavariate(HOUR_SHAPE, 1 / HOUR_SHAPE)
        mean = a_day / 8 * _BUSY.get(hour, 0.4) * len(starts) / 4 * factor
        found += [
            chance.choice(starts) + timedelta(seconds=chance.uniform(0, 900))
            for _ in range(_poisson(chance, mean))
        ]
    return sorted(found)


def _poisson(chance: Random, mean: float) -> int:
    """A Poisson number (Knuth), for the small means of an hour."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def history_profile(chance: Random, a_day: float) -> Profile | None:
    """What the thirteen weeks before teach."""
    counts: Counter[tuple[date, int]] = Counter()
    for back in range(1, 92):
        for at in presses_of_day(chance, FIRST - timedelta(days=back), a_day):
            there = at.astimezone(ZONE)
            counts[there.date(), there.hour] += 1
    return learn(counts, OPENING, ZONE)


@dataclass(slots=True)
class Kiosk:
    """One healthy device, played forward minute by minute."""

    number: int
    chance: Random
    profile: Profile | None
    hall: Hall = HALL
    is_off_at_night: bool = False
    presses: list[datetime] = field(default_factory=list)
    beat: Beat | None = None
    made: int = 0
    booted_at: datetime | None = None
    cut_until: datetime = LONG_AGO
    revision: int = 1
    exposure: Exposure | None = None

    def has_power(self, now: datetime) -> bool:
        """At night some have none; somebody switches them on around opening."""
        if not self.is_off_at_night:
            return True
        early = timedelta(minutes=(self.number * 7) % 15 - 5)
        return open_at(now - early) or open_at(now - 2 * SLACK)

    def minute(self, now: datetime, published: int) -> None:
        """Live through a minute, and say how it is, if anybody can hear it."""
        while self.presses and self.presses[0] <= now:
            self.presses.pop(0)
            self.made += 1
        if not self.has_power(now):
            self.booted_at = None
            return
        self.booted_at = self.booted_at or now
        if self.chance.random() < 2 / (30 * 24 * 60):
            self.cut_until = now + timedelta(minutes=2)  # the router restarts
        if now < self.cut_until or self.chance.random() < 0.005:
            return
        if self.revision != published and self.chance.random() < 0.5:
            self.revision = published
        self.beat = self._beat(now)

    def _beat(self, now: datetime) -> Beat:
        chance = self.chance
        is_new = self.booted_at is not None and now - self.booted_at < 3 * MINUTE
        is_catching_up = now - self.cut_until < MINUTE
        heat_c = 55 + 12 * math.sin(now.timestamp() / 86_400 * 2 * math.pi) + chance.gauss(0, 3)
        vitals = Vitals(
            clock_offset_ms=round(chance.gauss(0, 5)),
            temperature_c=heat_c,
            throttling=("under-voltage",) if chance.random() < 1e-4 else (),
            disk_free_bytes=10_000_000_000,
            disk_total_bytes=16_000_000_000,
        )
        return Beat(
            at=now - timedelta(seconds=chance.uniform(0, 50)),
            clock="unknown" if is_new else "synced",
            stream=f"{self.number:032x}",
            last_seq=self.made,
            waiting=30 if is_catching_up else int(chance.random() < 0.02),
            oldest_waiting_s=150 if is_catching_up else None,
            clock_offset_ms=vitals.clock_offset_ms,
            configuration=self.revision,
            faults=tuple(f"{part}:{what}" for part, what, is_there in vitals.faults() if is_there),
            throttling=vitals.throttling,
            temperature_c=vitals.temperature_c,
            disk_free_bytes=vitals.disk_free_bytes,
            disk_total_bytes=vitals.disk_total_bytes,
        )

    def facts(self, now: datetime, published: int, beat: Beat | None) -> Facts:
        """What is known of it when its last heartbeat is ``beat``."""
        return Facts(
            now=now,
            beat=beat,
            is_hall_open=needs_device(now, is_known=self.hall.is_known),
            published=published,
            certificate=(now - timedelta(days=self.number * 5), now + timedelta(days=90 - 5 * 12)),
            quiet=self._quiet(now, beat),
        )

    def _quiet(self, now: datetime, beat: Beat | None) -> Quiet | None:
        if beat is None or self.profile is None or not self.hall.is_known:
            return None
        mark = (beat.stream, beat.last_seq)
        self.exposure = self.exposure or Exposure(mark, now)
        is_heard = now - beat.at < timedelta(seconds=150)
        rate = self.profile.rate_at(now.astimezone(ZONE))
        self.exposure.look(mark, rate if is_heard and open_at(now) else 0.0, now)
        limit = limit_of(self.profile, DEVICES)
        return Quiet(expected=self.exposure.expected, limit=limit, is_known=self.exposure.is_known)


@dataclass(frozen=True, slots=True)
class Change:
    """A notice that opened or closed."""

    at: datetime
    device: int | None
    rule: str
    is_opening: bool


class Month:
    """Twelve devices and the watch over them.

    Args:
        seed: of everything.
        trouble: changes what devices say.
    """

    def __init__(self, seed: int, trouble: Trouble | None = None) -> None:
        self.seed = seed
        self._trouble = trouble
        self._hysteresis = Hysteresis()
        self._open: dict[Who, set[str]] = {}
        self.kiosks = [self._kiosk(n) for n in range(DEVICES)]

    def _kiosk(self, number: int) -> Kiosk:
        chance = Random(f"{self.seed} {number}")
        a_day = PRESSES_A_DAY[number]
        return Kiosk(
            number,
            chance,
            history_profile(chance, a_day),
            hall=ASSUMED if number == DEVICES - 1 else HALL,
            is_off_at_night=number % 2 == 0,
            presses=[
                at
                for day in range(DAYS)
                for at in presses_of_day(chance, FIRST + timedelta(days=day), a_day)
            ],
        )

    def run(self, first: date = FIRST, days: int = DAYS) -> Iterator[Change]:
        """Live through some days; yields what opens and closes."""
        start = local(first)
        for minute in range(days * 24 * 60):
            now = start + minute * MINUTE
            published = 1 + (now - local(FIRST)).days // 7
            is_restart = now.weekday() == 6 and (now.hour, now.minute) == (2, 0)
            for kiosk in self.kiosks:
                if not is_restart:
                    kiosk.minute(now, published)
            yield from self._look(now, published, is_connected=not is_restart)

    def _look(self, now: datetime, published: int, *, is_connected: bool) -> Iterator[Change]:
        facts = {}
        for kiosk in self.kiosks:
            beat = kiosk.beat
            if self._trouble is not None:
                beat = self._trouble(kiosk.number, now, beat)
            known = kiosk.facts(now, published, beat)
            facts[Who("troyan", f"kiosk-{kiosk.number}")] = known
        ours = judge_installation(facts, self._open, is_connected=is_connected)
        yield from self._apply(INSTALLATION, None, ours, now)
        for number, (who, known) in enumerate(facts.items()):
            verdicts = {} if ours.get("nothing-heard") else judge(known)
            yield from self._apply(who, number, verdicts, now)

    def _apply(
        self, who: Who, number: int | None, verdicts: dict[str, str | None], now: datetime
    ) -> Iterator[Change]:
        is_open = self._open.setdefault(who, set())
        changes = self._hysteresis.look(who, verdicts, is_open, now)
        for rule, _detail in changes.opened:
            is_open.add(rule)
            yield Change(now, number, rule, is_opening=True)
        for rule in changes.closed:
            is_open.discard(rule)
            yield Change(now, number, rule, is_opening=False)
