"""Places and their settings, surveys, people served; certificates, enrolments, orders, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_columns()
    _make_places()
    _make_fleet()
    _make_health()


def _add_columns() -> None:
    op.add_column("touchpoint", _day("retired_on", nullable=True))
    op.add_column("device", _day("retired_on", nullable=True))
    op.add_column("device", _big("pinned", nullable=True))
    for column in (
        _text("refusal", nullable=True),
        _big("oldest_waiting_s", nullable=True),
        _big("clock_offset_ms", nullable=True),
        _float("temperature_c", nullable=True),
        _text("throttling", nullable=True),
        _big("disk_total_bytes", nullable=True),
        _integer("signal_dbm", nullable=True),
        _big("certificate_expires_at", nullable=True),
    ):
        op.add_column("device_status", column)


def _make_places() -> None:
    op.create_table(
        "location",
        _text("code"),
        _text("site"),
        _text("name"),
        _big("added_at"),
        _day("retired_on", nullable=True),
        sa.PrimaryKeyConstraint("code", name="location_pkey"),
    )
    op.create_table(
        "placement",
        _text("kind"),
        _text("code"),
        _day("from_on"),
        _text("location", nullable=True),
        sa.PrimaryKeyConstraint("kind", "code", "from_on", name="placement_pkey"),
    )
    op.create_table(
        "place_setting",
        _text("kind"),
        _text("code"),
        _text("key"),
        _day("from_on"),
        _long("value", nullable=True),
        _big("set_at"),
        sa.PrimaryKeyConstraint("kind", "code", "key", "from_on", name="place_setting_pkey"),
    )
    op.create_table(
        "survey_version",
        _text("code"),
        _integer("version"),
        _long("content"),
        _big("published_at"),
        sa.PrimaryKeyConstraint("code", "version", name="survey_version_pkey"),
    )
    op.create_table(
        "served",
        _text("kind"),
        _text("code"),
        _big("hour_at"),
        _text("source"),
        _big("people"),
        _big("entered_at"),
        sa.PrimaryKeyConstraint("kind", "code", "hour_at", "source", name="served_pkey"),
    )


def _make_fleet() -> None:
    op.create_table(
        "device_placement",
        _text("device"),
        _big("from_at"),
        _text("touchpoint", nullable=True),
        sa.PrimaryKeyConstraint("device", "from_at", name="device_placement_pkey"),
    )
    op.create_table(
        "device_configuration",
        _number("revision"),
        _text("device"),
        _long("content"),
        _text("note"),
        _big("made_at"),
        _big("published_at", nullable=True),
        sa.PrimaryKeyConstraint("revision", name="device_configuration_pkey"),
    )
    op.create_index(
        "device_configuration_device_revision_idx", "device_configuration", ["device", "revision"]
    )
    op.create_table(
        "enrolment",
        _text("label"),
        _text("site"),
        _text("device"),
        _bytes("secret"),
        _big("made_at"),
        _big("expires_at"),
        _integer("tries_left"),
        _big("used_at", nullable=True),
        _big("ended_at", nullable=True),
        _text("key_digest", nullable=True),
        _text("serial", nullable=True),
        sa.PrimaryKeyConstraint("label", name="enrolment_pkey"),
    )
    op.create_index("enrolment_device_idx", "enrolment", ["device"])
    op.create_table(
        "enrolment_attempt",
        _number("number"),
        _big("at"),
        _text("address"),
        _text("label", nullable=True),
        _text("device", nullable=True),
        _text("result"),
        sa.PrimaryKeyConstraint("number", name="enrolment_attempt_pkey"),
    )
    op.create_index("enrolment_attempt_at_idx", "enrolment_attempt", ["at"])
    op.create_table(
        "certificate",
        _text("serial"),
        _text("purpose"),
        _text("subject"),
        _text("key_digest"),
        _long("pem"),
        _big("issued_at"),
        _big("expires_at"),
        _big("replaced_at", nullable=True),
        _big("revoked_at", nullable=True),
        _text("revoked_why", nullable=True),
        _big("enforced_at", nullable=True),
        sa.PrimaryKeyConstraint("serial", name="certificate_pkey"),
    )
    op.create_index("certificate_subject_idx", "certificate", ["subject"])


def _make_health() -> None:
    op.create_table(
        "device_order",
        _text("id"),
        _text("site"),
        _text("device"),
        _text("name"),
        _long("args"),
        _big("asked_at"),
        _big("expires_at"),
        _big("sent_at", nullable=True),
        _big("answered_at", nullable=True),
        _boolean("is_ok", nullable=True),
        _long("detail", nullable=True),
        _long("report", nullable=True),
        sa.PrimaryKeyConstraint("id", name="device_order_pkey"),
    )
    op.create_index("device_order_device_asked_at_idx", "device_order", ["device", "asked_at"])
    op.create_table(
        "notice",
        _number("number"),
        _text("site"),
        _text("device"),
        _text("rule"),
        _long("detail"),
        _big("opened_at"),
        _big("closed_at", nullable=True),
        _big("told_opened_at", nullable=True),
        _big("told_closed_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name="notice_pkey"),
    )
    op.create_index("notice_closed_at_idx", "notice", ["closed_at"])


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _long(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(10), nullable=nullable)


def _big(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _boolean(name: str, *, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _float(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)
