"""Limits: so many tries in so much time, and nobody is known afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.web.errors import Stop
from portal.web.limits import Limits

MINUTE = timedelta(minutes=1)


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now_s


def test_one_more_than_allowed_waits() -> None:
    """It is told how long; when that is over it may; tries that were refused do not count."""
    clock = Clock()
    limits = Limits(clock)
    for _ in range(3):
        limits.check("vote", "a", 3, MINUTE)
    clock.now_s = 20
    with pytest.raises(Stop) as refused:
        limits.check("vote", "a", 3, MINUTE)
    assert refused.value.status == 429
    assert refused.value.retry_after_s == 40
    limits.check("vote", "b", 3, MINUTE)
    limits.check("sign-in", "a", 3, MINUTE)
    clock.now_s = 60
    for _ in range(3):
        limits.check("vote", "a", 3, MINUTE)


def test_an_address_means_nothing_tomorrow_or_elsewhere() -> None:
    """The key is the day's and the process's."""
    limits, on = Limits(), date(2026, 11, 22)
    today = limits.visitor("192.0.2.7", on)
    assert today == limits.visitor("192.0.2.7", on)
    assert today != limits.visitor("192.0.2.8", on)
    assert today != Limits().visitor("192.0.2.7", on)
    assert today != limits.visitor("192.0.2.7", on + timedelta(days=1))
    assert "192" not in today


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_household_is_one_visitor(one: str, other: str, is_same: bool) -> None:
    """Of IPv6 a network of 64 bits; IPv4 in IPv6 is what it is."""
    limits, on = Limits(), date(2026, 11, 22)
    assert (limits.visitor(one, on) == limits.visitor(other, on)) is is_same


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest unused counters go first."""
    monkeypatch.setattr("portal.web.limits._MOST_KEYS", 10)
    limits = Limits(Clock())
    for who in range(100):
        limits.check("vote", str(who), 1, MINUTE)
    limits.check("vote", "0", 1, MINUTE)  # forgotten, so it may again
    with pytest.raises(Stop):
        limits.check("vote", "99", 1, MINUTE)
