"""The last administrator who can sign in stays one: a town must not lock itself out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from portal.accounts.accounts import AccountError, accounts
from portal.accounts.tables import AccountIdentity, AccountRole, SignInDirectory
from portal.store.tables import table_of

_roles: Final = table_of(AccountRole)
_identities: Final = table_of(AccountIdentity)
_directories: Final = table_of(SignInDirectory)


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NOBODY_LEFT: Final = _(
    "No administrator could sign in any more. Give one of them another way first: a password, or "
    "another directory."
)


def check_not_last(connection: Connection, account: str) -> None:
    """See that an administrator remains who can sign in, whatever becomes of ``account``.

    Until the transaction ends nobody else gets here: of two who lock each other, one does.

    Raises:
        AccountError: none would.
    """
    _one_at_a_time(connection)
    # A statement of its own: it sees what whoever came first has done.
    there = set(connection.scalars(select(accounts.c.id).where(_is_administrator())))
    if account in there and not _somebody_can_sign_in(connection, but=account):
        raise AccountError(_("This is the last administrator; make another one first"))


@contextmanager
def one_stays(connection: Connection) -> Iterator[None]:
    """See that what is done here to a way in leaves an administrator one, if there was one before.

    Raises:
        AccountError: nobody could sign in as administrator any more.
    """
    _one_at_a_time(connection)
    was_there = _somebody_can_sign_in(connection)
    yield
    if was_there and not _somebody_can_sign_in(connection):
        raise AccountError(NOBODY_LEFT)


def _one_at_a_time(connection: Connection) -> None:
    """Whoever comes at the same moment waits until the transaction ends."""
    # In the order of their ids, so that two who come at once wait and don't block each other.
    in_order = select(accounts.c.id).where(_is_administrator()).order_by(accounts.c.id)
    connection.execute(in_order.with_for_update()).all()


def _somebody_can_sign_in(connection: Connection, but: str = "") -> bool:
    """Whether an administrator can, other than ``but``."""
    found = select(accounts.c.id).where(_is_administrator(), accounts.c.id != but, _can_sign_in())
    return connection.execute(found.limit(1)).first() is not None


def _is_administrator() -> ColumnElement[bool]:
    return accounts.c.id.in_(select(_roles.c.account).where(_roles.c.role == "administrator"))


def _can_sign_in() -> ColumnElement[bool]:
    """With a password, or through a directory that is in use; who was only invited can't yet."""
    by_directory = exists().where(
        _identities.c.account == accounts.c.id,
        _directories.c.code == _identities.c.provider,
        _directories.c.is_on,
        _directories.c.kind == "staff",
    )
    is_known = or_(accounts.c.password_hash.is_not(None), by_directory)
    return (accounts.c.state == "active") & is_known
