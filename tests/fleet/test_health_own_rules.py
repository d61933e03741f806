"""One trouble, one notice: what a rule judges by readings is no fault beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from broker.fleet.health_rules import Beat, Facts, judge
from kiosk.vitals import Vitals

NOW: Final = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
MB: Final = 1_000_000
GB: Final = 1_000 * MB

SICK: Final = Vitals(
    temperature_c=85.0,
    throttling=("under-voltage",),
    disk_free_bytes=10 * MB,
    disk_total_bytes=16 * GB,
)


def verdicts(vitals: Vitals) -> dict[str, str | None]:
    """What the rules say of a kiosk that reads these and says so, as a real one does."""
    faults = tuple(f"{part}:{fault}" for part, fault, is_there in vitals.faults() if is_there)
    beat = Beat(
        at=NOW,
        faults=faults,
        throttling=vitals.throttling,
        temperature_c=vitals.temperature_c,
        disk_free_bytes=vitals.disk_free_bytes,
        disk_total_bytes=vitals.disk_total_bytes,
    )
    return judge(Facts(now=NOW, beat=beat))


def test_readings_with_a_rule_of_their_own_are_told_once() -> None:
    """A hot, underfed kiosk with a full card has three troubles, not six."""
    bad = {rule for rule, facts in verdicts(SICK).items() if facts is not None}
    assert bad == {"disk-full", "low-power", "too-hot"}


@pytest.mark.parametrize(
    ("total_gb", "free_mb", "is_full"),
    [
        (64, 1_500, None),  # three hundredths, but room for years
        (64, 4_000, False),
        (64, 999, True),
        (16, 799, True),
        (16, 900, None),
        (16, 1_600, False),
        (2, 199, True),  # a twentieth would be 100 MB: no update fits
        (2, 400, False),
    ],
)
def test_when_a_disk_is_full(total_gb: int, free_mb: int, *, is_full: bool | None) -> None:
    """Less than a twentieth, within 200 MB and 1 GB; good again from twice that on."""
    vitals = replace(SICK, disk_total_bytes=total_gb * GB, disk_free_bytes=free_mb * MB)
    said = verdicts(vitals)
    found = None if "disk-full" not in said else said["disk-full"] is not None
    assert found is is_full
