"""Improvement: targets, actions, findings, methods, reports, subscriptions, results."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "improvement_action",
        _text("id"),
        _text("title"),
        _long_text("description"),
        _text("ground_kind"),
        _text("ground_reference"),
        _long_text("ground_words"),
        _text("unit"),
        _text("place_kind"),
        _text("place_code"),
        _text("survey"),
        _text("measure"),
        _text("owner"),
        _day("due_on"),
        _text("target"),
        _text("state"),
        _day("took_effect_on", nullable=True),
        _big("made_at"),
        _long_text("public_bg"),
        _long_text("public_en"),
        _big("published_at", nullable=True),
        _text("outcome"),
        _long_text("figures"),
        _long_text("effect_bg"),
        _long_text("effect_en"),
        _integer("revision"),
        _big("owner_told_at", nullable=True),
        _big("manager_told_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="improvement_action_pkey"),
    )
    op.create_index("improvement_action_owner_idx", "improvement_action", ["owner"])
    op.create_index("improvement_action_state_idx", "improvement_action", ["state"])
    op.create_index("improvement_action_unit_idx", "improvement_action", ["unit"])
    op.create_table(
        "improvement_draft",
        _text("id"),
        _text("kind"),
        _text("unit"),
        _text("place_kind"),
        _text("place_code"),
        _day("from_on"),
        _day("to_on"),
        _text("language"),
        _text("state"),
        _integer("version"),
        _text("made_by"),
        _big("made_at"),
        _text("changed_by"),
        _big("changed_at"),
        _big("shown_at", nullable=True),
        _text("approved_by"),
        _big("approved_at", nullable=True),
        _text("published_by"),
        _big("published_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="improvement_draft_pkey"),
    )
    op.create_index("improvement_draft_kind_idx", "improvement_draft", ["kind"])
    op.create_index("improvement_draft_unit_idx", "improvement_draft", ["unit"])
    op.create_table(
        "improvement_finding",
        _text("id"),
        _text("unit"),
        _long_text("words"),
        _text("acknowledged_by"),
        _big("acknowledged_at", nullable=True),
        _text("assigned_to"),
        _big("assigned_at", nullable=True),
        _long_text("note"),
        sa.PrimaryKeyConstraint("id", name="improvement_finding_pkey"),
    )
    op.create_table(
        "improvement_method",
        _text("id"),
        _text("method"),
        _text("unit"),
        _day("from_on"),
        _day("to_on"),
        _integer("n", nullable=True),
        _long_text("findings"),
        _long_text("done"),
        _text("by"),
        _big("entered_at"),
        _integer("revision"),
        sa.PrimaryKeyConstraint("id", name="improvement_method_pkey"),
    )
    op.create_index("improvement_method_from_on_idx", "improvement_method", ["from_on"])
    op.create_index("improvement_method_unit_idx", "improvement_method", ["unit"])
    op.create_table(
        "improvement_result",
        _text("month"),
        _text("unit"),
        _long_text("content"),
        _text("published_by"),
        _big("published_at"),
        _integer("edition"),
        sa.PrimaryKeyConstraint("month", "unit", name="improvement_result_pkey"),
    )
    op.create_table(
        "improvement_subscription",
        _text("id"),
        _text("kind"),
        _text("unit"),
        _text("place_kind"),
        _text("place_code"),
        _text("language"),
        _text("account"),
        _bytes("email", nullable=True),
        _text("wish"),
        _big("made_at"),
        _big("confirmed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="improvement_subscription_pkey"),
        sa.UniqueConstraint("wish", name="improvement_subscription_wish_key"),
    )
    op.create_index("improvement_subscription_account_idx", "improvement_subscription", ["account"])
    op.create_index("improvement_subscription_kind_idx", "improvement_subscription", ["kind"])
    op.create_table(
        "improvement_target",
        _text("id"),
        _text("unit"),
        _text("place_kind"),
        _text("place_code"),
        _text("survey"),
        _text("measure"),
        _float("level"),
        _day("from_on"),
        _day("to_on", nullable=True),
        _long_text("text_bg"),
        _long_text("text_en"),
        sa.PrimaryKeyConstraint("id", name="improvement_target_pkey"),
    )
    op.create_index("improvement_target_unit_idx", "improvement_target", ["unit"])
    op.create_table(
        "improvement_change",
        _text("id"),
        _text("action"),
        _big("at"),
        _text("by"),
        _text("what"),
        _text("fields"),
        _long_text("note"),
        sa.ForeignKeyConstraint(
            ["action"],
            ["improvement_action.id"],
            name="improvement_change_action_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="improvement_change_pkey"),
    )
    op.create_index("improvement_change_action_idx", "improvement_change", ["action"])
    op.create_table(
        "improvement_comment",
        _text("id"),
        _text("draft"),
        _integer("version"),
        _text("by"),
        _big("at"),
        _long_text("text"),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["improvement_draft.id"],
            name="improvement_comment_draft_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="improvement_comment_pkey"),
    )
    op.create_index("improvement_comment_draft_idx", "improvement_comment", ["draft"])
    op.create_table(
        "improvement_version",
        _text("draft"),
        _integer("number"),
        _long_text("content"),
        _text("by"),
        _big("at"),
        sa.ForeignKeyConstraint(
            ["draft"],
            ["improvement_draft.id"],
            name="improvement_version_draft_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft", "number", name="improvement_version_pkey"),
    )


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(10), nullable=nullable)


def _float(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _long_text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)
