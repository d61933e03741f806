"""The parts of a running installation: broker, collector, fleet, portal, dashboard; in order."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Self

from broker.fleet.reach import https_url
from broker.server.choose import choose_server
from broker.server.process import free_port, is_free
from broker.server.security import Callout
from broker.server.server import BrokerServer, BrokerServerError, reachable
from otziv.fronts import Fronts
from otziv.installation import Installation, Running
from otziv.place import Place, last_place, note_place
from otziv.process import Process
from otziv.protection import (
    Protection,
    protect_broker,
    protection_of,
    public_host,
    server_names,
)

READY_S: Final = 30.0
"""How long the collector may take to be subscribed: a large database may need a migration."""


class Stack:
    """Broker, collector and, if wanted, fleet, portal and dashboard of one installation.

    With ``is_secure`` the broker demands certificates, and the fleet gives them to kiosks; without
    it the broker lets in everybody on this machine, and nobody else.

    Attributes:
        moved: kiosks look for us where we were before; the text says what to do.

    Children die with us, and with the thread that started them: start and watch from one thread.
    """

    def __init__(
        self,
        installation: Installation,
        *,
        is_secure: bool = False,
        has_dashboard: bool = False,
        has_portal: bool = False,
        is_sample: bool = False,
    ) -> None:
        """Describe the parts; nothing is started yet."""
        self.installation = installation
        self.fronts = Fronts(installation, has_portal, has_dashboard, is_sample)
        self.protection = protection_of(installation) if is_secure else None
        self.broker: BrokerServer | None = None
        self.callout: Process | None = None
        self.collector: Process | None = None
        self.fleet: Process | None = None
        self.fleet_url: str | None = None
        self.moved: str | None = None
        self._identities: dict[str, int] = {}
        self._resources = ExitStack()

    @property
    def running(self) -> Running:
        """Where the parts are."""
        settings = self.installation.settings
        port = self.broker.port if self.broker is not None else settings.mqtt_port
        host = settings.mqtt_host if self.broker is None else reachable(self.broker.address)
        is_secure = self.protection is not None
        return Running(
            os.getpid(),
            host,
            port,
            self.fronts.dashboard_url,
            is_secure,
            self.fleet_url,
            self.fronts.portal_url,
            self.fronts.is_sample and self.fronts.portal_url is not None,
        )

    def start(self) -> Running:
        """Start all parts in order, and announce them.

        Raises:
            InstallationError: the installation is in use, or a port is.
            BrokerServerError: no broker can be started.
            ProcessError: another part can't.
            StoreError: the database can't be used.
        """
        self._resources.enter_context(self.installation.claim())
        with self.installation.store():
            pass  # made or brought up to date before anybody uses it
        if self.installation.settings.broker == "external":
            self._join_broker()
        else:
            self._start_broker()
        self._identities = self._read_identities()
        self._start_collector()
        if self.protection is not None:
            self._start_fleet(self.protection)
        self.fronts.start()
        self.installation.announce(self.running)
        return self.running

    def watch(self) -> list[str]:
        """Start again what has ended by itself, or has a new certificate; what was restarted."""
        self._end_outdated()
        ended: list[str] = []
        if self.broker is not None and not self.broker.is_running:
            ended.append(self.broker.name)
            # Its port may be taken for a moment: then it is tried again at the next look.
            with suppress(BrokerServerError):
                self.broker.start()
        for part in self._parts:
            if not part.is_running:
                ended.append(part.name)
                part.start()
        return ended

    def _end_outdated(self) -> None:
        """End who knows only a certificate that was renewed: it reads the new one at its start."""
        before, self._identities = self._identities, self._read_identities()
        for part in self._parts:
            if before.get(part.name) != self._identities.get(part.name):
                part.stop()

    def _read_identities(self) -> dict[str, int]:
        """When the files with the certificates of our own clients were written."""
        if self.protection is None:
            return {}
        paths = (self.protection.identity(name) for name in ("collector", "fleet"))
        return {path.stem: path.stat().st_mtime_ns for path in paths}

    @property
    def _parts(self) -> list[Process]:
        """Our own processes, in the order in which they were started."""
        parts = (self.callout, self.collector, self.fleet)
        return [*(part for part in parts if part is not None), *self.fronts.parts]

    def stop(self) -> None:
        """End all parts, last started first."""
        for part in reversed(self._parts):
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
        settings, protection = self.installation.settings, self.protection
        name = None if settings.broker == "auto" else settings.broker
        security = None if protection is None else protect_broker(self.installation, protection)
        data = self.installation.data / "broker"
        self.broker = choose_server(data, self._port("mqtt_port"), name, security)
        self.broker.start()
        callout = None if security is None or self.broker.reads_lists else security.callout
        if callout is not None and protection is not None:
            self._start_callout(callout, protection.folder)
        self.broker.wait_until_ready()

    def _join_broker(self) -> None:
        """Make what somebody else's broker needs of us; it may be down just now."""
        settings, protection = self.installation.settings, self.protection
        if protection is None:
            return
        callout = protect_broker(self.installation, protection).callout
        if callout is not None and settings.external_kind == "nats":
            self.callout = self._describe_callout(callout, protection.folder)
            self.callout.start()

    def _start_callout(self, callout: Callout, keys: Path) -> None:
        """Start who tells NATS whom to let in."""
        self.callout = self._describe_callout(callout, keys)
        self.callout.start()
        self.callout.wait_until_ready(READY_S)

    def _describe_callout(self, callout: Callout, keys: Path) -> Process:
        words = ["broker.fleet.callout", "--port", str(callout.port), "--keys", str(keys)]
        return self._process("callout", words)

    def _start_collector(self) -> None:
        where = self.running
        words = ["broker.collector", "--host", where.mqtt_host, "--port", str(where.mqtt_port)]
        if self.protection is not None:
            words += ["--trust", str(self.protection.trust)]
            words += ["--identity", str(self.protection.identity("collector"))]
        self.collector = self._process("collector", words)
        self.collector.start()
        if self.broker is not None:
            self.collector.wait_until_ready(READY_S)
        # Somebody else's broker may be down just now; the collector goes on trying.

    def _start_fleet(self, protection: Protection) -> None:
        settings = self.installation.settings
        port = self._port("fleet_port") or free_port()
        self.fleet_url = https_url(public_host(self.installation), port)
        self.fleet = self._process(
            "fleet",
            ["broker.fleet", *self._fleet_words(protection, port)],
            OTZIV_FLEET_PASSPHRASE=protection.passphrase,
            OTZIV_NOTIFY=settings.notify.get_secret_value(),
            OTZIV_SERVED_TOKEN=settings.served_token.get_secret_value(),
        )
        self.fleet.start()
        self.fleet.wait_until_ready(READY_S)
        here = Place(public_host(self.installation), self.running.mqtt_port, port)
        with self.installation.store() as database:
            self.moved = note_place(database, self.installation.data, here, datetime.now(UTC))

    def _port(self, name: Literal["mqtt_port", "fleet_port"]) -> int:
        """As set; instead of 0 that of the last start if it is free, since kiosks go by it."""
        settings = self.installation.settings
        port: int = getattr(settings, name)
        last = last_place(self.installation.data)
        if port or self.protection is None or last is None:
            return port
        kept: int = getattr(last, name)
        return kept if is_free(kept, settings.listen) else 0

    def _fleet_words(self, protection: Protection, port: int) -> list[str]:
        settings, where = self.installation.settings, self.running
        words: dict[str, Sequence[object]] = {
            "folder": [protection.folder],
            "mqtt-host": [where.mqtt_host],
            "mqtt-port": [where.mqtt_port],
            "public-host": [public_host(self.installation)],
            "names": server_names(self.installation),
            "listen": [settings.listen],
            "port": [port],
            "language": [settings.notify_language],
            **self._broker_words(),
        }
        return [str(word) for name, said in words.items() for word in (f"--{name}", *said)]

    def _broker_words(self) -> dict[str, Sequence[object]]:
        """Which broker it is, and how it is told to read its files again."""
        settings = self.installation.settings
        if self.broker is None:
            commands = (settings.broker_reload, settings.broker_restart)
            return {"broker": [settings.external_kind], "broker-commands": commands}
        kind = "mosquitto" if self.broker.reads_lists else "nats"
        return {"broker": [kind], "broker-pid": [self.broker.pid_path]}

    def _process(self, name: str, words: Sequence[str], **secrets: str) -> Process:
        """A process of ours. What may be secret goes by its environment: all see its arguments."""
        environment = {"OTZIV_DATABASE": self.installation.database_url, **secrets}
        log = self.installation.logs / f"{name}.log"
        return Process(name, [sys.executable, "-m", *words], log, environment)


@contextmanager
def using_stack(installation: Installation) -> Iterator[Running]:
    """The running installation; where none is running, broker and collector for the duration."""
    found = installation.find_running()
    if found is not None:
        yield found
        return
    with Stack(_on_a_free_port(installation)) as stack:
        yield stack.running


def _on_a_free_port(installation: Installation) -> Installation:
    """The same, but for the port of a broker of our own: the set one is for kiosks."""
    settings = installation.settings
    if settings.broker == "external":
        return installation
    return replace(installation, settings=settings.model_copy(update={"mqtt_port": 0}))
