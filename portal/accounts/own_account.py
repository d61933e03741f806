"""What people do with their own account: password, second factor, sessions, e-mail address."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row

from portal.accounts import passwords, second_factor
from portal.accounts.accounts import AccountError, change, find
from portal.accounts.own_words import own_words
from portal.accounts.policy import read_policy
from portal.accounts.sessions import end, end_all, prove
from portal.accounts.signing_in import Visit
from portal.accounts.tries import (
    count_try,
    forgive,
    of_account,
    of_address,
    taken_back_if_stopped,
)
from portal.audit.log import note
from portal.web.actor import Actor
from portal.web.portal import Portal


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


WRONG_PASSWORD: Final = _("This is not your password")


def confirm(portal: Portal, actor: Actor, password: str, visit: Visit) -> str:
    """The password again, before something sensitive; a new secret for the cookie.

    Raises:
        AccountError: it is not right.
        Stop: (429) too many tries.
    """
    _check_own(portal, actor, password, visit)
    with portal.database.transaction() as connection:
        return prove(connection, portal.keys, actor.session, portal.clock())


def change_password(portal: Portal, actor: Actor, old: str, new: str, visit: Visit) -> str:
    """Another password; all other sessions end. A new secret for the cookie.

    Raises:
        AccountError: the old one is not right, or the new one is no good password.
        Stop: (429) too many tries.
    """
    found = _check_own(portal, actor, old, visit)
    passwords.check_password(new, own_words(portal, found))
    hashed, now = passwords.hash_password(new, actor.kind), portal.clock()
    with portal.database.transaction() as connection:
        change(connection, actor.id, password_hash=hashed, password_set_at=now)
        end_all(connection, actor.id, now, but=actor.session)
        note(connection, actor, "accounts.password-set", actor.id)
        return prove(connection, portal.keys, actor.session, now)


def begin_second_factor(portal: Portal, actor: Actor) -> None:
    """A new secret for an authenticator; one that was there before counts until it is confirmed."""
    with portal.database.transaction() as connection:
        second_factor.prepare(connection, portal.keys, actor.session)
        note(connection, actor, "accounts.second-factor-begun", actor.id)


def give_up_second_factor(portal: Portal, actor: Actor) -> None:
    """No second factor any more, where none is a must.

    Raises:
        AccountError: it is a must.
    """
    with portal.database.transaction() as connection:
        policy = read_policy(connection)
        if actor.is_staff and policy.needs_second_factor(actor.roles):
            raise AccountError(_("Your roles need a second factor"))
        second_factor.take_away(connection, actor.id)
        note(connection, actor, "accounts.second-factor-removed", actor.id)


def renew_recovery_codes(portal: Portal, actor: Actor) -> list[str]:
    """Ten new recovery codes; those before open nothing any more."""
    with portal.database.transaction() as connection:
        codes = second_factor.new_recovery_codes(connection, portal.keys, actor.id)
        note(connection, actor, "accounts.recovery-codes-made", actor.id)
        return codes


def end_own_session(portal: Portal, actor: Actor, session: str) -> bool:
    """End one of one's own sessions; whether it was one."""
    with portal.database.transaction() as connection:
        ended = end(connection, session=session, now=portal.clock(), account=actor.id)
        if ended:
            note(connection, actor, "accounts.session-ended", actor.id, session=session)
        return ended


def end_other_sessions(portal: Portal, actor: Actor) -> int:
    """End all of one's own sessions but this one; how many."""
    with portal.database.transaction() as connection:
        ended = end_all(connection, actor.id, portal.clock(), but=actor.session)
        note(connection, actor, "accounts.sessions-ended", actor.id, count=ended)
        return ended


def need_own(connection: Connection, actor: Actor) -> Row[Any]:
    """One's own account.

    Raises:
        AccountError: it is gone.
    """
    found = find(connection, actor.id)
    if found is None:
        raise AccountError(_("This account is no longer there"))
    return found


def _check_own(portal: Portal, actor: Actor, password: str, visit: Visit) -> Row[Any]:
    with portal.database.reading() as connection:
        found = need_own(connection, actor)
    account, address = of_account(found.sign_in_name), of_address(visit.address)
    counted = count_try(portal.database, portal.keys, (account, address), portal.clock())
    with taken_back_if_stopped(portal.database, counted):
        is_right = passwords.is_right(password, found.password_hash, found.kind)
    with portal.database.transaction() as connection:
        if is_right:
            forgive(connection, counted)
        else:
            note(connection, actor, "accounts.proof-refused", actor.id)
    if not is_right:
        raise AccountError(WRONG_PASSWORD)
    return found
