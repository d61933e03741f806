"""The pages: who may open what, what they show, and what they keep to themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from portal.people.employees import EmployeeDetails, add_employee
from portal.people.posts import add_post, appoint
from portal.people.units import UnitDetails, add_unit
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, submit, token_in
from tests.portal.people.test_parties import enter
from tests.portal.people.town import (
    ADMINISTRATOR,
    LONG_AGO,
    MAYORALTIES,
    PERSON,
    SETTLEMENTS,
    TODAY,
    egn,
    list_of,
)

NEW = {
    "kind": "person",
    "first_name": "Иван",
    "middle_name": "Петков",
    "last_name": "Странски",
    "identifier_kind": "egn",
    "identifier": egn().value,
    "phone": "0670 00 001",
}


def send(client: TestClient, path: str, fields: dict[str, str], to: str = "") -> Response:
    """Open a page, fill its form in and send it."""
    answer = submit(client, path, dict(fields), to)
    assert isinstance(answer, Response)
    return answer


def actions(portal: Portal, prefix: str = "people.") -> list[tuple[str, str, dict[str, Any]]]:
    """What the audit log tells of this area: action, about, facts."""
    with portal.database.reading() as connection:
        found = connection.execute(
            text("SELECT action, about, facts FROM audit_entry ORDER BY number")
        ).all()
    told = [(each.action, each.about, json.loads(each.facts)) for each in found]
    return [each for each in told if each[0].startswith(prefix)]


def test_a_clerk_enters_finds_and_reads_a_person(town: Portal, clerk: TestClient) -> None:
    """By POST, masked, and each look at somebody is noted without saying who it is."""
    there = send(clerk, "/staff/people/new", NEW)
    assert there.status_code == 303
    where = there.headers["location"].partition("?")[0]
    id_ = where.rpartition("/")[2]
    for typed in ("странски ив", egn().value, "752316 9263"):
        found = send(clerk, "/staff/people", {"text": typed})
        assert found.status_code == 200
        assert f"/staff/people/{id_}" in found.text
        assert egn().value not in re.sub(r'<input[^>]*name="text"[^>]*>', "", found.text)
    shown = clerk.get(where)
    assert "******9263" in shown.text
    assert egn().value not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    told = [each[0].removeprefix("people.") for each in actions(town)]
    assert told[-4:] == ["party-entered", "identifier-sought", "identifier-sought", "party-read"]
    assert egn().value not in json.dumps(actions(town))


def test_an_identifier_is_shown_whole_for_a_purpose(town: Portal, clerk: TestClient) -> None:
    """Which is noted; without one it stays masked."""
    id_ = enter(town, identifier=egn())
    path = f"/staff/people/{id_}"
    refused = send(clerk, path, {}, f"{path}/identifier")
    assert refused.status_code == 422
    assert egn().value not in refused.text
    shown = send(clerk, path, {"purpose": "correction"}, f"{path}/identifier")
    assert egn().value in shown.text
    assert actions(town)[-1] == ("people.identifier-shown", id_, {"purpose": "correction"})


def test_the_same_person_is_not_entered_twice(town: Portal, clerk: TestClient) -> None:
    """With the identifier one is led to whoever has it; without, one is asked."""
    id_ = enter(town, identifier=egn())
    there = send(clerk, "/staff/people/new", NEW)
    assert there.headers["location"] == f"/staff/people/{id_}?said=party-there"
    namesake = {
        "kind": "person",
        "first_name": PERSON.first_name,
        "middle_name": PERSON.middle_name,
        "last_name": PERSON.last_name,
    }
    asked = send(clerk, "/staff/people/new", namesake)
    assert asked.status_code == 422
    assert id_ in asked.text
    sure = send(clerk, "/staff/people/new", {**namesake, "is_another": "yes"})
    assert sure.status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"identifier": "7523169264"}, "identifier"),
        ({"identifier": "7552229261"}, "identifier"),
        ({"identifier_kind": "foreign", "identifier": "X 123"}, "identifier_country"),
        ({"last_name": ""}, "last_name"),
        ({"first_name": "Ивaн"}, "first_name"),  # with a Latin a
        ({"last_name": "Стран\u202eски"}, "last_name"),
        ({"phone": "утре"}, "phone"),
        ({"e_mail": "no address"}, "e_mail"),
        ({"first_name": "И" * 201}, "first_name"),
        ({"kind": "cat"}, "kind"),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(
    town: Portal, clerk: TestClient, changes: dict[str, str], field: str
) -> None:
    """And what was typed is still there; nothing is entered."""
    answer = send(clerk, "/staff/people/new", {**NEW, **changes})
    assert answer.status_code == 422
    if field != "kind":
        assert f'id="error-{field}"' in answer.text
    assert 'value="Петков"' in answer.text
    assert [each for each in actions(town) if each[0] == "people.party-entered"] == []


def test_an_address_is_entered_with_a_name_that_two_have(town: Portal, clerk: TestClient) -> None:
    """The clerk is asked which one; a changed one is what the page shows."""
    path = f"/staff/people/{enter(town)}"
    fields = {"settlement": "Дъбрава", "location": "ул. Първа", "from_on": "22.11.2026"}
    asked = send(clerk, f"{path}/address/permanent", fields)
    assert asked.status_code == 422
    assert "с. Дъбрава, общ. Каменово" in asked.text
    chosen = {**fields, "settlement_code": "00031", "number": "7"}
    assert send(clerk, f"{path}/address/permanent", chosen).status_code == 303
    assert "9992 с. Дъбрава, ул. Първа № 7" in clerk.get(path).text
    again = clerk.get(f"{path}/address/permanent")
    assert 'name="settlement_code" value="00031"' in again.text
    ended = send(
        clerk, f"{path}/address/permanent", {"on": "23.11.2026"}, f"{path}/address/permanent/end"
    )
    assert ended.status_code == 303


def test_two_entries_are_merged(town: Portal, clerk: TestClient) -> None:
    """After saying so; the old address of the page leads to what it became."""
    first, second = enter(town, identifier=egn()), enter(town)
    path = f"/staff/people/{second}/merge"
    unsure = send(clerk, path, {"into": first})
    assert unsure.status_code == 422
    done = send(clerk, path, {"into": first, "is_sure": "yes"})
    assert done.headers["location"] == f"/staff/people/{first}?said=party-merged"
    assert clerk.get(f"/staff/people/{second}").headers["location"] == f"/staff/people/{first}"
    assert clerk.get(f"/staff/people/{second}/change").status_code == 404


def test_a_national_list_is_looked_at_and_taken(administrator: TestClient) -> None:
    """What changes is shown first; nothing is changed before the yes."""
    renamed = list_of(SETTLEMENTS.splitlines()[2].replace("Стара", "Нова"))
    page = administrator.get("/staff/settlements/import")
    fields = {"form_token": token_in(page.text), "on": "01.06.2026"}
    preview = administrator.post(
        "/staff/settlements/import",
        data=fields,
        files={"file": ("list.csv", renamed, "text/csv")},
        headers={"Origin": PUBLIC_URL},
    )
    assert "Стара бара → Нова бара" in preview.text
    assert "Нова бара" not in administrator.get("/staff/settlements/00028").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', preview.text))
    taken = administrator.post(
        "/staff/settlements/import/take", data=hidden, headers={"Origin": PUBLIC_URL}
    )
    assert taken.status_code == 303
    history = administrator.get("/staff/settlements/00028").text
    assert "с. Нова бара" in history
    assert "с. Стара бара" in history
    again = administrator.post(
        "/staff/settlements/import/take", data=hidden, headers={"Origin": PUBLIC_URL}
    )
    assert again.status_code == 422  # it waits no more


def test_a_list_with_mistakes_is_shown_with_their_lines(administrator: TestClient) -> None:
    """And nothing waits to be taken."""
    page = administrator.get("/staff/settlements/import")
    bad = MAYORALTIES.replace("00028", "00029").encode()
    answer = administrator.post(
        "/staff/settlements/import",
        data={"form_token": token_in(page.text), "on": "01.06.2026"},
        files={"file": ("list.csv", bad, "text/csv")},
        headers={"Origin": PUBLIC_URL},
    )
    assert answer.status_code == 422
    assert "00029" in answer.text


def test_units_posts_and_people_are_entered_in_the_browser(
    town: Portal, administrator: TestClient
) -> None:
    """From an empty department to somebody who is away and is stood in for."""
    unit = {"code": "revenue", "kind": "department", "name_bg": "Данъци", "parent": "town-hall"}
    made = send(administrator, "/staff/units/new", {**unit, "from_on": "01.01.2026"})
    assert made.headers["location"] == "/staff/units/revenue?said=saved"
    for title in ("Началник", "Експерт"):
        fields = {"title_bg": title, "from_on": "01.01.2026"}
        path = "/staff/units/revenue"
        assert send(administrator, path, fields, f"{path}/posts").status_code == 303
    ids = []
    for name in ("Ана", "Борис"):
        fields = {"first_name": name, "last_name": "Илиев", "from_on": "01.01.2026"}
        made = send(administrator, "/staff/employees/new", fields)
        ids.append(made.headers["location"].partition("?")[0].rpartition("/")[2])
    page = administrator.get("/staff/units/revenue").text
    post = re.findall(r"/posts/([0-9a-f]{32})", page)[0]
    ana = f"/staff/employees/{ids[0]}"
    given = send(administrator, ana, {"post": post, "from_on": "01.02.2026"}, f"{ana}/posts")
    assert given.status_code == 303
    absence = {"first_on": f"{TODAY:%d.%m.%Y}", "last_on": "30.11.2026", "deputy": ids[1]}
    assert send(administrator, ana, absence, f"{ana}/absences").status_code == 303
    twice = send(administrator, ana, absence, f"{ana}/absences")
    assert twice.status_code == 422
    assert ids[1] in administrator.get(ana).text
    path = f"/staff/units/revenue/posts/{post}"
    named = send(administrator, path, {"first": ids[1], "on": "22.11.2026"}, f"{path}/deputies")
    assert named.status_code == 303
    assert actions(town)[-1][0] == "people.deputies-set"


def test_a_head_enters_the_absences_of_the_own_unit_only(
    town: Portal, sign_in: Callable[..., TestClient]
) -> None:
    """Of units below it, too; others see neither the days nor a form."""
    today = town.clock().date()
    for code, parent in (("a", "town-hall"), ("below-a", "a"), ("b", "town-hall")):
        details = UnitDetails("department", code, parent=parent)
        add_unit(town.database, code, details, LONG_AGO, actor=ADMINISTRATOR)
    people = {}
    for code in ("below-a", "b"):
        post = add_post(town.database, code, "Експерт", from_on=LONG_AGO, actor=ADMINISTRATOR)
        details_ = EmployeeDetails("Ана", "Илиева")
        people[code] = add_employee(town.database, details_, LONG_AGO, actor=ADMINISTRATOR)
        appoint(town.database, post, people[code], LONG_AGO, actor=ADMINISTRATOR)
    head = sign_in("head-of-unit", units=("a",))
    day = f"{today + timedelta(days=3):%d.%m.%Y}"
    absence = {"first_on": day, "last_on": day}
    for code, status in (("below-a", 303), ("b", 403)):
        path = f"/staff/employees/{people[code]}"
        page = head.get("/staff/employees")
        answer = head.post(
            f"{path}/absences",
            data={**absence, "form_token": token_in(head.get(path).text)},
            headers={"Origin": PUBLIC_URL},
        )
        assert answer.status_code == status
        assert page.status_code == 200
    clerk = sign_in("clerk")
    assert "/absences" not in clerk.get(f"/staff/employees/{people['below-a']}").text


@pytest.mark.parametrize(
    ("role", "paths", "status"),
    [
        ("editor", ("/staff/people", "/staff/people/new", "/staff/settlements/import"), 403),
        ("auditor", ("/staff/people/new", "/staff/units/new"), 403),
        ("auditor", ("/staff/people", "/staff/units", "/staff/settlements"), 200),
        ("clerk", ("/staff/units/new", "/staff/employees/new"), 403),
        ("mayoralty-clerk", ("/staff/people", "/staff/people/new", "/staff/employees"), 200),
        ("administrator", ("/staff/people",), 403),
    ],
)
def test_who_may_open_what(
    sign_in: Callable[..., TestClient], role: str, paths: tuple[str, ...], status: int
) -> None:
    """Clerks people, administrators units and settlements, auditors look."""
    client = sign_in(role)
    assert {client.get(path).status_code for path in paths} == {status}


def test_what_is_not_there(town: Portal, clerk: TestClient, administrator: TestClient) -> None:
    """Is a page that is not there, whatever the address looks like."""
    known = enter(town)
    for path in (
        "/staff/people/unknown",
        f"/staff/people/{known}/address/holiday",
        "/staff/people/new?kind=cat",
        "/staff/units/nowhere",
        "/staff/employees/nobody",
        "/staff/settlements/99999",
        "/staff/settlements/%00",
        "/staff/units/town-hall/posts/none",
    ):
        client = administrator if "/posts/" in path else clerk
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])
def test_strings_that_break_software(clerk: TestClient, shared: Path, every: int) -> None:
    """As a company's name and as what is looked for: entered or refused with words, and escaped."""
    strings = json.loads((shared / "data/bad-input/naughty_strings_half.json").read_text("utf-8"))
    token = token_in(clerk.get("/staff/people/new?kind=company").text)
    statuses = set()
    for each in strings[::every]:
        fields = {"kind": "company", "name": each, "is_another": "yes", "form_token": token}
        headers = {"Origin": PUBLIC_URL}
        made = clerk.post("/staff/people/new", data=fields, headers=headers)
        statuses.add(made.status_code)
        if made.status_code == 303:
            shown = clerk.get(made.headers["location"]).text
            assert "<script>alert" not in shown
        elif "<" in each:
            assert each not in made.text
    assert statuses == {303, 422}
