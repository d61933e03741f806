"""Bad input from the wire to the quarantine: a reason for each, and the line goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import pytest

from broker.intake.intake import Intake
from broker.intake.reasons import EXPLANATIONS
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.quarantine import list_entries
from broker.wire.codec import MAX_RECEIVED_BYTES, read_batch, write_batch
from tests.intake.making import DEVICE, NOON, SITE, STREAM, delivery, rating, register

Change: TypeAlias = Callable[[dict[str, Any]], None]


def message(change: Change, seq: int = 2) -> bytes:
    """A batch of two events, the second of which is changed, as any program might send it."""
    batch = json.loads(write_batch(STREAM, [rating(1), rating(seq)]))
    change(batch["events"][1])
    return json.dumps(batch).encode()


def put(**fields: object) -> Change:
    """Give the event these fields."""
    return lambda event: event.update(fields)


def drop(name: str) -> Change:
    """Leave a field out."""

    def change(event: dict[str, Any]) -> None:
        del event[name]

    return change


EVENTS: dict[str, tuple[Change, str]] = {
    "a value off the scale": (put(value=5), "invalid"),
    "a value as text": (put(value="4"), "invalid"),
    "a boolean as a number": (put(value=True), "invalid"),
    "no seq": (drop("seq"), "invalid"),
    "seq 0": (put(seq=0), "invalid"),
    "a seq beyond all numbers": (put(seq=2**70), "invalid"),
    "an id that is none": (put(id="1; DROP TABLE event"), "invalid"),
    "a time without zone": (put(answered_at="2026-11-20T12:00:00"), "invalid"),
    "a time that is none": (put(answered_at="yesterday"), "invalid"),
    "an unknown clock": (put(clock="sundial"), "invalid"),
    "an unknown kind": (put(kind="hug"), "unknown-kind"),
    "no kind": (drop("kind"), "invalid"),
    "an unknown touchpoint": (put(touchpoint="cellar"), "unknown-touchpoint"),
    "a touchpoint that is no code": (put(touchpoint="Гише 3"), "invalid"),
    "from the future": (put(answered_at="2027-11-20T12:00:00Z"), "future-time"),
    "from the last century": (put(answered_at="1970-01-01T00:00:05Z"), "past-time"),
    "not an object": (lambda event: event.clear(), "invalid"),
}

PAYLOADS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not-json"),
    "malformed UTF-8": (b'{"v":1,"stream":"\xff"}', "not-json"),
    "half a message": (write_batch(STREAM, [rating(1)])[:-20], "not-json"),
    "too deep": (b"[" * 100 + b"]" * 100, "too-deep"),
    "too large": (b" " * (MAX_RECEIVED_BYTES + 1), "too-large"),
    "an unknown version": (b'{"v":2,"stream":"x","events":[]}', "unknown-version"),
    "no events": (b'{"v":1,"stream":"' + STREAM.encode() + b'","events":[]}', "invalid"),
    "a list": (b"[]", "invalid"),
}


def admit(
    database: Database, payload: bytes, site: str = SITE, device: str = DEVICE
) -> tuple[list[str], list[str]]:
    """Hand a message in as the collector does; ids accepted, reasons of what is kept."""
    sent = replace(delivery(site=site, device=device), reading=read_batch(payload))
    (outcome,) = Intake(database).admit([sent])
    return outcome.accepted, [refused.reason for refused in outcome.refused]


@pytest.mark.parametrize("case", EVENTS)
def test_one_bad_event_spares_its_neighbours(database: Database, case: str) -> None:
    """It is kept with its number and a reason that is explained; the good one is stored."""
    register(database)
    change, reason = EVENTS[case]
    accepted, reasons = admit(database, message(change))
    assert len(accepted) == 1
    assert reasons == [reason]
    (entry,) = list_entries(database)
    assert entry.reason in EXPLANATIONS
    assert entry.payload
    (account,) = completeness(database)
    assert account.stored == 1
    assert account.missing == 0


@pytest.mark.parametrize("case", PAYLOADS)
def test_an_unreadable_message_is_kept_whole(database: Database, case: str) -> None:
    """With its reason, and once, however often it comes."""
    register(database)
    payload, reason = PAYLOADS[case]
    for _ in range(2):
        assert admit(database, payload) == ([], [reason])
    (entry,) = list_entries(database)
    assert (entry.payload, entry.reason, entry.times_seen) == (payload, reason, 2)
    assert entry.detail


def test_501_events_are_kept_one_by_one(database: Database) -> None:
    """The receipt can name them all, and none is stored by halves."""
    register(database)
    batch = json.loads(write_batch(STREAM, [rating(1)]))
    one = batch["events"][0]
    batch["events"] = [one | {"id": rating(1).id, "seq": seq} for seq in range(1, 502)]
    accepted, reasons = admit(database, json.dumps(batch).encode())
    assert accepted == []
    assert reasons == ["too-many-events"] * 501


def test_a_gap_is_no_error(database: Database) -> None:
    """What comes after it is stored; the account says what is missing."""
    register(database)
    accepted, reasons = admit(database, message(put(), seq=10))
    assert (len(accepted), reasons) == (2, [])
    (account,) = completeness(database, with_gaps=True)
    assert (account.missing, account.gaps) == (8, ((2, 9),))


@pytest.mark.parametrize(
    ("site", "device", "reason"),
    [("sofia", DEVICE, "unknown-site"), (SITE, "stranger", "unknown-device")],
)
def test_strangers_are_kept_apart(database: Database, site: str, device: str, reason: str) -> None:
    """Their events wait for people, and claim no stream."""
    register(database)
    batch = write_batch(STREAM, [rating(1)])
    assert admit(database, batch, site, device) == ([], [reason])
    assert completeness(database) == []


def test_a_little_ahead_is_no_future(database: Database) -> None:
    """Clocks differ by seconds, and five minutes are allowed."""
    register(database)
    ahead = rating(1, answered_at=NOON + timedelta(minutes=64))
    accepted, reasons = admit(database, write_batch(STREAM, [ahead]))
    assert (accepted, reasons) == ([ahead.id], [])
