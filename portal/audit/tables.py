"""The audit log's table: rows are added, and the database itself refuses everything else.

Each row holds the hash of the one before it and its own, so that a change made past the database's
refusal (with its file, or by its owner) is found by :mod:`portal.audit.verify`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import DDL, BigInteger, Index, Text, event
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable, table_of


class AuditEntry(PortalTable, table=True):
    """Who did what, when, to what.

    ``number`` counts from 1 without gaps. ``actor`` is an account's id, ``about`` the id of what
    it was done to; ``facts`` is canonical JSON. No name, no identifier, no free text of a citizen
    stands here: rows are never erased.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "about"), Index(None, "actor", "at"), Index(None, "at"))

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=Instant)
    actor_kind: str
    actor: str
    action: str
    about: str
    facts: str = Field(sa_type=Text)
    hash: str


_REFUSAL: Final = "the audit log is only ever added to"

APPEND_ONLY: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        f"""CREATE TRIGGER audit_entry_keeps BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
        f"""CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
        # INSERT OR REPLACE deletes without asking the trigger above.
        f"""CREATE TRIGGER audit_entry_is_new BEFORE INSERT ON audit_entry
        WHEN EXISTS (SELECT 1 FROM audit_entry WHERE number = NEW.number)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",  # noqa: S608  # no value of others
    ),
    "postgresql": (
        f"""CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
        """CREATE TRIGGER audit_entry_keeps BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()""",
        """CREATE TRIGGER audit_entry_stays BEFORE TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    ),
}
"""Dialect → statements that follow the table's making; a migration that makes it runs them too."""

for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            table_of(AuditEntry),
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
        )
