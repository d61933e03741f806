"""A broker that the system runs: rendered once, told by commands, and as tight as ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.fleet.certificates import list_certificates, revoke
from broker.server.choose import SERVERS
from broker.server.process import end, free_port, popen_bound
from broker.server.rendering import Kind, render_to
from otziv.installation import Installation, open_installation
from otziv.protection import protect_broker, protection_of
from otziv.stack import Stack

PATIENCE_S = 40.0


@pytest.fixture(params=["nats", pytest.param("mosquitto", marks=pytest.mark.mosquitto)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation whose broker is the system's."""
    here = {"listen": "127.0.0.1", "public_host": "127.0.0.1", "fleet_port": free_port()}
    return open_installation(
        tmp_path,
        broker="external",
        external_kind=request.param,
        mqtt_port=free_port(),
        callout_port=free_port(),
        broker_reload=f"sh -c 'kill -HUP $(cat {tmp_path / 'system.pid'})'",
        **here,
    )


@contextmanager
def system_broker(town: Installation) -> Iterator[None]:
    """The broker, rendered and started as docs/broker.md says."""
    kind: Kind = town.settings.external_kind
    security = protect_broker(town, protection_of(town))
    made = render_to(town.data / "rendered", kind, town.settings.mqtt_port, security, "root")
    program = SERVERS[kind].find_program()
    assert program is not None
    with (town.data / "system.log").open("wb") as log:
        process = popen_bound([program, *made.start.split()[1:]], stdout=log, stderr=log)
    (town.data / "system.pid").write_text(str(process.pid))
    try:
        yield
    finally:
        end(process)


def is_enforced(town: Installation, serial: str) -> bool:
    """Whether the guard saw the broker keep that certificate out."""
    with town.store() as database:
        (found,) = [each for each in list_certificates(database) if each.serial == serial]
    return found.enforced_at is not None


def test_a_broker_of_the_system_obeys(town: Installation) -> None:
    """Our parts connect to it; a revocation reaches it through its command."""
    with system_broker(town), Stack(town, is_secure=True) as stack:
        assert stack.broker is None
        assert stack.collector is not None
        stack.collector.wait_until_ready(PATIENCE_S)
        with town.store() as database:
            (watcher,) = list_certificates(database, "watcher")
            revoke(database, watcher.serial, "to see it done", datetime.now(UTC))
        deadline = time.monotonic() + PATIENCE_S
        while not is_enforced(town, watcher.serial):
            assert time.monotonic() < deadline, (town.logs / "fleet.log").read_text()
            time.sleep(0.2)
        assert stack.watch() == []
