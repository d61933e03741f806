"""The lock of the maintenance screen, and its PIN."""

from __future__ import annotations

import re

import pytest

from kiosk.maintenance import ASK_MS, FIRST_PAUSE_MS, MAX_TRIES, OPEN_MS, Maintenance
from kiosk.pin import PIN_HASH, PinError, hash_pin, is_pin

PIN = "2468"
KEPT = hash_pin(PIN)


def _state(lock: Maintenance) -> str:
    return lock.state


@pytest.fixture
def lock() -> Maintenance:
    """A lock at which somebody has knocked at 0."""
    lock = Maintenance(KEPT)
    lock.knock(0)
    return lock


def test_a_pin_is_kept_as_what_does_not_tell_it() -> None:
    """Salted, so that two kiosks with one PIN look different."""
    assert re.fullmatch(PIN_HASH, KEPT)
    assert PIN not in KEPT
    assert hash_pin(PIN) != KEPT
    assert is_pin(PIN, KEPT)
    assert not is_pin("2469", KEPT)


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "12 34", "١٢٣٤", "1234\n"])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    """Four to twelve digits that a keypad has."""
    with pytest.raises(PinError, match="4 to 12 digits"):
        hash_pin(pin)


def test_the_right_pin_opens(lock: Maintenance) -> None:
    """And the lock closes by itself when nobody does anything."""
    lock.unlock(PIN, 1_000)
    assert _state(lock) == "open"
    lock.tick(1_000 + OPEN_MS - 1)
    assert _state(lock) == "open"
    lock.tick(1_000 + OPEN_MS)
    assert _state(lock) == "closed"


def test_what_is_done_inside_keeps_it_open(lock: Maintenance) -> None:
    """The five minutes begin anew."""
    lock.unlock(PIN, 0)
    lock.stay(OPEN_MS - 1)
    lock.tick(OPEN_MS + 1)
    assert _state(lock) == "open"


def test_nobody_answering_closes_it(lock: Maintenance) -> None:
    """Whoever held the corner has left."""
    lock.tick(ASK_MS)
    assert _state(lock) == "closed"


def test_a_pin_without_a_knock_is_nothing() -> None:
    """A screen can't unlock out of the blue."""
    lock = Maintenance(KEPT)
    lock.unlock(PIN, 0)
    assert _state(lock) == "closed"


def test_without_a_pin_it_never_opens() -> None:
    """No PIN set is no way in."""
    lock = Maintenance(None)
    lock.knock(0)
    assert _state(lock) == "closed"


def test_wrong_pins_bring_pauses_that_grow(lock: Maintenance) -> None:
    """Five tries a minute, then five in two: not even the right PIN helps meanwhile."""
    for at_ms in range(MAX_TRIES):
        lock.unlock("1111", at_ms)
    assert lock.is_wrong
    lock.unlock(PIN, MAX_TRIES)
    assert _state(lock) == "asking"
    assert lock.is_barred(FIRST_PAUSE_MS)
    later_ms = MAX_TRIES + FIRST_PAUSE_MS
    for at_ms in range(later_ms, later_ms + MAX_TRIES):
        lock.unlock("1111", at_ms)
    assert lock.is_barred(later_ms + FIRST_PAUSE_MS + MAX_TRIES)
    lock.unlock(PIN, later_ms + 2 * FIRST_PAUSE_MS + MAX_TRIES)
    assert _state(lock) == "open"
