"""Registering sites, touchpoints and devices."""

from __future__ import annotations

import pytest

from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.registered import revision
from broker.store.registry import (
    add_device,
    add_site,
    add_touchpoint,
    list_devices,
    list_sites,
    list_touchpoints,
)


def test_what_is_added_is_listed(database: Database) -> None:
    """Sites, touchpoints and devices come back as they were entered."""
    assert add_site(database, "troyan", name="Троян")
    assert add_touchpoint(database, "hall-desk-3", site="troyan", name="Гише 3", is_test=True)
    assert add_device(database, "kiosk-7", touchpoint="hall-desk-3")
    (site,) = list_sites(database)
    assert (site.code, site.name, site.timezone) == ("troyan", "Троян", "Europe/Sofia")
    (touchpoint,) = list_touchpoints(database, site="troyan")
    assert (touchpoint.name, touchpoint.is_test) == ("Гише 3", True)
    assert touchpoint.added_at.tzinfo is not None
    (device,) = list_devices(database)
    assert (device.name, device.site, device.touchpoint) == ("kiosk-7", "troyan", "hall-desk-3")
    assert list_devices(database, site="elsewhere") == []


def test_the_same_again_is_no_error(database: Database) -> None:
    """Adding is repeatable: scripts may run twice."""
    for is_new in (True, False):
        assert add_site(database, "troyan") is is_new
        assert add_touchpoint(database, "desk", site="troyan") is is_new
        assert add_device(database, "kiosk-1", touchpoint="desk") is is_new


def test_only_what_is_given_is_compared(database: Database) -> None:
    """A site or touchpoint that got a proper name by now can be added again without it."""
    add_site(database, "troyan", name="Община Троян", timezone="Europe/Sofia")
    add_touchpoint(database, "desk", site="troyan", name="Гише 1", is_test=True)
    assert add_site(database, "troyan", timezone="Europe/Sofia") is False
    assert add_site(database, "troyan") is False
    assert add_touchpoint(database, "desk", site="troyan") is False
    with pytest.raises(RegistryError, match="with timezone 'Europe/Sofia'"):
        add_site(database, "troyan", timezone="Europe/Athens")
    with pytest.raises(RegistryError, match="with is_test True"):
        add_touchpoint(database, "desk", site="troyan", is_test=False)


def test_adding_what_is_there_writes_nothing(database: Database) -> None:
    """It keeps no collector waiting, nor waits for one, and nobody has to read anew."""
    add_site(database, "troyan")
    with database.transaction() as connection:
        before = revision(connection)
        assert add_site(database, "troyan") is False
    with database.reading() as connection:
        assert revision(connection) == before


def test_something_else_of_that_code_is_refused(database: Database) -> None:
    """What is entered stays, and the error shows what is there."""
    add_site(database, "troyan")
    add_touchpoint(database, "desk", site="troyan", name="One")
    add_touchpoint(database, "desk-2", site="troyan")
    add_device(database, "kiosk-1", touchpoint="desk")
    with pytest.raises(RegistryError, match="there already, with name 'One'"):
        add_touchpoint(database, "desk", site="troyan", name="Two")
    with pytest.raises(RegistryError, match="there already, with touchpoint 'desk'"):
        add_device(database, "kiosk-1", touchpoint="desk-2")
    assert list_touchpoints(database)[0].name == "One"


@pytest.mark.parametrize("code", ["", "Desk", "desk_1", "гише", "-desk", "a" * 64, "desk\n", "a/b"])
def test_bad_codes_are_refused(database: Database, code: str) -> None:
    """A code must survive topics, addresses and file names."""
    add_site(database, "troyan")
    with pytest.raises(RegistryError, match="small Latin letters"):
        add_touchpoint(database, code, site="troyan")
    with pytest.raises(RegistryError, match="small Latin letters"):
        add_site(database, code)


def test_what_is_referred_to_must_be_there(database: Database) -> None:
    """A touchpoint needs its site, a device its touchpoint, and the error says how."""
    with pytest.raises(RegistryError, match="unknown site 'troyan'"):
        add_touchpoint(database, "desk", site="troyan")
    with pytest.raises(RegistryError, match="otziv touchpoint add desk"):
        add_device(database, "kiosk-1", touchpoint="desk")
    with pytest.raises(RegistryError, match="unknown time zone"):
        add_site(database, "troyan", timezone="Europe/Troyan")


def test_each_change_raises_the_revision(database: Database) -> None:
    """A running intake sees by the revision that it must read anew."""
    with database.reading() as connection:
        before = revision(connection)
    add_site(database, "troyan")
    with database.reading() as connection:
        assert revision(connection) > before
