"""Messages of the wire, version 1: batches, receipts, health, commands, replies."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from broker.wire.events import (
    AnyEvent,
    Clock,
    Instant,
    Milliseconds,
    check_year,
)
from broker.wire.texts import Code, StreamId, Token

__all__ = [
    "MAX_EVENTS",
    "VERSION",
    "Availability",
    "Batch",
    "Command",
    "Heartbeat",
    "Quarantined",
    "Receipt",
    "Reply",
]

MAX_EVENTS: Final = 500
"""Events that a sender may put into one batch."""

Availability: TypeAlias = Literal["online", "offline"]
"""Sent as bare text, not as a JSON string: brokers publish it as the last will."""


VERSION: Final = 1

MAX_REPORT: Final = 100_000
"""Characters: even if each took two bytes, a reply stays below what senders may send."""

Throttling: TypeAlias = Literal["under-voltage", "frequency-capped", "throttled", "hot"]


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every JSON message carries: the version of the contract, always said (``VERSION``)."""

    v: Literal[1]


class Batch(Message, frozen=True, kw_only=True, omit_defaults=False):
    """Events of one outbox, in order of ``seq``; device → collector."""

    stream: StreamId
    events: Annotated[list[AnyEvent], Meta(min_length=1, max_length=MAX_EVENTS)]


class Quarantined(Struct, frozen=True, kw_only=True):
    """An event that is kept for people to look at: safe, and the kiosk lets go of it."""

    id: str
    reason: str


class Receipt(Message, frozen=True, kw_only=True, omit_defaults=False):
    """The collector's word that it committed; a duplicate is *accepted*."""

    stream: str
    accepted: list[str] = []
    quarantined: list[Quarantined] = []


class Heartbeat(Message, frozen=True, kw_only=True):
    """Periodic facts about a device, every 60 s; device → collector.

    Attributes:
        sent_at: by the device's clock, as good as ``clock`` says.
        last_seq: the greatest number its outbox has given out, 0 for none yet.
        waiting: events without a receipt.
        configuration: revision of the configuration in use, 0 for none.
        faults: what is broken, as ``part:fault`` (``face-1:stuck``, ``lamp-2:dead``).
        refusal: why the configuration last offered was refused; empty when it was not.
        oldest_waiting_s: how long the oldest event has waited for its receipt.
        clock_offset_ms: how far the kernel says the clock is off; positive: fast.
        temperature_c: of the processor.
        throttling: what the board does against too little power or too much heat.
        disk_total_bytes: of the disk with the outbox; ``disk_free_bytes`` is free of it.
        signal_dbm: of the wireless network, if there is one.
        certificate_expires_at: of the certificate in use.
    """

    sent_at: Instant
    clock: Clock
    boot: Token
    uptime_ms: Milliseconds
    stream: StreamId
    last_seq: Annotated[int, Meta(ge=0)]
    waiting: Annotated[int, Meta(ge=0)]
    version: Annotated[str, Meta(max_length=40)]
    configuration: Annotated[int, Meta(ge=0)] = 0
    faults: Annotated[tuple[Annotated[str, Meta(max_length=80)], ...], Meta(max_length=64)] = ()
    refusal: Annotated[str, Meta(max_length=500)] = ""
    oldest_waiting_s: Annotated[int, Meta(ge=0)] | None = None
    clock_offset_ms: int | None = None
    temperature_c: Annotated[float, Meta(ge=-100, le=300)] | None = None
    throttling: Annotated[tuple[Throttling, ...], Meta(max_length=8)] = ()
    disk_free_bytes: Annotated[int, Meta(ge=0)] | None = None
    disk_total_bytes: Annotated[int, Meta(ge=0)] | None = None
    signal_dbm: Annotated[int, Meta(ge=-200, le=100)] | None = None
    certificate_expires_at: Instant | None = None

    def __post_init__(self) -> None:
        """Refuse a time that other zones don't have."""
        check_year(self.sent_at)
        if self.certificate_expires_at is not None:
            check_year(self.certificate_expires_at)


class Command(Message, frozen=True, kw_only=True):
    """An order that is worth nothing later: QoS 0, so that none is replayed.

    Attributes:
        expires_in_s: how long it is worth something, from ``sent_at`` on; where the device's clock
            is not set, or nothing says when it was sent, from when it came.
        sent_at: by the fleet's clock.
    """

    id: Token
    name: Code
    args: dict[str, str] = {}
    expires_in_s: Annotated[int, Meta(ge=1, le=3600)] = 60
    sent_at: Instant | None = None

    def __post_init__(self) -> None:
        """Refuse a time that other zones don't have."""
        if self.sent_at is not None:
            check_year(self.sent_at)


class Reply(Message, frozen=True, kw_only=True):
    """What became of a command.

    Attributes:
        command: the id of the command.
        ok: whether it was done.
        detail: what there is to say, in a line or a few.
        report: what a command gathered (``report``, ``self-test``); no personal data.
    """

    command: Token
    ok: bool
    detail: Annotated[str, Meta(max_length=2_000)] = ""
    report: Annotated[str, Meta(max_length=MAX_REPORT)] = ""
