"""A million entries: proved within a minute, with the one that was changed."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text

from broker.store.columns import from_ms
from broker.store.database import Database
from portal.audit.log import NO_HASH, canonical, chained
from portal.audit.tables import AuditEntry
from portal.audit.verify import verify
from portal.store.tables import table_of

ENTRIES = 1_000_000
MOST_S = 60


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_million_entries(portal_database: Database) -> None:
    """This is the one promise about time that stands here: an auditor waits for it."""
    before, batch = NO_HASH, []
    at_ms = round(datetime(2026, 11, 22, tzinfo=UTC).timestamp() * 1000)
    facts = canonical({"fields": ["address", "phone"], "revision": 3})
    with portal_database.transaction() as connection:
        for number in range(1, ENTRIES + 1):
            said = (number, at_ms + number, "staff", "0193abc", "people.party-changed", "p", facts)
            before = chained(before, said)
            batch.append(dict(zip(_COLUMNS, (*said, before), strict=True)))
            batch[-1]["at"] = from_ms(at_ms + number)
            if len(batch) == 10_000:
                connection.execute(insert(table_of(AuditEntry)), batch)
                batch.clear()
    began_s = time.monotonic()
    found = verify(portal_database)
    took_s = time.monotonic() - began_s
    assert (found.is_whole, found.entries, found.head) == (True, ENTRIES, before)
    assert took_s <= MOST_S
    with portal_database.transaction() as connection:
        if portal_database.dialect == "sqlite":
            connection.execute(text("DROP TRIGGER audit_entry_keeps"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        change = text("UPDATE audit_entry SET actor = 'x' WHERE number = :number")
        connection.execute(change, {"number": ENTRIES - 1})
    assert verify(portal_database).broken_at == ENTRIES - 1


_COLUMNS = ("number", "at", "actor_kind", "actor", "action", "about", "facts", "hash")
