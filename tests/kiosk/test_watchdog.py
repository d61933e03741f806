"""What the service manager hears, over a real datagram socket."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.watchdog import RELAY_SILENCE_MS, Watchdog

INTERVAL_MS = 30_000
START_MS = 1_000_000


class Manager:
    """systemd's end: hears datagrams."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ears.bind("\0" + address[1:] if address.startswith("@") else address)
        self._ears.settimeout(0)

    def heard(self) -> list[str]:
        """Everything that was said since the last call."""
        said = []
        while True:
            try:
                said.append(self._ears.recv(4096).decode())
            except BlockingIOError:
                return said

    def close(self) -> None:
        """Hear no more."""
        self._ears.close()


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    """A manager with a socket in a folder, or with an abstract one."""
    address = f"@otziv-{secrets.token_hex(8)}"
    if request.param == "path":
        address = str(tmp_path / "notify")
    with closing(Manager(address)) as made:
        yield made


@pytest.fixture
def watchdog(manager: Manager) -> Iterator[Watchdog]:
    """The kiosk's end, with an interval of 30 s."""
    environment = {
        "NOTIFY_SOCKET": manager.address,
        "WATCHDOG_USEC": str(INTERVAL_MS * 1000),
        "WATCHDOG_PID": str(os.getpid()),
    }
    with closing(Watchdog.of(environment)) as made:
        yield made


def test_it_says_that_it_is_ready_and_that_it_ends(watchdog: Watchdog, manager: Manager) -> None:
    """READY and STOPPING, as sd_notify(3) has them."""
    watchdog.ready()
    watchdog.stopping()
    assert manager.heard() == ["READY=1", "STOPPING=1"]


def test_it_is_fed_three_times_an_interval(watchdog: Watchdog, manager: Manager) -> None:
    """However often the loop turns, few datagrams are sent; and never fewer than needed."""
    for at_ms in range(START_MS, START_MS + INTERVAL_MS, 50):
        watchdog.feed(at_ms, at_ms)
    assert manager.heard() == ["WATCHDOG=1"] * 3


def test_a_relay_that_hangs_starves_it(watchdog: Watchdog, manager: Manager) -> None:
    """Visitors' loop alone does not make a kiosk: answers that never leave are no answers."""
    silent_since_ms = START_MS
    now_ms = START_MS + RELAY_SILENCE_MS
    watchdog.feed(now_ms, silent_since_ms)
    assert manager.heard() == ["WATCHDOG=1"]
    watchdog.feed(now_ms + INTERVAL_MS, silent_since_ms)
    assert manager.heard() == []


def test_a_relay_that_asks_for_names_for_long_is_alive(
    watchdog: Watchdog, manager: Manager
) -> None:
    """While the network is down it may be silent for longer than the interval."""
    watchdog.feed(START_MS + 2 * INTERVAL_MS, START_MS)
    assert manager.heard() == ["WATCHDOG=1"]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"WATCHDOG_USEC": "30000000"},
        {"NOTIFY_SOCKET": "/nowhere/notify", "WATCHDOG_USEC": "30000000"},
    ],
)
def test_without_a_manager_it_says_nothing(environment: dict[str, str]) -> None:
    """On a desk, in a test, or when the manager has gone: nothing fails."""
    with closing(Watchdog.of(environment)) as watchdog:
        watchdog.ready()
        watchdog.feed(START_MS, START_MS)
        watchdog.stopping()


@pytest.mark.parametrize(
    "more",
    [{}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}],
)
def test_a_watchdog_that_is_not_ours_is_not_fed(manager: Manager, more: dict[str, str]) -> None:
    """No interval, a broken one, or one for another process."""
    with closing(Watchdog.of({"NOTIFY_SOCKET": manager.address} | more)) as watchdog:
        watchdog.feed(START_MS, START_MS)
    assert manager.heard() == []


def test_a_manager_that_does_not_listen_never_blocks(tmp_path: Path) -> None:
    """Its socket's buffer fills up; the visitor's loop goes on."""
    with (
        closing(Manager(str(tmp_path / "notify"))) as manager,
        closing(Watchdog(manager.address)) as watchdog,
    ):
        for _ in range(20_000):
            watchdog.ready()
        assert manager.heard()
