"""The names of the staff, to be masked in comments."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Connection, select

from portal.accounts.tables import Account
from portal.comments.names import NamePattern, name_pattern
from portal.people.tables import Employee
from portal.store.tables import table_of

_employee, _account = table_of(Employee), table_of(Account)
_OFFICE: Final = re.compile(
    r"админ|деловод|гише|служи|отдел|дежур|редакт|рецепц|цент|общин|кмет|каса|информ|"
    r"admin|desk|office|recep|test|тест|поддръж|управ|одит|auditor|editor|clerk|manager",
    re.IGNORECASE,
)
"""Beginnings of what an account is called that is a desk's, not a person's."""


def staff_pattern(connection: Connection) -> NamePattern:
    """What finds the names of all who work for the municipality, or did, or sign in as staff."""
    columns = _employee.c.first_name, _employee.c.middle_name, _employee.c.last_name
    people = [tuple(names) for names in connection.execute(select(*columns))]
    latin = connection.execute(select(_employee.c.latin_name)).scalars()
    accounts = select(_account.c.name).where(_account.c.kind == "staff")
    called = (name for name in connection.execute(accounts).scalars() if _is_of_person(name))
    whole = {tuple(name.split()) for name in (*latin, *called)}
    return name_pattern(tuple(sorted({*people, *whole})))


def _is_of_person(name: str) -> bool:
    """Whether an account is called by a first and a last name; what desks are called are words."""
    parts = name.split()
    is_name = 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts)
    return is_name and _OFFICE.search(name) is None
