"""What becomes of presses without a time: they wait for it while it may still come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.kiosk.builders import uuid
from tests.kiosk.network import World

HOUR_S = 3_600


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A kiosk, a broker and a collector."""
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def _open_at_eight(world: World) -> None:
    """A kiosk that started without network and time, and a press."""
    world.broker.kill()
    world.clock.boot, world.clock.is_synced = uuid(8), False
    world.run(1)
    world.add(1)


def _connect(world: World) -> None:
    world.broker.start()
    for _ in range(200):
        world.run(1)
        if world.link.is_connected:
            return
    raise AssertionError("no connection")


def test_the_morning_waits_for_the_time_that_comes_with_the_network(world: World) -> None:
    """Network at noon, the time ten seconds later: the press of eight o'clock gets its time."""
    _open_at_eight(world)
    world.run(4 * HOUR_S, step_s=5)
    _connect(world)
    world.run(10)
    assert world.waiting == 1
    world.clock.is_synced = True
    world.run_until_empty(5)
    assert world.collector.stored[uuid(1)].clock == "estimated"


def test_with_the_time_the_network_is_all_that_is_waited_for(world: World) -> None:
    """Time at noon (from another machine in the hall), network later: sent at once."""
    _open_at_eight(world)
    world.run(4 * HOUR_S, step_s=5)
    world.clock.is_synced = True
    world.run(60)
    _connect(world)
    world.run_until_empty(5)
    assert world.collector.stored[uuid(1)].clock == "estimated"


def test_where_time_never_comes_the_grace_ends_the_waiting(world: World) -> None:
    """Two minutes after the connection came up it goes as unknown, and not much before."""
    _open_at_eight(world)
    world.run(4 * HOUR_S, step_s=5)
    _connect(world)
    world.run(110)
    assert world.waiting == 1
    world.run_until_empty(20)
    assert world.collector.stored[uuid(1)].clock == "unknown"


def test_a_line_that_breaks_every_minute_holds_nothing_back_for_good(world: World) -> None:
    """The time with a connection counts in sum."""
    _open_at_eight(world)
    _connect(world)
    for _ in range(6):
        world.run(45, step_s=1)
        world.broker.cut("kiosk")
    world.run_until_empty(30)
    assert world.collector.stored[uuid(1)].clock == "unknown"
