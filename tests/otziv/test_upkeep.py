"""Upkeep: what could not be decoded is erased when its time is over, and only that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from broker.intake.delivery import Delivery
from broker.intake.intake import Intake
from broker.store.quarantine import list_entries
from broker.wire.codec import read_batch
from otziv.installation import open_installation
from otziv.upkeep import Upkeep


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
    erased = [upkeep.attend(now), upkeep.attend(now + timedelta(hours=1))]

    with installation.store() as database:
        left = [entry.payload for entry in list_entries(database)]
    assert (erased, left) == ([1, 0], [None, b"\xff young"])
