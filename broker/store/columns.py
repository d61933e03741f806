"""Column types that are stored alike by SQLite and PostgreSQL.

A plain tuple of integers and texts binds unchanged on both, which is what the hot path sends;
whoever reads through SQLAlchemy gets aware datetimes and dates.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 UTC, to the nearest.

    ``timestamp`` is a float: truncating would turn .118 s into .117 s.

    Raises:
        ValueError: ``at`` is naive, so nobody can tell when it was.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone")
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The aware UTC datetime ``ms`` milliseconds after 1970."""
    return EPOCH + ms * _MILLISECOND


class Instant(TypeDecorator[datetime]):
    """An aware datetime as milliseconds since 1970 UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  # SQLAlchemy passes it; all databases store alike
    ) -> int | None:
        """To the database."""
        return None if value is None else to_ms(value)

    def process_result_value(
        self,
        value: int | None,
        dialect: Dialect,  # noqa: ARG002  # as above
    ) -> datetime | None:
        """From the database."""
        return None if value is None else from_ms(value)


class Day(TypeDecorator[date]):
    """A date as ISO text, which sorts as days do."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(
        self,
        value: date | None,
        dialect: Dialect,  # noqa: ARG002  # as above
    ) -> str | None:
        """To the database."""
        return None if value is None else value.isoformat()

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  # as above
    ) -> date | None:
        """From the database."""
        return None if value is None else date.fromisoformat(value)


RowNumber: Final = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite gives numbers by itself to an INTEGER primary key only."""
