"""The collector as a process, with a real broker and real deaths."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from broker.link.mqtt import MqttLink
from broker.server.process import end, popen_bound
from broker.server.server import BrokerServer
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.rebuild import rebuild
from broker.store.tables import Event, table_of
from broker.wire.codec import read, write_batch
from broker.wire.events import Rating
from broker.wire.messages import Receipt
from broker.wire.topics import topic
from tests.fixtures.brokers import nats_server
from tests.fixtures.links import PATIENCE_S, link_to, wait_for_connection
from tests.intake.making import SITE, STREAM, rating, register

__all__ = ["nats_server"]

DEATHS = 4


@contextmanager
def collector(url: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A collector that is running, or about to."""
    # A URL may hold a password, so it goes by the environment.
    env = os.environ | {"OTZIV_DATABASE": url}
    command = [sys.executable, "-m", "broker.collector", "--port", str(port)]
    with log.open("ab") as output:
        process = popen_bound(command, stdout=output, stderr=output, env=env)
    try:
        yield process
    finally:
        end(process)


def url_of(database: Database) -> str:
    """The address, as a program needs it."""
    return database.url.render_as_string(hide_password=False)


class Kiosk:
    """Sends batches until each event has its receipt."""

    def __init__(self, port: int, events: list[Rating]) -> None:
        """Have ``events`` to send."""
        self._port = port
        self._unreceipted = {event.id: event for event in events}

    @property
    def left(self) -> int:
        """How many events have no receipt yet."""
        return len(self._unreceipted)

    def work(self, leave: int = 0) -> None:
        """Send and listen until at most ``leave`` are left; then send more, and don't listen."""
        deadline = time.monotonic() + PATIENCE_S
        heard = ((topic(SITE, "kiosk-1", "receipts"), 1),)
        with link_to(self._port, "kiosk-1", subscriptions=heard) as link:
            wait_for_connection(link)
            while self.left > leave:
                assert time.monotonic() < deadline, f"{self.left} have no receipt"
                self._send(link, slice(0, 20))
                for message in link.receive(0.2):
                    receipt = read(message.payload, Receipt)
                    assert receipt.quarantined == []
                    for event_id in receipt.accepted:
                        self._unreceipted.pop(event_id, None)
            for start in range(20, 100, 20):
                self._send(link, slice(start, start + 20))

    def _send(self, link: MqttLink, part: slice) -> None:
        batch = list(self._unreceipted.values())[part]
        if batch:
            link.publish(topic(SITE, "kiosk-1", "events"), write_batch(STREAM, batch))


def test_a_collector_that_is_killed_loses_and_doubles_nothing(
    database: Database, nats_server: BrokerServer, tmp_path: Path
) -> None:
    """Killed again and again, it stores each event once, and the rollups agree."""
    register(database)
    events = [rating(seq, seq % 4 + 1) for seq in range(1, 401)]
    kiosk, chance = Kiosk(nats_server.port, events), Random(7)
    for death in range(1, DEATHS + 1):
        with collector(url_of(database), nats_server.port, tmp_path / "log") as process:
            kiosk.work(leave=400 - 80 * death)
            time.sleep(chance.uniform(0.0, 0.02))
            process.kill()
            process.wait(PATIENCE_S)
    with collector(url_of(database), nats_server.port, tmp_path / "log"):
        kiosk.work()
    assert kiosk.left == 0
    with database.reading() as connection:
        found = connection.execute(select(func.count()).select_from(table_of(Event))).scalar()
    assert found == len(events)
    (account,) = completeness(database)
    assert (account.made, account.missing, account.clashes) == (400, 0, 0)
    assert rebuild(database) == len(events)


def test_it_ends_on_sigterm(database: Database, nats_server: BrokerServer, tmp_path: Path) -> None:
    """What it has received is finished, and its status is 0."""
    register(database)
    log = tmp_path / "log"
    with collector(url_of(database), nats_server.port, log) as process:
        kiosk = Kiosk(nats_server.port, [rating(1)])
        kiosk.work()
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    assert '"ended"' in log.read_text()


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////no/such/folder/x.db"])
def test_a_database_that_cannot_be_opened_is_explained(url: str, tmp_path: Path) -> None:
    """It doesn't start, and a line of the log says why."""
    log = tmp_path / "log"
    with collector(url, 1, log) as process:
        assert process.wait(PATIENCE_S) == 1
    assert "not-started" in log.read_text()
    assert "Traceback" not in log.read_text()
