"""Staff's pages about colleagues: who is who, their posts, their absences and deputies."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from portal.people.employees import (
    EmployeeDetails,
    absences_of,
    add_employee,
    change_employee,
    employee_name,
    end_employee,
    find_employee,
    find_employees,
    whole_name,
)
from portal.people.errors import PeopleError
from portal.people.forms import AppointForm, EmployeeForm, EndForm
from portal.people.pages import refuse, today
from portal.people.posts import (
    all_posts,
    appoint,
    appointments_of,
    end_appointment,
    find_post,
    units_of,
    who_answers_for,
)
from portal.people.rules import is_on
from portal.people.tables import Employee
from portal.people.units import codes_below, find_unit, unit_name
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("employees", "/staff/employees")

READERS: Final = staff()
ADMINISTRATOR: Final = staff("administrator")
LEADERS: Final = staff("administrator", "head-of-unit")


@AREA.get("", READERS)
def find(page: Here, q: str = "") -> Response:
    """Colleagues of today, by name."""
    day = today(page)
    with page.portal.database.reading() as connection:
        found = find_employees(connection, q[:200], day)
        rows = [
            (
                each,
                whole_name(each),
                _post_lines(page, connection, each),
                _answers(page, connection, each),
            )
            for each in found
        ]
    return page.render(
        "people/employees.html", form=blank(q=q[:200]), rows=rows, may_change=_may_change(page)
    )


@AREA.get("/new", ADMINISTRATOR)
def ask_new(page: Here) -> Response:
    """An empty form."""
    return _form_page(page, blank(from_on=f"{today(page):%d.%m.%Y}"), "")


@AREA.post("/new", ADMINISTRATOR)
def take_new(page: Here) -> Response:
    """Add an employee."""
    filled = page.fill(EmployeeForm)
    form = filled.model
    if form is None:
        return _form_page(page, filled, "", 422)
    from_on = form.from_on or today(page)
    id_ = add_employee(page.portal.database, _details(form), from_on, actor=page.actor)
    return page.redirect(f"/staff/employees/{id_}", say="saved")


@AREA.get("/{employee}", READERS)
def show(page: Here, employee: str) -> Response:
    """A colleague: contact, posts, who stands in; absences for those who enter them."""
    return _employee_page(page, employee, blank())


@AREA.get("/{employee}/change", ADMINISTRATOR)
def ask_change(page: Here, employee: str) -> Response:
    """The form with what is known."""
    found = _found(page, employee)
    known = {name: getattr(found, name) for name in EmployeeForm.model_fields if name != "from_on"}
    return _form_page(page, blank(**known), employee)


@AREA.post("/{employee}/change", ADMINISTRATOR)
def take_change(page: Here, employee: str) -> Response:
    """Write what an employee is called."""
    filled = page.fill(EmployeeForm)
    form, _there = filled.model, _found(page, employee)
    if form is None:
        return _form_page(page, filled, employee, 422)
    try:
        change_employee(
            page.portal.database,
            employee,
            _details(form),
            revision=form.revision,
            actor=page.actor,
        )
    except PeopleError as error:
        refuse(page, filled, error)
        return _form_page(page, filled, employee, 422)
    return page.redirect(f"/staff/employees/{employee}", say="saved")


@AREA.post("/{employee}/end", ADMINISTRATOR)
def end(page: Here, employee: str) -> Response:
    """Say that somebody has left."""
    filled, _there = page.fill(EndForm), _found(page, employee)
    if filled.model is not None:
        try:
            end_employee(page.portal.database, employee, filled.model.on, actor=page.actor)
        except PeopleError as error:
            refuse(page, filled, error)
    return answer(page, employee, filled)


@AREA.post("/{employee}/posts", ADMINISTRATOR)
def take_post(page: Here, employee: str) -> Response:
    """Give somebody a post."""
    filled, _there = page.fill(AppointForm), _found(page, employee)
    form = filled.model
    if form is not None:
        try:
            appoint(
                page.portal.database,
                form.post,
                employee,
                form.from_on,
                until_on=form.until_on,
                actor=page.actor,
            )
        except PeopleError as error:
            refuse(page, filled, error)
    return answer(page, employee, filled)


@AREA.post("/{employee}/posts/{appointment}/end", ADMINISTRATOR)
def leave_post(page: Here, employee: str, appointment: str) -> Response:
    """Say that somebody holds a post no more."""
    filled, _there = page.fill(EndForm), _found(page, employee)
    with page.portal.database.reading() as connection:
        own = [each.id for each in appointments_of(connection, employee)]
    page.need(appointment if appointment in own else None)
    if filled.model is not None:
        try:
            end_appointment(page.portal.database, appointment, filled.model.on, actor=page.actor)
        except PeopleError as error:
            filled = blank()  # the day that the page has a field for is another one's
            filled.refuse("", page.text(error.message, **error.values))
    return answer(page, employee, filled)


def leads(connection: Connection, page: Page, employee: str) -> bool:
    """Whether whoever asks enters the absences of an employee: administrator, or head of his unit.

    A head whose role is for no unit in particular leads them all.
    """
    if "administrator" in page.actor.roles:
        return True
    if "head-of-unit" not in page.actor.roles:
        return False
    units = units_of(connection, employee, today(page))
    led = {code for unit in page.actor.units for code in codes_below(connection, unit)}
    return not page.actor.units or bool(units & led)


def _found(page: Page, employee: str) -> Employee:
    with page.portal.database.reading() as connection:
        found: Employee = page.need(find_employee(connection, employee))
    return found


def _may_change(page: Page) -> bool:
    return ADMINISTRATOR.judge(page.actor) == "welcome"


def _details(form: EmployeeForm) -> EmployeeDetails:
    names = EmployeeDetails.__dataclass_fields__
    return EmployeeDetails(**{name: getattr(form, name) for name in names})


def answer(page: Page, employee: str, filled: Filled[Any]) -> Response:
    """The employee's page after something was done there, with what is wrong if it was not."""
    if filled.errors:
        return _employee_page(page, employee, filled, 422)
    return page.redirect(f"/staff/employees/{employee}", say="saved")


def _post_lines(page: Page, connection: Connection, employee: Employee) -> list[str]:
    """The posts of somebody today: title, unit."""
    day = today(page)
    return [
        _post_line(page, connection, held.post)
        for held in appointments_of(connection, employee.id)
        if is_on(held.valid_from, held.valid_to, day)
    ]


def _post_line(page: Page, connection: Connection, post: str) -> str:
    found = find_post(connection, post)
    if found is None:
        return ""
    unit = find_unit(connection, found.unit)
    title = page.language.of({"bg": found.title_bg, "en": found.title_en})
    return f"{title}, {page.language.of(unit_name(unit))}" if unit is not None else title


def _answers(page: Page, connection: Connection, employee: Employee) -> Employee | None:
    """Who answers instead of somebody who is away today; himself when he is there."""
    return who_answers_for(connection, on=today(page), employee=employee.id)


def _form_page(page: Page, form: Filled[Any], employee: str, status: int = 200) -> Response:
    return page.render("people/employee_form.html", status, form=form, employee=employee)


def _employee_page(page: Page, employee: str, form: Filled[Any], status: int = 200) -> Response:
    day = today(page)
    with page.portal.database.reading() as connection:
        found = page.need(find_employee(connection, employee))
        may_lead = leads(connection, page, employee)
        is_shown = may_lead or "auditor" in page.actor.roles
        held = [
            (each, _post_line(page, connection, each.post))
            for each in appointments_of(connection, employee)
        ]
        absences = [
            (each, find_employee(connection, each.deputy or ""))
            for each in (absences_of(connection, employee) if is_shown else [])
        ]
        answers = _answers(page, connection, found)
        posts = all_posts(connection, day)
        titles = [(each.id, _post_line(page, connection, each.id)) for each in posts]
        colleagues = [e for e in find_employees(connection, on=day) if e.id != employee]
    return page.render(
        "people/employee.html",
        status,
        form=form,
        employee=found,
        name=whole_name(found),
        held=held,
        absences=absences,
        is_shown=is_shown,
        answers=answers,
        employee_name=employee_name,
        posts=[("", page.text("Choose a post")), *titles],
        colleagues=[
            ("", page.text("The post's deputies")),
            *((each.id, employee_name(each)) for each in colleagues),
        ],
        may_lead=may_lead,
        may_change=_may_change(page),
        today=day,
    )
