"""Codes by e-mail: for an address of one's own, and for a forgotten password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal.accounts.accounts import MAIL_USE, change, find
from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock
from tests.portal.accounts.people import (
    citizen_with_password,
    code_now,
    send,
    sign_in_at,
    staff_with_password,
    with_second_factor,
)

NEW = "съвсем друга дълга парола"


def mails(portal: Portal) -> list[tuple[str, str]]:
    """Recipients and texts of all mails, the oldest first."""
    table = table_of(OutgoingMail)
    with portal.database.reading() as connection:
        found = connection.execute(select(table).order_by(table.c.id)).all()
    return [(each.recipient, each.text) for each in found]


def code_in(text: str) -> str:
    """The code of a mail."""
    found = re.search(r"^((?:[0-9A-Z]{4}-){3}[0-9A-Z])$", text, re.MULTILINE)
    assert found is not None
    return found[1]


def with_mail(portal: Portal, account: str, email: str = "maria@example.bg") -> None:
    """Give an account a confirmed address."""
    with portal.database.transaction() as connection:
        sealed = portal.keys.seal(MAIL_USE, email.encode())
        change(connection, account, email=sealed, email_confirmed_at=portal.clock())


def test_an_address_is_confirmed_by_its_code(portal: Portal, client: TestClient) -> None:
    """And the one before is told."""
    account, number = citizen_with_password(portal)
    sign_in_at(client, number)
    assert send(client, "/account/email", email="maria@example.bg").status_code == 303
    ((to, text),) = mails(portal)
    assert to == "maria@example.bg"
    assert send(client, "/account/email/code", code="AAAA-AAAA-AAAA-A").status_code == 422
    assert send(client, "/account/email/code", code=code_in(text)).status_code == 303
    with portal.database.reading() as connection:
        found = find(connection, account)
    assert found is not None
    assert found.email_confirmed_at is not None
    assert b"maria" not in found.email
    send(client, "/account/email", email="other@example.bg")
    assert [to for to, _ in mails(portal)[1:]] == ["maria@example.bg", "other@example.bg"]


def test_codes_of_mails_can_not_be_tried_out(portal: Portal, client: TestClient) -> None:
    """Five tries, then even the right one is too late."""
    _, number = citizen_with_password(portal)
    sign_in_at(client, number)
    send(client, "/account/email", email="maria@example.bg")
    for _ in range(5):
        send(client, "/account/email/code", code="AAAA-AAAA-AAAA-A")
    right = code_in(mails(portal)[0][1])
    assert send(client, "/account/email/code", code=right).status_code == 422


def test_a_forgotten_password_is_set_anew_by_mail(portal: Portal, client: TestClient) -> None:
    """Once; the old one counts no more."""
    account, number = citizen_with_password(portal)
    with_mail(portal, account)
    answer = send(client, "/sign-in/forgotten", name=number)
    assert answer.headers["location"] == "/sign-in/forgotten/code"
    code = code_in(mails(portal)[0][1])
    answer = send(client, "/sign-in/forgotten/code", name=number, code=code)
    assert answer.headers["location"] == "/first-use"
    assert send(client, "/first-use", password=NEW, again=NEW).status_code == 303
    client.cookies.clear()
    again = send(client, "/sign-in/forgotten/code", name=number, code=code)
    assert again.status_code == 422
    assert sign_in_at(client, number).status_code == 422
    assert sign_in_at(client, number, NEW).status_code == 303


def test_an_authenticator_serves_as_well(portal: Portal, client: TestClient) -> None:
    """And where there is one, a mail alone does not."""
    account, number = citizen_with_password(portal)
    with_mail(portal, account)
    secret = with_second_factor(portal, account)
    send(client, "/sign-in/forgotten", name=number)
    by_mail = code_in(mails(portal)[0][1])
    answer = send(client, "/sign-in/forgotten/code", name=number, code=by_mail)
    assert answer.status_code == 422
    code = code_now(portal, secret)
    answer = send(client, "/sign-in/forgotten/code", name=number, code=code)
    assert answer.headers["location"] == "/first-use"


@pytest.mark.parametrize("who", ["nobody", "no mail", "unconfirmed", "locked", "staff"])
def test_nothing_tells_whether_there_is_an_account(
    portal: Portal, client: TestClient, who: str
) -> None:
    """The same answer, and no mail."""
    account, name = citizen_with_password(portal)
    if who == "nobody":
        name = "123456789"
    elif who == "staff":
        account, name = staff_with_password(portal, "ivanova"), "ivanova"
    if who in {"unconfirmed", "locked", "staff"}:
        with_mail(portal, account)
    with portal.database.transaction() as connection:
        if who == "unconfirmed":
            change(connection, account, email_confirmed_at=None)
        if who == "locked":
            change(connection, account, state="locked")
    answer = send(client, "/sign-in/forgotten", name=name)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/forgotten/code")
    assert mails(portal) == []
    page = send(client, "/sign-in/forgotten/code", name=name, code="AAAA-AAAA-AAAA-A")
    assert page.status_code == 422


def test_a_code_is_good_for_half_an_hour(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """And asking again makes another one; asking too often waits."""
    account, number = citizen_with_password(portal)
    with_mail(portal, account)
    send(client, "/sign-in/forgotten", name=number)
    first = code_in(mails(portal)[0][1])
    send(client, "/sign-in/forgotten", name=number)
    answer = send(client, "/sign-in/forgotten/code", name=number, code=first)
    assert answer.status_code == 422
    clock.now += timedelta(minutes=31)
    second = code_in(mails(portal)[1][1])
    answer = send(client, "/sign-in/forgotten/code", name=number, code=second)
    assert answer.status_code == 422
    statuses = [send(client, "/sign-in/forgotten", name=number).status_code for _ in range(6)]
    assert statuses[-1] == 429


def test_an_address_kept_before_stops_nothing(portal: Portal, client: TestClient) -> None:
    """One that no mail can go to, kept when less was checked: another takes its place."""
    account, number = citizen_with_password(portal)
    with_mail(portal, account, "иван@abv.bg")
    assert send(client, "/sign-in/forgotten", name=number).status_code < 400
    sign_in_at(client, number)
    assert send(client, "/account/email", email="иван@abv.bg").status_code == 422
    assert send(client, "/account/email", email="ivan@abv.bg").status_code == 303
    assert [to for to, _ in mails(portal)] == ["ivan@abv.bg"]
