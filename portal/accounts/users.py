"""What administrators do with accounts of the staff. Each verb is one transaction.

Nobody changes his own powers or takes his own second factor away, and the last administrator
stays one: a town must not lock itself out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from portal.accounts import second_factor
from portal.accounts.accounts import (
    MAIL_USE,
    AccountError,
    accounts,
    change,
    compact_name,
    find,
    find_by_name,
    make_staff,
    roles_of,
    set_powers,
)
from portal.accounts.last_administrator import check_not_last
from portal.accounts.policy import Policy, read_policy, write_policy
from portal.accounts.sessions import end_all
from portal.accounts.slips import make_code, open_slip, revoke_slips
from portal.audit.log import CONSOLE, note
from portal.people.employees import find_employee
from portal.people.units import find_unit
from portal.web.actor import Actor, Role
from portal.web.portal import Portal


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


AT_THE_DESK: Final = _(
    "This is a citizen's account: a new slip, and the removal of a lost second factor, are given "
    "at the desk against an identity document"
)


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody of the staff who is to get an account.

    Attributes:
        employee: id of the employee in ``people``, where there is one.
    """

    sign_in_name: str
    name: str
    roles: frozenset[Role]
    units: frozenset[str] = frozenset()
    email: str = ""
    employee: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code for an account; it is told this once."""

    account: str
    code: str


def invite(portal: Portal, actor: Actor, user: NewUser) -> Invitation:
    """Make an account, and a link with which its owner chooses a password.

    Raises:
        AccountError: the name is none or taken, or there is no role.
    """
    try:
        with portal.database.transaction() as connection:
            account = _make(connection, portal, user)
            powers = {"roles": sorted(user.roles), "units": sorted(user.units)}
            note(connection, actor, "accounts.made", account, **powers)
            return _link(connection, portal, actor, account)
    except IntegrityError as error:  # at the same moment, or an employee who has one
        raise AccountError(
            _("Somebody else has this sign-in name, or this employee has an account already")
        ) from error


def invite_again(portal: Portal, actor: Actor, account: str) -> Invitation:
    """A new link for somebody who lost the password: that counts no more, and sessions end.

    Raises:
        AccountError: there is no such user; or it is one's own account, or the last
            administrator's, since whoever closes the page without the link could not come back.
            The command line may: there the link is not lost with a session.
    """
    with portal.database.transaction() as connection:
        found = need_account(connection, account)
        if found.kind != "staff":
            raise AccountError(AT_THE_DESK)
        if actor != CONSOLE:
            _check_other(actor, account)
            check_not_last(connection, account)
        change(connection, account, password_hash=None, password_set_at=None)
        end_all(connection, account, portal.clock())
        return _link(connection, portal, actor, account)


def change_powers(
    portal: Portal, actor: Actor, account: str, roles: Iterable[Role], units: Iterable[str]
) -> None:
    """Other roles or units; whoever works with the old ones has to sign in again.

    Raises:
        AccountError: no such user, no role, one's own, or the last administrator's.
    """
    wanted, codes = sorted(set(roles)), sorted(set(units))
    with portal.database.transaction() as connection:
        need_user(connection, account)
        _check_other(actor, account)
        if "administrator" not in wanted:
            check_not_last(connection, account)
        _check_units(connection, codes)
        set_powers(connection, account, wanted, codes)
        end_all(connection, account, portal.clock())
        note(connection, actor, "accounts.powers-changed", account, roles=wanted, units=codes)


def lock(portal: Portal, actor: Actor, account: str) -> None:
    """Nobody gets in with that account any more, and its sessions end.

    Raises:
        AccountError: no such account, one's own, or the last administrator's.
    """
    now = portal.clock()
    with portal.database.transaction() as connection:
        need_account(connection, account)
        _check_other(actor, account)
        check_not_last(connection, account)
        change(connection, account, state="locked", locked_at=now)
        end_all(connection, account, now)
        revoke_slips(connection, account, now)
        note(connection, actor, "accounts.locked", account)


def unlock(portal: Portal, actor: Actor, account: str) -> None:
    """It may be used again.

    Raises:
        AccountError: no such account, or it is not locked.
    """
    with portal.database.transaction() as connection:
        found = need_account(connection, account)
        if found.state != "locked":
            raise AccountError(_("This account is not locked"))
        state = "active" if found.signed_in_at or found.password_hash else "invited"
        change(connection, account, state=state, locked_at=None)
        note(connection, actor, "accounts.unlocked", account)


def end_sessions(portal: Portal, actor: Actor, account: str) -> int:
    """End all sessions of an account; how many.

    Raises:
        AccountError: no such account.
    """
    with portal.database.transaction() as connection:
        need_account(connection, account)
        ended = end_all(connection, account, portal.clock())
        note(connection, actor, "accounts.sessions-ended", account, count=ended)
        return ended


def remove_second_factor(portal: Portal, actor: Actor, account: str) -> None:
    """Take a lost second factor away; where it is a must, the next sign-in sets up a new one.

    Raises:
        AccountError: no such account, or one's own: for that it needs another administrator.
    """
    with portal.database.transaction() as connection:
        need_account(connection, account)
        _check_other(actor, account)
        second_factor.take_away(connection, account)
        end_all(connection, account, portal.clock())
        note(connection, actor, "accounts.second-factor-removed", account)


def decide(portal: Portal, actor: Actor, policy: Policy) -> None:
    """Other rules for accounts.

    Whoever must have a second factor now and did not before, and has none, has to sign in again.
    """
    now = portal.clock()
    with portal.database.transaction() as connection:
        before = read_policy(connection)
        write_policy(connection, policy)
        facts = {"second_factor": policy.second_factor, "two_persons": policy.two_persons}
        note(connection, actor, "accounts.policy-changed", "", **facts)
        for user, roles in list_users(connection):
            is_new = policy.needs_second_factor(roles) and not before.needs_second_factor(roles)
            if is_new and user.totp_confirmed_at is None:
                end_all(connection, user.id, now)


def list_users(connection: Connection) -> list[tuple[Row[Any], frozenset[str]]]:
    """All accounts of the staff by name, with their roles."""
    wanted = select(accounts).where(accounts.c.kind == "staff").order_by(accounts.c.name)
    found = connection.execute(wanted).all()
    return [(each, roles_of(connection, each.id)) for each in found]


def find_user(connection: Connection, sign_in_name: str) -> Row[Any]:
    """The account of that sign-in name; a citizen's number may be grouped as on the slip.

    Raises:
        AccountError: there is none.
    """
    found = find_by_name(connection, compact_name(sign_in_name))
    if found is None:
        raise AccountError(_("There is no such user"))
    return found


def need_account(connection: Connection, account: str) -> Row[Any]:
    """The account of that id.

    Raises:
        AccountError: there is none.
    """
    found = find(connection, account)
    if found is None:
        raise AccountError(_("There is no such user"))
    return found


def need_user(connection: Connection, account: str) -> Row[Any]:
    """The same, if it is of the staff.

    Raises:
        AccountError: there is none.
    """
    found = need_account(connection, account)
    if found.kind != "staff":
        raise AccountError(_("There is no such user"))
    return found


def policy_of(portal: Portal) -> Policy:
    """The rules that hold."""
    with portal.database.reading() as connection:
        return read_policy(connection)


def _make(connection: Connection, portal: Portal, user: NewUser) -> str:
    _check_units(connection, user.units)
    if user.employee and find_employee(connection, user.employee) is None:
        raise AccountError(_("There is no such employee"))
    account = make_staff(
        connection,
        user.sign_in_name,
        user.name,
        now=portal.clock(),
        roles=user.roles,
        units=user.units,
        employee=user.employee or None,
    )
    if user.email:
        change(connection, account, email=portal.keys.seal(MAIL_USE, user.email.encode()))
    return account


def _check_units(connection: Connection, codes: Iterable[str]) -> None:
    """A mistyped code would let somebody see nothing."""
    for code in codes:
        if find_unit(connection, code) is None:
            raise AccountError(_("There is no unit {code}"), code=code)


def _link(connection: Connection, portal: Portal, actor: Actor, account: str) -> Invitation:
    now = portal.clock()
    slip = open_slip(connection, portal.keys, account, kind="link", issued_by=actor.id, now=now)
    code = make_code(connection, portal.keys, slip, now)
    note(connection, actor, "accounts.invited", account)
    return Invitation(account, code)


def _check_other(actor: Actor, account: str) -> None:
    if actor.id == account:
        raise AccountError(_("Another administrator has to do this: it is your own account"))
