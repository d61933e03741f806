"""The visitor's side of a kiosk: panel → session → outbox → thanks."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Final

from uuid6 import uuid7

from broker.wire.messages import Command
from hardware.panel import Closure, Fault, Notice, Panel
from kiosk.clock import Clock
from kiosk.configuration import ConfigurationFile
from kiosk.database import OutboxError
from kiosk.health import Health
from kiosk.outbox import Entry, Outbox
from kiosk.session import Effect, Record, Session
from kiosk.visit import faces_of

_log: Final = logging.getLogger(__name__)

SETTLE_MS: Final = 15
"""A press is reported up to 12 ms after its first edge. So the session's time runs this much
behind, else a second button 45 ms after the first would come too late to make both void."""

PROBE_MS: Final = 5_000
"""How often an outbox that could not commit is tried again."""

IDENTIFY_MS: Final = 3_000
"""How long the lights tell which kiosk of a hall this is."""

IDLE_S: Final = 60.0


class Front:
    """Serves visitors. For one thread, but for :meth:`identify`.

    Args:
        panel: what people press.
        outbox: where presses are kept.
        clock: the same uptime as the panel's.
        configuration: what is asked; a newer one is taken up when nobody is here.
        health: hears of faults.
        when_committed: called after each commit.
    """

    def __init__(
        self,
        panel: Panel,
        outbox: Outbox,
        clock: Clock,
        configuration: ConfigurationFile,
        health: Health,
        when_committed: Callable[[], None],
    ) -> None:
        self._panel = panel
        self._outbox = outbox
        self._clock = clock
        self._configuration = configuration
        self._health = health
        self._when_committed = when_committed
        self._probe_at_ms: int | None = None
        self._identify_by_ms: int | None = None
        self._dark_at_ms: int | None = None
        self._lacking: frozenset[str] = frozenset()
        self._session = self._take_up()

    def run(self, stop: threading.Event) -> None:
        """Serve visitors until ``stop`` is set; wake the panel to have that seen at once."""
        self._panel.show("idle")
        while not stop.is_set():
            self.step(IDLE_S)

    def step(self, timeout_s: float) -> None:
        """Wait up to ``timeout_s`` for something to happen, and do what follows from it."""
        for notice in self._panel.wait(min(timeout_s, self._patience_s())):
            self._take(notice)
        self._carry_out(self._session.tick(self._clock.uptime_ms() - SETTLE_MS))
        self._probe()
        self._light_up()
        if self._session.is_idle and self._configuration.latest is not self._in_use:
            self._session = self._take_up()

    def identify(self, command: Command) -> str:
        """Light up as soon as nobody is here, so that people see which kiosk this is."""
        self._identify_by_ms = self._clock.uptime_ms() + command.expires_in_s * 1000
        self._panel.wake()
        return f"its lights go on for {IDENTIFY_MS // 1000} s"

    def _take_up(self) -> Session:
        """Begin with the latest configuration."""
        self._in_use = self._configuration.latest
        self._health.set_configuration(self._in_use.revision)
        self._report_lacking()
        self._when_committed()
        return Session(
            self._in_use,
            buttons=self._panel.buttons,
            new_id=lambda: str(uuid7()),
            new_visit=_random_id,
        )

    def _report_lacking(self) -> None:
        """Tell which values of the survey can't be given here: then the figures are worthless."""
        lacking = frozenset(faces_of(self._in_use.survey)) - frozenset(self._panel.buttons)
        for button in self._lacking ^ lacking:
            self._health.set_fault("panel", f"lacks-{button}", is_present=button in lacking)
        if lacking - self._lacking:
            _log.error("the survey needs buttons that this panel lacks: %s", sorted(lacking))
        self._lacking = lacking

    def _patience_s(self) -> float:
        """How long nothing has to be done unless somebody presses."""
        deadlines = [self._probe_at_ms, self._dark_at_ms]
        if self._session.next_deadline_ms is not None:
            deadlines.append(self._session.next_deadline_ms + SETTLE_MS)
        known = [deadline for deadline in deadlines if deadline is not None]
        return max(0.0, min(known) - self._clock.uptime_ms()) / 1000 if known else IDLE_S

    def _take(self, notice: Notice) -> None:
        if isinstance(notice, Closure):
            self._carry_out(self._session.press(notice))
        elif isinstance(notice, Fault):
            _log.warning("%s: %s, present: %s", notice.part, notice.fault, notice.is_present)
            self._health.set_fault(notice.part, notice.fault, is_present=notice.is_present)

    def _carry_out(self, effects: Iterable[Effect]) -> None:
        """Commit and show, in order. Where a commit fails, nothing after it happens: no thanks."""
        for effect in effects:
            if not isinstance(effect, Record):
                self._panel.show(effect.signal, effect.press_id)
                continue
            try:
                self._outbox.add([Entry(effect.draft, self._clock.read())])
            except OutboxError as error:
                self._fail(error)
                return
            self._recover()
            self._when_committed()

    def _fail(self, error: OutboxError) -> None:
        _log.error("out of order: %s", error)
        self._health.set_fault("outbox", "not-writable", is_present=True)
        self._probe_at_ms = self._clock.uptime_ms() + PROBE_MS
        for effect in self._session.fail():
            if not isinstance(effect, Record):
                self._panel.show(effect.signal, effect.press_id)

    def _recover(self) -> None:
        """A commit went well: if the kiosk was out of order, it no longer is."""
        if self._probe_at_ms is not None:
            _log.warning("the outbox works again")
            self._probe_at_ms = None
            self._health.set_fault("outbox", "not-writable", is_present=False)

    def _probe(self) -> None:
        """While out of order, see from time to time whether it is over."""
        if self._probe_at_ms is None or self._clock.uptime_ms() < self._probe_at_ms:
            return
        try:
            self._outbox.probe()
        except OutboxError:
            self._probe_at_ms = self._clock.uptime_ms() + PROBE_MS
            return
        self._recover()
        self._panel.show("idle")

    def _light_up(self) -> None:
        """Carry :meth:`identify` out, unless it is too late, and put the lights out again."""
        now_ms = self._clock.uptime_ms()
        if self._dark_at_ms is not None and now_ms >= self._dark_at_ms:
            self._dark_at_ms = None
            if self._session.is_idle:
                self._panel.show("idle")
        if self._identify_by_ms is not None and self._session.is_idle:
            if now_ms < self._identify_by_ms:
                self._panel.show("ask")
                self._dark_at_ms = now_ms + IDENTIFY_MS
            self._identify_by_ms = None


def _random_id() -> str:
    """An id of a visit: it says nothing, not even when."""
    return secrets.token_hex(16)
