"""What a message on the collector's subscriptions is: events to admit, or a word about a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

import structlog

from broker.collector.holding import Arrival
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


@dataclass(slots=True)
class Sorted:
    """Messages, sorted.

    Attributes:
        arrivals: what must be stored before it is acknowledged, in order.
        words: of devices and of the broker; no vote is in them.
        heard: what they say.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    words: list[Message] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)


def sort(messages: Sequence[Message], at: datetime) -> Sorted:
    """Tell messages that came ``at`` some time apart. Never raises."""
    found = Sorted()
    for message in messages:
        try:
            topic = _parse_topic(message.topic)
        except WireError:
            found.arrivals.append(Arrival(message, at))
            continue
        if topic.channel == "events":
            found.arrivals.append(Arrival(message, at))
            found.heard.see(Who(topic.site, topic.device), at)
        else:
            found.words.append(message)
            _listen(found.heard, topic, message, at)
    return found


def deliver(arrival: Arrival) -> Delivery:
    """Decode a message. Never raises: what can't be read becomes a delivery with a reason."""
    message, at = arrival
    try:
        topic = _parse_topic(message.topic)
    except WireError as error:
        bad = Rejected(error.reason, error.detail, message.payload)
        return Delivery("", "", message.topic, Reading(None, [], [bad]), at)
    reading = read_batch(message.payload)
    return Delivery(topic.site, topic.device, message.topic, reading, at)


def _listen(heard: Heard, topic: Topic, message: Message, at: datetime) -> None:
    who = Who(topic.site, topic.device)
    try:
        if topic.channel == "availability":
            heard.availability[who] = (read_availability(message.payload), at)
        elif topic.channel == "health":
            beat = read(message.payload, Heartbeat)
            # One that had to wait at the broker must not make a dead device look alive.
            beat_at = min(beat.sent_at, at) if beat.clock == "synced" else at
            heard.heartbeats[who] = (beat, beat_at)
            heard.see(who, beat_at)
    except WireError as error:
        # No vote is in it, and the next one comes within a minute: a line in the log will do.
        _log.warning("unreadable", topic=message.topic, reason=error.reason, detail=error.detail)
