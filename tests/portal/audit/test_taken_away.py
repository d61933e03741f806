"""What the proof of the audit log stands on is missed where somebody took it away."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from broker.store.database import Database
from otziv.backup.afterwards import open_portal_of
from otziv.cli.app import app
from otziv.installation import Installation, open_installation
from portal.audit.heads import FILE, HeadsError, keep_head
from portal.audit.log import CONSOLE, note
from portal.audit.verify import verify
from portal.upkeep.upkeep import Upkeep
from portal.web.portal import Portal

DROPS = ("keeps", "stays", "is_new")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """One with five entries, proved once."""
    made = open_installation(tmp_path / "data", site="troyan")
    with open_portal_of(made) as portal:
        for number in range(5):
            with portal.database.transaction() as connection:
                note(connection, CONSOLE, "accounts.locked", f"a{number}")
    assert proved(made).exit_code == 0
    return made


def proved(installation: Installation, *words: str) -> Result:
    """The command."""
    said = ["audit", "verify", "--data", str(installation.data), *words]
    return CliRunner().invoke(app, said, catch_exceptions=False)


def tampered(installation: Installation, sql: str) -> None:
    """What somebody with the file can do who leaves no trace among the triggers."""
    with open_portal_of(installation) as portal, portal.database.transaction() as connection:
        wanted = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = connection.execute(wanted).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(sql))
        for _, made in triggers:
            connection.exec_driver_sql(made)


def test_a_new_installation_is_proved(tmp_path: Path) -> None:
    """Before anything was noted: its file of heads began with its keys."""
    told = proved(open_installation(tmp_path / "data", site="troyan"))
    assert (told.exit_code, "0 entries" in told.stdout) == (0, True)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM audit_entry WHERE number > 3", "DELETE FROM audit_entry"]
)
def test_heads_that_are_gone_are_missed(installation: Installation, sql: str) -> None:
    """However whole what is left looks; and nobody makes the file anew by himself."""
    heads = installation.portal_files / FILE
    copy = shutil.copy(heads, installation.data / "copy")
    tampered(installation, sql)
    heads.unlink()
    for _ in range(2):
        told = proved(installation)
        assert told.exit_code == 1
        assert str(heads) in told.stdout
        assert "--begin-heads" in told.stdout
    assert not heads.exists()
    heads.write_text("")
    assert proved(installation).exit_code == 1
    shutil.copy(copy, heads)
    assert "cut off" in proved(installation).stdout


def test_heads_can_be_begun_again(installation: Installation) -> None:
    """By somebody who says so; the log tells of it."""
    (installation.portal_files / FILE).unlink()
    assert proved(installation, "--begin-heads").exit_code == 0
    told = proved(installation, "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["entries"] == 6


@pytest.mark.parametrize("name", DROPS)
def test_triggers_that_are_gone_are_missed(installation: Installation, name: str) -> None:
    """Each of them, and one that only bears the name."""
    with open_portal_of(installation) as portal, portal.database.transaction() as connection:
        connection.execute(text(f"DROP TRIGGER audit_entry_{name}"))
    told = proved(installation)
    assert (told.exit_code, f"audit_entry_{name}" in told.stdout) == (1, True)
    with open_portal_of(installation) as portal, portal.database.transaction() as connection:
        fake = f"CREATE TRIGGER audit_entry_{name} AFTER INSERT ON audit_entry BEGIN SELECT 1; END"
        connection.execute(text(fake))
    assert proved(installation).exit_code == 1


def test_guards_of_both_databases(portal_database: Database) -> None:
    """None is missed of a new one; all that were switched off are."""
    assert verify(portal_database).unguarded == ""
    with portal_database.transaction() as connection:
        if portal_database.dialect == "sqlite":
            connection.execute(text("DROP TRIGGER audit_entry_stays"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays"))
    assert verify(portal_database).unguarded == "audit_entry_stays"
    if portal_database.dialect == "postgresql":
        with portal_database.transaction() as connection:
            connection.execute(
                text(
                    "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger "
                    "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
                )
            )
        assert "audit_entry_keeps" in verify(portal_database).unguarded


def test_the_upkeep_makes_no_file_of_heads_anew(portal: Portal) -> None:
    """Else it would cover up what is missing."""
    path = portal.settings.data / FILE
    Upkeep(portal).attend(portal.clock())
    assert not path.exists()
    with pytest.raises(HeadsError, match="begin-heads"):
        keep_head(path, portal.keys, 1, "ab" * 32)
