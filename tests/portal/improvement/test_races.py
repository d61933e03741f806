"""Two who do the same at once: one of them does it, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from analytics.improvement.who import ImprovementError
from portal.improvement.escalation import remind
from portal.improvement.office import office_of
from portal.web.portal import Portal
from tests.portal.improvement.house import House, a_finding, a_plan, a_wish
from tests.portal.improvement.test_contract import portal_house

__all__ = ["portal_house"]


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """What became of each: ``done``, or the class of what was told."""

    def tried(verb: Callable[[], object]) -> str:
        try:
            verb()
        except ImprovementError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return sorted(pool.map(tried, verbs))


def test_race_for_a_state(portal_house: House) -> None:
    """The second one looks again, and the history has one line more."""
    house = portal_house
    made = house.desk.make_action(house.head, a_plan(house.head))

    def done() -> None:
        house.desk.move_action(house.head, made.id, "done", on=made.made_at.date(), revision=1)

    def dropped() -> None:
        house.desk.move_action(house.manager, made.id, "dropped", on=made.due_on, revision=1)

    assert at_once(done, dropped) == ["StaleError", "done"]
    assert len(house.desk.history(house.head, made.id)) == 2


def test_race_for_a_wish_and_a_finding(portal_house: House) -> None:
    """The same twice is one."""
    house = portal_house
    wish = [lambda: house.desk.subscribe(house.head, a_wish())] * 4
    assert at_once(*wish) == ["done"] * 4
    assert len(house.desk.my_subscriptions(house.head)) == 1
    seen = [lambda: house.desk.acknowledge(house.head, a_finding())] * 4
    assert at_once(*seen) == ["done"] * 4


def test_race_of_two_upkeeps(portal: Portal, portal_house: House) -> None:
    """Each mail goes out once."""
    house, office = portal_house, office_of(portal)
    house.desk.make_action(house.head, a_plan(house.head, due_on=office.today().replace(day=1)))
    house.clock.now = house.clock.now.replace(year=house.clock.now.year + 1)
    at_once(*[lambda: remind(office, 365)] * 2)
    assert house.mailed() == ["head@example.bg", "manager@example.bg"]
