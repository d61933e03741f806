"""The demo's kiosks: where they stand, and how the store knows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from broker.fleet.device_places import move_device
from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.registry import add_device, add_touchpoint, list_devices, list_touchpoints

PLACES: Final = (
    "Гише 1, справки",
    "Гише 2, деловодство",
    "Гише 3, каса",
    "Гише 4, местни данъци",
    "Гише 5, такса битови отпадъци",
    "Гише 6, гражданско състояние",
    "Гише 7, кадастър",
    "Гише 8, търговия",
    "Гише 9, социални услуги",
    "Кметство Горна чешма",
    "Кметство Кривия дъб",
    "Туристически център",
)
"""Where the demo's kiosks stand; all invented."""


def kiosk_name(number: int) -> str:
    """Name of the demo's kiosk ``number``, from 1."""
    return f"demo-{number:02}"


def register(database: Database, site: str, names: Sequence[str]) -> list[str]:
    """Make the demo's touchpoints and devices known, in test mode; those that are in use.

    Whoever looked at an earlier demo may have moved or replaced a kiosk, in the browser: it is back
    where it presses. What was retired is left out, since that can't be taken back.
    """
    touchpoints = {each.code: each for each in list_touchpoints(database)}
    devices = {each.name: each for each in list_devices(database)}
    in_use = []
    for name, place in zip(names, PLACES, strict=True):
        touchpoint, device = touchpoints.get(name), devices.get(name)
        if touchpoint is None:
            add_touchpoint(database, name, site=site, name=place, is_test=True)
        elif touchpoint.retired_on is not None:  # it may have another name by now
            continue
        if device is None:
            add_device(database, name, touchpoint=name)
        elif device.retired_on is not None:
            continue
        elif device.touchpoint != name:
            try:
                move_device(database, name, name, now=datetime.now(UTC))
            except FleetError:  # settings that no kiosk could show
                continue
        in_use.append(name)
    return in_use
