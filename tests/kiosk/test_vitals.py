"""Vital signs in the heartbeat: what is read, what is a fault, what can't be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.wire.codec import read, write
from broker.wire.messages import Heartbeat
from hardware.machine import Machine
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import clock_offset_ms, is_disciplined, offset_ms, settle
from kiosk.database import Counts
from kiosk.health import Health
from kiosk.outbox import Entry, Outbox
from kiosk.vitals import Instruments, Vitals
from tests.kiosk.builders import HandClock, draft

EXPIRES_AT = datetime(2027, 2, 20, tzinfo=UTC)
STA_NANO = 0x2000


class Waiting:
    """An outbox whose oldest event waits, and a clock set by hand."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.clock = HandClock()
        self.outbox = Outbox(folder / "outbox.db")
        stack.callback(self.outbox.close)
        self.backlog = Backlog(folder / "outbox.db", Ballast(folder / "ballast", 4096))
        stack.callback(self.backlog.close)

    def press(self, number: int = 1) -> None:
        """Somebody presses now."""
        self.outbox.add([Entry(draft(number, self.clock.uptime_ms()), self.clock.read())])

    def oldest_s(self) -> int | None:
        """How long the oldest has waited."""
        return self.backlog.oldest_waiting_s(self.clock.read())

    def start_again(self, *, after_s: float) -> None:
        """The machine is off for a time, and boots."""
        self.clock.advance(after_s)
        self.clock.boot, self.clock.uptime = "b0070000-0000-4000-8000-000000000002", 20_000


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    """An empty outbox."""
    with ExitStack() as stack:
        yield Waiting(tmp_path, stack)


def test_an_empty_outbox_has_no_oldest(waiting: Waiting) -> None:
    """Nothing waits, so nothing lags."""
    assert waiting.oldest_s() is None


def test_the_oldest_of_this_boot_is_dated_by_uptime(waiting: Waiting) -> None:
    """Even where the time is not known, or was put forward meanwhile."""
    waiting.clock.is_synced = False
    waiting.press(1)
    waiting.clock.advance(90)
    waiting.press(2)
    waiting.clock.wall += 3_600_000
    assert waiting.oldest_s() == 90


def test_the_oldest_of_another_boot_is_dated_by_the_time(waiting: Waiting) -> None:
    """Three hours without power count, too."""
    waiting.press()
    waiting.start_again(after_s=3 * 3600)
    assert waiting.oldest_s() == 3 * 3600


@pytest.mark.parametrize(("then", "now"), [(False, True), (True, False)])
def test_what_was_when_nobody_knew_the_time_has_no_age(
    waiting: Waiting, then: bool, now: bool
) -> None:
    """Rather no figure than a wrong one; how many wait is told all the same."""
    waiting.clock.is_synced = then
    waiting.press()
    waiting.start_again(after_s=60)
    waiting.clock.is_synced = now
    assert waiting.oldest_s() is None


def test_what_our_codec_refuses_does_not_lag(waiting: Waiting) -> None:
    """It is a fault of its own, and would hide how the others do."""
    waiting.press(1)
    waiting.clock.advance(60)
    waiting.press(2)
    waiting.backlog.refuse(1, "test")
    assert waiting.oldest_s() == 0


@pytest.mark.parametrize(
    ("left", "status", "expected"),
    [(-1_500, 0, 2), (250_000, 0, -250), (-250_000_000, STA_NANO, 250), (0, STA_NANO, 0)],
)
def test_the_clocks_offset_is_the_opposite_of_what_is_to_be_added(
    left: int, status: int, expected: int
) -> None:
    """In milliseconds, whichever unit the kernel counts in; positive: fast."""
    assert offset_ms(left, status) == expected


def test_an_undisciplined_clock_has_no_offset() -> None:
    """As the kernel of this machine has it, whatever that is."""
    assert (clock_offset_ms() is not None) == is_disciplined()


def _instruments(folder: Path) -> Instruments:
    return Instruments(
        folder,
        Machine(folder),
        clock_offset_ms=lambda: -3,
        certificate_expires_at=lambda: EXPIRES_AT,
    )


def _beat(health: Health, oldest_waiting_s: int | None = None) -> Heartbeat:
    now = HandClock().read()
    return health.beat(now, settle(now, None), "f" * 32, Counts(1, 1, 0), oldest_waiting_s)


def test_the_heartbeat_tells_all_that_can_be_read(tmp_path: Path) -> None:
    """And the wire takes it."""
    heat = tmp_path / "sys/class/thermal/thermal_zone0"
    heat.mkdir(parents=True)
    (heat / "temp").write_text("48312\n")
    health = Health(read_vitals=_instruments(tmp_path).read)
    beat = read(write(_beat(health, oldest_waiting_s=7)), Heartbeat)
    assert beat == health.latest
    assert (beat.oldest_waiting_s, beat.clock_offset_ms, beat.temperature_c) == (7, -3, 48.3)
    assert beat.certificate_expires_at == EXPIRES_AT
    assert beat.disk_free_bytes is not None
    assert beat.disk_total_bytes is not None
    assert 0 < beat.disk_free_bytes < beat.disk_total_bytes
    assert (beat.throttling, beat.signal_dbm) == ((), None)


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    """A folder that is gone and a damaged certificate keep no heartbeat back."""

    def fail() -> datetime | None:
        raise ValueError("no certificate")

    instruments = Instruments(
        tmp_path / "gone",
        Machine(tmp_path / "gone"),
        clock_offset_ms=lambda: None,
        certificate_expires_at=fail,
    )
    assert instruments.read() == Vitals()
    assert list(_beat(Health(read_vitals=instruments.read)).faults) == []


GIGABYTE = 1_000_000_000
WELL = Vitals(temperature_c=55.0, disk_free_bytes=20 * GIGABYTE, disk_total_bytes=32 * GIGABYTE)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, ()),
        ({"throttling": ("under-voltage", "throttled")}, ("power:low",)),
        ({"throttling": ("throttled", "hot")}, ()),
        ({"temperature_c": 80.0}, ("processor:hot",)),
        ({"temperature_c": 79.9}, ()),
    ],
)
def test_readings_that_are_faults(changes: dict[str, object], faults: tuple[str, ...]) -> None:
    """They come with the heartbeat that reads them, and go with one that reads otherwise."""
    readings = [replace(WELL, **changes), WELL]  # type: ignore[arg-type]  # fields of its own
    health = Health(read_vitals=lambda: readings.pop(0))
    assert _beat(health).faults == faults
    assert _beat(health).faults == ()
