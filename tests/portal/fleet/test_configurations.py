"""Configurations of a device in the browser: what it had, what differs, back and forth again."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from broker.fleet.configurations import refresh, show
from broker.fleet.place_changes import set_setting
from broker.fleet.rollback import roll_back
from portal.web.portal import Portal
from tests.fixtures.portals import submit
from tests.portal.fleet.conftest import hear

PATH = "/staff/devices/kiosk-1/configurations"


@pytest.fixture
def made(town: Portal) -> list[int]:
    """Two configurations of kiosk 1, the older one first; it uses the newer."""
    numbers = []
    for minutes in (10, 20):
        set_setting(
            town.feedback, "location", "hall-1", "opening.grace_min", minutes, None, town.clock()
        )
        hours = [{"days": [1], "opens_at": "08:00", "closes_at": "17:00"}]
        set_setting(
            town.feedback, "location", "hall-1", "opening.weekly", hours, None, town.clock()
        )
        numbers.append(refresh(town.feedback, town.clock()).made["kiosk-1"])
    hear(town, "kiosk-1", configuration=numbers[-1])
    return numbers


def pinned(town: Portal) -> int | None:
    """What it is held to."""
    return show(town.feedback, "kiosk-1", town.clock()).pinned


def test_all_that_it_had_is_shown(administrator: TestClient, made: list[int]) -> None:
    """Which is in use, and what each was made for."""
    html = administrator.get(PATH).text
    assert all(f"{PATH}/{number}" in html for number in made)
    assert "в употреба" in html
    assert "зададеното за мястото му" in html
    english = administrator.get(f"/en{PATH}").text
    assert "what is set for its place" in english


def test_one_of_them_is_compared(administrator: TestClient, made: list[int]) -> None:
    """With what the device should have now."""
    html = administrator.get(f"{PATH}/{made[0]}").text
    assert "работно време › минути след затварянето: 10 → 20" in html
    assert "opening.grace_min" not in html
    newest = administrator.get(f"{PATH}/{made[-1]}").text
    assert "Няма разлика" in newest
    assert 'name="to"' not in newest
    assert administrator.get(f"{PATH}/99").status_code == 404


def test_a_device_is_held_and_let_go(
    town: Portal, administrator: TestClient, made: list[int]
) -> None:
    """Under a new number; the page says that it does not follow its place."""
    done = submit(administrator, f"{PATH}/{made[0]}", {"to": str(made[0]), "seen": "0"}, to=PATH)
    assert done.status_code == 303
    assert pinned(town) == made[0]
    assert "не следва мястото си" in administrator.get(PATH).text
    done = submit(administrator, PATH, {"to": "0", "seen": str(made[0])})
    assert done.status_code == 303
    assert pinned(town) is None


def test_holding_over_another_ones_is_refused(
    town: Portal, administrator: TestClient, made: list[int]
) -> None:
    """Somebody held it to something else meanwhile."""
    roll_back(town.feedback, "kiosk-1", town.clock(), made[0])
    answer = submit(administrator, f"{PATH}/{made[1]}", {"to": str(made[1]), "seen": "0"}, to=PATH)
    assert answer.status_code == 409
    assert pinned(town) == made[0]


def test_what_it_never_had_is_refused(
    town: Portal, administrator: TestClient, made: list[int]
) -> None:
    """In words, and nothing is changed."""
    assert made
    for number, status in (("4711", 422), (str(2**70), 404), ("-1", 404)):
        fields = {"to": number, "seen": "0"}
        answer = submit(administrator, f"{PATH}/{made[0]}", fields, to=PATH)
        assert answer.status_code == status
    assert pinned(town) is None
