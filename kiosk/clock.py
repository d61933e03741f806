"""The kiosk's clock: what time it was, and how far that can be trusted.

A Raspberry Pi starts with a stale time and learns the right one from the network, perhaps in an
hour, perhaps never. So each press is kept with its boot and uptime, which are always right, and
with what the wall clock said. Once the wall clock is known to be right, wall time minus uptime
(the *anchor* of the boot) dates every press of that boot.
"""

from __future__ import annotations

import ctypes
import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from broker.wire.events import Clock as Trust

ANCHOR_TOLERANCE_MS: Final = 1_000
"""An anchor is written anew when the clock moved by more: it was stepped, or drifted."""

EARLIEST_MS: Final = 1_767_225_600_000
"""2026-01-01: a wall clock that says less was never set, whoever vouches for it."""

LATEST_MS: Final = 7_258_118_400_000
"""2200-01-01: one that says more was set wrong. Near the year 9999 there would be no day after."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_STA_UNSYNC: Final = 0x0040
_STA_NANO: Final = 0x2000
_TIME_ERROR: Final = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock said at one moment.

    Attributes:
        boot: the boot that ``uptime_ms`` counts from.
        uptime_ms: milliseconds since then, sleep included.
        wall_ms: milliseconds since 1970-01-01T00:00:00Z, as the wall clock has it.
        is_synced: whether the wall clock can be believed.
    """

    boot: str
    uptime_ms: int
    wall_ms: int
    is_synced: bool

    @property
    def offset_ms(self) -> int:
        """Wall time at uptime 0."""
        return self.wall_ms - self.uptime_ms

    def at(self, uptime_ms: int) -> Reading:
        """What the clock would have said at another moment of this boot, ``uptime_ms``."""
        return replace(self, uptime_ms=uptime_ms, wall_ms=self.offset_ms + uptime_ms)


class Moment(NamedTuple):
    """When something happened, as well as it is known."""

    answered_at: datetime
    clock: Trust


class Clock(Protocol):
    """A clock, real or simulated."""

    def uptime_ms(self) -> int:
        """Milliseconds since the boot; never runs backward."""

    def read(self) -> Reading:
        """Uptime and wall time of one moment, and whether the latter can be believed."""


class DeviceClock:
    """The clock of the machine we run on.

    Args:
        is_trusted: believe the wall clock without asking the kernel: for machines that set it by
            other means than the kernel's time discipline, and for containers, which can't see it.
    """

    def __init__(self, *, is_trusted: bool) -> None:
        self._is_trusted = is_trusted
        self._boot = boot_id()

    def uptime_ms(self) -> int:
        """Milliseconds since the boot, by CLOCK_BOOTTIME."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def read(self) -> Reading:
        """Uptime, wall time, and whether NTP (or whoever disciplines the clock) has set it."""
        wall_ms = time.time_ns() // 1_000_000
        is_synced = can_be(wall_ms) and (self._is_trusted or is_disciplined())
        return Reading(self._boot, self.uptime_ms(), wall_ms, is_synced)


def can_be(wall_ms: int) -> bool:
    """Whether a wall clock that says ``wall_ms`` can be right, whoever vouches for it."""
    return EARLIEST_MS <= wall_ms < LATEST_MS


def boot_id() -> str:
    """The kernel's id of this boot.

    Where there is none, an id of this run of the program: then a restart counts as a boot, and a
    press before it stays without a time that another run might have known.
    """
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return str(uuid.uuid4())


class _Timex(ctypes.Structure):
    """The first fields of ``struct timex`` (adjtimex(2)), and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def is_disciplined() -> bool:
    """Whether the kernel holds the wall clock for synchronised (adjtimex(2), read only)."""
    return _discipline() is not None


def clock_offset_ms() -> int | None:
    """How far the kernel says that the wall clock is off; positive: fast.

    ``None`` where nobody disciplines it. What the kernel has is what it still has to add to the
    clock (adjtimex(2)); whoever steps the clock instead of slewing it leaves nothing to add.
    """
    timex = _discipline()
    return None if timex is None else offset_ms(timex.offset, timex.status)


def offset_ms(left: int, status: int) -> int:
    """How far a clock is off to which ``left`` is still to be added.

    Args:
        left: in the unit that ``status`` tells, nanoseconds or microseconds.
        status: flags of adjtimex(2).
    """
    return -round(left / (1_000_000 if status & _STA_NANO else 1_000))


def _discipline() -> _Timex | None:
    """What the kernel says of its clock; ``None`` where that is not synchronised."""
    timex = _Timex()
    state = ctypes.CDLL(None).adjtimex(ctypes.byref(timex))
    is_good = state not in (-1, _TIME_ERROR) and not timex.status & _STA_UNSYNC
    return timex if is_good else None


def settle(pressed: Reading, anchor_ms: int | None) -> Moment:
    """Date a press.

    ================================  =============================  ===========
    the clock at the press            the anchor of its boot         it is
    ================================  =============================  ===========
    synced                            any                            its wall time, ``synced``
    not synced                        known (before or since)        anchor + uptime, ``estimated``
    not synced                        none                           its wall time, ``unknown``
    ================================  =============================  ===========

    One that said 2200 or more is not synced, whatever was kept of it.

    Args:
        pressed: the clock's reading at the press.
        anchor_ms: wall time at uptime 0 of the press's boot, if it is known by now.
    """
    if pressed.is_synced and pressed.wall_ms < LATEST_MS:
        return Moment(instant(pressed.wall_ms), "synced")
    if anchor_ms is not None:
        return Moment(instant(anchor_ms + pressed.uptime_ms), "estimated")
    return Moment(instant(pressed.wall_ms), "unknown")


def needs_anchor(now: Reading, anchor_ms: int | None) -> bool:
    """Whether the boot's anchor is missing, or no longer what a believable clock says."""
    if not now.is_synced:
        return False
    return anchor_ms is None or abs(now.offset_ms - anchor_ms) > ANCHOR_TOLERANCE_MS


def instant(wall_ms: int) -> datetime:
    """Milliseconds since 1970 as a time in UTC; from that year to 2200: what is beyond is wrong."""
    seconds, milliseconds = divmod(max(0, min(wall_ms, LATEST_MS)), 1_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1_000)
