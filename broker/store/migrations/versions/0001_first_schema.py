"""The first schema: registry, events, quarantine, status and rollups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site",
        _text("code"),
        _text("name"),
        _text("timezone"),
        sa.PrimaryKeyConstraint("code", name="site_pkey"),
    )
    op.create_table(
        "touchpoint",
        _text("code"),
        _text("site"),
        _text("name"),
        _boolean("is_test"),
        _big("added_at"),
        sa.PrimaryKeyConstraint("code", name="touchpoint_pkey"),
    )
    op.create_table(
        "device",
        _text("name"),
        _text("site"),
        _text("touchpoint", nullable=True),
        _big("added_at"),
        sa.PrimaryKeyConstraint("name", name="device_pkey"),
    )
    op.create_table(
        "stream",
        _number(),
        _text("stream"),
        _text("device"),
        _big("greatest_seq"),
        _big("stored_seqs"),
        sa.PrimaryKeyConstraint("number", name="stream_pkey"),
        sa.UniqueConstraint("stream", name="stream_stream_key"),
    )
    op.create_table(
        "event",
        _number(),
        _text("id", length=36),
        _text("kind"),
        _text("site"),
        _text("device"),
        _big("stream"),
        _big("seq"),
        _text("visit"),
        _text("touchpoint"),
        _text("survey"),
        _integer("survey_version"),
        _text("question"),
        _text("scale", nullable=True),
        _integer("value", nullable=True),
        _text("rating", nullable=True),
        _text("outcome", nullable=True),
        _text("options", nullable=True),
        _float("stated_number", nullable=True),
        _text("stated_on", length=10, nullable=True),
        _text("channel"),
        _text("input"),
        _text("language"),
        _big("answered_at"),
        _big("claimed_at", nullable=True),
        _text("clock"),
        _text("precision"),
        _text("boot"),
        _big("uptime_ms"),
        _big("received_at"),
        sa.PrimaryKeyConstraint("number", name="event_pkey"),
        sa.UniqueConstraint("id", name="event_id_key"),
    )
    op.create_index(
        "event_rating_idx",
        "event",
        ["rating"],
        sqlite_where=sa.text("rating IS NOT NULL"),
        postgresql_where=sa.text("rating IS NOT NULL"),
    )
    op.create_index("event_stream_seq_idx", "event", ["stream", "seq"])
    op.create_index("event_touchpoint_answered_at_idx", "event", ["touchpoint", "answered_at"])
    op.create_table(
        "flag",
        _text("event_id"),
        _text("reason"),
        _integer("rule_version"),
        _big("flagged_at"),
        sa.PrimaryKeyConstraint("event_id", "reason", name="flag_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarantine",
        _number(),
        _big("received_at"),
        _big("last_seen_at"),
        _integer("times_seen"),
        _text("digest"),
        _text("site"),
        _text("device"),
        _text("topic"),
        _text("stream", nullable=True),
        _big("seq", nullable=True),
        _text("event_id", nullable=True),
        _text("reason"),
        _long("detail"),
        _bytes("payload", nullable=True),
        _big("readmitted_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name="quarantine_pkey"),
        sa.UniqueConstraint("digest", name="quarantine_digest_key"),
    )
    op.create_index("quarantine_event_id_idx", "quarantine", ["event_id"])
    op.create_index("quarantine_reason_idx", "quarantine", ["reason"])
    op.create_index("quarantine_stream_seq_idx", "quarantine", ["stream", "seq"])
    op.create_table(
        "device_status",
        _text("site"),
        _text("device"),
        _big("last_seen_at", nullable=True),
        _text("availability", nullable=True),
        _big("availability_at", nullable=True),
        _big("heartbeat_at", nullable=True),
        _text("clock", nullable=True),
        _text("boot", nullable=True),
        _big("uptime_ms", nullable=True),
        _text("stream", nullable=True),
        _big("last_seq", nullable=True),
        _big("waiting", nullable=True),
        _text("version", nullable=True),
        _big("configuration", nullable=True),
        _text("faults", nullable=True),
        _big("disk_free_bytes", nullable=True),
        sa.PrimaryKeyConstraint("site", "device", name="device_status_pkey"),
    )
    op.create_table(
        "rating_day",
        _text("touchpoint"),
        _text("day", length=10),
        _text("survey"),
        _text("question"),
        _text("scale"),
        _text("channel"),
        _integer("value"),
        _big("raw"),
        _big("filtered"),
        sa.PrimaryKeyConstraint(
            "touchpoint",
            "day",
            "survey",
            "question",
            "scale",
            "channel",
            "value",
            name="rating_day_pkey",
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating_hour_of_week",
        _text("touchpoint"),
        _integer("hour_of_week"),
        _text("survey"),
        _text("question"),
        _text("scale"),
        _text("channel"),
        _integer("value"),
        _big("raw"),
        _big("filtered"),
        sa.PrimaryKeyConstraint(
            "touchpoint",
            "hour_of_week",
            "survey",
            "question",
            "scale",
            "channel",
            "value",
            name="rating_hour_of_week_pkey",
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating_block",
        _text("touchpoint"),
        _text("block", length=10),
        _text("survey"),
        _text("question"),
        _text("scale"),
        _text("channel"),
        _integer("value"),
        _big("raw"),
        _big("filtered"),
        sa.PrimaryKeyConstraint(
            "touchpoint",
            "block",
            "survey",
            "question",
            "scale",
            "channel",
            "value",
            name="rating_block_pkey",
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answer_day",
        _text("touchpoint"),
        _text("day", length=10),
        _text("survey"),
        _text("question"),
        _text("channel"),
        _text("outcome"),
        _text("option"),
        _big("raw"),
        _big("filtered"),
        sa.PrimaryKeyConstraint(
            "touchpoint",
            "day",
            "survey",
            "question",
            "channel",
            "outcome",
            "option",
            name="answer_day_pkey",
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        _text("key"),
        _big("value"),
        sa.PrimaryKeyConstraint("key", name="meta_pkey"),
    )
    # Writers of the registry lock this row, so it must be there.
    op.execute("INSERT INTO meta (key, value) VALUES ('registry', 0)")


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _text(name: str, *, length: int | None = None, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _boolean(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _float(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)
