"""Fields that stand folded away: whoever sent them, and must mend them, finds them open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from portal.people.employees import EmployeeDetails, add_employee
from portal.people.posts import add_post, appoint
from portal.web.portal import Portal
from tests.fixtures.portals import submit
from tests.portal.people.test_parties import enter
from tests.portal.people.town import ADMINISTRATOR, LONG_AGO, PERSON, TODAY, egn


def _is_open(answer: Response, field: str) -> bool:
    """Whether the innermost details around ``field`` is open, in a page that says what is wrong."""
    assert answer.status_code == 422, answer.text
    assert f'id="error-{field}"' in answer.text
    folded = re.findall(r"<details([^>]*)>((?:(?!<details).)*?)</details>", answer.text, re.DOTALL)
    (found,) = [attributes for attributes, inside in folded if f'id="field-{field}"' in inside]
    return bool(found.strip() == "open")


def _open_count(answer: Response) -> int:
    return len(re.findall(r"<details open>", answer.text))


@pytest.mark.parametrize(
    ("sent_to", "field"), [("posts", "title_bg"), ("end", "on")], ids=["post", "end"]
)
def test_of_a_unit(administrator: TestClient, sent_to: str, field: str) -> None:
    """Only the form that was sent; before that none."""
    unit = "/staff/units/town-hall"
    assert _open_count(administrator.get(unit)) == 0
    answer = submit(administrator, unit, {"from_on": "31.02.2026"}, f"{unit}/{sent_to}")
    assert _is_open(answer, field)
    assert _open_count(answer) == 1


@pytest.mark.parametrize(
    ("sent_to", "sent", "field"),
    [
        ("posts", {"post": "", "from_on": "32.1.2026"}, "from_on"),
        ("absences", {"first_on": "2.1.2026", "last_on": "1.1.2026"}, "last_on"),
        ("end", {"on": "31.02.2026"}, "on"),
    ],
    ids=["post", "absence", "end"],
)
def test_of_a_colleague(
    town: Portal, administrator: TestClient, sent_to: str, sent: dict[str, str], field: str
) -> None:
    """Three forms on one page: the one that was sent."""
    who = _employee(town)
    page = f"/staff/employees/{who}"
    assert _open_count(administrator.get(page)) == 0
    answer = submit(administrator, page, sent, f"{page}/{sent_to}")
    assert _is_open(answer, field)
    assert _open_count(answer) == 1


def test_a_post_that_did_not_begin_is_no_matter_of_leaving(
    town: Portal, administrator: TestClient
) -> None:
    """The button that ends a post was refused: the form that ends the person stays shut."""
    who = _employee(town)
    post = add_post(town.database, "town-hall", "експерт", from_on=LONG_AGO, actor=ADMINISTRATOR)
    begins = TODAY + timedelta(days=9)
    held = appoint(town.database, post, who, begins, actor=ADMINISTRATOR)
    page = f"/staff/employees/{who}"
    answer = submit(administrator, page, {"on": LONG_AGO.isoformat()}, f"{page}/posts/{held}/end")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert _open_count(answer) == 0
    assert LONG_AGO.isoformat() not in answer.text.partition("<main")[2]


def test_of_a_citizen(town: Portal, clerk: TestClient) -> None:
    """The purpose, where it was not chosen; both forms of an address."""
    party = enter(town, PERSON, egn())
    page = f"/staff/people/{party}"
    assert _is_open(submit(clerk, page, {}, f"{page}/identifier"), "purpose")
    address = f"{page}/address/permanent"
    assert _is_open(submit(clerk, address, {"on": "31.02.2026"}, f"{address}/end"), "on")
    sent = {"country": "Германия", "abroad": "Berlin", "from_on": "01.01.2026"}
    answer = submit(clerk, address, sent)
    assert _is_open(answer, "country")
    assert _open_count(answer) == 1


def test_of_a_survey_and_of_a_search(sign_in: Callable[..., TestClient]) -> None:
    """In other areas, too."""
    editor = sign_in("editor")
    sent = {"title_bg": "Анкета", "code": "Не става"}
    assert _is_open(submit(editor, "/staff/surveys/new", sent), "code")
    found = editor.get("/staff/comments", params={"first_on": "31.02.2026"})
    assert 'id="error-first_on"' in found.text
    assert _open_count(found) == 1
    assert _open_count(editor.get("/staff/comments")) == 0


def _employee(town: Portal) -> str:
    named = EmployeeDetails(first_name="Ана", last_name="Белева")
    return add_employee(town.database, named, LONG_AGO, actor=ADMINISTRATOR)
