"""The restore drill: a backup of a running installation brings all of it back, proved."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broker.fleet.configurations import refresh
from broker.fleet.revisions import GAP
from broker.store.registry import add_device
from otziv.backup.afterwards import erase_again, open_portal_of, settle
from otziv.backup.errors import BackupError
from otziv.backup.folder import SUFFIX, alone_in, backups_in, drop_old, erasures_in, name_of
from otziv.backup.making import Made, make_backup
from otziv.backup.restoring import restore
from otziv.cli.app import app
from otziv.installation import Installation, open_installation
from otziv.upkeep import Upkeep
from portal.audit.log import CONSOLE
from portal.audit.verify import verify
from portal.comments.inbox import Search, search
from portal.people.party_search import resolve_party
from portal.upkeep.erasure import erase_person
from portal.web.opening import KEY_FILE
from portal.web.portal import Portal
from portal.web.uploads import open_shelf
from tests.backup.conftest import PASSPHRASE, PDF, furnish, write_comment

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def backed_up(installation: Installation, folder: Path, now: datetime = NOW) -> Made:
    """A backup."""
    return make_backup(installation, folder, PASSPHRASE, now=now)


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below with what is in it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def test_what_was_backed_up_is_restored(installation: Installation, tmp_path: Path) -> None:
    """Databases, files, keys, the upload; not the logs; and it works."""
    made = backed_up(installation, tmp_path / "backups")
    restored = restore(made.path, PASSPHRASE, tmp_path / "again")

    assert made.proof is not None
    assert restored.audit_entries == made.proof.audit_entries == 1
    assert restored.has_key
    before, after = dict(files_of(installation.data)), dict(files_of(tmp_path / "again"))
    same = {name for name in before if name.endswith((".toml", ".pem", ".txt", KEY_FILE))}
    assert {"otziv.toml", "fleet/issuing.pem", f"portal/{KEY_FILE}"} <= same
    assert all(after[name] == before[name] for name in same)
    assert not any(name.startswith("logs/") for name in after)
    with open_portal_of(open_installation(tmp_path / "again")) as portal:
        (comment,) = search(portal.database, Search()).shown
        assert comment.row.text == "Благодаря"
        shelf = open_shelf(portal.settings)
        assert [shelf.read(identity) for identity in shelf.all()] == [PDF]
        assert verify(portal.database).is_whole
    assert (tmp_path / "again").stat().st_mode & 0o077 == 0


def test_nothing_of_it_can_be_read_without_the_passphrase(
    installation: Installation, tmp_path: Path
) -> None:
    """Neither in the file nor beside it."""
    backed_up(installation, tmp_path / "backups")

    for _name, content in files_of(tmp_path / "backups"):
        for canary in ("Кукувица", "Благодаря", "secret of the fleet"):
            assert canary.encode() not in content
    with pytest.raises(BackupError, match="passphrase"):
        restore(next((tmp_path / "backups").glob(f"*{SUFFIX}")), "another long one", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_damaged_or_cut_off_file_restores_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    """The error names the file; no half folder is left."""
    made = backed_up(installation, tmp_path / "backups")
    whole = made.path.read_bytes()
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:-40] + b"\0" * 40, b"", b"x" * 99):
        made.path.write_bytes(damaged)
        with pytest.raises(BackupError, match=made.path.name):
            restore(made.path, PASSPHRASE, tmp_path / "again")
        assert [path.name for path in tmp_path.glob("again*")] == []


def test_nobody_is_overwritten(installation: Installation, tmp_path: Path) -> None:
    """A folder with something in it stays as it is."""
    made = backed_up(installation, tmp_path / "backups")
    before = dict(files_of(installation.data))

    with pytest.raises(BackupError, match="not empty"):
        restore(made.path, PASSPHRASE, installation.data)
    assert dict(files_of(installation.data)) == before
    (tmp_path / "empty").mkdir()
    restore(made.path, PASSPHRASE, tmp_path / "empty")


def test_a_log_that_was_tampered_with_is_told(installation: Installation, tmp_path: Path) -> None:
    """The proof runs over the audit log, too; no backup is left that would pass for a good one."""
    database = sqlite3.connect(installation.data / "portal.sqlite3")
    with closing(database), database:
        database.execute("DROP TRIGGER audit_entry_keeps")
        database.execute("UPDATE audit_entry SET about = 'nobody'")

    with pytest.raises(BackupError, match="audit log"):
        backed_up(installation, tmp_path / "backups")
    assert backups_in(tmp_path / "backups", "troyan") == []


def test_a_damaged_database_or_key_is_told(installation: Installation, tmp_path: Path) -> None:
    """Before anybody relies on the backup."""
    (installation.portal_files / KEY_FILE).write_text("nonsense")
    with pytest.raises(BackupError, match="key file"):
        backed_up(installation, tmp_path / "backups")
    (installation.data / "feedback.sqlite3").write_bytes(b"x" * 10_000)
    with pytest.raises(BackupError, match="feedback"):
        backed_up(installation, tmp_path / "backups")
    assert list((tmp_path / "backups").glob(f"*{SUFFIX}")) == []


def test_who_was_erased_since_is_erased_again(installation: Installation, tmp_path: Path) -> None:
    """The list lies beside the backups and needs no passphrase: it holds ids."""
    with open_portal_of(installation) as portal:
        found = somebody(portal)
        made = backed_up(installation, tmp_path / "backups")
        erase_person(portal, found, "request", actor=CONSOLE, now=NOW)
    backed_up(installation, tmp_path / "backups", NOW + timedelta(days=1))

    restored = restore(made.path, PASSPHRASE, tmp_path / "again")
    again = open_installation(tmp_path / "again")
    erasures = erasures_in(tmp_path / "backups", "troyan")
    assert settle(again, erasures, restored.manifest.made_at) == 1
    assert erase_again(again, erasures) == 0
    with open_portal_of(again) as portal, portal.database.reading() as connection:
        party = resolve_party(connection, found)
        assert party is not None
        assert party.first_name == ""
    for name, content in files_of(tmp_path / "again"):
        assert "Кукувица".encode() not in content, name


def test_after_the_stated_time_no_backup_holds_an_erased_person(
    installation: Installation, tmp_path: Path
) -> None:
    """What was made before goes with the first one that is made then."""
    folder, days = tmp_path / "backups", installation.settings.backup_days
    backed_up(installation, folder)
    with open_portal_of(installation) as portal:
        erase_person(portal, somebody(portal), "request", actor=CONSOLE, now=NOW)
    later = NOW + timedelta(days=days, minutes=1)
    backed_up(installation, folder, later)
    drop_old(folder, "troyan", days, later)

    (left,) = backups_in(folder, "troyan")
    restore(left.path, PASSPHRASE, tmp_path / "again")
    for name, content in files_of(tmp_path / "again"):
        assert "Кукувица".encode() not in content, name


def test_old_backups_go_but_never_the_newest(tmp_path: Path) -> None:
    """Nor those of others."""
    for days in (0, 29, 31, 400):
        (tmp_path / name_of("troyan", NOW - timedelta(days=days))).touch()
    other = tmp_path / name_of("smolyan", NOW - timedelta(days=400))
    other.touch()

    dropped = drop_old(tmp_path, "troyan", 30, NOW)
    assert len(dropped) == 2
    assert len(backups_in(tmp_path, "troyan")) == 2
    assert other.exists()
    drop_old(tmp_path, "troyan", 30, NOW + timedelta(days=900))
    assert [kept.made_at for kept in backups_in(tmp_path, "troyan")] == [NOW]


def test_a_running_installation_makes_one_a_day(installation: Installation, tmp_path: Path) -> None:
    """Where a folder is set and a passphrase."""
    folder = tmp_path / "daily"
    settings = {"backup_to": str(folder), "site": "troyan"}
    settings["backup_passphrase"] = PASSPHRASE
    upkeep = Upkeep(open_installation(installation.data, **settings))
    for hours in range(0, 49, 2):
        upkeep.attend(NOW + timedelta(hours=hours))
    made = [kept.made_at - NOW for kept in backups_in(folder, "troyan")]
    assert made == [timedelta(0), timedelta(days=1), timedelta(days=2)]


def test_one_at_a_time(installation: Installation, tmp_path: Path) -> None:
    """The second is told to wait."""
    with alone_in(tmp_path / "backups"), pytest.raises(BackupError, match="another backup"):
        backed_up(installation, tmp_path / "backups")


def test_a_backup_under_load_has_all_that_was_kept_before(
    installation: Installation, tmp_path: Path
) -> None:
    """Whoever was thanked before it began is in it; nobody waits for it in vain."""
    written, is_over = [0, 0], threading.Event()

    def write(place: int) -> None:
        with open_portal_of(installation) as portal:
            while not is_over.is_set():
                write_comment(portal, f"Коментар {written[place]}")
                written[place] += 1

    writers = [threading.Thread(target=write, args=(place,)) for place in range(2)]
    for writer in writers:
        writer.start()
    try:
        while sum(written) < 20:
            time.sleep(0.01)
        before = sum(written) + 1
        made = backed_up(installation, tmp_path / "backups")
    finally:
        is_over.set()
        for writer in writers:
            writer.join()
    rows = made.manifest.rows["portal"]["comment"]
    assert before <= rows <= sum(written) + 1
    assert made.proof is not None


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_no_half_backup(
    installation: Installation, tmp_path: Path
) -> None:
    """What has a backup's name is whole; the next one clears up and succeeds."""
    folder = tmp_path / "backups"
    (installation.data / "secrets" / "backup_passphrase").write_text(PASSPHRASE)
    (installation.data / "secrets" / "backup_passphrase").chmod(0o600)
    words = [sys.executable, "-m", "otziv", "backup", "--data", str(installation.data)]
    for wait_s in (0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4):
        child = subprocess.Popen([*words, "--to", str(folder)], stdout=subprocess.DEVNULL)
        try:
            child.wait(wait_s)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
        for kept in backups_in(folder, "troyan") if folder.exists() else []:
            restore(kept.path, PASSPHRASE, tmp_path / "again")
            for path in sorted((tmp_path / "again").rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
    subprocess.run([*words, "--to", str(folder), "--json"], check=True, stdout=subprocess.DEVNULL)
    assert [p.name for p in folder.iterdir() if "part" in p.name] == []
    assert len(backups_in(folder, "troyan")) >= 1


def test_by_command(installation: Installation, tmp_path: Path) -> None:
    """Backup, restore, report, erase: what each says."""
    word = tmp_path / "passphrase"
    word.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    said = ["--data", str(installation.data)]
    run = CliRunner()
    told = run.invoke(
        app,
        ["backup", "--to", str(tmp_path / "b"), "--passphrase-file", str(word), "--json", *said],
        catch_exceptions=False,
    )
    made = json.loads(told.stdout)
    assert made["is_proved"]
    restored = run.invoke(
        app,
        ["restore", made["file"], "--into", str(tmp_path / "c"), "--passphrase-file", str(word)],
        catch_exceptions=False,
    )
    assert "audit log of 1 entries unbroken" in restored.stdout
    assert "sessions  all ended" in restored.stdout
    assert "kiosks    get their configurations anew" in restored.stdout
    with open_installation(tmp_path / "c").store() as database:
        add_device(database, "kiosk-1", touchpoint="hall-web")
        assert refresh(database, datetime.now(UTC)).made["kiosk-1"] > GAP

    report = run.invoke(app, ["privacy", "report", "--json", *said], catch_exceptions=False)
    lines = {line["table"]: line for line in json.loads(report.stdout)}
    assert lines["comment"]["rows"] == 1
    assert lines["event"]["personal"] == ""
    with open_portal_of(installation) as portal:
        party = somebody(portal)
    erased = run.invoke(app, ["privacy", "erase", "--party", party, *said], catch_exceptions=False)
    assert f"{party} erased" in erased.stdout
    assert "30 days" in erased.stdout
    assert run.invoke(app, ["backup", *said]).exit_code == 2
    assert run.invoke(app, ["privacy", "erase", *said]).exit_code == 2


def somebody(portal: Portal) -> str:
    """The citizen who is there."""
    with portal.database.reading() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM party").scalar_one())


@pytest.mark.postgres
def test_dumps_of_postgresql_are_restored(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into empty databases, by one command, with the audit log whole."""
    monkeypatch.delenv("OTZIV_BACKUP_PASSPHRASE", raising=False)
    server = request.getfixturevalue("postgres_server")
    names = [server.create(is_migrated=False) for _ in range(4)]
    urls = [server.url(name) for name in names]
    overrides = {"site": "troyan", "portal_database": urls[0], "database": urls[1]}
    installation = furnish(open_installation(tmp_path / "data", **overrides))
    made = backed_up(installation, tmp_path / "backups")
    word = tmp_path / "passphrase"
    word.write_text(PASSPHRASE, encoding="utf-8")
    words = ["restore", str(made.path), "--into", str(tmp_path / "again")]
    words += ["--portal", urls[2], "--feedback", urls[3], "--passphrase-file", str(word)]
    told = CliRunner().invoke(app, words, catch_exceptions=False)

    assert "portal is in PostgreSQL" in told.stdout
    assert "sessions  all ended" in told.stdout
    again = {"site": "troyan", "portal_database": urls[2], "database": urls[3]}
    with open_portal_of(open_installation(tmp_path / "again", **again)) as portal:
        assert verify(portal.database).entries == 2
        assert search(portal.database, Search()).number == 1
        erased = erase_person(portal, somebody(portal), "request", actor=CONSOLE, now=NOW)
        assert erased.party
    for name in names:
        server.drop(name)
