"""Overdue actions: the owner is told, then the unit's manager; each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.improvement.escalation import remind
from portal.improvement.office import Office, office_of
from portal.improvement.service import ImprovementDesk
from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.portal.improvement.house import House, a_plan
from tests.portal.improvement.test_contract import portal_house

__all__ = ["portal_house"]
_mails = table_of(OutgoingMail)


@pytest.fixture
def office(portal: Portal) -> Office:
    """Of this portal."""
    return office_of(portal)


def subjects(office: Office) -> list[tuple[str, str]]:
    """To whom which mails went, the first first."""
    wanted = select(_mails.c.recipient, _mails.c.subject).order_by(_mails.c.id)
    with office.database.reading() as connection:
        return [(row.recipient, row.subject) for row in connection.execute(wanted)]


def due_in(office: Office, days: int) -> date:
    """The day so many days from today."""
    return office.today() + timedelta(days=days)


def test_the_owner_is_told_and_then_the_manager(office: Office, portal_house: House) -> None:
    """The manager of the unit, not the one of the whole municipality; each once."""
    house = portal_house
    made = house.desk.make_action(house.head, a_plan(house.head, due_on=due_in(office, 0)))
    assert remind(office, 7) == 0
    house.clock.now += timedelta(days=1)
    assert (remind(office, 7), remind(office, 7)) == (1, 0)
    assert [to for to, _subject in subjects(office)] == ["head@example.bg"]
    house.clock.now += timedelta(days=7)
    assert (remind(office, 7), remind(office, 7)) == (1, 0)
    told = subjects(office)[1:]
    assert told == [("manager@example.bg", "Просрочена мярка във Вашето звено")]
    assert house.desk.action(house.head, made.id) == made  # being told changes nothing of it


def test_another_day_begins_anew(office: Office, portal_house: House) -> None:
    """What was put off and is late again is told again."""
    house = portal_house
    plan = a_plan(house.head, due_on=due_in(office, -1))
    made = house.desk.make_action(house.head, plan)
    assert remind(office, 7) == 1
    later = replace(plan, due_on=due_in(office, 3))
    house.desk.plan_anew(house.head, made.id, later, revision=made.revision)
    assert remind(office, 7) == 0
    house.clock.now += timedelta(days=4)
    assert remind(office, 7) == 1
    assert len(subjects(office)) == 2


def test_what_is_done_is_not_overdue(office: Office, portal_house: House) -> None:
    """Nor what was dropped."""
    house = portal_house
    for state in ("done", "dropped"):
        plan = a_plan(house.head, due_on=due_in(office, -30))
        made = house.desk.make_action(house.head, plan)
        house.desk.move_action(house.head, made.id, state, on=office.today(), revision=1)
    assert remind(office, 7) == 0


def test_a_unit_without_a_manager_has_the_municipality_s(
    office: Office, portal_house: House
) -> None:
    """Somebody hears of it; who owns it himself is told as the owner only."""
    house = portal_house
    plan = a_plan(house.mayor, unit="archive", due_on=due_in(office, -30))
    house.desk.make_action(house.mayor, plan)
    other = a_plan(house.mayor, unit="revenue", due_on=due_in(office, -30))
    house.desk.make_action(house.mayor, other)
    assert remind(office, 7) == 2
    assert sorted(to for to, _subject in subjects(office)) == [
        "manager@example.bg",
        "mayor@example.bg",
        "mayor@example.bg",
    ]


def test_the_only_manager_s_own_action_goes_to_those_above(
    office: Office, portal_house: House
) -> None:
    """He is told as the owner; nobody is told of himself."""
    house = portal_house
    house.desk.make_action(house.manager, a_plan(house.manager, due_on=due_in(office, -30)))
    assert remind(office, 7) == 1
    assert sorted(to for to, _subject in subjects(office)) == [
        "manager@example.bg",
        "mayor@example.bg",
    ]


def test_the_desk_serves_a_portal(office: Office) -> None:
    """What the dashboard is handed needs nothing but the office."""
    assert ImprovementDesk(office).public_actions() == []
