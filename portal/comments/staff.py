"""The names of the staff, to be masked in comments."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from portal.comments.names import NamePattern, name_pattern
from portal.people.tables import Employee
from portal.store.tables import table_of

_employee: Final = table_of(Employee)


def staff_pattern(connection: Connection) -> NamePattern:
    """What finds the names of all who work for the municipality, or did."""
    columns = _employee.c.first_name, _employee.c.middle_name, _employee.c.last_name
    people = [tuple(names) for names in connection.execute(select(*columns))]
    latin = connection.execute(select(_employee.c.latin_name)).scalars()
    return name_pattern(tuple(sorted({*people, *(tuple(name.split()) for name in latin)})))
