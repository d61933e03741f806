"""The guard: whoever is revoked is out within seconds, and a broker that disobeys is reported.

What it waits for (the broker, the database) it waits for in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from broker.files import write_whole
from broker.fleet.authority import Authority
from broker.fleet.enforcement import PATIENCE_S, EnforcementError, Gate, close_door, evict_all
from broker.fleet.errors import FleetError
from broker.fleet.eviction import forget_passes
from broker.fleet.notices import close_notice, open_notice
from broker.fleet.revocation import enforced_since, mark_enforced, to_enforce
from broker.link.link import Message
from broker.link.tls import IdentityError
from broker.server.server import BrokerServerError
from broker.store.database import Database
from broker.wire.topics import Topic

RULE: Final = "broker-reload"
"""Of the notice that tells people when the broker does not keep out whom it should."""

LOOK: Final = timedelta(seconds=1)
"""Between two looks for new revocations."""
AGAIN: Final = timedelta(seconds=10)
"""After the broker disobeyed, until it is told again."""
DAILY: Final = timedelta(days=1)
"""Lists are written anew, and the door is tried, at least so often."""
AFTERWARDS: Final = timedelta(minutes=2)
"""Mosquitto judges a handshake by the lists that held at its beginning, and waits 90 s for its
end (measured with 2.0.11): somebody who began in time may come in late, and is sent out then."""
AFTER_ASKING: Final = timedelta(seconds=10)
"""The same for NATS, which lets in by an answer of ours that may be 3 s old."""

TROUBLE: Final = (EnforcementError, BrokerServerError, FleetError, IdentityError, OSError)
"""What people must hear of; a database that does not answer is everybody's trouble."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Guard:
    """A :class:`broker.fleet.chore.Chore` that bars revoked certificates, live connections too.

    Args:
        database: who is revoked; who is seen to be out is written there.
        authority: signs lists and passes.
        gate: the broker.
        memory: a file in which it remembers what roots the broker was started with.
        patience_s: how long a broker may take to obey.
    """

    def __init__(
        self,
        database: Database,
        authority: Authority,
        gate: Gate,
        memory: Path,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._database = database
        self._authority = authority
        self._gate = gate
        self._memory = memory
        self._patience_s = patience_s
        self._thread = ThreadPoolExecutor(1, "guard")
        self._round: Future[None] | None = None
        self._look_at: datetime | None = None
        self._lists_end_at: datetime | None = None
        self._issuing_ends_at: datetime | None = None
        self._late: dict[str, datetime] | None = None
        self._is_troubled: bool | None = None

    def connected(self) -> None:
        """Nothing: what we have to say, we say at the door."""

    def take(self, topic: Topic, message: Message) -> None:
        """Nothing: devices are not asked."""

    def attend(self, now: datetime) -> None:
        """Begin a round where one is due, and none is under way.

        Raises:
            StoreError: the database did not answer in the last round; another follows.
        """
        if self._round is not None:
            if not self._round.done():
                return
            ended, self._round = self._round, None
            ended.result()
        if self._look_at is None or now >= self._look_at:
            self._look_at = now + LOOK
            self._round = self._thread.submit(self.make_round, now)

    def close(self) -> None:
        """End, after the round under way."""
        self._thread.shutdown()

    def make_round(self, now: datetime) -> None:
        """Do all that is due; waits for the broker.

        Raises:
            StoreError: the database does not answer.
        """
        try:
            if self._late is None:  # whoever guarded before us may have been killed meanwhile
                self._expect_latecomers(enforced_since(self._database, now - AFTERWARDS), now)
            self._enforce(now)
            self._send_out_latecomers(now)
        except TROUBLE as error:
            self._look_at = now + AGAIN
            self._report(str(error), now)
        else:
            self._report_order(now)

    def _enforce(self, now: datetime) -> None:
        barred = to_enforce(self._database)
        is_trust_new = self._is_trust_new()
        if not (barred or is_trust_new or self._are_lists_due(now)):
            return
        forget_passes(self._database, now)
        self._close_door(now, is_trust_new=is_trust_new)
        subjects = sorted({each.subject for each in barred if each.is_client})
        evict_all(self._database, self._authority, self._gate.door, subjects, now)
        mark_enforced(self._database, [each.serial for each in barred], now)
        self._expect_latecomers(subjects, now)
        for each in barred:
            _log.info("barred", serial=each.serial, subject=each.subject)

    def _close_door(self, now: datetime, *, is_trust_new: bool) -> None:
        control = self._gate.control
        take_up = control.reload if self._gate.rereads_trust else control.restart
        issuing_ends_at = self._authority.issuing_expires_at
        digest = self._digest_of_trust()
        close_door(
            self._database,
            self._authority,
            self._gate,
            now,
            patience_s=self._patience_s,
            reload=take_up if is_trust_new else None,
        )
        write_whole(self._memory, digest.encode())
        self._issuing_ends_at = issuing_ends_at
        self._lists_end_at = now + DAILY

    def _are_lists_due(self, now: datetime) -> bool:
        """Daily, at the start, and when another key issues: without its list nobody gets in."""
        return (
            self._lists_end_at is None
            or now >= self._lists_end_at
            or self._authority.issuing_expires_at != self._issuing_ends_at
        )

    def _is_trust_new(self) -> bool:
        """Whether the roots are others than those that the broker was started with.

        At the very first look there is nothing to compare with, and a broker that was just
        started has read the file.
        """
        try:
            return self._memory.read_text(encoding="ascii") != self._digest_of_trust()
        except FileNotFoundError:
            return False

    def _digest_of_trust(self) -> str:
        return sha256(self._authority.trust_pem.encode()).hexdigest()

    def _send_out_latecomers(self, now: datetime) -> None:
        late = self._late or {}
        due = sorted(subject for subject, at in late.items() if at <= now)
        if due:
            evict_all(self._database, self._authority, self._gate.door, due, now)
            self._late = {subject: at for subject, at in late.items() if at > now}

    def _expect_latecomers(self, subjects: Iterable[str], now: datetime) -> None:
        """Remember to send them out once more."""
        wait = AFTER_ASKING if self._gate.lists is None else AFTERWARDS
        self._late = {**(self._late or {}), **dict.fromkeys(subjects, now + wait)}

    def _report_order(self, now: datetime) -> None:
        """The notice closes after a whole round; at the first, one of an earlier life does."""
        if self._is_troubled is not False:
            self._is_troubled = False
            close_notice(self._database, "", "", RULE, now)

    def _report(self, trouble: str, now: datetime) -> None:
        _log.error("broker-disobeys", trouble=trouble)
        self._is_troubled = True
        open_notice(self._database, "", "", RULE, trouble, now)
