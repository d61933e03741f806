"""Second factors: made, asked for, used once, lost and taken away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from portal.accounts import signing_in
from portal.accounts.accounts import AccountError, change, find
from portal.accounts.policy import Policy
from portal.accounts.second_factor import matching_step, pending_secret, secret_of, use_code
from portal.accounts.sessions import Sessions
from portal.accounts.signing_in import Visit
from portal.accounts.users import decide, remove_second_factor
from portal.audit.log import CONSOLE
from portal.web.actor import Role
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in, sign_in_citizen
from tests.portal.accounts.people import (
    PASSWORD,
    citizen_with_password,
    code_now,
    send,
    sign_in_at,
    staff_with_password,
    with_second_factor,
    without_must,
)

KEY = r"<code>([A-Z2-7 ]{39})</code>"


def key_in(html: str) -> str:
    """The key that a page shows."""
    found = re.search(KEY, html)
    assert found is not None
    return found[1].replace(" ", "")


def test_staff_set_one_up_at_the_first_sign_in(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """Before that nothing is open; then the code is asked for each time."""
    staff_with_password(portal, "ivanova", "clerk")
    assert sign_in_at(client, "ivanova").headers["location"] == "/sign-in/second-factor"
    assert client.get("/account").headers["location"].startswith("/sign-in")
    page = client.get("/sign-in/second-factor")
    assert page.headers["cache-control"] == "no-store"
    assert "data:image/svg+xml;base64," in page.text
    key = key_in(page.text)
    before = client.cookies["otziv"]
    assert send(client, "/sign-in/second-factor", code="000000").status_code == 422
    shown = send(client, "/sign-in/second-factor", code=code_now(portal, key))
    assert shown.status_code == 200
    codes = re.findall(r"<code>([0-9A-Z-]{12})</code>", shown.text)
    assert len(set(codes)) == 10
    assert client.cookies["otziv"] != before, "more is open: another session"
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    clock.now += timedelta(minutes=1)
    assert sign_in_at(client, "ivanova").headers["location"] == "/sign-in/code"
    assert client.get("/account").status_code == 303
    answer = send(client, "/sign-in/code", code=code_now(portal, key))
    assert answer.headers["location"] == "/account"
    client.cookies.clear()
    sign_in_at(client, "ivanova")
    assert send(client, "/sign-in/code", code=codes[0].lower()).status_code == 303
    client.cookies.clear()
    sign_in_at(client, "ivanova")
    assert send(client, "/sign-in/code", code=codes[0]).status_code == 422, "it was used"


def test_a_code_works_once(portal: Portal, client: TestClient, clock: FrozenClock) -> None:
    """Whoever looked over a shoulder has nothing, nor does an earlier code work after a later."""
    account, number = citizen_with_password(portal)
    secret = with_second_factor(portal, account)
    code = code_now(portal, secret)
    sign_in_at(client, number)
    assert send(client, "/sign-in/code", code=code).status_code == 303
    client.cookies.clear()
    sign_in_at(client, number)
    assert send(client, "/sign-in/code", code=code).status_code == 422
    assert send(client, "/sign-in/code", code=code_now(portal, secret, -1)).status_code == 422
    clock.now += timedelta(seconds=30)
    assert send(client, "/sign-in/code", code=code_now(portal, secret)).status_code == 303


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_a_step(portal: Portal, steps: int, is_right: bool) -> None:
    """Not more."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    found = matching_step(secret, code_now(portal, secret, steps), portal.clock())
    assert (found is not None) == is_right


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "１２３４５６", "abcdef", "-12345", "\x00"]
)
def test_what_is_no_code_is_none(portal: Portal, code: str) -> None:
    """Without an error."""
    assert matching_step("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, portal.clock()) is None


def test_codes_can_not_be_tried_out(portal: Portal, client: TestClient) -> None:
    """Five, then ever later; a new sign-in does not help."""
    account, number = citizen_with_password(portal)
    secret = with_second_factor(portal, account)
    for _ in range(5):
        client.cookies.clear()
        sign_in_at(client, number)
        assert send(client, "/sign-in/code", code="000000").status_code == 422
    assert send(client, "/sign-in/code", code=code_now(portal, secret)).status_code == 429


def test_race_for_one_code_has_one_winner(portal: Portal) -> None:
    """Of two browsers with the same code."""
    import threading

    account, _ = citizen_with_password(portal)
    secret = with_second_factor(portal, account)
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    code, won = code_now(portal, secret), []

    def use() -> None:
        with portal.database.transaction() as connection:
            won.append(use_code(connection, portal.keys, found, code, portal.clock()))

    threads = [threading.Thread(target=use) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(won) == [False] * 4 + [True]


def test_an_administrator_takes_a_lost_one_away(portal: Portal, client: TestClient) -> None:
    """The next sign-in makes a new one."""
    account = staff_with_password(portal, "ivanova")
    with_second_factor(portal, account)
    assert sign_in_at(client, "ivanova").headers["location"] == "/sign-in/code"
    remove_second_factor(portal, CONSOLE, account)
    assert sign_in_at(client, "ivanova").headers["location"] == "/sign-in/second-factor"


def test_a_citizen_may_have_one(portal: Portal, client: TestClient) -> None:
    """And new recovery codes, and may remove it."""
    account = sign_in_citizen(portal, client)
    assert send(client, "/account/second-factor/new", "/account").status_code == 303
    key = key_in(client.get("/account/second-factor").text)
    assert send(client, "/account/second-factor", code=code_now(portal, key)).status_code == 200
    assert client.get("/account/second-factor").status_code == 303, "the key is not shown again"
    shown = send(client, "/account/recovery-codes", "/account")
    assert len(re.findall(r"<code>", shown.text)) == 10
    assert send(client, "/account/second-factor/remove", "/account").status_code == 303
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    assert (found.totp_secret, found.totp_confirmed_at) == (None, None)


def test_who_knows_the_password_sees_another_key(
    portal: Portal, new_client: Callable[[], TestClient], clock: FrozenClock
) -> None:
    """And is out as soon as the owner has set up the own one."""
    owner, thief = new_client(), new_client()
    staff_with_password(portal, "ivanova", "clerk")
    sign_in_at(thief, "ivanova")
    seen = key_in(thief.get("/sign-in/second-factor").text)
    sign_in_at(owner, "ivanova")
    key = key_in(owner.get("/sign-in/second-factor").text)
    assert key != seen
    wrong = send(owner, "/sign-in/second-factor", code=code_now(portal, seen))
    assert wrong.status_code == 422
    right = send(owner, "/sign-in/second-factor", code=code_now(portal, key))
    assert right.status_code == 200
    assert thief.get("/sign-in/second-factor").headers["location"].startswith("/sign-in")
    clock.now += timedelta(minutes=1)
    sign_in_at(thief, "ivanova")
    refused = send(thief, "/sign-in/code", code=code_now(portal, seen))
    assert refused.status_code == 422


def test_stricter_rules_end_sessions_without_one(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """Of those who must have one from now on; nobody else is disturbed."""
    without_must(portal)
    clients = {}
    roles: dict[str, Role] = {"ivanova": "auditor", "kolev": "clerk", "petrova": "auditor"}
    for name, role in roles.items():
        account = staff_with_password(portal, name, role)
        if name == "petrova":
            with_second_factor(portal, account)
        clients[name] = new_client()
        sign_in(portal, clients[name], account)

    def alive() -> list[bool]:
        return [each.get("/account").status_code == 200 for each in clients.values()]

    decide(portal, CONSOLE, Policy("powerful"))
    assert alive() == [False, True, True]
    decide(portal, CONSOLE, Policy("powerful", two_persons=True))
    decide(portal, CONSOLE, Policy("all"))
    assert alive() == [False, False, True]
    assert sign_in_at(clients["kolev"], "kolev").headers["location"] == "/sign-in/second-factor"


def test_who_comes_second_replaces_nothing(portal: Portal) -> None:
    """Even if he was shown his key before the owner had one."""
    account = staff_with_password(portal, "ivanova", "clerk")
    visit = Visit("192.0.2.1", "Firefox")
    steps = [signing_in.sign_in(portal, "ivanova", PASSWORD, visit) for _ in range(2)]
    sessions = Sessions(portal.database, portal.keys, portal.clock)
    lives = [sessions.live(sessions.recognise_secret(step.secret).session) for step in steps]
    with portal.database.reading() as connection:
        keys = [
            pending_secret(connection, portal.keys, live.id) for live in lives if live is not None
        ]
    thief, owner = lives
    assert thief is not None
    assert owner is not None
    signing_in.enrol(portal, owner, code_now(portal, keys[1]), visit)
    with pytest.raises(AccountError):
        signing_in.enrol(portal, thief, code_now(portal, keys[0]), visit)
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    assert secret_of(portal.keys, found) == keys[1]


def test_the_one_before_counts_until_the_new_one_is_confirmed(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """Beginning a new one takes nothing away; each beginning has a key of its own."""
    account, number = citizen_with_password(portal)
    client = new_client()
    sign_in(portal, client, account)
    old = with_second_factor(portal, account)
    keys = []
    for _ in range(2):
        assert send(client, "/account/second-factor/new", "/account").status_code == 303
        keys.append(key_in(client.get("/account/second-factor").text))
    assert keys[0] != keys[1]
    other = new_client()
    assert sign_in_at(other, number).headers["location"] == "/sign-in/code"
    assert send(other, "/sign-in/code", code=code_now(portal, old)).status_code == 303
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    assert secret_of(portal.keys, found) == old
    done = send(client, "/account/second-factor", code=code_now(portal, keys[1]))
    assert done.status_code == 200
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    assert secret_of(portal.keys, found) == keys[1]


def test_what_is_sensitive_asks_for_the_password_again(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """After ten minutes; and the cookie is another one then."""
    _, number = citizen_with_password(portal)
    sign_in_at(client, number)
    clock.now += timedelta(minutes=11)
    assert client.get("/account/email").headers["location"].startswith("/account/confirm?next=")
    before = client.cookies["otziv"]
    assert send(client, "/account/confirm", password="не е това тук").status_code == 422
    answer = send(client, "/account/confirm", password=PASSWORD, next="/account/email")
    assert answer.headers["location"] == "/account/email"
    assert client.cookies["otziv"] != before
    assert client.get("/account/email").status_code == 200


def test_a_second_factor_does_not_outlive_its_secret(portal: Portal) -> None:
    """A code of the secret before is none."""
    account, _ = citizen_with_password(portal)
    old = with_second_factor(portal, account)
    with_second_factor(portal, account)
    with portal.database.transaction() as connection:
        found = find(connection, account)
        assert found is not None
        assert not use_code(connection, portal.keys, found, code_now(portal, old), portal.clock())
        change(connection, account, totp_secret=None)
        found = find(connection, account)
        assert found is not None
        assert not use_code(connection, portal.keys, found, "000000", portal.clock())
