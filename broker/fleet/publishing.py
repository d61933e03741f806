"""The chore that brings configurations to devices: made where they must be, published retained.

It looks at one counter twice a second, so an installation in which nothing changes costs nothing.
A PUBACK means nothing here either: with each new connection all is said again, and a kiosk takes
only what is newer than what it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from broker.fleet.configurations import refresh
from broker.fleet.revisions import contents_of, devices_ahead, latest_numbers, note_published
from broker.fleet.wanted import list_standings
from broker.link.link import Link, Message
from broker.store.database import Database
from broker.store.registered import revision as registry_revision
from broker.wire.topics import Topic, topic

LOOK: Final = timedelta(seconds=0.5)
"""From one look at the registry to the next: a part of what a change takes to arrive."""

QUARTER_S: Final = 900
"""In each zone a new day begins with a quarter of an hour of UTC; what is set from it on holds."""

PER_TURN: Final = 50
"""Configurations that are said before other chores have their turn: some 10 ms."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class _Seen(NamedTuple):
    """What configurations depend on; while it is the same, nothing is to be made."""

    registry_revision: int
    quarter: int
    ahead: tuple[tuple[str, int], ...]


class _Target(NamedTuple):
    """What a device's topic shall say, also that of one that is retired and rests."""

    site: str
    revision: int


class Publisher:
    """Fulfils :class:`broker.fleet.chore.Chore`.

    Args:
        database: where places, surveys and configurations are.
        link: that may publish at every ``config`` topic.
    """

    def __init__(self, database: Database, link: Link) -> None:
        self._database = database
        self._link = link
        self._looked_at: datetime | None = None
        self._seen: _Seen | None = None
        self._faults: tuple[str, ...] = ()
        self._targets: dict[str, _Target] = {}
        self._said: dict[str, _Target] = {}

    def connected(self) -> None:
        """Say all again: the broker may be new, or have lost what it acknowledged."""
        self._said.clear()

    def take(self, topic: Topic, message: Message) -> None:
        """Nothing: what devices use is in their heartbeats, which the collector stores."""

    def attend(self, now: datetime) -> None:
        """Make what must be made, and say a part of what is not said yet.

        Raises:
            StoreError: the database does not answer; nothing is lost.
        """
        if self._is_time(now):
            self._look(now)
            self._looked_at = now
        waiting = [name for name, target in self._targets.items() if target != self._said.get(name)]
        if waiting and self._link.is_connected:
            self._say(waiting[:PER_TURN], now)

    def _is_time(self, now: datetime) -> bool:
        return self._looked_at is None or abs(now - self._looked_at) >= LOOK

    def _look(self, now: datetime) -> None:
        """Make configurations if anything changed of what they depend on."""
        with self._database.reading() as connection:
            ahead = tuple(sorted(devices_ahead(connection).items()))
            seen = _Seen(registry_revision(connection), int(now.timestamp()) // QUARTER_S, ahead)
        if seen == self._seen:
            return
        refreshed = refresh(self._database, now)
        if refreshed.made:
            _log.info("configurations-made", devices=len(refreshed.made))
        self._read_targets(now)
        if refreshed.plan is not None:
            self._seen = seen._replace(registry_revision=refreshed.plan.registry_revision)
            self._tell_faults(refreshed.plan.faults)

    def _tell_faults(self, faults: tuple[str, ...]) -> None:
        if faults and faults != self._faults:
            _log.warning("settings-not-usable", faults=faults[:5], more=max(0, len(faults) - 5))
        self._faults = faults

    def _read_targets(self, now: datetime) -> None:
        with self._database.reading() as connection:
            numbers = latest_numbers(connection)
            standings = list_standings(connection, now)
        self._targets = {
            each.name: _Target(each.site, numbers[each.name])
            for each in standings
            if each.name in numbers
        }

    def _say(self, names: Sequence[str], now: datetime) -> None:
        targets = {name: self._targets[name] for name in names}
        with self._database.reading() as connection:
            contents = contents_of(connection, [each.revision for each in targets.values()])
        said = {}
        for name, target in targets.items():
            payload = contents.get(target.revision)
            if payload is None:  # forgotten meanwhile: there is a newer one
                continue
            if not self._link.publish(topic(target.site, name, "config"), payload, retained=True):
                break  # the connection ended, or too much waits for it
            said[name] = target
        if said:
            with self._database.transaction() as connection:
                note_published(connection, [each.revision for each in said.values()], now)
            self._said |= said
