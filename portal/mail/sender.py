"""The sender: takes due mails from the queue to the mail server, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final, Self

import structlog

from broker.store.database import Database
from broker.store.errors import StoreError
from portal.mail.outgoing import Letter, claim, note_refused, note_taken, note_trouble
from portal.mail.smtp import MailServer, RefusedError, TroubleError, send
from portal.settings import PortalSettings

LOOK_S: Final = 5.0
"""Between two looks into an empty queue."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class MailSender:
    """Sends what is queued, if a server is set; without one mails wait.

    Several may share a database; each mail is one's. Use it as a context, or call
    :meth:`send_due` from time to time.
    """

    def __init__(
        self, database: Database, settings: PortalSettings, clock: Callable[[], datetime]
    ) -> None:
        url = settings.smtp_url.get_secret_value()
        self._server: Final = MailServer.of(url) if url else None
        self._sender: Final = settings.mail_from
        self._database: Final = database
        self._clock: Final = clock
        self._unnoted: Final[set[str]] = set()
        """Mails that were taken, of which the database could not be told yet."""
        self._is_over: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="mail", daemon=True)

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End after the mail in hand."""
        self._is_over.set()
        self._thread.join()

    def send_due(self) -> int:
        """Try every mail that is due once; how many were taken.

        Raises:
            StoreError: the queue can't be read or written.
        """
        taken = 0
        self._note_taken()
        if self._server is None or not self._sender:
            return 0
        while not self._is_over.is_set():
            letter = claim(self._database, self._clock())
            if letter is None:
                break
            taken += self._try(self._server, letter)
        return taken

    def _try(self, server: MailServer, letter: Letter) -> bool:
        try:
            send(server, self._sender, letter, self._clock())
        except RefusedError as error:
            note_refused(self._database, letter.id, str(error), self._clock())
            _log.warning("mail-refused", mail=letter.id, trouble=str(error))
            return False
        except (TroubleError, ValueError) as error:
            note_trouble(self._database, letter.id, str(error))
            _log.warning("mail-not-taken", mail=letter.id, trouble=str(error))
            return False
        self._unnoted.add(letter.id)
        self._note_taken()
        return True

    def _note_taken(self) -> None:
        for mail in sorted(self._unnoted):
            note_taken(self._database, mail, self._clock())
            self._unnoted.remove(mail)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                self.send_due()
            except StoreError as error:
                _log.warning("mail-queue-unavailable", error=str(error))
            except Exception:  # noqa: BLE001  # one mail must not end the sending of all others
                _log.exception("mail-sender-failed")
            self._is_over.wait(LOOK_S)
