"""The audit log, mail, the municipality."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.audit.tables import APPEND_ONLY

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_municipality()
    _make_audit()
    _make_mail()


def _make_municipality() -> None:
    op.create_table(
        "municipality_sign",
        _text("site"),
        _json("facts"),
        _content("arms", nullable=True),
        _text("arms_type", nullable=True),
        _text("arms_hash", nullable=True),
        _big("changed_at"),
        sa.PrimaryKeyConstraint("site", name="municipality_sign_pkey"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit_entry",
        _big("number", autoincrement=False),
        _big("at"),
        _text("actor_kind"),
        _text("actor"),
        _text("action"),
        _text("about"),
        _long_text("facts"),
        _text("hash"),
        sa.PrimaryKeyConstraint("number", name="audit_entry_pkey"),
    )
    op.create_index("audit_entry_about_idx", "audit_entry", ["about"])
    op.create_index("audit_entry_actor_at_idx", "audit_entry", ["actor", "at"])
    op.create_index("audit_entry_at_idx", "audit_entry", ["at"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _make_mail() -> None:
    op.create_table(
        "outgoing_mail",
        _text("id"),
        _text("recipient"),
        _text("subject"),
        _long_text("text"),
        _big("queued_at"),
        _big("next_try_at"),
        _integer("attempts"),
        _text("trouble"),
        _big("taken_at", nullable=True),
        _big("refused_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="outgoing_mail_pkey"),
    )
    op.create_index(
        "outgoing_mail_next_try_at_idx",
        "outgoing_mail",
        ["next_try_at"],
        sqlite_where=sa.text("taken_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL AND refused_at IS NULL"),
    )


def _big(name: str, *, nullable: bool = False, autoincrement: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=autoincrement)


def _content(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _long_text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)
