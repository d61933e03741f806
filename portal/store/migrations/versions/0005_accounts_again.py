"""Accounts: second factors that are being set up, addresses that wait, levels of assurance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_session", sa.Column("totp_pending", sa.LargeBinary(), nullable=True))
    op.add_column("account_slip", sa.Column("email", sa.LargeBinary(), nullable=True))
    op.add_column(
        "sign_in_directory", sa.Column("acr", sa.String(), nullable=False, server_default="")
    )
    # A secret that was shown but not confirmed: whoever saw it must not hold it later.
    op.execute("UPDATE account SET totp_secret = NULL WHERE totp_confirmed_at IS NULL")
