"""A town with a centre, two halls, desks and devices, and staff to look after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from broker.fleet.authority import Authority
from broker.fleet.places import add_location
from broker.fleet.presence import Presence
from broker.store.registry import add_device, add_touchpoint
from broker.store.tables import DeviceStatus, table_of
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, sign_in_staff

LONG_AGO = date(2025, 1, 1)
FLEET_URL = "https://kiosks.troyan.example:8443"


@pytest.fixture
def town(portal: Portal) -> Portal:
    """``centre`` holds ``hall-1`` with ``desk-1`` and its ``kiosk-1``, and ``hall-2`` likewise."""
    store, now = portal.feedback, portal.clock()
    add_location(store, "centre", site=SITE, now=now, name="Център", from_on=LONG_AGO)
    for number in (1, 2):
        hall, desk = f"hall-{number}", f"desk-{number}"
        add_location(
            store,
            hall,
            site=SITE,
            now=now,
            name=f"Зала {number}",
            location="centre",
            from_on=LONG_AGO,
        )
        add_touchpoint(store, desk, site=SITE, name=f"Гише {number}", location=hall)
        add_device(store, f"kiosk-{number}", touchpoint=desk)
    return portal


@pytest.fixture
def administrator(town: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """Somebody who may do everything here."""
    client = new_client()
    sign_in_staff(town, client, "administrator")
    return client


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """The keys of the fleet's process, which the portal never has."""
    folder = tmp_path / "vault"
    folder.mkdir(mode=0o700)
    return Authority.open(folder, b"of a test", datetime.now(UTC))


@pytest.fixture
def running(town: Portal, authority: Authority) -> Portal:
    """The town while the fleet's process runs."""
    Presence(town.feedback, authority, FLEET_URL).attend(town.clock())
    return town


def hear(portal: Portal, device: str, **heard: object) -> None:
    """Let the store know what a device says: by default that it is there, a moment ago."""
    now = portal.clock()
    row = {
        "availability": "online",
        "availability_at": now,
        "heartbeat_at": now,
        "last_seen_at": now,
        "waiting": 0,
        "version": "1.0",
        **heard,
    }
    with portal.feedback.transaction() as connection:
        connection.execute(insert(table_of(DeviceStatus)).values(site=SITE, device=device, **row))
