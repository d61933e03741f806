"""Rollups for what is asked most: one row with a column for each value, and totals of all places.

Where ``rating_day`` has a row for each value and channel, a *tally* has one: a year of a place is
365 rows. No scale has other values than 0 to 10. *Totals* are of all touchpoints together, those
in test mode too; who wants fewer takes the others off.

On PostgreSQL writers would queue for one row of a total, so it has several, in *lanes*: which one
is written goes by the connection (``broker.store.statements``), and their sum is what counts. On
SQLite, where one writes at a time, there is one lane.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import BigInteger
from sqlmodel import Field

from broker.store.columns import Day
from broker.store.tables import NO_ROWID, FeedbackTable

MOST_VALUES: Final = 11
"""Values 0 … 10."""


class RatingTally(FeedbackTable):
    """How many ratings have each value: ``raw_3`` as first pressed, ``filtered_3`` as it counts."""

    raw_0: int = Field(default=0, sa_type=BigInteger)
    raw_1: int = Field(default=0, sa_type=BigInteger)
    raw_2: int = Field(default=0, sa_type=BigInteger)
    raw_3: int = Field(default=0, sa_type=BigInteger)
    raw_4: int = Field(default=0, sa_type=BigInteger)
    raw_5: int = Field(default=0, sa_type=BigInteger)
    raw_6: int = Field(default=0, sa_type=BigInteger)
    raw_7: int = Field(default=0, sa_type=BigInteger)
    raw_8: int = Field(default=0, sa_type=BigInteger)
    raw_9: int = Field(default=0, sa_type=BigInteger)
    raw_10: int = Field(default=0, sa_type=BigInteger)
    filtered_0: int = Field(default=0, sa_type=BigInteger)
    filtered_1: int = Field(default=0, sa_type=BigInteger)
    filtered_2: int = Field(default=0, sa_type=BigInteger)
    filtered_3: int = Field(default=0, sa_type=BigInteger)
    filtered_4: int = Field(default=0, sa_type=BigInteger)
    filtered_5: int = Field(default=0, sa_type=BigInteger)
    filtered_6: int = Field(default=0, sa_type=BigInteger)
    filtered_7: int = Field(default=0, sa_type=BigInteger)
    filtered_8: int = Field(default=0, sa_type=BigInteger)
    filtered_9: int = Field(default=0, sa_type=BigInteger)
    filtered_10: int = Field(default=0, sa_type=BigInteger)


class RatingDayTally(RatingTally, table=True):
    """Ratings a local day, by all channels."""

    __tablename__ = "rating_day_tally"
    __table_args__ = NO_ROWID

    touchpoint: str = Field(primary_key=True)
    day: date = Field(primary_key=True, sa_type=Day)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    scale: str = Field(primary_key=True)


class RatingHourTally(RatingTally, table=True):
    """Ratings an hour of the local week in a block of 28 days; see ``rating_hour_of_week``."""

    __tablename__ = "rating_hour_tally"
    __table_args__ = NO_ROWID

    touchpoint: str = Field(primary_key=True)
    block: date = Field(primary_key=True, sa_type=Day)
    hour_of_week: int = Field(primary_key=True)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    scale: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)


class RatingHourTotal(RatingTally, table=True):
    """The same of all touchpoints together, by all channels."""

    __tablename__ = "rating_hour_total"
    __table_args__ = NO_ROWID

    block: date = Field(primary_key=True, sa_type=Day)
    hour_of_week: int = Field(primary_key=True)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    scale: str = Field(primary_key=True)
    lane: int = Field(primary_key=True)


class AnswerDayTotal(FeedbackTable, table=True):
    """Answers a local day of all touchpoints together, by all channels; see ``answer_day``."""

    __tablename__ = "answer_day_total"
    __table_args__ = NO_ROWID

    day: date = Field(primary_key=True, sa_type=Day)
    survey: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    option: str = Field(primary_key=True)
    lane: int = Field(primary_key=True)
    raw: int = Field(sa_type=BigInteger)
    filtered: int = Field(sa_type=BigInteger)
