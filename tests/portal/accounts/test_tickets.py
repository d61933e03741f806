"""Tickets to the dashboard: seconds long, once, and only while the session lasts."""

from __future__ import annotations

import threading
from datetime import timedelta

from starlette.testclient import TestClient

from portal.accounts.sessions import end
from portal.accounts.tickets import is_alive, issue, redeem
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in, sign_in_staff


def test_a_ticket_opens_once(portal: Portal, client: TestClient) -> None:
    """Then it is nothing."""
    account = sign_in_staff(portal, client, "manager")
    session = sign_in(portal, client, account)
    ticket = issue(portal, session)
    actor = redeem(portal, ticket)
    assert actor is not None
    assert (actor.id, actor.session) == (account, session)
    assert redeem(portal, ticket) is None


def test_an_old_ticket_opens_nothing(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """Nor does one that was never given."""
    session = sign_in(portal, client, sign_in_staff(portal, client, "manager"))
    ticket = issue(portal, session)
    clock.now += timedelta(seconds=31)
    assert redeem(portal, ticket) is None
    assert redeem(portal, "never given") is None


def test_a_ticket_ends_with_its_session(portal: Portal, client: TestClient) -> None:
    """Signing out in between counts."""
    session = sign_in(portal, client, sign_in_staff(portal, client, "manager"))
    ticket = issue(portal, session)
    assert is_alive(portal, session)
    with portal.database.transaction() as connection:
        end(connection, session=session, now=portal.clock())
    assert not is_alive(portal, session)
    assert redeem(portal, ticket) is None


def test_race_for_a_ticket_has_one_winner(portal: Portal, client: TestClient) -> None:
    """On both databases."""
    session = sign_in(portal, client, sign_in_staff(portal, client, "manager"))
    ticket = issue(portal, session)
    won: list[bool] = []
    threads = [
        threading.Thread(target=lambda: won.append(redeem(portal, ticket) is not None))
        for _ in range(6)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(won) == [False] * 5 + [True]
