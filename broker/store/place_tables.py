"""Tables of places: the tree, what is set in it, surveys, people served, and rulings on votes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field

from broker.store.columns import Day, Instant
from broker.store.tables import FeedbackTable


class Location(FeedbackTable, table=True):
    """A place in the tree: a building, a floor, a hall, a mayoralty. Its code never changes.

    ``retired_on`` is the first day on which it is no more; ``None`` while it is.
    """

    code: str = Field(primary_key=True)
    site: str
    name: str
    added_at: datetime = Field(sa_type=Instant)
    retired_on: date | None = Field(default=None, sa_type=Day)


class Placement(FeedbackTable, table=True):
    """Where a location or a touchpoint is from a day on, until its next row.

    ``kind`` is ``location`` or ``touchpoint``; ``location`` is the one above, ``None`` directly
    under the site.
    """

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    from_on: date = Field(primary_key=True, sa_type=Day)
    location: str | None = None


class PlaceSetting(FeedbackTable, table=True):
    """A setting of a place from a day on, until its next row; places below inherit it.

    ``kind`` is ``site``, ``location`` or ``touchpoint``; ``value`` is JSON, ``None`` where the
    setting was taken back, so that what is above holds again.
    """

    __tablename__ = "place_setting"

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    from_on: date = Field(primary_key=True, sa_type=Day)
    value: str | None = Field(sa_type=Text)
    set_at: datetime = Field(sa_type=Instant)


class SurveyVersion(FeedbackTable, table=True):
    """A published survey, frozen: ``content`` is a ``broker.wire.surveys.Survey`` as JSON."""

    __tablename__ = "survey_version"

    code: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    published_at: datetime = Field(sa_type=Instant)


class Served(FeedbackTable, table=True):
    """How many people were served at a place in an hour, as ``source`` says.

    ``kind`` and ``code`` name the place as in ``place_setting``; ``hour_at`` is the hour's start.
    Of several sources for one hour the reader chooses one, never the sum.
    """

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    hour_at: datetime = Field(primary_key=True, sa_type=Instant)
    source: str = Field(primary_key=True)
    people: int = Field(sa_type=BigInteger)
    entered_at: datetime = Field(sa_type=Instant)


class MisuseRuling(FeedbackTable, table=True):
    """What people of the administration said of the votes at a place in some hours.

    ``reason`` is one of the rules' reasons, or empty for all of them: those votes are genuine, and
    no rule doubts them; or ``ruled-out``: those votes are doubted. ``cause`` is a code of why.
    """

    __tablename__ = "misuse_ruling"

    touchpoint: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    from_at: datetime = Field(primary_key=True, sa_type=Instant)
    until_at: datetime = Field(sa_type=Instant)
    cause: str
    entered_at: datetime = Field(sa_type=Instant)


class ThemeCount(FeedbackTable, table=True):
    """How many comments of a month were about a theme, as the portal's editors found.

    The comments themselves are in the portal's database, and only there. ``month`` is ``2026-11``.
    """

    __tablename__ = "theme_count"

    touchpoint: str = Field(primary_key=True)
    survey: str = Field(primary_key=True)
    month: str = Field(primary_key=True, max_length=7)
    theme: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
