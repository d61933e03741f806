"""Accounts: of staff and of citizens."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_accounts()


def _make_accounts() -> None:
    op.create_table(
        "account",
        _text("id"),
        _text("kind"),
        _text("sign_in_name"),
        _text("name"),
        _text("state"),
        _text("party", nullable=True),
        _text("employee", nullable=True),
        _content("email", nullable=True),
        _big("email_confirmed_at", nullable=True),
        _text("password_hash", nullable=True),
        _big("password_set_at", nullable=True),
        _content("totp_secret", nullable=True),
        _big("totp_confirmed_at", nullable=True),
        _big("totp_step", nullable=True),
        _big("made_at"),
        _big("signed_in_at", nullable=True),
        _big("locked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="account_pkey"),
        sa.UniqueConstraint("employee", name="account_employee_key"),
        sa.UniqueConstraint("party", name="account_party_key"),
        sa.UniqueConstraint("sign_in_name", name="account_sign_in_name_key"),
    )
    op.create_table(
        "account_policy",
        _text("code"),
        _text("second_factor"),
        _boolean("two_persons"),
        sa.PrimaryKeyConstraint("code", name="account_policy_pkey"),
    )
    op.create_table(
        "account_ticket",
        _text("secret_hash"),
        _text("session"),
        _big("valid_until"),
        sa.PrimaryKeyConstraint("secret_hash", name="account_ticket_pkey"),
    )
    op.create_table(
        "sign_in_attempt",
        _text("state_hash"),
        _text("provider"),
        _text("browser_hash"),
        _content("kept"),
        _text("next"),
        _big("valid_until"),
        sa.PrimaryKeyConstraint("state_hash", name="sign_in_attempt_pkey"),
    )
    op.create_table(
        "sign_in_directory",
        _text("code"),
        _text("name"),
        _text("kind"),
        _text("issuer"),
        _text("client_id"),
        _content("client_secret"),
        _text("login_claim"),
        _text("identifier_claim"),
        _boolean("is_on"),
        sa.PrimaryKeyConstraint("code", name="sign_in_directory_pkey"),
    )
    op.create_table(
        "sign_in_try",
        _text("who"),
        _integer("tries"),
        _big("first_at"),
        _big("last_at"),
        sa.PrimaryKeyConstraint("who", name="sign_in_try_pkey"),
    )
    op.create_index("sign_in_try_last_at_idx", "sign_in_try", ["last_at"])
    op.create_table(
        "account_identity",
        _text("id"),
        _text("account"),
        _text("provider"),
        _text("login", nullable=True),
        _text("subject", nullable=True),
        sa.PrimaryKeyConstraint("id", name="account_identity_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_identity_account_fkey"),
    )
    op.create_index("account_identity_account_idx", "account_identity", ["account"])
    op.create_index(
        "account_identity_provider_login_idx",
        "account_identity",
        ["provider", "login"],
        unique=True,
    )
    op.create_index(
        "account_identity_provider_subject_idx",
        "account_identity",
        ["provider", "subject"],
        unique=True,
    )
    op.create_table(
        "account_mail_code",
        _text("account"),
        _text("use"),
        _text("code_hash"),
        _big("valid_until"),
        _integer("tries_left"),
        sa.PrimaryKeyConstraint("account", "use", name="account_mail_code_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_mail_code_account_fkey"),
    )
    op.create_table(
        "account_recovery",
        _text("code_hash"),
        _text("account"),
        sa.PrimaryKeyConstraint("code_hash", name="account_recovery_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_recovery_account_fkey"),
    )
    op.create_index("account_recovery_account_idx", "account_recovery", ["account"])
    op.create_table(
        "account_role",
        _text("account"),
        _text("role"),
        sa.PrimaryKeyConstraint("account", "role", name="account_role_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_role_account_fkey"),
    )
    op.create_table(
        "account_session",
        _text("id"),
        _text("secret_hash"),
        _text("account"),
        _text("stage"),
        _text("means"),
        _text("browser"),
        _big("began_at"),
        _big("seen_at"),
        _big("proved_at"),
        _big("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="account_session_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_session_account_fkey"),
        sa.UniqueConstraint("secret_hash", name="account_session_secret_hash_key"),
    )
    op.create_index("account_session_account_idx", "account_session", ["account"])
    op.create_table(
        "account_slip",
        _text("id"),
        _text("account"),
        _text("kind"),
        _text("code_hash", nullable=True),
        _content("document", nullable=True),
        _text("issued_by"),
        _big("issued_at"),
        _text("approved_by", nullable=True),
        _big("approved_at", nullable=True),
        _big("printed_at", nullable=True),
        _big("valid_until", nullable=True),
        _big("used_at", nullable=True),
        _big("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="account_slip_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_slip_account_fkey"),
        sa.UniqueConstraint("code_hash", name="account_slip_code_hash_key"),
    )
    op.create_index("account_slip_account_idx", "account_slip", ["account"])
    op.create_table(
        "account_unit",
        _text("account"),
        _text("unit"),
        sa.PrimaryKeyConstraint("account", "unit", name="account_unit_pkey"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="account_unit_account_fkey"),
    )


def _big(name: str, *, nullable: bool = False, autoincrement: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, autoincrement=autoincrement)


def _boolean(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _content(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)
