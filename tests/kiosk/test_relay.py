"""The relay over a virtual broker: nothing is let go of without its receipt, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import msgspec
import pytest

from broker.link.virtual import Faults
from broker.wire.messages import MAX_EVENTS
from kiosk.database import Counts
from kiosk.outbox import Entry
from kiosk.pace import Pace, PaceSettings
from kiosk.relay import Relay
from tests.kiosk.builders import draft, uuid
from tests.kiosk.network import IDENTITY, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A kiosk, a broker and a collector."""
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def test_a_press_is_sent_at_once_and_forgotten_on_its_receipt(world: World) -> None:
    """The ordinary case, within one round."""
    world.add(1)
    world.run(0.3)
    assert list(world.collector.stored) == [uuid(1)]
    assert world.waiting == 0


def test_without_a_receipt_nothing_is_deleted(world: World) -> None:
    """The broker's own acknowledgement means nothing."""
    world.collector.is_silent = True
    world.add(1, 2)
    world.run(3)
    assert len(world.collector.stored) == 2
    assert world.waiting == 2


def test_what_has_no_receipt_is_sent_again_ever_more_slowly(world: World) -> None:
    """After about 5, 10, 20, 40 and then every 60 s."""
    world.collector.is_silent = True
    world.add(1)
    world.run(4 * 60)
    assert 6 <= len(world.collector.batches) <= 9
    world.collector.is_silent = False
    world.run_until_empty(80)


def test_one_batch_is_under_way_at_a_time(world: World) -> None:
    """New presses wait for the receipt of those before them."""
    world.collector.is_silent = True
    world.add(1)
    world.run(1)
    world.add(2)
    world.run(2)
    assert world.collector.batches == [1]


def test_a_backlog_goes_in_full_batches(world: World) -> None:
    """As many as fit into a message, one after another, without waiting in between."""
    world.add(*range(1, 1_301))
    world.run_until_empty(10)
    assert len(world.collector.stored) == 1_300
    assert max(world.collector.batches) <= MAX_EVENTS
    assert len(world.collector.batches) <= 8


def test_quarantined_events_are_let_go_of(world: World) -> None:
    """They are safe at the server."""
    world.collector.refused = {uuid(2)}
    world.add(1, 2, 3)
    world.run(0.3)
    assert world.waiting == 0


def test_a_partial_receipt_deletes_what_it_names(world: World) -> None:
    """The rest is sent again."""
    world.collector.share = 0.5
    world.add(1, 2, 3, 4)
    world.run(1)
    assert world.waiting == 2
    world.run_until_empty(60)


def test_receipts_of_another_stream_are_ignored(world: World) -> None:
    """They name events of an outbox that is no more, even if the ids were ours."""
    world.collector.is_silent = True
    world.add(1)
    world.run(1)
    world.collector.give("f" * 32, [uuid(1)])
    world.run(1)
    assert world.waiting == 1


def test_garbage_and_old_receipts_do_no_harm(world: World) -> None:
    """Whatever comes at our topics, the line goes on."""
    peer = world.collector.link
    for payload in (b"", b"\xff\xfe", b"[]", b'{"v":2}', b'{"v":1,"stream":1}', b"{" * 100):
        peer.publish(IDENTITY.topic("receipts"), payload)
    world.collector.give(world.backlog.stream, [uuid(77), "nonsense"])
    world.add(1)
    world.collector.give(world.backlog.stream, [uuid(76)])
    world.run(0.5)
    assert world.waiting == 0


def test_after_a_break_everything_is_sent_anew_at_once(world: World) -> None:
    """No waiting for the pause to end: what was under way may be lost."""
    world.collector.is_silent = True
    world.add(1)
    world.run(1)
    world.collector.is_silent = False
    world.broker.cut("kiosk")
    world.run_until_empty(3)


def test_presses_made_offline_are_sent_later(world: World) -> None:
    """With their own times."""
    world.broker.kill()
    world.run(1)
    world.add(1)
    made_at_ms = world.clock.uptime_ms()
    world.run(600, step_s=1)
    assert world.waiting == 1
    world.broker.start()
    world.run_until_empty(120)
    assert world.collector.stored[uuid(1)].uptime_ms == made_at_ms


def test_offline_the_relay_rests(world: World) -> None:
    """Also with a batch under way that is long due again: some steps a minute, no busy loop."""
    world.collector.is_silent = True
    world.add(1)
    world.run(1)
    world.broker.kill()
    world.run(10)
    end_s, steps = world.time.now_s() + 60, 0
    while world.time.now_s() < end_s and steps < 100:
        world.relay.step(5.0)
        steps += 1
    assert steps <= 15


def test_a_relay_that_is_killed_leaves_it_to_the_next(world: World) -> None:
    """Nothing is remembered but what is in the outbox."""
    world.collector.is_silent = True
    world.add(1, 2)
    world.run(1)
    world.collector.is_silent = False
    pace = Pace(PaceSettings(), Random(5))
    world.relay = Relay(world.link, world.backlog, IDENTITY, world.clock, pace)
    world.run_until_empty(1)


def test_an_event_that_the_codec_refuses_is_passed_by(world: World) -> None:
    """It is kept and counted; those around it go out."""
    odd = msgspec.structs.replace(draft(2, world.clock.uptime_ms()), language="not a language")
    world.add(1)
    world.outbox.add([Entry(odd, world.clock.read())])
    world.add(3)
    world.run(1)
    assert sorted(world.collector.stored) == [uuid(1), uuid(3)]
    assert world.backlog.counts() == Counts(last_seq=3, waiting=1, refused=1)


@pytest.mark.parametrize("seed", range(5))
def test_over_a_bad_network_each_event_arrives_once(world: World, seed: int) -> None:
    """A fifth lost, a fifth doubled, a fifth out of order, and the line cut now and then."""
    chance = Random(seed)
    world.broker.faults = Faults(drop=0.2, duplicate=0.2, reorder=0.2, delay_s=(0.0, 0.5))
    for number in range(1, 121):
        world.add(number)
        world.run(1)
        if chance.random() < 0.05:
            world.broker.cut()
    world.broker.faults = Faults()
    world.run_until_empty(200)
    assert sorted(event.seq for event in world.collector.stored.values()) == list(range(1, 121))
