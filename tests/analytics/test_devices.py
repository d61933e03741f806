"""Devices on the dashboard: who is there, and whether anything of theirs is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from analytics.dashboard.devices import Contact, read_devices
from analytics.dashboard.language import Language
from analytics.dashboard.words import contact_text, place_text
from broker.store.status import HEARTBEAT_LIMIT, Heard, StatusWriter, Who
from broker.store.tables import DeviceStatus, table_of
from broker.wire.messages import Availability
from tests.analytics.feedback import NOW, SITE, Feedback


def test_made_is_stored_and_missing(feedback: Feedback) -> None:
    """Numbers that went by without an event are missing, and everything adds up."""
    feedback.place("desk-1")
    feedback.press("desk-1", 4, times=3)
    feedback.skip("desk-1", 2)
    feedback.press("desk-1", 4)
    (device,) = read_devices(feedback.database, NOW)
    assert (device.who, device.place) == (Who(SITE, "kiosk-desk-1"), "Place desk-1")
    assert (device.made, device.stored, device.quarantined, device.missing) == (6, 4, 0, 2)


def test_devices_sort_as_people_count(feedback: Feedback) -> None:
    """Device 10 comes after device 2."""
    for code in ("10", "2", "1"):
        feedback.place(code)
    found = [device.who.device for device in read_devices(feedback.database, NOW)]
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
    _hear(feedback, "a-stranger", "online", NOW)
    known, stranger = read_devices(feedback.database, NOW)
    assert (known.is_registered, known.contact) == (True, None)
    assert (stranger.is_registered, stranger.place) == (False, None)
    assert stranger.who == Who(SITE, "a-stranger")
    assert stranger.contact == Contact(is_online=True, last_seen_at=NOW)


def test_what_only_the_broker_says_is_no_contact(feedback: Feedback) -> None:
    """A kept ``offline``, of a stranger too, is no sign of life: there is no time of contact."""
    feedback.place("desk-1")
    told: tuple[Availability, datetime] = ("offline", NOW)
    whos = [Who(SITE, "kiosk-desk-1"), Who(SITE, "stranger")]
    StatusWriter(feedback.database).write(Heard(availability=dict.fromkeys(whos, told)))
    devices = read_devices(feedback.database, NOW)
    assert [device.contact for device in devices] == [None, None]
    assert [contact_text(Language("en"), device.contact, NOW) for device in devices] == [
        "no signal yet",
        "no signal yet",
    ]


def test_a_namesake_elsewhere_is_a_stranger(feedback: Feedback) -> None:
    """A device that says it is of another site takes nothing from ours of the same name."""
    feedback.place("desk-1")
    feedback.press("desk-1", 4)
    _hear(feedback, "kiosk-desk-1", "online", NOW)
    namesake = Who("zlatograd", "kiosk-desk-1")
    told = Heard({namesake: NOW}, {namesake: ("offline", NOW)})
    StatusWriter(feedback.database).write(told)
    ours, stranger = read_devices(feedback.database, NOW)
    assert (ours.who.site, ours.contact, ours.made) == (SITE, Contact(True, NOW), 1)
    assert (stranger.who, stranger.is_registered, stranger.made) == (namesake, False, 0)


def test_a_copied_card_is_counted(feedback: Feedback) -> None:
    """Two events of one number, as two kiosks with copies of one card make them, are told."""
    feedback.place("desk-1")
    feedback.press("desk-1", 4, times=3)
    feedback.rewind("desk-1", 1)
    feedback.press("desk-1", 1)
    (device,) = read_devices(feedback.database, NOW)
    assert (device.made, device.stored, device.missing) == (3, 3, 0)
    assert device.clashes == 2


def test_numbers_are_not_walked_through(feedback: Feedback) -> None:
    """Where numbers are missing they are counted, not looked for: the page renews itself often."""
    feedback.place("desk-1")
    feedback.skip("desk-1", 2)
    feedback.press("desk-1", 4)
    asked: list[str] = []
    event.listen(
        feedback.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    (device,) = read_devices(feedback.database, NOW)
    assert device.missing == 2
    assert asked
    assert not [each for each in asked if "UNION" in each and "device_placement" not in each]


def _hear(
    feedback: Feedback, device: str, availability: str | None, heartbeat_at: datetime | None
) -> None:
    """Enter what was heard of a device."""
    row = {"site": SITE, "device": device, "last_seen_at": NOW}
    row |= {"availability": availability, "heartbeat_at": heartbeat_at}
    with feedback.database.transaction() as connection:
        connection.execute(table_of(DeviceStatus).insert(), row)


def test_forms_are_no_device(feedback: Feedback) -> None:
    """What brings them in has an account of its numbers; nobody waits for a sign of its life."""
    feedback.place("desk-1")
    feedback.fill_in("desk-1", 4, "web")
    states = {each.who.device: each for each in read_devices(feedback.database, NOW)}
    assert not states["portal"].is_machine
    assert states["portal"].stored == 1
    assert place_text(Language("en").text, states["portal"]) == "forms and files, no device"
    assert states["kiosk-desk-1"].is_machine
