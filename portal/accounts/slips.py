"""One-time codes that stand for a password until its owner has one: desk slips and invitations.

A code is 80 random bits and known to its paper (or mail) alone; the database has a keyed hash. It
holds 72 hours and is spent when its owner sets a password.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from portal.accounts.accounts import AccountError
from portal.accounts.codes import compact, new_code
from portal.accounts.tables import AccountSession, AccountSlip
from portal.keys import Keys
from portal.store.tables import new_id, table_of

VALID: Final = timedelta(hours=72)
_USE: Final = "slip"
_DOCUMENT: Final = "slip-document"
_slips: Final = table_of(AccountSlip)
_sessions: Final = table_of(AccountSession)


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def open_slip(  # noqa: PLR0913  each says one thing about it, by its name
    connection: Connection,
    keys: Keys,
    account: str,
    *,
    kind: str,
    issued_by: str,
    now: datetime,
    document: tuple[str, str] | None = None,
    email: bytes | None = None,
    takes_second_factor: bool = False,
    needs_approval: bool = False,
) -> str:
    """Begin a slip, which has no code yet; its id. Codes given before open nothing any more.

    Args:
        connection: of the transaction.
        keys: the portal's.
        account: for whom.
        kind: ``desk`` or ``link``.
        issued_by: id of the account of who gives it, or ``console``.
        now: when.
        document: its kind and the last four signs of its number, as the clerk saw it.
        email: address that the account is to have, sealed.
        takes_second_factor: whether the account's is lost, and goes.
        needs_approval: whether a second person must agree first.
    """
    revoke_slips(connection, account, now)
    slip = new_id()
    seen = keys.seal(_DOCUMENT, json.dumps(document).encode()) if document else None
    connection.execute(
        insert(_slips).values(
            id=slip,
            account=account,
            kind=kind,
            document=seen,
            email=email,
            takes_second_factor=takes_second_factor,
            issued_by=issued_by,
            issued_at=now,
            approved_at=None if needs_approval else now,
        )
    )
    return slip


def approve(connection: Connection, slip: str, by: str, now: datetime) -> None:
    """A second person agrees.

    Raises:
        AccountError: it is the one who asked, or nothing is waiting.
    """
    found = find_slip(connection, slip)
    if found is None or found.approved_at is not None or found.revoked_at is not None:
        raise AccountError(_("This no longer waits for approval"))
    if found.issued_by == by:
        raise AccountError(_("Somebody else has to approve this: you asked for it yourself"))
    connection.execute(
        update(_slips)
        .where(_slips.c.id == slip, _slips.c.approved_at.is_(None))
        .values(approved_by=by, approved_at=now)
    )


def make_code(connection: Connection, keys: Keys, slip: str, now: datetime) -> str:
    """The code of a slip, told this once.

    Raises:
        AccountError: it was told before, is not approved, or was taken back.
    """
    code = new_code()
    made = connection.execute(
        update(_slips)
        .where(
            _slips.c.id == slip,
            _slips.c.code_hash.is_(None),
            _slips.c.approved_at.is_not(None),
            _slips.c.revoked_at.is_(None),
        )
        .values(code_hash=keys.hash(_USE, code), printed_at=now, valid_until=now + VALID)
    )
    if made.rowcount != 1:
        raise AccountError(
            _("This slip was printed already, or is not approved yet. Give a new access instead.")
        )
    return code


def find_good(connection: Connection, keys: Keys, code: str, now: datetime) -> Row[Any] | None:
    """The slip whose code that is, if it still holds."""
    wanted = select(_slips).where(
        _slips.c.code_hash == keys.hash(_USE, compact(code)),
        _slips.c.used_at.is_(None),
        _slips.c.revoked_at.is_(None),
        _slips.c.valid_until >= now,
    )
    return connection.execute(wanted).one_or_none()


def spend_slips(connection: Connection, account: str, now: datetime) -> bool:
    """Spend the slip of an account; whether one held. Of two at once, one does."""
    spent = connection.execute(
        update(_slips)
        .where(
            _slips.c.account == account,
            _slips.c.used_at.is_(None),
            _slips.c.revoked_at.is_(None),
            _slips.c.valid_until >= now,
        )
        .values(used_at=now)
    )
    return spent.rowcount > 0


def revoke_slips(connection: Connection, account: str, now: datetime) -> None:
    """Codes given to an account before open nothing any more, nor does what they opened go on.

    Else whoever began with an old code could choose the password when a new one is given.
    """
    connection.execute(
        update(_sessions)
        .where(
            _sessions.c.account == account,
            _sessions.c.stage == "first-use",
            _sessions.c.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    connection.execute(
        update(_slips)
        .where(
            _slips.c.account == account, _slips.c.used_at.is_(None), _slips.c.revoked_at.is_(None)
        )
        .values(revoked_at=now, email=None)
    )


def find_slip(connection: Connection, slip: str) -> Row[Any] | None:
    """The slip of that id."""
    return connection.execute(select(_slips).where(_slips.c.id == slip)).one_or_none()


def drop_email(connection: Connection, slip: str) -> None:
    """The address is the account's now."""
    connection.execute(update(_slips).where(_slips.c.id == slip).values(email=None))


def slips_of(connection: Connection, account: str) -> list[Row[Any]]:
    """All slips of an account, the newest first."""
    wanted = select(_slips).where(_slips.c.account == account).order_by(_slips.c.id.desc())
    return list(connection.execute(wanted))


def waiting_slips(connection: Connection) -> list[Row[Any]]:
    """Slips that wait for a second person, the oldest first."""
    waits = (_slips.c.approved_at.is_(None), _slips.c.revoked_at.is_(None))
    return list(connection.execute(select(_slips).where(*waits).order_by(_slips.c.id)))


def document_of(keys: Keys, found: Row[Any]) -> tuple[str, str] | None:
    """The document that the clerk saw: its kind, and the last four signs of its number."""
    if not found.document:
        return None
    kind, last = json.loads(keys.unseal(_DOCUMENT, found.document))
    return str(kind), str(last)
