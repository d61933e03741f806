"""Flags and late presses as counts that may be shown: how many, where, when, and never which.

What is counted tells of no vote's value. It is still put together as votes are: a reason at a named
place is told from five presses on, day by day with those after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Final, TypeAlias

from sqlalchemy import BigInteger, Connection, bindparam, literal_column, select, type_coerce

from analytics.closed.blocks import NOTHING, Closed, Day, closed
from analytics.closed.book import Book
from analytics.closed.standing import Standing
from analytics.period import Period
from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.local_time import BLOCK_DAYS, QUARTER_MS
from broker.store.places import Place
from broker.store.registered import read_calendars
from broker.store.statements import fetch, to_text
from broker.store.tables import Event, Flag, table_of

LATE: Final = "late"
"""Stands beside the reasons of flags: stored long after it was pressed."""

LATE_AFTER: Final = timedelta(hours=1)
"""A device with a connection delivers within seconds."""

LATE_BLOCKS: Final = 3
"""So many blocks of 28 days, the one that goes on among them, are looked through for late presses:
no index has them."""

_PANELS: Final = ("device", "tablet")
"""Channels by which an answer is sent at once; what was said on paper is entered later anyway."""

_EPOCH: Final = date(1970, 1, 1)
_DAY: Final = timedelta(days=1)
_event: Final = table_of(Event)
_flag: Final = table_of(Flag)

Found: TypeAlias = Iterable[tuple[str, str, int, str]]
"""Touchpoint, site, milliseconds since 1970 UTC, reason."""
Series: TypeAlias = Mapping[tuple[Standing, str], Closed]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Counts of flagged and of late presses.

    Attributes:
        series: where they count, reason → atoms.
        late_from: the first day that was looked through for late presses.
    """

    series: Series
    late_from: date

    def only(self, units: AbstractSet[str]) -> Doubts:
        """The same for somebody who sees these units; none: all."""
        if not units:
            return self
        kept = {key: found for key, found in self.series.items() if key[0].unit in units}
        return Doubts(kept, self.late_from)

    def by_reason(self, place: Place | None, period: Period) -> dict[str, int]:
        """Presses by reason, most first; whole atoms, as the book counts. One may have several."""
        found: Counter[str] = Counter()
        for (standing, reason), atoms in self.series.items():
            if place is None or place in standing.path:
                found[reason] += sum(
                    atom.counts[0]
                    for atom in atoms.filtered
                    if period.from_on <= atom.first_on and atom.last_on <= period.to_on
                )
        return {reason: n for reason, n in found.most_common() if n}

    def by_day(
        self, place: Place | None, period: Period, reasons: AbstractSet[str]
    ) -> Counter[date]:
        """The same of some reasons, by the last day of each atom."""
        found: Counter[date] = Counter()
        for (standing, reason), atoms in self.series.items():
            if reason in reasons and (place is None or place in standing.path):
                for atom in atoms.filtered:
                    if period.from_on <= atom.first_on and atom.last_on <= period.to_on:
                        found[atom.last_on] += atom.counts[0]
        return found


def read_doubts(connection: Connection, book: Book, before: Doubts | None = None) -> Doubts:
    """Count the doubts of the days of ``book``, which has to be everybody's.

    Args:
        connection: of a transaction on the feedback database.
        book: says where a press counts.
        before: what people have seen; it changes by five presses or not at all.
    """
    late_from = max(_late_from(book.period.to_on), book.period.from_on)
    shown = _still_shown(before, late_from)
    calendars = read_calendars(connection)
    starts = [days.from_on.isoformat() for days in book.standings]
    counts: dict[tuple[Standing, str], Counter[str]] = defaultdict(Counter)
    for touchpoint, site, at, reason in _found(connection, book, late_from):
        on = calendars[site][at // QUARTER_MS].day
        if starts[0] <= on <= book.period.to_on.isoformat():
            days = book.standings[bisect_right(starts, on) - 1]
            standing = days.standings.get(touchpoint)
            if standing is not None:
                counts[standing, reason][on] += 1
    series = {
        key: closed(
            [Day(date.fromisoformat(on), (n,), (n,)) for on, n in sorted(days.items())],
            shown.get(key, NOTHING),
        )
        for key, days in counts.items()
    }
    return Doubts(series, late_from)


def _still_shown(before: Doubts | None, late_from: date) -> Series:
    """What people have seen of the same days."""
    if before is None:
        return {}
    is_same = before.late_from == late_from
    return {key: found for key, found in before.series.items() if is_same or key[1] != LATE}


class KeptDoubts:
    """The doubts of the book as it is now; one for all viewers, who might compare notes."""

    def __init__(self) -> None:
        """Nothing was counted yet."""
        self._lock: Final = Lock()
        self._book: Book | None = None
        self._doubts: Doubts | None = None

    def of(self, database: Database, book: Book) -> Doubts:
        """Those of everybody's ``book``.

        Raises:
            StoreError: the database is away.
        """
        with self._lock:
            if self._doubts is None or book is not self._book:
                with database.reading() as connection:
                    self._doubts = read_doubts(connection, book, self._doubts)
                self._book = book
            return self._doubts


def _late_from(to_on: date) -> date:
    """The first day of the oldest block that is looked through."""
    age = (to_on - _EPOCH).days
    return to_on - timedelta(age % BLOCK_DAYS + BLOCK_DAYS * (LATE_BLOCKS - 1))


def _found(
    connection: Connection, book: Book, late_from: date
) -> Iterator[tuple[str, str, int, str]]:
    yield from _flagged(connection, book.period.from_on)
    touchpoints = {code for days in book.standings for code in days.standings}
    yield from _late(connection, touchpoints, late_from)


def _flagged(connection: Connection, from_on: date) -> Found:
    """Flagged ratings from about a day on."""
    answered = type_coerce(_event.c.answered_at, BigInteger)
    query = (
        select(_event.c.touchpoint, _event.c.site, _event.c.answered_at, _flag.c.reason)
        .join_from(_flag, _event, _event.c.id == _flag.c.event_id)
        .where(_event.c.kind == literal_column("'rating'"), answered >= bindparam("since"))
    )
    sql = to_text(query, ["since"], connection.dialect.name)
    return (
        (code, site, at, reason) for code, site, at, reason in fetch(connection, sql, _ms(from_on))
    )


def _late(connection: Connection, touchpoints: AbstractSet[str], from_on: date) -> Found:
    """Ratings at panels that were stored long after they were pressed."""
    received, answered = (
        type_coerce(column, BigInteger) for column in (_event.c.received_at, _event.c.answered_at)
    )
    query = (
        select(_event.c.touchpoint, _event.c.site, answered)
        .where(_event.c.touchpoint.in_(touchpoints), _event.c.kind == "rating")
        .where(
            answered >= _ms(from_on), received - answered > LATE_AFTER // timedelta(milliseconds=1)
        )
        .where(_event.c.channel.in_(_PANELS), _event.c.precision != "day")
    )
    return ((code, site, at, LATE) for code, site, at in connection.execute(query))


def _ms(from_on: date) -> int:
    """Before the day begins anywhere; what is of the day before falls out by its own day."""
    return to_ms(datetime.combine(from_on - _DAY, datetime.min.time(), UTC))
