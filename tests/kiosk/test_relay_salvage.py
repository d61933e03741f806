"""The relay with what was salvaged of a broken outbox: it goes out, too, never in the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.outbox import Entry, Outbox
from tests.kiosk.builders import draft, uuid
from tests.kiosk.network import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A kiosk, a broker and a collector."""
    with ExitStack() as stack:
        yield World(tmp_path, stack)


class Salvage:
    """An outbox before ours, of which two events were salvaged."""

    def __init__(self, world: World, path: Path, stack: ExitStack) -> None:
        self.path = path
        self.outbox = stack.enter_context(closing(Outbox(path)))
        self.outbox.add(
            Entry(draft(n, world.clock.uptime_ms()), world.clock.read()) for n in (71, 72)
        )
        self.backlog = Backlog(path, Ballast(path.with_name("ballast")))
        stack.callback(self.backlog.close)


@pytest.fixture
def salvage(world: World, tmp_path: Path) -> Iterator[Salvage]:
    """What was salvaged."""
    with ExitStack() as stack:
        yield Salvage(world, tmp_path / "outbox.db.salvaged-1", stack)


def test_salvaged_events_go_under_their_own_stream_and_ours_first(
    world: World, salvage: Salvage
) -> None:
    """Each receipt empties the one it names; the salvaged file is gone at the end."""
    world.relay.add(salvage.backlog)
    world.add(1)
    world.run(2)
    assert list(world.collector.stored) == [uuid(1), uuid(71), uuid(72)]
    assert world.collector.streams == [world.outbox.stream, salvage.outbox.stream]
    assert [event.seq for event in world.collector.stored.values()] == [1, 1, 2]
    assert world.waiting == 0
    assert not salvage.path.exists()
    world.add(2)
    world.run(1)
    assert world.waiting == 0


def test_salvaged_events_wait_for_their_receipt_as_all_do(world: World, salvage: Salvage) -> None:
    """Without one they stay, and are sent again."""
    world.collector.is_silent = True
    world.relay.add(salvage.backlog)
    world.run(7)
    assert len(world.collector.batches) == 2
    assert salvage.backlog.counts().waiting == 2
    assert salvage.path.exists()


def test_a_salvage_that_fails_keeps_nothing_back(world: World, salvage: Salvage) -> None:
    """It is left alone; what people press now goes on."""
    world.relay.add(salvage.backlog)
    salvage.backlog.close()
    salvage.outbox.close()
    with closing(sqlite3.connect(salvage.path)) as connection:
        connection.execute("DROP TABLE anchor")
    spoiled = Backlog(salvage.path, Ballast(salvage.path.with_name("ballast")))
    world.relay.add(spoiled)
    world.add(1)
    world.run(1)
    assert list(world.collector.stored) == [uuid(1)]
    assert salvage.path.exists()
