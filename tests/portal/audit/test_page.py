"""The audit log's page: for auditors, filtered, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from portal.audit.log import CONSOLE, note
from portal.audit.reading import Wanted, read_entries
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff


@pytest.fixture
def auditor(portal: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """An auditor's browser."""
    client = new_client()
    sign_in_staff(portal, client, "auditor")
    return client


def fill(portal: Portal, count: int, action: str = "people.party-changed") -> None:
    """Note ``count`` things."""
    with portal.database.transaction() as connection:
        for number in range(count):
            note(connection, CONSOLE, action, f"p{number}", value=f"=cmd|'{number}'")


def test_pages_follow_each_other(portal: Portal, auditor: TestClient) -> None:
    """The newest first, none twice."""
    fill(portal, 120)
    seen: list[int] = []
    with portal.database.reading() as connection:
        before = None
        while found := read_entries(connection, Wanted(), before=before):
            seen += [each.number for each in found]
            before = seen[-1]
    assert seen == list(range(len(seen), 0, -1))
    page = auditor.get("/staff/audit")
    assert page.status_code == 200
    assert "before=" in page.text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 7),
        ({"action": "surveys."}, 2),
        ({"action": "surveys.opened"}, 2),
        ({"action": "%"}, 0),
        ({"about": "p1"}, 2),
        ({"who": "console"}, 7),
        ({"who": "никой такъв"}, 0),
        ({"from_on": "2999-01-01"}, 0),
        ({"until_on": "01.01.2020"}, 0),
        ({"from_on": "вчера"}, 0),
    ],
)
def test_entries_are_found(
    portal: Portal, auditor: TestClient, query: dict[str, str], count: int
) -> None:
    """By who, what, to what and when."""
    fill(portal, 5)
    fill(portal, 2, "surveys.opened")
    page = auditor.get("/staff/audit", params=query)
    assert page.status_code in {200, 422}
    assert page.text.count('<th scope="row"') == count


def test_the_file_is_harmless_and_noted(portal: Portal, auditor: TestClient) -> None:
    """No cell is a formula, and that somebody took it stands in the log."""
    fill(portal, 3)
    answer = auditor.get("/staff/audit/export.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    with portal.database.reading() as connection:
        (noted,) = read_entries(connection, Wanted(action="audit.exported"))
    assert noted.facts == {"entries": 3}


def test_the_file_asks_for_the_password_again(auditor: TestClient, clock: FrozenClock) -> None:
    """After ten minutes."""
    clock.now += timedelta(minutes=11)
    answer = auditor.get("/staff/audit/export.csv")
    assert answer.headers["location"].startswith("/account/confirm")


def test_what_stands_in_it_is_shown_as_it_is(portal: Portal, auditor: TestClient) -> None:
    """Nothing in it is markup."""
    with portal.database.transaction() as connection:
        note(connection, Actor("staff", "x"), "people.party-changed", "<b>", x="<script>alert(1)")
    page = auditor.get("/staff/audit").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("before", ["0", "-5", "99999999999999999999", "abc"])
def test_any_number_is_answered(auditor: TestClient, before: str) -> None:
    """With a page, or with none of that address."""
    assert auditor.get("/staff/audit", params={"before": before}).status_code in {200, 404}
