"""What the fleet's process says of itself, and codes by those who know nothing but that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker.fleet.authority import Authority
from broker.fleet.codes import find_code, secret_of
from broker.fleet.errors import FleetError
from broker.fleet.offers import enrol, offer
from broker.fleet.presence import EVERY, GONE_AFTER, Presence, PresenceView, read_presence
from broker.store.database import Database
from tests.fixtures.enrolling import NOW, PASSPHRASE, Installer, furnish, serving

URL = "https://fleet.example:8443"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """The keys of the fleet's process."""
    folder = tmp_path / "fleet"
    folder.mkdir(mode=0o700)
    return Authority.open(folder, PASSPHRASE, NOW)


def said(database: Database) -> PresenceView:
    """What it said last."""
    with database.reading() as connection:
        found = read_presence(connection)
    assert found is not None
    return found


def test_it_says_where_it_is_and_that_it_runs(database: Database, authority: Authority) -> None:
    """At once, then every half minute; whoever hears nothing for long takes it for gone."""
    chore = Presence(database, authority, URL)
    chore.attend(NOW)
    first = said(database)
    assert (first.fleet_url, first.fingerprint) == (URL, authority.fingerprint)
    chore.attend(NOW + EVERY / 2)
    assert said(database).seen_at == NOW
    chore.attend(NOW + EVERY)
    assert said(database).seen_at == NOW + EVERY
    assert first.is_running(NOW + GONE_AFTER - timedelta(seconds=1))
    assert not first.is_running(NOW + GONE_AFTER)


def test_a_clock_that_was_set_back_silences_nobody(
    database: Database, authority: Authority
) -> None:
    """It says so by the new time."""
    chore = Presence(database, authority, URL)
    chore.attend(NOW)
    chore.attend(NOW - timedelta(days=1))
    assert said(database).seen_at == NOW - timedelta(days=1)


def test_a_new_root_is_told(database: Database, authority: Authority) -> None:
    """Codes that are given out from then on carry its fingerprint."""
    furnish(database)
    chore = Presence(database, authority, URL)
    chore.attend(NOW)
    before = offer(database, "kiosk-1", "desk-1", NOW)
    authority.change_root(NOW)
    chore.attend(NOW + EVERY)
    after = offer(database, "kiosk-1", "desk-1", NOW)
    assert before.code.trust != after.code.trust == authority.fingerprint


def test_before_it_ran_nobody_gives_codes_out(database: Database) -> None:
    """And no device is registered by the try."""
    furnish(database)
    with pytest.raises(FleetError, match="for the first time"):
        offer(database, "kiosk-1", "desk-1", NOW)
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM device").scalar() == 0


def test_both_ways_give_codes_that_the_vault_opens(
    database: Database, authority: Authority
) -> None:
    """By the authority, and by its public half; each ends the other's."""
    furnish(database)
    Presence(database, authority, URL).attend(NOW)
    ours = enrol(database, authority, "kiosk-1", "desk-1", NOW, server=URL)
    theirs = offer(database, "kiosk-1", "desk-1", NOW)
    assert (theirs.code.server, theirs.code.trust) == (ours.code.server, ours.code.trust)
    with database.reading() as connection:
        for offered in (ours, theirs):
            row = find_code(connection, offered.code.label)
            assert row is not None
            assert secret_of(row, authority.vault) == offered.code.secret
            assert (row["ended_at"] is None) == (offered is theirs)


def test_a_code_of_who_holds_no_key_enrols(
    database: Database, authority: Authority, tmp_path: Path
) -> None:
    """At the live endpoint, which knows no difference."""
    now = datetime.now(UTC)  # by which the endpoint goes
    furnish(database)
    Presence(database, authority, URL).attend(now)
    offered = offer(database, "kiosk-1", "desk-1", now)
    with serving(database, authority, tmp_path / "identities") as endpoint:
        installer = Installer(endpoint.port)
        assert installer.enrol(offered.code).credentials.device == "kiosk-1"
        installer.close()
