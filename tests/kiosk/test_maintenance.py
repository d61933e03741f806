"""The lock of the maintenance screen, and its PIN."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.maintenance import ASK_MS, MAX_TRIES, OPEN_MS, Maintenance
from kiosk.pin import PIN_HASH, PinError, hash_pin, is_pin
from kiosk.wrong_pins import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, WrongPinsFile

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


def _restarted(path: Path, at_ms: int = 0) -> Maintenance:
    """The lock of a kiosk that has just started, somebody at it."""
    lock = Maintenance(KEPT, WrongPinsFile(path), at_ms)
    lock.knock(at_ms)
    return lock


def test_a_restart_forgets_no_wrong_pin(tmp_path: Path) -> None:
    """Who pulls the plug after each try gets five tries, too, and then the pause."""
    path = tmp_path / "wrong-pins.json"
    for _ in range(MAX_TRIES):
        _restarted(path).unlock("1111", 10)
    lock = _restarted(path)
    assert lock.is_barred(FIRST_PAUSE_MS - 1)
    lock.unlock(PIN, 10)
    assert _state(lock) == "asking"


def test_a_pause_that_a_restart_cut_short_begins_again(tmp_path: Path) -> None:
    """And the next one is twice as long, as if nothing had happened."""
    path = tmp_path / "wrong-pins.json"
    lock = _restarted(path)
    for at_ms in range(MAX_TRIES):
        lock.unlock("1111", at_ms)
    lock = _restarted(path, 5_000)
    assert lock.is_barred(5_000 + FIRST_PAUSE_MS - 1)
    later_ms = 5_000 + FIRST_PAUSE_MS
    assert not lock.is_barred(later_ms)
    for at_ms in range(later_ms, later_ms + MAX_TRIES):
        lock.unlock("1111", at_ms)
    assert _restarted(path).is_barred(2 * FIRST_PAUSE_MS - 1)


def test_a_pause_that_is_over_is_over_after_a_restart(tmp_path: Path) -> None:
    """A night without power costs nobody an hour in the morning."""
    path = tmp_path / "wrong-pins.json"
    lock = _restarted(path)
    for at_ms in range(MAX_TRIES):
        lock.unlock("1111", at_ms)
    lock.tick(MAX_TRIES + FIRST_PAUSE_MS)
    lock = _restarted(path)
    assert not lock.is_barred(0)
    lock.unlock(PIN, 0)
    assert _state(lock) == "open"


def test_the_right_pin_wipes_the_slate(tmp_path: Path) -> None:
    """Nothing is kept then, and the digits never were."""
    path = tmp_path / "wrong-pins.json"
    lock = _restarted(path)
    lock.unlock("1111", 0)
    assert b"1111" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    lock.unlock(PIN, 1)
    assert not path.exists()


def test_pauses_grow_to_an_hour_and_no_further(tmp_path: Path) -> None:
    """However long somebody goes on, a clerk waits an hour at most."""
    path, at_ms = tmp_path / "wrong-pins.json", 0
    lock = _restarted(path)
    for _ in range(MAX_TRIES * 10):
        lock.tick(at_ms)
        lock.knock(at_ms)
        lock.unlock("1111", at_ms)
        at_ms += LONGEST_PAUSE_MS if lock.is_barred(at_ms) else 1
    assert not _restarted(path).is_barred(LONGEST_PAUSE_MS)


@pytest.mark.parametrize(
    "content", [b"", b"{}x", b'{"tries": -1}', b'{"pause_ms": 9e99}', b"\xff", b"[]"]
)
def test_a_damaged_file_lets_the_clerk_in(tmp_path: Path, content: bytes) -> None:
    """What can't be read is as nothing: the screen is there to find out what is wrong."""
    path = tmp_path / "wrong-pins.json"
    path.write_bytes(content)
    lock = _restarted(path)
    lock.unlock(PIN, 0)
    assert _state(lock) == "open"
    assert not path.exists()


def test_a_folder_that_takes_nothing_bars_all_the_same(tmp_path: Path) -> None:
    """Wrong PINs that can't be kept count until the restart."""
    lock = _restarted(tmp_path / "gone" / "wrong-pins.json")
    for at_ms in range(MAX_TRIES):
        lock.unlock("1111", at_ms)
    assert lock.is_barred(MAX_TRIES)
