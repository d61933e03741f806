"""Doubted votes in the browser: what the rules say, and what people rule about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from starlette.testclient import TestClient

from broker.intake.intake import Intake
from broker.misuse.flagging import flag_recent
from broker.store.tables import RatingDay, table_of
from portal.web.portal import Portal
from tests.fixtures.portals import sign_in_staff, submit
from tests.intake.making import delivery
from tests.misuse.pressing import pressed
from tests.portal.fleet.test_places import notes
from tests.portal.fleet.test_settings import hidden


@pytest.fixture
def burst(town: Portal) -> str:
    """Six presses in a row and two more, yesterday at noon at desk 1; the day."""
    zone = ZoneInfo("Europe/Sofia")
    noon = (town.clock() - timedelta(days=1)).astimezone(zone).replace(hour=12, minute=0, second=0)
    presses = pressed([0, 1, 2.1, 2.9, 4, 5, 900, 1300], since=noon)
    events = [replace(event, touchpoint="desk-1") for event in presses]
    Intake(town.feedback).admit([delivery(*events, received_at=town.clock())])
    flag_recent(town.feedback, town.clock())
    assert figures(town) == (8, 2)
    return f"{noon:%d.%m.%Y}"


def figures(town: Portal) -> tuple[int, int]:
    """Ratings of desk 1, raw and filtered."""
    day = table_of(RatingDay)
    with town.feedback.reading() as connection:
        row = connection.execute(select(func.sum(day.c.raw), func.sum(day.c.filtered))).one()
    return int(row[0]), int(row[1])


def test_what_is_doubted_names_a_place_and_a_day(administrator: TestClient, burst: str) -> None:
    """With both figures side by side, and the reason in words."""
    html = administrator.get("/staff/misuse").text
    assert "Гише 1" in html
    assert "много натискания едно след друго" in html
    assert burst[-4:] in html


def test_people_rule_that_votes_are_genuine(
    town: Portal, administrator: TestClient, burst: str
) -> None:
    """For all rules; it holds when the day is judged again, and is taken back as a whole."""
    fields = {"touchpoint": "desk-1", "on": burst, "verdict": "every", "cause": "known-crowd"}
    assert submit(administrator, "/staff/misuse/rule", fields).status_code == 303
    assert figures(town) == (8, 8)
    flag_recent(town.feedback, town.clock())
    assert figures(town) == (8, 8)
    page = administrator.get("/staff/misuse").text
    assert "Наистина е имало толкова хора" in page
    assert notes(town)[-1] == ("fleet.votes-rule", "desk-1", "done")
    done = submit(administrator, "/staff/misuse", hidden(page), to="/staff/misuse/back")
    assert done.status_code == 303
    assert figures(town) == (8, 2)
    again = submit(administrator, "/staff/misuse", hidden(page), to="/staff/misuse/back")
    assert again.status_code == 422


def test_people_rule_that_votes_are_none(
    town: Portal, administrator: TestClient, burst: str
) -> None:
    """Of some hours; the raw figures keep them."""
    fields = {
        "touchpoint": "desk-1",
        "on": burst,
        "first": "12:10",
        "last": "12:20",
        "verdict": "ruled-out",
        "cause": "tried-out",
    }
    assert submit(administrator, "/staff/misuse/rule", fields).status_code == 303
    assert figures(town) == (8, 1)


def test_one_reason_alone_is_ruled_about(
    town: Portal, administrator: TestClient, burst: str
) -> None:
    """Other rules go on doubting."""
    fields = {"touchpoint": "desk-1", "on": burst, "verdict": "repeat", "cause": "other"}
    assert submit(administrator, "/staff/misuse/rule", fields).status_code == 303
    assert figures(town) == (8, 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"touchpoint": "desk-9"}, "touchpoint"),
        ({"verdict": "foreign-touchpoint"}, "verdict"),
        ({"cause": "spite"}, "cause"),
        ({"on": "31.12.2099"}, "on"),
        ({"first": "13:00", "last": "12:00"}, "last"),
        ({"first": "noon"}, "first"),
    ],
)
def test_a_ruling_that_can_not_be(
    town: Portal, administrator: TestClient, burst: str, wrong: dict[str, str], field: str
) -> None:
    """It is said beside the field."""
    fields = {"touchpoint": "desk-1", "on": burst, "verdict": "every", "cause": "other", **wrong}
    answer = submit(administrator, "/staff/misuse/rule", fields)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert figures(town) == (8, 2)


def test_who_may_rule(town: Portal, new_client: Callable[[], TestClient], burst: str) -> None:
    """Managers do; auditors and heads of units look."""
    manager, auditor = new_client(), new_client()
    sign_in_staff(town, manager, "manager")
    sign_in_staff(town, auditor, "auditor")
    fields = {"touchpoint": "desk-1", "on": burst, "verdict": "every", "cause": "other"}
    assert submit(manager, "/staff/misuse/rule", fields).status_code == 303
    assert auditor.get("/staff/misuse").status_code == 200
    assert auditor.get("/staff/misuse/rule").status_code == 403
