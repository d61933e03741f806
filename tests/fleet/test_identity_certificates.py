"""Certificates on record: who may come in, what is replaced, revoked and renewed."""

from __future__ import annotations

import ssl
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from broker.fleet.authority import Authority
from broker.fleet.certificates import (
    list_certificates,
    retire_replaced,
    revoke,
    revoke_device,
    revoked,
    service_identity,
    standing,
)
from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import fleet_status, show_device
from broker.fleet.offers import enrol
from broker.fleet.replacement import replace
from broker.fleet.requests import read_certificate
from broker.fleet.revocation import mark_enforced
from broker.fleet.vault import new_key
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.registry import add_device, list_devices
from broker.store.tables import DeviceStatus, table_of
from tests.fixtures.enrolling import NOW, PASSPHRASE, furnish, issue_to_device

DAY = timedelta(days=1)
K1 = "troyan/k1"


@pytest.fixture
def authority(tmp_path: Path, database: Database) -> Authority:
    """An authority, and a database with a site and two touchpoints."""
    furnish(database)
    return Authority.open(tmp_path / "fleet", PASSPHRASE, NOW)


def stands(database: Database, serial: str, subject: str = K1, now: datetime = NOW) -> str:
    """What the gate would hear."""
    with database.reading() as connection:
        return standing(connection, serial, subject, now)


def issue(database: Database, authority: Authority, now: datetime = NOW) -> str:
    """The serial of a new certificate of k1."""
    return issue_to_device(database, authority, "troyan", "k1", new_key().public_key(), now).serial


def test_the_standing_of_a_certificate(database: Database, authority: Authority) -> None:
    """Ours and in time is good; anything else is said by its name."""
    serial = issue(database, authority)
    assert stands(database, serial) == "good"
    assert stands(database, serial, "troyan/k2") == "other-name"
    assert stands(database, serial, now=NOW + 90 * DAY) == "expired"
    assert stands(database, "ab" * 16) == "unknown"
    assert revoke(database, serial, "stolen", NOW).revoked_why == "stolen"
    assert stands(database, serial) == "revoked"


def test_revoking_twice_keeps_the_first_reason(database: Database, authority: Authority) -> None:
    """The record says when and why it was barred first; an unknown serial is an error."""
    serial = issue(database, authority)
    revoke(database, serial, "stolen", NOW)
    again = revoke(database, serial, "sold", NOW + DAY)
    assert (again.revoked_at, again.revoked_why) == (NOW, "stolen")
    with database.reading() as connection:
        assert revoked(connection, NOW) == [(serial, NOW)]
        assert revoked(connection, NOW + 91 * DAY) == []
    with pytest.raises(FleetError, match="no certificate"):
        revoke(database, "ab" * 16, "stolen", NOW)


def test_a_replaced_certificate_is_let_in_for_a_week(
    database: Database, authority: Authority
) -> None:
    """The next certificate replaces the last one; a week later that is revoked, and only that."""
    old = issue(database, authority)
    new = issue(database, authority, NOW + 60 * DAY)
    assert retire_replaced(database, NOW + 66 * DAY) == []
    assert stands(database, old, now=NOW + 66 * DAY) == "good"
    assert retire_replaced(database, NOW + 67 * DAY) == [old]
    assert stands(database, old, now=NOW + 67 * DAY) == "revoked"
    assert stands(database, new, now=NOW + 67 * DAY) == "good"
    assert retire_replaced(database, NOW + 68 * DAY) == []


def test_revoking_a_device_bars_all_it_has_and_its_codes(
    database: Database, authority: Authority
) -> None:
    """All serials of the name, not those of others; an open code ends with them."""
    enrol(database, authority, "k1", "desk-1", NOW)
    mine = sorted([issue(database, authority), issue(database, authority)])
    key = new_key().public_key()
    other = issue_to_device(database, authority, "troyan", "k10", key, NOW).serial
    assert revoke_device(database, "k1", "stolen", NOW) == mine
    assert stands(database, other, "troyan/k10") == "good"
    listed, _ = show_device(database, "k1", NOW)
    assert (listed.standing, listed.code_expires_at) == ("revoked", None)
    with pytest.raises(FleetError, match="no device"):
        revoke_device(database, "k7", "stolen", NOW)


def test_the_list_tells_how_each_device_does(database: Database, authority: Authority) -> None:
    """Never enrolled, a code out, enrolled, expired; and one device with its whole history."""
    add_device(database, "k2", touchpoint="desk-2")
    enrol(database, authority, "k1", "desk-1", NOW)
    with database.reading() as connection:
        first, second = fleet_status(connection, NOW)
    assert (first.standing, first.code_expires_at) == ("none", NOW + DAY)
    assert (second.device, second.code_expires_at) == ("k2", None)
    old, new = issue(database, authority), issue(database, authority, NOW + DAY)
    listed, certificates = show_device(database, "k1", NOW + 2 * DAY)
    assert (listed.standing, listed.serial, listed.code_expires_at) == ("good", new, None)
    assert [each.serial for each in certificates] == [old, new]
    assert show_device(database, "k1", NOW + 99 * DAY)[0].standing == "expired"
    with pytest.raises(FleetError, match="no device"):
        show_device(database, "k7", NOW)


def test_who_is_out_is_not_online(database: Database, authority: Authority) -> None:
    """Whatever the broker still says of it."""
    add_device(database, "k1", touchpoint="desk-1")
    serial = issue(database, authority)
    beat = {"site": "troyan", "device": "k1", "availability": "online", "heartbeat_at": NOW}
    with database.transaction() as connection:
        connection.execute(insert(table_of(DeviceStatus)).values(beat))
    assert show_device(database, "k1", NOW)[0].is_online
    revoke(database, serial, "stolen", NOW)
    assert show_device(database, "k1", NOW)[0].is_online  # nothing keeps it out yet
    mark_enforced(database, [serial], NOW)
    assert not show_device(database, "k1", NOW)[0].is_online


def test_a_services_identity_is_made_once_and_renewed_in_time(
    database: Database, authority: Authority, tmp_path: Path
) -> None:
    """One private file that TLS can load; kept for two thirds of its life, then made anew."""
    folder = tmp_path / "identities"
    path = service_identity(database, authority, folder, "collector", NOW)
    first = path.read_bytes()
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    service_identity(database, authority, folder, "collector", NOW + 260 * DAY)
    assert path.read_bytes() == first
    service_identity(database, authority, folder, "collector", NOW + 270 * DAY)
    assert path.read_bytes() != first
    assert retire_replaced(database, NOW + 300 * DAY) == []
    with pytest.raises(FleetError, match="no process of ours"):
        service_identity(database, authority, folder, "troyan/k1", NOW)


def test_a_server_with_another_name_gets_another_certificate(
    database: Database, authority: Authority, tmp_path: Path
) -> None:
    """Names and addresses are in it, however an address is written; new ones renew it."""

    def serial(*names: str) -> str:
        path = service_identity(database, authority, tmp_path, "broker", NOW, names=names)
        return read_certificate(path.read_text()).serial

    first = serial("otziv.example", "192.0.2.7", "0:0:0:0:0:0:0:1")
    assert serial("::1", "192.0.2.7", "otziv.example") == first
    assert serial("otziv.example", "192.0.2.8") != first


@pytest.mark.parametrize("fault", ["lost", "damaged", "unrecorded", "revoked", "half-renewed"])
def test_an_identity_that_would_not_be_let_in_is_made_anew(
    database: Database, authority: Authority, tmp_path: Path, fault: str
) -> None:
    """Whatever happened to the file or its record, the next call leaves one that is good."""
    path = service_identity(database, authority, tmp_path, "fleet", NOW)
    before = path.read_text()
    serial = read_certificate(before).serial
    if fault == "lost":
        path.unlink()
    elif fault == "damaged":
        path.write_text(before[:200])
    elif fault == "unrecorded":
        table = table_of(Certificate)
        with database.transaction() as connection:
            connection.execute(delete(table).where(table.c.serial == serial))
    elif fault == "revoked":
        revoke(database, serial, "leaked", NOW)
    else:  # killed between the record of the next one and its file
        path.unlink()
        service_identity(database, authority, tmp_path, "fleet", NOW)
        path.write_text(before)
    service_identity(database, authority, tmp_path, "fleet", NOW)
    after = read_certificate(path.read_text()).serial
    assert after != serial
    assert stands(database, after, "fleet") == "good"
    newest = list_certificates(database, "fleet")
    assert [each.serial for each in newest if each.replaced_at is None] == [after]


@pytest.mark.parametrize("is_barred", [False, True])
def test_a_new_device_takes_over_and_the_old_one_ends(
    database: Database, authority: Authority, *, is_barred: bool
) -> None:
    """The old one goes into the drawer, let in for a week to empty itself, or barred at once."""
    enrol(database, authority, "k1", "desk-1", NOW)
    serial = issue(database, authority)
    enrol(database, authority, "k1", "desk-1", NOW)
    done = replace(database, "k1", "k2", NOW, is_barred=is_barred)
    assert (done.touchpoint, done.revoked) == ("desk-1", (serial,) if is_barred else ())
    where = {each.name: each.touchpoint for each in list_devices(database)}
    assert where == {"k1": None, "k2": "desk-1"}
    assert stands(database, serial) == ("revoked" if is_barred else "good")
    assert show_device(database, "k1", NOW)[0].code_expires_at is None
    retire_replaced(database, NOW + 6 * DAY)
    assert stands(database, serial) == ("revoked" if is_barred else "good")
    retire_replaced(database, NOW + 7 * DAY)
    assert stands(database, serial) == "revoked"
    assert enrol(database, authority, "k2", done.touchpoint, NOW).device == "k2"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("k7", "k2", "stands nowhere"),
        ("k3", "k2", "stands nowhere"),
        ("k1", "k4", "stands at desk-2"),
        ("k1", "k1", "stands at desk-1"),
        ("k1", "K 9", "small Latin letters"),
    ],
)
def test_a_takeover_that_makes_no_sense_changes_nothing(
    database: Database, authority: Authority, old: str, new: str, error: str
) -> None:
    """Unknown or stored old ones, new ones that stand elsewhere: an error, and all as it was."""
    add_device(database, "k1", touchpoint="desk-1")
    add_device(database, "k3", touchpoint="desk-1")
    add_device(database, "k4", touchpoint="desk-2")
    replace(database, "k3", "k5", NOW)
    serial, before = issue(database, authority), list_devices(database)
    with pytest.raises(FleetError, match=error):
        replace(database, old, new, NOW)
    assert list_devices(database) == before
    assert stands(database, serial) == "good"
