"""Codes sent by e-mail: to confirm an address, and to reset a password over a confirmed one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, Row, delete, insert, select, update

from portal.accounts import second_factor
from portal.accounts.accounts import (
    MAIL_USE,
    AccountError,
    change,
    compact_name,
    find,
    find_by_name,
    mail_of,
)
from portal.accounts.codes import compact, group, new_code
from portal.accounts.signing_in import WRONG_CODE, Step, Visit, enter
from portal.accounts.slips import make_code, open_slip
from portal.accounts.tables import AccountMailCode
from portal.accounts.tries import count_try, forgive, of_account, of_address
from portal.audit.log import note
from portal.mail.outgoing import queue_if_reachable
from portal.store.tables import table_of
from portal.web.actor import NOBODY, Actor
from portal.web.language import Language
from portal.web.portal import Portal


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


Use: TypeAlias = Literal["confirm", "reset"]

VALID: Final = timedelta(minutes=30)
TRIES: Final = 5
_SIGNS: Final = 13
"""65 random bits: ASVS 5.0, 6.6.3."""
_HASH: Final = "mail-code"
_codes: Final = table_of(AccountMailCode)


def set_address(portal: Portal, actor: Actor, email: str, language: Language) -> None:
    """Another e-mail address; a code goes there, and until it is typed the address is not used.

    The address before is told, so that nobody takes an account over in silence.
    """
    with portal.database.transaction() as connection:
        found = find_by_id(connection, actor.id)
        before = mail_of(portal.keys, found) if found.email_confirmed_at else ""
        sealed = portal.keys.seal(MAIL_USE, email.encode())
        change(connection, actor.id, email=sealed, email_confirmed_at=None)
        if before and before != email:
            said = language.text("The e-mail address of your account was changed.")
            queue_if_reachable(connection, before, said, f"{said}\n", now=portal.clock())
        _send(connection, portal, actor.id, email, "confirm", language)
        note(connection, actor, "accounts.email-set", actor.id)


def confirm_address(portal: Portal, actor: Actor, code: str) -> None:
    """The code arrived.

    Raises:
        AccountError: it is not right, or too old.
    """
    with portal.database.transaction() as connection:
        is_right = _use(connection, portal, actor.id, "confirm", code)
        if is_right:
            change(connection, actor.id, email_confirmed_at=portal.clock())
            note(connection, actor, "accounts.email-confirmed", actor.id)
    if not is_right:
        raise AccountError(WRONG_CODE)


def ask_reset(portal: Portal, typed: str, visit: Visit, language: Language) -> None:
    """Somebody forgot the password: a citizen with a confirmed address gets a code there.

    Nothing tells whether there was such an account.

    Raises:
        Stop: (429) too often.
    """
    name, now = compact_name(typed), portal.clock()
    whose = (of_account(name, "forgotten"), of_address(visit.address))
    count_try(portal.database, portal.keys, whose, now)
    with portal.database.transaction() as connection:
        found = find_by_name(connection, name)
        if found is not None and _may_reset(found) and found.email_confirmed_at:
            _send(connection, portal, found.id, mail_of(portal.keys, found), "reset", language)
        note(connection, NOBODY, "accounts.reset-asked", found.id if found else "")


def reset(portal: Portal, typed: str, code: str, visit: Visit) -> Step:
    """A code of the mail, or of the authenticator: what is next is an own password.

    Raises:
        AccountError: it is not right, or there is no such account.
        Stop: (429) too many tries.
    """
    name, now = compact_name(typed), portal.clock()
    account, address = of_account(name, "reset"), of_address(visit.address)
    counted = count_try(portal.database, portal.keys, (account, address), now)
    with portal.database.transaction() as connection:
        found = find_by_name(connection, name)
        if found is not None and _may_reset(found) and _proves(connection, portal, found, code):
            forgive(connection, counted)
            slip = open_slip(
                connection, portal.keys, found.id, kind="link", issued_by=found.id, now=now
            )
            make_code(connection, portal.keys, slip, now)
            note(connection, Actor(found.kind, found.id), "accounts.reset-by-code", found.id)
            return enter(connection, portal, found.id, "first-use", "link", visit)
        note(connection, NOBODY, "accounts.code-refused", found.id if found else "")
    raise AccountError(WRONG_CODE)


def find_by_id(connection: Connection, account: str) -> Row[Any]:
    """The account of somebody who is signed in."""
    found = find(connection, account)
    if found is None:
        raise AccountError(_("There is no such user"))
    return found


def _may_reset(found: Row[Any]) -> bool:
    """Staff go to an administrator: more depends on their accounts."""
    return bool(found.kind == "citizen" and found.state == "active")


def _proves(connection: Connection, portal: Portal, found: Row[Any], code: str) -> bool:
    if found.totp_confirmed_at is not None:
        # Who has an authenticator proves himself with that: a mailbox alone is less.
        return second_factor.use_code(connection, portal.keys, found, code, portal.clock())
    return _use(connection, portal, found.id, "reset", code)


def _send(
    connection: Connection, portal: Portal, account: str, to: str, use: Use, language: Language
) -> None:
    code, now = new_code(_SIGNS), portal.clock()
    connection.execute(delete(_codes).where(_codes.c.account == account, _codes.c.use == use))
    connection.execute(
        insert(_codes).values(
            account=account,
            use=use,
            code_hash=_hashed(portal, account, use, code),
            valid_until=now + VALID,
            tries_left=TRIES,
        )
    )
    subject = language.text("Your code")
    text = language.text(
        "Your code for {address} is:\n\n{code}\n\nIt works once, for half an hour. If you did not "
        "ask for it, do nothing.",
        address=portal.settings.public_url,
        code=group(code),
    )
    queue_if_reachable(connection, to, subject, f"{text}\n", now=now)


def _use(connection: Connection, portal: Portal, account: str, use: Use, code: str) -> bool:
    """Whether it is the code; it is gone with that, or has one try less."""
    of_this = (_codes.c.account == account) & (_codes.c.use == use)
    connection.execute(update(_codes).where(of_this).values(tries_left=_codes.c.tries_left - 1))
    found = connection.execute(select(_codes).where(of_this)).one_or_none()
    if found is None or found.tries_left < 0 or found.valid_until < portal.clock():
        return False
    if found.code_hash != _hashed(portal, account, use, compact(code)):
        return False
    connection.execute(delete(_codes).where(of_this))
    return True


def _hashed(portal: Portal, account: str, use: str, code: str) -> str:
    return portal.keys.hash(_HASH, f"{account} {use} {code}")
