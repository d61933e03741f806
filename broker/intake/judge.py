"""What the store can accept: pure rules over an event and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from broker.store.columns import to_ms
from broker.store.history import History
from broker.store.local_time import Calendar, calendar_of
from broker.store.registered import Registered
from broker.wire.events import AnyEvent, Correction
from broker.wire.scales import SCALES

MAX_AHEAD: Final = timedelta(minutes=5)
"""How far a clock that calls itself right may be ahead of ours."""

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No feedback on record is older; a clock that was never set says 1970."""

_MAX_AHEAD_MS: Final = int(MAX_AHEAD.total_seconds() * 1000)
_EARLIEST_MS: Final = to_ms(EARLIEST)


class Refusal(NamedTuple):
    """Why something is not accepted: a code, and what it was about."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Known:
    """The registry, ready for judging.

    Attributes:
        registered: codes and what they belong to.
        calendars: by site.
    """

    registered: Registered
    calendars: Mapping[str, Calendar]

    @classmethod
    def of(cls, registered: Registered) -> Known:
        """What ``registered`` tells."""
        zones = registered.timezones.items()
        return cls(registered, {site: calendar_of(zone) for site, zone in zones})

    def refuse_sender(self, site: str, device: str) -> Refusal | None:
        """Why nothing is accepted from this device, if so."""
        if site not in self.registered.timezones:
            return Refusal("unknown-site", f"site {site!r} is not registered")
        home = self.registered.devices.get(device)
        if home is None:
            return Refusal("unknown-device", f"device {device!r} is not registered")
        if home != site:
            return Refusal(
                "unknown-device", f"device {device!r} belongs to site {home!r}, not {site!r}"
            )
        return None

    def refuse_touchpoint(self, touchpoint: str, site: str) -> Refusal | None:
        """Why nothing is accepted for this touchpoint, if so."""
        home = self.registered.touchpoints.get(touchpoint)
        if home == site:
            return None
        if home is None:
            return Refusal("unknown-touchpoint", f"touchpoint {touchpoint!r} is not registered")
        return Refusal("unknown-touchpoint", f"touchpoint {touchpoint!r} belongs to site {home!r}")

    def places_of(self, device: str) -> AbstractSet[str] | None:
        """The touchpoints for which a device may speak; ``None``: all of its site."""
        return self.registered.stood.get(device)


def refuse_channel(event: AnyEvent) -> Refusal | None:
    """Why what a panel says can't have been said at it, if so."""
    if event.channel != "device":
        return Refusal("wrong-channel", f"channel {event.channel!r} is none of a device")
    if event.precision != "instant":
        return Refusal("wrong-channel", "a device knows more than the day")
    return None


def refuse_time(event: AnyEvent, claimed_ms: int, received_ms: int) -> Refusal | None:
    """Why a time that the device trusts can't be right, if so."""
    if claimed_ms > received_ms + _MAX_AHEAD_MS:
        ahead_s = (claimed_ms - received_ms) // 1000
        return Refusal(
            "future-time",
            f"answered_at {event.answered_at.isoformat()} is {ahead_s} s after it arrived",
        )
    if claimed_ms < _EARLIEST_MS:
        return Refusal(
            "past-time",
            f"answered_at {event.answered_at.isoformat()} is before {EARLIEST.date()}",
        )
    return None


def refuse_reference(event: AnyEvent, rating: str, history: History | None) -> Refusal | None:
    """Why a correction or a follow-up doesn't fit the rating that it names, if so."""
    if history is None:
        return Refusal("unknown-rating", f"rating {rating} is not in the store")
    touchpoint, _survey, _question, scale, *_ = history.key
    if event.touchpoint != touchpoint:
        return Refusal(
            "other-touchpoint",
            f"rating {rating} is of touchpoint {touchpoint!r}, not {event.touchpoint!r}",
        )
    if isinstance(event, Correction) and not SCALES[scale].has(event.value):
        return Refusal("value-not-on-scale", f"value {event.value} is not on scale {scale}")
    return None
