"""Tables of mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable, new_id


class OutgoingMail(PortalTable, table=True):
    """A mail to be sent, until a mail server has taken it; then that it was.

    ``next_try_at`` is also what keeps a second sender away while one is at it. ``trouble`` is why
    the last try failed, in a few words without addresses. The text goes when the mail is taken
    or refused, since it may hold a one-time link, the recipient when it is taken; the row goes with
    the retention of mail.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index(
            None,
            "next_try_at",
            sqlite_where=text("taken_at IS NULL AND refused_at IS NULL"),
            postgresql_where=text("taken_at IS NULL AND refused_at IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    recipient: str
    subject: str
    text: str = Field(sa_type=Text)
    html: str | None = Field(default=None, sa_type=Text)
    """The same as a document, for programs that show one."""
    queued_at: datetime = Field(sa_type=Instant)
    next_try_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    trouble: str = ""
    taken_at: datetime | None = Field(default=None, sa_type=Instant)
    refused_at: datetime | None = Field(default=None, sa_type=Instant)
