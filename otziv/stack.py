"""The parts of a running installation: broker, collector, dashboard; started and ended in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final, Self

from broker.server.choose import choose_server
from broker.server.process import LOOPBACK, free_port, is_free
from broker.server.server import BrokerServer, BrokerServerError
from otziv.installation import Installation, InstallationError, Running
from otziv.process import Process

READY_S: Final = 30.0
"""How long the collector may take to be subscribed: a large database may need a migration."""


class Stack:
    """Broker, collector and, if wanted, the dashboard of one installation.

    Children die with us, and with the thread that started them: start and watch from one thread.
    """

    def __init__(self, installation: Installation, *, has_dashboard: bool = False) -> None:
        """Describe the parts; nothing is started yet."""
        self.installation = installation
        self.has_dashboard = has_dashboard
        self.broker: BrokerServer | None = None
        self.collector: Process | None = None
        self.dashboard: Process | None = None
        self.dashboard_url: str | None = None
        self._resources = ExitStack()

    @property
    def running(self) -> Running:
        """Where the parts are."""
        settings = self.installation.settings
        port = self.broker.port if self.broker is not None else settings.mqtt_port
        host = LOOPBACK if self.broker is not None else settings.mqtt_host
        return Running(os.getpid(), host, port, self.dashboard_url)

    def start(self) -> Running:
        """Start all parts in order, and announce them.

        Raises:
            InstallationError: the installation is in use, or a port is.
            BrokerServerError: no broker can be started.
            StoreError: the database can't be used.
        """
        self._resources.enter_context(self.installation.claim())
        with self.installation.store():
            pass  # made or brought up to date before anybody uses it
        if self.installation.settings.broker != "external":
            self._start_broker()
        self._start_collector()
        if self.has_dashboard:
            self._start_dashboard()
        self.installation.announce(self.running)
        return self.running

    def watch(self) -> list[str]:
        """Start again what has ended by itself; returns what was restarted."""
        ended: list[str] = []
        if self.broker is not None and not self.broker.is_running:
            ended.append(self.broker.name)
            # Its port may be taken for a moment: then it is tried again at the next look.
            with suppress(BrokerServerError):
                self.broker.start()
        for part in (self.collector, self.dashboard):
            if part is not None and not part.is_running:
                ended.append(part.name)
                part.start()
        return ended

    def stop(self) -> None:
        """End all parts, last started first."""
        for part in (self.dashboard, self.collector):
            if part is not None:
                part.stop()
        if self.broker is not None:
            self.broker.stop()
        self._resources.close()

    def __enter__(self) -> Self:
        """Start, and leave nothing behind when that fails."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _start_broker(self) -> None:
        settings = self.installation.settings
        name = None if settings.broker == "auto" else settings.broker
        self.broker = choose_server(self.installation.data / "broker", settings.mqtt_port, name)
        self.broker.start()
        self.broker.wait_until_ready()

    def _start_collector(self) -> None:
        where = self.running
        argv = [sys.executable, "-m", "broker.collector"]
        argv += ["--host", where.mqtt_host, "--port", str(where.mqtt_port)]
        self.collector = Process(
            "collector",
            argv,
            self.installation.logs / "collector.log",
            # A URL may hold a password, which others would see among the arguments.
            {"OTZIV_DATABASE": self.installation.database_url},
        )
        self.collector.start()
        if self.broker is not None:
            self.collector.wait_until_ready(READY_S)
        # Somebody else's broker may be down just now; the collector goes on trying.

    def _start_dashboard(self) -> None:
        from analytics.dashboard.launch import command

        port = self.installation.settings.dashboard_port or free_port()
        if not is_free(port):
            raise InstallationError(
                f"port {port} of {LOOPBACK} is taken; set dashboard_port (0 picks a free one)"
            )
        self.dashboard_url = f"http://{LOOPBACK}:{port}"
        argv, environment = command(self.installation.database_url, port)
        log = self.installation.logs / "dashboard.log"
        self.dashboard = Process("dashboard", argv, log, environment)
        self.dashboard.start()


@contextmanager
def using_stack(installation: Installation) -> Iterator[Running]:
    """The running installation; where none is running, broker and collector for the duration."""
    found = installation.find_running()
    if found is not None:
        yield found
        return
    with Stack(installation) as stack:
        yield stack.running
