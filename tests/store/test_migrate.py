"""Making, updating and refusing databases."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from broker.store import fleet_tables, migrate, place_tables, tally_tables
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.errors import OpenError, StoreError, UnavailableError
from broker.store.migrate import FEEDBACK, VERSION_TABLE, open_database
from broker.store.rebuild import is_due
from broker.store.registry import list_sites
from broker.store.tables import FeedbackTable

OPEN = "import sys; from broker.store.migrate import open_database; open_database(sys.argv[1])"

_SITE = "INSERT INTO site VALUES ('town', 'Town', 'Europe/Sofia')"
_STREAMS = """
INSERT INTO stream (number, stream, device, greatest_seq, stored_seqs)
VALUES (1, 'one', 'kiosk-1', 1, 1), (2, 'two', 'kiosk-2', 1, 1)
"""
_EVENTS = """
INSERT INTO event (
    id, kind, site, device, stream, seq, visit, touchpoint, survey, survey_version, question,
    scale, value, channel, input, language, answered_at, clock, precision, boot, uptime_ms,
    received_at
)
SELECT code, 'rating', 'town', '', 1, 1, '', '', '', 1, '', 'faces-4', 3, '', '', '', 1, '', '',
    '', 1, 1
FROM (SELECT 'a' AS code UNION SELECT 'b') AS codes
"""
_FLAGS = "INSERT INTO flag SELECT id, 'seq-clash', 1, 1 FROM event"
OLD_ROWS = (_SITE, _STREAMS, _EVENTS, _FLAGS)


def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    """A migrated database has exactly the tables that the classes declare."""
    for model in (fleet_tables.Notice, place_tables.Location, tally_tables.RatingDayTally):
        assert model.metadata is FeedbackTable.metadata
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, FeedbackTable.metadata) == []


def test_head_is_the_newest_revision() -> None:
    """What is known without Alembic is what Alembic says."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [FEEDBACK.head]


def test_opening_again_changes_nothing(database: Database) -> None:
    """A database that is up to date is left alone."""
    again = open_database(database.url.render_as_string(hide_password=False))
    assert list_sites(again) == []
    again.close()


def test_two_programs_may_open_a_new_database_at_once(new_database_url: str) -> None:
    """The first makes the tables, the others wait and find them."""
    command = [sys.executable, "-c", OPEN, new_database_url]
    openers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    errors = [opener.communicate()[1].decode() for opener in openers]
    assert errors == ["", "", ""]
    database = open_database(new_database_url)
    assert list_sites(database) == []
    database.close()


def test_a_newer_database_is_refused(database: Database) -> None:
    """A program doesn't touch what a newer one has made."""
    with database.transaction() as connection:
        connection.exec_driver_sql("UPDATE feedback_version SET version_num = '9999'")
    with pytest.raises(OpenError, match="made by a newer Otziv"):
        open_database(database.url.render_as_string(hide_password=False))


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    """A text file is not overwritten by a database."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear citizens, " * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_database(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear citizens")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("feedback.db", "no address of a database"),
        ("mysql://localhost/x", "mysql is not supported"),
        ("sqlite://", "needs a file"),
        ("postgresql://otziv@localhost:fivefour/x", "the port a number"),
        ("sqlite:////no/such/folder/x.db", "folder /no/such/folder"),
    ],
)
def test_a_wrong_address_is_explained(url: str, said: str) -> None:
    """The error says what an address looks like."""
    with pytest.raises(OpenError, match=said):
        open_database(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:/otziv:geheim@localhost/x",
        "otziv:geheim@localhost",
        "postgresql://otziv:geheim/x",
        "postgresql://otziv:geheim@localhost:x/x",
        "postgresql ://localhost/x?password=geheim",
    ],
)
def test_a_mistyped_address_shows_no_password(url: str) -> None:
    """Neither the error nor what it was raised from; it goes to a log."""
    with pytest.raises(OpenError, match="no address of a database") as caught:
        open_database(url)
    told = "".join(traceback.format_exception(caught.value))
    assert "geheim" not in told.replace(url, "")
    assert "geheim" not in str(caught.value)


def test_a_password_is_not_shown(database: Database) -> None:
    """Wherever it stands in the address."""
    shown = Database("postgresql://otziv:geheim@localhost/x?password=geheim&sslmode=require")
    assert "geheim" not in str(shown)
    assert "sslmode=require" in str(shown)
    shown.close()
    assert str(database)


def test_clashes_of_old_are_counted(new_database_url: str) -> None:
    """A database of the first schema gets its clashes counted from their flags."""
    database = Database(new_database_url)
    with database.transaction() as connection:
        upgrade(connection, "0001")
        for sql in OLD_ROWS:
            connection.exec_driver_sql(sql)
    database.close()
    database = open_database(new_database_url)
    assert [(each.device, each.clashes) for each in completeness(database)] == [
        ("kiosk-1", 2),
        ("kiosk-2", 0),
    ]
    database.close()


def test_new_rollups_are_counted_from_old_rows(new_database_url: str) -> None:
    """Whoever opens an older database first counts what it hasn't counted yet; and once."""
    database = Database(new_database_url)
    with database.transaction() as connection:
        upgrade(connection, "0005")
        for sql in (*OLD_ROWS, "UPDATE stream SET clashes = 2 WHERE number = 1"):
            connection.exec_driver_sql(sql)
    database.close()
    for _ in range(2):
        database = open_database(new_database_url)
        with database.reading() as connection:
            found = connection.exec_driver_sql("SELECT raw_3, filtered_3 FROM rating_day_tally")
            assert [tuple(row) for row in found] == [(2, 2)]
            assert not is_due(connection)
        with database.transaction() as connection:
            connection.exec_driver_sql("DELETE FROM event")  # a second count would find nothing
        database.close()


def upgrade(connection: Connection, revision: str) -> None:
    """Bring an empty database to an earlier revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@pytest.mark.postgres
def test_no_such_server_is_explained(tmp_path: Path) -> None:
    """The error says what to do, and doesn't show the password."""
    with pytest.raises(UnavailableError) as caught:
        open_database(f"postgresql://otziv:geheim@/otziv?host={tmp_path}")
    assert "geheim" not in str(caught.value)
