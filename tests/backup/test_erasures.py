"""The list of erased people outlives every backup, and no restore forgets it unseen."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from typer.testing import CliRunner, Result

from otziv.backup import afterwards
from otziv.backup.afterwards import erase_again, open_portal_of
from otziv.backup.errors import BackupError
from otziv.backup.folder import erasures_in
from otziv.backup.making import Made, carry_erasures, make_backup
from otziv.cli.app import app
from otziv.installation import Installation, open_installation
from portal.accounts.accounts import find
from portal.accounts.users import NewUser, invite, lock
from portal.audit.log import CONSOLE
from portal.audit.verify import verify
from portal.people.employees import EmployeeDetails, add_employee, end_employee, find_employee
from portal.people.parties import Details, enter_party
from portal.upkeep.erasure import erase_person, overwrite
from portal.web.actor import Role
from portal.web.portal import Portal
from tests.backup.conftest import PASSPHRASE

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
CLERK = NewUser("vrana", "Врана", frozenset({"clerk"}))


def backed_up(installation: Installation, folder: Path, now: datetime = NOW) -> Made:
    """A backup that nobody proved: these tests are of what lies beside it."""
    return make_backup(installation, folder, PASSPHRASE, now=now, is_proved=False)


def entered(portal: Portal, name: str) -> str:
    """Somebody of whom there is a name; the id."""
    details = Details("person", first_name=name, last_name="Птицова")
    now = datetime.now(UTC)
    return enter_party(portal.database, portal.keys, details, None, actor=CONSOLE, now=now)


def erased_one(installation: Installation, name: str) -> str:
    """Somebody who came and was erased; the id."""
    with open_portal_of(installation) as portal:
        party = entered(portal, name)
        erase_person(portal, party, "request", actor=CONSOLE, now=NOW)
    return party


def restored(path: Path, into: Path, *words: str) -> Result:
    """The command to its end."""
    word = into.parent / "passphrase"
    word.write_text(PASSPHRASE, encoding="utf-8")
    told = ["restore", str(path), "--into", str(into), "--passphrase-file", str(word), *words]
    return CliRunner().invoke(app, told)


def test_without_the_list_nothing_is_restored(installation: Installation, tmp_path: Path) -> None:
    """Whoever copied the backup alone is told what he lacks, and how to say "there is none"."""
    made = backed_up(installation, tmp_path / "backups")
    alone = tmp_path / "elsewhere" / made.path.name
    alone.parent.mkdir()
    shutil.copy(made.path, alone)

    refused = restored(alone, tmp_path / "again")
    assert refused.exit_code == 2
    assert "--no-erasures" in refused.stderr
    assert str(erasures_in(alone.parent, "troyan")) in refused.stderr
    renamed = alone.rename(alone.with_name("backup"))
    assert restored(renamed, tmp_path / "again").exit_code == 2
    assert not (tmp_path / "again").exists()
    told = restored(renamed, tmp_path / "again", "--no-erasures")
    assert told.exit_code == 0, told.output
    assert "whoever was erased since is back" in told.stdout
    beside = erasures_in(made.path.parent, "troyan")
    named = restored(renamed, tmp_path / "once-more", "--erasures", str(beside))
    assert named.exit_code == 0, named.output


def test_a_list_that_cannot_be_read_restores_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    """One that is not there, one that is none, and a contradiction."""
    made = backed_up(installation, tmp_path / "backups")
    wrong = tmp_path / "list"
    for content in (None, "кой".encode()):
        if content is not None:
            wrong.write_bytes(content)
        told = restored(made.path, tmp_path / "again", "--erasures", str(wrong))
        assert isinstance(told.exception, BackupError)
        assert str(wrong) in str(told.exception)
    both = ("--no-erasures", "--erasures", str(wrong))
    assert restored(made.path, tmp_path / "again", *both).exit_code == 2
    assert not (tmp_path / "again").exists()
    with pytest.raises(BackupError, match="list of erased people"):
        erase_again(installation, tmp_path / "nowhere")


def test_two_municipalities_keep_their_lists_apart(
    installation: Installation, tmp_path: Path
) -> None:
    """In one folder, as their backups are."""
    other = open_installation(tmp_path / "other", site="smolyan")
    other.portal_files.mkdir(mode=0o700)
    gone = erased_one(installation, "Сойка")
    gone_there = erased_one(other, "Врана")
    for each in (installation, other):
        backed_up(each, tmp_path / "backups")

    lists = {site: erasures_in(tmp_path / "backups", site) for site in ("troyan", "smolyan")}
    assert gone in lists["troyan"].read_text()
    assert gone_there in lists["smolyan"].read_text()
    assert gone_there not in lists["troyan"].read_text()


def test_the_list_never_gets_shorter(installation: Installation, tmp_path: Path) -> None:
    """An installation that was restored without it knows fewer people than lie there."""
    folder = tmp_path / "backups"
    before = backed_up(installation, folder)
    assert erasures_in(folder, "troyan").read_text() == ""
    gone = erased_one(installation, "Сойка")
    carry_erasures(installation, folder)
    restored(before.path, tmp_path / "again", "--no-erasures")
    again = open_installation(tmp_path / "again", site="troyan")
    later = erased_one(again, "Врана")
    backed_up(again, folder, NOW + timedelta(days=1))

    lines = erasures_in(folder, "troyan").read_text().splitlines()
    assert [line.split()[1] for line in lines] == [gone, later]


def test_colleagues_who_were_erased_do_not_come_back(
    installation: Installation, tmp_path: Path
) -> None:
    """Though the backup says that they work here, and lets them in."""
    with open_portal_of(installation) as portal:
        details = EmployeeDetails("Ива", "Сойка")
        known = add_employee(portal.database, details, date(2020, 1, 1), actor=CONSOLE)
        role: frozenset[Role] = frozenset({"clerk"})
        of_employee = NewUser("soyka", "Сойка", role, employee=known)
        ids = [invite(portal, CONSOLE, each).account for each in (of_employee, CLERK)]
        made = backed_up(installation, tmp_path / "backups")
        end_employee(portal.database, known, date(2026, 1, 1), actor=CONSOLE)
        lock(portal, CONSOLE, ids[1])
    said = ["privacy", "erase", "--data", str(installation.data)]
    for words in (("--employee", known), ("--user", CLERK.sign_in_name)):
        told = CliRunner().invoke(app, [*said, *words], catch_exceptions=False)
        assert "erased; accounts: 1" in told.stdout
    carry_erasures(installation, tmp_path / "backups")

    told = restored(made.path, tmp_path / "again")
    assert "erased    2 people" in told.stdout, told.output
    with (
        open_portal_of(open_installation(tmp_path / "again")) as portal,
        portal.database.reading() as connection,
    ):
        assert find_employee(connection, known) is None
        assert [find(connection, each) for each in ids] == [None, None]
        assert verify(portal.database).is_whole


def test_the_database_is_rewritten_once_for_all(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once a person."""
    with open_portal_of(installation) as portal:
        parties = [entered(portal, name) for name in ("Сойка", "Врана", "Чавка")]
    known = tmp_path / "list"
    known.write_text("".join(f"2026-11-22 {party}\n" for party in parties))
    rewritten: list[bool] = []
    monkeypatch.setattr(afterwards, "overwrite", lambda portal: rewritten.append(overwrite(portal)))
    monkeypatch.setattr("portal.upkeep.erasure.overwrite", lambda _: pytest.fail("once a person"))

    assert erase_again(installation, known) == 3
    assert rewritten == [True]


def test_a_database_in_use_is_told_and_cleaned_later(installation: Installation) -> None:
    """Whoever writes meanwhile makes it wait, not fail."""
    with (
        open_portal_of(installation) as portal,
        closing(sqlite3.connect(installation.data / "portal.sqlite3")) as other,
    ):
        engine = portal.database.engine
        event.listen(engine, "connect", lambda each, _: each.execute("PRAGMA busy_timeout=50"))
        engine.dispose()
        other.execute("BEGIN IMMEDIATE")
        assert not overwrite(portal)
        other.rollback()
        assert overwrite(portal)
