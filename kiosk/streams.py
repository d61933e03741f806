"""All that waits for a receipt: our outbox, and what was salvaged of broken ones before it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from broker.wire.events import AnyEvent
from kiosk.backlog import Backlog
from kiosk.clock import Reading
from kiosk.database import OutboxError

_log: Final = logging.getLogger(__name__)


class Batch(NamedTuple):
    """Events of one stream."""

    stream: str
    events: Sequence[AnyEvent]


class Streams:
    """Backlogs with a stream each: our own, and salvaged ones whose turn it is when ours rests.

    A salvaged one that fails is left alone until the next start: it must never keep back what
    people press now.

    Args:
        own: the backlog of the outbox in use.

    Raises:
        OutboxError: from any method: our own failed.
    """

    def __init__(self, own: Backlog) -> None:
        self._own = own
        self._salvaged: list[Backlog] = []

    def add(self, salvaged: Backlog) -> None:
        """Join one more; it is closed and its file removed once it is empty."""
        self._salvaged.append(salvaged)

    def keep_anchor(self, now: Reading) -> bool:
        """Remember what dates this boot's presses, in each; returns whether that is news."""
        for backlog in tuple(self._salvaged):
            with self._left_out_on_failure(backlog):
                backlog.keep_anchor(now)
        return self._own.keep_anchor(now)

    def pending(self, limit: int, boot: str | None) -> Batch:
        """The first events that may be sent, of one stream; see :meth:`Backlog.pending`."""
        events = self._own.pending(limit, boot)
        if events:
            return Batch(self._own.stream, events)
        for backlog in tuple(self._salvaged):
            with self._left_out_on_failure(backlog):
                events = backlog.pending(limit, boot)
                if events:
                    return Batch(backlog.stream, events)
                self._remove_if_empty(backlog)
        return Batch(self._own.stream, ())

    def delete(self, stream: str, ids: Collection[str]) -> bool:
        """Forget events of ``stream``; returns whether it is one of ours."""
        if stream == self._own.stream:
            self._own.delete(ids)
            return True
        for backlog in tuple(self._salvaged):
            if backlog.stream == stream:
                with self._left_out_on_failure(backlog):
                    backlog.delete(ids)
                return True
        return False

    def close(self) -> None:
        """Release what was salvaged; our own belongs to whoever opened it."""
        for backlog in self._salvaged:
            backlog.close()

    def _remove_if_empty(self, backlog: Backlog) -> None:
        if backlog.counts().waiting == 0:
            _log.info("all of %s has its receipt: removing it", backlog.path)
            self._salvaged.remove(backlog)
            backlog.remove()

    @contextmanager
    def _left_out_on_failure(self, backlog: Backlog) -> Iterator[None]:
        try:
            yield
        except OutboxError as error:
            _log.error("%s is left alone until the next start: %s", backlog.path, error)
            if backlog in self._salvaged:
                self._salvaged.remove(backlog)
            backlog.close()
