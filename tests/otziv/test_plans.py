"""What a run of the demo is made of: who is killed when, and who presses when."""

from __future__ import annotations

from collections import Counter
from itertools import islice, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.built_in import BUILT_IN_SURVEY
from kiosk.simulator.people import buttons_of
from otziv.demo.chaos import CALM_S, VICTIMS, plan_kills
from otziv.demo.kiosks import PLACES, kiosk_name
from otziv.demo.people import intents

KIOSKS = [kiosk_name(number) for number in range(1, len(PLACES) + 1)]
TEN_MINUTES_S = 600.0


@given(seed=st.integers(0, 2**31), duration_s=st.floats(1, 3600))
def test_kills_of_any_run(seed: int, duration_s: float) -> None:
    """At least five of each, in order of time, within the run; nobody lies dead for ever."""
    kills = plan_kills(seed, duration_s)
    counts = Counter(kill.victim for kill in kills)
    assert set(counts) == set(VICTIMS)
    assert min(counts.values()) >= 5
    times = [kill.at_s for kill in kills]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] < duration_s
    assert all(0 < kill.down_s < 5 for kill in kills)


@given(seed=st.integers(0, 2**31), duration_s=st.floats(30, 3600))
def test_a_run_begins_and_ends_in_calm(seed: int, duration_s: float) -> None:
    """Where there is time for it, the first and last seconds are left alone."""
    kills = plan_kills(seed, duration_s)
    assert kills[0].at_s >= CALM_S
    assert kills[-1].at_s <= duration_s - CALM_S


def test_a_seed_decides_the_kills() -> None:
    """The same again is the same; another is another."""
    assert plan_kills(1, 60) == plan_kills(1, 60)
    assert plan_kills(1, 60) != plan_kills(2, 60)


@pytest.mark.parametrize("rate", [2, 20, 50])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_rate_is_kept(rate: float, seed: int) -> None:
    """Over ten minutes and twelve kiosks, presses a second are what was asked for."""
    presses = list(takewhile(lambda each: each.at_s < TEN_MINUTES_S, intents(rate, seed, KIOSKS)))
    assert len(presses) == pytest.approx(rate * TEN_MINUTES_S, rel=0.15)
    assert {each.kiosk for each in presses} == set(KIOSKS)


def test_presses_come_in_order_at_buttons_that_are_there() -> None:
    """Times rise from the first second on, over all kiosks."""
    presses = list(islice(intents(20, 3, KIOSKS), 2_000))
    times = [each.at_s for each in presses]
    assert times == sorted(times)
    assert times[0] >= 0
    assert {each.button for each in presses} <= set(buttons_of(BUILT_IN_SURVEY))


def test_a_seed_decides_the_presses() -> None:
    """The same again is the same; another is another."""

    def first(seed: int) -> list[object]:
        return list(islice(intents(20, seed, KIOSKS), 200))

    assert first(1) == first(1)
    assert first(1) != first(2)
