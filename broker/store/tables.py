"""The tables of the feedback store.

SQLModel classes that don't validate (``table=True`` skips it): what comes in has been judged at
the edge. No name, no identifier, no free text of a visitor is in any of them. Event tables have no
foreign keys: intake has checked what they refer to, and PostgreSQL would check each row again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Final

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, Table, Text, text
from sqlmodel import Field, SQLModel

from broker.store.columns import Day, Instant, RowNumber

NO_ROWID: Final = {"sqlite_with_rowid": False}
"""One tree instead of two, for tables that are found by their whole key only."""


class FeedbackTable(SQLModel):
    """Base of all tables here: metadata of their own, apart from the portal's."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        }
    )


class Site(FeedbackTable, table=True):
    """A municipality; days and hours are reckoned in its time zone."""

    code: str = Field(primary_key=True)
    name: str
    timezone: str


class Touchpoint(FeedbackTable, table=True):
    """The point where one question is put; its code is unique in the installation."""

    code: str = Field(primary_key=True)
    site: str
    name: str
    is_test: bool
    added_at: datetime = Field(sa_type=Instant)
    retired_on: date | None = Field(default=None, sa_type=Day)


class Device(FeedbackTable, table=True):
    """An enrolled unit, and the touchpoint where it stands (``None``: in a drawer).

    ``pinned`` is the revision of the configuration that it is held to; ``None``: what its place
    says.
    """

    name: str = Field(primary_key=True)
    site: str
    touchpoint: str | None = None
    added_at: datetime = Field(sa_type=Instant)
    retired_on: date | None = Field(default=None, sa_type=Day)
    pinned: int | None = Field(default=None, sa_type=BigInteger)


class Stream(FeedbackTable, table=True):
    """One outbox, and the first device that used it.

    ``greatest_seq`` is the greatest number heard of, in events that could be read or heartbeats;
    ``stored_seqs`` how many different numbers are stored, ``clashes`` how many events share
    theirs with another: completeness without counting rows.
    """

    number: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    stream: str = Field(unique=True)
    device: str
    greatest_seq: int = Field(sa_type=BigInteger)
    stored_seqs: int = Field(sa_type=BigInteger)
    clashes: int = Field(default=0, sa_type=BigInteger)


class Event(FeedbackTable, table=True):
    """One accepted rating, correction or answer, as it was sent; never edited, never deleted.

    A correction has the question and scale of its rating. ``answered_at`` is what figures go by;
    ``claimed_at`` is what the device said, where that was not to be trusted. ``options`` is a
    JSON list; ``stated_number`` and ``stated_on`` are the other two forms of an answer.
    """

    __table_args__ = (
        Index(None, "stream", "seq"),
        Index(None, "touchpoint", "answered_at"),
        Index(
            None,
            "rating",
            sqlite_where=text("rating IS NOT NULL"),
            postgresql_where=text("rating IS NOT NULL"),
        ),
    )

    number: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    id: str = Field(unique=True, max_length=36)
    kind: str
    site: str
    device: str
    stream: int = Field(sa_type=BigInteger)
    seq: int = Field(sa_type=BigInteger)
    visit: str
    touchpoint: str
    survey: str
    survey_version: int
    question: str
    scale: str | None
    value: int | None
    rating: str | None
    outcome: str | None
    options: str | None
    stated_number: float | None
    stated_on: date | None = Field(sa_type=Day)
    channel: str
    input: str
    language: str
    answered_at: datetime = Field(sa_type=Instant)
    claimed_at: datetime | None = Field(sa_type=Instant)
    clock: str
    precision: str
    boot: str
    uptime_ms: int = Field(sa_type=BigInteger)
    received_at: datetime = Field(sa_type=Instant)


class Flag(FeedbackTable, table=True):
    """A reason to doubt an event; see ``broker.store.flags`` for what it changes."""

    __table_args__ = NO_ROWID

    event_id: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    rule_version: int
    flagged_at: datetime = Field(sa_type=Instant)


def _index_of_waiting(*columns: str) -> Index:
    """An index of those entries only that still wait."""
    waits = text("readmitted_at IS NULL")
    return Index(None, *columns, sqlite_where=waits, postgresql_where=waits)


class Quarantined(FeedbackTable, table=True):
    """What could not be accepted, whole, with the reason; kept for people to look at.

    ``digest`` is the same for the same thing sent again. ``payload`` is ``None`` once
    undecodable bytes have been erased. Two indexes hold only what waits: what was readmitted is
    counted and looked for no more.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        _index_of_waiting("stream", "seq", "device", "site"),
        _index_of_waiting("event_id"),
        Index(None, "reason"),
    )

    number: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    received_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    times_seen: int
    digest: str = Field(unique=True)
    site: str
    device: str
    topic: str
    stream: str | None
    seq: int | None = Field(sa_type=BigInteger)
    event_id: str | None
    reason: str
    detail: str = Field(sa_type=Text)
    payload: bytes | None = Field(sa_type=LargeBinary)
    readmitted_at: datetime | None = Field(sa_type=Instant)


class DeviceStatus(FeedbackTable, table=True):
    """What was last heard of a device, strangers included; rewritten all the time."""

    __tablename__ = "device_status"

    site: str = Field(primary_key=True)
    device: str = Field(primary_key=True)
    last_seen_at: datetime | None = Field(default=None, sa_type=Instant)
    availability: str | None = None
    availability_at: datetime | None = Field(default=None, sa_type=Instant)
    heartbeat_at: datetime | None = Field(default=None, sa_type=Instant)
    clock: str | None = None
    boot: str | None = None
    uptime_ms: int | None = Field(default=None, sa_type=BigInteger)
    stream: str | None = None
    last_seq: int | None = Field(default=None, sa_type=BigInteger)
    waiting: int | None = Field(default=None, sa_type=BigInteger)
    version: str | None = None
    configuration: int | None = Field(default=None, sa_type=BigInteger)
    faults: str | None = None
    refusal: str | None = None
    oldest_waiting_s: int | None = Field(default=None, sa_type=BigInteger)
    clock_offset_ms: int | None = Field(default=None, sa_type=BigInteger)
    temperature_c: float | None = None
    throttling: str | None = None
    disk_free_bytes: int | None = Field(default=None, sa_type=BigInteger)
    disk_total_bytes: int | None = Field(default=None, sa_type=BigInteger)
    signal_dbm: int | None = None
    certificate_expires_at: datetime | None = Field(default=None, sa_type=Instant)


class RatingDay(FeedbackTable, table=True):
    """Ratings a local day. Of a corrected one, raw counts the first value, filtered the last."""

    __tablename__ = "rating_day"
    __table_args__ = NO_ROWID

    touchpoint: str = Field(primary_key=True)
    day: date = Field(primary_key=True, sa_type=Day)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    scale: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    value: int = Field(primary_key=True)
    raw: int = Field(sa_type=BigInteger)
    filtered: int = Field(sa_type=BigInteger)


class RatingHourOfWeek(FeedbackTable, table=True):
    """Ratings an hour of the local week, of all time: 0 is Monday 00–01, 167 Sunday 23–24.

    Those of which only the day is known, or whose clock was not trusted, are left out.
    """

    __tablename__ = "rating_hour_of_week"
    __table_args__ = NO_ROWID

    touchpoint: str = Field(primary_key=True)
    hour_of_week: int = Field(primary_key=True)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    scale: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    value: int = Field(primary_key=True)
    raw: int = Field(sa_type=BigInteger)
    filtered: int = Field(sa_type=BigInteger)


class RatingBlock(FeedbackTable, table=True):
    """Ratings a block of 28 days, named by its first day: for windows of years."""

    __tablename__ = "rating_block"
    __table_args__ = NO_ROWID

    touchpoint: str = Field(primary_key=True)
    block: date = Field(primary_key=True, sa_type=Day)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    scale: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    value: int = Field(primary_key=True)
    raw: int = Field(sa_type=BigInteger)
    filtered: int = Field(sa_type=BigInteger)


class AnswerDay(FeedbackTable, table=True):
    """Answers a local day: the empty ``option`` counts answers, the others count choices."""

    __tablename__ = "answer_day"
    __table_args__ = NO_ROWID

    touchpoint: str = Field(primary_key=True)
    day: date = Field(primary_key=True, sa_type=Day)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    option: str = Field(primary_key=True)
    raw: int = Field(sa_type=BigInteger)
    filtered: int = Field(sa_type=BigInteger)


class Meta(FeedbackTable, table=True):
    """Counters of the store itself, such as the revision of the registry."""

    key: str = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind ``model``."""
    return model.metadata.tables[str(model.__tablename__)]
