"""Erasing somebody of the staff: no row and no file holds a word of him; the audit log is whole."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal.accounts.accounts import AccountError, change, find
from portal.accounts.sessions import begin
from portal.accounts.users import NewUser, invite, lock
from portal.audit.log import CONSOLE
from portal.audit.verify import verify
from portal.mail.outgoing import queue
from portal.people.employees import (
    EmployeeDetails,
    add_employee,
    end_employee,
    enter_absence,
    find_employee,
)
from portal.people.errors import PeopleError
from portal.store.tables import PortalTable
from portal.upkeep.erasure import FILE, noted_erasures
from portal.upkeep.staff_erasure import erase_employee, erase_user
from portal.web.actor import Role
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock

NAME = "Кукувица"
EMAIL = "canary@example.bg"
CANARIES = [text.encode() for text in (NAME, "кукувица", EMAIL, "canary", "0888 777 666")]


def colleague(portal: Portal, sign_in_name: str, *roles: Role, employee: str | None = None) -> str:
    """Somebody with an account who has signed in; the account's id."""
    user = NewUser(sign_in_name, NAME, frozenset(roles or ("clerk",)), frozenset(), EMAIL, employee)
    account = invite(portal, CONSOLE, user).account
    now = portal.clock()
    with portal.database.transaction() as connection:
        change(connection, account, state="active", password_hash="$argon2id$canary")
        begin(connection, portal.keys, account, now=now, browser="Firefox canary")
        queue(connection, EMAIL.upper(), "Код", NAME, now=now)
    return account


def employee(portal: Portal, last_name: str = NAME) -> str:
    """An employee since long ago; the id."""
    details = EmployeeDetails("Ива", last_name, e_mail=EMAIL, phone="0888 777 666")
    return add_employee(portal.database, details, date(2020, 1, 1), actor=CONSOLE)


def rows_that_tell(portal: Portal) -> list[str]:
    """Tables in which something of him stands."""
    with portal.database.reading() as connection:
        return [
            table.name
            for table in PortalTable.metadata.sorted_tables
            for row in connection.execute(select(table)).all()
            if any(canary in str(value).encode() for canary in CANARIES for value in row if value)
        ]


def test_who_has_left_is_erased_with_the_account(portal: Portal, clock: FrozenClock) -> None:
    """Names, posts, absences, sessions, mail; ids in the audit log stay, and its chain whole."""
    colleague(portal, "mayor", "administrator")
    known, other = employee(portal), employee(portal, "Птицова")
    with portal.database.transaction() as connection:
        connection.execute(PortalTable.metadata.tables["outgoing_mail"].delete())
    account = colleague(portal, "canary", employee=known)
    today = clock.now.date()
    for who, deputy in ((known, None), (other, known)):
        enter_absence(portal.database, who, today, today, deputy=deputy, actor=CONSOLE)
    end_employee(portal.database, known, today, actor=CONSOLE)

    erased = erase_employee(portal, known, "request", actor=CONSOLE, now=clock.now)
    assert (erased.accounts, erased.mails, erased.is_overwritten) == (1, 1, True)
    with portal.database.reading() as connection:
        assert find_employee(connection, known) is None
        assert find(connection, account) is None
        absences = PortalTable.metadata.tables["absence"]
        assert connection.execute(select(absences.c.employee, absences.c.deputy)).all() == [
            (other, None)
        ]
    assert verify(portal.database).is_whole
    assert {known} <= {party for _, party in noted_erasures(portal.settings.data / FILE)}
    with pytest.raises(PeopleError, match="no such employee"):
        erase_employee(portal, known, "request", actor=CONSOLE, now=clock.now)


def test_nothing_of_a_user_is_left(portal: Portal, clock: FrozenClock) -> None:
    """In no table, and (SQLite) in no file."""
    boss = colleague(portal, "mayor", "administrator")
    with portal.database.transaction() as connection:
        change(connection, boss, name="Кмет", email=None, password_hash="$argon2id$other")
        for table in ("outgoing_mail", "account_session"):
            connection.execute(PortalTable.metadata.tables[table].delete())
    account = colleague(portal, "canary")
    assert rows_that_tell(portal)
    lock(portal, CONSOLE, account)

    assert erase_user(portal, "Canary", "left", actor=CONSOLE, now=clock.now).is_overwritten
    assert rows_that_tell(portal) == []
    assert verify(portal.database).is_whole
    if portal.database.dialect == "sqlite":
        for path in Path(str(portal.database.url.database)).parent.glob("*sqlite3*"):
            content = path.read_bytes()
            assert not [canary for canary in CANARIES if canary in content], path.name


def test_who_works_here_is_not_erased(portal: Portal, clock: FrozenClock) -> None:
    """Nor is an account that is open, nor the last administrator's."""
    boss = colleague(portal, "mayor", "administrator")
    known = employee(portal)
    account = colleague(portal, "canary", employee=known)
    with pytest.raises(PeopleError, match="on the staff still"):
        erase_employee(portal, known, "request", actor=CONSOLE, now=clock.now)
    today = clock.now.astimezone(ZoneInfo(portal.settings.timezone)).date()
    end_employee(portal.database, known, today + timedelta(days=1), actor=CONSOLE)
    with pytest.raises(PeopleError, match="on the staff still"):
        erase_employee(portal, known, "request", actor=CONSOLE, now=clock.now)
    with pytest.raises(AccountError, match="lock it first"):
        erase_user(portal, "canary", "request", actor=CONSOLE, now=clock.now)
    with pytest.raises(AccountError, match="no such user"):
        erase_user(portal, "nobody", "request", actor=CONSOLE, now=clock.now)
    with portal.database.transaction() as connection:
        change(connection, boss, state="locked")
    with pytest.raises(AccountError, match="last administrator"):
        erase_user(portal, "mayor", "request", actor=CONSOLE, now=clock.now)

    accounts = PortalTable.metadata.tables["account"]
    with portal.database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(accounts)) == 2
        assert find(connection, account) is not None
    assert list(noted_erasures(portal.settings.data / FILE)) == []
