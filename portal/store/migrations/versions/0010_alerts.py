"""Alerts; mails may have a text with markup, too."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        _text("id"),
        _text("topic"),
        _text("rule"),
        _text("place_kind"),
        _text("place_code"),
        _text("about"),
        _big("since"),
        _big("opened_at"),
        _long_text("message"),
        _text("certainty"),
        _long_text("numbers"),
        _big("acknowledged_at", nullable=True),
        _text("acknowledged_by", nullable=True),
        _big("snoozed_until", nullable=True),
        _big("closed_at", nullable=True),
        _text("closed_by", nullable=True),
        _big("told_at", nullable=True),
        _big("told_over_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="alert_pkey"),
    )
    op.create_index("alert_opened_at_idx", "alert", ["opened_at"])
    op.create_index("alert_topic_opened_at_idx", "alert", ["topic", "opened_at"])
    op.create_index(
        "alert_open_topic_key",
        "alert",
        ["topic"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "alert_comment",
        _text("id"),
        _text("alert"),
        _big("at"),
        _text("by"),
        _long_text("text"),
        sa.ForeignKeyConstraint(
            ["alert"], ["alert.id"], name="alert_comment_alert_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="alert_comment_pkey"),
    )
    op.create_index("alert_comment_alert_idx", "alert_comment", ["alert"])
    op.create_table(
        "alert_evidence",
        _text("key"),
        _long_text("document"),
        sa.PrimaryKeyConstraint("key", name="alert_evidence_pkey"),
    )
    op.add_column("outgoing_mail", _long_text("html", nullable=True))


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _long_text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)
