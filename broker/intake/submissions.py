"""Taking submissions in: numbered in the transaction that stores them, so that none is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from broker.intake.delivery import Delivery, Outcome
from broker.intake.intake import Intake, utc_now
from broker.intake.keeping import digest_of
from broker.intake.statements import Statements
from broker.intake.submission import Submission, event_id, events_of, stream_of
from broker.store.database import Database
from broker.store.events import Content, content_of
from broker.store.registered import read_all
from broker.store.registry import add_importer
from broker.wire.codec import Reading, Rejected, read_event, write_event
from broker.wire.events import AnyEvent

PORTAL: Final = "portal"
"""The device under whose name the portal's forms come in; a second site's is ``portal-2`` …"""

Verdict: TypeAlias = Literal["stored", "known", "other", "quarantined"]
"""``known``: it was stored before; ``other``: a form of that nonce was, and said something else,
which stays; ``quarantined``: kept for people to look at."""


class Submissions:
    """The way in of one site. One thread at a time; several processes may share a database."""

    def __init__(
        self, database: Database, site: str, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Prepare; nothing is read before the first submission."""
        self._site: Final = site
        self._intake: Final = Intake(database, clock)

    def take(self, submissions: Sequence[Submission]) -> list[Verdict]:
        """Store what is new, all in one transaction; what became of each.

        Raises:
            UnavailableError: the database does not answer; nothing was stored.
            ValueError: one of them can't be events; nothing was stored.
        """
        for submission in submissions:
            check(submission)
        batch = _Batch(self._site, submissions)
        outcomes = self._intake.admit_made(batch.make)
        return batch.verdicts(outcomes)

    def set_aside(self, sender: str, raw: bytes, detail: str, now: datetime) -> None:
        """Keep in quarantine what ``sender`` brought and nobody can read, for people to look at.

        Raises:
            UnavailableError: the database does not answer.
        """
        reading = Reading(None, [], [Rejected("invalid", detail, raw, None, None)])
        self._intake.admit([Delivery(self._site, sender, f"form/{sender}", reading, now)])


def check(submission: Submission) -> None:
    """Refuse what no kiosk could send, either.

    Raises:
        ValueError: what, and where.
    """
    for event in events_of(submission, 1):
        read = read_event(write_event(event))
        if isinstance(read, Rejected):
            raise ValueError(read.detail)  # noqa: TRY004  # a value that came from outside


class _Batch:
    """Submissions of one transaction, sorted into those that are new and those that are not."""

    def __init__(self, site: str, submissions: Sequence[Submission]) -> None:
        self._site = site
        self._submissions = submissions
        self._known: dict[int, Verdict] = {}
        self._fresh: list[int] = []

    def make(self, connection: Connection, statements: Statements) -> list[Delivery]:
        """Deliveries of what is new, numbered on from the greatest number of each stream.

        The streams' rows are locked by now, so nobody else gives out the same numbers.
        """
        senders = {stream_of(self._site, each.sender): each.sender for each in self._submissions}
        states = statements.streams.open(connection, senders)
        self._sort(connection, statements)
        numbers = {stream: count(state.greatest_seq + 1) for stream, state in states.items()}
        deliveries = []
        for place in self._fresh:
            submission = self._submissions[place]
            stream = stream_of(self._site, submission.sender)
            seqs = [next(numbers[stream]) for _ in submission.answers]
            deliveries.append(self._delivery(submission, stream, seqs[0]))
        return deliveries

    def verdicts(self, outcomes: Iterable[Outcome]) -> list[Verdict]:
        """What became of each, in their order."""
        found = dict(self._known)
        for place, outcome in zip(self._fresh, outcomes, strict=True):
            found[place] = "quarantined" if outcome.refused else "stored"
        return [found[place] for place in range(len(self._submissions))]

    def _sort(self, connection: Connection, statements: Statements) -> None:
        self._known, self._fresh = {}, []
        ids = [
            event_id(each.nonce, place)
            for each in self._submissions
            for place in range(len(each.answers))
        ]
        seen = statements.events.contents(connection, ids)
        waiting = {digest for _, digest in statements.quarantine.waiting(connection, ids)}
        for place, submission in enumerate(self._submissions):
            events = events_of(submission, 1)
            verdict = _find(events, seen, waiting)
            if verdict is None:
                self._fresh.append(place)
                seen |= {event.id: content_of(event) for event in events}
            else:
                self._known[place] = verdict

    def _delivery(self, submission: Submission, stream: str, first_seq: int) -> Delivery:
        reading = Reading(stream, events_of(submission, first_seq), [])
        sender = submission.sender
        return Delivery(self._site, sender, f"form/{sender}", reading, submission.received_at)


def _find(
    events: Sequence[AnyEvent], seen: Mapping[str, Content], waiting: set[str]
) -> Verdict | None:
    """What became of these events before, if they came before.

    A form is stored whole or not at all, so its first answer tells.
    """
    first = events[0]
    if first.id in seen:
        is_same = all(seen.get(event.id) == content_of(event) for event in events)
        return "known" if is_same else "other"
    return "quarantined" if digest_of(first) in waiting else None


def register_sender(database: Database, site: str, name: str = PORTAL) -> str:
    """Register who brings submissions in, under ``name`` or one with a number behind it.

    It stands nowhere and speaks for every touchpoint and channel of its site.

    Returns:
        The name.

    Raises:
        RegistryError: there is no such site.
    """
    with database.reading() as connection:
        known = read_all(connection)
    for number in count(1):
        tried = name if number == 1 else f"{name}-{number}"
        if tried not in known.devices:
            add_importer(database, tried, site=site)
            return tried
        if known.devices[tried] == site and tried not in known.stood:
            return tried
    raise AssertionError("numbers do not end")
