"""How many comments of a month were about a theme."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme_count",
        sa.Column("touchpoint", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("touchpoint", "survey", "month", "theme", name="theme_count_pkey"),
    )
