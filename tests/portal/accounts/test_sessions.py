"""Sessions: recognised while they last, and not a moment longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal.accounts.accounts import change
from portal.accounts.sessions import (
    Sessions,
    begin,
    cookie_name,
    end,
    end_all,
    prove,
    sessions_of,
)
from portal.accounts.tables import AccountSession
from portal.store.tables import table_of
from portal.web.actor import NOBODY
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in, sign_in_citizen, sign_in_staff


def sessions(portal: Portal) -> Sessions:
    """The doorkeeper of that portal."""
    return Sessions(portal.database, portal.keys, portal.clock)


def new_session(portal: Portal, account: str) -> tuple[str, str]:
    """A session's id and secret."""
    with portal.database.transaction() as connection:
        return begin(connection, portal.keys, account, now=portal.clock())


def test_staff_are_known_with_roles_and_units(portal: Portal, client: TestClient) -> None:
    """As the account says now."""
    account = sign_in_staff(portal, client, "clerk", "head-of-unit", units=["centre"])
    session, secret = new_session(portal, account)
    actor = sessions(portal).recognise_secret(secret)
    assert (actor.kind, actor.id, actor.session) == ("staff", account, session)
    assert actor.roles == {"clerk", "head-of-unit"}
    assert actor.units == {"centre"}


def test_the_secret_is_not_in_the_database(portal: Portal, client: TestClient) -> None:
    """Whoever reads the database can open nothing."""
    _, secret = new_session(portal, sign_in_staff(portal, client, "clerk"))
    with portal.database.reading() as connection:
        rows = connection.execute(select(table_of(AccountSession))).all()
    assert rows
    assert secret not in str(rows)


@pytest.mark.parametrize("secret", ["", "x", "ж" * 50, "a" * 5_000])
def test_what_is_no_session_is_nobody(portal: Portal, secret: str) -> None:
    """Without an error."""
    assert sessions(portal).recognise_secret(secret) == NOBODY


@pytest.mark.parametrize(("kind", "idle_min"), [("staff", 15), ("citizen", 20)])
def test_an_idle_session_is_over(
    portal: Portal, client: TestClient, clock: FrozenClock, kind: str, idle_min: int
) -> None:
    """Use prolongs it."""
    make = sign_in_staff(portal, client, "clerk") if kind == "staff" else ""
    _, secret = new_session(portal, make or sign_in_citizen(portal, client))
    clock.now += timedelta(minutes=idle_min)
    assert sessions(portal).recognise_secret(secret).kind == kind
    clock.now += timedelta(minutes=idle_min)
    assert sessions(portal).recognise_secret(secret).kind == kind
    clock.now += timedelta(minutes=idle_min, seconds=1)
    assert sessions(portal).recognise_secret(secret) == NOBODY


@pytest.mark.parametrize(("kind", "hours"), [("staff", 8), ("citizen", 12)])
def test_an_old_session_is_over_though_used(
    portal: Portal, client: TestClient, clock: FrozenClock, kind: str, hours: int
) -> None:
    """Nobody works through two days in one."""
    made = sign_in_staff(portal, client, "clerk") if kind == "staff" else ""
    _, secret = new_session(portal, made or sign_in_citizen(portal, client))
    for _ in range(hours * 6):
        clock.now += timedelta(minutes=10)
        assert sessions(portal).recognise_secret(secret).kind == kind
    clock.now += timedelta(minutes=1)
    assert sessions(portal).recognise_secret(secret) == NOBODY


def test_asking_whether_it_is_alive_does_not_prolong_it(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """The dashboard's gate asks all the time."""
    session = sign_in(portal, client, sign_in_staff(portal, client, "manager"))
    for _ in range(3):
        clock.now += timedelta(minutes=5)
        assert sessions(portal).is_alive(session)
    clock.now += timedelta(minutes=1)
    assert not sessions(portal).is_alive(session)


def test_touching_prolongs_it(portal: Portal, client: TestClient, clock: FrozenClock) -> None:
    """Work on the dashboard is work."""
    session = sign_in(portal, client, sign_in_staff(portal, client, "manager"))
    clock.now += timedelta(minutes=14)
    sessions(portal).touch(session)
    clock.now += timedelta(minutes=14)
    assert sessions(portal).actor_of(session) is not None


def test_an_ended_session_is_over(portal: Portal, client: TestClient) -> None:
    """And nobody ends another one's."""
    account = sign_in_staff(portal, client, "clerk")
    session, secret = new_session(portal, account)
    with portal.database.transaction() as connection:
        assert not end(connection, session=session, now=portal.clock(), account="another")
        assert end(connection, session=session, now=portal.clock(), account=account)
        assert not end(connection, session=session, now=portal.clock())
    assert sessions(portal).recognise_secret(secret) == NOBODY


def test_all_sessions_end_but_one(portal: Portal, client: TestClient) -> None:
    """Those of others stay."""
    account, other = (sign_in_staff(portal, client, "clerk") for _ in range(2))
    kept, _ = new_session(portal, account)
    with portal.database.transaction() as connection:
        assert end_all(connection, account, portal.clock(), but=kept) == 1
        assert [each.id for each in sessions_of(connection, account, portal.clock())] == [kept]
        assert len(sessions_of(connection, other, portal.clock())) == 1


def test_a_locked_account_has_no_session(portal: Portal, client: TestClient) -> None:
    """Even where somebody forgot to end it."""
    account = sign_in_staff(portal, client, "clerk")
    session, secret = new_session(portal, account)
    with portal.database.transaction() as connection:
        change(connection, account, state="locked")
    assert sessions(portal).recognise_secret(secret) == NOBODY
    assert not sessions(portal).is_alive(session)


def test_proving_again_makes_a_new_secret(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """The old one opens nothing any more."""
    account = sign_in_staff(portal, client, "clerk")
    session, secret = new_session(portal, account)
    clock.now += timedelta(minutes=11)
    assert not sessions(portal).is_fresh(session)
    with portal.database.transaction() as connection:
        fresh = prove(connection, portal.keys, session, portal.clock())
    assert sessions(portal).recognise_secret(secret) == NOBODY
    assert sessions(portal).recognise_secret(fresh).id == account
    assert sessions(portal).is_fresh(session)


def test_an_unfinished_sign_in_is_nobody_with_a_session(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """For some minutes, whatever happens."""
    account = sign_in_staff(portal, client, "clerk")
    with portal.database.transaction() as connection:
        session, secret = begin(connection, portal.keys, account, now=clock.now, stage="code")
    actor = sessions(portal).recognise_secret(secret)
    assert (actor.kind, actor.id, actor.session) == ("anonymous", "", session)
    assert not sessions(portal).is_alive(session)
    clock.now += timedelta(minutes=21)
    assert sessions(portal).recognise_secret(secret) == NOBODY


def test_the_cookie_is_bound_to_its_host_over_tls() -> None:
    """Browsers accept that prefix over TLS only."""
    assert cookie_name(is_secure=True) == "__Host-otziv"
    assert cookie_name(is_secure=False) == "otziv"


def test_clients_have_cookies_of_their_own(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """Two people in one test."""
    one, other = new_client(), new_client()
    assert sign_in_staff(portal, one, "clerk") != sign_in_staff(portal, other, "editor")
    assert one.cookies["otziv"] != other.cookies["otziv"]
