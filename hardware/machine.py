"""Readings of the machine that a panel hangs on: heat, power, radio.

Each is a file of the kernel's, read in well under a millisecond; what can't be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

Throttling: TypeAlias = Literal["under-voltage", "frequency-capped", "throttled", "hot"]
"""What a Raspberry Pi does against too little power or too much heat."""

THROTTLING: Final[tuple[Throttling, ...]] = (
    "under-voltage",
    "frequency-capped",
    "throttled",
    "hot",
)
"""By the bit of the firmware's ``get_throttled`` that says it of this moment; from bit 16 on it
says the same of all the time since the start, which is no news."""

_HEAT: Final = "sys/class/thermal/thermal_zone0/temp"
_THROTTLED: Final = "sys/devices/platform/soc/soc:firmware/get_throttled"
_MONITORS: Final = "sys/class/hwmon"
_VOLTAGE_MONITOR: Final = "rpi_volt"
_WIRELESS: Final = "proc/net/wireless"
_MODEL: Final = "proc/device-tree/model"


class Machine:
    """The machine we run on.

    Args:
        root: where ``proc`` and ``sys`` are.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def model(self) -> str:
        """What it calls itself; empty where it has no name."""
        return self._read(_MODEL).rstrip("\0\n")

    def temperature_c(self) -> float | None:
        """Of the processor, in degrees Celsius; the kernel has thousandths."""
        try:
            temperature_c = round(int(self._read(_HEAT)) / 1000, 1)
        except ValueError:
            return None
        return temperature_c if -100 <= temperature_c <= 300 else None

    def throttling(self) -> tuple[Throttling, ...]:
        """What the board does against too little power or too much heat, now.

        Two drivers know of it: the one of the whole state is of Raspberry Pi's own kernels (which
        note in their log, once, that they would rather have it read from the other), the one of
        the voltage is of every kernel.
        """
        try:
            bits = int(self._read(_THROTTLED), 16)
        except ValueError:
            bits = 0
        is_low = any(alarm == "1" for alarm in self._voltage_alarms())
        found = [name for bit, name in enumerate(THROTTLING) if bits >> bit & 1]
        if is_low and "under-voltage" not in found:
            found.insert(0, "under-voltage")
        return tuple(found)

    def signal_dbm(self) -> int | None:
        """Level of the first wireless network's signal; ``None`` where there is none."""
        lines = self._read(_WIRELESS).splitlines()[2:]
        levels = [line.split()[3].rstrip(".") for line in lines if len(line.split()) > 3]
        try:
            signal_dbm = int(levels[0])
        except (IndexError, ValueError):
            return None
        return signal_dbm if -200 <= signal_dbm <= 0 else None  # some drivers give other units

    def _voltage_alarms(self) -> Iterator[str]:
        for name in sorted((self._root / _MONITORS).glob("*/name")):
            monitor = str(name.parent.relative_to(self._root))
            if self._read(f"{monitor}/name").strip() == _VOLTAGE_MONITOR:
                yield self._read(f"{monitor}/in0_lcrit_alarm").strip()

    def _read(self, name: str) -> str:
        """The file's text; empty where it can't be read."""
        try:
            return (self._root / name).read_text(encoding="ascii", errors="replace")
        except OSError:
            return ""
