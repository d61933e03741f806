"""Events and deliveries for tests: what a kiosk sends, with the fields that a test cares about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import uuid6

from broker.intake.delivery import Delivery
from broker.store.database import Database
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.wire.codec import Reading, Rejected
from broker.wire.events import Answer, AnyEvent, Correction, Rating

SITE: Final = "troyan"
DEVICE: Final = "kiosk-1"
TOUCHPOINT: Final = "hall-desk-1"
STREAM: Final = "5" * 32
NOON: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""Friday noon in Sofia; deliveries come in a minute later."""


def register(database: Database, devices: int = 2) -> None:
    """A site with ``hall-desk-N`` and ``kiosk-N`` on each."""
    add_site(database, SITE)
    for number in range(1, devices + 1):
        add_touchpoint(database, f"hall-desk-{number}", site=SITE)
        add_device(database, f"kiosk-{number}", touchpoint=f"hall-desk-{number}")


def new_id() -> str:
    """An event's id, as kiosks mint them."""
    return str(uuid6.uuid7())


def _common(seq: int, given: dict[str, object]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "seq": seq,
        "visit": uuid.uuid4().hex,
        "touchpoint": TOUCHPOINT,
        "survey": "reception",
        "survey_version": 1,
        "channel": "device",
        "input": "button",
        "language": "bg",
        "answered_at": NOON + timedelta(seconds=seq),
        "clock": "synced",
        "boot": "b" * 8,
        "uptime_ms": 1000 * seq,
        **given,
    }


def rating(seq: int, value: int = 4, **given: object) -> Rating:
    """A rating on ``faces-4``."""
    return Rating(
        **{"question": "overall", "scale": "faces-4", "value": value, **_common(seq, given)}
    )


def correction(seq: int, of: Rating, value: int, **given: object) -> Correction:
    """Another value for ``of``."""
    return Correction(**{"rating": of.id, "value": value, **_common(seq, given)})


def answer(seq: int, of: Rating | None = None, **given: object) -> Answer:
    """An answer that names two reasons, as a follow-up of ``of`` where there is one."""
    said: dict[str, Any] = {"outcome": "answered", "options": ("waiting-time", "noise")}
    said["rating"] = None if of is None else of.id
    return Answer(**{"question": "reason", **said, **_common(seq, given)})


def delivery(
    *events: AnyEvent,
    stream: str | None = STREAM,
    device: str = DEVICE,
    site: str = SITE,
    rejected: Sequence[Rejected] = (),
    received_at: datetime = NOON + timedelta(hours=1),
) -> Delivery:
    """One message with ``events``."""
    topic = f"otziv/v1/{site}/{device}/events"
    return Delivery(site, device, topic, Reading(stream, list(events), list(rejected)), received_at)
