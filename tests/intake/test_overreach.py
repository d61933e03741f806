"""A device speaks for itself: not for other places, channels, ratings or streams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from broker.fleet.device_places import move_device
from broker.intake.intake import Intake
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.rebuild import rebuild
from broker.store.registry import add_importer
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import RatingDay, table_of
from tests.intake.making import NOON, SITE, answer, correction, delivery, rating, register
from tests.store.counting import counted
from tests.store.test_completeness import beat

OTHER = "7" * 32


@pytest.fixture
def intake(database: Database) -> Intake:
    """Two kiosks, each at a desk of its own."""
    register(database)
    return Intake(database)


def counts(database: Database) -> dict[tuple[str, int], tuple[int, int]]:
    """Raw and filtered by touchpoint and value, which a rebuilding leaves as they are."""
    found = counted(database)
    rebuild(database)
    assert counted(database) == found
    day = table_of(RatingDay)
    with database.reading() as connection:
        rows = connection.execute(select(day)).all()
    return {
        (row.touchpoint, row.value): (row.raw, row.filtered)
        for row in rows
        if row.raw or row.filtered
    }


def test_a_place_where_it_never_stood(database: Database, intake: Intake) -> None:
    """Stored, told, and out of the filtered figures, with what was corrected and answered."""
    vote = rating(1, 4, touchpoint="hall-desk-2")
    other = correction(2, vote, 1, touchpoint="hall-desk-2")
    (outcome,) = intake.admit([delivery(vote, other, answer(3, touchpoint="hall-desk-2"))])
    assert len(outcome.accepted) == 3
    assert {reason for _, reason in outcome.alarms} == {"foreign-touchpoint"}
    assert counts(database) == {("hall-desk-2", 4): (1, 0)}


def test_a_moved_device_may_bring_old_votes(database: Database, intake: Intake) -> None:
    """Both its places are its own; a running intake sees the move."""
    intake.admit([delivery(rating(1))])
    move_device(database, "kiosk-1", "hall-desk-2", now=NOON + timedelta(minutes=1))
    (outcome,) = intake.admit([delivery(rating(2), rating(3, touchpoint="hall-desk-2"))])
    assert outcome.alarms == []


@pytest.mark.parametrize("said", [{"channel": "web"}, {"precision": "day"}])
def test_other_channels_are_no_device_s(
    database: Database, intake: Intake, said: dict[str, Any]
) -> None:
    """They wait in quarantine; what stands nowhere may bring them, for every touchpoint."""
    vote = rating(1, **said)
    (outcome,) = intake.admit([delivery(vote)])
    assert outcome.quarantined == [(vote.id, "wrong-channel")]
    add_importer(database, "replay", site=SITE)
    (outcome,) = intake.admit([delivery(rating(1, **said), device="replay", stream=OTHER)])
    assert (len(outcome.accepted), outcome.alarms) == (1, [])


@pytest.mark.parametrize("is_one_transaction", [True, False])
def test_a_rating_of_another_device(
    database: Database, intake: Intake, is_one_transaction: bool
) -> None:
    """It keeps its filtered value; the correction of it is stored and told."""
    vote = rating(1, 4)
    forged = correction(1, vote, 1)
    deliveries = [delivery(vote), delivery(forged, device="kiosk-2", stream=OTHER)]
    parts = [deliveries] if is_one_transaction else [[each] for each in deliveries]
    outcomes = [outcome for part in parts for outcome in intake.admit(part)]
    assert (forged.id, "foreign-rating") in outcomes[-1].alarms
    assert counts(database) == {("hall-desk-1", 4): (1, 1)}
    intake.admit([delivery(correction(2, vote, 2))])
    with database.reading() as connection:
        day = table_of(RatingDay)
        rows = connection.execute(select(day.c.value).where(day.c.filtered > 0)).all()
    assert [row.value for row in rows] == [2]


def test_a_forged_number_makes_nothing_missing(database: Database, intake: Intake) -> None:
    """Neither a vote nor a heartbeat; a card that was moved goes on from the greatest."""
    intake.admit([delivery(rating(1))])
    for _ in range(3):
        forged = rating(900_000, touchpoint="hall-desk-2")
        (outcome,) = intake.admit([delivery(forged, device="kiosk-2")])
        assert outcome.quarantined == [(forged.id, "foreign-seq")]
    beats = {Who(SITE, "kiosk-2"): (beat(900_000), NOON)}
    StatusWriter(database).write(Heard(heartbeats=beats))
    (outcome,) = intake.admit([delivery(rating(2, touchpoint="hall-desk-2"), device="kiosk-2")])
    assert len(outcome.accepted) == 1
    for _ in range(2):
        (account,) = completeness(database)
        assert (account.made, account.stored, account.missing) == (2, 2, 0)
        rebuild(database)
