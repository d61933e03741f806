"""Tables of the fleet: certificates, enrolments, configurations, orders, notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from broker.store.columns import Instant, RowNumber
from broker.store.tables import FeedbackTable


class DevicePlacement(FeedbackTable, table=True):
    """Where a device stood from a moment on, until its next row; ``None``: in a drawer."""

    __tablename__ = "device_placement"

    device: str = Field(primary_key=True)
    from_at: datetime = Field(primary_key=True, sa_type=Instant)
    touchpoint: str | None = None


class DeviceConfiguration(FeedbackTable, table=True):
    """A configuration made for a device; revisions rise over the whole installation.

    ``content`` is a ``broker.wire.configuration.Configuration`` as JSON, as it is published;
    ``note`` says what it was made for.
    """

    __tablename__ = "device_configuration"
    __table_args__ = (Index(None, "device", "revision"),)

    revision: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    device: str
    content: str = Field(sa_type=Text)
    note: str
    made_at: datetime = Field(sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class Enrolment(FeedbackTable, table=True):
    """A one-time code given out for a device; its secret part only encrypted.

    ``label`` is the public part. It ends by use (``used_at``, ``serial``), by time, by wrong tries
    (``tries_left`` 0), or by a newer one for the same device (``ended_at``).
    """

    __table_args__ = (Index(None, "device"),)

    label: str = Field(primary_key=True)
    site: str
    device: str
    secret: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    tries_left: int
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    key_digest: str | None = None
    serial: str | None = None


class EnrolmentAttempt(FeedbackTable, table=True):
    """A try to enrol or to rotate, good or bad, for the administrator to see."""

    __tablename__ = "enrolment_attempt"
    __table_args__ = (Index(None, "at"),)

    number: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    at: datetime = Field(sa_type=Instant)
    address: str
    label: str | None
    device: str | None
    result: str


class Certificate(FeedbackTable, table=True):
    """A certificate that our authority issued. Barred by ``serial``: names are used again.

    ``purpose`` is ``device``, ``service`` or ``server``; ``subject`` the common name.
    ``replaced_at`` is when a newer one was issued to the same device; it is let in until
    ``revoked_at``. ``enforced_at`` is when brokers were seen to keep it out.
    """

    __table_args__ = (Index(None, "subject"),)

    serial: str = Field(primary_key=True)
    purpose: str
    subject: str
    key_digest: str
    pem: str = Field(sa_type=Text)
    issued_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    replaced_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_why: str | None = None
    enforced_at: datetime | None = Field(default=None, sa_type=Instant)


class DeviceOrder(FeedbackTable, table=True):
    """A command for a device, and what became of it: one row from the asking to the answer.

    Not ``sent_at`` by ``expires_at``, or not ``answered_at`` by then: it timed out.
    """

    __tablename__ = "device_order"
    __table_args__ = (Index(None, "device", "asked_at"),)

    id: str = Field(primary_key=True)
    site: str
    device: str
    name: str
    args: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    is_ok: bool | None = None
    detail: str | None = Field(default=None, sa_type=Text)
    report: str | None = Field(default=None, sa_type=Text)


class Notice(FeedbackTable, table=True):
    """Something is wrong with a device, or the installation (``device`` empty), until it closes.

    ``told_opened_at`` and ``told_closed_at`` are when people were told.
    """

    __table_args__ = (Index(None, "closed_at"),)

    number: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    site: str
    device: str
    rule: str
    detail: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    told_opened_at: datetime | None = Field(default=None, sa_type=Instant)
    told_closed_at: datetime | None = Field(default=None, sa_type=Instant)


class FleetPresence(FeedbackTable, table=True):
    """What the fleet's process says of itself: one row, written every half minute.

    ``letter_key`` is public (PEM): with it others seal what only that process opens.
    """

    __tablename__ = "fleet_presence"

    process: str = Field(primary_key=True)
    fleet_url: str
    fingerprint: str
    letter_key: str = Field(sa_type=Text)
    seen_at: datetime = Field(sa_type=Instant)
