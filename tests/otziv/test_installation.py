"""A data folder: who runs it, what a killed owner leaves, and what can't be made."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from broker.store.errors import StoreError
from broker.store.registry import list_sites
from otziv.installation import Installation, InstallationError, Running, open_installation

OWNER = """
import sys, time
from pathlib import Path
from otziv.installation import Running, open_installation
installation = open_installation(Path(sys.argv[1]))
with installation.claim():
    installation.announce(Running(7, "127.0.0.1", 1883))
    print("claimed", flush=True)
    time.sleep(60)
"""
HERE = Running(1, "127.0.0.1", 12_345, "http://127.0.0.1:8501")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An installation that nobody runs."""
    return open_installation(tmp_path / "data")


def test_the_folder_is_made(tmp_path: Path) -> None:
    """With all above it and its place for logs; a second time changes nothing."""
    data = tmp_path / "папка" / "data"
    for _ in range(2):
        installation = open_installation(data)
        assert installation.data == data
        assert installation.logs.is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the folder should be is an error with its path."""
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(InstallationError, match=f"{data} can't be made"):
            open_installation(data)


def test_the_database_is_in_the_folder_unless_set(tmp_path: Path) -> None:
    """SQLite beside the settings, or what they name; a password is not shown."""
    plain = open_installation(tmp_path)
    assert plain.database_url == f"sqlite:///{tmp_path / 'feedback.sqlite3'}"
    other = open_installation(tmp_path, database="postgresql://otziv:hush@db/feedback")
    assert other.database_url == "postgresql+psycopg://otziv:hush@db/feedback"
    assert "hush" not in other.shown_database
    assert "feedback" in other.shown_database


def test_the_store_knows_the_site(tmp_path: Path) -> None:
    """Opened once or twice, it has the settings' site; another time zone is refused."""
    for _ in range(2):
        with open_installation(tmp_path, site="troyan").store() as database:
            assert [site.code for site in list_sites(database)] == ["troyan"]
    moved = open_installation(tmp_path, site="troyan", timezone="UTC")
    with pytest.raises(StoreError, match="troyan"), moved.store():
        pass


def test_one_at_a_time(installation: Installation) -> None:
    """A second claim is refused, in words that help; after the first has ended it is granted."""
    with (
        installation.claim(),
        pytest.raises(InstallationError, match=r"in use by another otziv.*--data"),
        open_installation(installation.data).claim(),
    ):
        pass
    with installation.claim():
        pass


def test_two_folders_are_two_installations(tmp_path: Path) -> None:
    """Each has a lock of its own."""
    with open_installation(tmp_path / "a").claim(), open_installation(tmp_path / "b").claim():
        pass


def test_who_runs_it_is_found(installation: Installation) -> None:
    """Nobody before, the one who announced during, nobody after."""
    assert installation.find_running() is None
    with installation.claim():
        installation.announce(HERE)
        assert installation.find_running() == HERE
    assert installation.find_running() is None
    assert not (installation.data / "running.json").exists()


def test_between_claim_and_announcement_it_is_being_started(installation: Installation) -> None:
    """Whoever looks just then is told to try again, not that nobody runs it."""
    with (
        installation.claim(),
        pytest.raises(InstallationError, match="being started by another otziv; try again"),
    ):
        installation.find_running()


def test_many_may_look_at_once(installation: Installation) -> None:
    """Those who look don't take each other for the one who runs it."""
    with installation.claim():
        pass  # the lock's file is there

    def look(_: int) -> Running | None:
        return installation.find_running()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(2_000))) == {None}


def test_a_killed_owner_bars_nobody(installation: Installation) -> None:
    """Its file stays behind, its lock does not: nobody runs it, and the next one may."""
    argv = [sys.executable, "-c", OWNER, str(installation.data)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"claimed\n"
        assert installation.find_running() == Running(7, "127.0.0.1", 1883)
        owner.kill()
    assert (installation.data / "running.json").exists()
    assert installation.find_running() is None
    with installation.claim():
        assert not (installation.data / "running.json").exists()


def test_a_damaged_announcement_is_an_error_not_a_crash(installation: Installation) -> None:
    """Half a file, or one of another version, is told in one line."""
    with installation.claim():
        for content in ("{", "[]", json.dumps({"pid": 1, "host": "elsewhere"})):
            (installation.data / "running.json").write_text(content, encoding="utf-8")
            with pytest.raises(InstallationError, match="try again"):
                installation.find_running()
