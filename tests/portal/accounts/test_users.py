"""What administrators do with users, and what nobody does to himself."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from portal.accounts import users
from portal.accounts.accounts import AccountError, find, find_by_name, roles_of
from portal.accounts.directories import Directory, link, set_up_directory
from portal.accounts.users import NewUser
from portal.audit.log import CONSOLE
from portal.people.units import UnitDetails, add_unit
from portal.web.actor import Role
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in, sign_in_staff, submit
from tests.portal.accounts.people import (
    PASSWORD,
    send,
    sign_in_at,
    staff_with_password,
    with_second_factor,
    without_must,
)

NEW = "/staff/users/new"


def link_in(html: str) -> str:
    """The path of an invitation."""
    found = re.search(r"<code>http://portal.test(/welcome/[0-9A-Z]{16})</code>", html)
    assert found is not None
    return found[1]


@pytest.fixture
def administrator(portal: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """An administrator's browser."""
    made = new_client()
    sign_in_staff(portal, made, "administrator")
    return made


def test_somebody_is_invited_and_comes(
    portal: Portal, administrator: TestClient, client: TestClient
) -> None:
    """With a link, once; opening it alone spends nothing."""
    without_must(portal)
    made = send(
        administrator, NEW, name="Иван Колев", sign_in_name="Kolev@Troyan.bg", roles="editor"
    )
    link = link_in(made.text)
    assert client.get(link).status_code == 200
    assert send(client, link).headers["location"] == "/first-use"
    assert send(client, "/first-use", password="къса", again="къса").status_code == 422
    assert send(client, "/first-use", password=PASSWORD, again="друга").status_code == 422
    answer = send(client, "/first-use", password=PASSWORD, again=PASSWORD)
    assert answer.headers["location"] == "/account"
    client.cookies.clear()
    assert send(client, link).status_code == 422
    assert sign_in_at(client, "kolev@troyan.bg").status_code == 303


def test_a_link_is_too_old_after_72_hours(
    portal: Portal, administrator: TestClient, client: TestClient, clock: FrozenClock
) -> None:
    """And a new one takes the old one back."""
    made = send(administrator, NEW, name="Иван", sign_in_name="kolev", roles="editor")
    link = link_in(made.text)
    with portal.database.reading() as connection:
        account = users.find_user(connection, "kolev").id
    newer = users.invite_again(portal, CONSOLE, account)
    assert send(client, link).status_code == 422
    clock.now += timedelta(hours=72, seconds=1)
    assert send(client, f"/welcome/{newer.code}").status_code == 422


@pytest.mark.parametrize(
    ("name", "field"),
    [("ab", ""), ("a b c", ""), ("123456789", ""), ("ivanova", ""), ("IVANOVA ", "")],
)
def test_names_that_serve_nobody_are_refused(
    portal: Portal, administrator: TestClient, name: str, field: str
) -> None:
    """Or that somebody has."""
    staff_with_password(portal, "ivanova")
    answer = send(administrator, NEW, name="Някой", sign_in_name=name, roles="clerk")
    assert answer.status_code == 422, field


def test_other_roles_end_the_sessions(
    portal: Portal, administrator: TestClient, client: TestClient
) -> None:
    """Nobody works on with powers that he had."""
    account = sign_in_staff(portal, client, "editor")
    path = f"/staff/users/{account}"
    assert send(administrator, f"{path}/powers", path, roles="clerk").status_code == 303
    assert client.get("/account").status_code == 303
    with portal.database.reading() as connection:
        assert roles_of(connection, account) == {"clerk"}


def test_locking_and_unlocking(
    portal: Portal, administrator: TestClient, client: TestClient
) -> None:
    """The old sessions stay ended."""
    without_must(portal)
    account = staff_with_password(portal, "ivanova")
    sign_in_at(client, "ivanova")
    path = f"/staff/users/{account}"
    assert send(administrator, f"{path}/lock", path).status_code == 303
    assert client.get("/account").status_code == 303
    assert sign_in_at(client, "ivanova").status_code == 422
    assert send(administrator, f"{path}/unlock", path).status_code == 303
    assert client.get("/account").status_code == 303
    assert sign_in_at(client, "ivanova").status_code == 303


def test_nobody_does_it_to_himself(portal: Portal, new_client: Callable[[], TestClient]) -> None:
    """Neither lock himself out, nor give himself powers, nor lose his own second factor."""
    client = new_client()
    account = sign_in_staff(portal, client, "administrator")
    with_second_factor(portal, account)
    path = f"/staff/users/{account}"
    for verb in ("lock", "remove-second-factor"):
        assert send(client, f"{path}/{verb}", path).status_code == 422
    answer = send(client, f"{path}/powers", path, roles="auditor")
    assert answer.status_code == 422
    with portal.database.reading() as connection:
        found = find(connection, account)
        assert roles_of(connection, account) == {"administrator"}
    assert found is not None
    assert found.totp_confirmed_at is not None


def test_the_last_administrator_stays(portal: Portal, administrator: TestClient) -> None:
    """Whoever asks, from the command line too."""
    with portal.database.reading() as connection:
        (only,) = [row for row, roles in users.list_users(connection) if "administrator" in roles]
    with pytest.raises(AccountError, match="last administrator"):
        users.lock(portal, CONSOLE, only.id)
    with pytest.raises(AccountError, match="last administrator"):
        users.change_powers(portal, CONSOLE, only.id, ["clerk"], [])
    assert administrator.get("/staff/users").status_code == 200


def test_an_invited_administrator_is_not_yet_one(portal: Portal) -> None:
    """Who never signed in can't let the others in."""
    real = staff_with_password(portal, "ivanova", "administrator")
    users.invite(portal, CONSOLE, NewUser("kolev", "Иван", frozenset({"administrator"})))
    with pytest.raises(AccountError, match="last administrator"):
        users.lock(portal, CONSOLE, real)


def test_who_has_no_password_lets_nobody_in(portal: Portal) -> None:
    """Whatever the account's state: it was unlocked before it was used, or lost its password."""
    real = staff_with_password(portal, "ivanova", "administrator")
    other = users.invite(portal, CONSOLE, NewUser("kolev", "Иван", frozenset({"administrator"})))
    users.lock(portal, CONSOLE, other.account)
    users.unlock(portal, CONSOLE, other.account)
    with portal.database.reading() as connection:
        found = find(connection, other.account)
    assert found is not None
    assert found.state == "invited"
    users.invite_again(portal, CONSOLE, staff_with_password(portal, "petrov", "administrator"))
    with pytest.raises(AccountError, match="last administrator"):
        users.lock(portal, CONSOLE, real)


def test_who_comes_through_a_directory_can_let_others_in(portal: Portal) -> None:
    """As long as the directory is in use."""
    real = staff_with_password(portal, "ivanova", "administrator")
    other = staff_with_password(portal, "kolev", "administrator")
    users.invite_again(portal, CONSOLE, other)
    settings = Directory("town", "x", "staff", "https://login.example", "otziv", "secret")
    set_up_directory(portal, CONSOLE, replace(settings, is_on=False))
    link(portal, CONSOLE, other, "town", "kolev")
    with pytest.raises(AccountError, match="last administrator"):
        users.lock(portal, CONSOLE, real)
    set_up_directory(portal, CONSOLE, settings)
    users.lock(portal, CONSOLE, real)


@pytest.mark.parametrize("deed", ["lock", "demote"])
def test_race_of_administrators_leaves_one(portal: Portal, deed: str) -> None:
    """Of many who lock or demote each other at the same moment, somebody stays."""
    ids = [staff_with_password(portal, f"admin-{at}", "administrator") for at in range(4)]
    together = threading.Barrier(len(ids))

    def act(on: str) -> None:
        together.wait(60)
        with suppress(AccountError):
            if deed == "lock":
                users.lock(portal, CONSOLE, on)
            else:
                users.change_powers(portal, CONSOLE, on, ["clerk"], [])

    threads = [threading.Thread(target=act, args=(each,)) for each in ids]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    with portal.database.reading() as connection:
        left = [
            row.id
            for row, roles in users.list_users(connection)
            if "administrator" in roles and row.state == "active"
        ]
    assert len(left) == 1


@pytest.mark.parametrize(
    "roles", [["administrator"], ["auditor", "head-of-unit"], ["editor"], ["clerk"]]
)
def test_units_bind_only_roles_that_they_can_bind(
    portal: Portal, administrator: TestClient, roles: list[Role]
) -> None:
    """A role that holds everywhere would not be bounded by them, whatever the page said."""
    add_unit(
        portal.database,
        "revenue",
        UnitDetails(kind="department", name_bg="Приходи"),
        portal.clock().date(),
        actor=CONSOLE,
    )
    page = submit(
        administrator,
        NEW,
        {"name": "Иван", "sign_in_name": "kolev", "roles": list(roles), "units": ["revenue"]},
    )
    assert page.status_code == 422
    account = staff_with_password(portal, "ivanova", "head-of-unit")
    users.change_powers(portal, CONSOLE, account, ["head-of-unit", "clerk"], ["revenue"])
    with pytest.raises(AccountError, match="whole municipality"):
        users.change_powers(portal, CONSOLE, account, roles, ["revenue"])
    with portal.database.reading() as connection:
        assert find_by_name(connection, "kolev") is None
        assert roles_of(connection, account) == {"head-of-unit", "clerk"}


def test_a_new_link_ends_password_and_sessions(portal: Portal, client: TestClient) -> None:
    """Somebody else may know the old one."""
    without_must(portal)
    account = staff_with_password(portal, "ivanova")
    sign_in_at(client, "ivanova")
    users.invite_again(portal, CONSOLE, account)
    assert client.get("/account").status_code == 303
    assert sign_in_at(client, "ivanova").status_code == 422


def test_pages_of_users(portal: Portal, administrator: TestClient) -> None:
    """They show what there is; names are shown as they are written."""
    users.invite(portal, CONSOLE, NewUser("xss", "<script>alert(1)</script>", frozenset({"clerk"})))
    with portal.database.reading() as connection:
        account = find_by_name(connection, "xss")
    assert account is not None
    for path in ("/staff/users", f"/staff/users/{account.id}", NEW, "/staff/users/policy"):
        page = administrator.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert administrator.get("/staff/users/nobody").status_code == 404


def test_rules_for_accounts_are_kept(portal: Portal, administrator: TestClient) -> None:
    """And hold from the next sign-in on."""
    answer = send(administrator, "/staff/users/policy", second_factor="powerful", two_persons="yes")
    assert answer.status_code == 303
    held = users.policy_of(portal)
    assert (held.second_factor, held.two_persons) == ("powerful", True)
    assert held.needs_second_factor({"administrator", "clerk"})
    assert not held.needs_second_factor({"clerk", "editor"})


def test_a_citizen_is_no_user(portal: Portal, administrator: TestClient) -> None:
    """Nothing here shows or changes citizens' accounts."""
    from portal.accounts.accounts import make_citizen

    with portal.database.transaction() as connection:
        citizen = make_citizen(connection, None, portal.clock(), "Мария")
    assert administrator.get(f"/staff/users/{citizen}").status_code == 404
    assert send(administrator, f"/staff/users/{citizen}/lock", NEW).status_code == 404


def test_own_sessions_are_seen_and_ended(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """One, or all others; never those of somebody else."""
    here, there, other = new_client(), new_client(), new_client()
    account = sign_in_staff(portal, here, "clerk")
    session = sign_in(portal, there, account)
    foreign = sign_in(portal, other, sign_in_staff(portal, other, "clerk"))
    assert session in here.get("/account").text
    denied = send(here, f"/account/sessions/{foreign}/end", "/account")
    assert denied.status_code == 404
    assert send(here, f"/account/sessions/{session}/end", "/account").status_code == 303
    assert there.get("/account").status_code == 303
    sign_in(portal, there, account)
    assert send(here, "/account/sessions/end", "/account").status_code == 303
    assert [each.get("/account").status_code for each in (here, there, other)] == [200, 303, 200]


def test_another_password(portal: Portal, new_client: Callable[[], TestClient]) -> None:
    """With the old one; other browsers are signed out."""
    without_must(portal)
    here, there = new_client(), new_client()
    staff_with_password(portal, "ivanova")
    sign_in_at(here, "ivanova")
    sign_in_at(there, "ivanova")
    new = {"password": "съвсем друга дълга парола", "again": "съвсем друга дълга парола"}
    assert send(here, "/account/password", old="не е тази", **new).status_code == 422
    assert send(here, "/account/password", old=PASSWORD, **new).status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)
    assert sign_in_at(new_client(), "ivanova").status_code == 422
    assert sign_in_at(new_client(), "ivanova", new["password"]).status_code == 303
