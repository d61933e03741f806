"""The way back from quarantine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from broker.intake.intake import Intake
from broker.intake.reasons import EXPLANATIONS
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.quarantine import (
    count_waiting,
    erase_undecodable,
    list_entries,
    show_entry,
    waiting_entries,
)
from broker.store.registry import add_touchpoint
from broker.store.tables import Event, table_of
from broker.wire.codec import Rejected, read_batch, write_batch
from broker.wire.errors import REASONS
from tests.intake.making import NOON, STREAM, correction, delivery, rating, register


@pytest.fixture
def intake(database: Database) -> Intake:
    """An intake over a registered database."""
    register(database)
    return Intake(database)


def test_a_forgotten_touchpoint_costs_no_vote(database: Database, intake: Intake) -> None:
    """After it is added the events come in, with ids, times, stream and number intact."""
    pressed = rating(1, touchpoint="cellar", answered_at=NOON + timedelta(milliseconds=7))
    changed = correction(2, pressed, 1, touchpoint="cellar")
    intake.admit([delivery(pressed, changed)])
    (account,) = completeness(database)
    assert (account.stored, account.quarantined, account.missing) == (0, 2, 0)
    assert intake.readmit(list_entries(database)) == 0
    add_touchpoint(database, "cellar", site="troyan")
    assert intake.readmit(list_entries(database, reason="unknown-touchpoint")) == 2
    assert list_entries(database) == []
    with database.reading() as connection:
        first, second = connection.execute(select(table_of(Event)).order_by("seq")).all()
    assert (first.id, first.answered_at, first.device) == (
        pressed.id,
        pressed.answered_at,
        "kiosk-1",
    )
    assert first.received_at == NOON + timedelta(hours=1)
    assert (second.id, second.rating) == (changed.id, pressed.id)
    (account,) = completeness(database)
    assert (account.stored, account.quarantined, account.missing) == (2, 0, 0)


def test_what_is_still_wrong_stays_with_its_new_reason(database: Database, intake: Intake) -> None:
    """One thing repaired may show the next."""
    lost = rating(9)
    intake.admit([delivery(correction(1, lost, 1, touchpoint="cellar"))])
    add_touchpoint(database, "cellar", site="troyan")
    assert intake.readmit(list_entries(database)) == 0
    (entry,) = list_entries(database)
    assert (entry.reason, entry.times_seen) == ("unknown-rating", 1)


def test_an_event_from_the_future_comes_in_at_its_arrival(
    database: Database, intake: Intake
) -> None:
    """When its clock is distrusted: dated at its arrival, with the claim kept."""
    ahead = rating(1, answered_at=NOON + timedelta(days=400))
    intake.admit([delivery(ahead)])
    assert intake.readmit(list_entries(database)) == 0
    assert intake.readmit(list_entries(database), distrusts_clock=True) == 1
    with database.reading() as connection:
        (row,) = connection.execute(select(table_of(Event))).all()
    assert (row.answered_at, row.claimed_at) == (row.received_at, ahead.answered_at)


def test_a_message_that_can_be_read_by_now(database: Database, intake: Intake) -> None:
    """Kept whole by an older program, it is read by this one, each event by itself."""
    message = write_batch(STREAM, [rating(1), rating(2, touchpoint="cellar")])
    kept_whole = Rejected("unknown-version", "v 7; this program knows 6", message)
    intake.admit([delivery(stream=None, rejected=[kept_whole])])
    assert intake.readmit(list_entries(database)) == 1
    (entry,) = list_entries(database)
    assert entry.reason == "unknown-touchpoint"


def test_undecodable_bytes_are_erased_in_time(database: Database, intake: Intake) -> None:
    """Reasons stay; events that could be decoded are never erased."""
    reading = read_batch(b"\xff\xfe what a stranger wrote")
    intake.admit([delivery(rating(1, touchpoint="cellar"), rejected=reading.rejected)])
    assert erase_undecodable(database, NOON) == 0
    assert erase_undecodable(database, NOON + timedelta(days=90)) == 1
    kept = {entry.reason: entry.payload for entry in list_entries(database)}
    assert kept.pop("not-json") is None
    assert kept["unknown-touchpoint"] is not None
    assert intake.readmit(list_entries(database, reason="not-json")) == 0


@pytest.mark.parametrize(
    ("rejected", "is_erased"),
    [
        (Rejected("not-json", "", b"\xff"), True),
        (Rejected("too-large", "", b"x"), True),
        (Rejected("too-deep", "", b"[["), True),
        (Rejected("bad-topic", "", b"x"), True),
        (Rejected("invalid", "", b'"what a stranger wrote"'), True),
        (Rejected("invalid", "", b'{"id": "a", "value": 9}', "a", 1), False),
        (Rejected("unknown-kind", "", b'{"id": "a", "kind": "hug"}', "a", 1), False),
        (Rejected("unknown-version", "", b'{"v": 2, "events": []}'), False),
        (Rejected("too-many-events", "", b'{"id": "a"}', "a", 1), False),
    ],
    ids=lambda value: f"{value.reason} {value.id}" if isinstance(value, Rejected) else "",
)
def test_only_what_holds_no_event_is_erased(
    database: Database, intake: Intake, rejected: Rejected, is_erased: bool
) -> None:
    """A newer or a repaired program may still read the events, so they stay for good."""
    intake.admit([delivery(rejected=[rejected])])
    assert erase_undecodable(database, NOON + timedelta(days=90)) == is_erased
    (entry,) = list_entries(database)
    assert (entry.payload is None) == is_erased


def test_a_list_needs_no_payloads(database: Database, intake: Intake) -> None:
    """They may be large, and a list doesn't show them."""
    intake.admit([delivery(rating(1, touchpoint="cellar"))])
    (entry,) = list_entries(database, with_payload=False)
    assert (entry.reason, entry.payload) == ("unknown-touchpoint", None)
    assert show_entry(database, entry.number or 0).payload


def test_many_are_readmitted_in_portions(
    database: Database, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, a transaction each, so that a collector gets its turn between them."""
    monkeypatch.setattr("broker.intake.intake.READMITTED_AT_ONCE", 4)
    monkeypatch.setattr("broker.store.quarantine.AT_ONCE", 3)
    pressed = [rating(seq, touchpoint="cellar") for seq in range(1, 11)]
    changed = correction(11, pressed[0], 1, touchpoint="cellar")
    intake.admit([delivery(*pressed, changed, rating(12, touchpoint="attic"))])
    add_touchpoint(database, "cellar", site="troyan")
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    assert intake.readmit(waiting_entries(database)) == 11
    assert len(commits) >= 3
    (entry,) = list_entries(database)
    assert entry.reason == "unknown-touchpoint"
    assert [each.seq for each in waiting_entries(database, reason="unknown-touchpoint")] == [12]
    assert list(waiting_entries(database, reason="not-json")) == []


def test_counting_and_showing(database: Database, intake: Intake) -> None:
    """An operator sees how many wait and why, and one entry whole."""
    intake.admit([delivery(rating(1, touchpoint="cellar"), rating(2, touchpoint="attic"))])
    intake.admit([delivery(rating(3), device="stranger")])
    assert [(each.reason, each.number) for each in count_waiting(database)] == [
        ("unknown-touchpoint", 2),
        ("unknown-device", 1),
    ]
    entry = list_entries(database, reason="unknown-device")[0]
    shown = show_entry(database, entry.number or 0)
    assert (shown.device, shown.topic) == ("stranger", "otziv/v1/troyan/stranger/events")
    with pytest.raises(StoreError, match="no entry 999"):
        show_entry(database, 999)


def test_every_reason_is_explained() -> None:
    """The wire's and the intake's, in both languages."""
    assert set(REASONS) <= set(EXPLANATIONS)
    for explanation in EXPLANATIONS.values():
        assert all(text.endswith(".") for text in explanation)
