"""Backups in any folder learn of whom we erased; and what was spent is not good again."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from broker.fleet.notice_words import in_words
from broker.fleet.notices import list_notices
from otziv.backup.afterwards import open_portal_of, settle
from otziv.backup.folder import erasures_in
from otziv.backup.known_folders import known_folders
from otziv.backup.making import make_backup
from otziv.backup.restoring import restore
from otziv.cli.app import app
from otziv.cli.serve import tell_if_no_backup
from otziv.installation import Installation, Running, open_installation
from otziv.upkeep import Upkeep
from portal.accounts.slips import find_good
from portal.accounts.tables import AccountRecovery, AccountSlip
from portal.accounts.users import NewUser, invite
from portal.audit.log import CONSOLE
from portal.people.party_search import resolve_party
from portal.store.tables import table_of
from tests.backup.conftest import PASSPHRASE
from tests.backup.test_erasures import entered

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def said(*words: str) -> Result:
    """A command to its end."""
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_who_was_erased_does_not_come_back_from_another_folder(
    installation: Installation, tmp_path: Path
) -> None:
    """One that no setting names; and the restore says which list it went by."""
    folder, word = tmp_path / "stick", tmp_path / "passphrase"
    word.write_text(PASSPHRASE, encoding="utf-8")
    data = ("--data", str(installation.data))
    with open_portal_of(installation) as portal:
        party = entered(portal, "Канарка")
    made = make_backup(installation, folder, PASSPHRASE, now=NOW, is_proved=False)
    told = said("privacy", "erase", "--party", party, *data)
    assert str(folder) not in told.stderr
    assert party in erasures_in(folder, "troyan").read_text()

    into = ("--into", str(tmp_path / "again"), "--passphrase-file", str(word))
    told = said("restore", str(made.path), *into)
    assert str(erasures_in(folder, "troyan")) in told.stdout
    with (
        open_portal_of(open_installation(tmp_path / "again")) as portal,
        portal.database.reading() as connection,
    ):
        found = resolve_party(connection, party)
        assert found is not None
        assert found.first_name == ""


def test_a_folder_that_is_away_is_told(installation: Installation, tmp_path: Path) -> None:
    """A disk that was taken out: with what to put where."""
    folder = tmp_path / "stick"
    for _ in range(2):
        make_backup(installation, folder, PASSPHRASE, now=NOW, is_proved=False)
    assert known_folders(installation) == [folder]
    shutil.rmtree(folder)
    with open_portal_of(installation) as portal:
        party = entered(portal, "Сойка")
    told = said("privacy", "erase", "--party", party, "--data", str(installation.data))
    assert told.exit_code == 0
    assert str(folder) in told.stderr
    assert "otziv-troyan-erasures.txt" in told.stderr


def test_what_was_spent_since_is_not_good_again(installation: Installation, tmp_path: Path) -> None:
    """An invitation that was used after the backup, and recovery codes."""
    with open_portal_of(installation) as portal:
        invitation = invite(portal, CONSOLE, NewUser("vrana", "Врана", frozenset({"clerk"})))
        with portal.database.transaction() as connection:
            row = {"code_hash": "h", "account": invitation.account}
            connection.execute(table_of(AccountRecovery).insert().values(row))
    made = make_backup(installation, tmp_path / "b", PASSPHRASE, now=NOW, is_proved=False)
    restored = restore(made.path, PASSPHRASE, tmp_path / "again")
    again = open_installation(tmp_path / "again")
    settle(again, None, restored.manifest.made_at)

    slips, codes = table_of(AccountSlip), table_of(AccountRecovery)
    with open_portal_of(again) as portal, portal.database.transaction() as connection:
        assert connection.scalar(select(slips.c.revoked_at)) is not None
        assert connection.execute(select(codes)).all() == []
        assert find_good(connection, portal.keys, invitation.code, datetime.now(UTC)) is None


@pytest.mark.parametrize("command", ["privacy report --json", "audit verify --json", "user list"])
def test_commands_are_of_the_demo_while_it_runs(tmp_path: Path, command: str) -> None:
    """And say so; else of the installation, and say that there was a demo."""
    installation = open_installation(tmp_path / "data", site="troyan")
    words = (*command.split(), "--data", str(installation.data))
    with installation.claim():
        installation.announce(Running(1, "127.0.0.1", 1, is_sample=True))
        assert "of the demo" in said(*words).stderr
        assert not installation.portal_files.exists()
    assert (installation.sample_files / "portal.sqlite3").exists()
    assert "of the installation itself" in said(*words).stderr
    assert installation.portal_files.exists()


def test_serve_tells_of_it_at_its_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever starts it looks at the terminal, not at a log."""
    settings = {"site": "troyan", "backup_to": str(tmp_path)}
    tell_if_no_backup(open_installation(tmp_path / "data", **settings))
    assert "no backup is made" in capsys.readouterr().err
    settings["backup_passphrase"] = PASSPHRASE
    tell_if_no_backup(open_installation(tmp_path / "data", **settings))
    assert capsys.readouterr().err == ""


def notices(installation: Installation) -> list[str]:
    """What the health page says now, in English."""
    with installation.store() as database:
        return [str(in_words(view, "en")) for view in list_notices(database)]


def test_no_backup_is_told_on_the_health_page(installation: Installation, tmp_path: Path) -> None:
    """Without a passphrase, and where it fails; until one is made, or none is wanted."""
    folder = tmp_path / "daily"
    settings = {"site": "troyan", "backup_to": str(folder)}
    wanted = open_installation(installation.data, **settings)
    Upkeep(wanted).attend(NOW)
    (told,) = notices(installation)
    assert told.startswith("The server: no backup is made: their passphrase is missing")
    Upkeep(open_installation(installation.data, site="troyan")).attend(NOW)
    assert notices(installation) == []

    folder.write_text("no folder")
    settings["backup_passphrase"] = PASSPHRASE
    Upkeep(open_installation(installation.data, **settings)).attend(NOW)
    (told,) = notices(installation)
    assert str(folder) in told
    folder.unlink()
    Upkeep(open_installation(installation.data, **settings)).attend(NOW)
    assert notices(installation) == []
