"""The audit log: only added to, chained, one at a time."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from broker.store.database import Database
from portal.audit.heads import HeadsError, begin_heads, keep_head, read_heads
from portal.audit.log import CONSOLE, NO_HASH, SYSTEM, head, note
from portal.audit.verify import verify
from portal.keys import Keys
from portal.web.actor import Actor

EVA = Actor("staff", "0192eva", "Eva", frozenset({"clerk"}))


def fill(database: Database, count: int = 5) -> None:
    """Note ``count`` things."""
    for number in range(count):
        with database.transaction() as connection:
            note(
                connection, EVA, "people.party-changed", f"p{number}", fields=["address"], n=number
            )


def without_triggers(database: Database, sql: str) -> None:
    """What somebody with the file, or the owner's rights, can do."""
    with database.transaction() as connection:
        if database.dialect == "sqlite":
            for name in ("keeps", "stays", "is_new"):
                connection.execute(text(f"DROP TRIGGER audit_entry_{name}"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        connection.execute(text(sql))


def test_an_empty_log_is_whole(portal_database: Database) -> None:
    """Nothing noted, nothing wrong."""
    found = verify(portal_database)
    assert (found.is_whole, found.entries) == (True, 0)


def test_entries_are_numbered_and_chained(portal_database: Database) -> None:
    """The head is that of the last entry."""
    fill(portal_database)
    found = verify(portal_database)
    assert (found.is_whole, found.entries) == (True, 5)
    with portal_database.reading() as connection:
        assert head(connection) == (5, found.head)


def test_what_is_rolled_back_is_not_in_the_log(portal_database: Database) -> None:
    """And leaves no gap."""

    def fail() -> None:
        with portal_database.transaction() as connection:
            note(connection, SYSTEM, "upkeep.erased", "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    fill(portal_database, 2)
    assert verify(portal_database).entries == 2


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor = 'somebody' WHERE number = 2",
        "DELETE FROM audit_entry WHERE number = 5",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_changes(portal_database: Database, sql: str) -> None:
    """Whatever program asks for them."""
    fill(portal_database)

    def change() -> None:
        with portal_database.transaction() as connection:
            connection.execute(text(sql))

    with pytest.raises(DBAPIError, match="only ever added to"):
        change()
    assert verify(portal_database).entries == 5


def test_the_database_refuses_replacing(portal_database: Database) -> None:
    """Nor is emptying a way around."""
    fill(portal_database, 2)
    values = "VALUES (2, 0, 'staff', 'x', 'a.b', '', '{}', 'h')"
    sql = f"INSERT OR REPLACE INTO audit_entry {values}"
    if portal_database.dialect == "postgresql":
        sql = "TRUNCATE audit_entry"

    def change() -> None:
        with portal_database.transaction() as connection:
            connection.execute(text(sql))

    with pytest.raises(DBAPIError, match="only ever added to"):
        change()


@pytest.mark.parametrize(
    ("sql", "broken_at", "reason"),
    [
        ("UPDATE audit_entry SET actor = 'other' WHERE number = 3", 3, "changed"),
        ("UPDATE audit_entry SET at = at + 1 WHERE number = 3", 3, "changed"),
        ("UPDATE audit_entry SET facts = '{}' WHERE number = 1", 1, "changed"),
        ("UPDATE audit_entry SET hash = '00' WHERE number = 5", 5, "changed"),
        ("DELETE FROM audit_entry WHERE number = 3", 3, "missing"),
        ("UPDATE audit_entry SET number = 9 WHERE number = 5", 5, "missing"),
    ],
)
def test_tampering_is_found(
    portal_database: Database, sql: str, broken_at: int, reason: str
) -> None:
    """By the first entry that does not follow."""
    fill(portal_database)
    without_triggers(portal_database, sql)
    found = verify(portal_database)
    assert found.broken_at == broken_at
    assert reason in found.reason


def test_a_log_cut_off_is_found_by_its_head(portal_database: Database) -> None:
    """Which was kept elsewhere."""
    fill(portal_database)
    with portal_database.reading() as connection:
        number, last = head(connection)
    without_triggers(portal_database, "DELETE FROM audit_entry WHERE number > 3")
    assert verify(portal_database).is_whole, "the chain alone can't know"
    found = verify(portal_database, {number: last})
    assert (found.broken_at, "cut off" in found.reason) == (4, True)


def test_a_log_rewritten_is_found_by_its_head(portal_database: Database) -> None:
    """Though its chain is in order."""
    fill(portal_database, 2)
    with portal_database.reading() as connection:
        number, last = head(connection)
    without_triggers(portal_database, "DELETE FROM audit_entry")
    fill(portal_database, 3)
    assert verify(portal_database).is_whole
    found = verify(portal_database, {number: last})
    assert (found.broken_at, "rewritten" in found.reason) == (2, True)


def test_race_of_writers_makes_one_chain(portal_database: Database) -> None:
    """Each waits for its turn."""

    def write(name: str) -> None:
        for number in range(20):
            with portal_database.transaction() as connection:
                note(connection, CONSOLE, "accounts.locked", f"{name}{number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    found = verify(portal_database)
    assert (found.is_whole, found.entries) == (True, 80)


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("Locked", {}),
        ("accounts", {}),
        ("accounts.locked", {"x": object()}),
        ("accounts.locked", {"x": float("nan")}),
        ("accounts.locked", {"x": "long" * 1000}),
    ],
)
def test_what_is_no_entry_is_refused(
    portal_database: Database, action: str, facts: dict[str, object]
) -> None:
    """It is a fault of the program that notes it."""
    with (
        portal_database.transaction() as connection,
        pytest.raises(ValueError, match=r"action|facts"),
    ):
        note(connection, EVA, action, "", **facts)


def test_heads_are_kept_and_signed(tmp_path: Path) -> None:
    """A line that was changed is named."""
    keys, path = Keys(b"test" * 8), tmp_path / "heads.txt"
    assert read_heads(path, keys) == {}
    begin_heads(path, keys)
    begin_heads(path, keys)
    assert read_heads(path, keys) == {0: NO_HASH}
    keep_head(path, keys, 5, "ab" * 32)
    keep_head(path, keys, 9, "cd" * 32)
    assert read_heads(path, keys) == {0: NO_HASH, 5: "ab" * 32, 9: "cd" * 32}
    path.write_text(path.read_text().replace("abab", "acac", 1))
    with pytest.raises(HeadsError, match="line 2"):
        read_heads(path, keys)
