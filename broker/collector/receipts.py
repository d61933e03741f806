"""Receipts: the collector's word to each device about what it committed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from broker.intake.delivery import Delivery, Outcome
from broker.wire.codec import write
from broker.wire.messages import VERSION, Quarantined, Receipt
from broker.wire.topics import topic

MOST_ACCEPTED: Final = 2_000
"""Ids in one receipt: 40 bytes each, so 80 KB of the 192 KiB allowed."""
MOST_QUARANTINED: Final = 200
"""Others in one receipt: up to 64 characters of a stranger's id, escaped, and a reason."""


class Address(NamedTuple):
    """Whom a receipt is for."""

    site: str
    device: str
    stream: str


class Letter(NamedTuple):
    """One receipt, ready to be published."""

    topic: str
    payload: bytes


def receipts(deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]) -> Iterator[Letter]:
    """Receipts for committed ``deliveries``, one a device and stream, more where it gets long.

    What came where no device speaks, or has no readable id, gets none: nobody waits for it.
    """
    joined: dict[Address, Outcome] = {}
    for delivery, outcome in zip(deliveries, outcomes, strict=True):
        address = Address(delivery.site, delivery.device, delivery.reading.stream or "")
        known = joined.setdefault(address, Outcome())
        known.accepted += outcome.accepted
        known.refused += outcome.refused
    for address, outcome in joined.items():
        if address.site:
            yield from _letters(address, outcome.accepted, outcome.quarantined)


def _letters(
    address: Address, accepted: Sequence[str], quarantined: Sequence[tuple[str, str]]
) -> Iterator[Letter]:
    where = topic(address.site, address.device, "receipts")
    for start in range(0, len(accepted), MOST_ACCEPTED):
        part = list(accepted[start : start + MOST_ACCEPTED])
        yield Letter(where, write(Receipt(v=VERSION, stream=address.stream, accepted=part)))
    for start in range(0, len(quarantined), MOST_QUARANTINED):
        kept = [
            Quarantined(id=event_id, reason=reason)
            for event_id, reason in quarantined[start : start + MOST_QUARANTINED]
        ]
        yield Letter(where, write(Receipt(v=VERSION, stream=address.stream, quarantined=kept)))
