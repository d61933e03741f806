"""Orders over a virtual broker: sent once, answered, timed out; never again after a reconnect."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
import structlog

from broker.fleet.errors import FleetError
from broker.fleet.keeper import SUBSCRIPTIONS, Keeper
from broker.fleet.orders import Orders, Outcome, ask, forget_orders, outcome
from broker.link.faults import SimulatedClock
from broker.link.virtual import VirtualLink
from broker.link.virtual_broker import VirtualBroker
from broker.store.database import Database
from broker.store.errors import UnavailableError
from broker.store.fleet_tables import DeviceOrder
from broker.store.status import Heard, StatusWriter, Who
from broker.wire.codec import read, write
from broker.wire.messages import VERSION, Command, Heartbeat, Reply
from broker.wire.topics import topic
from tests.fleet.health_hall import rows
from tests.intake.making import NOON, SITE, register


class Line:
    """The fleet's keeper and two kiosks on one virtual broker, in one simulated time."""

    def __init__(self, database: Database) -> None:
        register(database)
        self.database = database
        self.clock = SimulatedClock()
        self.broker = VirtualBroker(chance=Random(1), clock=self.clock)
        self.link = self._link("fleet", SUBSCRIPTIONS)
        self.kiosk = self._link("kiosk-1", ((topic(SITE, "kiosk-1", "commands"), 0),))
        self.restart()
        self.hear()

    def _link(self, name: str, subscriptions: tuple[tuple[str, int], ...]) -> VirtualLink:
        return VirtualLink(
            self.broker, name, subscriptions=subscriptions, chance=Random(2), most_wait_s=1.0
        )

    def restart(self) -> None:
        """A new process on the same link and database."""
        self.keeper = Keeper(self.link, [Orders(self.database, self.link)], self.now)

    def now(self) -> datetime:
        """The simulated time of day."""
        return NOON + timedelta(seconds=self.clock.now_s())

    def say_online(self, device: str = "kiosk-1") -> None:
        """The collector wrote down that a device is online."""
        beat = Heartbeat(
            v=VERSION, sent_at=self.now(), clock="synced", boot="b" * 8, uptime_ms=1,
            stream="5" * 32, last_seq=0, waiting=0, version="1",
        )  # fmt: skip
        who, heard = Who(SITE, device), Heard()
        heard.heartbeats[who] = (beat, self.now())
        heard.availability[who] = ("online", self.now())
        heard.see(who, self.now())
        StatusWriter(self.database).write(heard)

    def ask(self, name: str = "identify", expires_in_s: int = 60, **args: str) -> str:
        """Order ``kiosk-1``, which is online."""
        self.say_online()
        return ask(self.database, "kiosk-1", name, args, self.now(), expires_in_s)

    def hear(self, seconds: float = 2.0) -> list[Command]:
        """Let time pass; what the kiosk is ordered meanwhile."""
        found, until_s = [], self.clock.now_s() + seconds
        while self.clock.now_s() < until_s:
            self.keeper.step(0.25)
            found += self.kiosk.receive(0.25)
        return [read(message.payload, Command) for message in found]

    def reply(self, order: str, device: str = "kiosk-1", *, ok: bool = True, **said: str) -> None:
        """A device answers."""
        answer = write(Reply(v=VERSION, command=order, ok=ok, **said))
        assert self.kiosk.publish(topic(SITE, device, "replies"), answer)
        self.hear(1)

    def outcome(self, order: str) -> Outcome:
        """What became of an order by now."""
        return outcome(self.database, order, self.now())


@pytest.fixture
def line(database: Database) -> Line:
    """A keeper and kiosks, connected."""
    return Line(database)


def test_an_order_is_sent_and_answered(line: Line) -> None:
    """Waiting, sent, done; the device gets name, arguments and how long it is worth anything."""
    order = line.ask("identify", seconds="5")
    assert line.outcome(order).state == "waiting"
    (command,) = line.hear()
    assert (command.id, command.name, command.args) == (order, "identify", {"seconds": "5"})
    assert 1 <= command.expires_in_s <= 60
    assert line.outcome(order).state == "sent"
    line.reply(order, detail="blinked", report="line 1\nline 2")
    found = line.outcome(order)
    assert (found.state, found.detail, found.report) == ("done", "blinked", "line 1\nline 2")
    assert found.is_over


def test_what_the_device_could_not_do_has_failed(line: Line) -> None:
    """In the device's own words, with what a terminal would obey made harmless."""
    order = line.ask()
    line.hear()
    line.reply(order, ok=False, detail="no lamp \x1b[31m\x00")
    assert line.outcome(order).state == "failed"
    assert line.outcome(order).detail == r"no lamp \x1b[31m\x00"


def test_an_order_goes_out_once(line: Line) -> None:
    """Not after a reconnect of either, not after a restart of the fleet, not from the broker."""
    order = line.ask(expires_in_s=600)
    assert len(line.hear()) == 1
    line.broker.cut()
    assert line.hear(5) == []
    line.broker.kill()
    line.broker.start()
    line.restart()
    assert line.hear(10) == []
    assert line.outcome(order).state == "sent"


def test_a_device_that_just_left_gets_nothing_when_it_is_back(line: Line) -> None:
    """Orders are not kept by the broker: it times out, and nothing is replayed."""
    order = line.ask(expires_in_s=5)
    line.broker.cut("kiosk-1")
    line.keeper.step(0.25)
    assert line.hear(10) == []
    found = line.outcome(order)
    assert (found.state, found.is_over) == ("timed-out", True)
    assert "no answer in time" in found.detail


def test_an_order_that_nobody_sends_times_out(line: Line) -> None:
    """The broker is away until it is worth nothing; afterwards it is not sent any more."""
    line.broker.kill()
    line.keeper.step(0.25)
    order = line.ask(expires_in_s=5)
    line.keeper.step(10)
    line.broker.start()
    assert line.hear(5) == []
    assert line.outcome(order).state == "timed-out"
    assert "never sent" in line.outcome(order).detail


def test_a_device_that_is_not_connected_is_said_so_at_once(line: Line) -> None:
    """In words, with when it was last seen; the order is on record, and never goes out."""
    never = ask(line.database, "kiosk-1", "ping", {}, line.now())
    assert line.outcome(never).state == "failed"
    assert "not connected; it was never seen" in line.outcome(never).detail
    line.say_online()
    later = line.now() + timedelta(minutes=10)
    gone = ask(line.database, "kiosk-1", "ping", {}, later)
    assert "last seen 2026-11-20 10:00:0" in line.outcome(gone).detail
    assert line.hear() == []
    assert len(rows(line.database, DeviceOrder)) == 2


def test_only_the_device_that_was_asked_can_answer(line: Line) -> None:
    """A reply of another device, or to nothing, is ignored and logged; the right one counts."""
    order = line.ask()
    line.hear()
    with structlog.testing.capture_logs() as logs:
        line.reply(order, device="kiosk-2", detail="me")
        line.reply("f" * 32)
    assert [(each["event"], each["device"]) for each in logs] == [
        ("reply-ignored", "kiosk-2"),
        ("reply-ignored", "kiosk-1"),
    ]
    assert line.outcome(order).state == "sent"
    line.reply(order, detail="me")
    line.reply(order, ok=False, detail="again")
    assert (line.outcome(order).state, line.outcome(order).detail) == ("done", "me")


def test_what_can_not_be_ordered_is_refused_in_words(line: Line) -> None:
    """An unknown device, a bad name, a bad time: nothing is written."""
    for device, name, seconds, said in (
        ("kiosk-9", "ping", 60, "no device 'kiosk-9'"),
        ("kiosk-1", "Bad Name", 60, "can't be ordered"),
        ("kiosk-1", "ping", 4_000, "can't be ordered"),
    ):
        with pytest.raises(FleetError, match=said):
            ask(line.database, device, name, {}, NOON, seconds)
    with pytest.raises(FleetError, match="16"):
        ask(line.database, "kiosk-1", "ping", {f"a{n}": "" for n in range(17)}, NOON)
    with pytest.raises(FleetError, match="no order"):
        line.outcome("none")
    assert rows(line.database, DeviceOrder) == []


def test_old_orders_are_forgotten(line: Line) -> None:
    """With their reports; younger ones stay."""
    old = line.ask()
    line.clock.advance(60)
    young = line.ask()
    assert forget_orders(line.database, line.now()) == 1
    assert line.outcome(young).state == "waiting"
    with pytest.raises(FleetError):
        line.outcome(old)


def test_replies_wait_for_the_database(line: Line) -> None:
    """An answer that comes while the database is away is written down when it is back."""
    order = line.ask()
    line.hear()
    away = Away(line.database)
    orders = Orders(away, line.link)
    line.keeper = Keeper(line.link, [orders], line.now)
    line.reply(order, detail="here")
    assert line.outcome(order).state == "sent"
    away.is_away = False
    line.hear(5)
    assert line.outcome(order).state == "done"
    away.close()


class Away(Database):
    """The same database, which does not answer for some time."""

    def __init__(self, real: Database) -> None:
        super().__init__(real.url.render_as_string(hide_password=False))
        self.is_away = True

    def _check_file(self, connection: object) -> None:  # noqa: ARG002  # as the real one
        if self.is_away:
            raise UnavailableError("away")
