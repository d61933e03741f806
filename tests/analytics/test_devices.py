"""Devices on the dashboard: who is there, and whether anything of theirs is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from analytics.dashboard.devices import HEARTBEAT_LIMIT, Contact, read_devices
from broker.store.tables import DeviceStatus, table_of
from tests.analytics.feedback import NOW, SITE, Feedback


def test_made_is_stored_and_missing(feedback: Feedback) -> None:
    """Numbers that went by without an event are missing, and everything adds up."""
    feedback.place("desk-1")
    feedback.press("desk-1", 4, times=3)
    feedback.skip("desk-1", 2)
    feedback.press("desk-1", 4)
    (device,) = read_devices(feedback.database, NOW)
    assert (device.name, device.place) == ("kiosk-desk-1", "Place desk-1")
    assert (device.made, device.stored, device.quarantined, device.missing) == (6, 4, 0, 2)


def test_devices_sort_as_people_count(feedback: Feedback) -> None:
    """Device 10 comes after device 2."""
    for code in ("10", "2", "1"):
        feedback.place(code)
    found = [device.name for device in read_devices(feedback.database, NOW)]
    assert found == ["kiosk-1", "kiosk-2", "kiosk-10"]


@pytest.mark.parametrize(
    ("availability", "heartbeat_at", "is_online"),
    [
        ("online", NOW - HEARTBEAT_LIMIT, True),
        ("online", NOW - HEARTBEAT_LIMIT - timedelta(seconds=1), False),
        ("online", None, False),
        ("offline", NOW, False),
        (None, NOW, False),
    ],
)
def test_online_needs_word_and_heartbeat(
    feedback: Feedback, availability: str | None, heartbeat_at: datetime | None, is_online: bool
) -> None:
    """A device is online when it says so and its heartbeat is at most 150 s old."""
    feedback.place("desk-1")
    _hear(feedback, "kiosk-desk-1", availability, heartbeat_at)
    (device,) = read_devices(feedback.database, NOW)
    assert device.contact == Contact(is_online, NOW)


def test_strangers_are_seen(feedback: Feedback) -> None:
    """A device that nobody registered is listed, and so is one that was never heard of."""
    feedback.place("desk-1")
    _hear(feedback, "stranger", "online", NOW)
    known, stranger = read_devices(feedback.database, NOW)
    assert (known.is_registered, known.contact) == (True, None)
    assert (stranger.name, stranger.is_registered, stranger.place) == ("stranger", False, None)


def _hear(
    feedback: Feedback, device: str, availability: str | None, heartbeat_at: datetime | None
) -> None:
    """Enter what was heard of a device."""
    row = {"site": SITE, "device": device, "last_seen_at": NOW}
    row |= {"availability": availability, "heartbeat_at": heartbeat_at}
    with feedback.database.transaction() as connection:
        connection.execute(table_of(DeviceStatus).insert(), row)
