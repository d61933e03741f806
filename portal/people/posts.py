"""Posts, who holds them, who stands in, and who therefore answers on a day."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, insert, update

from broker.store.database import Database
from portal.audit.log import note
from portal.people.employees import find_employee, locked_employee
from portal.people.errors import PeopleError, StaleError
from portal.people.rows import row, rows
from portal.people.rules import Roster, is_on, overlap
from portal.people.tables import Absence, Appointment, Deputy, Employee, Post, Unit
from portal.store.tables import new_id, table_of
from portal.web.actor import Actor

_post: Final = table_of(Post)
_appointment: Final = table_of(Appointment)
_deputy: Final = table_of(Deputy)
_absence: Final = table_of(Absence)
_unit: Final = table_of(Unit)


def add_post(  # noqa: PLR0913  # each says one thing about it, by its name
    database: Database,
    unit: str,
    title_bg: str,
    *,
    title_en: str = "",
    is_head: bool = False,
    from_on: date,
    actor: Actor,
) -> str:
    """Add a post in a unit; its id.

    Raises:
        PeopleError: there is no such unit on that day, or the title is empty.
    """
    post = new_id()
    with database.transaction() as connection:
        found = row(connection, Unit, _unit.c.code == unit, is_locked=True)
        if found is None or not is_on(found.valid_from, found.valid_to, from_on):
            raise PeopleError("There is no such unit on that day", field="unit")
        if not title_bg:
            raise PeopleError("Write the title", field="title_bg")
        values = {"title_bg": title_bg, "title_en": title_en, "is_head": is_head}
        key = {"id": post, "unit": unit, "valid_from": from_on}
        connection.execute(insert(_post).values({**key, **values}))
        note(connection, actor, "people.post-added", post, unit=unit)
    return post


def end_post(database: Database, post: str, on: date, *, actor: Actor) -> None:
    """Say that there is no such post any more from a day on.

    Raises:
        StaleError: it has ended already.
        PeopleError: somebody holds it on that day or later.
    """
    with database.transaction() as connection:
        found = _locked_post(connection, post)
        if found.valid_to is not None:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        held = rows(connection, Appointment, _appointment.c.post == post)
        if any(each.valid_to is None or each.valid_to > on for each in held):
            raise PeopleError("Somebody holds it on that day; end that first", field="on")
        if on < found.valid_from:
            raise PeopleError("This day is before the first one", field="on")
        connection.execute(update(_post).where(_post.c.id == post).values(valid_to=on))
        note(connection, actor, "people.post-ended", post, on=on.isoformat())


def appoint(
    database: Database,
    post: str,
    employee: str,
    from_on: date,
    *,
    until_on: date | None = None,
    actor: Actor,
) -> str:
    """Give a post to an employee from a day on, until before another one; the appointment's id.

    Raises:
        PeopleError: somebody holds it then, or post or employee are not there all the time.
        StaleError: there is no such post or employee.
    """
    time = (from_on, until_on)
    if until_on is not None and until_on <= from_on:
        raise PeopleError("The last day is before the first, or years later", field="until_on")
    appointment = new_id()
    with database.transaction() as connection:
        place = _locked_post(connection, post)
        person = locked_employee(connection, employee)
        for each, field in ((place, "post"), (person, "employee")):
            if not _covers(each.valid_from, each.valid_to, time):
                raise PeopleError("It is not there at all of these days", field=field)
        for held in rows(connection, Appointment, _appointment.c.post == post):
            if overlap((held.valid_from, held.valid_to), time):
                raise PeopleError("Somebody holds this post on some of these days", field="post")
        connection.execute(
            insert(_appointment).values(
                id=appointment,
                post=post,
                employee=employee,
                valid_from=from_on,
                valid_to=until_on,
            )
        )
        note(connection, actor, "people.post-given", post, employee=employee)
    return appointment


def end_appointment(database: Database, appointment: str, on: date, *, actor: Actor) -> None:
    """Say that an employee holds a post no more from a day on.

    Raises:
        StaleError: he held it no more already.
        PeopleError: it is before he got it.
    """
    with database.transaction() as connection:
        here = _appointment.c.id == appointment
        found = row(connection, Appointment, here, is_locked=True)
        if found is None or found.valid_to is not None:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        if on < found.valid_from:
            raise PeopleError("This day is before the first one", field="on")
        connection.execute(update(_appointment).where(here).values(valid_to=on))
        note(connection, actor, "people.post-left", found.post, employee=found.employee)


def set_deputies(
    database: Database, post: str, employees: list[str], on: date, *, actor: Actor
) -> None:
    """Say who stands in at a post from a day on, in this order; those of before end then.

    Raises:
        PeopleError: one is named twice or is nobody.
        StaleError: there is no such post.
    """
    if len(set(employees)) < len(employees):
        raise PeopleError("A colleague is named twice", field="deputies")
    with database.transaction() as connection:
        _locked_post(connection, post)
        of_post = _deputy.c.post == post
        later = of_post & (_deputy.c.valid_from >= on)
        connection.execute(delete(_deputy).where(later))
        still = of_post & (_deputy.c.valid_to.is_(None) | (_deputy.c.valid_to > on))
        connection.execute(update(_deputy).where(still).values(valid_to=on))
        for rank, each in enumerate(employees, 1):
            if find_employee(connection, each) is None:
                raise PeopleError("Choose another colleague", field="deputies")
            values = {"post": post, "employee": each, "rank": rank, "valid_from": on}
            connection.execute(insert(_deputy).values(values))
        note(connection, actor, "people.deputies-set", post, count=len(employees))


def deputies_of(connection: Connection, post: str, on: date) -> list[str]:
    """Who stands in at a post on a day, in their order."""
    found = rows(connection, Deputy, _deputy.c.post == post, order=("rank", "employee"))
    return [each.employee for each in found if is_on(each.valid_from, each.valid_to, on)]


def posts_in(connection: Connection, unit: str, on: date) -> list[Post]:
    """The posts of a unit on a day, its head first."""
    found = rows(connection, Post, _post.c.unit == unit, order=("title_bg", "id"))
    there = [each for each in found if is_on(each.valid_from, each.valid_to, on)]
    return sorted(there, key=lambda post: not post.is_head)


def find_post(connection: Connection, post: str) -> Post | None:
    """A post, still there or not."""
    return row(connection, Post, _post.c.id == post)


def all_posts(connection: Connection, on: date) -> list[Post]:
    """All posts of a day."""
    found = rows(connection, Post, order=("unit", "title_bg", "id"))
    return [each for each in found if is_on(each.valid_from, each.valid_to, on)]


def appointments_of(connection: Connection, employee: str) -> list[Appointment]:
    """All posts that an employee holds, held or will hold, the latest first."""
    of_employee = _appointment.c.employee == employee
    return rows(connection, Appointment, of_employee, order=("valid_from",))[::-1]


def units_of(connection: Connection, employee: str, on: date) -> set[str]:
    """Codes of the units in which an employee holds a post on a day."""
    held = [
        each.post
        for each in appointments_of(connection, employee)
        if is_on(each.valid_from, each.valid_to, on)
    ]
    return {each.unit for each in rows(connection, Post, _post.c.id.in_(held))}


def roster(connection: Connection, on: date) -> Roster:
    """Who is who on a day; a few statements, whoever is asked about."""

    def there(each: Employee | Appointment | Deputy) -> bool:
        return is_on(each.valid_from, each.valid_to, on)

    held = [each for each in rows(connection, Appointment) if there(each)]
    posts: dict[str, list[str]] = {}
    for each in held:
        posts.setdefault(each.employee, []).append(each.post)
    deputies: dict[str, list[str]] = {}
    for stand_in in rows(connection, Deputy, order=("post", "rank", "employee")):
        if there(stand_in):
            deputies.setdefault(stand_in.post, []).append(stand_in.employee)
    away = rows(connection, Absence, _absence.c.first_on <= on, _absence.c.last_on >= on)
    return Roster(
        present=frozenset(each.id for each in rows(connection, Employee) if there(each)),
        away={each.employee: each.deputy for each in away},
        holders={each.post: each.employee for each in held},
        deputies=deputies,
        posts=posts,
    )


def who_answers_for(
    connection: Connection, *, on: date, post: str = "", employee: str = ""
) -> Employee | None:
    """Who answers for a post, or for an employee, on a day: he himself, or whoever stands in.

    First the deputy of the absence, then the post's standing ones in their order; one who is away
    himself is answered for by his own deputies. Nobody is asked twice, so there are no circles.

    Returns:
        ``None``: nobody; whoever leads the unit has to decide.
    """
    book = roster(connection, on)
    found = book.at_post(post) if post else book.for_employee(employee)
    return find_employee(connection, found) if found is not None else None


def _locked_post(connection: Connection, post: str) -> Post:
    found = row(connection, Post, _post.c.id == post, is_locked=True)
    if found is None:
        raise StaleError("Somebody else changed this meanwhile; look at it anew")
    return found


def _covers(valid_from: date, valid_to: date | None, time: tuple[date, date | None]) -> bool:
    """Whether something is there all the time."""
    is_begun = valid_from <= time[0]
    return is_begun and (valid_to is None or (time[1] is not None and time[1] <= valid_to))
