"""The watch over real databases: what is stored becomes a notice, once, and closes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import fleet_status, forget_strangers
from broker.fleet.notices import close_notice, list_notices, open_notice, show_notice
from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.place_settings import put_setting
from broker.store.places import Place
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import Device, DeviceStatus, table_of
from tests.fleet.health_hall import HealthHall, rows, stream_of
from tests.intake.making import NOON, SITE, delivery, rating


@pytest.fixture
def hall(database: Database) -> HealthHall:
    """Three devices under watch."""
    return HealthHall(database)


def test_a_silent_device_has_one_notice_over_restarts(hall: HealthHall) -> None:
    """It opens in time, is not repeated by a new process, and closes when it is heard."""
    hall.live(5)
    hall.says["kiosk-2"] = None
    hall.live(15)
    assert hall.notices() == [("kiosk-2", "silent")]
    hall.restart()
    hall.live(20)
    assert hall.notices(only_open=False) == [("kiosk-2", "silent")]
    hall.says["kiosk-2"] = {}
    hall.live(5)
    assert hall.notices() == []
    assert hall.notices(only_open=False) == [("kiosk-2", "silent")]


def test_when_nobody_is_heard_there_is_one_notice(hall: HealthHall) -> None:
    """The collector is down: one for the installation; the one that stays away is told later."""
    hall.live(5)
    hall.says = dict.fromkeys(hall.devices)
    hall.live(60)
    assert hall.notices() == [("", "nothing-heard")]
    hall.says = {"kiosk-3": None}
    hall.live(5)
    assert hall.notices() == []
    hall.live(10)
    assert hall.notices() == [("kiosk-3", "silent")]


def test_while_the_broker_is_away_devices_are_not_judged(hall: HealthHall) -> None:
    """One notice, though all have been silent for an hour; then none."""
    hall.live(5)
    hall.is_connected, hall.says = False, dict.fromkeys(hall.devices)
    hall.live(60)
    assert hall.notices() == [("", "nothing-heard")]
    hall.is_connected, hall.says = True, {}
    hall.live(5)
    assert hall.notices(only_open=False) == [("", "nothing-heard")]
    assert hall.notices() == []


def test_all_that_a_heartbeat_says_is_judged(hall: HealthHall) -> None:
    """What the collector wrote down of heartbeats comes to the rules."""
    hall.says["kiosk-1"] = {
        "clock": "unknown",
        "waiting": 7,
        "oldest_waiting_s": 5_000,
        "faults": ("face-1:stuck", "lamp-2:dead"),
        "refusal": "no text in en",
        "temperature_c": 90.0,
        "throttling": ("under-voltage",),
        "disk_free_bytes": 1_000,
        "disk_total_bytes": 10**10,
        "certificate_expires_at": NOON + timedelta(days=10),
    }
    hall.live(62)
    assert {rule for _, rule in hall.notices()} == {
        "clock-lost",
        "lagging",
        "stuck-button:face-1",
        "fault:lamp-2:dead",
        "configuration-refused",
        "too-hot",
        "low-power",
        "disk-full",
        "certificate-expiring",
    }
    hall.says["kiosk-1"] = {
        "temperature_c": 50.0,
        "disk_free_bytes": 10**10,
        "certificate_expires_at": NOON + timedelta(days=90),
    }
    hall.live(62)
    assert hall.notices() == []


def test_a_device_with_an_older_configuration_is_behind(hall: HealthHall) -> None:
    """Ten minutes after publishing, unless its heartbeat tells the new revision."""
    first = {device: hall.publish(device) for device in hall.devices}
    hall.says = {device: {"configuration": revision} for device, revision in first.items()}
    hall.live(5)
    hall.says["kiosk-1"] = {"configuration": hall.publish("kiosk-1")}
    hall.publish("kiosk-2")
    hall.live(9)
    assert hall.notices() == []
    hall.live(4)
    assert hall.notices() == [("kiosk-2", "configuration-behind")]


def test_a_device_that_can_get_no_configuration_is_told_of(hall: HealthHall) -> None:
    """Until what is set for its place is mended; one that has an earlier one goes on with that."""
    put_languages(hall, '["bg", "tr"]')
    hall.publish("kiosk-2")
    hall.says["kiosk-2"] = {"configuration": 1}
    hall.live(9)
    assert hall.notices() == []
    hall.live(3)
    told = {who for who, rule in hall.notices() if rule == "configuration-missing"}
    assert told == {*hall.devices} - {"kiosk-2"}
    put_languages(hall, '["bg"]')
    hall.live(6)
    assert hall.notices() == []


def put_languages(hall: HealthHall, value: str) -> None:
    """Past the verbs, all places are to speak these."""
    place, day = Place("site", SITE), NOON.date() - timedelta(days=1)
    with hall.database.transaction() as connection:
        put_setting(connection, place, "languages", value, from_on=day, now=NOON)


def test_a_certificate_is_judged_by_its_own_life(hall: HealthHall) -> None:
    """A quarter of the life of the one in use; a renewed one closes the notice."""
    expires_at = NOON + timedelta(days=20)
    issue(hall.database, "1", issued=NOON - timedelta(days=70), expires=expires_at)
    hall.says["kiosk-1"] = {"certificate_expires_at": expires_at}
    hall.live(62)
    assert hall.notices() == [("kiosk-1", "certificate-expiring")]
    issue(hall.database, "2", issued=hall.now, expires=hall.now + timedelta(days=90))
    hall.says["kiosk-1"] = {"certificate_expires_at": hall.now + timedelta(days=90)}
    hall.live(2)
    assert hall.notices() == []


def issue(database: Database, serial: str, issued: object, expires: object) -> None:
    """A certificate of ``kiosk-1``."""
    row = {"serial": serial, "purpose": "device", "subject": f"{SITE}/kiosk-1", "pem": ""}
    times = {"issued_at": issued, "expires_at": expires}
    with database.transaction() as connection:
        connection.execute(insert(table_of(Certificate)).values(key_digest="", **row, **times))


def test_moved_and_copied_cards_are_told_for_a_day(hall: HealthHall) -> None:
    """By the flags of their votes; a day after the last one the notice closes."""
    Intake(hall.database).admit([delivery(rating(1), rating(2))])
    Intake(hall.database).admit([delivery(rating(2, touchpoint="hall-desk-2"), device="kiosk-2")])
    hall.now = NOON + timedelta(hours=1)
    hall.live(6)
    copied = {("kiosk-1", "card-copied"), ("kiosk-2", "card-copied")}
    assert set(hall.notices()) == {("kiosk-2", "card-moved"), *copied}
    hall.now += timedelta(hours=23, minutes=50)
    hall.live(10)
    assert hall.notices() == []


def test_numbers_that_nobody_has_are_missing_after_a_day(hall: HealthHall) -> None:
    """What waits in the device is not missing; what neither has is, and closes when it comes."""
    hall.says["kiosk-1"] = {"last_seq": 3, "waiting": 3}
    hall.says["kiosk-2"] = {"last_seq": 2, "waiting": 1}
    for _ in range(26):
        hall.live(1)
        hall.now += timedelta(hours=1)
    assert hall.notices() == [("kiosk-2", "missing")]
    Intake(hall.database).admit(
        [delivery(rating(1), rating(2), device="kiosk-2", stream=stream_of("kiosk-2"))]
    )
    hall.live(25)
    assert ("kiosk-2", "missing") not in hall.notices()


def test_a_dead_desk_in_open_hours_is_improbably_quiet(hall: HealthHall) -> None:
    """Twelve votes an hour are usual; three hours without any are told, one vote closes it."""
    hall.fill("hall-desk-1", weeks=8, an_hour=12)
    first = {device: {"configuration": hall.publish(device)} for device in hall.devices}
    hall.says = dict(first)
    hall.now = NOON - timedelta(hours=3)
    hall.live(30)
    assert hall.notices() == []
    hall.live(180)
    assert hall.notices() == [("kiosk-1", "improbably-quiet")]
    hall.says["kiosk-1"] = {**first["kiosk-1"], "last_seq": 1, "waiting": 1}
    hall.live(1)
    assert hall.notices() == []


def test_a_device_in_a_drawer_has_no_notices(hall: HealthHall) -> None:
    """What was open closes when it is taken away; notices of others' making stay."""
    hall.says["kiosk-1"] = {"faults": ("lamp-1:dead",)}
    hall.live(6)
    open_notice(hall.database, SITE, "kiosk-1", "not-barred", "the broker refused", hall.now)
    assert len(hall.notices()) == 2
    device = table_of(Device)
    with hall.database.transaction() as connection:
        connection.execute(update(device).where(device.c.name == "kiosk-1").values(touchpoint=None))
    hall.live(2)
    assert hall.notices() == [("kiosk-1", "not-barred")]


def test_a_notice_is_open_once(database: Database) -> None:
    """The same again is the same notice; closed, the next one is new."""
    first = open_notice(database, SITE, "kiosk-1", "silent", "{}", NOON)
    assert open_notice(database, SITE, "kiosk-1", "silent", "{}", NOON) == first
    assert close_notice(database, SITE, "kiosk-1", "silent", NOON)
    assert not close_notice(database, SITE, "kiosk-1", "silent", NOON)
    second = open_notice(database, SITE, "kiosk-1", "silent", "{}", NOON)
    assert second > first
    found = list_notices(database, device="kiosk-1", only_open=False)
    assert [view.notice.number for view in found] == [second, first]
    assert show_notice(database, first).notice.closed_at == NOON
    with pytest.raises(FleetError, match="no notice 99"):
        show_notice(database, 99)


def test_the_fleet_in_a_table(hall: HealthHall) -> None:
    """One row a device: where, whether online, what it uses and should use, notices, expiry."""
    wanted = hall.publish("kiosk-1")
    issue(hall.database, "1", issued=NOON, expires=NOON + timedelta(days=90))
    hall.says = {"kiosk-1": {"configuration": 0, "waiting": 4}, "kiosk-3": None}
    hall.live(1)
    open_notice(hall.database, SITE, "kiosk-1", "fault:x", "{}", hall.now)
    with hall.database.reading() as connection:
        first, second, third = fleet_status(connection, hall.now)
    assert (first.device, first.touchpoint, first.place) == (
        "kiosk-1",
        "hall-desk-1",
        "hall-desk-1",
    )
    assert (first.is_online, first.last_seen_at, first.waiting) == (True, hall.now, 4)
    assert (first.configuration_in_use, first.configuration_wanted) == (0, wanted)
    assert (first.open_notices, first.version) == (1, "1")
    assert first.expires_at == NOON + timedelta(days=90)
    assert (second.is_online, second.open_notices) == (True, 0)
    assert (third.is_online, third.last_seen_at, third.version) == (False, None, None)


def test_strangers_are_forgotten(hall: HealthHall) -> None:
    """What a device said that nobody registered goes after a time; registered ones stay."""
    hall.live(1)
    stranger, late = Who(SITE, "stranger"), Who("elsewhere", "kiosk-1")
    heard = Heard(seen={stranger: NOON, late: NOON + timedelta(hours=2)})
    StatusWriter(hall.database).write(heard)
    assert forget_strangers(hall.database, NOON + timedelta(hours=1)) == 1
    left = {(row.site, row.device) for row in rows(hall.database, DeviceStatus)}
    assert left == {late, *(Who(SITE, device) for device in hall.devices)}
