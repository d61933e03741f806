"""The demo's kiosks, after somebody who looked at it changed them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from broker.fleet.device_places import move_device, retire_device
from broker.fleet.replacement import replace
from broker.store.registry import list_devices
from otziv.demo.kiosks import PLACES, kiosk_name, register
from otziv.installation import open_installation

NAMES = [kiosk_name(number) for number in range(1, len(PLACES) + 1)]


def test_a_demo_can_be_started_again(tmp_path: Path) -> None:
    """A kiosk that was replaced or moved is back at its place; one that was retired is left out."""
    now = datetime.now(UTC)
    with open_installation(tmp_path, site="troyan").store() as database:
        assert register(database, "troyan", NAMES) == NAMES
        replace(database, "demo-05", "spare-1", now)
        move_device(database, "demo-06", "demo-07", now=now)
        retire_device(database, "demo-08", now=now)

        assert register(database, "troyan", NAMES) == [n for n in NAMES if n != "demo-08"]
        stands = {each.name: each.touchpoint for each in list_devices(database)}
    assert (stands["demo-05"], stands["demo-06"], stands["demo-08"]) == ("demo-05", "demo-06", None)
