"""The publisher: what it says, when it says it again, and that it is quiet otherwise."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event

from broker.fleet.configurations import history, show
from broker.fleet.device_places import retire_device
from broker.fleet.publishing import LOOK, QUARTER_S, Publisher
from broker.fleet.rollback import roll_back
from broker.link.virtual import SimulatedClock, VirtualBroker, VirtualLink
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.wire.codec import read
from broker.wire.configuration import Configuration
from broker.wire.topics import filter_all
from tests.fleet.config_town import NOW, build, say, set_at, set_at_root

CONFIG = ((filter_all("config"), 1),)


class Post:
    """A publisher at a virtual broker, and whoever hears what it says."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.broker = VirtualBroker(chance=Random(1), clock=SimulatedClock())
        self.link = VirtualLink(self.broker, "fleet", most_wait_s=0.1)
        self.publisher = Publisher(database, self.link)
        self.now = NOW
        self.ear = VirtualLink(self.broker, "ear", subscriptions=CONFIG, most_wait_s=0.1)
        self._connections = 0

    def said(self, seconds: float = LOOK.total_seconds()) -> dict[str, int]:
        """Let time pass; device → the revision that was said, 0 for nothing at all."""
        self.now += timedelta(seconds=seconds)
        for link in (self.link, self.ear):
            link.receive(1.0)
        if self.link.connections != self._connections:
            self._connections = self.link.connections
            self.publisher.connected()
        self.publisher.attend(self.now)
        return heard(self.ear)


def heard(ear: VirtualLink) -> dict[str, int]:
    """What came, by device."""
    messages = ear.receive(0.0)
    ear.acknowledge(messages)
    return {
        each.topic.split("/")[3]: (
            read(each.payload, Configuration).revision if each.payload else 0
        )
        for each in messages
    }


def test_what_is_made_is_said_once_and_kept(database: Database) -> None:
    """Retained, so that a kiosk which comes later hears it, too."""
    post = Post(build(database))
    assert post.said() == {"kiosk-1": 1, "kiosk-2": 2}
    assert post.said() == {}
    late = VirtualLink(post.broker, "late", subscriptions=CONFIG)
    assert heard(late) | heard(late) == {"kiosk-1": 1, "kiosk-2": 2}
    assert history(database, "kiosk-1", NOW)[0].published_at is not None


def test_a_change_is_said_to_those_it_concerns(database: Database) -> None:
    """At the next look, twice a second."""
    post = Post(build(database))
    post.said()
    set_at(database, "desk-2", "presentation.is_slow", value=True)
    assert post.said(0.1) == {}
    assert post.said() == {"kiosk-2": 3}
    roll_back(database, "kiosk-2", NOW)
    assert post.said() == {"kiosk-2": 4}


def test_with_a_new_connection_all_is_said_again(database: Database) -> None:
    """Under the same numbers, and the first time of publishing stays."""
    post = Post(build(database))
    post.said()
    at = history(database, "kiosk-1", NOW)[0].published_at
    post.broker.cut("fleet")
    post.link.receive(0.0)
    assert post.said(60.0) == {"kiosk-1": 1, "kiosk-2": 2}
    assert history(database, "kiosk-1", NOW)[0].published_at == at


def test_without_a_broker_it_waits(database: Database) -> None:
    """Made in the meantime, said when the broker is back."""
    post = Post(build(database))
    post.broker.kill()
    assert post.said() == {}
    assert show(database, "kiosk-1", NOW).says == "made; to be published"
    post.broker.start()
    assert post.said(60.0) == {"kiosk-1": 1, "kiosk-2": 2}


def test_a_retired_device_is_told_to_rest(database: Database) -> None:
    """And it is kept for it: who switches it on years later at an office desk votes nowhere."""
    post = Post(build(database))
    post.said()
    retire_device(database, "kiosk-1", now=NOW)
    assert post.said() == {"kiosk-1": 3}
    told = history(database, "kiosk-1", NOW)[0].read()
    assert told is not None
    assert told.is_resting
    assert post.said() == {}


def test_a_kiosk_that_is_ahead_is_heeded(database: Database) -> None:
    """Its heartbeat alone brings it a higher number."""
    post = Post(build(database))
    post.said()
    say(database, "kiosk-1", 9)
    assert post.said() == {"kiosk-1": 10}
    assert post.said() == {}


def test_what_holds_from_a_day_on_comes_with_it(database: Database) -> None:
    """Nobody has to change anything on that day."""
    post = Post(build(database))
    post.said()
    set_at_root(database, "presentation.is_slow", value=True, in_days=2)
    assert post.said() == {}
    assert post.said(2 * 86_400 + QUARTER_S) == {"kiosk-1": 3, "kiosk-2": 4}


def test_an_idle_installation_costs_a_look(database: Database) -> None:
    """Two short statements twice a second; between them nothing."""
    post = Post(build(database))
    post.said()
    statements: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(*given: object) -> None:
        statements.append(str(given[2]))

    for _ in range(10):
        post.said(0.01)
    assert not [each for each in statements if "BEGIN" not in each]
    post.said()
    assert len(statements) <= 3


def test_a_database_that_is_away_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said and could not be noted is said again."""
    post = Post(build(database))

    def fail(*_given: object) -> None:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr("broker.fleet.publishing.note_published", fail)
        with pytest.raises(StoreError):
            post.said()
    assert heard(post.ear) == {"kiosk-1": 1, "kiosk-2": 2}
    assert post.said() == {"kiosk-1": 1, "kiosk-2": 2}
    assert post.said() == {}


def test_a_clock_that_is_set_back_stops_nothing(database: Database) -> None:
    """The next look comes as soon as before."""
    post = Post(build(database))
    post.said()
    set_at_root(database, "presentation.is_slow", value=True)
    assert post.said(-7200.0) == {"kiosk-1": 3, "kiosk-2": 4}
