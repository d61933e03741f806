"""Tables of comments: masked texts, apart from the answers they came with.

Nothing here tells whose comment it is, or which answer it belongs to: no event, no visit, the day
instead of the time, ids that are random (those of version 7 would hold the millisecond).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field

from broker.store.columns import Day, Instant
from portal.store.tables import PortalTable

# Rows stay in the order of their keys: an implicit row number would tell in which order they came.
_NO_ROWID = {"sqlite_with_rowid": False}


class Comment(PortalTable, table=True):
    """What a visitor wrote, as masked on entry; nobody edits it, but editors may mask more.

    Attributes:
        id: random.
        version: of the survey.
        received_on: the local day.
        masked: what was masked on entry, codes of ``portal.comments.kinds`` with commas between.
        read_at: when an editor first saw it; ``None``: unread.
    """

    __tablename__ = "comment"
    __table_args__ = _NO_ROWID

    id: str = Field(primary_key=True)
    touchpoint: str = Field(index=True)
    survey: str
    version: int
    question: str
    channel: str
    language: str
    received_on: date = Field(sa_type=Day, index=True)
    text: str = Field(sa_type=Text)
    masked: str = ""
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class CommentTheme(PortalTable, table=True):
    """A theme that an editor gave to a comment."""

    __tablename__ = "comment_theme"

    comment: str = Field(primary_key=True, foreign_key="comment.id", ondelete="CASCADE")
    theme: str = Field(primary_key=True, index=True)


class CommentForward(PortalTable, table=True):
    """That a comment was sent to a unit."""

    __tablename__ = "comment_forward"

    id: str = Field(primary_key=True)
    comment: str = Field(index=True, foreign_key="comment.id", ondelete="CASCADE")
    unit: str
    forwarded_at: datetime = Field(sa_type=Instant)


class Theme(PortalTable, table=True):
    """What comments are about, in the municipality's own words; a code never changes.

    Attributes:
        stems: beginnings of words that suggest it, with spaces between, of all languages.
        retired: no longer given; comments and counts keep it.
    """

    __tablename__ = "theme"

    code: str = Field(primary_key=True)
    name_bg: str
    name_en: str
    stems: str = Field(default="", sa_type=Text)
    retired: bool = False


class ThemeTally(PortalTable, table=True):
    """How often a theme was given: what the feedback store is told, and what it was told last.

    It outlives the comments. The month is ``2026-11``.
    """

    __tablename__ = "theme_tally"

    touchpoint: str = Field(primary_key=True)
    survey: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    theme: str = Field(primary_key=True)
    number: int
    told: int = 0
