"""Tables of the channels by which surveys are answered: one-time links, tablets, paper forms.

None of them leads to an answer: what derives an answer's ids is in no row.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from broker.store.columns import Day, Instant
from portal.store.tables import PortalTable, new_id


class OneTimeLink(PortalTable, table=True):
    """A link for one answer. Only the keyed hash of its secret is here, and days, no times.

    ``channel`` is ``link`` or ``e-mail``; to whom it was given stands nowhere.
    """

    __tablename__ = "one_time_link"

    hash: str = Field(primary_key=True)
    survey: str = Field(index=True)
    touchpoint: str
    channel: str
    made_on: date = Field(sa_type=Day)
    expires_on: date = Field(sa_type=Day)
    spent_on: date | None = Field(default=None, sa_type=Day)


class Tablet(PortalTable, table=True):
    """A tablet on a stand. ``sender`` is its name in the feedback store.

    ``pairing_hash`` is of the secret in the link that pairs it, until ``pairing_until``;
    ``secret_hash`` of what its browser keeps since. ``waiting`` is how many answers it said that
    it had still to deliver, ``seen_at`` when.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    sender: str = Field(unique=True)
    touchpoint: str
    made_at: datetime = Field(sa_type=Instant)
    pairing_hash: str | None = Field(default=None, unique=True)
    pairing_until: datetime | None = Field(default=None, sa_type=Instant)
    secret_hash: str | None = Field(default=None, unique=True)
    paired_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    waiting: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class PaperBatch(PortalTable, table=True):
    """Forms on paper, or answers given by telephone, keyed in by one person in one go.

    ``channel`` is ``paper`` or ``phone``. Forms wait in ``paper_form`` until it is closed; then
    they are answers, and ``forms`` is how many.
    """

    __tablename__ = "paper_batch"

    id: str = Field(default_factory=new_id, primary_key=True)
    survey: str
    version: int
    touchpoint: str
    channel: str
    language: str
    answered_on: date = Field(sa_type=Day)
    made_by: str = Field(index=True)
    made_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    forms: int = 0


class PaperForm(PortalTable, table=True):
    """A form of a batch that is open; erased when the batch is closed.

    ``nonce`` is that of the submission to be: keyed in twice from one page, it is one form.
    ``said`` is :data:`portal.surveys.asking.Said` as JSON.
    """

    __tablename__ = "paper_form"
    __table_args__ = (Index(None, "batch", "place"),)

    nonce: str = Field(primary_key=True)
    batch: str = Field(foreign_key="paper_batch.id")
    place: int
    said: str = Field(sa_type=Text)


class UnreadableAnswer(PortalTable, table=True):
    """What a tablet delivered and nobody can read, whole and encrypted: comments may be in it.

    ``id`` is of its content, so that what is delivered twice is here once.
    """

    __tablename__ = "unreadable_answer"

    id: str = Field(primary_key=True)
    sender: str
    detail: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=Instant)
    content: bytes
