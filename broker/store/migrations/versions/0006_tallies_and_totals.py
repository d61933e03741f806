"""Rollups with a column for each value, and totals of all places; counted when it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MARK = """
INSERT INTO meta (key, value)
SELECT 'rollups-to-count', 1 WHERE EXISTS (SELECT 1 FROM event)
"""


def upgrade() -> None:
    asked = ("survey", "question", "scale")
    _tally("rating_day_tally", _text("touchpoint"), _day("day"), *map(_text, asked))
    _tally(
        "rating_hour_tally",
        _text("touchpoint"),
        _day("block"),
        _integer("hour_of_week"),
        *map(_text, (*asked, "channel")),
    )
    _tally(
        "rating_hour_total",
        _day("block"),
        _integer("hour_of_week"),
        *map(_text, asked),
        _integer("lane"),
    )
    _rollup(
        "answer_day_total",
        [
            _day("day"),
            *map(_text, ("survey", "question", "outcome", "option")),
            _integer("lane"),
        ],
        ["raw", "filtered"],
    )
    op.execute(_MARK)


def _tally(name: str, *key: sa.Column[Any]) -> None:
    _rollup(name, key, [f"{kind}_{value}" for kind in ("raw", "filtered") for value in range(11)])


def _rollup(name: str, key: Sequence[sa.Column[Any]], counts: Sequence[str]) -> None:
    op.create_table(
        name,
        *key,
        *(sa.Column(count, sa.BigInteger(), nullable=False) for count in counts),
        sa.PrimaryKeyConstraint(*(column.name for column in key), name=f"{name}_pkey"),
        sqlite_with_rowid=False,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _day(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=10), nullable=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)
