"""Parties and addresses, settlements, units and who works there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_people()


def _make_people() -> None:
    op.create_table(
        "employee",
        _text("id"),
        _text("first_name"),
        _text("middle_name"),
        _text("last_name"),
        _text("latin_name"),
        _text("name_key"),
        _text("e_mail"),
        _text("phone"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        _integer("revision"),
        sa.PrimaryKeyConstraint("id", name="employee_pkey"),
    )
    op.create_table(
        "party",
        _text("id"),
        _text("kind"),
        _text("first_name"),
        _text("middle_name"),
        _text("last_name"),
        _text("name"),
        _text("latin_name"),
        _long_text("name_key"),
        _day("born_on", nullable=True),
        _text("e_mail"),
        _text("phone"),
        _text("other_phone"),
        _big("entered_at"),
        _integer("revision"),
        _text("merged_into", nullable=True),
        _big("erased_at", nullable=True),
        _text("erased_because"),
        sa.PrimaryKeyConstraint("id", name="party_pkey"),
        sa.ForeignKeyConstraint(["merged_into"], ["party.id"], name="party_merged_into_fkey"),
    )
    op.create_index("party_merged_into_idx", "party", ["merged_into"])
    op.create_table(
        "settlement",
        _text("code"),
        _day("ended_on", nullable=True),
        _text("successor", nullable=True),
        sa.PrimaryKeyConstraint("code", name="settlement_pkey"),
        sa.ForeignKeyConstraint(
            ["successor"], ["settlement.code"], name="settlement_successor_fkey"
        ),
    )
    op.create_table(
        "territory",
        _text("kind"),
        _text("code"),
        _day("valid_from"),
        _text("name"),
        _text("name_en"),
        _text("seat"),
        _boolean("is_gone"),
        sa.PrimaryKeyConstraint("kind", "code", "valid_from", name="territory_pkey"),
    )
    op.create_table(
        "absence",
        _text("id"),
        _text("employee"),
        _day("first_on"),
        _day("last_on"),
        _text("deputy", nullable=True),
        sa.PrimaryKeyConstraint("id", name="absence_pkey"),
        sa.ForeignKeyConstraint(["deputy"], ["employee.id"], name="absence_deputy_fkey"),
        sa.ForeignKeyConstraint(["employee"], ["employee.id"], name="absence_employee_fkey"),
    )
    op.create_index("absence_employee_idx", "absence", ["employee"])
    op.create_table(
        "address",
        _text("id"),
        _text("party"),
        _text("kind"),
        _text("country"),
        _text("settlement", nullable=True),
        _text("postal_code"),
        _text("location_code"),
        _text("location"),
        _text("number"),
        _text("entrance"),
        _text("floor"),
        _text("apartment"),
        _long_text("abroad"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        sa.PrimaryKeyConstraint("id", name="address_pkey"),
        sa.ForeignKeyConstraint(["party"], ["party.id"], name="address_party_fkey"),
        sa.ForeignKeyConstraint(
            ["settlement"], ["settlement.code"], name="address_settlement_fkey"
        ),
        sa.UniqueConstraint(
            "party", "kind", "valid_from", name="address_party_kind_valid_from_key"
        ),
    )
    op.create_index("address_settlement_idx", "address", ["settlement"])
    op.create_table(
        "party_identifier",
        _text("hash"),
        _text("party"),
        _text("kind"),
        _text("country"),
        _content("sealed"),
        _boolean("is_current"),
        _big("since"),
        sa.PrimaryKeyConstraint("hash", name="party_identifier_pkey"),
        sa.ForeignKeyConstraint(["party"], ["party.id"], name="party_identifier_party_fkey"),
    )
    op.create_index("party_identifier_party_idx", "party_identifier", ["party"])
    op.create_table(
        "settlement_state",
        _text("code"),
        _day("valid_from"),
        _text("kind"),
        _text("name"),
        _text("name_en"),
        _text("name_key"),
        _text("municipality"),
        _text("mayoralty"),
        _text("postal_code"),
        _number("longitude", nullable=True),
        _number("latitude", nullable=True),
        sa.PrimaryKeyConstraint("code", "valid_from", name="settlement_state_pkey"),
        sa.ForeignKeyConstraint(["code"], ["settlement.code"], name="settlement_state_code_fkey"),
    )
    op.create_index("settlement_state_municipality_idx", "settlement_state", ["municipality"])
    op.create_index("settlement_state_name_key_idx", "settlement_state", ["name_key"])
    op.create_table(
        "unit",
        _text("code"),
        _text("kind"),
        _text("parent", nullable=True),
        _text("name_bg"),
        _text("name_en"),
        _text("settlement", nullable=True),
        _text("mayoralty"),
        _text("location"),
        _text("phone"),
        _text("e_mail"),
        _long_text("opening_bg"),
        _long_text("opening_en"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        _integer("revision"),
        sa.PrimaryKeyConstraint("code", name="unit_pkey"),
        sa.ForeignKeyConstraint(["parent"], ["unit.code"], name="unit_parent_fkey"),
        sa.ForeignKeyConstraint(["settlement"], ["settlement.code"], name="unit_settlement_fkey"),
    )
    op.create_index("unit_parent_idx", "unit", ["parent"])
    op.create_table(
        "post",
        _text("id"),
        _text("unit"),
        _text("title_bg"),
        _text("title_en"),
        _boolean("is_head"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        sa.PrimaryKeyConstraint("id", name="post_pkey"),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="post_unit_fkey"),
    )
    op.create_index("post_unit_idx", "post", ["unit"])
    op.create_table(
        "unit_settlement",
        _text("unit"),
        _text("settlement"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        sa.PrimaryKeyConstraint("unit", "settlement", "valid_from", name="unit_settlement_pkey"),
        sa.ForeignKeyConstraint(
            ["settlement"], ["settlement.code"], name="unit_settlement_settlement_fkey"
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name="unit_settlement_unit_fkey"),
    )
    op.create_table(
        "appointment",
        _text("id"),
        _text("post"),
        _text("employee"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        sa.PrimaryKeyConstraint("id", name="appointment_pkey"),
        sa.ForeignKeyConstraint(["employee"], ["employee.id"], name="appointment_employee_fkey"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="appointment_post_fkey"),
        sa.UniqueConstraint("post", "valid_from", name="appointment_post_valid_from_key"),
    )
    op.create_index("appointment_employee_idx", "appointment", ["employee"])
    op.create_table(
        "deputy",
        _text("post"),
        _text("employee"),
        _day("valid_from"),
        _integer("rank"),
        _day("valid_to", nullable=True),
        sa.PrimaryKeyConstraint("post", "employee", "valid_from", name="deputy_pkey"),
        sa.ForeignKeyConstraint(["employee"], ["employee.id"], name="deputy_employee_fkey"),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name="deputy_post_fkey"),
    )


def _big(name: str, *, nullable: bool = False, autoincrement: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=autoincrement)


def _boolean(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _content(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(10), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _long_text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)
