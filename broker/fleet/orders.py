"""Orders for devices: a person asks, the device answers, and either is told in words.

An order is worth something only now. It goes out once, with QoS 0 and not retained, so that no
broker keeps it for later; where the device is not there, that is said at once.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

import msgspec
import structlog
from sqlalchemy import delete, insert, select, update

from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import said_of
from broker.link.link import Link, Message
from broker.store.database import Database
from broker.store.fleet_tables import DeviceOrder
from broker.store.prepared import prepare
from broker.store.status import is_online
from broker.store.tables import Device, DeviceStatus, table_of
from broker.wire.codec import read, write
from broker.wire.errors import WireError
from broker.wire.messages import VERSION, Command, Reply
from broker.wire.topics import Topic, topic

State: TypeAlias = Literal["waiting", "sent", "done", "failed", "timed-out"]

EXPIRES_IN_S: Final = 60
MOST_ARGS: Final = 16
LOOKS_EVERY: Final = timedelta(milliseconds=200)
MOST_REPLIES: Final = 200
"""Replies that wait for a database that is away; more are dropped, and their orders time out."""

_order: Final = table_of(DeviceOrder)
prepare(Command)

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order.

    Attributes:
        id: of the order.
        device: whose it is.
        name: what was asked.
        state: ``waiting`` to be sent, ``sent``, or how it ended.
        detail: what there is to say; why it failed or timed out.
        report: what the device gathered; empty as a rule.
    """

    id: str
    device: str
    name: str
    state: State
    detail: str
    report: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in {"done", "failed", "timed-out"}


def ask(
    database: Database,
    device: str,
    name: str,
    args: Mapping[str, str],
    now: datetime,
    expires_in_s: int = EXPIRES_IN_S,
) -> str:
    """Order ``device`` to do something; the order's id, for :func:`outcome`.

    One that isn't connected is not waited for: the order is there, and has failed.

    Args:
        database: where.
        device: its name.
        name: what a kiosk knows: ``ping``, ``identify``, ``restart``, ``report``, ``self-test`` …
        args: for that.
        now: when.
        expires_in_s: after this it is worth nothing; 1 to 3600.

    Raises:
        FleetError: no such device, or nothing that the wire could carry.
    """
    _check(name, args, expires_in_s)
    with database.transaction() as connection:
        home = connection.execute(_home_of(device)).mappings().first()
        if home is None:
            raise FleetError(
                f"no device {device!r} in use: 'otziv device list' shows which there are, and "
                "which are retired"
            )
        order = DeviceOrder(
            id=secrets.token_hex(16),
            site=home["site"],
            device=device,
            name=name,
            args=json.dumps(dict(args), ensure_ascii=False),
            asked_at=now,
            expires_at=now + timedelta(seconds=expires_in_s),
        )
        if not is_online(home["availability"], home["heartbeat_at"], now):
            order.answered_at, order.is_ok = now, False
            order.detail = f"the device is not connected; {said_of(home['last_seen_at'])}"
        connection.execute(insert(_order).values(order.model_dump()))
        return order.id


def outcome(database: Database, order_id: str, now: datetime) -> Outcome:
    """What has become of an order by ``now``.

    Raises:
        FleetError: there is none of that id.
    """
    with database.reading() as connection:
        query = select(_order).where(_order.c.id == order_id)
        row = connection.execute(query).mappings().first()
    if row is None:
        raise FleetError(f"no order {order_id!r}")
    return _outcome(DeviceOrder(**row), now)


def recent_orders(
    database: Database, device: str, now: datetime, limit: int = 20
) -> list[tuple[datetime, Outcome]]:
    """What was asked of a device and when, the newest first."""
    query = select(_order).where(_order.c.device == device).order_by(_order.c.asked_at.desc())
    with database.reading() as connection:
        rows = connection.execute(query.limit(limit)).mappings().all()
    return [(row["asked_at"], _outcome(DeviceOrder(**row), now)) for row in rows]


def forget_orders(database: Database, before: datetime) -> int:
    """Delete orders that were asked ``before``, with their reports; how many."""
    with database.transaction() as connection:
        return connection.execute(delete(_order).where(_order.c.asked_at < before)).rowcount


class Orders:
    """Sends orders and takes replies; a :class:`broker.fleet.chore.Chore`.

    Args:
        database: where orders are.
        link: hears all ``replies``, may publish all ``commands``.
    """

    def __init__(self, database: Database, link: Link) -> None:
        self._database = database
        self._link = link
        self._replies: list[tuple[Topic, Reply]] = []
        self._looked_at: datetime | None = None

    def connected(self) -> None:
        """Nothing is said again: an order from before is worth nothing now."""

    def take(self, topic: Topic, message: Message) -> None:
        """Keep a reply until the database has it."""
        if topic.channel != "replies" or message.retained:
            return
        try:
            reply = read(message.payload, Reply)
        except WireError as error:
            _log.warning("unreadable-reply", device=topic.device, reason=error.reason)
            return
        if len(self._replies) < MOST_REPLIES:
            self._replies.append((topic, reply))
        else:
            _log.error("reply-dropped", device=topic.device, command=reply.command)

    def attend(self, now: datetime) -> None:
        """Write replies down, and send what waits.

        Raises:
            StoreError: the database does not answer; replies are kept.
        """
        while self._replies:
            self._write(*self._replies[0], now)
            del self._replies[0]
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < LOOKS_EVERY:
            return
        self._looked_at = now
        if self._link.is_connected:
            for order in self._waiting(now):
                self._send(order, now)

    def _write(self, topic: Topic, reply: Reply, now: datetime) -> None:
        """Note the answer, if it comes from the device that was asked, and is the first."""
        answered = {
            "answered_at": now,
            "is_ok": reply.ok,
            "detail": _storable(reply.detail),
            "report": _storable(reply.report),
        }
        is_meant = (
            _order.c.id == reply.command,
            _order.c.site == topic.site,
            _order.c.device == topic.device,
            _order.c.sent_at.is_not(None),
            _order.c.answered_at.is_(None),
        )
        with self._database.transaction() as connection:
            is_known = connection.execute(update(_order).where(*is_meant).values(answered)).rowcount
        if not is_known:
            _log.warning("reply-ignored", device=topic.device, command=reply.command)

    def _waiting(self, now: datetime) -> list[DeviceOrder]:
        query = (
            select(_order)
            .where(
                _order.c.sent_at.is_(None),
                _order.c.answered_at.is_(None),
                _order.c.expires_at > now,
            )
            .order_by(_order.c.asked_at)
        )
        with self._database.reading() as connection:
            return [DeviceOrder(**row) for row in connection.execute(query).mappings()]

    def _send(self, order: DeviceOrder, now: datetime) -> None:
        """Note that it was sent, then send it: once at the most, whenever we are killed."""
        self._note(order, sent_at=now)
        command = Command(
            v=VERSION,
            id=order.id,
            name=order.name,
            args=json.loads(order.args),
            expires_in_s=max(1, math.ceil((order.expires_at - now).total_seconds())),
            sent_at=now,
        )
        where = topic(order.site, order.device, "commands")
        if self._link.publish(where, write(command), qos=0, retained=False):
            _log.info("order-sent", device=order.device, order=order.name)
            return
        lost = "the connection to the broker broke just then; ask again"
        self._note(order, answered_at=now, is_ok=False, detail=lost)

    def _note(self, order: DeviceOrder, **values: Any) -> None:  # noqa: ANN401  # any column's
        with self._database.transaction() as connection:
            connection.execute(update(_order).where(_order.c.id == order.id).values(values))


def _check(name: str, args: Mapping[str, str], expires_in_s: int) -> None:
    """Refuse what would not survive the trip."""
    if len(args) > MOST_ARGS:
        raise FleetError(f"{len(args)} arguments for an order; at most {MOST_ARGS}")
    said = {"v": VERSION, "id": "0" * 32, "name": name, "args": dict(args)}
    try:
        msgspec.convert(said | {"expires_in_s": expires_in_s}, Command)
    except msgspec.ValidationError as error:
        raise FleetError(f"this can't be ordered: {error}") from error


def _home_of(device: str) -> Any:  # noqa: ANN401  # a query
    """The device with what was last heard of it."""
    unit, status = table_of(Device), table_of(DeviceStatus)
    heard = (status.c.device == unit.c.name) & (status.c.site == unit.c.site)
    return (
        select(unit.c.site, status.c.availability, status.c.heartbeat_at, status.c.last_seen_at)
        .outerjoin(status, heard)
        .where(unit.c.name == device, unit.c.retired_on.is_(None))
    )


def _outcome(order: DeviceOrder, now: datetime) -> Outcome:
    state, detail = _state(order, now)
    return Outcome(order.id, order.device, order.name, state, detail, order.report or "")


def _state(order: DeviceOrder, now: datetime) -> tuple[State, str]:
    if order.answered_at is not None:
        return ("done" if order.is_ok else "failed"), order.detail or ""
    if now < order.expires_at:
        return ("waiting" if order.sent_at is None else "sent"), ""
    if order.sent_at is None:
        return "timed-out", (
            "it was never sent: is the fleet's process running, and connected to the broker?"
        )
    return "timed-out", "sent, and no answer in time: the device may have lost its connection"


def _storable(text: str) -> str:
    """``text`` as it may be stored and shown: lines stay, what a terminal would obey is escaped."""
    lines = text.split("\n")
    shown = (
        "".join(c if c.isprintable() or c == "\t" else ascii(c)[1:-1] for c in line)
        for line in lines
    )
    return "\n".join(shown)
