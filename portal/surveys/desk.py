"""The desk that takes answers in: those that come at once share a transaction, each one's thanks
come after it.

A request's thread puts its form on the pile. Where nobody is writing it writes all that is there;
else it sleeps until its form is written, or until it is its turn to write. So there is no thread
that could die, and under load a commit, which waits for the disk, serves many.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from broker.intake.submission import Submission
from broker.intake.submissions import PORTAL, Submissions, Verdict, register_sender
from broker.store.database import Database
from broker.store.errors import StoreError

MOST_AT_ONCE: Final = 200
"""Forms in one transaction; a collector that waits for it waits some tenths of a second."""


class _Waiting:
    """A form on the pile, and what became of it; ``woken`` when that is known, or when it is its
    turn to write.
    """

    __slots__ = ("error", "submission", "verdict", "woken")

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.verdict: Verdict | None = None
        self.error: Exception | None = None
        self.woken = threading.Event()

    @property
    def is_done(self) -> bool:
        return self.verdict is not None or self.error is not None

    def result(self) -> Verdict:
        if self.error is not None:
            raise self.error
        assert self.verdict is not None  # noqa: S101  # done, and without error
        return self.verdict


class AnswerDesk:
    """Takes forms in; one for a process.

    Args:
        database: the feedback store.
        site: of the portal.
        clock: tells the time.
    """

    def __init__(self, database: Database, site: str, clock: Callable[[], datetime]) -> None:
        self._database: Final = database
        self._site: Final = site
        self._way_in: Final = Submissions(database, site, clock)
        self._pile: list[_Waiting] = []
        self._on_pile: Final = threading.Lock()
        self._is_writing = False
        self._pen: Final = threading.Lock()
        self._sender: str | None = None

    @property
    def sender(self) -> str:
        """Under which name the portal's own forms come in; registered when first needed.

        Raises:
            StoreError: the store doesn't answer.
        """
        if self._sender is None:
            self._sender = register_sender(self._database, self._site, PORTAL)
        return self._sender

    def take(self, submission: Submission) -> Verdict:
        """Store a form; returns after it is committed, and says what became of it.

        Raises:
            StoreError: the store doesn't answer; nothing was stored.
            ValueError: it can be no events.
        """
        waiting = _Waiting(submission)
        with self._on_pile:
            self._pile.append(waiting)
            is_its_turn, self._is_writing = not self._is_writing, True
        if not is_its_turn:
            waiting.woken.wait()
        if not waiting.is_done:
            self._write_pile()
        return waiting.result()

    def take_all(self, submissions: Sequence[Submission]) -> list[Verdict]:
        """Store some forms in one transaction, all or none.

        Raises:
            StoreError, ValueError: as for :meth:`take`.
        """
        with self._pen:
            return self._way_in.take(submissions)

    def set_aside(self, sender: str, raw: bytes, detail: str, now: datetime) -> None:
        """Keep what ``sender`` brought and nobody can read in quarantine.

        Raises:
            StoreError: the store doesn't answer.
        """
        with self._pen:
            self._way_in.set_aside(sender, raw, detail, now)

    def _write_pile(self) -> None:
        """Write what is on the pile, wake whom it belongs to, and let the next one write."""
        with self._on_pile:
            taken, self._pile = self._pile[:MOST_AT_ONCE], self._pile[MOST_AT_ONCE:]
        try:
            with self._pen:
                self._write_all(taken)
        finally:
            with self._on_pile:
                self._is_writing = bool(self._pile)
                following = self._pile[0] if self._pile else None
            if following is not None:
                following.woken.set()
            for waiting in taken:
                waiting.woken.set()

    def _write_all(self, taken: Sequence[_Waiting]) -> None:
        try:
            self._write(taken)
        except StoreError as error:
            for waiting in taken:
                waiting.error = error
        except Exception:  # noqa: BLE001  # one form's fault must not be all others'
            for waiting in taken:
                self._write_alone(waiting)

    def _write(self, taken: Sequence[_Waiting]) -> None:
        verdicts = self._way_in.take([waiting.submission for waiting in taken])
        for waiting, verdict in zip(taken, verdicts, strict=True):
            waiting.verdict = verdict

    def _write_alone(self, waiting: _Waiting) -> None:
        try:
            self._write([waiting])
        except Exception as error:  # noqa: BLE001  # whoever waits for it is told
            waiting.error = error
