"""Websockets: from our own pages only, and no longer than the session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from broker.store.tables import table_of
from portal.accounts.accounts import set_powers
from portal.accounts.sessions import end_all
from portal.accounts.tables import Account, AccountSession
from portal.gate.admission import Admission
from portal.gate.sockets import ENDED
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock
from tests.portal.gate.conftest import DASHBOARD_URL, Inside

ADDRESS = "ws://dashboard.test"
STREAM = f"{ADDRESS}/_stcore/stream"
OWN = {"Origin": DASHBOARD_URL}


def test_a_page_of_ours_may(admitted: TestClient, inside: Inside) -> None:
    """It speaks with the dashboard, which knows who it is."""
    with admitted.websocket_connect(STREAM, headers=OWN) as socket:
        socket.send_bytes(b"hello")
        assert socket.receive_bytes() == b"hello"
    assert "manager" in inside.headers[0]["x-otziv-person"]


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.test",
        "http://portal.test",
        "https://dashboard.test",
        "http://dashboard.test:81",
        "http://dashboard.test.evil.test",
        "http://dashboard.test/",
    ],
)
def test_another_origin_may_not(admitted: TestClient, inside: Inside, origin: str | None) -> None:
    """Not even the portal, and not who sends none."""
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(WebSocketDisconnect), admitted.websocket_connect(STREAM, headers=headers):
        pass
    assert not inside.paths


def test_without_a_pass_nobody_may(visitor: TestClient, inside: Inside) -> None:
    """Whatever else he says."""
    forged = {**OWN, "X-Otziv-Person": "{}", "Authorization": "Bearer x"}
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect(STREAM, headers=forged):
        pass
    assert not inside.paths


def test_no_other_path_has_one(admitted: TestClient, inside: Inside) -> None:
    """Whatever the dashboard may have there one day."""
    for path in ("/", "/today/_stcore/stream", "/_stcore/agent/mcp"):
        with (
            pytest.raises(WebSocketDisconnect),
            admitted.websocket_connect(ADDRESS + path, headers=OWN),
        ):
            pass
    assert not inside.paths


def _sign_out(portal: Portal) -> None:
    with portal.database.transaction() as connection:
        account = connection.execute(table_of(Account).select()).one()
        end_all(connection, account.id, portal.clock())


def _lock(portal: Portal) -> None:
    with portal.database.transaction() as connection:
        connection.execute(table_of(Account).update().values(state="locked"))


def _take_role(portal: Portal) -> None:
    with portal.database.transaction() as connection:
        account = connection.execute(table_of(Account).select()).one()
        set_powers(connection, account.id, ["clerk"], [])


@pytest.mark.parametrize("happens", [_sign_out, _lock, _take_role])
def test_an_open_one_ends(
    portal: Portal, admitted: TestClient, inside: Inside, happens: object
) -> None:
    """With the session, the account or the role; both sides are told."""
    assert callable(happens)
    with admitted.websocket_connect(STREAM, headers=OWN) as socket:
        socket.send_bytes(b"hello")
        assert socket.receive_bytes() == b"hello"
        happens(portal)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
    assert closed.value.code == ENDED
    assert inside.said == [{"type": "websocket.disconnect", "code": ENDED}]


def test_who_can_not_be_asked_about_may_not_stay(
    admitted: TestClient, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours, whatever it is, leaves no door open."""
    with admitted.websocket_connect(STREAM, headers=OWN) as socket:
        socket.send_bytes(b"hello")
        assert socket.receive_bytes() == b"hello"

        def fail(*_: object) -> None:
            raise LookupError("a fault")

        monkeypatch.setattr(Admission, "person", fail)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
    assert closed.value.code == ENDED
    assert inside.said == [{"type": "websocket.disconnect", "code": ENDED}]


def test_an_idle_one_ends_and_a_used_one_stays(
    portal: Portal, admitted: TestClient, clock: FrozenClock
) -> None:
    """What somebody does there counts as use of the session."""
    began = clock.now
    with admitted.websocket_connect(STREAM, headers=OWN) as socket:
        clock.now += timedelta(minutes=14)
        socket.send_bytes(b"something done")
        socket.receive_bytes()
        _wait_until_seen(portal, began)
        clock.now += timedelta(minutes=14)
        socket.send_bytes(b"")  # nobody's doing
        assert socket.receive_bytes() == b""
        clock.now += timedelta(minutes=2)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()


def _wait_until_seen(portal: Portal, before: object) -> None:
    """Until the session was used after ``before``."""
    import time

    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        with portal.database.reading() as connection:
            if connection.execute(table_of(AccountSession).select()).one().seen_at > before:
                return
        time.sleep(0.02)
    pytest.fail("nobody noted the use")
