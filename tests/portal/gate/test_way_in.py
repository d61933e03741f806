"""The way in: a ticket opens once, soon, for the browser that it was meant for, and that is all."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from analytics.dashboard.person import HEADER, person_of
from broker.store.tables import table_of
from portal.accounts.sessions import end_all
from portal.accounts.tables import Account
from portal.app import make_app
from portal.audit.log import CONSOLE
from portal.people.units import UnitDetails, add_unit
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, FrozenClock, sign_in_staff
from tests.portal.gate.conftest import DASHBOARD_URL, Inside, way_in


def test_a_manager_gets_in(manager: TestClient, visitor: TestClient, inside: Inside) -> None:
    """Three steps: the door, the portal, the ticket; then the dashboard knows his name."""
    entered = visitor.get(way_in(manager, visitor))
    assert entered.headers["location"] == "/"
    assert not inside.paths
    page = visitor.get("/")
    assert (page.status_code, page.text) == (200, "inside")
    assert '"roles": ["manager"]' in inside.headers[0]["x-otziv-person"]


def test_the_dashboard_is_told_for_which_units(
    portal: Portal, visitor: TestClient, inside: Inside
) -> None:
    """With those in them, which it can't know; who works for all has none."""
    day = portal.clock().date()
    for code, parent in (("finance", ""), ("revenue", "finance"), ("registry", "")):
        details = UnitDetails(kind="department", name_bg=code, parent=parent)
        add_unit(portal.database, code, details, day, actor=CONSOLE)
    client = TestClient(make_app(portal), base_url=PUBLIC_URL, follow_redirects=False)
    sign_in_staff(portal, client, "head-of-unit", units=["finance"])
    visitor.get(way_in(client, visitor))
    visitor.get("/")
    told = person_of({HEADER: inside.headers[0]["x-otziv-person"]})
    assert told is not None
    assert told.units == {"finance", "revenue"}


def test_the_portal_leads_to_the_dashboard(manager: TestClient) -> None:
    """In the language that is read there."""
    assert manager.get("/dashboard").headers["location"] == f"{DASHBOARD_URL}/"
    assert manager.get("/en/dashboard").headers["location"] == f"{DASHBOARD_URL}/?lang=en"


def test_the_language_is_kept_on_the_way(manager: TestClient, visitor: TestClient) -> None:
    """Through the portal and back."""
    away = visitor.get("/?lang=en").headers["location"]
    assert away.startswith(f"{PUBLIC_URL}/en/dashboard?door=")
    given = manager.get(away).headers["location"]
    assert visitor.get(given).headers["location"] == "/?lang=en"


def test_a_used_ticket_is_nothing(
    manager: TestClient, new_visitor: Callable[[], TestClient], inside: Inside
) -> None:
    """Neither for the one who used it, nor for somebody who saw the address."""
    owner, thief = new_visitor(), new_visitor()
    address = way_in(manager, owner)
    assert owner.get(address).status_code == 303
    again = new_visitor()
    again.cookies.set("otziv-door", owner.cookies["otziv-door"])
    for each in (again, thief):
        assert each.get(address).status_code == 403
        assert each.get("/").status_code == 303
    assert not inside.paths


def test_a_stolen_ticket_is_nothing_and_is_not_spent(
    manager: TestClient, new_visitor: Callable[[], TestClient]
) -> None:
    """Whoever is quicker than its owner still hasn't the owner's door, and does him no harm."""
    owner, thief = new_visitor(), new_visitor()
    address = way_in(manager, owner)
    thief.get("/")  # he has a door of his own
    assert thief.get(address).status_code == 403
    assert "otziv-dashboard" not in thief.cookies
    assert owner.get(address).status_code == 303


def test_a_late_ticket_is_nothing(
    manager: TestClient, visitor: TestClient, clock: FrozenClock
) -> None:
    """After 30 seconds."""
    address = way_in(manager, visitor)
    clock.now += timedelta(seconds=31)
    assert visitor.get(address).status_code == 403


def test_a_foreign_ticket_is_nothing(manager: TestClient, visitor: TestClient) -> None:
    """Made up, or with a changed part."""
    address = way_in(manager, visitor)
    for wrong in (
        "/enter",
        "/enter?ticket=x&seal=y",
        address.replace("ticket=", "ticket=x"),
        address.replace("seal=", "seal=x"),
        address + "x",
    ):
        turned_away = visitor.get(wrong)
        assert turned_away.status_code == 403
        assert f'href="{PUBLIC_URL}/dashboard"' in turned_away.text
    assert "otziv-dashboard" not in visitor.cookies


def test_a_made_up_pass_is_nothing(admitted: TestClient) -> None:
    """It is signed; a session's id is no secret, and opens nothing."""
    good = admitted.cookies["otziv-dashboard"]
    session, _, signature = good.partition(".")
    for wrong in (session, f"{session}.", f"{session}.{signature[:-1]}", f"x{good}", ".", "a.b"):
        admitted.cookies.set("otziv-dashboard", wrong, domain="dashboard.test", path="/")
        assert admitted.get("/").status_code == 303, wrong


@pytest.mark.parametrize("role", ["clerk", "mayoralty-clerk"])
def test_not_everybody_may(portal: Portal, visitor: TestClient, role: str) -> None:
    """The dashboard is no part of every role's work."""
    client = TestClient(make_app(portal), base_url=PUBLIC_URL, follow_redirects=False)
    sign_in_staff(portal, client, role)  # type: ignore[arg-type]  # one of the roles
    assert client.get(visitor.get("/").headers["location"]).status_code == 403


def test_strangers_sign_in_first(portal: Portal, visitor: TestClient) -> None:
    """And come back to where they were going."""
    stranger = TestClient(make_app(portal), base_url=PUBLIC_URL, follow_redirects=False)
    away = visitor.get("/").headers["location"]
    assert stranger.get(away).headers["location"].startswith("/sign-in?next=%2Fdashboard%3Fdoor%3D")


def test_after_sign_out_nothing_opens(portal: Portal, admitted: TestClient, inside: Inside) -> None:
    """Pages send to the portal, parts of pages say no."""
    assert admitted.get("/").status_code == 200
    with portal.database.transaction() as connection:
        account = connection.execute(table_of(Account).select()).one()
        end_all(connection, account.id, portal.clock())
    inside.paths.clear()
    assert admitted.get("/").headers["location"].startswith(f"{PUBLIC_URL}/dashboard?door=")
    assert admitted.get("/static/js/index.js").status_code == 401
    assert admitted.get("/media/x.png").status_code == 401
    assert not inside.paths


def test_who_is_locked_or_loses_his_role_is_out(portal: Portal, admitted: TestClient) -> None:
    """At the next request."""
    accounts = table_of(Account)
    with portal.database.transaction() as connection:
        connection.execute(accounts.update().values(state="locked"))
    assert admitted.get("/").status_code == 303


def test_without_a_dashboard_there_is_no_way(portal: Portal) -> None:
    """A page that isn't there."""
    from dataclasses import replace

    settings = portal.settings.model_copy(update={"dashboard_url": ""})
    bare = replace(portal, settings=settings, parts={})
    client = TestClient(make_app(bare), base_url=PUBLIC_URL, follow_redirects=False)
    sign_in_staff(bare, client, "manager")
    assert client.get("/dashboard").status_code == 404


def test_what_was_wanted_is_shown_after_signing_in(
    manager: TestClient, visitor: TestClient
) -> None:
    """A message's link to an alert leads there; the next time without one, to the first page."""
    away = visitor.get("/?alert=9e6974d9d78d1e3d")
    given = manager.get(away.headers["location"]).headers["location"]
    entered = visitor.get(given.removeprefix(DASHBOARD_URL))
    assert entered.headers["location"] == "/?alert=9e6974d9d78d1e3d"
    visitor.cookies.delete("otziv-dashboard")
    assert visitor.get(way_in(manager, visitor)).headers["location"] == "/"


def test_choices_and_language_are_kept_on_the_way(manager: TestClient, visitor: TestClient) -> None:
    """In the language in which somebody comes back."""
    away = visitor.get("/places?lang=en&period=90")
    given = manager.get(away.headers["location"]).headers["location"]
    entered = visitor.get(given.removeprefix(DASHBOARD_URL))
    assert entered.headers["location"] == "/places?period=90&lang=en"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example/",
        "/x?y\r\nSet-Cookie:z=1",
        "",
        "@",
    ],
)
def test_a_cookie_leads_nowhere_else(manager: TestClient, visitor: TestClient, wanted: str) -> None:
    """Whoever wrote it."""
    there = way_in(manager, visitor)
    visitor.cookies.set("otziv-wanted", urlsafe_b64encode(wanted.encode()).decode())
    assert visitor.get(there).headers["location"] == "/"


def test_a_cookie_that_is_none_does_no_harm(manager: TestClient, visitor: TestClient) -> None:
    """Not base64, not UTF-8."""
    there = way_in(manager, visitor)
    visitor.cookies.set("otziv-wanted", "_w==x")
    assert visitor.get(there).headers["location"] == "/"
