"""What a message on the collector's subscriptions is: events to admit, or a word about a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

import structlog

from broker.intake.delivery import Delivery
from broker.link.link import Message
from broker.store.status import Heard, Who
from broker.wire.codec import Reading, Rejected, read, read_availability, read_batch
from broker.wire.errors import WireError
from broker.wire.messages import Heartbeat
from broker.wire.topics import Topic, parse_topic

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


# Devices are few and say much; the bound is for strangers, who may be many.
_parse_topic: Final = lru_cache(maxsize=10_000)(parse_topic)


class Arrival(NamedTuple):
    """A message, and when it came in."""

    message: Message
    at: datetime


@dataclass(slots=True)
class Sorted:
    """Messages, sorted: deliveries in the order of their arrival, and what was heard."""

    deliveries: list[Delivery] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)


def sort(arrivals: Sequence[Arrival]) -> Sorted:
    """Decode messages. Never raises: what can't be read becomes a delivery with a reason."""
    found = Sorted()
    for message, received_at in arrivals:
        try:
            topic = _parse_topic(message.topic)
        except WireError as error:
            bad = Rejected(error.reason, error.detail, message.payload)
            reading = Reading(None, [], [bad])
            found.deliveries.append(Delivery("", "", message.topic, reading, received_at))
        else:
            _sort_one(found, topic, message, received_at)
    return found


def _sort_one(found: Sorted, topic: Topic, message: Message, received_at: datetime) -> None:
    who = Who(topic.site, topic.device)
    if topic.channel == "events":
        reading = read_batch(message.payload)
        found.deliveries.append(Delivery(*who, message.topic, reading, received_at))
        found.heard.seen[who] = received_at
        return
    try:
        if topic.channel == "availability":
            word = read_availability(message.payload)
            found.heard.availability[who] = (word, received_at)
        elif topic.channel == "health":
            beat = read(message.payload, Heartbeat)
            found.heard.heartbeats[who] = (beat, received_at)
            found.heard.seen[who] = received_at
    except WireError as error:
        # No vote is in it, and the next one comes within a minute: a line in the log will do.
        _log.warning("unreadable", topic=message.topic, reason=error.reason, detail=error.detail)
