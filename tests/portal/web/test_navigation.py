"""The menu: each finds what is his, nothing leads nowhere, and it opens on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from portal.app import guarded_routes, make_app
from portal.web.actor import ROLES, Actor, Role
from portal.web.navigation import NAVIGATION, Entry
from portal.web.portal import Portal
from tests.fixtures.portal_server import chromium, served
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff

Scheme: TypeAlias = Literal["light", "dark"]

DASHBOARD = "https://dashboard.test"
ENTRIES = [entry for entries in NAVIGATION.values() for entry in entries]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_who_sees_an_entry_may_open_it(entry: Entry) -> None:
    """Each role that finds it in the menu is let in by the route's own rule."""
    route = next(
        each for each in guarded_routes() if (each.method, each.path) == ("GET", entry.path)
    )
    for role in ROLES:
        actor = Actor("staff", "0", "Ева Илиева", roles=frozenset({role}))
        if entry.rule.judge(actor) == "welcome":
            assert route.rule.judge(actor) == "welcome", role


def test_clerks_find_paper_forms(portal: Portal, client: TestClient) -> None:
    """They key them in; tablets are for those who set them up."""
    sign_in_staff(portal, client, "clerk")
    assert {"/staff/people", "/staff/citizens", "/staff/paper"} <= _menu(client)
    assert "/staff/tablets" not in _menu(client)


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_who_sets_tablets_up_finds_them(portal: Portal, client: TestClient, role: Role) -> None:
    """Beside the forms on paper."""
    sign_in_staff(portal, client, role)
    assert {"/staff/paper", "/staff/tablets"} <= _menu(client)


def test_the_dashboard_stands_there_where_it_is(portal: Portal, client: TestClient) -> None:
    """A portal without one has no entry that leads to a page that is not found."""
    sign_in_staff(portal, client, "manager")
    assert "/staff/places" in _menu(client)
    assert "/dashboard" not in _menu(client)
    with_one = replace(
        portal, settings=portal.settings.model_copy(update={"dashboard_url": DASHBOARD})
    )
    other = TestClient(make_app(with_one), base_url=PUBLIC_URL, follow_redirects=False)
    sign_in_staff(with_one, other, "manager")
    assert "/dashboard" in _menu(other)
    assert other.get("/dashboard").headers["location"].startswith(DASHBOARD)


def test_strangers_have_no_menu(client: TestClient) -> None:
    """Nor an empty frame of one."""
    assert 'class="service"' not in client.get("/").text


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("language", "scheme"), [("", "dark"), ("/en", "light")], ids=["bg", "en"])
def test_on_a_phone_the_menu_opens(portal: Portal, language: str, scheme: Scheme) -> None:
    """One line until it is opened, by the keyboard too; then in groups, without obstacles."""
    with served(portal) as site, chromium() as browser:
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            color_scheme=scheme,
        )
        name, value = site.cookie
        context.add_cookies([{"name": name, "value": value, "url": site.url}])
        page = context.new_page()
        page.goto(site.url + language + "/staff/paper")
        menu = page.locator("nav.service")
        box = menu.bounding_box()
        assert box is not None
        assert box["height"] < 60
        assert menu.locator("a:visible").count() == 0
        page.locator("nav.service summary").focus()
        page.keyboard.press("Enter")
        assert menu.locator("section p:visible").count() == len(NAVIGATION)
        links = menu.locator("a:visible")
        assert links.count() == len(ENTRIES) - 1  # no dashboard here
        assert menu.locator("a[aria-current]:visible").count() == 1
        assert all((each.bounding_box() or {"height": 0})["height"] >= 44 for each in links.all())
        found = Axe().run(page).response["violations"]
        assert not [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.pathname").endswith("/staff/people")
        page.set_viewport_size({"width": 1280, "height": 740})
        assert not page.locator("nav.service summary").is_visible()
        assert menu.locator("a:visible").count() == len(ENTRIES) - 1
        context.close()


def _menu(client: TestClient) -> set[str]:
    """Where the menu leads."""
    page = client.get("/account")
    assert page.status_code == 200
    frame = re.search(r'<nav class="service".*?</nav>', page.text, re.DOTALL)
    assert frame is not None
    return set(re.findall(r'href="([^"]+)"', frame[0]))
