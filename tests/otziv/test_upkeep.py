"""Upkeep: what could not be decoded is erased in time; new presses are judged for misuse."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker.intake.delivery import Delivery
from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.flags import read_doubted
from broker.store.quarantine import list_entries
from broker.store.registry import add_device, add_touchpoint
from broker.wire.codec import read_batch
from otziv.installation import open_installation
from otziv.upkeep import AGAIN_AFTER, Upkeep
from tests.wire.samples import batch, encoded, rating


def test_undecodable_bytes_are_erased_after_their_time(tmp_path: Path) -> None:
    """After 90 days the bytes are gone and the reason stays; younger ones are left alone."""
    installation = open_installation(tmp_path)
    now = datetime.now(UTC)
    with installation.store() as database:
        for text, age in ((b"\xff old", 91), (b"\xff young", 89)):
            delivery = Delivery(
                "town", "stranger", "topic", read_batch(text), now - timedelta(days=age)
            )
            Intake(database).admit([delivery])

    upkeep = Upkeep(installation)
    for later in (timedelta(0), timedelta(hours=1)):
        upkeep.attend(now + later)

    with installation.store() as database:
        left = [entry.payload for entry in list_entries(database)]
    assert left == [None, b"\xff young"]


def test_new_presses_are_judged(tmp_path: Path) -> None:
    """A child's minute at a button is doubted without anybody's asking."""
    installation = open_installation(tmp_path, timezone="UTC")
    noon = datetime.now(UTC).replace(hour=12) - timedelta(days=1)
    times = [noon + timedelta(seconds=number / 2) for number in range(40)]
    presses = [
        rating(number, answered_at=f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z", visit=f"{number:016x}")
        for number, at in enumerate(times, 1)
    ]
    with installation.store() as database:
        add_touchpoint(database, "hall-desk-3", site="town")
        add_device(database, "kiosk-1", touchpoint="hall-desk-3")
        reading = read_batch(encoded(batch(*presses)))
        Intake(database).admit([Delivery("town", "kiosk-1", "topic", reading, noon)])
    Upkeep(installation).attend(datetime.now(UTC))
    with installation.store() as database, database.reading() as connection:
        assert len(read_doubted(connection)) == len(presses)


def test_a_task_that_fails_is_logged_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it raises: the traceback is in the log, the other task runs, and it is retried."""
    tried: list[datetime] = []

    def fail(_database: Database, now: datetime) -> None:
        tried.append(now)
        raise OverflowError("a poisonous row")

    monkeypatch.setattr("otziv.upkeep.flag_recent", fail)
    installation = open_installation(tmp_path)
    upkeep, now = Upkeep(installation), datetime.now(UTC)
    for later in (timedelta(0), timedelta(minutes=1), AGAIN_AFTER):
        upkeep.attend(now + later)
    assert tried == [now, now + AGAIN_AFTER]
    log = (installation.logs / "upkeep.log").read_text("utf-8")
    assert log.count("Traceback") == log.count("OverflowError: a poisonous row") == 2


def test_it_works_in_a_thread_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches the processes is not held up by a long task; leaving waits for its end."""
    has_begun, may_end, done = threading.Event(), threading.Event(), list[str]()

    def judge(_database: Database, _now: datetime) -> None:
        has_begun.set()
        assert may_end.wait(30)
        done.append(threading.current_thread().name)

    monkeypatch.setattr("otziv.upkeep.flag_recent", judge)
    with Upkeep(open_installation(tmp_path)):
        assert has_begun.wait(30)
        assert not done
        may_end.set()
    assert done == ["upkeep"]
