"""One kiosk, put together: the visitor's side in the main thread, the relay in one of its own."""

from __future__ import annotations

import logging
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
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
from kiosk.configuration import CONFIGURATION_NAME, ConfigurationFile
from kiosk.database import OUTBOX_NAME, OutboxError
from kiosk.health import Health
from kiosk.housekeeping import Housekeeping
from kiosk.opening import salvaged_outboxes
from kiosk.outbox import Outbox
from kiosk.pace import Pace
from kiosk.reception import Parts, Reception
from kiosk.rehearsal import rehearse
from kiosk.relay import Relay
from kiosk.relay_thread import RelayThread
from kiosk.settings import BrokerSettings, Settings, SettingsError
from kiosk.watchdog import Watchdog
from kiosk.words import words_in

_log: Final = logging.getLogger(__name__)


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
        self._settings = settings
        self._panel = panel
        self._link = link
        self._clock = clock
        self._health = Health(settings.relay.heartbeat_s)
        path = settings.data / OUTBOX_NAME
        ballast = Ballast(settings.data / "ballast")
        self._outbox = open_outbox(path, ballast)
        self._backlog = Backlog(path, ballast)
        self._configuration = ConfigurationFile(
            settings.data / CONFIGURATION_NAME,
            settings.touchpoint,
            panel.wake,
            buttons=panel.buttons,
            rehearse=partial(rehearse, words_of=words_in(settings.languages)),
        )
        self._relay = self._make_relay(path, ballast)
        self._relay_thread = RelayThread(self._relay, link, self._backlog, self._health, clock)
        self._watchdog = Watchdog.of()
        self._reception = Reception(
            Parts(
                settings=settings,
                panel=panel,
                link=link,
                clock=clock,
                outbox=self._outbox,
                configuration=self._configuration,
                health=self._health,
                received=lambda: self._relay.received,
                when_stepped=self._feed,
            )
        )
        self._report()

    def run(self, stop: threading.Event) -> bool:
        """Serve until ``stop`` is set; returns ``False`` if a failure of the relay set it."""
        self._relay_thread.start_with(stop, self._panel.wake)
        self._watchdog.ready()
        try:
            self._reception.front.run(stop)
        finally:
            self._watchdog.stopping()
            stop.set()
            self._relay_thread.finish()
            self._close()
        return self._relay_thread.is_well

    def _close(self) -> None:
        self._reception.close()
        self._outbox.close()
        self._watchdog.close()

    def _make_relay(self, path: Path, ballast: Ballast) -> Relay:
        settings, link = self._settings, self._link
        commands = {"ping": pong, "heartbeat": self._hasten, "identify": self._identify}
        duties = Housekeeping(
            link, self._backlog, settings.identity, self._health, self._configuration, commands
        )
        pace = Pace(settings.relay, SystemRandom())
        relay = Relay(link, self._backlog, settings.identity, self._clock, pace, duties)
        for salvaged in open_salvaged(path, ballast):
            relay.add(salvaged)
        return relay

    def _identify(self, command: Command) -> str:
        return self._reception.front.identify(command)

    def _feed(self) -> None:
        self._watchdog.feed(self._clock.uptime_ms(), self._relay_thread.alive_at_ms)

    def _hasten(self, _command: Command) -> str:
        self._health.hasten()
        return "under way"

    def _report(self) -> None:
        """Tell of what was found broken at the start."""
        aside = self._outbox.set_aside
        if aside is not None:
            _log.error("the outbox was broken: it is kept as %s, and a new one begun", aside)
        if self._configuration.fault is not None:
            self._configuration.set_aside()
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
