"""Devices that are taken out of the drawer, and where a device can't be set up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from broker.fleet.authority import Authority
from broker.fleet.certificates import retire_replaced
from broker.fleet.device_places import move_device, retire_device
from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import show_device
from broker.fleet.offers import enrol
from broker.fleet.replacement import replace
from broker.fleet.vault import new_key
from broker.store.database import Database
from broker.store.place_settings import put_setting
from broker.store.places import Place
from broker.store.registry import add_device, list_devices
from otziv.cli.device_words import said_line
from tests.fixtures.enrolling import NOW, PASSPHRASE, furnish, issue_to_device

WEEK = timedelta(days=7)


@pytest.fixture
def authority(tmp_path: Path, database: Database) -> Authority:
    """An authority, and a database with a site and two touchpoints."""
    furnish(database)
    return Authority.open(tmp_path / "fleet", PASSPHRASE, NOW)


def issue(database: Database, authority: Authority, name: str = "k1") -> str:
    """The serial of a new certificate."""
    key = new_key().public_key()
    return issue_to_device(database, authority, "troyan", name, key, NOW).serial


def said(database: Database, name: str = "k1") -> str:
    """The device in the list."""
    return said_line(show_device(database, name, NOW)[0])


def test_one_in_service_again_is_not_barred(database: Database, authority: Authority) -> None:
    """What a rotation replaced ends all the same."""
    add_device(database, "k1", touchpoint="desk-1")
    rotated = issue(database, authority)
    later = NOW + timedelta(seconds=1)
    issue_to_device(database, authority, "troyan", "k1", new_key().public_key(), later)
    replace(database, "k1", "k2", later + timedelta(days=1))
    assert "replaced, let in until" in said(database)
    move_device(database, "k1", "desk-2", now=later + timedelta(days=2))
    assert "replaced" not in said(database)
    assert retire_replaced(database, NOW + 3 * WEEK) == [rotated]


def test_one_that_takes_over_again_is_not_barred(database: Database, authority: Authority) -> None:
    """From the device that had replaced it."""
    add_device(database, "k1", touchpoint="desk-1")
    issue(database, authority)
    replace(database, "k1", "k2", NOW)
    replace(database, "k2", "k1", NOW)
    assert retire_replaced(database, NOW + 3 * WEEK) == []


def test_one_that_was_barred_stays_out(database: Database, authority: Authority) -> None:
    """By moving it nothing comes back."""
    add_device(database, "k1", touchpoint="desk-1")
    issue(database, authority)
    replace(database, "k1", "k2", NOW, is_barred=True)
    move_device(database, "k1", "desk-2", now=NOW)
    assert show_device(database, "k1", NOW)[0].standing == "revoked"


def test_who_stands_nowhere_gets_no_code_and_advice(
    database: Database, authority: Authority
) -> None:
    """In the drawer: move it first; retired: its name is used up, and its codes are dead."""
    enrol(database, authority, "k1", "desk-1", NOW)
    move_device(database, "k1", None, now=NOW)
    with pytest.raises(FleetError, match="otziv device move k1 desk-1"):
        enrol(database, authority, "k1", "desk-1", NOW)
    retire_device(database, "k1", now=NOW)
    with pytest.raises(FleetError, match=r"was retired on .*: take another name"):
        enrol(database, authority, "k1", "desk-1", NOW)
    assert said(database).endswith("retired  it was never seen")


def put_a_fault(database: Database, touchpoint: str = "desk-1") -> None:
    """There is to be shown what nobody translated."""
    place, day = Place("touchpoint", touchpoint), NOW.date() - timedelta(days=3)
    with database.transaction() as connection:
        put_setting(connection, place, "languages", '["bg", "tr"]', from_on=day, now=NOW)


def test_where_no_kiosk_could_work_none_is_set_up(database: Database, authority: Authority) -> None:
    """It is told what to mend, and nothing is registered."""
    put_a_fault(database)
    with pytest.raises(FleetError, match=r"nothing was changed.*desk-1: .*tr"):
        enrol(database, authority, "k1", "desk-1", NOW)
    assert list_devices(database) == []


def test_where_no_kiosk_could_work_none_is_replaced(
    database: Database, authority: Authority
) -> None:
    """The old one has a configuration of before; the new one would get none."""
    enrol(database, authority, "k1", "desk-1", NOW)
    put_a_fault(database)
    with pytest.raises(FleetError, match=r"nothing was changed.*desk-1: .*tr"):
        replace(database, "k1", "k2", NOW)
    assert [each.touchpoint for each in list_devices(database)] == ["desk-1"]
