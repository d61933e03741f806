"""The outbox, as the relay sees it: what waits for a receipt, dated as well as is known by now.

A connection of its own with ``synchronous=NORMAL``: a power cut may undo a deletion, and then
the event is sent once more, which its id makes harmless. In return the card is not flushed for
each receipt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from broker.wire.events import AnyEvent
from kiosk.ballast import Ballast
from kiosk.clock import Moment, Reading, needs_anchor, settle
from kiosk.database import Counts, OutboxError, connect, counts, reported, transaction
from kiosk.drafts import finish

_log: Final = logging.getLogger(__name__)

_WAITING: Final = (
    "SELECT seq, body, event.boot, uptime_ms, wall_ms, is_synced, offset_ms"
    " FROM event LEFT JOIN anchor USING (boot) WHERE NOT is_refused ORDER BY seq LIMIT ?"
)


_OLDEST: Final = (
    "SELECT event.boot, uptime_ms, wall_ms, is_synced, offset_ms"
    " FROM event LEFT JOIN anchor USING (boot) WHERE NOT is_refused ORDER BY seq LIMIT 1"
)


class Backlog:
    """Takes events out for sending, and deletes them on their receipt. For one thread.

    Args:
        path: of an outbox that :class:`kiosk.outbox.Outbox` has opened before.
        ballast: freed when the disk is too full to delete.
    """

    def __init__(self, path: Path, ballast: Ballast) -> None:
        self.path = path
        with reported(path):
            self._connection = connect(path, "NORMAL")
        self._ballast = ballast
        ((self.stream,),) = self._read("SELECT id FROM stream")
        self._write("UPDATE event SET is_refused = 0 WHERE is_refused")  # perhaps we learned

    def pending(self, limit: int, boot: str | None = None) -> list[AnyEvent]:
        """The first events that may be sent, at most ``limit``, in order of their numbers.

        Events of ``boot`` without a known time are held back, so that time may arrive. What our
        own codec refuses is set aside and counted.
        """
        events: list[AnyEvent] = []
        for row in self._read(_WAITING, limit):
            seq, body, *reading, anchor_ms = row
            pressed = Reading(*reading)
            try:
                moment = settle(pressed, anchor_ms)
                if moment.clock == "unknown" and pressed.boot == boot:
                    break
                settled = moment._asdict() | {"seq": seq, "boot": pressed.boot}
                events.append(finish(body, settled))
            except (msgspec.MsgspecError, ValueError, OverflowError) as error:
                self.refuse(seq, str(error))
        return events

    def refuse(self, seq: int, reason: str) -> None:
        """Keep an event that can't be sent out of the way of the others, until the next start."""
        _log.error("event %d can't be sent and is kept: %s", seq, reason)
        self._write("UPDATE event SET is_refused = 1 WHERE seq = ?", [(seq,)])

    def delete(self, ids: Iterable[str]) -> None:
        """Forget events that the collector has; unknown ids are ignored.

        Raises:
            OutboxError: they are still there, and will be sent again.
        """
        self._write("DELETE FROM event WHERE id = ?", [(event_id,) for event_id in ids])

    def keep_anchor(self, now: Reading) -> bool:
        """Remember what dates this boot's presses; returns whether that is news."""
        if not needs_anchor(now, self._anchor_ms(now.boot)):
            return False
        self._write("DELETE FROM anchor WHERE boot NOT IN (SELECT boot FROM event)")
        self._write("INSERT OR REPLACE INTO anchor VALUES (?, ?)", [(now.boot, now.offset_ms)])
        return True

    def date(self, now: Reading) -> Moment:
        """The time of this moment, as well as it is known."""
        return settle(now, self._anchor_ms(now.boot))

    @property
    def is_disk_full(self) -> bool:
        """Whether the ballast is gone, and there is no room to take it up again."""
        return not self._ballast.is_there

    def counts(self) -> Counts:
        """How much there is."""
        return counts(self._connection)

    def oldest_waiting_s(self, now: Reading) -> int | None:
        """How long the oldest event has waited for its receipt.

        By the uptime if it is of this boot, else by the time, as far as both are known; ``None``
        where they are not, or nothing waits. Events that our codec refused are a fault of their
        own, and do not count.
        """
        rows = self._read(_OLDEST)
        if not rows:
            return None
        *reading, anchor_ms = rows[0]
        pressed = Reading(*reading)
        if pressed.boot == now.boot:
            return max(0, now.uptime_ms - pressed.uptime_ms) // 1000
        made, moment = settle(pressed, anchor_ms), self.date(now)
        if "unknown" in (made.clock, moment.clock):
            return None
        return max(0, int((moment.answered_at - made.answered_at).total_seconds()))

    def tidy(self) -> None:
        """Fold the log into the file, so that it does not grow, and mend the ballast."""
        self._read("PRAGMA wal_checkpoint(PASSIVE)")
        self._ballast.fill()

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def remove(self) -> None:
        """Release the file and delete it; for an outbox that is empty and no longer in use."""
        self.close()
        with reported(self.path):
            self.path.unlink()

    def _anchor_ms(self, boot: str) -> int | None:
        found = self._read("SELECT offset_ms FROM anchor WHERE boot = ?", boot)
        return found[0][0] if found else None

    def _read(self, query: str, *values: object) -> list[Any]:
        with reported():
            return self._connection.execute(query, values).fetchall()

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]] = ((),)) -> None:
        """Run a statement in a transaction; where the disk is full, once more without ballast."""
        rows = list(rows)
        try:
            self._try_to_write(statement, rows)
        except OutboxError as error:
            if not (error.is_full and self._ballast.free()):
                raise
            self._try_to_write(statement, rows)

    def _try_to_write(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        with transaction(self._connection) as connection:
            connection.executemany(statement, rows)
