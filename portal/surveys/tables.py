"""Tables of surveys: drafts, and where and when published ones are open.

What was published stands in the feedback store, where kiosks and figures need it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable


class SurveyDraft(PortalTable, table=True):
    """A survey that staff is writing; one at most for each code.

    ``content`` is a :class:`portal.surveys.draft.Draft` as JSON. ``revision`` grows with each
    change: of two people who edit at once, the later one is told.
    """

    __tablename__ = "survey_draft"

    code: str = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    revision: int
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str


class SurveyWindow(PortalTable, table=True):
    """Where and when a published survey takes answers; without a row it takes none here.

    ``channels`` are words of :data:`portal.surveys.editions.CHANNELS` with spaces between them;
    ``touchpoint`` is the code to which plain answers from the web belong. ``opens_at`` and
    ``closes_at`` are the window's ends, ``None`` for none; ``closed_at`` is when somebody closed
    it by hand, ``None`` while nobody has.
    """

    __tablename__ = "survey_window"

    code: str = Field(primary_key=True)
    channels: str
    touchpoint: str
    is_listed: bool = True
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class SurveyTold(PortalTable, table=True):
    """What was last told of the answers to a question: see :mod:`portal.surveys.told`.

    ``counts`` is JSON: what was said → how many said it.
    """

    __tablename__ = "survey_told"

    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    n: int
    counts: str = Field(sa_type=Text)
    told_at: datetime = Field(sa_type=Instant)
