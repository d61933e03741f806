"""Tables of improvement: what is done about the figures, and what is told of it.

``unit`` is a unit's code, empty for the whole municipality; ``place_kind`` and ``place_code`` name
a place of the feedback store, empty for none. Accounts stand by their ids, so that a name that is
erased is gone from here too.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field

from broker.store.columns import Day, Instant
from portal.store.tables import PortalTable, new_id


class ImprovementTarget(PortalTable, table=True):
    """A level that was promised; ``level`` is a share (0–1), or the index (0–100)."""

    __tablename__ = "improvement_target"

    id: str = Field(default_factory=new_id, primary_key=True)
    unit: str = Field(index=True)
    place_kind: str
    place_code: str
    survey: str
    measure: str
    level: float
    from_on: date = Field(sa_type=Day)
    to_on: date | None = Field(default=None, sa_type=Day)
    text_bg: str = Field(sa_type=Text)
    text_en: str = Field(sa_type=Text)


class ImprovementAction(PortalTable, table=True):
    """What is done.

    Attributes:
        owner: account.
        target: id of one; empty: none.
        published_at: ``None``: the public page does not show it.
        outcome: of the effect that was published; empty: none was. ``figures`` is JSON.
        owner_told_at: when its owner was told that its day is over; ``manager_told_at`` likewise.
    """

    __tablename__ = "improvement_action"

    id: str = Field(default_factory=new_id, primary_key=True)
    title: str
    description: str = Field(sa_type=Text)
    ground_kind: str
    ground_reference: str
    ground_words: str = Field(sa_type=Text)
    unit: str = Field(index=True)
    place_kind: str
    place_code: str
    survey: str
    measure: str
    owner: str = Field(index=True)
    due_on: date = Field(sa_type=Day)
    target: str
    state: str = Field(index=True)
    took_effect_on: date | None = Field(default=None, sa_type=Day)
    made_at: datetime = Field(sa_type=Instant)
    public_bg: str = Field(sa_type=Text)
    public_en: str = Field(sa_type=Text)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str = ""
    figures: str = Field(default="", sa_type=Text)
    effect_bg: str = Field(default="", sa_type=Text)
    effect_en: str = Field(default="", sa_type=Text)
    revision: int
    owner_told_at: datetime | None = Field(default=None, sa_type=Instant)
    manager_told_at: datetime | None = Field(default=None, sa_type=Instant)


class ImprovementChange(PortalTable, table=True):
    """A line of an action's history; ``fields`` with commas between, ``by`` an account."""

    __tablename__ = "improvement_change"

    id: str = Field(default_factory=new_id, primary_key=True)
    action: str = Field(index=True, foreign_key="improvement_action.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=Instant)
    by: str
    what: str
    fields: str
    note: str = Field(sa_type=Text)


class ImprovementFinding(PortalTable, table=True):
    """A finding that somebody took up."""

    __tablename__ = "improvement_finding"

    id: str = Field(primary_key=True)
    unit: str
    words: str = Field(sa_type=Text)
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    assigned_to: str = ""
    assigned_at: datetime | None = Field(default=None, sa_type=Instant)
    note: str = Field(default="", sa_type=Text)


class ImprovementMethod(PortalTable, table=True):
    """An entry of the journal of methods; ``by`` is an account."""

    __tablename__ = "improvement_method"

    id: str = Field(default_factory=new_id, primary_key=True)
    method: str
    unit: str = Field(index=True)
    from_on: date = Field(sa_type=Day, index=True)
    to_on: date = Field(sa_type=Day)
    n: int | None = None
    findings: str = Field(sa_type=Text)
    done: str = Field(sa_type=Text)
    by: str
    entered_at: datetime = Field(sa_type=Instant)
    revision: int


class ImprovementDraft(PortalTable, table=True):
    """A report on its way; ``made_by`` and the like are accounts."""

    __tablename__ = "improvement_draft"

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(index=True)
    unit: str = Field(index=True)
    place_kind: str
    place_code: str
    from_on: date = Field(sa_type=Day)
    to_on: date = Field(sa_type=Day)
    language: str
    state: str
    version: int
    made_by: str
    made_at: datetime = Field(sa_type=Instant)
    changed_by: str
    changed_at: datetime = Field(sa_type=Instant)
    shown_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_by: str
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    published_by: str
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class ImprovementVersion(PortalTable, table=True):
    """The content of a report, as somebody wrote it: JSON."""

    __tablename__ = "improvement_version"

    draft: str = Field(primary_key=True, foreign_key="improvement_draft.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    by: str
    at: datetime = Field(sa_type=Instant)


class ImprovementComment(PortalTable, table=True):
    """What somebody of the staff said of a report."""

    __tablename__ = "improvement_comment"

    id: str = Field(default_factory=new_id, primary_key=True)
    draft: str = Field(index=True, foreign_key="improvement_draft.id", ondelete="CASCADE")
    version: int
    by: str
    at: datetime = Field(sa_type=Instant)
    text: str = Field(sa_type=Text)


class ImprovementSubscription(PortalTable, table=True):
    """Who gets which report; a subscription that is ended is deleted.

    Attributes:
        account: of the staff; empty: somebody without one, whose ``email`` is sealed.
        wish: a keyed hash of what is wished and by whom, so that the same wish twice is one.
    """

    __tablename__ = "improvement_subscription"

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(index=True)
    unit: str
    place_kind: str
    place_code: str
    language: str
    account: str = Field(index=True)
    email: bytes | None = Field(default=None, sa_type=LargeBinary)
    wish: str = Field(unique=True)
    made_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)


class ImprovementResult(PortalTable, table=True):
    """A month's published results of a unit: JSON; the month is ``2026-11``.

    Attributes:
        withdrawn_at: ``None``: they are public. Else only what is published anew is compared with
            them: everybody may have read them.
    """

    __tablename__ = "improvement_result"

    month: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    published_by: str
    published_at: datetime = Field(sa_type=Instant)
    edition: int
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
