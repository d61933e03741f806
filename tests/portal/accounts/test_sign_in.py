"""Signing in: what gets in, and what is told to those who don't."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import argon2
import pytest
from starlette.testclient import TestClient

from portal.accounts import passwords
from portal.accounts.accounts import change, find
from portal.accounts.sessions import sessions_of
from portal.accounts.users import lock
from portal.audit.log import CONSOLE
from portal.audit.reading import Wanted, read_entries
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff
from tests.portal.accounts.people import (
    PASSWORD,
    citizen_with_password,
    send,
    sign_in_at,
    staff_with_password,
    without_must,
)


def body_of(client: TestClient, name: str, password: str) -> str:
    """What the page says, without what differs each time."""
    answer = sign_in_at(client, name, password)
    assert answer.status_code == 422
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_a_citizen_signs_in_with_the_number(portal: Portal, client: TestClient) -> None:
    """However it is grouped."""
    _, number = citizen_with_password(portal)
    answer = sign_in_at(client, f" {number[:3]} {number[3:6]}-{number[6:]}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/account"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert client.get("/account").status_code == 200


def test_it_goes_on_where_it_was_begun(portal: Portal, client: TestClient) -> None:
    """In the same language."""
    _, number = citizen_with_password(portal)
    begun = client.get("/en/account/password")
    assert begun.headers["location"] == "/en/sign-in?next=%2Faccount%2Fpassword"
    page = send(
        client,
        "/en/sign-in",
        begun.headers["location"],
        name=number,
        password=PASSWORD,
        next="/account/password",
    )
    assert page.headers["location"] == "/en/account/password"


def test_it_goes_on_with_what_was_asked(portal: Portal, client: TestClient) -> None:
    """Filters and all."""
    without_must(portal)
    staff_with_password(portal, "ivanova", "auditor")
    begun = client.get("/staff/audit", params={"action": "accounts.", "who": "ivanova"})
    page = client.get(begun.headers["location"])
    target = re.search(r'name="next" value="([^"]+)"', page.text)
    assert target is not None
    answer = sign_in_at(client, "ivanova", next=unescape(target[1]))
    assert client.get(answer.headers["location"]).status_code == 200
    assert "action=accounts." in answer.headers["location"]


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example"),
        *("javascript:alert(1)", "/sign-in", "/%0d%0aX: y\r\nX: z", "http:evil", " //evil"),
        "/" + "a" * 3_000,
    ],
)
def test_nobody_is_sent_elsewhere(portal: Portal, client: TestClient, target: str) -> None:
    """By a link to our sign-in page."""
    _, number = citizen_with_password(portal)
    answer = sign_in_at(client, number, next=target)
    assert answer.headers["location"] == "/account"
    again = client.get("/sign-in", params={"next": target})
    assert again.headers["location"] == "/account"


@pytest.mark.usefixtures("costly_passwords")
def test_unknown_and_wrong_look_alike(
    portal: Portal, new_client: Callable[[], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words, and the same work: one hash of the same cost, one entry."""
    staff_with_password(portal, "ivanova")
    _, number = citizen_with_password(portal)
    passwords.is_right("x", None, "staff"), passwords.is_right("x", None, "citizen")
    hashed: list[int] = []
    verify = argon2.PasswordHasher.verify

    def count(hasher: argon2.PasswordHasher, *given: str) -> object:
        hashed.append(hasher.memory_cost)
        return verify(hasher, *given)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", count)
    known = [body_of(new_client(), name, "не е това, а друго") for name in ("ivanova", number)]
    unknown = [
        body_of(new_client(), name, "не е това, а друго") for name in ("petrova", "123456789")
    ]
    assert known == unknown
    assert hashed == [64 * 1024, 19 * 1024] * 2
    with portal.database.reading() as connection:
        entries = read_entries(connection, Wanted(action="accounts.sign-in-refused"))
    assert len(entries) == 4


def test_a_locked_account_looks_unknown(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """With its right password, too."""
    account = staff_with_password(portal, "ivanova")
    lock(portal, CONSOLE, account)
    assert body_of(new_client(), "ivanova", PASSWORD) == body_of(new_client(), "petrova", PASSWORD)


def test_tries_are_answered_ever_later(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """For a name that there is as for one that there isn't; the right password waits, too."""
    _, number = citizen_with_password(portal)
    for name in (number, "987654321"):
        for _ in range(5):
            assert sign_in_at(client, name, "не е това").status_code == 422
        refused = sign_in_at(client, name, PASSWORD)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    clock.now += timedelta(seconds=60)
    assert sign_in_at(client, number, "не е това").status_code == 422
    assert sign_in_at(client, number).headers["retry-after"] == "120"
    clock.now += timedelta(seconds=120)
    assert sign_in_at(client, number).status_code == 303


def test_a_new_sign_in_ends_the_session_before(portal: Portal, client: TestClient) -> None:
    """And has another cookie: nobody's session can be fixed in advance."""
    without_must(portal)
    sign_in_staff(portal, client, "clerk")
    planted = client.cookies["otziv"]
    staff_with_password(portal, "ivanova")
    client.cookies.clear()
    assert sign_in_at(client, "ivanova").status_code == 303
    first = client.cookies["otziv"]
    assert first != planted


def test_after_signing_out_no_page_works(portal: Portal, client: TestClient) -> None:
    """Whoever kept the cookie has nothing."""
    _, number = citizen_with_password(portal)
    sign_in_at(client, number)
    kept = client.cookies["otziv"]
    assert send(client, "/sign-out", "/account").status_code == 303
    client.cookies.clear()
    client.cookies.set("otziv", kept, domain="portal.test")
    answer = client.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")


def test_after_locking_no_page_works(portal: Portal, client: TestClient) -> None:
    """At once."""
    account, number = citizen_with_password(portal)
    sign_in_at(client, number)
    assert client.get("/account").status_code == 200
    lock(portal, CONSOLE, account)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("what", ["locked", "changed"])
def test_race_with_an_administrator_is_lost(
    portal: Portal, client: TestClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Who locks an account, or takes its password, while it is being hashed, has the last word."""
    account, number = citizen_with_password(portal)
    is_right = passwords.is_right

    def interrupted(*given: str) -> bool:
        found = is_right(*given)
        if what == "locked":
            lock(portal, CONSOLE, account)
        else:
            with portal.database.transaction() as connection:
                change(connection, account, password_hash=None)
        return found

    monkeypatch.setattr(passwords, "is_right", interrupted)
    assert sign_in_at(client, number).status_code == 422
    with portal.database.reading() as connection:
        found = find(connection, account)
        assert sessions_of(connection, account, portal.clock()) == []
    assert found is not None
    assert found.state == ("locked" if what == "locked" else "active")


def test_a_form_of_another_session_is_refused(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """As is one without a token, or from another site."""
    client = new_client()
    sign_in_staff(portal, client, "clerk")
    foreign = client.post("/account/sessions/end", headers={"Origin": "https://evil.example"})
    bare = client.post("/account/sessions/end", headers={"Origin": "http://portal.test"})
    assert (foreign.status_code, bare.status_code) == (403, 403)


def test_an_outdated_hash_is_renewed(portal: Portal, client: TestClient) -> None:
    """When its password is known, which is at sign-in."""
    account, number = citizen_with_password(portal)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with portal.database.transaction() as connection:
        change(connection, account, password_hash=weak)
    assert sign_in_at(client, number).status_code == 303
    assert sign_in_at_again(portal, client, number)


def sign_in_at_again(portal: Portal, client: TestClient, number: str) -> bool:
    """Whether the hash is as hard as new ones, and still right."""
    from portal.accounts.accounts import find_by_name

    with portal.database.reading() as connection:
        found = find_by_name(connection, number)
    assert found is not None
    client.cookies.clear()
    return (
        not passwords.is_outdated(found.password_hash, "citizen")
        and sign_in_at(client, number).status_code == 303
    )


@pytest.mark.parametrize("typed", ["' OR 1=1 --", "\x00", "ж" * 199, "{{7*7}}", "<script>", "１２"])
def test_whatever_is_typed_is_answered(client: TestClient, typed: str) -> None:
    """And shown as it is."""
    answer = sign_in_at(client, typed, typed)
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert ">49<" not in answer.text
