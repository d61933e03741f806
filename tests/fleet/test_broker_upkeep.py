"""The hourly upkeep: certificates of our own that servers must take up, and rows that must go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from broker.fleet.authority import SERVER_LASTS, Authority
from broker.fleet.notices import list_notices
from broker.fleet.upkeep import AGAIN, EVERY, Upkeep
from broker.server.server import BrokerServerError
from broker.store.database import Database
from tests.fleet.secure_hall import utc_now

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Servers:
    """Servers that take up their certificates, or not."""

    def __init__(self) -> None:
        self.told = 0
        self.trouble = ""

    def renew(self) -> None:
        """Take them up."""
        self.told += 1
        if self.trouble:
            raise BrokerServerError(self.trouble)


@pytest.fixture
def servers() -> Servers:
    """Servers that obey."""
    return Servers()


@pytest.fixture
def upkeep(database: Database, tmp_path: Path, servers: Servers) -> Upkeep:
    """Upkeep of a new installation."""
    return make_upkeep(database, tmp_path, servers)


def make_upkeep(database: Database, tmp_path: Path, servers: Servers) -> Upkeep:
    """Upkeep of the installation there."""
    authority = Authority.open(tmp_path / "fleet", b"a passphrase", utc_now())
    return Upkeep(database, authority, tmp_path / "identities", ("localhost",), servers.renew)


def notices(database: Database) -> list[str]:
    """What people are told."""
    return [view.notice.detail for view in list_notices(database)]


def test_servers_are_told_after_a_renewal_only(upkeep: Upkeep, servers: Servers) -> None:
    """Not at the start: NATS throws everybody out for a moment when it is told."""
    now = utc_now()
    for hours in range(3):
        upkeep.attend(now + hours * EVERY)
    assert servers.told == 0
    upkeep.attend(now + SERVER_LASTS * 0.7)
    assert servers.told == 1


def test_a_broker_that_cannot_be_told_is_told_again(
    upkeep: Upkeep, servers: Servers, database: Database, tmp_path: Path
) -> None:
    """People hear of it until it has taken it up; the next process knows of it, too."""
    upkeep.attend(utc_now())
    now = utc_now() + SERVER_LASTS * 0.7
    servers.trouble = "no such unit"
    upkeep.attend(now)
    upkeep.attend(now + timedelta(seconds=1))
    assert (servers.told, notices(database)) == (1, ["no such unit"])
    servers.trouble = ""
    make_upkeep(database, tmp_path, servers).attend(now + AGAIN)
    assert (servers.told, notices(database)) == (2, [])
