"""One kiosk, put together: the visitor's side in the main thread, the relay in one of its own."""

from __future__ import annotations

import logging
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import Final

from broker.link.link import Link, Will
from broker.link.mqtt import MqttLink, MqttSettings
from broker.wire.messages import Command
from hardware.open import open_panel
from hardware.panel import Panel
from kiosk.alone import alone_in
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import Clock, DeviceClock
from kiosk.commands import pong
from kiosk.configuration import ConfigurationFile
from kiosk.database import OutboxError
from kiosk.front import Front
from kiosk.health import Health
from kiosk.housekeeping import Housekeeping
from kiosk.opening import salvaged_outboxes
from kiosk.outbox import Outbox
from kiosk.pace import Pace
from kiosk.relay import Relay
from kiosk.relay_thread import RelayThread
from kiosk.settings import BrokerSettings, Settings, SettingsError

_log: Final = logging.getLogger(__name__)

OUTBOX_NAME: Final = "outbox.db"


def run(settings: Settings) -> bool:
    """Run a kiosk until SIGTERM or SIGINT; returns whether that is what ended it.

    Raises:
        SettingsError: a file that the settings name can't be used.
        PanelError: the panel can't be opened.
        OutboxError: the outbox can't be opened, or another kiosk uses it.
    """
    link = open_link(settings)  # first, so that wrong settings are told before lights go on
    with alone_in(settings.data):
        return _run(settings, link)


def _run(settings: Settings, link: Link) -> bool:
    stop = threading.Event()
    panel = open_panel(settings.panel)
    try:
        panel.show("out-of-order")
        kiosk = Kiosk(settings, panel, link, DeviceClock(is_trusted=settings.clock == "trusted"))
        with _ended_by_signals(stop, panel.wake):
            return kiosk.run(stop)
    finally:
        panel.close()


class Kiosk:
    """The parts of one kiosk and how they are joined.

    Args:
        settings: what it is.
        panel: what people press.
        link: to the broker; closed at the end.
        clock: the same uptime as the panel's.

    Raises:
        OutboxError: the outbox can't be opened.
    """

    def __init__(self, settings: Settings, panel: Panel, link: Link, clock: Clock) -> None:
        self._panel = panel
        self._health = Health(settings.relay.heartbeat_s)
        path = settings.data / OUTBOX_NAME
        ballast = Ballast(settings.data / "ballast")
        self._outbox = open_outbox(path, ballast)
        backlog = Backlog(path, ballast)
        configuration = ConfigurationFile(
            settings.data / "configuration.json", settings.touchpoint, panel.wake
        )
        self._front = Front(panel, self._outbox, clock, configuration, self._health, link.wake)
        commands = {"ping": pong, "heartbeat": self._hasten, "identify": self._front.identify}
        duties = Housekeeping(
            link, backlog, settings.identity, self._health, configuration, commands
        )
        pace = Pace(settings.relay, SystemRandom())
        relay = Relay(link, backlog, settings.identity, clock, pace, duties)
        for salvaged in open_salvaged(path, ballast):
            relay.add(salvaged)
        self._relay_thread = RelayThread(relay, link, backlog, self._health)
        self._report(configuration)

    def run(self, stop: threading.Event) -> bool:
        """Serve until ``stop`` is set; returns ``False`` if a failure of the relay set it."""
        self._relay_thread.start_with(stop, self._panel.wake)
        try:
            self._front.run(stop)
        finally:
            stop.set()
            self._relay_thread.finish()
            self._outbox.close()
        return self._relay_thread.is_well

    def _hasten(self, _command: Command) -> str:
        self._health.hasten()
        return "under way"

    def _report(self, configuration: ConfigurationFile) -> None:
        """Tell of what was found broken at the start."""
        aside = self._outbox.set_aside
        if aside is not None:
            _log.error("the outbox was broken: it is kept as %s, and a new one begun", aside)
        if configuration.fault is not None:
            self._health.set_fault("configuration", "damaged", is_present=True)


def open_outbox(path: Path, ballast: Ballast) -> Outbox:
    """Open the outbox; where the disk is too full even for that, free the ballast first.

    Raises:
        OutboxError: it can't be opened.
    """
    try:
        return Outbox(path)
    except OutboxError as error:
        if not (error.is_full and ballast.free()):
            raise
    return Outbox(path)


def open_salvaged(path: Path, ballast: Ballast) -> Iterator[Backlog]:
    """Open what was salvaged of broken outboxes before the one at ``path``, where that is left."""
    for salvaged in salvaged_outboxes(path):
        try:
            yield Backlog(salvaged, ballast)
        except OutboxError as error:
            _log.error("what was salvaged can't be sent: %s", error)


def open_link(settings: Settings) -> MqttLink:
    """The link to the broker; it connects when it is used.

    Raises:
        SettingsError: the certificates to believe can't be read.
    """
    identity, broker = settings.identity, settings.broker
    return MqttLink(
        MqttSettings(
            host=broker.host,
            port=broker.port,
            client_id=f"otziv-{identity.site}-{identity.device}",
            subscriptions=identity.subscriptions(),
            will=Will(identity.topic("availability"), b"offline"),
            tls=_tls(broker),
        )
    )


def _tls(broker: BrokerSettings) -> ssl.SSLContext | None:
    if not broker.tls:
        return None
    try:
        return ssl.create_default_context(cafile=broker.ca)
    except OSError as error:
        raise SettingsError(
            f"key broker.ca: {broker.ca} can't be used ({error}); give a PEM file"
        ) from error


@contextmanager
def _ended_by_signals(stop: threading.Event, wake: Callable[[], None]) -> Iterator[None]:
    """While this lasts, SIGTERM and SIGINT set ``stop``."""

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        wake()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
