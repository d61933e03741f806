"""A whole replay: read, send, account for every row."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, TypeGuard, TypeVar

from broker.intake.reasons import EXPLANATIONS
from broker.store.database import Database
from broker.store.events import Content, EventRows, content_of
from kiosk.database import OutboxError
from kiosk.drafts import finish, write_draft
from kiosk.identity import Identity
from otziv.installation import Installation, Running
from otziv.protection import context_as_device
from otziv.replay.errors import ReplayError
from otziv.replay.header import check_header
from otziv.replay.mapping import Map
from otziv.replay.registrar import Registrar
from otziv.replay.result import Result
from otziv.replay.road import Road
from otziv.replay.rows import Outcome, Refused, Skipped, Vote, read_votes
from otziv.stack import using_stack

CHUNK: Final = 5_000
"""Rows under way at once: some batches, so that memory is bounded and waiting is rare."""

Item = TypeVar("Item")


def replay_file(
    installation: Installation, path: Path, mapping: Map, when_done: Callable[[int], object]
) -> Result:
    """Replay the file at ``path``; ``when_done`` hears of the number of rows, chunk by chunk.

    Raises:
        ReplayError: the file can't be used, another replay is running, or no receipt comes.
        InstallationError, StoreError, BrokerServerError: parts that can't work.
    """
    check_header(path, mapping)
    folder = installation.data / "replay" / mapping.site
    with (
        _as_replay_error(),
        alone(folder),
        using_stack(installation) as running,
        installation.store() as database,
        closing(Replay(installation, database, mapping, running, folder)) as replay,
    ):
        for chunk in _chunks(replay.read(path)):
            replay.take(chunk)
            when_done(len(chunk))
        return replay.result


class Replay:
    """One run; to be closed.

    Attributes:
        result: so far.
    """

    def __init__(
        self,
        installation: Installation,
        database: Database,
        mapping: Map,
        running: Running,
        folder: Path,
    ) -> None:
        self._installation = installation
        self._database = database
        self._events = EventRows(database.dialect)
        self._mapping = mapping
        self._running = running
        self._folder = folder
        self._registrar = Registrar(database, mapping)
        self._resources = ExitStack()
        self._road: Road | None = None
        self.result = Result(mapping.site, touchpoints=self._registrar.created)

    def read(self, path: Path) -> Iterator[Outcome]:
        """What the file's rows come to."""
        return read_votes(path, self._mapping, datetime.now(UTC), self._registrar.names)

    def take(self, outcomes: list[Outcome]) -> None:
        """Send what can be sent, and account for all of it."""
        self.result.rows += len(outcomes)
        votes = [outcome for outcome in outcomes if self._is_to_send(outcome)]
        if votes:
            self._send(votes)

    def _is_to_send(self, outcome: Outcome) -> TypeGuard[Vote]:
        """Whether it is a vote whose touchpoint is ours; all others are accounted for here."""
        if isinstance(outcome, Skipped):
            self.result.skipped += 1
            return False
        if isinstance(outcome, Refused):
            self.result.refused.append(outcome)
            return False
        fault = self._registrar.find_fault(outcome)
        if fault is not None:
            self.result.refuse(outcome.line, fault)
        return fault is None

    def _send(self, votes: list[Vote]) -> None:
        road = self._road or self._open_road()
        stored = self._stored(draft.id for vote in votes for draft in vote.drafts)
        # What is there is not numbered once more: its second number would count as missing.
        known = {vote.line for vote in votes if _is_stored(vote, stored)}
        fresh = [vote for vote in votes if vote.line not in known]
        quarantined = road.send(fresh) if fresh else {}
        for vote in votes:
            self._account(vote, is_known=vote.line in known, quarantined=quarantined)

    def _account(self, vote: Vote, *, is_known: bool, quarantined: dict[str, str]) -> None:
        result = self.result
        result.ambiguous_times += vote.when.is_ambiguous
        result.missing_times += vote.when.is_missing
        ids = [draft.id for draft in vote.drafts]
        reason = next((quarantined[each] for each in ids if each in quarantined), None)
        if reason is not None:
            result.quarantined += 1
            result.refuse(vote.line, _explain(reason))
        elif is_known:
            result.duplicates += 1
        else:
            result.stored += 1

    def _open_road(self) -> Road:
        identity = Identity(self._mapping.site, self._registrar.device())
        subject = f"{identity.site}/{identity.device}"
        lent = context_as_device(self._installation, self._database, self._running, subject)
        tls = self._resources.enter_context(lent)
        road = Road(self._folder, identity, self._running, tls)
        self._road = self._resources.enter_context(closing(road))
        road.deliver()  # what an interrupted run left
        return road

    def _stored(self, ids: Iterable[str]) -> dict[str, Content]:
        with self._database.reading() as connection:
            return self._events.contents(connection, list(ids))

    def close(self) -> None:
        """Release the outbox and the connection."""
        self._resources.close()


def _is_stored(vote: Vote, stored: Mapping[str, Content]) -> bool:
    """Whether all of ``vote`` is there and says the same: else the collector shall judge."""
    return all(
        draft.id in stored and stored[draft.id] == content_of(finish(write_draft(draft), _ANY_TIME))
        for draft in vote.drafts
    )


_ANY_TIME: Final = {
    "seq": 1,
    "boot": "00000000",
    "answered_at": datetime(2000, 1, 1, tzinfo=UTC),
    "clock": "synced",
}
"""What the outbox would add to a draft; none of it is what was said."""


def _explain(reason: str) -> str:
    """Why the collector keeps an event in quarantine; a newer one may know more reasons."""
    known = EXPLANATIONS.get(reason)
    return f"in quarantine as {reason}{': ' + known.meaning_en if known else ''}"


@contextmanager
def _as_replay_error() -> Iterator[None]:
    """An outbox that fails makes the replay impossible, too."""
    try:
        yield
    except OutboxError as error:
        raise ReplayError(f"{error}. Nothing is lost; mend that and run the same again") from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only replay of this site.

    Raises:
        ReplayError: another one is running.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ReplayError(
                f"another replay into {folder} is running; wait for its end"
            ) from error
        yield


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
