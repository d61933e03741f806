"""Employees, their posts, their absences, and who stands in.

An employee who leaves stays, with the day: what was decided in his name still names him.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, update

from broker.store.database import Database
from portal.audit.log import note
from portal.people.errors import PeopleError, StaleError
from portal.people.rows import row, rows
from portal.people.rules import is_on, name_key
from portal.people.tables import Absence, Appointment, Employee
from portal.store.tables import new_id, table_of
from portal.web.actor import Actor

_employee: Final = table_of(Employee)
_appointment: Final = table_of(Appointment)
_absence: Final = table_of(Absence)

MAX_ABSENCE: Final = timedelta(days=3 * 366)
"""Longer ones are mistyped: parental leave is at most two years a child."""


@dataclass(frozen=True, slots=True)
class EmployeeDetails:
    """What is entered of an employee."""

    first_name: str
    last_name: str
    middle_name: str = ""
    latin_name: str = ""
    e_mail: str = ""
    phone: str = ""


def employee_name(employee: Employee) -> str:
    """First and last name, as colleagues say it."""
    return f"{employee.first_name} {employee.last_name}"


def whole_name(employee: Employee) -> str:
    """As it is written on paper."""
    names = (employee.first_name, employee.middle_name, employee.last_name)
    return " ".join(filter(None, names))


def add_employee(
    database: Database, details: EmployeeDetails, from_on: date, *, actor: Actor
) -> str:
    """Add an employee who is on the staff from a day on; the id.

    Raises:
        PeopleError: a name is missing.
    """
    employee = new_id()
    with database.transaction() as connection:
        values = _values(details)
        connection.execute(insert(_employee).values(id=employee, valid_from=from_on, **values))
        note(connection, actor, "people.employee-added", employee)
    return employee


def change_employee(
    database: Database, employee: str, details: EmployeeDetails, *, revision: int, actor: Actor
) -> None:
    """Write what an employee is called and how he is reached.

    Raises:
        StaleError: somebody else changed it since it was shown.
        PeopleError: a name is missing.
    """
    with database.transaction() as connection:
        before = locked_employee(connection, employee)
        if before.revision != revision:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        values = _values(details)
        changed = sorted(name for name in values if getattr(before, name) != values[name])
        _write(connection, before, **values)
        note(connection, actor, "people.employee-changed", employee, fields=changed)


def end_employee(database: Database, employee: str, on: date, *, actor: Actor) -> None:
    """Say that an employee is on the staff no more from a day on; his posts are vacant then.

    Raises:
        StaleError: he has left already.
        PeopleError: he came later.
    """
    with database.transaction() as connection:
        found = locked_employee(connection, employee)
        if found.valid_to is not None:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        if on <= found.valid_from:
            raise PeopleError("This day is before the first one", field="on")
        _write(connection, found, valid_to=on)
        for each in rows(connection, Appointment, _appointment.c.employee == employee):
            if each.valid_to is None or each.valid_to > on:
                until = max(on, each.valid_from)
                here = _appointment.c.id == each.id
                connection.execute(update(_appointment).where(here).values(valid_to=until))
        note(connection, actor, "people.employee-ended", employee, on=on.isoformat())


def find_employee(connection: Connection, employee: str) -> Employee | None:
    """An employee, still on the staff or not."""
    return row(connection, Employee, _employee.c.id == employee)


def find_employees(
    connection: Connection, text: str = "", on: date | None = None
) -> list[Employee]:
    """Employees by the beginnings of words in their names; with a day, those of that day."""
    matches = [
        _employee.c.name_key.contains(f" {word}", autoescape=True)
        for word in name_key(text).split()
    ]
    found = rows(connection, Employee, *matches, order=("name_key", "id"))
    return [each for each in found if on is None or is_on(each.valid_from, each.valid_to, on)]


def enter_absence(
    database: Database,
    employee: str,
    first_on: date,
    last_on: date,
    *,
    deputy: str | None = None,
    actor: Actor,
) -> str:
    """Enter the days on which an employee is not there, both included; the absence's id.

    Raises:
        PeopleError: the days are the wrong way round, too many, or taken by another absence; or
            the deputy is he himself or nobody.
        StaleError: there is no such employee any more.
    """
    if last_on < first_on or last_on - first_on > MAX_ABSENCE:
        raise PeopleError("The last day is before the first, or years later", field="last_on")
    absence = new_id()
    with database.transaction() as connection:
        locked_employee(connection, employee)
        if deputy is not None and (deputy == employee or find_employee(connection, deputy) is None):
            raise PeopleError("Choose another colleague", field="deputy")
        for each in rows(connection, Absence, _absence.c.employee == employee):
            if each.first_on <= last_on and first_on <= each.last_on:
                raise PeopleError("Some of these days are entered already", field="first_on")
        connection.execute(
            insert(_absence).values(
                id=absence,
                employee=employee,
                first_on=first_on,
                last_on=last_on,
                deputy=deputy,
            )
        )
        note(connection, actor, "people.absence-entered", employee, first_on=first_on.isoformat())
    return absence


def remove_absence(database: Database, absence: str, *, actor: Actor) -> None:
    """Take back an absence that was a mistake, or never came to be.

    Raises:
        StaleError: it is not there any more.
    """
    with database.transaction() as connection:
        found = row(connection, Absence, _absence.c.id == absence, is_locked=True)
        if found is None:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        connection.execute(_absence.delete().where(_absence.c.id == absence))
        first_on = found.first_on.isoformat()
        note(connection, actor, "people.absence-removed", found.employee, first_on=first_on)


def absences_of(connection: Connection, employee: str) -> list[Absence]:
    """All absences of an employee, the latest first."""
    found = rows(connection, Absence, _absence.c.employee == employee, order=("first_on",))
    return found[::-1]


def locked_employee(connection: Connection, employee: str) -> Employee:
    """An employee, kept from others until the end of the transaction.

    Raises:
        StaleError: there is none.
    """
    found = row(connection, Employee, _employee.c.id == employee, is_locked=True)
    if found is None:
        raise StaleError("Somebody else changed this meanwhile; look at it anew")
    return found


def _values(details: EmployeeDetails) -> dict[str, Any]:
    if not details.first_name or not details.last_name:
        raise PeopleError("A person has a first and a last name", field="last_name")
    names = (details.first_name, details.middle_name, details.last_name, details.latin_name)
    values = {name: getattr(details, name) for name in EmployeeDetails.__dataclass_fields__}
    return {**values, "name_key": name_key(*names)}


def _write(connection: Connection, employee: Employee, **values: Any) -> None:  # noqa: ANN401
    values["revision"] = employee.revision + 1
    connection.execute(update(_employee).where(_employee.c.id == employee.id).values(**values))
