"""Transactions, and what happens when the database does not answer."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from broker.store.database import Database
from broker.store.errors import StoreError, UnavailableError
from broker.store.migrate import open_database
from broker.store.registry import add_site, list_sites


class _Trouble(Exception):  # noqa: N818  # it is thrown, not reported
    """Something happens in the middle."""


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    """What was written before an error is gone."""
    with contextlib.suppress(_Trouble), database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO site VALUES ('troyan', 'x', 'UTC')")
        raise _Trouble
    assert list_sites(database) == []


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    """The dashboard reads while the collector writes, and sees what was committed."""
    with database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO site VALUES ('troyan', 'x', 'UTC')")
        assert list_sites(database) == []
    assert len(list_sites(database)) == 1


def test_commits_are_durable(tmp_path: Path) -> None:
    """SQLite runs with a write-ahead log and full synchronisation, on every connection."""
    database = open_database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    for _ in range(2):
        with database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.close()


def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that waited in vain tells what to do."""
    monkeypatch.setattr("broker.store.database.BUSY_TIMEOUT_S", 0.05)
    path = tmp_path / "x.sqlite3"
    database = open_database(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="another program has been writing"):
        add_site(database, "troyan")
    other.execute("ROLLBACK")
    other.close()
    assert add_site(database, "troyan")
    database.close()


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes) -> None:
    """An empty file is a new database; a damaged one is told, and left as it is."""
    path = tmp_path / "x.sqlite3"
    path.write_bytes(damage)
    if not damage:
        open_database(f"sqlite:///{path}").close()
        return
    with pytest.raises(StoreError):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == damage
