"""Upkeep: what could not be decoded is erased in time; new presses are judged for misuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from broker.intake.delivery import Delivery
from broker.intake.intake import Intake
from broker.store.flags import read_doubted
from broker.store.quarantine import list_entries
from broker.store.registry import add_device, add_touchpoint
from broker.wire.codec import read_batch
from otziv.installation import open_installation
from otziv.upkeep import Upkeep
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
