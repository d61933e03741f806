"""Commits what visitors say, and knows when it can't."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from kiosk.clock import Clock
from kiosk.database import OutboxError
from kiosk.drafts import AnyDraft
from kiosk.health import Health
from kiosk.outbox import Entry, Outbox

_log: Final = logging.getLogger(__name__)

PROBE_MS: Final = 5_000
"""How often an outbox that could not commit is tried again."""


class Recorder:
    """The outbox as the visitor's side sees it.

    Args:
        outbox: where presses are kept.
        clock: dates them.
        health: hears of it when they can't be kept.
        when_committed: called after each commit.
    """

    def __init__(
        self, outbox: Outbox, clock: Clock, health: Health, when_committed: Callable[[], None]
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._health = health
        self._when_committed = when_committed
        self._probe_at_ms: int | None = None

    @property
    def is_out_of_order(self) -> bool:
        """Whether the last commit failed."""
        return self._probe_at_ms is not None

    @property
    def next_deadline_ms(self) -> int | None:
        """When :meth:`probe` has something to do."""
        return self._probe_at_ms

    def keep(self, draft: AnyDraft) -> bool:
        """Commit ``draft``; returns whether it is safe now."""
        try:
            is_new = bool(self._outbox.add([Entry(draft, self._clock.read())]))
        except OutboxError as error:
            _log.error("out of order: %s", error)
            self._health.set_fault("outbox", "not-writable", is_present=True)
            self._probe_at_ms = self._clock.uptime_ms() + PROBE_MS
            return False
        if not is_new:
            _log.warning("the press %s was kept already", draft.id)
        self._recover()
        self._when_committed()
        return True

    def probe(self) -> None:
        """While out of order, see from time to time whether it is over."""
        if self._probe_at_ms is None or self._clock.uptime_ms() < self._probe_at_ms:
            return
        try:
            self._outbox.probe()
        except OutboxError:
            self._probe_at_ms = self._clock.uptime_ms() + PROBE_MS
            return
        self._recover()

    def _recover(self) -> None:
        if self._probe_at_ms is not None:
            _log.warning("the outbox works again")
            self._probe_at_ms = None
            self._health.set_fault("outbox", "not-writable", is_present=False)
