"""What is handed to the intake, and what it says became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from broker.wire.codec import Reading
from broker.wire.events import AnyEvent


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of one device, decoded as far as possible.

    Attributes:
        site: the municipality's code, as the topic says; empty where the topic is none of ours.
        device: the device's name, likewise.
        topic: where it came in, for people to read.
        reading: its events, and what could not be read.
        received_at: when it came in.
    """

    site: str
    device: str
    topic: str
    reading: Reading
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was not accepted, and why.

    Attributes:
        id: of the event, where it can be read.
        seq: likewise.
        raw: the event or message, whole.
        event: the event, where it could be decoded.
        reason: a code of :data:`broker.intake.reasons.EXPLANATIONS`.
        detail: what was wrong and where.
    """

    id: str | None
    seq: int | None
    raw: bytes
    event: AnyEvent | None
    reason: str
    detail: str


@dataclass(slots=True)
class Outcome:
    """What became of one delivery: all of it is safe now.

    Attributes:
        accepted: ids that are in the store, duplicates included.
        refused: what is in quarantine.
        alarms: ids of newly stored events and what people must hear of at once
            (:data:`broker.store.flag_reasons.ALARMS`).
    """

    accepted: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)

    @property
    def quarantined(self) -> list[tuple[str, str]]:
        """Id and reason of what is in quarantine, where the id is known: for the receipt."""
        return [(refused.id, refused.reason) for refused in self.refused if refused.id is not None]
