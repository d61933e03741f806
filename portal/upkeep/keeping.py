"""How long what is kept: the words in which the register of retention is written. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table

Store: TypeAlias = Literal["portal", "feedback"]


@dataclass(frozen=True, slots=True)
class Times:
    """What is reckoned from.

    Attributes:
        now: aware.
        zone: whose days are meant.
        comment_months: the setting.
    """

    now: datetime
    zone: ZoneInfo
    comment_months: int

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()


Due: TypeAlias = Callable[[Table, Times], ColumnElement[bool]]
"""Which rows are past their time."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What becomes of a table.

    Attributes:
        purpose: what it is for.
        personal: whose data it holds; empty: nobody's.
        ground: why that is lawful; empty where it holds nobody's.
        how_long: in words.
        by: who erases it then: ``portal`` (its upkeep), ``installation``, ``fleet``, ``area`` (the
            area that owns it, at once), ``person`` (somebody decides), or ``-``.
        age: the column that tells how old a row is; empty: nothing does.
        due: for ``portal``: which rows go.
    """

    purpose: str
    how_long: str
    personal: str = ""
    ground: str = ""
    by: Literal["portal", "installation", "fleet", "area", "person", "-"] = "-"
    age: str = ""
    due: Due | None = None


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of the month where there is none of its number."""
    number = 12 * day.year + day.month - 1 - months
    year, month = divmod(number, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))
