"""What waits in the outbox: dated, deleted on a receipt, and never blocked by one bad event."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broker.wire.events import Rating
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import instant
from kiosk.database import Counts, OutboxError
from kiosk.outbox import Entry, Outbox
from tests.kiosk.builders import BOOT, NOW_MS, HandClock, draft, uuid
from tests.kiosk.full_disk import LiftingBallast, no_room

OTHER_BOOT = "b0070000-0000-4000-8000-000000000002"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is."""
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    """An outbox."""
    with closing(Outbox(path)) as opened:
        yield opened


@pytest.fixture
def backlog(outbox: Outbox, tmp_path: Path) -> Iterator[Backlog]:
    """What waits in it."""
    assert outbox.stream
    with closing(Backlog(tmp_path / "outbox.db", Ballast(tmp_path / "ballast", 65_536))) as opened:
        yield opened


def _add(outbox: Outbox, clock: HandClock, *numbers: int) -> None:
    outbox.add(Entry(draft(n, clock.uptime_ms()), clock.read()) for n in numbers)


def _ids(backlog: Backlog, limit: int = 500, boot: str | None = None) -> list[str]:
    return [event.id for event in backlog.pending(limit, boot)]


def test_pending_events_are_whole_and_in_order(outbox: Outbox, backlog: Backlog) -> None:
    """They are events of the wire, with number, time and trust."""
    clock = HandClock()
    _add(outbox, clock, 1, 2)
    events = backlog.pending(500)
    assert [event.seq for event in events] == [1, 2]
    assert events[0] == Rating(
        id=uuid(1),
        seq=1,
        visit=f"{1:032x}",
        touchpoint="desk-1",
        survey="reception",
        survey_version=1,
        channel="device",
        input="button",
        language="bg",
        answered_at=instant(NOW_MS),
        clock="synced",
        boot=BOOT,
        uptime_ms=clock.uptime_ms(),
        question="overall",
        scale="faces-4",
        value=4,
    )


def test_pending_gives_no_more_than_asked_for(outbox: Outbox, backlog: Backlog) -> None:
    """The first ones come first."""
    clock = HandClock()
    _add(outbox, clock, *range(1, 8))
    assert _ids(backlog, limit=3) == [uuid(1), uuid(2), uuid(3)]


def test_only_what_is_named_is_deleted(outbox: Outbox, backlog: Backlog) -> None:
    """Unknown ids, and ids named twice, do no harm."""
    clock = HandClock()
    _add(outbox, clock, 1, 2, 3)
    backlog.delete([uuid(2), uuid(2), uuid(99), "nonsense"])
    assert _ids(backlog) == [uuid(1), uuid(3)]
    assert backlog.counts() == Counts(last_seq=3, waiting=2, refused=0)


def test_the_greatest_number_is_known_when_nothing_waits(outbox: Outbox, backlog: Backlog) -> None:
    """The heartbeat tells it, so that the collector can reckon what is missing."""
    assert backlog.counts() == Counts(0, 0, 0)
    _add(outbox, HandClock(), 1, 2)
    backlog.delete([uuid(1), uuid(2)])
    assert backlog.counts() == Counts(last_seq=2, waiting=0, refused=0)


def test_presses_of_a_young_boot_wait_for_the_time(outbox: Outbox, backlog: Backlog) -> None:
    """While the caller says which boot that is; then they go as they are, and say so."""
    _add(outbox, HandClock(uptime=30_000, wall=30_000, is_synced=False), 1)
    assert _ids(backlog, boot=BOOT) == []
    assert _ids(backlog, boot=OTHER_BOOT) == [uuid(1)]
    (event,) = backlog.pending(500)
    assert event.clock == "unknown"


def test_time_that_arrives_dates_earlier_presses(outbox: Outbox, backlog: Backlog) -> None:
    """The anchor of the boot turns unknown into estimated; later presses are synced."""
    clock = HandClock(uptime=30_000, wall=30_000, is_synced=False)
    _add(outbox, clock, 1)
    clock.advance(20)
    clock.wall, clock.is_synced = NOW_MS, True
    assert backlog.keep_anchor(clock.read())
    assert not backlog.keep_anchor(clock.read())
    _add(outbox, clock, 2)
    first, second = backlog.pending(500, BOOT)
    assert (first.clock, first.answered_at) == ("estimated", instant(NOW_MS - 20_000))
    assert (second.clock, second.answered_at) == ("synced", instant(NOW_MS))


def test_a_boot_that_never_had_time_stays_unknown(outbox: Outbox, backlog: Backlog) -> None:
    """An anchor dates its own boot only; presses of earlier boots don't wait."""
    _add(outbox, HandClock(uptime=30_000, wall=30_000, is_synced=False), 1)
    clock = HandClock(uptime=5_000, boot=OTHER_BOOT)
    backlog.keep_anchor(clock.read())
    (event,) = backlog.pending(500)
    assert (event.clock, event.boot) == ("unknown", BOOT)


def test_an_anchor_outlives_its_boot_while_events_need_it(outbox: Outbox, backlog: Backlog) -> None:
    """A power cut right after the time came: the next boot still dates those presses."""
    clock = HandClock(uptime=30_000, wall=30_000, is_synced=False)
    _add(outbox, clock, 1)
    clock.wall, clock.is_synced = NOW_MS, True
    backlog.keep_anchor(clock.read())
    later = HandClock(uptime=1_000, boot=OTHER_BOOT)
    backlog.keep_anchor(later.read())
    (event,) = backlog.pending(500)
    assert (event.clock, event.answered_at) == ("estimated", instant(NOW_MS))


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_step_of_the_clock_moves_no_earlier_press(
    outbox: Outbox, backlog: Backlog, hours: int
) -> None:
    """Each keeps what a believable clock said; without one the latest anchor dates it."""
    clock = HandClock()
    backlog.keep_anchor(clock.read())
    _add(outbox, clock, 1)
    stepped_ms = NOW_MS + hours * 3_600_000
    clock.wall = stepped_ms
    assert backlog.keep_anchor(clock.read())
    _add(outbox, clock, 2)
    clock.is_synced = False
    _add(outbox, clock, 3)
    times = [event.answered_at for event in backlog.pending(500)]
    assert times == [instant(NOW_MS), instant(stepped_ms), instant(stepped_ms)]


def test_a_damaged_event_is_no_obstacle(outbox: Outbox, backlog: Backlog, path: Path) -> None:
    """It is kept, counted and passed by, and tried again when the program starts anew."""
    clock = HandClock()
    _add(outbox, clock, 1, 2, 3)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE event SET body = x'00ff' WHERE seq = 1")
        connection.execute("UPDATE event SET body = ? WHERE seq = 2", (b'{"kind":"rating"}',))
    assert _ids(backlog) == [uuid(3)]
    assert _ids(backlog) == [uuid(3)]
    assert backlog.counts() == Counts(last_seq=3, waiting=3, refused=2)
    with closing(Backlog(path, Ballast(path.with_name("ballast")))) as again:
        assert again.counts().refused == 0


def test_an_absurd_time_is_no_obstacle(outbox: Outbox, backlog: Backlog, path: Path) -> None:
    """The vote counts; its time comes from the boot's anchor, or is said to be unknown."""
    clock = HandClock()
    _add(outbox, clock, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE event SET wall_ms = 1 << 60")
    (event,) = backlog.pending(500)
    assert (event.id, event.clock) == (uuid(1), "unknown")
    backlog.keep_anchor(clock.read())
    (event,) = backlog.pending(500)
    assert (event.clock, event.answered_at) == ("estimated", instant(NOW_MS))


def test_on_a_full_disk_ballast_makes_deleting_possible(
    outbox: Outbox, path: Path, tmp_path: Path
) -> None:
    """Deleting writes, too; so room is kept for it."""
    ballast = LiftingBallast(tmp_path / "ballast", 65_536)
    ballast.fill()
    _add(outbox, HandClock(), 1)
    with closing(Backlog(path, ballast)) as backlog:
        with no_room():
            backlog.delete([uuid(1)])
        assert backlog.counts().waiting == 0
        assert not ballast.is_there
        backlog.tidy()
        assert ballast.is_there


def test_a_deletion_that_fails_loses_nothing(outbox: Outbox, backlog: Backlog) -> None:
    """Without room and without ballast the events stay, and are sent again later."""
    clock = HandClock()
    _add(outbox, clock, 1)
    with no_room(), pytest.raises(OutboxError):
        backlog.delete([uuid(1)])
    assert _ids(backlog) == [uuid(1)]


def test_tidying_keeps_the_log_small(outbox: Outbox, backlog: Backlog, path: Path) -> None:
    """Offline for weeks, the write-ahead log is folded into the file and used anew."""
    log = path.with_name("outbox.db-wal")
    sizes = []
    for hundred in range(0, 500, 100):
        for n in range(100):
            _add(outbox, HandClock(), hundred + n)
        backlog.tidy()
        sizes.append(log.stat().st_size)
    assert sizes[-1] < 2 * sizes[0]


def test_ballast_takes_real_room_and_only_where_there_is_plenty(tmp_path: Path) -> None:
    """Its blocks are allocated; a size that the disk has not is not even tried."""
    ballast = Ballast(tmp_path / "ballast", 1_000_000)
    ballast.fill()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 1_000_000
    assert ballast.free()
    assert not ballast.free()
    huge = Ballast(tmp_path / "huge", 1 << 60)
    huge.fill()
    assert not huge.is_there
