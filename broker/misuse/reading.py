"""What the rules judge, out of the store: a touchpoint's local day, and the weeks before it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Connection, func, select, type_coerce

from broker.misuse.counts import Tally
from broker.misuse.forms import Usual
from broker.misuse.opening import Door
from broker.misuse.rules import Day, main_question
from broker.misuse.visits import FORMS, PANELS, Press, Visit
from broker.store.columns import to_ms
from broker.store.local_time import QUARTER_MS, Calendar, calendar_of
from broker.store.opening import UnreadableSettingError, opening_of
from broker.store.place_settings import effective
from broker.store.tables import Event, table_of

WEEKS: Final = 8
"""How far back the usual number of ratings is looked for."""
_DAY: Final = timedelta(days=1)
_MARGIN_MS: Final = 15 * 60 * 1000
"""A visit belongs to the day on which it begins, and is over after this."""

_event: Final = table_of(Event)
_at_ms: Final = type_coerce(_event.c.answered_at, BigInteger)
_is_timed: Final = (_event.c.precision == "instant") & (_event.c.clock != "unknown")
_SAID: Final = (
    *("survey", "survey_version", "question", "value", "outcome", "options"),
    *("stated_number", "stated_on"),
)
"""What a form says."""


@dataclass(frozen=True, slots=True)
class PlaceDay:
    """A local day at a touchpoint, in the time zone of its site."""

    touchpoint: str
    on: date
    timezone: str

    @property
    def from_ms(self) -> int:
        """Its first millisecond."""
        return self._midnight_ms(self.on)

    @property
    def until_ms(self) -> int:
        """The first one after it."""
        return self._midnight_ms(self.on + timedelta(days=1))

    def earlier(self, weeks: int) -> PlaceDay:
        """The same weekday so many weeks before."""
        return PlaceDay(self.touchpoint, self.on - timedelta(weeks=weeks), self.timezone)

    def _midnight_ms(self, on: date) -> int:
        return to_ms(datetime.combine(on, time(), ZoneInfo(self.timezone)).astimezone(UTC))


@dataclass(slots=True)
class Found:
    """What was found of one visit, in order of time."""

    rows: list[Any] = field(default_factory=list)

    @property
    def event_ids(self) -> list[str]:
        """All its events."""
        return [row.id for row in self.rows]

    def as_visit(self) -> Visit | None:
        """As the rules see it, named by its first rating; ``None`` where it has none."""
        first = next((row for row in self.rows if row.kind == "rating"), None)
        if first is None:
            return None
        presses = tuple(
            Press(row.at_ms, row.value)
            for row in self.rows
            if row.id == first.id or (row.kind == "correction" and row.rating == first.id)
        )
        said = self.said if first.channel in FORMS else ""
        return Visit(first.id, first.device, first.question, first.scale, presses, said)

    @property
    def said(self) -> str:
        """All that it says, in short: equal for equal answers to the same survey."""
        told = [tuple(getattr(row, name) for name in _SAID) for row in self.rows]
        return sha256(repr(sorted(told, key=repr)).encode()).hexdigest()[:16]


def read_visits(
    connection: Connection, day: PlaceDay, channels: AbstractSet[str] = PANELS
) -> list[Found]:
    """The visits that began on a day and whose time is known, in order of time: at panels, or by
    other ``channels``.
    """
    from_ms, until_ms = day.from_ms - _MARGIN_MS, day.until_ms + _MARGIN_MS
    begins_on_it = range(day.from_ms, day.until_ms)
    found = _read(connection, day.touchpoint, from_ms, until_ms, channels)
    return [each for each in found if each.rows[0].at_ms in begins_on_it]


def _read(
    connection: Connection,
    touchpoint: str,
    from_ms: int,
    until_ms: int,
    channels: AbstractSet[str],
) -> list[Found]:
    names = ("id", "kind", "device", "visit", "scale", "channel", "rating", *_SAID)
    columns = [_event.c[name] for name in names]
    query = (
        select(*columns, _at_ms.label("at_ms"))
        .where(_is_at(touchpoint, from_ms, until_ms, channels))
        .order_by(_event.c.answered_at, _event.c.seq, _event.c.number)
    )
    visits: dict[tuple[str, str], Found] = defaultdict(Found)
    for row in connection.execute(query):
        visits[row.device, row.visit].rows.append(row)
    return list(visits.values())


def as_day(
    connection: Connection, day: PlaceDay, visits: Sequence[Visit], forms: Sequence[Visit] = ()
) -> Day:
    """What the rules want to know about a day on which there were these ``visits``, and these
    ``forms`` from the web.
    """
    calendar = calendar_of(day.timezone)
    return Day(
        visits,
        list(_weeks(connection, day, main_question(visits))),
        lambda at_ms: _hour(calendar, at_ms // QUARTER_MS),
        read_door(connection, day).is_open,
        forms,
        lambda: _usual_forms(connection, day),
    )


def _usual_forms(connection: Connection, day: PlaceDay) -> Usual:
    """What the forms of the weeks before said."""
    from_ms = day.earlier(WEEKS).from_ms
    found = _read(connection, day.touchpoint, from_ms, day.from_ms, FORMS)
    return Counter(each.said for each in found)


def read_door(connection: Connection, day: PlaceDay) -> Door:
    """When the touchpoint was open, as set for that day, public holidays included.

    Hours that nobody can read count as not said: one bad row must not keep all others from being
    judged.
    """
    settings = effective(connection, day.touchpoint, day.on)
    values = {key: each.value for key, each in settings.items()}
    try:
        opening = None if values["opening.weekly"] is None else opening_of(values, day.on - _DAY)
    except UnreadableSettingError:
        opening = None
    return Door(opening, ZoneInfo(day.timezone))


def _weeks(
    connection: Connection, day: PlaceDay, asked: tuple[str, str] | None
) -> Iterator[dict[int, Tally]]:
    """By hour, what the same weekdays before had; those on which nobody pressed are left out."""
    calendar = calendar_of(day.timezone)
    for weeks in range(1, WEEKS + 1) if asked else ():
        hours: dict[int, Tally] = defaultdict(Counter)
        for quarter, value, ratings in connection.execute(_counts(day.earlier(weeks), asked)):
            hours[_hour(calendar, quarter)][value] += ratings
        if hours:
            yield hours


def _counts(day: PlaceDay, asked: tuple[str, str] | None) -> Any:  # noqa: ANN401  # a select
    question, scale = asked or ("", "")
    quarter = _at_ms // QUARTER_MS
    return (
        select(quarter, _event.c.value, func.count())
        .where(_is_at(day.touchpoint, day.from_ms, day.until_ms), _event.c.kind == "rating")
        .where(_event.c.question == question, _event.c.scale == scale)
        .group_by(quarter, _event.c.value)
    )


def _is_at(
    touchpoint: str, from_ms: int, until_ms: int, channels: AbstractSet[str] = PANELS
) -> ColumnElement[bool]:
    is_there = (_event.c.touchpoint == touchpoint) & _event.c.channel.in_(sorted(channels))
    return is_there & (_at_ms >= from_ms) & (_at_ms < until_ms) & _is_timed


def _hour(calendar: Calendar, quarter: int) -> int:
    """The local hour of the day of a quarter of an hour since 1970."""
    hour_of_week = calendar[quarter].hour_of_week
    return 0 if hour_of_week is None else hour_of_week % 24
