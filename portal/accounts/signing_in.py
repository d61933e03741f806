"""Signing in, step by step; what is wrong is never said more exactly than that something is.

Whether a name is known shows neither in the answer nor in the work done for it: always one
password is hashed, one slip looked up, and one entry noted.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from portal.accounts import passwords, second_factor
from portal.accounts.accounts import (
    AccountError,
    change,
    compact_name,
    find,
    find_by_name,
    is_citizen_name,
    roles_of,
)
from portal.accounts.own_words import own_words
from portal.accounts.policy import read_policy
from portal.accounts.sessions import Live, Means, Stage, begin, end, end_all
from portal.accounts.slips import find_good, spend_slips
from portal.accounts.tries import (
    count_try,
    forget,
    forgive,
    of_account,
    of_address,
    taken_back_if_stopped,
)
from portal.audit.log import note
from portal.web.actor import NOBODY, Actor
from portal.web.errors import Stop
from portal.web.portal import Portal


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


WRONG: Final = _("The name or the password is not right")
WRONG_CODE: Final = _("The code is not right")
NOT_OPEN: Final = _("This sign-in took too long. Begin again.")


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody signs in.

    Attributes:
        address: of the network; only its keyed hash is kept, for a day.
        browser: in a few words, for the list of sessions.
    """

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Step:
    """A sign-in after one more step.

    Attributes:
        stage: what is next; ``full``: it is done.
        secret: for the cookie.
        recovery_codes: to be shown this once.
    """

    stage: Stage
    secret: str
    recovery_codes: tuple[str, ...] = ()


def sign_in(portal: Portal, typed: str, password: str, visit: Visit, instead_of: str = "") -> Step:
    """The first step: name and password, or the code of a slip instead of it.

    Raises:
        AccountError: not right, whatever it is.
        Stop: (429) too many tries; (503) too many at once.
    """
    name, now = compact_name(typed), portal.clock()
    account, address = of_account(name), of_address(visit.address)
    counted = count_try(portal.database, portal.keys, (account, address), now)
    with portal.database.reading() as connection:
        found = find_by_name(connection, name)
        slip = find_good(connection, portal.keys, password, now)
    with taken_back_if_stopped(portal.database, counted):
        is_right = _is_password(name, found, password)
    by_slip = found is not None and slip is not None and slip.account == found.id
    if found is None or found.state == "locked" or not (is_right or by_slip):
        with portal.database.transaction() as connection:
            note(connection, NOBODY, "accounts.sign-in-refused", found.id if found else "")
        raise AccountError(WRONG)
    newer = None
    if is_right and passwords.is_outdated(found.password_hash, found.kind):
        with suppress(Stop):  # too busy now: another time
            newer = passwords.hash_password(password, found.kind)
    with portal.database.transaction() as connection:
        _check_unchanged(connection, found)
        forgive(connection, counted)
        if by_slip:
            return enter(connection, portal, found.id, "first-use", "slip", visit, instead_of)
        if newer:
            change(connection, found.id, password_hash=newer)
        stage = next_stage(connection, found)
        return enter(connection, portal, found.id, stage, "password", visit, instead_of)


def _is_password(name: str, found: Row[Any] | None, password: str) -> bool:
    """Whether it is the account's; as much work where there is none of that name."""
    if found is not None:
        return passwords.is_right(password, found.password_hash, found.kind)
    kind = "citizen" if is_citizen_name(name) else "staff"
    return passwords.is_right(password, None, kind)


def _check_unchanged(connection: Connection, before: Row[Any]) -> None:
    """See that nobody changed the password or locked the account while we were hashing.

    Raises:
        AccountError: somebody did.
    """
    now = find(connection, before.id, is_locked=True)
    if now is None or now.state == "locked" or now.password_hash != before.password_hash:
        raise AccountError(WRONG)


def next_stage(connection: Connection, found: Row[Any], *, is_proved: bool = False) -> Stage:
    """What is to be done after the password: nothing, or something with a second factor.

    Args:
        connection: of the transaction.
        found: the account.
        is_proved: it has used its second factor just now.
    """
    if found.totp_confirmed_at is not None:
        return "full" if is_proved else "code"
    if found.kind != "staff":
        return "full"
    must = read_policy(connection).needs_second_factor(roles_of(connection, found.id))
    return "enrol" if must else "full"


def give_code(portal: Portal, live: Live, code: str, visit: Visit) -> Step:
    """The second step: a code of the authenticator, or a recovery code.

    Raises:
        AccountError: not right, or used before.
        Stop: (429) too many tries.
    """
    now = portal.clock()
    account, address = of_account(live.account, "code"), of_address(visit.address)
    counted = count_try(portal.database, portal.keys, (account, address), now)
    with portal.database.transaction() as connection:
        found = _need(connection, live.account)
        if _use_either_code(connection, portal, found, code, now):
            forgive(connection, counted)
            return enter(connection, portal, found.id, "full", "password+code", visit, live.id)
        note(connection, NOBODY, "accounts.code-refused", live.account)
    raise AccountError(WRONG_CODE)


def enrol(portal: Portal, live: Live, code: str, visit: Visit) -> Step:
    """A second factor is set up with its first code; recovery codes come with it.

    It takes the place of one before, and the account's other sessions end: whoever was about to
    set up one of his own, or got in with the one before, is out.

    Raises:
        AccountError: the code is not right, or somebody else was faster.
        Stop: (429) too many tries.
    """
    now = portal.clock()
    account, address = of_account(live.account, "code"), of_address(visit.address)
    counted = count_try(portal.database, portal.keys, (account, address), now)
    with portal.database.transaction() as connection:
        found = find(connection, live.account, is_locked=True)
        if found is None or (live.stage == "enrol" and found.totp_confirmed_at is not None):
            raise AccountError(NOT_OPEN)
        if not second_factor.confirm(connection, portal.keys, found, live.id, code, now):
            raise AccountError(WRONG_CODE)
        forgive(connection, counted)
        codes = second_factor.new_recovery_codes(connection, portal.keys, found.id)
        note(connection, Actor(live.kind, live.account), "accounts.second-factor-made", found.id)
        end_all(connection, found.id, now)
        step = enter(connection, portal, found.id, "full", "password+code", visit, live.id)
    return Step(step.stage, step.secret, tuple(codes))


def set_first_password(portal: Portal, live: Live, password: str, visit: Visit) -> Step:
    """An own password instead of the slip, which is spent; other sessions end.

    Raises:
        AccountError: it is no good password, or the slip was used or taken back meanwhile.
    """
    now = portal.clock()
    with portal.database.reading() as connection:
        found = _need(connection, live.account)
    passwords.check_password(password, own_words(portal, found))
    hashed = passwords.hash_password(password, live.kind)
    with portal.database.transaction() as connection:
        if not spend_slips(connection, live.account, now):
            raise AccountError(NOT_OPEN)
        change(connection, found.id, password_hash=hashed, password_set_at=now, state="active")
        end_all(connection, found.id, now)
        note(connection, Actor(live.kind, live.account), "accounts.password-set", found.id)
        stage = next_stage(connection, _need(connection, found.id))
        return enter(connection, portal, found.id, stage, "slip", visit)


def open_invitation(portal: Portal, code: str, visit: Visit) -> Step:
    """The first step with an invitation's link instead of name and password.

    Raises:
        AccountError: it was used, taken back, or is too old.
        Stop: (429) too many tries.
    """
    now, address = portal.clock(), of_address(visit.address)
    counted = count_try(portal.database, portal.keys, (address,), now)
    with portal.database.transaction() as connection:
        slip = find_good(connection, portal.keys, code, now)
        found = find(connection, slip.account) if slip is not None else None
        if slip is None or slip.kind != "link" or found is None or found.state == "locked":
            raise AccountError(_("This link was used already, or is too old. Ask for a new one."))
        forgive(connection, counted)
        forget(connection, portal.keys, of_account(found.sign_in_name))
        return enter(connection, portal, found.id, "first-use", "link", visit)


def sign_out(portal: Portal, actor: Actor) -> None:
    """End this session."""
    with portal.database.transaction() as connection:
        session, now = actor.session, portal.clock()
        if session and end(connection, session=session, now=now) and actor.id:
            note(connection, actor, "accounts.signed-out", actor.id)


def enter(  # noqa: PLR0913, PLR0917  one more than usual: a step of a sign-in has many sides
    connection: Connection,
    portal: Portal,
    account: str,
    stage: Stage,
    means: Means,
    visit: Visit,
    instead_of: str = "",
) -> Step:
    """Go on to ``stage`` with a new session, and a new id for it.

    Raises:
        AccountError: the account was locked meanwhile.
    """
    now = portal.clock()
    found = find(connection, account, is_locked=True)
    if found is None or found.state == "locked":
        raise AccountError(NOT_OPEN)
    session, secret = begin(
        connection,
        portal.keys,
        account,
        now=now,
        stage=stage,
        means=means,
        browser=visit.browser,
        instead_of=instead_of,
    )
    if stage == "enrol":
        second_factor.prepare(connection, portal.keys, session)
    if stage == "full":
        change(connection, account, signed_in_at=now, state="active")
        note(connection, Actor(found.kind, account), "accounts.signed-in", account, means=means)
    return Step(stage, secret)


def _use_either_code(
    connection: Connection, portal: Portal, found: Row[Any], code: str, now: datetime
) -> bool:
    """Whether it was the authenticator's code, or a recovery code."""
    if second_factor.use_code(connection, portal.keys, found, code, now):
        return True
    if not second_factor.use_recovery_code(connection, portal.keys, found.id, code):
        return False
    note(connection, Actor(found.kind, found.id), "accounts.recovery-code-used", found.id)
    return True


def _need(connection: Connection, account: str) -> Row[Any]:
    found = find(connection, account)
    if found is None:
        raise AccountError(NOT_OPEN)
    return found
