"""In a real browser, by keyboard alone and without JavaScript, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from broker.fleet.place_changes import show_settings
from portal.web.portal import Portal
from tests.fixtures.portal_server import chromium
from tests.portal.fleet.keyboard import Typist
from tests.portal.fleet.serving import Site, on_a_port
from tests.portal.fleet.test_devices import line_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")


@pytest.fixture
def site(running: Portal) -> Iterator[Site]:
    """The town's portal on a port, while the fleet's process runs."""
    with on_a_port(running) as opened:
        yield opened


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as opened:
        yield opened


def test_a_device_is_enrolled_and_replaced(site: Site, browser: Browser) -> None:
    """From the list to its code, and from its page to that of the one in its place."""
    typist = Typist(browser, site)
    typist.open("/staff/devices")
    typist.follow("Настройване на ново устройство")
    typist.write("name", "kiosk-7")
    typist.choose("touchpoint", "desk-2")
    typist.press("form .button")
    assert CODE.search(typist.read(".panel"))
    typist.follow("Към състоянието му")
    assert line_of(site.portal, "kiosk-7").touchpoint == "desk-2"
    typist.follow("Замяна с друго устройство")
    typist.write("name", "kiosk-8")
    typist.mark("old", 1)
    typist.press("form .button")
    assert CODE.search(typist.read(".panel"))
    assert line_of(site.portal, "kiosk-8").touchpoint == "desk-2"
    assert line_of(site.portal, "kiosk-7").touchpoint is None


def test_opening_hours_are_set(site: Site, browser: Browser) -> None:
    """With a mistake on the way: the error leads to its field, and what was typed stays."""
    typist = Typist(browser, site)
    typist.open("/staff/places/location/hall-1/settings/opening.weekly")
    typist.mark("mode", 1)
    typist.write("day-1", "8-12, 13-17")
    typist.write("day-2", "9")
    typist.press('button[value="check"]')
    assert "вторник" in typist.read(".errors")
    typist.press(".errors a")
    typist.page.keyboard.press("Control+A")
    typist.page.keyboard.type("9-13")
    typist.press('button[value="check"]')
    assert "Едно устройство получава нова конфигурация" in typist.read()
    typist.press('button[value="save"]')
    found = show_settings(site.portal.feedback, "location", "hall-1", None, site.portal.clock())
    assert found.settings["opening.weekly"].value == [
        {"opens_at": "08:00", "closes_at": "12:00", "days": [1]},
        {"opens_at": "13:00", "closes_at": "17:00", "days": [1]},
        {"opens_at": "09:00", "closes_at": "13:00", "days": [2]},
    ]


def test_nothing_is_wider_than_a_phone(site: Site, browser: Browser) -> None:
    """Tables become cards, code and configurations break or scroll in their own box."""
    typist = Typist(browser, site, (320, 640))
    for path in (
        "/staff/places",
        "/staff/places/touchpoint/desk-1",
        "/staff/devices",
        "/staff/devices/kiosk-1",
        "/staff/devices/kiosk-1/configurations",
        "/staff/health",
        "/staff/served/import",
        "/staff/misuse",
    ):
        typist.open(path)
        wide = typist.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path
    typist.open("/staff/devices/kiosk-1/enrol")
    typist.press("form .button")
    assert typist.page.evaluate("document.documentElement.scrollWidth") <= 320
