"""The server's process is killed at each commit of enrolment, rotation and revocation.

Before the commit nothing happened; after it everything did, and asking again gives the answer that
was lost. Nothing is ever half.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from broker.fleet.authority import Authority
from broker.fleet.certificates import list_certificates
from broker.fleet.fleet_status import show_device
from broker.fleet.offers import enrol
from broker.fleet.vault import new_key
from broker.store.database import Database
from broker.store.fleet_tables import Enrolment
from broker.store.registry import list_devices
from broker.store.tables import table_of
from tests.fixtures.enrolling import PASSPHRASE, Installer, furnish, issue_to_device, rotation_for

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Dies at the next commit once the file "armed" says on which side of it.
_SERVER = """
import os, signal, sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from broker.fleet.authority import Authority
from broker.fleet.certificates import revoke_device
from broker.fleet.replacement import replace
from broker.store.database import Database
from tests.fixtures.enrolling import serving

url, folder, passphrase, deed = sys.argv[1:5]
armed = Path(folder, "armed")

class Mortal(Database):
    @contextmanager
    def transaction(self):
        side = armed.read_text() if armed.exists() else ""
        with super().transaction() as connection:
            yield connection
            if side == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if side == "after":
            os.kill(os.getpid(), signal.SIGKILL)

database, now = Mortal(url), datetime.now(UTC)
if deed == "serve":
    authority = Authority.open(Path(folder, "fleet"), passphrase.encode(), now)
    with serving(database, authority, Path(folder, "identities")) as endpoint:
        print(endpoint.port, flush=True)
        sys.stdin.read()
elif deed == "revoke":
    revoke_device(database, "k1", "stolen", now)
else:
    replace(database, "k1", "k2", now, is_barred=True)
"""


@pytest.fixture
def authority(tmp_path: Path, database: Database) -> Authority:
    """An authority, and a database with a site and two touchpoints."""
    furnish(database)
    return Authority.open(tmp_path / "fleet", PASSPHRASE, datetime.now(UTC))


class Server:
    """The server as a process of its own."""

    def __init__(self, url: str, folder: Path, deed: str) -> None:
        self._armed = folder / "armed"
        self._armed.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, url, str(folder), PASSPHRASE.decode(), deed],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def port(self) -> int:
        """Where it listens, as soon as it does."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def arm(self, side: str) -> None:
        """Let it die at its next commit."""
        self._armed.write_text(side)


@contextmanager
def process(url: str, folder: Path, deed: str = "serve") -> Iterator[Server]:
    """A server that is ended, one way or the other."""
    server = Server(url, folder, deed)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_server_that_dies_in_enrolment_or_rotation_leaves_nothing_half(
    database: Database, database_url: str, authority: Authority, tmp_path: Path, side: str
) -> None:
    """The kiosk asks again, with the same key, and is a device with one good certificate."""
    code = enrol(database, authority, "k1", "desk-1", datetime.now(UTC)).code
    key, next_key = new_key(), new_key()
    with process(database_url, tmp_path) as server:
        with closing(Installer(server.port())) as kiosk:
            server.arm(side)
            with pytest.raises((http.client.HTTPException, OSError)):
                kiosk.enrol(code, key)
        assert server.process.wait(30) == -9
    kept = [each.serial for each in list_certificates(database, "troyan/k1")]
    with database.reading() as connection:
        row = connection.execute(select(table_of(Enrolment))).mappings().one()
    assert len(kept) == (side == "after")
    assert (row["used_at"] is not None, row["serial"]) == (bool(kept), kept[0] if kept else None)
    with process(database_url, tmp_path) as server:
        with closing(Installer(server.port())) as kiosk:
            first = kiosk.enrol(code, key).credentials
            assert kept in ([], [first.serial])
            rotation = rotation_for(first.certificate, key, next_key, datetime.now(UTC))
            server.arm(side)
            with pytest.raises((http.client.HTTPException, OSError)):
                kiosk.rotate(rotation)
        assert server.process.wait(30) == -9
    kept = [each.serial for each in list_certificates(database, "troyan/k1")]
    assert len(kept) == 1 + (side == "after")
    with process(database_url, tmp_path) as server, closing(Installer(server.port())) as kiosk:
        second = kiosk.rotate(rotation).credentials
    certificates = list_certificates(database, "troyan/k1")
    assert [each.serial for each in certificates] == [first.serial, second.serial]
    assert [each.replaced_at is None for each in certificates] == [False, True]
    assert all(each.revoked_at is None for each in certificates)


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("deed", ["revoke", "replace"])
def test_a_revocation_or_a_takeover_happens_whole_or_not_at_all(
    database: Database,
    database_url: str,
    authority: Authority,
    tmp_path: Path,
    deed: str,
    side: str,
) -> None:
    """Killed at its commit, all serials and codes of the device are barred, or none."""
    now = datetime.now(UTC)
    enrol(database, authority, "k1", "desk-1", now)
    for _ in range(2):
        issue_to_device(database, authority, "troyan", "k1", new_key().public_key(), now)
    (tmp_path / "armed").write_text(side)
    done = subprocess.run(
        [sys.executable, "-c", _SERVER, database_url, str(tmp_path), PASSPHRASE.decode(), deed],
        check=False,
    )
    assert done.returncode == -9
    is_done = side == "after"
    barred = [each.revoked_at is not None for each in list_certificates(database, "troyan/k1")]
    assert barred == [is_done, is_done]
    assert (show_device(database, "k1", now)[0].code_expires_at is None) == is_done
    where = {each.name: each.touchpoint for each in list_devices(database)}
    is_over = deed == "replace" and is_done
    assert where == ({"k1": None, "k2": "desk-1"} if is_over else {"k1": "desk-1"})
