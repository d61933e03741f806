"""When a press was, and how far that can be trusted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.clock import (
    EARLIEST_MS,
    LATEST_MS,
    DeviceClock,
    Moment,
    Reading,
    boot_id,
    can_be,
    instant,
    needs_anchor,
    settle,
)
from tests.kiosk.builders import BOOT, NOW_MS

HOUR_MS = 3_600_000
NOW = instant(NOW_MS)


def _reading(uptime_ms: int, wall_ms: int, *, is_synced: bool) -> Reading:
    return Reading(BOOT, uptime_ms, wall_ms, is_synced)


PRESSES = {
    "synced": (_reading(60_000, NOW_MS, is_synced=True), None, Moment(NOW, "synced")),
    "synced, whatever the anchor": (
        _reading(60_000, NOW_MS, is_synced=True),
        NOW_MS - HOUR_MS,
        Moment(NOW, "synced"),
    ),
    "in 1970, and time never came": (
        _reading(60_000, 60_000, is_synced=False),
        None,
        Moment(datetime(1970, 1, 1, 0, 1, tzinfo=UTC), "unknown"),
    ),
    "in 1970, and time came later in this boot": (
        _reading(60_000, 60_000, is_synced=False),
        NOW_MS - 60_000,
        Moment(NOW, "estimated"),
    ),
    "with a stale time an hour behind": (
        _reading(60_000, NOW_MS - HOUR_MS, is_synced=False),
        NOW_MS - 60_000,
        Moment(NOW, "estimated"),
    ),
    "after somebody put the clock an hour forward": (
        _reading(60_000, NOW_MS + HOUR_MS, is_synced=False),
        NOW_MS - 60_000,
        Moment(NOW, "estimated"),
    ),
}


@pytest.mark.parametrize("case", PRESSES)
def test_dating_a_press(case: str) -> None:
    """A believable clock dates it; else the boot's anchor, if there ever was one."""
    pressed, anchor_ms, expected = PRESSES[case]
    assert settle(pressed, anchor_ms) == expected


ANCHORS = {
    "not synced": (_reading(0, NOW_MS, is_synced=False), None, False),
    "not synced any more": (_reading(0, NOW_MS, is_synced=False), NOW_MS - HOUR_MS, False),
    "synced for the first time": (_reading(0, NOW_MS, is_synced=True), None, True),
    "still the same": (_reading(0, NOW_MS, is_synced=True), NOW_MS, False),
    "drifted by a second": (_reading(0, NOW_MS, is_synced=True), NOW_MS - 1_000, False),
    "drifted by more": (_reading(0, NOW_MS, is_synced=True), NOW_MS - 1_001, True),
    "stepped an hour forward": (_reading(0, NOW_MS, is_synced=True), NOW_MS - HOUR_MS, True),
    "stepped an hour back": (_reading(0, NOW_MS, is_synced=True), NOW_MS + HOUR_MS, True),
}


@pytest.mark.parametrize("case", ANCHORS)
def test_when_an_anchor_is_news(case: str) -> None:
    """Only a believable clock gives one; a new one when it is off by more than a second."""
    now, anchor_ms, expected = ANCHORS[case]
    assert needs_anchor(now, anchor_ms) is expected


def test_a_reading_tells_of_other_moments_of_its_boot() -> None:
    """A press is recorded after it happened; its wall time is reckoned back by the uptime."""
    later = _reading(10_000, NOW_MS, is_synced=True)
    assert later.at(9_935) == _reading(9_935, NOW_MS - 65, is_synced=True)


def test_the_device_clock_reads_this_machine() -> None:
    """Uptime never runs backward, and a trusted clock is synced if it is not absurd."""
    clock = DeviceClock(is_trusted=True)
    before, reading, after = clock.uptime_ms(), clock.read(), clock.uptime_ms()
    assert before <= reading.uptime_ms <= after
    assert abs(instant(reading.wall_ms) - datetime.now(UTC)) < timedelta(seconds=60)
    assert reading.is_synced is (reading.wall_ms >= EARLIEST_MS)


@pytest.mark.parametrize(
    ("wall_ms", "expected"),
    [
        (0, False),
        (EARLIEST_MS - 1, False),
        (EARLIEST_MS, True),
        (LATEST_MS - 1, True),
        (LATEST_MS, False),
        (253_402_300_799_999, False),  # the last moment of 9999
        (2**62, False),
    ],
)
def test_an_absurd_clock_is_not_believed(wall_ms: int, *, expected: bool) -> None:
    """And yet what it says can be told in any zone, and a day added to it."""
    assert can_be(wall_ms) is expected
    shown = instant(wall_ms).astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert shown + timedelta(days=1) > shown


def test_the_kernel_can_be_asked_whether_the_clock_is_right() -> None:
    """The answer depends on the machine; asking must work on all."""
    assert DeviceClock(is_trusted=False).read().is_synced in (True, False)


def test_a_boot_has_one_id() -> None:
    """Two programs of one boot agree, so that an anchor serves both."""
    assert boot_id() == boot_id()
    assert len(boot_id()) == 36
