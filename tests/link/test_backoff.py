"""Back-off: windows that grow, jitter that spreads, patience after a takeover."""

from __future__ import annotations

from random import Random

import pytest

from broker.link.backoff import TAKEOVER_WINDOW_S, Backoff

DRAWS = 2000


def windows(failures: int) -> list[float]:
    """The longest of many waits after the 1st, 2nd … failure."""
    longest = [0.0] * failures
    for seed in range(DRAWS):
        backoff = Backoff(Random(seed), first_s=1.0, most_s=10.0)
        for number in range(failures):
            longest[number] = max(longest[number], backoff.after_failure())
    return longest


def test_the_window_doubles_up_to_the_most() -> None:
    """1, 2, 4, 8 and then 10 seconds, and never more."""
    assert windows(7) == pytest.approx([1, 2, 4, 8, 10, 10, 10], rel=0.01)


def test_all_of_the_window_is_used() -> None:
    """Full jitter: a thousand clients spread over all of it."""
    waits = sorted(Backoff(Random(seed), first_s=1.0).after_failure() for seed in range(DRAWS))
    assert waits[0] < 0.01
    assert waits[DRAWS // 2] == pytest.approx(0.5, abs=0.05)
    assert waits[-1] > 0.99


def test_a_connection_starts_the_window_over() -> None:
    """After an hour of attempts and a good connection, the next attempt is soon."""
    backoff = Backoff(Random(1), first_s=1.0)
    for _ in range(100):
        backoff.after_failure()
    assert backoff.after_end(lasted_s=600.0) <= 1.0
    assert backoff.after_failure() <= 1.0


def quick_ends(count: int, seed: int = 1) -> tuple[Backoff, float]:
    """A back-off after ``count`` connections of a second each, and its last wait."""
    backoff = Backoff(Random(seed), first_s=0.5, most_s=2.0)
    waits = [backoff.after_end(lasted_s=1.0) for _ in range(count)]
    return backoff, waits[-1]


def test_connections_that_end_within_seconds_look_like_a_takeover() -> None:
    """From the third on the window is half a minute, above every other limit."""
    assert not quick_ends(2)[0].looks_like_takeover
    assert quick_ends(3)[0].looks_like_takeover
    longest = max(quick_ends(3, seed)[1] for seed in range(DRAWS))
    assert longest == pytest.approx(TAKEOVER_WINDOW_S, rel=0.01)
    assert max(quick_ends(2, seed)[1] for seed in range(DRAWS)) <= 0.5


def test_the_suspicion_stays_until_a_connection_has_lasted_a_minute() -> None:
    """Twins that wait half a minute each would else start their quarrel over and over."""
    backoff, _ = quick_ends(3)
    backoff.after_end(lasted_s=20.0)
    assert backoff.looks_like_takeover
    backoff.after_end(lasted_s=60.0)
    assert not backoff.looks_like_takeover


def test_a_broker_that_is_down_takes_nothing_over() -> None:
    """A broker that is killed again and again must not cost half a minute each time."""
    backoff, _ = quick_ends(3)
    backoff.after_failure()
    assert not backoff.looks_like_takeover


def test_the_same_seed_gives_the_same_waits() -> None:
    """For simulations."""
    first, second = Backoff(Random(7)), Backoff(Random(7))
    assert [first.after_failure() for _ in range(20)] == [second.after_failure() for _ in range(20)]


def test_a_million_failures_do_no_harm() -> None:
    """The window's power of two does not overflow."""
    backoff = Backoff(Random(1))
    assert all(backoff.after_failure() <= 60.0 for _ in range(10_000))
