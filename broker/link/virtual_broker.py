"""A broker in memory, with the semantics of MQTT 3.1.1 and faults to switch on."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from broker.link.faults import Clock, Faults, RealClock
from broker.link.link import Message, Will
from broker.link.matching import matches

_LAST_MID = 65535


@dataclass(frozen=True, slots=True)
class Packet:
    """A message inside the broker."""

    topic: str
    payload: bytes
    qos: int
    retained: bool


class Client(Protocol):
    """One connection, as the broker sees it."""

    client_id: str
    subscriptions: tuple[tuple[str, int], ...]
    is_persistent: bool
    will: Will | None
    faults: Faults | None
    """What goes wrong on its way, instead of the broker's own faults."""
    generation: int
    """Number of the connection; packets under way for an earlier one are lost."""

    def when_message(self, message: Message) -> None:
        """A message has come."""

    def when_lost(self, reason: str) -> None:
        """The connection is gone."""


@dataclass(slots=True)
class _Session:
    is_persistent: bool
    client: Client | None = None
    subscriptions: dict[str, int] = field(default_factory=dict)
    waiting: deque[Packet] = field(default_factory=deque)
    in_flight: dict[int, Packet] = field(default_factory=dict)
    last_mid: int = 0

    def qos_for(self, topic: str) -> int | None:
        """The best QoS of the subscriptions that hear ``topic``."""
        heard = (qos for wanted, qos in self.subscriptions.items() if matches(wanted, topic))
        return max(heard, default=None)

    def take_mid(self) -> int:
        """A message id that is not in use."""
        while True:
            self.last_mid = self.last_mid % _LAST_MID + 1
            if self.last_mid not in self.in_flight:
                return self.last_mid


class VirtualBroker:
    """Sessions, queues, retained messages and wills, in memory.

    The same seed and the same calls give the same run. With a :class:`SimulatedClock` all of it
    belongs to one thread; with the real clock, links may live in several.

    Attributes:
        faults: what goes wrong on the way, for all links that have none of their own.
        clock: the time that links wait by.
        changed: held for every look at the broker, and notified when something happened.
        dropped: messages that were dropped in silence because a queue was full.
    """

    def __init__(
        self,
        *,
        chance: Random | None = None,
        clock: Clock | None = None,
        queue_limit: int = 100_000,
        max_in_flight: int = 10_000,
    ) -> None:
        """Make a broker that runs; ``queue_limit`` messages wait for one absent subscriber."""
        self.faults = Faults()
        self.clock: Clock = clock or RealClock()
        self.changed = threading.Condition()
        self.dropped = 0
        self._chance = chance or Random()  # noqa: S311  # faults, not secrets
        self._queue_limit = queue_limit
        self._max_in_flight = max_in_flight
        self._sessions: dict[str, _Session] = {}
        self._retained: dict[str, Packet] = {}
        self._under_way: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._last_due_s: dict[tuple[str, str], float] = {}
        self._is_running = True

    # What people do to a broker.

    def cut(self, client_id: str | None = None) -> None:
        """Cut one client's connection, or all; the broker publishes their wills."""
        with self.changed:
            self.settle()
            for name, session in list(self._sessions.items()):
                if session.client is not None and client_id in (None, name):
                    self._lose(session.client, "the connection was cut")

    def kill(self) -> None:
        """End as by SIGKILL: no wills, packets under way are lost; :meth:`start` brings it back."""
        with self.changed:
            self.settle()
            self._is_running = False
            self._under_way.clear()
            for session in self._sessions.values():
                client, session.client = session.client, None
                if client is not None:
                    client.when_lost("the broker was killed")
            self._keep_persistent()
            self.changed.notify_all()

    def start(self) -> None:
        """Accept connections (again)."""
        with self.changed:
            self._is_running = True
            self.changed.notify_all()

    def forget(self) -> None:
        """Lose sessions, queues and retained messages, as a broker that didn't save them."""
        with self.changed:
            self.cut()
            self._sessions.clear()
            self._retained.clear()

    def _keep_persistent(self) -> None:
        self._sessions = {n: s for n, s in self._sessions.items() if s.is_persistent}

    # What links do; they hold ``changed``.

    def connect(self, client: Client) -> bool:
        """Begin or resume the client's session; a connected client of the same id is cut."""
        if not self._is_running:
            return False
        session = self._sessions.get(client.client_id)
        if session is not None and session.client is not None:
            self._lose(session.client, "taken over by another client")
            session = self._sessions.get(client.client_id)
        if session is None or not client.is_persistent or not session.is_persistent:
            session = self._sessions[client.client_id] = _Session(client.is_persistent)
        session.client = client
        session.subscriptions.update(client.subscriptions)
        for mid, packet in session.in_flight.items():
            self._send(session, packet, mid)
        self._pump(session)
        self._send_retained(session, client)
        return True

    def disconnect(self, client: Client) -> None:
        """End in good order: no will."""
        session = self._sessions[client.client_id]
        session.client = None
        if not session.is_persistent:
            del self._sessions[client.client_id]

    def publish(self, client: Client, packet: Packet) -> None:
        """Take a packet from ``client``; it arrives when the faults let it."""
        generation = client.generation

        def arrive() -> None:
            if client.generation == generation:
                self._accept(packet)

        self._schedule(client, "up", arrive)

    def acknowledge(self, client: Client, mids: list[int]) -> None:
        """Forget what ``client`` acknowledges, and send more."""
        session = self._sessions[client.client_id]
        for mid in mids:
            session.in_flight.pop(mid, None)
        self._pump(session)

    def settle(self) -> float | None:
        """Let arrive what is due; return when the next is due, if anything is under way."""
        while self._under_way:
            due_s, _, arrive = self._under_way[0]
            if due_s > self.clock.now_s():
                return due_s
            heapq.heappop(self._under_way)
            arrive()
        return None

    # Inside.

    def _schedule(self, client: Client, direction: str, arrive: Callable[[], None]) -> None:
        way = (client.client_id, direction)
        faults = client.faults or self.faults
        for due_s, keeps_place in faults.arrivals(self._chance, self.clock.now_s()):
            when_s = due_s
            if keeps_place:
                when_s = self._last_due_s[way] = max(due_s, self._last_due_s.get(way, due_s))
            heapq.heappush(self._under_way, (when_s, next(self._numbers), arrive))
        self.changed.notify_all()

    def _accept(self, packet: Packet) -> None:
        if packet.retained and packet.payload:
            self._retained[packet.topic] = packet
        elif packet.retained:
            self._retained.pop(packet.topic, None)
        for session in self._sessions.values():
            qos = session.qos_for(packet.topic)
            if qos is not None:
                live = Packet(packet.topic, packet.payload, min(qos, packet.qos), retained=False)
                self._offer(session, live)

    def _offer(self, session: _Session, packet: Packet) -> None:
        if packet.qos == 0:
            if session.client is not None:
                self._send(session, packet, None)
        elif len(session.waiting) >= self._queue_limit:
            self.dropped += 1
        else:
            session.waiting.append(packet)
            self._pump(session)

    def _pump(self, session: _Session) -> None:
        while (
            session.client is not None
            and session.waiting
            and len(session.in_flight) < self._max_in_flight
        ):
            packet, mid = session.waiting.popleft(), session.take_mid()
            session.in_flight[mid] = packet
            self._send(session, packet, mid)

    def _send_retained(self, session: _Session, client: Client) -> None:
        for wanted, qos in client.subscriptions:
            for packet in self._retained.values():
                if matches(wanted, packet.topic):
                    kept = Packet(packet.topic, packet.payload, min(qos, packet.qos), retained=True)
                    self._offer(session, kept)

    def _send(self, session: _Session, packet: Packet, mid: int | None) -> None:
        client = session.client
        if client is None:
            return
        generation = client.generation
        token = None if mid is None else generation << 16 | mid
        message = Message(packet.topic, packet.payload, packet.retained, token)

        def arrive() -> None:
            if client.generation == generation:
                client.when_message(message)

        self._schedule(client, "down", arrive)

    def _lose(self, client: Client, reason: str) -> None:
        self.disconnect(client)
        client.when_lost(reason)
        will = client.will
        if will is not None:
            self._accept(Packet(will.topic, will.payload, 1, retained=True))
        self.changed.notify_all()
