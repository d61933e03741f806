"""Pages of the dashboard as browsers show them: axe finds nothing, and they make sense read aloud.

Every page of the menu is opened, so that new ones are covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page

from analytics.dashboard.menu import PAGES
from portal.accounts.sessions import cookie_name
from tests.fixtures.portal_server import chromium
from tests.portal.gate.running import Running
from tests.portal.gate.two_units import HIDDEN, Ids, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

Scheme: TypeAlias = Literal["light", "dark"]

DESK: Final = (1280, 900)
PHONE: Final = (360, 740)
WITHIN_MS: Final = 90_000

_IS_READY: Final = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.dataset.testScriptState === "notRunning" && document.querySelector("h1")
    && !document.querySelector('[data-testid="stSkeleton"]')
    && [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
      .every((each) => each.querySelector("canvas, svg"));
}"""
_UNFOLD: Final = """document.querySelectorAll("details:not([open]) > summary")
  .forEach((each) => each.click())"""
_LEVELS: Final = """[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1]))"""
_UNNAMED_TABLES: Final = """[...document.querySelectorAll("table")]
  .filter((each) => !each.caption || !each.caption.textContent.trim()
    || !each.querySelector('thead th[scope="col"]')).map((each) => each.outerHTML.slice(0, 120))"""
_WIDE: Final = """document.documentElement.scrollWidth > innerWidth"""


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as opened:
        yield opened


def test_pages_have_no_obstacles(filled: tuple[Running, Ids], browser: Browser) -> None:
    """In Bulgarian, light, on a desk."""
    faults = _faults(filled[0], browser, "bg", "light", DESK)
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["bg", "en"])
def test_all_pages_have_no_obstacles(
    filled: tuple[Running, Ids],
    browser: Browser,
    language: str,
    scheme: Scheme,
    window: tuple[int, int],
) -> None:
    """In each language, theme and size."""
    faults = _faults(filled[0], browser, language, scheme, window)
    assert not faults, "\n".join(faults)


def _faults(
    town: Running, browser: Browser, language: str, scheme: Scheme, window: tuple[int, int]
) -> list[str]:
    _, secret = sign_in(town, "manager", "administrator")
    context = browser.new_context(
        viewport={"width": window[0], "height": window[1]},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    url = town.settings.public_url
    context.add_cookies([{"name": cookie_name(is_secure=False), "value": secret, "url": url}])
    page = _opened(town, context)
    found = []
    for entry in PAGES:
        place = f"&place=location:hall-{HIDDEN}&period=91d" if entry.has_bar else ""
        page.goto(f"{town.settings.dashboard_url}/{entry.path}?lang={language}{place}")
        page.wait_for_function(_IS_READY, timeout=WITHIN_MS)
        page.evaluate(_UNFOLD)
        page.wait_for_timeout(1000)
        found += [f"{entry.path}: {fault}" for fault in _looked_at(page, language)]
    context.close()
    return found


def _opened(town: Running, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{town.settings.public_url}/dashboard")
    page.wait_for_function(_IS_READY, timeout=WITHIN_MS)
    return page


def _looked_at(page: Page, language: str) -> list[str]:
    """What is wrong with the page that is open."""
    results: dict[str, Any] = Axe().run(page).response
    found = [
        f"{each['id']} {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in results["violations"]
    ]
    if page.evaluate("document.documentElement.lang") != language:
        found.append("says another language")
    levels = page.evaluate(_LEVELS)
    if levels.count(1) != 1 or levels[0] != 1:
        found.append(f"headings begin with {levels[:3]}, and {levels.count(1)} are the first")
    if any(below - above > 1 for above, below in pairwise(levels)):
        found.append(f"headings leave out a level: {levels}")
    found += [
        f"a table without caption or headings: {each}" for each in page.evaluate(_UNNAMED_TABLES)
    ]
    if page.evaluate(_WIDE):
        found.append("wider than the window")
    return found
