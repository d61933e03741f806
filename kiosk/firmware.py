"""One kiosk, put together: the visitor's side in the main thread, the relay in one of its own."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import Final

from broker.link.link import Link
from broker.wire.messages import Command
from hardware.open import open_panel
from hardware.panel import Panel
from kiosk.alone import alone_in
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.changing_link import ChangingLink
from kiosk.clock import Clock, DeviceClock
from kiosk.commands import Commands
from kiosk.configuration import CONFIGURATION_NAME, ConfigurationFile
from kiosk.connecting import as_enrolled, connect, open_link
from kiosk.custody import Custody
from kiosk.database import OUTBOX_NAME, OutboxError
from kiosk.destination import identity_folder
from kiosk.facts import Inner
from kiosk.health import Health
from kiosk.housekeeping import Housekeeping
from kiosk.log_ring import LogRing
from kiosk.opening import salvaged_outboxes
from kiosk.orders import Orders
from kiosk.outbox import Outbox
from kiosk.owner import hand_over
from kiosk.pace import Pace
from kiosk.reception import Parts, Reception
from kiosk.rehearsal import rehearse
from kiosk.relay import Duties, Relay
from kiosk.relay_thread import RelayThread
from kiosk.renewer import Renewer, start_rotation
from kiosk.settings import Settings
from kiosk.vitals import Instruments
from kiosk.watchdog import Watchdog
from kiosk.words import words_in

_log: Final = logging.getLogger(__name__)

LATEST_END_MS: Final = 60_000
"""So long visitors may keep a kiosk from ending that was asked to, and no longer."""


def run(settings: Settings) -> bool:
    """Run a kiosk until SIGTERM or SIGINT; returns whether that is what ended it.

    Raises:
        SettingsError: a file that the settings name can't be used.
        PanelError: the panel can't be opened.
        OutboxError: the outbox can't be opened, or another kiosk uses it.
    """
    settings = as_enrolled(settings)
    link = open_link(settings)  # first, so that wrong settings are told before lights go on
    with alone_in(settings.data):
        return _run(settings, link)


def _run(settings: Settings, link: Link) -> bool:
    stop = threading.Event()
    panel = open_panel(settings.panel)
    try:
        panel.show("out-of-order")
        clock = DeviceClock(is_trusted=settings.clock == "trusted")
        with LogRing().listening() as log, _ended_by_signals(stop, panel.wake):
            return Kiosk(settings, panel, link, clock, log).run(stop)
    finally:
        panel.close()


class Kiosk:
    """The parts of one kiosk and how they are joined.

    Args:
        settings: what it is.
        panel: what people press.
        link: to the broker; closed at the end.
        clock: the same uptime as the panel's.
        log: the last lines of the log, for reports.

    Raises:
        OutboxError: the outbox can't be opened.
    """

    def __init__(
        self,
        settings: Settings,
        panel: Panel,
        link: Link,
        clock: Clock,
        log: LogRing | None = None,
    ) -> None:
        self._settings = settings
        self._panel = panel
        self._link = link
        self._clock = clock
        self._stop: threading.Event | None = None
        self._end_by_ms: int | None = None
        self._health = Health(settings.relay.heartbeat_s, self._instruments().read)
        path = settings.data / OUTBOX_NAME
        ballast = Ballast(settings.data / "ballast")
        hand_over(path, settings.identity)
        self._outbox = open_outbox(path, ballast)
        ballast.fill()
        self._backlog = Backlog(path, ballast)
        self._configuration = ConfigurationFile(
            settings.data / CONFIGURATION_NAME,
            settings.touchpoint,
            panel.wake,
            buttons=panel.buttons,
            rehearse=partial(rehearse, words_of=words_in(settings.languages)),
        )
        self._commands = self._make_commands(log or LogRing())
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
                when_stepped=self._when_stepped,
            )
        )
        self._report()

    def run(self, stop: threading.Event) -> bool:
        """Serve until ``stop`` is set; returns ``False`` if the relay or the outbox failed."""
        self._stop = stop
        self._relay_thread.start_with(stop, self._when_relay_failed)
        self._watchdog.ready()
        try:
            self._reception.front.run(stop)
        finally:
            self._watchdog.stopping()
            stop.set()
            self._commands.close()
            self._relay_thread.finish()
            self._close()
        return self._relay_thread.is_well and not self._outbox.is_damaged

    def _when_relay_failed(self, error: Exception) -> None:
        """Take nothing more into an outbox that the relay found damaged. From its thread."""
        if isinstance(error, OutboxError) and error.is_damaged:
            self._outbox.condemn()
        self._panel.wake()

    def _close(self) -> None:
        if self._custody is not None:
            self._custody.close()
        self._reception.close()
        self._outbox.close()
        self._watchdog.close()

    def _make_relay(self, path: Path, ballast: Ballast) -> Relay:
        settings, link = self._settings, self._link
        housekeeping = Housekeeping(
            link,
            self._backlog,
            settings.identity,
            self._health,
            self._configuration,
            self._commands,
        )
        self._custody = self._make_custody(housekeeping)
        duties = self._custody or housekeeping
        pace = Pace(settings.relay, SystemRandom())
        relay = Relay(link, self._backlog, settings.identity, self._clock, pace, duties)
        for salvaged in open_salvaged(path, ballast):
            relay.add(salvaged)
        return relay

    def _make_custody(self, others: Duties) -> Custody | None:
        """What looks after the certificate, where the settings say that there is one."""
        settings, link, folder = self._settings, self._link, identity_folder(self._settings)
        if folder is None or not isinstance(link, ChangingLink):
            return None
        custody = Custody(
            folder=folder,
            identity=settings.identity,
            link=link,
            connect=partial(connect, settings),
            health=self._health,
            renewer=Renewer(partial(start_rotation, folder.path), SystemRandom()),
            when_renamed=self._end,
            others=others,
        )
        custody.begin(self._clock.read())
        return custody

    def _instruments(self) -> Instruments:
        folder = identity_folder(self._settings)
        if folder is None:
            return Instruments(self._settings.data)
        return Instruments(self._settings.data, certificate_expires_at=folder.expires_at)

    def _make_commands(self, log: LogRing) -> Commands:
        inner = Inner(
            settings=self._settings,
            configuration=self._configuration,
            health=self._health,
            clock=self._clock,
            counts=self._outbox.counts,
            is_connected=lambda: self._link.is_connected,
            received=lambda: self._relay.received,
        )
        orders = Orders(
            inner=inner, link=self._link, log=log, identify=self._identify, end=self._end
        )
        return orders.commands()

    def _identify(self, command: Command) -> str:
        return self._reception.front.identify(command)

    def _end(self) -> None:
        """End when nobody is at the kiosk; whoever watches us starts us again. From any thread.

        Asking twice gives visitors no more time.
        """
        if self._end_by_ms is None:
            self._end_by_ms = self._clock.uptime_ms() + LATEST_END_MS
        self._panel.wake()

    def _when_stepped(self) -> None:
        """Tell that we live, and end if somebody asked for it."""
        now_ms = self._clock.uptime_ms()
        self._watchdog.feed(now_ms, self._relay_thread.alive_at_ms)
        if self._stop is not None and self._outbox.is_damaged:
            self._stop.set()  # out of order until we are started anew, and salvage
        if self._end_by_ms is None or self._stop is None:
            return
        if self._reception.front.is_idle or now_ms >= self._end_by_ms:
            self._stop.set()

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
        return Outbox(path, ballast)
    except OutboxError as error:
        if not (error.is_full and ballast.free()):
            raise
    return Outbox(path, ballast)


def open_salvaged(path: Path, ballast: Ballast) -> Iterator[Backlog]:
    """Open what was salvaged of broken outboxes before the one at ``path``, where that is left."""
    for salvaged in salvaged_outboxes(path):
        try:
            yield Backlog(salvaged, ballast)
        except OutboxError as error:
            _log.error("what was salvaged can't be sent: %s", error)


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
