"""Flags by the rules: of some days, by any version; and of what came in lately, day by day.

A touchpoint's day is one transaction, in which its flags change and the rollups with them. It is
opened only where something does change: looking keeps no collector waiting. What a day's verdict
goes by is that day and the weeks before it, never what came after, so that judging it again gives
the same. What people ruled of some hours (:mod:`broker.misuse.rulings`) goes over any rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from broker.misuse.reading import PlaceDay, as_day, read_visits
from broker.misuse.rules import CURRENT, judge, rules
from broker.misuse.rulings import (
    Ruling,
    apply_rulings,
    put_ruling,
    read_rulings,
    take_back,
)
from broker.misuse.visits import FORMS, PANELS
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.flags import Change, Doubt, change_of, lock_events, replace_flags
from broker.store.local_time import QUARTER_MS, calendar_of
from broker.store.registered import Registered, read_all
from broker.store.statements import put, write_rows
from broker.store.tables import Event, Meta, RatingDay, table_of

_MARK: Final = "misuse"
"""Meta: the number of the last event that was looked at."""
_AT_ONCE: Final = 5_000
"""Events looked at a call; what came in at once after a long while is for the next calls, too."""
_OVERLAP: Final = 1_000
"""Events looked at again: on PostgreSQL a smaller number may be committed after a greater one."""
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Summary:
    """What was judged, and what changed.

    Attributes:
        rules: their version.
        days: days at touchpoints.
        visits: those judged, corrections and follow-ups included in them.
        doubted: visits, by reason; one may have several.
        change: flags set and taken back; of a dry run: that would be.
    """

    rules: int
    days: int = 0
    visits: int = 0
    doubted: Mapping[str, int] = field(default_factory=dict)
    change: Change = field(default_factory=Change)

    def __add__(self, other: Summary) -> Summary:
        return Summary(
            self.rules,
            self.days + other.days,
            self.visits + other.visits,
            dict(Counter(self.doubted) + Counter(other.doubted)),
            self.change + other.change,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a day: all its events, and those to flag."""

    summary: Summary
    event_ids: list[str]
    wanted: set[Doubt]


def reflag(  # noqa: PLR0913  # a window has two ends
    database: Database,
    version: int,
    from_on: date | None,
    until_on: date | None,
    now: datetime,
    *,
    touchpoint: str | None = None,
    is_dry: bool = False,
) -> Summary:
    """Let local days have the flags of one version of the rules, and of no other.

    Args:
        database: where.
        version: of the rules; 0 takes all flags of rules back.
        from_on: first day; ``None``: the first there is.
        until_on: last day, included; ``None``: the last there is.
        now: when the flags are set.
        touchpoint: only there.
        is_dry: only tell what would change.

    Raises:
        UnknownRulesError: there is no such version.
        RegistryError: there is no such touchpoint.
        UnavailableError: as any transaction; days before it keep what they got.
    """
    rules(version)
    with database.reading() as connection:
        registered = read_all(connection)
        days = _days_between(connection, registered, from_on, until_on)
    if touchpoint is not None:
        if touchpoint not in registered.touchpoints:
            raise RegistryError(f"unknown touchpoint {touchpoint!r}: see 'otziv touchpoint list'")
        days = [day for day in days if day.touchpoint == touchpoint]
    return _flag_days(database, days, version, now, is_dry=is_dry)


def flag_recent(database: Database, now: datetime) -> Summary:
    """Judge all days that got presses since the last call, by the current rules.

    For every few minutes. Mostly that is today; but a kiosk that was without a connection for a
    week sends a week's presses at once. After a long while, or where years were read in, it takes
    some calls until all are judged.

    Raises:
        UnavailableError: as any transaction; the next call does what this one left.
    """
    with database.reading() as connection:
        mark, days = _days_of_new(connection, read_all(connection))
    summary = _flag_days(database, days, CURRENT, now, is_dry=False)
    if days:
        with database.transaction() as connection:
            write = put(table_of(Meta), ("key", "value"), database.dialect)
            write_rows(connection, write, [(_MARK, mark)])
    return summary


def rule(database: Database, ruling: Ruling, now: datetime) -> Summary:
    """Let people's ruling hold, and judge its days by it; late votes will be, too.

    Raises:
        StoreError: as :func:`broker.misuse.rulings.put_ruling`.
    """
    days = put_ruling(database, ruling, now)
    return _flag_days(database, days, CURRENT, now, is_dry=False)


def take_ruling_back(
    database: Database, touchpoint: str, reason: str, from_at: datetime, now: datetime
) -> Summary:
    """Let the rules alone say again what is doubted.

    Raises:
        StoreError: there is no such ruling.
    """
    days = take_back(database, touchpoint, reason, from_at)
    return _flag_days(database, days, CURRENT, now, is_dry=False)


def _flag_days(
    database: Database, days: Iterable[PlaceDay], version: int, now: datetime, *, is_dry: bool
) -> Summary:
    each = (_flag_day(database, day, version, now, is_dry=is_dry) for day in days)
    return sum(each, Summary(version))


def _flag_day(
    database: Database, day: PlaceDay, version: int, now: datetime, *, is_dry: bool
) -> Summary:
    with database.reading() as connection:
        verdict = _judge(connection, day, version)
        change = change_of(connection, verdict.event_ids, verdict.wanted, version)
    if not is_dry and change != Change():
        with database.transaction() as connection:
            lock_events(connection)  # a press that comes in now waits, and is judged next time
            verdict = _judge(connection, day, version)
            change = replace_flags(
                connection, verdict.event_ids, verdict.wanted, rule_version=version, at=now
            )
    return verdict.summary + Summary(version, change=change)


def _judge(connection: Connection, day: PlaceDay, version: int) -> Verdict:
    found = read_visits(connection, day) + read_visits(connection, day, FORMS)
    visits = {visit.id: (visit, each) for each in found if (visit := each.as_visit()) is not None}
    told = [visit for visit, _ in visits.values()]
    at_panels = [visit for visit in told if not visit.said]
    forms = [visit for visit in told if visit.said]
    doubts = judge(as_day(connection, day, at_panels, forms), version)
    apply_rulings(read_rulings(connection, day), told, doubts)
    reasons = Counter(reason for each in doubts.values() for reason in each)
    return Verdict(
        Summary(version, 1, len(visits), reasons),
        [event_id for each in found for event_id in each.event_ids],
        {
            (event_id, reason)
            for visit_id, each in doubts.items()
            for reason in each
            for event_id in visits[visit_id][1].event_ids
        },
    )


def _days_between(
    connection: Connection, registered: Registered, from_on: date | None, until_on: date | None
) -> list[PlaceDay]:
    """The days on which anybody pressed or sent a form, both ends included."""
    day, channels = table_of(RatingDay), sorted(PANELS | FORMS)
    query = select(day.c.touchpoint, day.c.day).where(day.c.channel.in_(channels)).distinct()
    if from_on is not None:
        query = query.where(day.c.day >= from_on)
    if until_on is not None:
        query = query.where(day.c.day <= until_on)
    found = connection.execute(query.order_by(day.c.touchpoint, day.c.day))
    return [PlaceDay(code, on, _timezone(registered, code)) for code, on in found]


def _days_of_new(connection: Connection, registered: Registered) -> tuple[int, list[PlaceDay]]:
    """Up to which event all are looked at after this, and the days of those that weren't."""
    meta, event = table_of(Meta), table_of(Event)
    mark = connection.execute(select(meta.c.value).where(meta.c.key == _MARK)).scalar() or 0
    greatest = connection.execute(select(func.max(event.c.number))).scalar() or 0
    if greatest <= mark:
        return mark, []
    at_ms = type_coerce(event.c.answered_at, BigInteger)
    new = (
        select(event.c.number, event.c.touchpoint, at_ms.label("at_ms"))
        .where(event.c.number > mark - _OVERLAP)
        .order_by(event.c.number)
        .limit(_AT_ONCE)
        .subquery()
    )
    query = select(
        new.c.touchpoint, func.max(new.c.number), func.min(new.c.at_ms), func.max(new.c.at_ms)
    ).group_by(new.c.touchpoint, new.c.at_ms // _DAY_MS)
    days: set[PlaceDay] = set()
    for touchpoint, number, first_ms, last_ms in connection.execute(query):
        mark = max(mark, number)
        timezone = _timezone(registered, touchpoint)
        for at in (first_ms, last_ms):  # a day in UTC is a part of two local ones
            on = date.fromisoformat(calendar_of(timezone)[at // QUARTER_MS].day)
            days.add(PlaceDay(touchpoint, on, timezone))
    return mark, sorted(days, key=lambda each: (each.touchpoint, each.on))


def _timezone(registered: Registered, touchpoint: str) -> str:
    return registered.timezones[registered.touchpoints[touchpoint]]
