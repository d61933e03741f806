"""What was last heard of each device."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from broker.store.database import Database
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import DeviceStatus, table_of
from broker.wire.messages import VERSION, Heartbeat
from tests.intake.making import NOON, STREAM, register

KIOSK = Who("troyan", "kiosk-1")
BEAT = Heartbeat(
    v=VERSION,
    sent_at=NOON,
    clock="synced",
    boot="b" * 8,
    uptime_ms=1,
    stream=STREAM,
    last_seq=7,
    waiting=3,
    version="1.2",
    faults=("face-1:stuck",),
)


def statuses(database: Database) -> dict[str, Any]:
    """All rows, by device."""
    with database.reading() as connection:
        found = connection.execute(select(table_of(DeviceStatus))).all()
    return {row.device: row for row in found}


def test_each_word_is_kept_apart(database: Database) -> None:
    """Availability says nothing of when we heard, and a heartbeat nothing of availability."""
    register(database)
    writer = StatusWriter(database)
    writer.write(Heard(availability={KIOSK: ("online", NOON)}))
    assert statuses(database)["kiosk-1"].last_seen_at is None
    later = NOON + timedelta(minutes=1)
    writer.write(Heard(seen={KIOSK: later}, heartbeats={KIOSK: (BEAT, later)}))
    found = statuses(database)["kiosk-1"]
    assert (found.availability, found.availability_at) == ("online", NOON)
    assert (found.last_seen_at, found.heartbeat_at) == (later, later)
    assert (found.last_seq, found.waiting, found.version) == (7, 3, "1.2")
    assert found.faults == '["face-1:stuck"]'


def test_the_latest_sign_of_life_counts() -> None:
    """A heartbeat that was delivered late doesn't take back what was seen since."""
    heard = Heard(seen={KIOSK: NOON})
    heard.update(Heard(seen={KIOSK: NOON - timedelta(hours=1)}))
    assert heard.seen == {KIOSK: NOON}
    heard.update(Heard(seen={KIOSK: NOON + timedelta(hours=1)}))
    assert heard.seen == {KIOSK: NOON + timedelta(hours=1)}


def test_strangers_are_seen(database: Database) -> None:
    """Who speaks without being registered is shown, whatever it says."""
    odd = msgspec.structs.replace(BEAT, version="\x00\n", last_seq=2**70, disk_free_bytes=2**80)
    stranger = Who("troyan", "stranger")
    StatusWriter(database).write(Heard(heartbeats={stranger: (odd, NOON)}))
    assert statuses(database)["stranger"].version == "\\u0000\\u000a"
