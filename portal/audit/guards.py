"""Whether the database still refuses to change the log: its triggers, as they were made."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from portal.audit.tables import APPEND_ONLY

_SQLITE: Final = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
_POSTGRESQL: Final = """
SELECT t.tgname, t.tgenabled, t.tgtype, p.prosrc
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = 'audit_entry'::regclass AND NOT t.tgisinternal
"""
_ROW_UPDATE_DELETE: Final = 1 | 2 | 8 | 16
_TRUNCATE: Final = 2 | 32
"""What PostgreSQL calls a trigger's type (``pg_trigger.tgtype``): row 1, before 2, delete 8, update
16, truncate 32."""


def missing_guards(connection: Connection) -> str:
    """Names of triggers that are gone, switched off or changed; empty: all are there."""
    if connection.dialect.name == "sqlite":
        found = {_plain(sql) for (sql,) in connection.execute(text(_SQLITE))}
        wanted = APPEND_ONLY["sqlite"]
        missing = [sql.split()[2] for sql in wanted if _plain(sql) not in found]
    else:
        missing = _missing_in_postgresql(connection)
    return ", ".join(missing)


def _missing_in_postgresql(connection: Connection) -> list[str]:
    body = _plain(APPEND_ONLY["postgresql"][0].split("$$")[1])
    found = {
        (row.tgname, int(row.tgtype))
        for row in connection.execute(text(_POSTGRESQL))
        if _as_text(row.tgenabled) in {"O", "A"} and _plain(row.prosrc) == body
    }
    wanted = {"audit_entry_keeps": _ROW_UPDATE_DELETE, "audit_entry_stays": _TRUNCATE}
    return [name for name, kind in wanted.items() if (name, kind) not in found]


def _as_text(found: str | bytes) -> str:
    """PostgreSQL's type ``"char"``, which drivers read in their own ways."""
    return found.decode() if isinstance(found, bytes) else found


def _plain(sql: str) -> str:
    return " ".join(sql.split())
