"""The one way into the store: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import Connection

from broker.intake.admission import Admission
from broker.intake.delivery import Delivery, Outcome
from broker.intake.harvest import OvertakenError
from broker.intake.judge import Known
from broker.intake.keeping import delivery_of, digest_of, entry_of
from broker.intake.statements import Statements
from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.errors import ContentionError, StoreError
from broker.store.registered import read_all, revision
from broker.store.tables import Quarantined

ATTEMPTS: Final = 8
"""How often a transaction is begun when other writers get in its way."""

READMITTED_AT_ONCE: Final = 2_000
"""Entries readmitted in one transaction: a collector waits for some tenths of a second."""

Result = TypeVar("Result")


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class Intake:
    """Admits deliveries. One thread at a time; several processes may share a database."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        """Prepare; nothing is read before the first delivery."""
        self._database: Final = database
        self._clock: Final = clock
        self._statements: Final = Statements.of(database.dialect)
        self._known: Known | None = None

    def admit(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """Store what is new and acceptable, keep the rest in quarantine; one transaction.

        Afterwards everything in ``deliveries`` is safe, and each outcome says where it is.

        Raises:
            UnavailableError: the database does not answer; nothing was stored.
        """
        return self._attempt(
            lambda connection, doubt: self._admit(connection, deliveries, is_doubtful=doubt)
        )

    def admit_made(
        self, make: Callable[[Connection, Statements], Sequence[Delivery]]
    ) -> list[Outcome]:
        """The same for deliveries that ``make`` makes inside the transaction.

        So whoever has no outbox gives out numbers together with what has them: none is lost.
        ``make`` is called anew with each attempt.

        Raises:
            UnavailableError: as for :meth:`admit`.
        """
        return self._attempt(
            lambda connection, doubt: self._admit(
                connection, make(connection, self._statements), is_doubtful=doubt
            )
        )

    def readmit(self, entries: Iterable[Quarantined], *, distrusts_clock: bool = False) -> int:
        """Put entries of the quarantine through again, with their own ids and times.

        What is still not acceptable stays, with the reason that holds now. It takes a transaction
        for each few thousand, so that a collector gets its turn between them.

        Args:
            entries: from :func:`broker.store.quarantine.waiting_entries`, or some of them in
                their order.
            distrusts_clock: date events at their arrival instead of by the device's clock, and
                flag them so: the way in for those that came from the future.

        Returns:
            How many entries are in the store now.

        Raises:
            UnavailableError: the database does not answer; what was readmitted by then is in the
                store, and the rest can be readmitted later.
        """
        kept = (entry for entry in entries if entry.payload is not None)
        done = 0
        while portion := list(islice(kept, READMITTED_AT_ONCE)):
            done += self._readmit_around(portion, distrusts_clock=distrusts_clock)
        return done

    def _readmit_around(self, kept: Sequence[Quarantined], *, distrusts_clock: bool) -> int:
        """Readmit in one transaction; where an entry makes it fail, in several around that."""
        deliveries = [delivery_of(entry, distrusts_clock=distrusts_clock) for entry in kept]
        try:
            return self._attempt(
                lambda connection, doubt: self._readmit(
                    connection, kept, deliveries, is_doubtful=doubt
                )
            )
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # what one entry does must not bar the others
            if len(kept) > 1:
                parts = (kept[::2], kept[1::2])
                return sum(
                    self._readmit_around(part, distrusts_clock=distrusts_clock) for part in parts
                )
            detail = f"{type(error).__name__}: {error}"
            self._attempt(lambda connection, _: self._condemn(connection, kept[0], detail))
            return 0

    def _admit(
        self, connection: Connection, deliveries: Sequence[Delivery], *, is_doubtful: bool
    ) -> list[Outcome]:
        outcomes = self._take(connection, deliveries, is_doubtful=is_doubtful)
        self._keep(connection, deliveries, outcomes)
        self._release(connection, deliveries, outcomes)
        return outcomes

    def _take(
        self, connection: Connection, deliveries: Sequence[Delivery], *, is_doubtful: bool
    ) -> list[Outcome]:
        """Judge and store; nothing of the quarantine."""
        admission = Admission(self._registry(connection))
        admission.look_up(connection, self._statements, deliveries, is_doubtful=is_doubtful)
        outcomes = [admission.judge(delivery) for delivery in deliveries]
        admission.harvest.write(connection, self._statements)
        _raise_alarms(outcomes, admission.harvest.alarms())
        return outcomes

    def _registry(self, connection: Connection) -> Known:
        """What is registered; read again only when somebody has changed it."""
        known = self._known
        if known is None or known.registered.revision != revision(connection):
            known = self._known = Known.of(read_all(connection))
        return known

    def _keep(
        self, connection: Connection, deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]
    ) -> None:
        entries = [
            entry_of(refused, delivery)
            for delivery, outcome in zip(deliveries, outcomes, strict=True)
            for refused in outcome.refused
        ]
        self._statements.quarantine.keep(connection, entries, to_ms(self._clock()))

    def _release(
        self, connection: Connection, deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]
    ) -> None:
        """Close the entries of events that were refused once and are accepted now."""
        accepted = [event_id for outcome in outcomes for event_id in outcome.accepted]
        waiting = self._statements.quarantine.waiting(connection, accepted) if accepted else []
        if waiting:
            events = (event for delivery in deliveries for event in delivery.reading.events)
            digests = {digest_of(event) for event in events}
            # One id may have come with two contents, of which only one is accepted.
            digests -= {
                digest_of(refused.event)
                for outcome in outcomes
                for refused in outcome.refused
                if refused.event is not None
            }
            numbers = [number for number, digest in waiting if digest in digests]
            self._statements.quarantine.mark_readmitted(connection, numbers, to_ms(self._clock()))

    def _readmit(
        self,
        connection: Connection,
        entries: Sequence[Quarantined],
        deliveries: Sequence[Delivery],
        *,
        is_doubtful: bool,
    ) -> int:
        outcomes = self._take(connection, deliveries, is_doubtful=is_doubtful)
        done: list[int] = []
        refused: list[tuple[int, str, str]] = []
        for entry, delivery, outcome in zip(entries, deliveries, outcomes, strict=True):
            number = entry.number or 0
            if len(outcome.refused) == 1 and not outcome.accepted:
                refused.append((number, outcome.refused[0].reason, outcome.refused[0].detail))
            else:  # a message that can be read now; what is wrong in it is kept event by event
                done.append(number)
                self._keep(connection, [delivery], [outcome])
        self._statements.quarantine.mark_refused(connection, refused)
        self._statements.quarantine.mark_readmitted(connection, done, to_ms(self._clock()))
        return len(done)

    def _condemn(self, connection: Connection, entry: Quarantined, detail: str) -> None:
        refused = (entry.number or 0, "unstorable", detail)
        self._statements.quarantine.mark_refused(connection, [refused])

    def _attempt(self, work: Callable[[Connection, bool], Result]) -> Result:
        """Do ``work`` in a transaction, anew when another writer was quicker."""
        is_doubtful = False
        for _ in range(ATTEMPTS):
            try:
                with self._database.transaction() as connection:
                    return work(connection, is_doubtful)
            except OvertakenError:
                is_doubtful = True
            except ContentionError:
                continue
        raise ContentionError(f"database {self._database}: overtaken {ATTEMPTS} times")


def _raise_alarms(outcomes: Sequence[Outcome], alarms: Mapping[str, Sequence[str]]) -> None:
    """Tell each delivery's outcome of those flags of its events that people must hear of."""
    for outcome in outcomes if alarms else ():
        for event_id in dict.fromkeys(outcome.accepted):
            outcome.alarms += [(event_id, reason) for reason in alarms.get(event_id, ())]
