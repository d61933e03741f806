"""Access for citizens, given at the desk: identity card seen, application signed, slip handed over.

The clerk notes what kind of document it was and the last four signs of its number; nothing is
scanned. The code is on the slip and nowhere else: whoever gives it out can't read it later, and
its first use needs a password that the clerk never sees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from portal.accounts import second_factor, slips
from portal.accounts.accounts import (
    MAIL_USE,
    AccountError,
    accounts,
    change,
    find,
    mail_of,
    make_citizen,
)
from portal.accounts.policy import read_policy
from portal.accounts.sessions import end_all
from portal.audit.log import note
from portal.mail.outgoing import queue_if_reachable
from portal.people.party_search import all_ids, lock_resolved, resolve_party
from portal.people.tables import Party
from portal.web.actor import Actor
from portal.web.language import Language
from portal.web.portal import Portal

DOCUMENTS: Final = ("identity-card", "passport", "residence-permit", "driving-licence")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Seen:
    """What the clerk saw.

    Attributes:
        document: one of :data:`DOCUMENTS`.
        last_four: signs of its number.
        email: that the citizen wants notices at; empty: none, or the one there is.
        has_lost_second_factor: the citizen can't show codes any more, nor has recovery codes.
    """

    document: str
    last_four: str
    email: str = ""
    has_lost_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """An access being given.

    Attributes:
        slip: the row of the slip.
        account: the row of the account.
        party: whose it is.
        document: kind, and last four signs of the number.
    """

    slip: Row[Any]
    account: Row[Any]
    party: Party | None
    document: tuple[str, str] | None


def give_access(portal: Portal, actor: Actor, party: str, seen: Seen, language: Language) -> str:
    """Begin an access, or give it anew; the slip's id.

    Where there was one before, by a password or by an electronic identity, its password counts no
    more, its sessions end, a lost second factor is taken off and notices go to the new e-mail
    address: at once, or, where two persons are needed, when the second one agrees.

    Raises:
        AccountError: no such person, or the account is locked.
    """
    now = portal.clock()
    with portal.database.transaction() as connection:
        found = _account_of(connection, portal, party)
        is_again = was_used(found)
        is_lost = seen.has_lost_second_factor and found.totp_confirmed_at is not None
        needs_second = is_again and read_policy(connection).two_persons
        slip = slips.open_slip(
            connection,
            portal.keys,
            found.id,
            kind="desk",
            issued_by=actor.id,
            now=now,
            document=(seen.document, seen.last_four),
            email=portal.keys.seal(MAIL_USE, seen.email.encode()) if seen.email else None,
            takes_second_factor=is_lost,
            needs_approval=needs_second,
        )
        if is_again:
            _tell(connection, portal, found, language, is_lost=is_lost)
        facts = {"document": seen.document, "again": is_again, "waits": needs_second, "slip": slip}
        note(connection, actor, "accounts.access-given", found.id, **facts)
        if not needs_second:
            _take_effect(connection, actor, slip, now)
    return slip


def approve_access(portal: Portal, actor: Actor, slip: str) -> None:
    """A second person has seen the document, too.

    Raises:
        AccountError: nothing waits, or it is the same person.
    """
    now = portal.clock()
    with portal.database.transaction() as connection:
        slips.approve(connection, slip, actor.id, now)
        found = slips.find_slip(connection, slip)
        assert found is not None  # noqa: S101  # it was approved just now
        note(connection, actor, "accounts.access-approved", found.account, slip=slip)
        _take_effect(connection, actor, slip, now)


def print_slip(
    portal: Portal, actor: Actor, slip: str, draw: Callable[[Access, str], bytes]
) -> bytes:
    """The slip as ``draw`` draws it: once, and if drawing fails it counts as not printed.

    Raises:
        AccountError: it was printed, waits for a second person, or was taken back.
    """
    with portal.database.transaction() as connection:
        code = slips.make_code(connection, portal.keys, slip, portal.clock())
        drawn = draw(read_access(connection, portal, slip), code)
        found = slips.find_slip(connection, slip)
        assert found is not None  # noqa: S101  # its code was made just now
        note(connection, actor, "accounts.slip-printed", found.account, slip=slip)
    return drawn


def read_access(connection: Connection, portal: Portal, slip: str) -> Access:
    """All about an access that is being given.

    Raises:
        AccountError: there is none of that id.
    """
    found = slips.find_slip(connection, slip)
    account = find(connection, found.account) if found is not None else None
    if found is None or account is None or found.kind != "desk":
        raise AccountError(_("There is no such access"))
    party = resolve_party(connection, account.party) if account.party else None
    return Access(found, account, party, slips.document_of(portal.keys, found))


def waiting(connection: Connection, portal: Portal) -> list[Access]:
    """Accesses that wait for a second person."""
    found = slips.waiting_slips(connection)
    return [read_access(connection, portal, each.id) for each in found if each.kind == "desk"]


def account_of_party(connection: Connection, party: str) -> Row[Any] | None:
    """The account of a party, under whatever id it was made."""
    of_party = accounts.c.party.in_(all_ids(connection, party))
    wanted = select(accounts).where(of_party).order_by(accounts.c.id).limit(1)
    return connection.execute(wanted).one_or_none()


def was_used(found: Row[Any]) -> bool:
    """Whether somebody got in with that account, in whatever way."""
    return bool(found.state == "active" or found.password_hash or found.signed_in_at)


def _account_of(connection: Connection, portal: Portal, party: str) -> Row[Any]:
    known = lock_resolved(connection, party)  # nobody is erased, or merged, meanwhile
    if known is None or known.erased_at is not None:
        raise AccountError(_("There is no such person"))
    found = account_of_party(connection, known.id)
    if found is None:
        made = make_citizen(connection, known.id, portal.clock())
        found = find(connection, made)
    assert found is not None  # noqa: S101  # it was made just now
    if found.state == "locked":
        raise AccountError(
            _("This account is locked; an administrator can unlock it by its number, {number}"),
            number=found.sign_in_name,
        )
    return found


def _take_effect(connection: Connection, actor: Actor, slip: str, now: datetime) -> None:
    """Nothing of the access before holds; what was given with the slip is the account's.

    The owner has to confirm the e-mail address.
    """
    found = slips.find_slip(connection, slip)
    assert found is not None  # noqa: S101  # it was opened or approved just now
    change(connection, found.account, password_hash=None, password_set_at=None)
    end_all(connection, found.account, now)
    if found.takes_second_factor:
        second_factor.take_away(connection, found.account)
        note(connection, actor, "accounts.second-factor-removed", found.account, slip=slip)
    if found.email:
        change(connection, found.account, email=found.email, email_confirmed_at=None)
        slips.drop_email(connection, slip)


def _tell(
    connection: Connection, portal: Portal, found: Row[Any], language: Language, *, is_lost: bool
) -> None:
    """Tell the owner: if it was somebody else at the desk, this is how it comes out."""
    address = mail_of(portal.keys, found)
    if not address:
        return
    text = language.text(
        "A new code for your access to {address} was given at the desk. If it was not you who "
        "asked for it, call the municipality at once.",
        address=portal.settings.public_url,
    )
    if is_lost:
        text += "\n\n" + language.text(
            "The second factor, which was said to be lost, is taken off with it."
        )
    subject = language.text("A new code for your access")
    queue_if_reachable(connection, address, subject, f"{text}\n", now=portal.clock())
