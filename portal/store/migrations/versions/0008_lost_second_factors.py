"""Accounts: a slip that takes a lost second factor away, perhaps once a second person agrees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account_slip",
        sa.Column("takes_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
