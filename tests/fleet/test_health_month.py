"""A healthy month is quiet; and how seldom chance alone makes a desk look dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from broker.fleet.expected import Profile, limit_of
from broker.fleet.health_rules import Beat
from tests.fleet.healthy_month import (
    DAYS,
    DEVICES,
    FIRST,
    PRESSES_A_DAY,
    ZONE,
    Month,
    history_profile,
    local,
    open_quarters,
    presses_of_day,
)


def silences(chance: Random, profile: Profile, a_day: float) -> int:
    """Silences of a month that are longer than the rule's limit; looked at each quarter."""
    limit, expected, found = limit_of(profile, DEVICES), 0.0, 0
    for day in range(DAYS):
        on = FIRST + timedelta(days=day)
        presses = {at.timestamp() // 900 for at in presses_of_day(chance, on, a_day)}
        for _, at in open_quarters(on):
            before = expected
            expected += profile.rate_at(at.astimezone(ZONE)) / 4
            found += before < limit <= expected
            if at.timestamp() // 900 in presses:
                expected = 0.0
    return found


def false_alarms(seed: int, *, trend: float = 1.0) -> int:
    """How often in a healthy month of all desks the rule on quiet speaks.

    ``trend`` is how many come, to how many came when it was learnt.
    """
    found = 0
    for a_day in PRESSES_A_DAY:
        chance = Random(f"quiet {seed} {a_day}")
        profile = history_profile(chance, a_day)
        found += 0 if profile is None else silences(chance, profile, a_day * trend)
    return found


@pytest.mark.slow
def test_a_healthy_month_of_twelve_devices_is_quiet() -> None:
    """Nights without power, restarts, lost heartbeats, heat and waves of people: no notice."""
    assert list(Month(1).run()) == []


def test_trouble_among_healthy_devices_is_told_of_them_only() -> None:
    """A dead panel on a busy desk, and a device without power, from Monday to Wednesday."""
    monday, wednesday = date(2026, 3, 9), date(2026, 3, 11)
    dead_at, back_at = local(monday, 10), local(wednesday, 10)

    def trouble(device: int, now: datetime, beat: Beat | None) -> Beat | None:
        if beat is None or not dead_at <= now < back_at:
            return beat
        if device == 4:
            return replace(beat, at=dead_at)
        return replace(beat, last_seq=0) if device == 10 else beat

    changes = list(Month(1, trouble).run(monday, days=3))
    found = {(change.device, change.rule, change.is_opening): change.at for change in changes}
    assert len(changes) == len(found) == 4
    assert found[4, "silent", True] - dead_at <= timedelta(minutes=15)
    assert found[4, "silent", False] - back_at <= timedelta(minutes=5)
    assert found[10, "improbably-quiet", True] - dead_at <= timedelta(hours=26)
    assert found[10, "improbably-quiet", False] - back_at <= timedelta(minutes=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_other_healthy_months_are_quiet(seed: int) -> None:
    """The same with other weather and other people; chance may speak of quiet once a month."""
    opened = [change for change in Month(seed).run() if change.is_opening]
    assert {change.rule for change in opened} <= {"improbably-quiet"}
    assert len(opened) <= 1


def test_quiet_by_chance_stays_within_the_budget() -> None:
    """Over five healthy months of twelve desks, fewer than one false alarm a month."""
    assert sum(false_alarms(seed) for seed in range(5)) < 5


@pytest.mark.slow
@pytest.mark.timeout(900)  # a minute of reckoning, on a machine that has nothing else to do
@pytest.mark.parametrize("trend", [1.0, 0.7])
def test_quiet_by_chance_stays_within_the_budget_for_years(trend: float) -> None:
    """Over a hundred months too, and when a third of the people stay away, as in August."""
    assert sum(false_alarms(seed, trend=trend) for seed in range(100)) < 100
