"""Surveys, answers on paper and by link, comments, administration."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_surveys()
    _make_comments()
    _make_fleet()


def _make_surveys() -> None:
    op.create_table(
        "one_time_link",
        _text("hash"),
        _text("survey"),
        _text("touchpoint"),
        _text("channel"),
        _day("made_on"),
        _day("expires_on"),
        _day("spent_on", nullable=True),
        sa.PrimaryKeyConstraint("hash", name="one_time_link_pkey"),
    )
    op.create_index("one_time_link_survey_idx", "one_time_link", ["survey"])
    op.create_table(
        "paper_batch",
        _text("id"),
        _text("survey"),
        _integer("version"),
        _text("touchpoint"),
        _text("channel"),
        _text("language"),
        _day("answered_on"),
        _text("made_by"),
        _big("made_at"),
        _big("closed_at", nullable=True),
        _integer("forms"),
        sa.PrimaryKeyConstraint("id", name="paper_batch_pkey"),
    )
    op.create_index("paper_batch_made_by_idx", "paper_batch", ["made_by"])
    op.create_table(
        "survey_draft",
        _text("code"),
        _long_text("content"),
        _integer("revision"),
        _big("changed_at"),
        _text("changed_by"),
        sa.PrimaryKeyConstraint("code", name="survey_draft_pkey"),
    )
    op.create_table(
        "survey_window",
        _text("code"),
        _text("channels"),
        _text("touchpoint"),
        _boolean("is_listed"),
        _big("opens_at", nullable=True),
        _big("closes_at", nullable=True),
        _big("closed_at", nullable=True),
        _big("changed_at"),
        sa.PrimaryKeyConstraint("code", name="survey_window_pkey"),
    )
    op.create_table(
        "tablet",
        _text("id"),
        _text("sender"),
        _text("touchpoint"),
        _big("made_at"),
        _text("pairing_hash", nullable=True),
        _big("pairing_until", nullable=True),
        _text("secret_hash", nullable=True),
        _big("paired_at", nullable=True),
        _big("seen_at", nullable=True),
        _integer("waiting"),
        _big("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="tablet_pkey"),
        sa.UniqueConstraint("pairing_hash", name="tablet_pairing_hash_key"),
        sa.UniqueConstraint("secret_hash", name="tablet_secret_hash_key"),
        sa.UniqueConstraint("sender", name="tablet_sender_key"),
    )
    op.create_table(
        "paper_form",
        _text("nonce"),
        _text("batch"),
        _integer("place"),
        _long_text("said"),
        sa.PrimaryKeyConstraint("nonce", name="paper_form_pkey"),
        sa.ForeignKeyConstraint(["batch"], ["paper_batch.id"], name="paper_form_batch_fkey"),
    )
    op.create_index("paper_form_batch_place_idx", "paper_form", ["batch", "place"])


def _make_comments() -> None:
    op.create_table(
        "comment",
        _text("id"),
        _text("touchpoint"),
        _text("survey"),
        _integer("version"),
        _text("question"),
        _text("channel"),
        _text("language"),
        _day("received_on"),
        _long_text("text"),
        _text("masked"),
        _big("read_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="comment_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("comment_received_on_idx", "comment", ["received_on"])
    op.create_index("comment_touchpoint_idx", "comment", ["touchpoint"])
    op.create_table(
        "theme",
        _text("code"),
        _text("name_bg"),
        _text("name_en"),
        _long_text("stems"),
        _boolean("retired"),
        sa.PrimaryKeyConstraint("code", name="theme_pkey"),
    )
    op.create_table(
        "theme_tally",
        _text("touchpoint"),
        _text("survey"),
        _text("month"),
        _text("theme"),
        _integer("number"),
        _integer("told"),
        sa.PrimaryKeyConstraint("touchpoint", "survey", "month", "theme", name="theme_tally_pkey"),
    )
    op.create_table(
        "comment_forward",
        _text("id"),
        _text("comment"),
        _text("unit"),
        _big("forwarded_at"),
        sa.PrimaryKeyConstraint("id", name="comment_forward_pkey"),
        sa.ForeignKeyConstraint(
            ["comment"], ["comment.id"], name="comment_forward_comment_fkey", ondelete="CASCADE"
        ),
    )
    op.create_index("comment_forward_comment_idx", "comment_forward", ["comment"])
    op.create_table(
        "comment_theme",
        _text("comment"),
        _text("theme"),
        sa.PrimaryKeyConstraint("comment", "theme", name="comment_theme_pkey"),
        sa.ForeignKeyConstraint(
            ["comment"], ["comment.id"], name="comment_theme_comment_fkey", ondelete="CASCADE"
        ),
    )
    op.create_index("comment_theme_theme_idx", "comment_theme", ["theme"])


def _make_fleet() -> None:
    op.create_table(
        "notice_handling",
        _big("notice"),
        _text("account"),
        _big("taken_up_at", nullable=True),
        _big("snoozed_until", nullable=True),
        sa.PrimaryKeyConstraint("notice", name="notice_handling_pkey"),
    )


def _big(name: str, *, nullable: bool = False, autoincrement: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=autoincrement)


def _boolean(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(10), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _long_text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)
