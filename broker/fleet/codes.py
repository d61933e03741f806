"""The rows of one-time codes: made, found, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, RowMapping, insert, select, update

from broker.fleet.vault import Sealer, Vault
from broker.link.code import Code
from broker.store.fleet_tables import Enrolment
from broker.store.tables import table_of

LASTS: Final = timedelta(hours=24)
TRIES: Final = 5


def make_code(
    connection: Connection, sealer: Sealer, site: str, device: str, now: datetime
) -> tuple[Code, datetime]:
    """Give ``device`` a new code, which ends its earlier ones; the code, and when it ends.

    Labels are never used twice, so none can be mistaken for an older one's.
    """
    end_codes(connection, device, now)
    code = Code.new()
    while find_code(connection, code.label) is not None:
        code = Code.new()
    made = Enrolment(
        label=code.label,
        site=site,
        device=device,
        secret=sealer.seal(code.secret.encode(), _about(code.label)),
        made_at=now,
        expires_at=now + LASTS,
        tries_left=TRIES,
    )
    connection.execute(insert(table_of(Enrolment)).values(made.model_dump()))
    return code, made.expires_at


def end_codes(connection: Connection, device: str, now: datetime) -> None:
    """End all codes of ``device`` that have not ended; used ones, too: none is answered again."""
    table = table_of(Enrolment)
    mine = (table.c.device == device) & table.c.ended_at.is_(None)
    connection.execute(update(table).where(mine).values(ended_at=now))


def find_code(connection: Connection, label: str) -> RowMapping | None:
    """The row of ``label``; whoever changes it has locked its device."""
    table = table_of(Enrolment)
    return connection.execute(select(table).where(table.c.label == label)).mappings().first()


def is_alive(row: RowMapping, now: datetime) -> bool:
    """Whether a code may still be tried; one that was used may, by the key that used it."""
    is_due = now < row["expires_at"]
    return is_due and row["ended_at"] is None and row["tries_left"] > 0


def secret_of(row: RowMapping, vault: Vault) -> str:
    """The secret part of a code.

    Raises:
        FleetError: it was encrypted by other keys.
    """
    return vault.unseal(row["secret"], _about(row["label"])).decode()


def _about(label: str) -> str:
    return f"code {label}"
