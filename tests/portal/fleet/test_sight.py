"""Who sees which places and devices: all, or those of the units for which a role holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from broker.fleet.device_places import move_device
from broker.fleet.notices import open_notice
from broker.fleet.place_changes import set_setting
from portal.people.units import UnitDetails, add_unit
from portal.web.actor import NOBODY
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, sign_in_staff


@pytest.fixture
def head(town: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """The head of the unit that serves in hall 1."""
    set_setting(town.feedback, "location", "hall-1", "unit", "revenue", None, town.clock())
    client = new_client()
    sign_in_staff(town, client, "head-of-unit", units=["revenue"])
    return client


def test_a_head_of_unit_sees_the_own_places(head: TestClient) -> None:
    """With what they stand in, which is shown and can't be opened."""
    html = head.get("/staff/places").text
    assert "Гише 1" in html
    assert "Център" in html
    assert "Гише 2" not in html
    assert "/staff/places/location/centre" not in html
    assert head.get("/staff/places/touchpoint/desk-1").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/staff/places/touchpoint/desk-2",
        "/staff/places/location/centre",
        "/staff/places/location/hall-2/holidays",
        "/staff/devices/kiosk-2",
        "/staff/devices/kiosk-2/configurations",
        "/staff/devices/kiosk-9",
    ],
)
def test_what_is_others_is_not_there(head: TestClient, path: str) -> None:
    """As if it were not there at all."""
    assert head.get(path).status_code == 404


def test_a_head_of_unit_sees_the_own_devices(town: Portal, head: TestClient) -> None:
    """Neither others' nor those in the drawer."""
    html = head.get("/staff/devices").text
    assert "kiosk-1" in html
    assert "kiosk-2" not in html
    move_device(town.feedback, "kiosk-1", None, now=town.clock())
    assert "kiosk-1" not in head.get("/staff/devices").text


def test_a_head_of_unit_sees_the_own_notices(town: Portal, head: TestClient) -> None:
    """Not others', and not those about the whole installation."""
    now = town.clock()
    numbers = {
        device: open_notice(
            town.feedback, SITE if device else "", device, "low", f"of {device}", now
        )
        for device in ("kiosk-1", "kiosk-2", "")
    }
    html = head.get("/staff/health").text
    assert f"/staff/health/{numbers['kiosk-1']}" in html
    assert f"/staff/health/{numbers['kiosk-2']}" not in html
    assert head.get(f"/staff/health/{numbers['kiosk-2']}").status_code == 404
    assert head.get(f"/staff/health/{numbers['']}").status_code == 404


def test_what_is_about_all_units_is_for_those_who_see_all(head: TestClient) -> None:
    """A page that says why."""
    answer = head.get("/staff/quarantine")
    assert answer.status_code == 403
    assert "за всички звена" in answer.text


def test_a_unit_includes_those_in_it(town: Portal, new_client: Callable[[], TestClient]) -> None:
    """Who heads a department sees the places of its units, too."""
    day = town.clock().date()
    for code, parent in (("finance", ""), ("revenue", "finance")):
        details = UnitDetails(kind="department", name_bg=code, parent=parent)
        add_unit(town.database, code, details, day, actor=NOBODY)
    set_setting(town.feedback, "location", "hall-1", "unit", "revenue", None, town.clock())
    client = new_client()
    sign_in_staff(town, client, "head-of-unit", units=["finance"])
    assert client.get("/staff/places/location/hall-1").status_code == 200
    assert client.get("/staff/places/location/hall-2").status_code == 404
