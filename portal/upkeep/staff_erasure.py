"""Erasing somebody of the staff who has left: the employee and the account, rows and all.

The audit log stays as it is, and its chain whole: it holds ids only, which then are nobody's. So do
paper batches and notices that were taken up, until their own time is over.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, select, update

from portal.accounts.accounts import AccountError, find_by_name, mail_of, normal_name
from portal.accounts.last_administrator import check_not_last
from portal.accounts.tables import Account, AccountRole, AccountUnit
from portal.accounts.users import need_user
from portal.audit.log import note
from portal.people.employees import find_employee, locked_employee
from portal.people.errors import PeopleError
from portal.people.tables import Absence, Appointment, Deputy, Employee
from portal.store.tables import table_of
from portal.upkeep.erasure import (
    FILE,
    erase_mails_to,
    erase_what_hangs_on,
    note_down,
    overwrite,
)
from portal.web.actor import Actor
from portal.web.portal import Portal

_account: Final = table_of(Account)
_employee, _absence = table_of(Employee), table_of(Absence)
_powers: Final = (table_of(AccountRole), table_of(AccountUnit))
_held: Final = (table_of(Appointment), table_of(Deputy), _absence)


@dataclass(frozen=True, slots=True)
class ErasedStaff:
    """What was erased.

    Attributes:
        accounts: how many; an employee has one at most.
        mails: to the person, sent or not.
        is_overwritten: whether the database's files hold nothing of it any more.
    """

    accounts: int
    mails: int
    is_overwritten: bool


def erase_employee(
    portal: Portal,
    employee: str,
    because: str,
    *,
    actor: Actor,
    now: datetime,
    is_restored: bool = False,
) -> ErasedStaff:
    """Erase an employee who has left: the names, posts, absences, deputies, and the account.

    Args:
        portal: whose databases, keys and files.
        employee: the id.
        because: a code for the audit log.
        actor: who erases.
        now: when.
        is_restored: he was erased before, and a backup brought him back: whatever that says of him,
            he goes; the caller overwrites the files.

    Raises:
        PeopleError: there is no such employee, or he is on the staff still.
        AccountError: it is the last administrator's account.
    """
    with portal.database.transaction() as connection:
        if find_employee(connection, employee) is None:
            raise PeopleError("There is no such employee")
        found = locked_employee(connection, employee)
        today = now.astimezone(ZoneInfo(portal.settings.timezone)).date()
        if not is_restored and (found.valid_to is None or found.valid_to > today):
            raise PeopleError("The employee is on the staff still: end that first")
        mails = erase_mails_to(connection, [found.e_mail])
        of_employee = select(_account.c.id).where(_account.c.employee == employee)
        accounts = list(connection.scalars(of_employee))
        mails += _erase_accounts(connection, portal, accounts)
        for table in _held:
            connection.execute(delete(table).where(table.c.employee == employee))
        as_deputy = _absence.c.deputy == employee
        connection.execute(update(_absence).where(as_deputy).values(deputy=None))
        connection.execute(delete(_employee).where(_employee.c.id == employee))
        note(connection, actor, "people.employee-erased", employee, because=because)
        for account in accounts:
            note(connection, actor, "accounts.erased", account)
        note_down(portal.settings.data / FILE, employee, now)  # before it is so
    return ErasedStaff(len(accounts), mails, not is_restored and overwrite(portal))


def erase_user(
    portal: Portal,
    named: str,
    because: str,
    *,
    actor: Actor,
    now: datetime,
    is_restored: bool = False,
) -> ErasedStaff:
    """Erase an account of the staff, and whatever hangs on it.

    Args:
        portal: whose databases, keys and files.
        named: sign-in name, or id.
        because: a code for the audit log.
        actor: who erases.
        now: when.
        is_restored: he was erased before, and a backup brought him back: whatever that says of him,
            he goes; the caller overwrites the files.

    Raises:
        AccountError: there is no such user, the account is open still, or the last administrator's.
    """
    with portal.database.transaction() as connection:
        found = _find_user(connection, named)
        account = str(found.id)
        if not is_restored and found.state != "locked":
            raise AccountError("This account is open: lock it first")
        mails = _erase_accounts(connection, portal, [account])
        note(connection, actor, "accounts.erased", account, because=because)
        note_down(portal.settings.data / FILE, account, now)  # before it is so
    return ErasedStaff(1, mails, not is_restored and overwrite(portal))


def _find_user(connection: Connection, named: str) -> Row[Any]:
    by_name = find_by_name(connection, normal_name(named))
    return need_user(connection, str(by_name.id) if by_name is not None else named)


def _erase_accounts(connection: Connection, portal: Portal, ids: Collection[str]) -> int:
    """Erase accounts with all that hangs on them; how many mails went with them."""
    for account in ids:
        check_not_last(connection, account)
    found = connection.execute(select(_account).where(_account.c.id.in_(ids))).all()
    mails = erase_mails_to(connection, [mail_of(portal.keys, each) for each in found])
    erase_what_hangs_on(connection, ids)
    for table in _powers:
        connection.execute(delete(table).where(table.c.account.in_(ids)))
    connection.execute(delete(_account).where(_account.c.id.in_(ids)))
    return mails
