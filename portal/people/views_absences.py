"""Entering absences: by administrators, and by heads for their own unit and those in it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from portal.people.employees import absences_of, enter_absence, find_employee, remove_absence
from portal.people.errors import PeopleError
from portal.people.forms import AbsenceForm
from portal.people.pages import refuse
from portal.people.views_employees import AREA, LEADERS, answer, leads
from portal.web.errors import forbidden
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here

__all__ = ["AREA"]


@AREA.post("/{employee}/absences", LEADERS)
def take_absence(page: Here, employee: str) -> Response:
    """Enter days on which somebody is not there."""
    _check_leads(page, employee)
    filled = page.fill(AbsenceForm)
    form = filled.model
    if form is not None:
        try:
            enter_absence(
                page.portal.database,
                employee,
                form.first_on,
                form.last_on,
                deputy=form.deputy or None,
                actor=page.actor,
            )
        except PeopleError as error:
            refuse(page, filled, error)
    return answer(page, employee, filled)


@AREA.post("/{employee}/absences/{absence}/remove", LEADERS)
def take_back_absence(page: Here, employee: str, absence: str) -> Response:
    """Take an absence back."""
    _check_leads(page, employee)
    with page.portal.database.reading() as connection:
        own = [each.id for each in absences_of(connection, employee)]
    page.need(absence if absence in own else None)
    filled: Filled[Any] = blank()
    try:
        remove_absence(page.portal.database, absence, actor=page.actor)
    except PeopleError as error:
        refuse(page, filled, error)
    return answer(page, employee, filled)


def _check_leads(page: Page, employee: str) -> None:
    with page.portal.database.reading() as connection:
        page.need(find_employee(connection, employee))
        if not leads(connection, page, employee):
            raise forbidden("Absences are entered by the head of the unit.")
