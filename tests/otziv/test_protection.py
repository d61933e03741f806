"""The passphrase of an installation: made once, never again while keys need the lost one."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from broker.fleet.certificates import list_certificates
from otziv.installation import InstallationError, Running, open_installation
from otziv.protection import context_as_device, protection_of


def test_the_passphrase_is_made_once(tmp_path: Path) -> None:
    """For its owner only; of many who need it at once, all have the same."""
    installation = open_installation(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: protection_of(installation).passphrase, range(16)))
    assert len(found) == 1
    path = tmp_path / "secrets" / "fleet_passphrase"
    assert path.stat().st_mode & 0o077 == 0
    again = open_installation(tmp_path)
    assert {again.settings.fleet_passphrase.get_secret_value()} == found
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_lost_passphrase_is_not_made_anew(tmp_path: Path) -> None:
    """A new one opens no key, and would look genuine in the next backup."""
    installation = open_installation(tmp_path)
    protection_of(installation).authority()
    assert protection_of(installation) == protection_of(open_installation(tmp_path))
    path = tmp_path / "secrets" / "fleet_passphrase"
    path.unlink()
    with pytest.raises(InstallationError, match="put it back"):
        protection_of(open_installation(tmp_path))
    assert not path.exists()


def test_a_lent_identity_leaves_no_key_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even while it is used: who is killed then leaves nothing to connect with."""
    installation, lent = open_installation(tmp_path / "data"), tmp_path / "lent"
    lent.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(lent))
    protection_of(installation).authority()
    running = Running(1, "127.0.0.1", 8883, is_secure=True)
    with (
        installation.store() as database,
        context_as_device(installation, database, running, "town/replay") as context,
    ):
        assert context is not None
        assert list(lent.rglob("*.pem")) == []
        assert len(list_certificates(database, "town/replay")) == 1
    assert list(lent.iterdir()) == []
