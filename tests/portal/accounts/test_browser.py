"""Signing in as a browser does it: keyboard only, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.desk import Seen, account_of_party, give_access, print_slip
from portal.accounts.users import lock
from portal.audit.log import CONSOLE
from portal.people.parties import Details, enter_party
from portal.web.language import Language
from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, chromium, served
from tests.portal.accounts.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def site(portal: Portal) -> Iterator[Served]:
    """The portal on a port."""
    with served(portal) as running:
        yield running


@pytest.fixture
def page(site: Served) -> Iterator[Page]:
    """A browser that runs no script."""
    with chromium() as browser:
        context = browser.new_context(
            java_script_enabled=False, base_url=site.url, viewport={"width": 360, "height": 740}
        )
        yield context.new_page()


def new_slip(portal: Portal) -> tuple[str, str, str]:
    """A party, the number and the code on its slip."""
    person = Details("person", "Георги", "Стоянов", "Димитров")
    party = enter_party(
        portal.database, portal.keys, person, None, actor=CONSOLE, now=portal.clock()
    )
    language = Language("bg", ZoneInfo("Europe/Sofia"))
    slip = give_access(portal, CONSOLE, party, Seen("passport", "0815"), language)
    code = print_slip(portal, CONSOLE, slip, lambda _access, code: code.encode()).decode()
    with portal.database.reading() as connection:
        account = account_of_party(connection, party)
    assert account is not None
    return account.id, account.sign_in_name, code


def tab_to(page: Page, name: str) -> None:
    """Go with the tab key to the field ``name``."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.get_attribute("name") == name:
            return
    raise AssertionError(f"the tab key never comes to {name}")


def test_a_citizen_signs_in_with_a_slip(site: Served, page: Page) -> None:
    """From the number and the code to an own password, and with that again."""
    account, number, code = new_slip(site.portal)
    page.goto("/sign-in")
    tab_to(page, "name")
    page.keyboard.type(number)
    tab_to(page, "password")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/first-use")
    tab_to(page, "password")
    page.keyboard.type("къса")
    tab_to(page, "again")
    page.keyboard.type("къса")
    page.keyboard.press("Enter")
    expect(page.locator("main .errors a")).to_contain_text("12")
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    tab_to(page, "again")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Моят профил")
    expect(page.locator("main")).to_contain_text("Георги Стоянов Димитров")
    page.locator("header form button").press("Enter")
    page.goto("/account")
    expect(page.locator("h1")).to_have_text("Вход")
    tab_to(page, "name")
    page.keyboard.type(number)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/account")
    lock(site.portal, CONSOLE, account)
    page.reload()
    expect(page.locator("h1")).to_have_text("Вход")


def test_going_back_after_signing_out_shows_nothing(site: Served, page: Page) -> None:
    """The browser keeps no copy of a personal page."""
    name, value = site.cookie
    page.context.add_cookies([{"name": name, "value": value, "url": site.url}])
    page.goto("/staff/users")
    expect(page.locator("h1")).to_have_text("Потребители")
    page.locator("header form button").press("Enter")
    page.go_back()
    expect(page.locator("main")).not_to_contain_text("Ева Илиева")
