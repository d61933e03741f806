"""A full disk: the ballast makes room for what visitors say, and the heartbeat tells of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from broker.wire.codec import write
from broker.wire.messages import VERSION, Command
from hardware.open import VirtualSettings
from kiosk.ballast import Ballast
from kiosk.database import OutboxError
from kiosk.outbox import Entry, Outbox
from kiosk.settings import Settings
from tests.kiosk.builders import HandClock, draft, uuid
from tests.kiosk.full_disk import LiftingBallast, fill_up, no_room, small_disk
from tests.kiosk.test_kiosk import Running, eventually

MB = 1024 * 1024


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as opened:
        yield opened


def _entry(number: int) -> Entry:
    return Entry(draft(number), HandClock().read())


def test_the_ballast_makes_room_for_a_commit(tmp_path: Path) -> None:
    """Once: it is gone then, and the next full disk is told of."""
    ballast = LiftingBallast(tmp_path / "ballast", 65_536)
    ballast.fill()
    with closing(Outbox(tmp_path / "outbox.db", ballast)) as outbox:
        with no_room():
            assert outbox.add([_entry(1)]) == [1]
        assert not ballast.is_there
        assert outbox.add([_entry(2)]) == [2]


def test_what_is_no_full_disk_frees_no_ballast(tmp_path: Path) -> None:
    """It would be gone for nothing."""
    path, ballast = tmp_path / "outbox.db", Ballast(tmp_path / "ballast", 65_536)
    ballast.fill()
    with closing(Outbox(path, ballast)) as outbox:
        path.rename(tmp_path / "elsewhere.db")
        with pytest.raises(OutboxError, match=r"outbox\.db"):
            outbox.add([_entry(1)])
    assert ballast.is_there


@pytest.mark.slow
def test_on_a_real_full_disk_visitors_are_thanked(tmp_path: Path, stack: ExitStack) -> None:
    """The press is kept and sent, the fault is there while the ballast is gone, and then over."""
    disk = stack.enter_context(small_disk(tmp_path / "disk", 48 * MB))
    settings = Settings(
        site="troyan",
        device="kiosk-1",
        touchpoint="desk-1",
        data=disk / "data",
        panel=VirtualSettings(path=tmp_path / "unused.sock"),
    )
    running = Running(settings, stack)
    eventually(lambda: running.server.heartbeats, "a heartbeat")
    assert "disk:full" not in running.server.heartbeats[-1].faults
    assert (settings.data / "ballast").exists()
    filler = fill_up(disk)
    for n in range(1, 5):
        time.sleep(0.4)  # sooner it would be the same press
        running.panel.press("face-4", uuid(n))
        eventually(lambda n=n: running.is_thanked(uuid(n)), "thanks")  # type: ignore[misc]
    eventually(lambda: uuid(4) in running.server.stored, "stored")
    assert not (settings.data / "ballast").exists()
    eventually(lambda: "disk:full" in running.server.heartbeats[-1].faults, "the fault")
    filler.unlink()
    # Room is taken up again with a heartbeat.
    running.server.say("commands", write(Command(v=VERSION, id="c0ffee00", name="heartbeat")))
    eventually(lambda: running.server.heartbeats[-1].faults == (), "no fault")
    assert (settings.data / "ballast").exists()
