"""A whole kiosk whose outbox is spoilt while it runs: out of order, ended, and salvaged anew."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

from kiosk.damage import mark_of
from kiosk.opening import broken_outboxes
from kiosk.settings import Settings
from tests.kiosk.builders import uuid
from tests.kiosk.test_kiosk import Running, eventually

DOUBLE_STRIKE_S = 0.4
"""So long the same button again is the same press."""


def _spoil(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)


def test_a_press_that_finds_damage_ends_the_kiosk(settings: Settings, stack: ExitStack) -> None:
    """Nobody is thanked; the next kiosk serves, and says that the outbox was replaced."""
    path = settings.data / "outbox.db"
    running = Running(settings, stack)
    running.panel.press("face-4", uuid(1))
    eventually(lambda: uuid(1) in running.server.stored, "stored")
    _spoil(path)
    time.sleep(DOUBLE_STRIKE_S)
    running.panel.press("face-4", uuid(2))
    eventually(lambda: running.ended == [False], "the end")
    assert not running.is_thanked(uuid(2))
    assert "out-of-order" in [shown.signal for shown in running.shown]
    again = Running(settings, stack)
    assert broken_outboxes(path) == [path.with_name("outbox.db.broken-1")]
    again.panel.press("face-4", uuid(3))
    eventually(lambda: uuid(3) in again.server.stored, "stored")
    eventually(lambda: "outbox:replaced" in again.server.heartbeats[-1].faults, "the fault")


def test_damage_that_only_the_relay_finds_ends_the_kiosk(
    settings: Settings, stack: ExitStack
) -> None:
    """Pages that the visitor's side has in memory, and need not read: it takes nothing more."""
    path = settings.data / "outbox.db"
    running = Running(settings, stack)
    eventually(lambda: running.server.heartbeats, "a heartbeat")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    running.panel.press("face-4", uuid(1))
    eventually(lambda: running.ended == [False], "the end")
    assert mark_of(path).exists()
    Running(settings, stack)
    assert broken_outboxes(path) == [path.with_name("outbox.db.broken-1")]
