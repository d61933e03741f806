"""Making the book, and keeping it for all who look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from analytics.closed.book import Book
from analytics.closed.hours import Hours, read_hours
from analytics.closed.series import read_answers, read_ratings
from analytics.closed.standing import Days, read_standings
from broker.store.asked_texts import read_asked
from broker.store.database import Database
from broker.store.registered import revision
from broker.store.tables import AnswerDay, RatingDay, Site, table_of

MOST_DAYS: Final = 3 * 366
"""What is older is in no figure of the dashboard; ``otziv feedback summary`` has it."""

RENEWED_AFTER: Final = timedelta(minutes=10)
"""Days that are over change seldom: by votes of a device that was offline, and by rulings."""

_DAY: Final = timedelta(days=1)


def read_book(connection: Connection, now: datetime, before: Book | None = None) -> Book:
    """Make the book of all days that are over at every site.

    Args:
        connection: of a transaction on the feedback database.
        now: an aware time.
        before: the one that people have seen; what it showed changes by five votes or not at all.
    """
    to_on = _yesterday(connection, now)
    standings = read_standings(connection, _first_day(connection, to_on), to_on)
    ratings = read_ratings(connection, standings, before.ratings if before else {})
    answers, options = read_answers(
        connection, standings, before.answers if before else {}, before.options if before else {}
    )
    return Book(standings, ratings, answers, options, read_asked(connection))


def _yesterday(connection: Connection, now: datetime) -> date:
    zones = connection.scalars(select(table_of(Site).c.timezone).distinct()).all() or ["UTC"]
    return min(now.astimezone(ZoneInfo(zone)).date() for zone in zones) - _DAY


def _first_day(connection: Connection, to_on: date) -> date:
    firsts = (
        connection.scalar(select(func.min(table_of(model).c.day)))
        for model in (RatingDay, AnswerDay)
    )
    first = min((day for day in firsts if day is not None), default=to_on)
    return max(min(first, to_on), to_on - MOST_DAYS * _DAY)


class Library:
    """The book as it is now; one for all viewers, who might compare notes.

    What it showed is remembered in this process only: a restart forgets, so who looked just before
    one and just after may see single votes that came late. No viewer can bring a restart about.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Nothing is read before somebody asks."""
        self._database: Final = database
        self._clock: Final = clock
        self._lock: Final = Lock()
        self._book: Book | None = None
        self._hours: Hours | None = None
        self._hours_of: tuple[Days, ...] = ()
        self._read_at = datetime.min.replace(tzinfo=UTC)
        self._revision = -1

    def book(self) -> Book:
        """The book, at most ten minutes old, and read anew once a place was changed.

        While one viewer waits for a new one, the others go on with the last.

        Raises:
            StoreError: the database is away.
        """
        if self._book is not None and (self._is_fresh() or self._lock.locked()):
            return self._book
        with self._lock:
            if self._book is None or not self._is_fresh():
                self._renew()
            return self._book  # type: ignore[return-value]  # made above

    def hours(self) -> Hours:
        """What may be shown of the hours of the week, of the same day as the book.

        Raises:
            StoreError: the database is away.
        """
        book = self.book()
        with self._lock:
            if self._hours is None or self._hours_of != book.standings:
                with self._database.reading() as connection:
                    self._hours = read_hours(connection, book.standings, self._hours)
                self._hours_of = book.standings
            return self._hours

    def _is_fresh(self) -> bool:
        return self._clock() - self._read_at < RENEWED_AFTER and not self._is_changed()

    def _is_changed(self) -> bool:
        with self._database.reading() as connection:
            return revision(connection) != self._revision

    def _renew(self) -> None:
        with self._database.reading() as connection:
            number = revision(connection)
            book = read_book(connection, self._clock(), self._book)
        self._book = book
        self._read_at, self._revision = self._clock(), number
