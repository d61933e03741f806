"""Transactions, and what happens when the database does not answer."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from broker.store.database import Database
from broker.store.errors import StoreError, UnavailableError
from broker.store.migrate import open_database
from broker.store.registry import add_site, list_sites
from tests.fixtures.databases import PostgresServer


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


@pytest.mark.postgres
def test_commits_of_postgres_are_durable(postgres_server: PostgresServer) -> None:
    """Whatever the cluster's own setting, unless it asks for more."""
    name = postgres_server.create(is_migrated=True)
    for set_by_cluster, expected in (("off", "on"), ("remote_apply", "remote_apply")):
        postgres_server.execute(f"ALTER DATABASE {name} SET synchronous_commit = {set_by_cluster}")
        database = Database(postgres_server.url(name))
        with contextlib.suppress(_Trouble), database.transaction():
            raise _Trouble  # and rolling back must not take back what was set
        with database.transaction() as connection:
            found = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
        database.close()
        assert found == expected
    postgres_server.drop(name)


@pytest.mark.postgres
def test_silence_is_not_borne_for_ever(postgres_server: PostgresServer) -> None:
    """A network that swallows packets is noticed; an address may set its own limits."""
    database = Database(postgres_server.url("postgres") + "&connect_timeout=7")
    with database.reading() as connection:
        driver: Any = connection.connection.dbapi_connection
        said = driver.info.get_parameters()
    database.close()
    assert said["connect_timeout"] == "7"
    assert int(said["tcp_user_timeout"]) <= 60_000
    assert int(said["keepalives_idle"]) + 4 * int(said["keepalives_interval"]) <= 60


def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes our connection, and says nothing."""
    monkeypatch.setattr("broker.store.database.CONNECT_TIMEOUT_S", 2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"postgresql://otziv@127.0.0.1:{mute.getsockname()[1]}/x"
        with pytest.raises(UnavailableError, match="timeout"):
            open_database(url)


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


@pytest.mark.parametrize("is_replaced", [False, True])
def test_nothing_is_stored_in_a_file_that_nobody_can_find(
    tmp_path: Path, is_replaced: bool
) -> None:
    """Deleted or replaced while in use: the writer is told, and goes on with what is there."""
    path, other = tmp_path / "feedback.sqlite3", tmp_path / "other.sqlite3"
    opened = open_database(f"sqlite:///{path}")
    open_database(f"sqlite:///{other}").close()
    add_site(opened, "troyan")
    for file in tmp_path.glob("feedback.sqlite3*"):
        file.unlink()
    if is_replaced:
        other.rename(path)

    with pytest.raises(UnavailableError, match="deleted or replaced"):
        add_site(opened, "smolyan")

    if is_replaced:
        add_site(opened, "smolyan")
        assert [site.code for site in list_sites(opened)] == ["smolyan"]
    opened.close()
