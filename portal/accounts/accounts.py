"""Accounts: making, finding, locking; and what they may. Functions on a caller's transaction."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from portal.accounts.tables import Account, AccountIdentity, AccountRole, AccountUnit
from portal.keys import Keys
from portal.people.party_search import full_name, resolve_party
from portal.store.tables import new_id, table_of
from portal.web.actor import ROLES, Role

MAIL_USE: Final = "account-mail"
MAX_SIGN_IN_NAME: Final = 100
MAX_NAME: Final = 200
POWERFUL: Final[frozenset[Role]] = frozenset({"administrator", "auditor", "manager"})
"""Roles that reach into everything."""
BOUNDED: Final[frozenset[Role]] = frozenset({"head-of-unit", "manager"})
"""Roles that may hold for some units only: their pages show what is of these."""
WHOLE: Final[frozenset[Role]] = frozenset({"administrator", "auditor", "editor"})
"""Roles that hold for the whole municipality, so that units beside them would bound nothing."""

accounts: Final = table_of(Account)
_roles: Final = table_of(AccountRole)
_units: Final = table_of(AccountUnit)
_identities: Final = table_of(AccountIdentity)


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


UNBOUNDED: Final = _(
    "Only heads of units and managers can be bound to units; administrators, auditors and editors "
    "work for the whole municipality. Leave the units out, or these roles."
)


class AccountError(Exception):
    """An account that can't be made or changed so; the text says why, in English as in the
    catalogue, with ``{values}`` put in after translation.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


def normal_name(text: str) -> str:
    """A sign-in name as it is stored: no spaces around, compatible forms alike, small letters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def make_staff(  # noqa: PLR0913  each says one thing about it, by its name
    connection: Connection,
    sign_in_name: str,
    name: str,
    *,
    now: datetime,
    roles: Iterable[Role],
    units: Iterable[str] = (),
    employee: str | None = None,
) -> str:
    """Make an account of the staff, in which nobody can sign in yet; its id.

    Args:
        connection: of the transaction.
        sign_in_name: chosen; an e-mail address serves well.
        name: as others see it.
        now: when.
        roles: what he may.
        units: codes of units for which those of :data:`BOUNDED` hold; none: all.
        employee: id of the employee, where ``people`` knows him.

    Raises:
        AccountError: not a name, or somebody has it already.
    """
    normal = normal_name(sign_in_name)
    if not 3 <= len(normal) <= MAX_SIGN_IN_NAME or not normal.isprintable() or " " in normal:
        raise AccountError(_("A sign-in name has 3 to 100 characters and no spaces"))
    if is_citizen_name(normal):
        raise AccountError(_("Nine digits are how citizens sign in; choose a name with letters"))
    if not 1 <= len(name.strip()) <= MAX_NAME or not name.isprintable():
        raise AccountError(_("Write a name"))
    if find_by_name(connection, normal) is not None:
        raise AccountError(_("Somebody else has this sign-in name"))
    account = new_id()
    connection.execute(
        insert(accounts).values(
            id=account,
            kind="staff",
            sign_in_name=normal,
            name=name.strip(),
            state="invited",
            employee=employee,
            made_at=now,
        )
    )
    set_powers(connection, account, roles, units)
    return account


def make_citizen(connection: Connection, party: str | None, now: datetime, name: str = "") -> str:
    """Make a citizen's account, in which nobody can sign in yet; its id.

    ``name`` is for one without a party only: else ``people`` knows it.
    """
    account = new_id()
    connection.execute(
        insert(accounts).values(
            id=account,
            kind="citizen",
            sign_in_name=_free_number(connection),
            name=name,
            state="invited",
            party=party,
            made_at=now,
        )
    )
    return account


def is_citizen_name(name: str) -> bool:
    """Whether it is how citizens sign in: nine digits."""
    return len(name) == 9 and name.isascii() and name.isdigit()


def compact_name(text: str) -> str:
    """What was typed as a sign-in name; a citizen's number may be grouped as on the slip."""
    normal = normal_name(text)
    joined = "".join(normal.split()).replace("-", "")
    return joined if is_citizen_name(joined) else normal


def find(connection: Connection, account: str, *, is_locked: bool = False) -> Row[Any] | None:
    """The account of that id; ``is_locked``: nobody else changes it until the transaction ends."""
    wanted = select(accounts).where(accounts.c.id == account)
    return connection.execute(wanted.with_for_update() if is_locked else wanted).one_or_none()


def find_by_name(connection: Connection, sign_in_name: str) -> Row[Any] | None:
    """The account of that sign-in name, as it is stored."""
    wanted = select(accounts).where(accounts.c.sign_in_name == sign_in_name)
    return connection.execute(wanted).one_or_none()


def change(connection: Connection, account: str, **values: object) -> None:
    """Write columns of an account."""
    connection.execute(update(accounts).where(accounts.c.id == account).values(**values))


def set_powers(
    connection: Connection, account: str, roles: Iterable[Role], units: Iterable[str]
) -> None:
    """What somebody of the staff may from now on, instead of what he might before.

    Raises:
        AccountError: no role, or one that is none, or units for roles that hold everywhere.
    """
    wanted, codes = sorted(set(roles)), sorted(set(units))
    if not wanted or not set(wanted) <= set(ROLES):
        raise AccountError(_("Choose at least one role"))
    if codes and (WHOLE.intersection(wanted) or not BOUNDED.intersection(wanted)):
        raise AccountError(UNBOUNDED)
    connection.execute(delete(_roles).where(_roles.c.account == account))
    connection.execute(delete(_units).where(_units.c.account == account))
    connection.execute(insert(_roles), [{"account": account, "role": role} for role in wanted])
    if codes:
        connection.execute(insert(_units), [{"account": account, "unit": code} for code in codes])


def roles_of(connection: Connection, account: str) -> frozenset[str]:
    """The roles of an account."""
    return frozenset(connection.scalars(select(_roles.c.role).where(_roles.c.account == account)))


def units_of(connection: Connection, account: str) -> frozenset[str]:
    """The units for which its roles hold; none: all."""
    return frozenset(connection.scalars(select(_units.c.unit).where(_units.c.account == account)))


def shown_name(connection: Connection, found: Row[Any]) -> str:
    """As others see somebody: a citizen's name is that of the party, which ``people`` owns."""
    if found.kind == "staff" or not found.party:
        return str(found.name)
    party = resolve_party(connection, found.party)
    return full_name(party) if party is not None else ""


def mail_of(keys: Keys, found: Row[Any]) -> str:
    """The e-mail address of an account; empty where none is known."""
    return keys.unseal(MAIL_USE, found.email).decode() if found.email else ""


def _free_number(connection: Connection) -> str:
    """Nine digits by chance that nobody has: they tell nothing of anybody."""
    while True:
        number = str(100_000_000 + secrets.randbelow(900_000_000))
        if find_by_name(connection, number) is None:
            return number
