"""The last administrator who can sign in stays one, whatever is done to his ways in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from portal.accounts import users
from portal.accounts.accounts import AccountError, change, find
from portal.accounts.directories import Directory, link, set_up_directory
from portal.audit.log import CONSOLE
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.fixtures.portals import sign_in
from tests.portal.accounts.people import send, staff_with_password

TOWN = Directory("town", "Директория", "staff", "https://login.example", "otziv", "secret")
FORM = {"code": "town", "name": "x", "kind": "staff", "issuer": TOWN.issuer, "client_id": "otziv"}


@pytest.fixture
def only(portal: Portal) -> str:
    """The only administrator, who has no password and comes through a directory."""
    account = staff_with_password(portal, "ivanova", "administrator")
    set_up_directory(portal, CONSOLE, TOWN)
    link(portal, CONSOLE, account, "town", "ivanova")
    with portal.database.transaction() as connection:
        change(connection, account, password_hash=None)
    return account


def signed_in(portal: Portal, account: str, client: TestClient) -> TestClient:
    """His browser."""
    sign_in(portal, client, account)
    return client


def test_a_new_link_locks_nobody_out(portal: Portal, new_client: Callable[[], TestClient]) -> None:
    """Not oneself, nor the last one by somebody whose powers just went; the command line may."""
    account = staff_with_password(portal, "ivanova", "administrator")
    client = signed_in(portal, account, new_client())
    path = f"/staff/users/{account}"
    assert "/invite" not in client.get(path).text
    assert send(client, f"{path}/invite", path).status_code == 422
    other = Actor("staff", "somebody", "Иван", frozenset({"administrator"}))
    with pytest.raises(AccountError, match="last administrator"):
        users.invite_again(portal, other, account)
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    assert found.password_hash
    assert users.invite_again(portal, CONSOLE, account).code


def test_his_directory_is_not_switched_off(portal: Portal, only: str, client: TestClient) -> None:
    """Nor made one of citizens; and the form says so."""
    off = replace(TOWN, is_on=False)
    for changed in (off, replace(TOWN, kind="citizen", acr="high")):
        with pytest.raises(AccountError, match="No administrator could sign in"):
            set_up_directory(portal, CONSOLE, changed)
    browser = signed_in(portal, only, client)
    answer = send(browser, "/staff/directories/new", "/staff/directories/town", **FORM)
    assert answer.status_code == 422
    assert "Вече никой администратор" in answer.text
    staff_with_password(portal, "kolev", "administrator")
    set_up_directory(portal, CONSOLE, off)


def test_his_link_is_not_removed(portal: Portal, only: str, client: TestClient) -> None:
    """It may be another one; without an administrator anything may be set up."""
    path = f"/staff/users/{only}"
    browser = signed_in(portal, only, client)
    refused = send(browser, f"{path}/directory", path, provider="town", login="")
    assert refused.status_code == 422
    assert "Вече никой администратор" in refused.text
    changed = send(browser, f"{path}/directory", path, provider="town", login="e.ivanova")
    assert changed.status_code == 303
    staff_with_password(portal, "kolev", "administrator")
    assert send(browser, f"{path}/directory", path, provider="town").status_code == 303


def test_before_there_is_one_directories_are_set_up(portal: Portal) -> None:
    """Nobody is locked out who never got in."""
    set_up_directory(portal, CONSOLE, replace(TOWN, is_on=False))
    account = staff_with_password(portal, "ivanova", "clerk")
    link(portal, CONSOLE, account, "town", "")


@pytest.mark.usefixtures("only")
def test_race_of_a_directory_and_a_lock_leaves_one(portal: Portal) -> None:
    """One loses the directory while the other is locked."""
    other = staff_with_password(portal, "kolev", "administrator")
    together, done = threading.Barrier(2), []

    def act(name: str, what: Callable[[], object]) -> None:
        together.wait(60)
        with suppress(AccountError):
            what()
            done.append(name)

    deeds = {
        "directory": lambda: set_up_directory(portal, CONSOLE, replace(TOWN, is_on=False)),
        "lock": lambda: users.lock(portal, CONSOLE, other),
    }
    threads = [threading.Thread(target=act, args=each) for each in deeds.items()]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(done) == 1
    with portal.database.reading() as connection:
        found = find(connection, other)
    assert found is not None
    assert (found.state == "locked") == (done == ["lock"])
