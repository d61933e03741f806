"""Barring a device while it rotates or enrols: nothing that was issued meanwhile stays good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection

from broker.fleet.authority import Authority
from broker.fleet.certificates import list_good, revoke_device
from broker.fleet.enrolments import Directions
from broker.fleet.offers import enrol
from broker.fleet.replacement import replace
from broker.fleet.rotations import rotate
from broker.fleet.vault import new_key
from broker.store.database import Database
from tests.fixtures.enrolling import NOW, PASSPHRASE, furnish, issue_to_device, rotation_for

PATIENCE_S = 20.0
K1 = "troyan/k1"


class Held(Database):
    """A database whose transactions wait before their commit."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_ready, self.may_commit = Event(), Event()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Held open until it may end."""
        with super().transaction() as connection:
            yield connection
            self.is_ready.set()
            assert self.may_commit.wait(PATIENCE_S)


def bar_by_name(database: Database) -> None:
    """All that it has."""
    revoke_device(database, "k1", "stolen", NOW)


def bar_by_takeover(database: Database) -> None:
    """Another one stands in its place."""
    replace(database, "k1", "k2", NOW, is_barred=True)


@pytest.mark.parametrize("bar", [bar_by_name, bar_by_takeover])
def test_what_is_issued_while_its_device_is_barred_is_barred(
    database: Database, database_url: str, tmp_path: Path, bar: Callable[[Database], None]
) -> None:
    """The barring waits for a rotation that is about to be written down, and sees it."""
    furnish(database)
    authority = Authority.open(tmp_path / "fleet", PASSPHRASE, NOW)
    enrol(database, authority, "k1", "desk-1", NOW)
    old = new_key()
    first = issue_to_device(database, authority, "troyan", "k1", old.public_key(), NOW)
    rotation = rotation_for(first.pem, old, new_key(), NOW)
    held, directions = Held(database_url), Directions("broker.example", 8883, "https://x.example")
    with ThreadPoolExecutor(2) as pool:
        rotating = pool.submit(rotate, held, authority, directions, rotation, "192.0.2.9", NOW)
        assert held.is_ready.wait(PATIENCE_S)
        barring = pool.submit(bar, database)
        wait([barring], timeout=0.5)  # it waits for the rotation, or is there too early
        held.may_commit.set()
        rotating.result(PATIENCE_S)
        barring.result(PATIENCE_S)
    held.close()
    assert list_good(database, K1, NOW) == []
