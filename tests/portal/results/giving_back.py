"""Published months and actions, for pages that show them."""

from __future__ import annotations

from datetime import date

from analytics.improvement.actions import Effect
from portal.accounts.accounts import change, make_staff
from portal.audit.log import CONSOLE
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.people.units import UnitDetails, add_unit
from portal.web.actor import Actor, Role
from portal.web.portal import Portal
from tests.portal.improvement.house import a_plan
from tests.published.sample import FEBRUARY, JANUARY, MARCH, a_book, contents

FAILED = Effect(
    "no-difference",
    '{"before": 0.31, "after": 0.29}',
    "Няма разлика извън случайното: 80 от 100 доволни след това, 79 преди.",
    "No difference beyond chance: 80 of 100 satisfied after, 79 before.",
)


def a_mayor(portal: Portal, name: str = "mayor-of-results") -> Actor:
    """Somebody who decides for the whole municipality."""
    roles: tuple[Role, ...] = ("manager",)
    with portal.database.transaction() as connection:
        account = make_staff(connection, name, "Кметът", now=portal.clock(), roles=roles)
        change(connection, account, state="active")
    return Actor("staff", account, "Кметът", frozenset(roles))


def desk_of(portal: Portal) -> ImprovementDesk:
    """Where results and actions are kept."""
    return ImprovementDesk(office_of(portal))


def add_units(portal: Portal) -> None:
    """The two of the book, by name."""
    for code, bg, en in (("hall", "Приемна", "Reception hall"), ("annex", "Архив", "")):
        details = UnitDetails("department", bg, en)
        add_unit(portal.database, code, details, date(2025, 1, 1), actor=CONSOLE)


def publish_months(portal: Portal, mayor: Actor) -> None:
    """Three months: a poor one, one without ratings, and a good one."""
    desk, poor = desk_of(portal), a_book((0, 5, 5, 3, 2))
    desk.publish_results(mayor, JANUARY, contents(poor, JANUARY))
    desk.publish_results(mayor, FEBRUARY, contents(poor, FEBRUARY))
    desk.publish_results(mayor, MARCH, contents(a_book(), MARCH))


def publish_actions(portal: Portal, mayor: Actor) -> None:
    """One that did not help, and one that was just begun."""
    desk = desk_of(portal)
    for words, effect in (
        (("Отворихме второ гише по обяд.", "We opened a second desk at noon."), FAILED),
        (("Преписваме формуляра на прост език.", ""), None),
    ):
        made = desk.make_action(mayor, a_plan(mayor, unit="hall"))
        revision = made.revision
        if effect is not None:
            done = desk.move_action(
                mayor, made.id, "done", on=date(2026, 2, 2), revision=made.revision
            )
            revision = done.revision
        desk.publish_action(mayor, made.id, words, effect, revision=revision)
