"""What the sample town does about its votes: entered once, and fit to be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime

from analytics.improvement_virtual import VirtualImprovement
from otziv.sample_years.planting import Planted
from otziv.sample_years.taken_up import take_up
from portal.web.actor import Actor

TODAY = date(2026, 11, 22)
MANAGER = Actor("staff", "m1", "Мария Управителова", frozenset({"manager"}))
UNTIL = date(2026, 11, 20)
PLANTED = [
    Planted("helped", "town", "gorna-05", date(2026, 6, 17), UNTIL, -0.11),
    Planted("not-helped", "town", "gorna-07", date(2026, 7, 3), UNTIL, 0.0),
    Planted("worsening", "town", "gorna-09", date(2026, 11, 9), UNTIL, 0.16, "clarity"),
    Planted("child", "town", "gorna-12", date(2026, 8, 10), date(2026, 8, 10), 86),
]


def test_measures_that_were_planted_are_actions() -> None:
    """Two took effect on their day, one is planned; targets and the journal are there."""
    desk = VirtualImprovement([MANAGER], lambda: datetime(2026, 11, 22, 8, tzinfo=UTC))
    take_up(desk, MANAGER, PLANTED, TODAY)
    actions = {action.place.code: action for action in desk.actions(MANAGER) if action.place}
    assert set(actions) == {"gorna-05", "gorna-07", "gorna-09"}
    assert actions["gorna-05"].took_effect_on == date(2026, 6, 17)
    assert actions["gorna-07"].took_effect_on == date(2026, 7, 3)
    assert actions["gorna-09"].state == "planned"
    assert {action.place for action in desk.public_actions()} == {
        actions["gorna-05"].place,
        actions["gorna-07"].place,
    }
    assert {target.unit for target in desk.targets(MANAGER)} == {"centre", "revenue"}
    assert len(desk.entries(MANAGER, date(2026, 1, 1), TODAY)) == 3


def test_a_second_start_enters_nothing() -> None:
    """Who starts the demo again has no second set."""
    desk = VirtualImprovement([MANAGER], lambda: datetime(2026, 11, 22, 8, tzinfo=UTC))
    for _ in range(2):
        take_up(desk, MANAGER, PLANTED, TODAY)
    assert len(desk.actions(MANAGER)) == 3
