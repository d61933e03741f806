"""Citizens who lost more than a password: at the desk, and what an administrator can do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal.accounts.accounts import change, find, find_by_name
from portal.accounts.policy import Policy, write_policy
from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.fixtures.portals import sign_in_staff
from tests.portal.accounts.people import (
    PASSWORD,
    citizen_with_password,
    send,
    sign_in_at,
    with_second_factor,
)
from tests.portal.accounts.test_desk import begin, first_use, slip_of

LOST = {"has_lost_second_factor": "yes"}
OTHER = "съвсем друга дълга парола"


@pytest.fixture
def clerk(portal: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """A clerk's browser."""
    made = new_client()
    sign_in_staff(portal, made, "clerk")
    return made


@pytest.fixture
def number(portal: Portal, clerk: TestClient, client: TestClient) -> str:
    """A citizen with access and a second factor; the number."""
    printed, code = slip_of(clerk, begin(clerk, email="maria@example.bg"))
    first_use(client, printed, code)
    with portal.database.reading() as connection:
        found = find_by_name(connection, printed.replace(" ", ""))
    assert found is not None
    with_second_factor(portal, found.id)
    return str(found.sign_in_name)


def has_second_factor(portal: Portal, number: str) -> bool:
    """Whether the account still has one."""
    with portal.database.reading() as connection:
        found = find_by_name(connection, number)
    assert found is not None
    return found.totp_confirmed_at is not None


def test_a_lost_second_factor_goes_with_a_new_slip(
    portal: Portal, clerk: TestClient, number: str, new_client: Callable[[], TestClient]
) -> None:
    """If the clerk says so; the owner is told."""
    _, code = slip_of(clerk, begin(clerk, **LOST))
    assert not has_second_factor(portal, number)
    client = new_client()
    first_use(client, number, code, OTHER)
    assert client.get("/account").status_code == 200
    with portal.database.reading() as connection:
        mails = connection.execute(select(table_of(OutgoingMail))).all()
    assert len(mails) == 1
    assert "вторият фактор" in mails[0].text


def test_else_it_stays(
    portal: Portal, clerk: TestClient, number: str, new_client: Callable[[], TestClient]
) -> None:
    """Who only forgot the password still needs the authenticator."""
    _, code = slip_of(clerk, begin(clerk))
    assert has_second_factor(portal, number)
    client = new_client()
    assert sign_in_at(client, number, code).headers["location"] == "/first-use"
    answer = send(client, "/first-use", password=OTHER, again=OTHER)
    assert answer.headers["location"] == "/sign-in/code"


def test_a_second_person_agrees_to_that_too(
    portal: Portal, clerk: TestClient, number: str, new_client: Callable[[], TestClient]
) -> None:
    """Until then nothing is taken off."""
    with portal.database.transaction() as connection:
        write_policy(connection, Policy("none", two_persons=True))
    papers = begin(clerk, **LOST)
    assert has_second_factor(portal, number)
    other = new_client()
    sign_in_staff(portal, other, "mayoralty-clerk")
    assert "Изгубеният втори фактор също се премахва" in other.get(papers).text
    assert send(other, f"{papers}/approve", papers).status_code == 303
    assert not has_second_factor(portal, number)


def test_who_came_by_electronic_identity_needs_two_persons_too(
    portal: Portal, clerk: TestClient, number: str
) -> None:
    """There was an access, though never a password."""
    with portal.database.transaction() as connection:
        write_policy(connection, Policy("none", two_persons=True))
        found = find_by_name(connection, number)
        assert found is not None
        change(connection, found.id, password_hash=None, signed_in_at=portal.clock())
    papers = begin(clerk)
    assert send(clerk, f"{papers}/slip.pdf", papers).status_code == 422


@pytest.mark.parametrize(("typed", "is_good"), [("47АВ", True), ("а1в2", True), ("47ЩЮ", False)])
def test_cyrillic_letters_that_look_latin_are_these(
    clerk: TestClient, typed: str, is_good: bool
) -> None:
    """All others are told that Latin ones are needed."""
    if is_good:
        latin = typed.upper().translate(str.maketrans("АВ", "AB"))
        assert f"…{latin}" in clerk.get(begin(clerk, last_four=typed)).text
        return
    with pytest.raises(AssertionError, match="латински букви"):
        begin(clerk, last_four=typed)


def test_an_administrator_locks_by_the_number(
    portal: Portal, new_client: Callable[[], TestClient], clerk: TestClient
) -> None:
    """And unlocks, and ends sessions; the page shows no name."""
    account, number = citizen_with_password(portal)
    citizen, administrator = new_client(), new_client()
    sign_in_at(citizen, number)
    sign_in_staff(portal, administrator, "administrator")
    search = "/staff/citizens/account"
    assert search in administrator.get("/staff/users").text
    assert send(administrator, search, number="100000000").status_code == 422
    asked = send(administrator, search, number=f"{number[:3]} {number[3:6]} {number[6:]}")
    path = asked.headers["location"]
    assert path == f"{search}/{account}"
    assert "Мария" not in administrator.get(path).text
    assert send(administrator, f"{path}/end-sessions", path).status_code == 303
    assert citizen.get("/account").status_code == 303
    assert send(administrator, f"{path}/lock", path).status_code == 303
    assert sign_in_at(citizen, number).status_code == 422
    assert send(administrator, f"{path}/unlock", path).status_code == 303
    assert sign_in_at(citizen, number, PASSWORD).status_code == 303
    assert clerk.get(search).status_code == 403


def test_staff_are_not_found_among_citizens(
    portal: Portal, client: TestClient, new_client: Callable[[], TestClient]
) -> None:
    """They have a page of their own."""
    colleague = sign_in_staff(portal, new_client(), "clerk")
    sign_in_staff(portal, client, "administrator")
    path = f"/staff/citizens/account/{colleague}"
    assert client.get(path).status_code == 404
    assert send(client, f"{path}/lock", "/staff/users").status_code == 404
    with portal.database.reading() as connection:
        found = find(connection, colleague)
    assert found is not None
    assert found.state != "locked"


def test_a_locked_account_says_whom_to_ask(portal: Portal, clerk: TestClient, number: str) -> None:
    """With the number that the administrator needs."""
    with portal.database.transaction() as connection:
        found = find_by_name(connection, number)
        assert found is not None
        change(connection, found.id, state="locked")
    with pytest.raises(AssertionError, match=f"отключи по номера му, {number}"):
        begin(clerk)
