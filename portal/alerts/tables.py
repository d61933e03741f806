"""Tables of alerts.

Accounts stand by their ids, so that a name that is erased is gone from here too.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable, new_id


class KeptAlert(PortalTable, table=True):
    """An alert; see :class:`analytics.alerts.alert.Alert`.

    ``topic`` is rule, place and reason in one. ``numbers`` is JSON. ``closed_by`` is empty where it
    closed by itself.
    """

    __tablename__ = "alert"
    __table_args__ = (
        # Two watches may find the same thing at once: one of them opens the alert.
        Index(
            "alert_open_topic_key",
            "topic",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "topic", "opened_at"),
    )

    id: str = Field(primary_key=True)
    topic: str
    rule: str
    place_kind: str
    place_code: str
    about: str
    since: datetime = Field(sa_type=Instant)
    opened_at: datetime = Field(sa_type=Instant, index=True)
    message: str = Field(sa_type=Text)
    certainty: str
    numbers: str = Field(sa_type=Text)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = None
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    told_over_at: datetime | None = Field(default=None, sa_type=Instant)


class AlertComment(PortalTable, table=True):
    """What somebody of the staff wrote beside an alert."""

    __tablename__ = "alert_comment"

    id: str = Field(default_factory=new_id, primary_key=True)
    alert: str = Field(index=True, foreign_key="alert.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=Instant)
    by: str
    text: str = Field(sa_type=Text)


class AlertEvidence(PortalTable, table=True):
    """What the votes of a place said up to a day, for the watch alone: JSON."""

    __tablename__ = "alert_evidence"

    key: str = Field(primary_key=True)
    document: str = Field(sa_type=Text)
