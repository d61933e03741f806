"""A gate around a small application, and browsers' parts of HTTP in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from portal.app import make_app
from portal.gate.admission import Admission
from portal.gate.gate import Addresses, Gate
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff
from tests.portal.gate.running import Running, running
from tests.portal.gate.two_units import Ids, fill_feedback, fill_portal

DASHBOARD_URL = "http://dashboard.test"


class Inside:
    """What stands behind the gate: notes what it gets, and answers."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.said: list[object] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with ``inside``; on a websocket, say everything back."""
        self.paths.append(scope["path"])
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"inside"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "bytes": message["bytes"]})
        self.said.append(message)


@pytest.fixture
def inside() -> Inside:
    """The application behind the gate."""
    return Inside()


@pytest.fixture
def portal(portal: Portal) -> Portal:
    """A portal that has a dashboard."""
    settings = portal.settings.model_copy(update={"dashboard_url": DASHBOARD_URL})
    return replace(portal, settings=settings)


@pytest.fixture
def gate(portal: Portal, inside: Inside) -> Gate:
    """A gate that looks at open websockets all the time."""
    addresses = Addresses(PUBLIC_URL, DASHBOARD_URL)
    return Gate(inside, Admission(portal), addresses, scripts=["1"], recheck_s=0.05)


@pytest.fixture
def new_visitor(gate: Gate) -> Callable[[], TestClient]:
    """Makes browsers' parts of HTTP at the dashboard, each with cookies of its own."""
    return lambda: TestClient(gate, base_url=DASHBOARD_URL, follow_redirects=False)


@pytest.fixture
def visitor(new_visitor: Callable[[], TestClient]) -> TestClient:
    """One of them."""
    return new_visitor()


@pytest.fixture
def manager(portal: Portal) -> TestClient:
    """A browser in which a manager is signed in at the portal."""
    client = TestClient(make_app(portal), base_url=PUBLIC_URL, follow_redirects=False)
    sign_in_staff(portal, client, "manager")
    return client


def way_in(manager: TestClient, visitor: TestClient) -> str:
    """The address with a ticket to which the portal sends ``visitor``, unused."""
    away = visitor.get("/")
    assert away.status_code == 303
    given = manager.get(away.headers["location"])
    assert given.status_code == 303
    parts = urlsplit(given.headers["location"])
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def admitted(manager: TestClient, visitor: TestClient) -> TestClient:
    """A browser that the gate has let in."""
    entered = visitor.get(way_in(manager, visitor))
    assert entered.status_code == 303
    return visitor


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Ids]]:
    """Portal and dashboard as in life, over the town of two units."""
    with running(tmp_path_factory.mktemp("two-units") / "data") as town:
        fill_feedback(town.feedback)
        yield town, fill_portal(town)
