"""Places in the browser: each form does what the command line does, and is noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.fleet.places import find_place, rename
from broker.store.places import Place, location_of
from broker.store.registry import add_site
from broker.store.tables import table_of
from portal.audit.tables import AuditEntry
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, sign_in_staff, submit, token_in


def notes(portal: Portal) -> list[tuple[str, str, str]]:
    """What was noted: action, about what, stage."""
    entries = table_of(AuditEntry)
    with portal.database.reading() as connection:
        rows = connection.execute(
            select(entries.c.action, entries.c.about, entries.c.facts).order_by("number")
        ).all()
    return [(action, about, json.loads(facts).get("stage", "")) for action, about, facts in rows]


def name_of(portal: Portal, kind: str, code: str) -> str:
    """What a place is called."""
    with portal.feedback.reading() as connection:
        return find_place(connection, code, kind).name


def local_day(portal: Portal, days: int = 0) -> date:
    """The day of the site, so many days from now: in its evening UTC is still at yesterday."""
    zone = ZoneInfo(portal.settings.timezone)
    return portal.clock().astimezone(zone).date() + timedelta(days=days)


def stands_in(portal: Portal, kind: str, code: str, days: int = 0) -> str | None:
    """The location of a place, so many days from now."""
    on = local_day(portal, days)
    with portal.feedback.reading() as connection:
        return location_of(connection, Place(kind, code), on)


def test_the_tree_shows_all_places(administrator: TestClient) -> None:
    """Locations, touchpoints and their devices, each a link away."""
    html = administrator.get("/staff/places").text
    for name in ("Център", "Зала 1", "Гише 2", "kiosk-1"):
        assert name in html
    assert "/staff/places/touchpoint/desk-1" in html


def test_a_place_is_added_below_another(town: Portal, administrator: TestClient) -> None:
    """With a name and a code; where it stands and since when is asked."""
    fields = {"name": "Етаж 2", "code": "floor-2", "into": "centre", "from_on": "01.11.2026"}
    done = submit(administrator, "/staff/places/add", fields)
    assert done.status_code == 303
    assert administrator.get(done.headers["location"]).status_code == 200
    assert name_of(town, "location", "floor-2") == "Етаж 2"
    assert stands_in(town, "location", "floor-2") == "centre"
    assert notes(town)[-2:] == [
        ("fleet.place-add", "floor-2", "asked"),
        ("fleet.place-add", "floor-2", "done"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "Етаж", "Използвайте малки латински букви"),
        ("code", "hall-1", "Този код е зает"),
        ("name", "", "Попълнете"),
        ("into", "nowhere", "Изберете един от отговорите"),
        ("from_on", "вчера", "Напишете дата"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    town: Portal, administrator: TestClient, field: str, value: str, said: str
) -> None:
    """Nothing is added, and what was typed is still there."""
    fields = {"name": "Етаж 2", "code": "floor-2", "into": "centre", "from_on": "01.11.2026"}
    answer = submit(administrator, "/staff/places/add", {**fields, field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'id="error-{field}"' in answer.text
    assert notes(town) == []


def test_a_place_is_renamed(town: Portal, administrator: TestClient) -> None:
    """The code stays."""
    path = "/staff/places/location/hall-1/rename"
    done = submit(administrator, path, {"name": "Голямата зала", "seen": "Зала 1"})
    assert done.status_code == 303
    assert name_of(town, "location", "hall-1") == "Голямата зала"


def test_a_rename_over_another_ones_is_refused(town: Portal, administrator: TestClient) -> None:
    """Whoever opened the form before is told; the second time it is done knowingly."""
    path = "/staff/places/location/hall-1/rename"
    opened = administrator.get(path)
    rename(town.feedback, "location", "hall-1", "Име на друг")
    fields = {"name": "Моето име", "seen": "Зала 1", "form_token": token_in(opened.text)}
    answer = administrator.post(path, data=fields, headers={"Origin": "http://portal.test"})
    assert answer.status_code == 409
    assert 'name="seen" value="Име на друг"' in answer.text
    assert name_of(town, "location", "hall-1") == "Име на друг"
    assert notes(town)[-1] == ("fleet.place-rename", "hall-1", "refused")


def test_a_touchpoint_moves_from_a_day_on(town: Portal, administrator: TestClient) -> None:
    """Until that day it stands where it stood."""
    day = local_day(town, 10)
    fields = {"into": "hall-2", "from_on": f"{day:%d.%m.%Y}", "seen": "hall-1"}
    done = submit(administrator, "/staff/places/touchpoint/desk-1/move", fields)
    assert done.status_code == 303
    assert stands_in(town, "touchpoint", "desk-1") == "hall-1"
    assert stands_in(town, "touchpoint", "desk-1", 11) == "hall-2"


def test_a_move_over_another_ones_is_refused(town: Portal, administrator: TestClient) -> None:
    """What the form says it stood in is not where it stands."""
    path = "/staff/places/touchpoint/desk-1/move"
    submit(administrator, path, {"into": "hall-2", "from_on": "", "seen": "hall-1"})
    answer = submit(administrator, path, {"into": "", "from_on": "", "seen": "hall-1"})
    assert answer.status_code == 409
    assert stands_in(town, "touchpoint", "desk-1") == "hall-2"


def test_a_place_can_stand_in_nothing_below_itself(administrator: TestClient) -> None:
    """It is not offered; who asks for it all the same is refused in words."""
    path = "/staff/places/location/centre/move"
    assert 'value="hall-1"' not in administrator.get(path).text
    answer = submit(administrator, path, {"into": "hall-1", "from_on": "", "seen": ""})
    assert answer.status_code == 422
    assert "не може да се намира само в себе си" in answer.text


def test_a_touchpoint_with_a_device_is_not_retired(administrator: TestClient) -> None:
    """It says which device, and what to do first; without the device it goes."""
    path = "/staff/places/touchpoint/desk-1/retire"
    answer = submit(administrator, path, {"on": ""})
    assert answer.status_code == 422
    assert "kiosk-1. Първо го преместете" in answer.text
    submit(administrator, "/staff/devices/kiosk-1/move", {"touchpoint": "", "seen": "desk-1"})
    assert submit(administrator, path, {"on": ""}).status_code == 303
    assert "Гише 1" not in administrator.get("/staff/places").text


def test_what_stands_in_a_place_is_told_before_it_is_retired(administrator: TestClient) -> None:
    """A warning on the page, and a refusal after it."""
    path = "/staff/places/location/hall-1/retire"
    assert "Гише 1" in administrator.get(path).text
    answer = submit(administrator, path, {"on": ""})
    assert answer.status_code == 422
    assert "Първо го преместете" in answer.text


def test_test_mode_is_switched(town: Portal, administrator: TestClient) -> None:
    """On, and off again."""
    page = "/staff/places/touchpoint/desk-1"
    for value, expected in (("yes", True), ("no", False)):
        done = submit(administrator, page, {"is_test": value}, to="/staff/touchpoints/desk-1/test")
        assert done.status_code == 303
        with town.feedback.reading() as connection:
            assert find_place(connection, "desk-1", "touchpoint").is_test is expected


def test_a_touchpoint_is_added_in_test_mode(town: Portal, administrator: TestClient) -> None:
    """For trying things out, before anything counts."""
    fields = {"name": "Гише 3", "code": "desk-3", "into": "hall-2", "is_test": "yes"}
    assert submit(administrator, "/staff/touchpoints/add", fields).status_code == 303
    with town.feedback.reading() as connection:
        assert find_place(connection, "desk-3", "touchpoint").is_test
    assert "Гише 3" in administrator.get("/staff/touchpoints").text


def test_another_municipality_is_nobodys_business(town: Portal, administrator: TestClient) -> None:
    """Its places are not shown, and not found."""
    add_site(town.feedback, "lovech")
    assert "lovech" not in administrator.get("/staff/places").text
    assert administrator.get("/staff/places/site/lovech").status_code == 404
    assert administrator.get("/staff/places/street/hall-1").status_code == 404
    assert administrator.get(f"/staff/places/site/{SITE}/retire").status_code == 404


@pytest.mark.parametrize("role", ["manager", "auditor", "head-of-unit"])
def test_others_look_and_change_nothing(
    town: Portal, new_client: Callable[[], TestClient], role: str
) -> None:
    """No buttons, and no way past them."""
    client = new_client()
    sign_in_staff(town, client, role)  # type: ignore[arg-type]
    html = client.get("/staff/places/location/hall-1").text
    assert "Зала 1" in html
    assert "/rename" not in html
    assert client.get("/staff/places/location/hall-1/rename").status_code == 403


def test_clerks_have_no_business_here(town: Portal, new_client: Callable[[], TestClient]) -> None:
    """They are told so; strangers are asked to sign in."""
    client = new_client()
    assert client.get("/staff/places").status_code == 303
    sign_in_staff(town, client, "clerk")
    assert client.get("/staff/places").status_code == 403


def test_the_list_of_touchpoints_is_linked(administrator: TestClient) -> None:
    """From the page of places, for all who read them."""
    assert 'href="/staff/touchpoints"' in administrator.get("/staff/places").text
