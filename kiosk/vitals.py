"""Vital signs of the machine for the heartbeat, and which of them are faults."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from hardware.machine import Machine, Throttling
from kiosk.clock import clock_offset_ms

HOT_C: Final = 80.0
"""From here on every Raspberry Pi slows down; a soft limit of 60 °C, as some have, is no fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What the machine says at one moment; ``None`` and empty for what it can't tell.

    The names are those of :class:`broker.wire.messages.Heartbeat`.
    """

    clock_offset_ms: int | None = None
    temperature_c: float | None = None
    throttling: tuple[Throttling, ...] = ()
    disk_free_bytes: int | None = None
    disk_total_bytes: int | None = None
    signal_dbm: int | None = None
    certificate_expires_at: datetime | None = None

    def faults(self) -> Iterator[tuple[str, str, bool]]:
        """Each fault that these readings can tell of, by part and name, and whether it is there.

        Whether the disk is full is judged by the fleet, and by the self-test for who stands here.
        """
        yield "power", "low", "under-voltage" in self.throttling
        yield "processor", "hot", self.temperature_c is not None and self.temperature_c >= HOT_C


def never() -> datetime | None:
    """When the certificate of a kiosk without one expires."""
    return None


class Instruments:
    """What vital signs are read with: a few small files and two system calls, at each heartbeat.

    Args:
        data: a folder on the disk of the outbox.
        machine: that we run on.
        clock_offset_ms: how far its clock is off.
        certificate_expires_at: of the certificate in use; ``None`` without one.
    """

    def __init__(
        self,
        data: Path,
        machine: Machine | None = None,
        *,
        clock_offset_ms: Callable[[], int | None] = clock_offset_ms,
        certificate_expires_at: Callable[[], datetime | None] = never,
    ) -> None:
        self._data = data
        self._machine = machine or Machine()
        self._clock_offset_ms = clock_offset_ms
        self._certificate_expires_at = certificate_expires_at

    def read(self) -> Vitals:
        """Read them all; nothing that fails keeps the others back."""
        free_bytes, total_bytes = self._disk()
        return Vitals(
            clock_offset_ms=self._clock_offset_ms(),
            temperature_c=self._machine.temperature_c(),
            throttling=self._machine.throttling(),
            disk_free_bytes=free_bytes,
            disk_total_bytes=total_bytes,
            signal_dbm=self._machine.signal_dbm(),
            certificate_expires_at=self._expiry(),
        )

    def _expiry(self) -> datetime | None:
        try:
            return self._certificate_expires_at()
        except (OSError, ValueError):  # gone, or damaged: whoever renews it will say so
            return None

    def _disk(self) -> tuple[int | None, int | None]:
        try:
            usage = shutil.disk_usage(self._data)
        except OSError:
            return None, None
        return usage.free, usage.total
