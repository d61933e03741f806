"""An installation for a benchmark: broker, collector and keeper, and kiosks at which nobody is."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from broker.fleet.place_changes import set_setting
from broker.fleet.revisions import latest_revisions
from broker.fleet.surveys import publish
from broker.link.mqtt import MqttLink
from broker.link.settings import MqttSettings
from broker.server.choose import choose_server
from broker.server.process import LOOPBACK
from broker.store.database import Database
from broker.store.fleet_tables import DeviceConfiguration
from broker.store.migrate import open_database
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.store.tables import DeviceStatus, table_of
from broker.wire.topics import filter_all, topic
from kiosk.built_in import BUILT_IN_SURVEY
from otziv.bench.child import await_ready, child
from otziv.bench.fleet_kiosks import device_name
from otziv.process import Process

SITE: Final = "bench"
MOST_IN_PROCESS: Final = 100
PATIENCE_S: Final = 120.0
READY_S: Final = 60.0
POLL_S: Final = 0.02

_status: Final = table_of(DeviceStatus)
_made: Final = table_of(DeviceConfiguration)


class Heard(NamedTuple):
    """What the heartbeats tell, of all kiosks together."""

    oldest_in_use: int
    newest_in_use: int
    refusing: int


class RunningFleet:
    """What a benchmark does with it, and sees of it.

    Args:
        database: of the installation.
        port: of the broker.
        devices: how many.
    """

    def __init__(self, database: Database, port: int, devices: int) -> None:
        self.database = database
        self.port = port
        self.devices = devices

    def set_at_root(self, key: str, value: Any) -> None:  # noqa: ANN401  whatever JSON can say
        """Change a setting of the site, as a person does.

        Raises:
            FleetError: it is refused.
        """
        set_setting(self.database, "site", SITE, key, value, None, datetime.now(UTC))

    def wait_for_revisions(self, above: int) -> None:
        """Wait until one above ``above`` was made for every device."""
        newest = select(func.max(_made.c.revision)).group_by(_made.c.device)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with self.database.reading() as connection:
                numbers = list(connection.execute(newest).scalars())
            if len(numbers) == self.devices and min(numbers) > above:
                return
            _pause(deadline, "configurations are not made")

    def wait_for_use(self, above: int) -> None:
        """Wait until the heartbeats of all kiosks tell of a revision above ``above``."""
        deadline = time.monotonic() + PATIENCE_S
        while self.hear().oldest_in_use <= above:
            count = self.count_above(above)
            _pause(deadline, f"configurations are in use on {count} of {self.devices} kiosks")

    def wait_for_refusals(self) -> None:
        """Wait until the heartbeats of all kiosks tell that they refused one, and why."""
        deadline = time.monotonic() + PATIENCE_S
        while (refusing := self.hear().refusing) < self.devices:
            _pause(deadline, f"{refusing} of {self.devices} kiosks refused it")

    def count_above(self, revision: int) -> int:
        """How many kiosks say that they use one above ``revision``."""
        query = select(func.count()).where(_status.c.configuration > revision)
        with self.database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def hear(self) -> Heard:
        """What was last heard."""
        query = select(_status.c.configuration, _status.c.refusal)
        with self.database.reading() as connection:
            rows = list(connection.execute(query))
        used = [row.configuration or 0 for row in rows]
        used += [0] * (self.devices - len(used))
        return Heard(min(used), max(used), sum(bool(row.refusal) for row in rows))

    def publish_past_the_verbs(self, languages: tuple[str, ...]) -> None:
        """Tell every kiosk to show ``languages``, above all revisions, whatever comes of it.

        It returns when the broker has all of them, which it says by sending them back.
        """
        with self.database.reading() as connection:
            made = latest_revisions(connection)
        bad = {}
        for device, latest in made.items():
            content = {**json.loads(latest.content), "languages": languages}
            content["revision"] += self.devices
            bad[topic(SITE, device, "config")] = json.dumps(content).encode()
        settings = MqttSettings(
            host=LOOPBACK,
            port=self.port,
            client_id="stranger",
            subscriptions=((filter_all("config"), 1),),
        )
        with closing(MqttLink(settings)) as link:
            deadline = time.monotonic() + PATIENCE_S
            while not link.is_connected:
                link.receive(POLL_S)
                _pause(deadline, "the stranger is not connected")
            for name, payload in bad.items():
                link.publish(name, payload, retained=True)
            while bad:
                messages = link.receive(POLL_S)
                for each in messages:
                    if bad.get(each.topic) == each.payload:
                        del bad[each.topic]
                link.acknowledge(messages)
                _pause(deadline, f"the broker lacks {len(bad)} bad configurations")


@contextmanager
def running_fleet(folder: Path, devices: int) -> Iterator[RunningFleet]:
    """An installation in ``folder`` with ``devices`` kiosks, all of them with a configuration."""
    address = f"sqlite:///{folder / 'feedback.sqlite3'}"
    database = open_database(address)
    with ExitStack() as stack:
        stack.callback(database.close)
        _register(database, devices)
        server = stack.enter_context(choose_server(folder / "broker"))
        stack.enter_context(_collector(folder, address, server.port))
        _start_keeper(stack, address, server.port)
        _start_kiosks(stack, folder, server.port, devices)
        fleet = RunningFleet(database, server.port, devices)
        fleet.wait_for_use(0)
        yield fleet


def _register(database: Database, devices: int) -> None:
    now = datetime.now(UTC)
    add_site(database, SITE)
    publish(database, BUILT_IN_SURVEY, now)
    set_setting(database, "site", SITE, "survey", {"code": BUILT_IN_SURVEY.code}, None, now)
    for number in range(devices):
        add_touchpoint(database, device_name(number), site=SITE)
        add_device(database, device_name(number), touchpoint=device_name(number))


@contextmanager
def _collector(folder: Path, address: str, port: int) -> Iterator[None]:
    argv = [sys.executable, "-m", "broker.collector", "--host", LOOPBACK, "--port", str(port)]
    log = folder / "collector.log"
    process = Process("collector", argv, log, {"OTZIV_DATABASE": address})
    process.start()
    try:
        process.wait_until_ready(READY_S)
        yield
    finally:
        process.stop()


def _start_keeper(stack: ExitStack, address: str, port: int) -> None:
    """Start what brings configurations to kiosks, and wait until it runs."""
    argv = [sys.executable, "-m", "otziv.bench.fleet_keeper", str(port), address]
    await_ready(stack.enter_context(child(argv)))


def _start_kiosks(stack: ExitStack, folder: Path, port: int, devices: int) -> None:
    """Start processes full of kiosks, and wait until all are connected."""
    (folder / "kiosks").mkdir()
    started = []
    for first in range(0, devices, MOST_IN_PROCESS):
        count = min(MOST_IN_PROCESS, devices - first)
        argv = [sys.executable, "-m", "otziv.bench.fleet_kiosks", str(port), SITE]
        argv += [str(folder / "kiosks"), str(first), str(count)]
        started.append(stack.enter_context(child(argv)))
    for process in started:
        await_ready(process)


def _pause(deadline_s: float, what: str) -> None:
    if time.monotonic() > deadline_s:
        raise TimeoutError(f"after {PATIENCE_S:.0f} s {what}")
    time.sleep(POLL_S)
