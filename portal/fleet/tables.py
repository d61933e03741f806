"""What people do about notices; the notices themselves stand in the feedback store."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable


class NoticeHandling(PortalTable, table=True):
    """Who took a notice up, or put it off.

    ``notice`` is its number in the feedback store; ``account`` whose word this is.
    ``snoozed_until`` is until when it stands below the others.
    """

    __tablename__ = "notice_handling"

    notice: int = Field(primary_key=True, sa_type=BigInteger)
    account: str
    taken_up_at: datetime | None = Field(default=None, sa_type=Instant)
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
