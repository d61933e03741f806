"""Passes of minutes and the records of revocation, on both databases."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from broker.fleet.authority import Authority
from broker.fleet.certificates import issue_within, list_certificates, revoke, standing
from broker.fleet.eviction import LASTS, forget_passes, temporary_pass
from broker.fleet.revocation import Barred, mark_enforced, to_enforce, write_lists
from broker.fleet.vault import new_key
from broker.store.database import Database
from tests.fleet.secure_hall import utc_now

NAME = "troyan/hall-1"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority of its own."""
    return Authority.open(tmp_path / "fleet", b"a passphrase", utc_now())


def test_a_pass_is_good_for_a_moment_and_leaves_nothing(
    database: Database, authority: Authority
) -> None:
    """Nor does it replace the certificate of the device whose name it bears."""
    with database.transaction() as connection:
        issue_within(connection, authority, NAME, new_key().public_key(), utc_now())
    with temporary_pass(database, authority, NAME, utc_now()) as found:
        with database.reading() as connection:
            assert standing(connection, found.serial, NAME, utc_now()) == "good"
        assert found.path.stat().st_mode & 0o077 == 0
        assert found.path.parent.stat().st_mode & 0o077 == 0
    assert not found.path.parent.exists()
    (left,) = list_certificates(database)
    assert left.subject == NAME
    assert left.replaced_at is None


def test_a_pass_of_a_killed_process_is_forgotten(database: Database, authority: Authority) -> None:
    """Once its minutes are over; a canary never counts as somebody to be barred."""
    leftover = temporary_pass(database, authority, NAME, utc_now(), is_barred=True)
    leftover.__enter__()
    assert len(list_certificates(database)) == 1
    assert to_enforce(database) == []
    forget_passes(database, utc_now())
    assert len(list_certificates(database)) == 1
    forget_passes(database, utc_now() + LASTS + timedelta(seconds=1))
    assert list_certificates(database) == []
    leftover.__exit__(None, None, None)


def test_a_key_of_a_killed_process_is_erased(
    database: Database, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its minutes are over, which the file system tells."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    leftover = temporary_pass(database, authority, NAME, utc_now())
    folder = leftover.__enter__().path.parent
    forget_passes(database, utc_now())
    assert folder.exists()
    os.utime(folder, (0, 0))
    forget_passes(database, utc_now())
    assert not folder.exists()
    leftover.__exit__(None, None, None)


def test_a_revocation_waits_until_it_is_enforced(
    database: Database, authority: Authority, tmp_path: Path
) -> None:
    """It stands in the lists from the start, and for good."""
    with database.transaction() as connection:
        issued = issue_within(connection, authority, NAME, new_key().public_key(), utc_now())
    lists = tmp_path / "papers/revoked.pem"
    before = write_lists(database, authority, lists, utc_now())
    revoke(database, issued.serial, "stolen", utc_now())
    assert to_enforce(database) == [Barred(issued.serial, NAME, is_client=True)]
    assert write_lists(database, authority, lists, utc_now()) != before
    mark_enforced(database, [issued.serial], utc_now())
    assert to_enforce(database) == []
    assert lists.read_bytes().startswith(b"-----BEGIN X509 CRL-----")
    assert len(lists.read_bytes()) > len(before)
