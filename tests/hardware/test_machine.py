"""What a machine tells of itself, from files as Raspberry Pis have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.machine import Machine

HEAT = "sys/class/thermal/thermal_zone0/temp"
THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
WIRELESS = "proc/net/wireless"
HEADER = "Inter-| sta-|   Quality        |\n face | tus | link level noise |\n"


def _write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    """A container has none of the files; nothing fails, and nothing is claimed."""
    machine = Machine(tmp_path)
    assert machine.model() == ""
    assert machine.temperature_c() is None
    assert machine.throttling() == ()
    assert machine.signal_dbm() is None


@pytest.mark.parametrize(
    ("text", "temperature_c"),
    [("48312\n", 48.3), ("-5000\n", -5.0), ("noise", None), ("", None), ("9999999", None)],
)
def test_heat_is_told_in_degrees(tmp_path: Path, text: str, temperature_c: float | None) -> None:
    """The kernel has thousandths; what can't be so hot is no reading."""
    _write(tmp_path, HEAT, text)
    assert Machine(tmp_path).temperature_c() == temperature_c


@pytest.mark.parametrize(
    ("text", "throttling"),
    [
        ("0\n", ()),
        ("1\n", ("under-voltage",)),
        ("50005\n", ("under-voltage", "throttled")),
        ("f\n", ("under-voltage", "frequency-capped", "throttled", "hot")),
        ("e0008\n", ("hot",)),
        ("50000\n", ()),
        ("noise", ()),
    ],
)
def test_throttling_is_that_of_now(tmp_path: Path, text: str, throttling: tuple[str, ...]) -> None:
    """Bits 0 to 3; what was since the start is no news."""
    _write(tmp_path, THROTTLED, text)
    assert Machine(tmp_path).throttling() == throttling


def test_low_power_is_told_by_either_driver(tmp_path: Path) -> None:
    """Kernels that are not Raspberry Pi's own have the monitor of the voltage alone."""
    monitors = "sys/class/hwmon"
    _write(tmp_path, f"{monitors}/hwmon0/name", "cpu_thermal\n")
    _write(tmp_path, f"{monitors}/hwmon0/in0_lcrit_alarm", "1\n")
    _write(tmp_path, f"{monitors}/hwmon2/name", "rpi_volt\n")
    _write(tmp_path, f"{monitors}/hwmon2/in0_lcrit_alarm", "0\n")
    assert Machine(tmp_path).throttling() == ()
    _write(tmp_path, f"{monitors}/hwmon2/in0_lcrit_alarm", "1\n")
    assert Machine(tmp_path).throttling() == ("under-voltage",)
    _write(tmp_path, THROTTLED, "5\n")
    assert Machine(tmp_path).throttling() == ("under-voltage", "throttled")


@pytest.mark.parametrize(
    ("line", "signal_dbm"),
    [
        (" wlan0: 0000   54.  -56.  -256        0      0\n", -56),
        (" wlan0: 0000   54.  200.  0\n", None),
        (" wlan0: 0000\n", None),
        (" wlan0: 0000 54. noise. 0\n", None),
        ("", None),
    ],
)
def test_the_signal_is_that_of_the_first_network(
    tmp_path: Path, line: str, signal_dbm: int | None
) -> None:
    """In dBm; some drivers give a share instead, which is left out."""
    _write(tmp_path, WIRELESS, HEADER + line)
    assert Machine(tmp_path).signal_dbm() == signal_dbm


def test_a_model_is_told_without_its_end(tmp_path: Path) -> None:
    """The device tree ends its texts with a zero."""
    _write(tmp_path, "proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0\0")
    assert Machine(tmp_path).model() == "Raspberry Pi Zero 2 W Rev 1.0"
