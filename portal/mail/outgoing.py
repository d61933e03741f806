"""The queue of outgoing mails: a mail is queued in the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from broker.store.database import Database
from broker.store.tables import table_of
from portal.mail.address import MOST_TEXT, MailError, check_header, mail_address
from portal.mail.tables import OutgoingMail
from portal.store.tables import new_id

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240))
"""Between one try and the next; the last one from then on. The first is longer than a try takes."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)
_table: Final = table_of(OutgoingMail)


class Letter(NamedTuple):
    """A mail that is due."""

    id: str
    recipient: str
    subject: str
    text: str
    html: str = ""


class QueueState(NamedTuple):
    """How the queue stands: mails that wait, the longest-waiting one's time, and those refused."""

    waiting: int
    oldest_at: datetime | None
    refused: int


def queue(  # noqa: PLR0913  # each says one thing about it, by its name
    connection: Connection,
    to: str,
    subject: str,
    text: str,
    *,
    now: datetime,
    mail_id: str = "",
    html: str = "",
) -> str:
    """Let a mail go out once this transaction is committed; its id.

    With a ``mail_id`` of the caller's a second one of that id fails with an ``IntegrityError``.
    ``html`` says the same as ``text``, as a document.

    Raises:
        MailError: ``to`` is no address, the subject holds a line break, or the text is too long.
    """
    recipient = mail_address(to)
    too_long = max(len(text), len(html)) > MOST_TEXT
    if not text.strip() or too_long or "\0" in text + html:
        raise MailError(f"the text of a mail has 1 to {MOST_TEXT} characters")
    row = {
        "id": mail_id or new_id(),
        "recipient": recipient,
        "subject": check_header(subject),
        "text": text,
        "html": html or None,
        "queued_at": now,
        "next_try_at": now,
        "attempts": 0,
        "trouble": "",
    }
    connection.execute(insert(_table).values(row))
    return str(row["id"])


def queue_if_reachable(
    connection: Connection, to: str, subject: str, text: str, *, now: datetime
) -> str | None:
    """The same to an address that was kept long ago; ``None``: no mail can go there.

    That is logged; what the mail tells of must not fail for it.

    Raises:
        MailError: the subject holds a line break, or the text is too long.
    """
    try:
        mail_address(to)
    except MailError:
        _log.warning("mail-address-unusable", subject=subject)
        return None
    return queue(connection, to, subject, text, now=now)


def claim(database: Database, now: datetime) -> Letter | None:
    """The next mail that is due, for this process alone until its next try; ``None``: none is."""
    query = (
        select(_table)
        .where(_waits(), _table.c.next_try_at <= now)
        .order_by(_table.c.next_try_at, _table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with database.transaction() as connection:
        row = connection.execute(query).first()
        if row is None:
            return None
        pause = PAUSES[min(row.attempts, len(PAUSES) - 1)]
        change = update(_table).where(_table.c.id == row.id)
        connection.execute(change.values(attempts=row.attempts + 1, next_try_at=now + pause))
        return Letter(row.id, row.recipient, row.subject, row.text, row.html or "")


def note_taken(database: Database, mail: str, now: datetime) -> None:
    """A mail server has taken it: its text goes, and to whom it went."""
    _change(database, mail, taken_at=now, recipient="", text="", html=None, trouble="")


def note_refused(database: Database, mail: str, trouble: str, now: datetime) -> None:
    """A mail server will never take it: there is no such mailbox."""
    _change(database, mail, refused_at=now, text="", html=None, trouble=trouble)


def note_trouble(database: Database, mail: str, trouble: str) -> None:
    """This try failed; the next one is due already."""
    _change(database, mail, trouble=trouble)


def queue_state(database: Database) -> QueueState:
    """How the queue stands, for administrators."""
    with database.reading() as connection:
        waiting, oldest = connection.execute(
            select(func.count(), func.min(_table.c.queued_at)).where(_waits())
        ).one()
        refused = connection.execute(
            select(func.count()).where(_table.c.refused_at.is_not(None))
        ).scalar_one()
    return QueueState(waiting, oldest, refused)


def _waits() -> ColumnElement[bool]:
    return _table.c.taken_at.is_(None) & _table.c.refused_at.is_(None)


def _change(database: Database, mail: str, **values: object) -> None:
    with database.transaction() as connection:
        connection.execute(update(_table).where(_table.c.id == mail).values(values))
