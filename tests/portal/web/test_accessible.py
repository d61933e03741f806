"""Pages as browsers show them: axe finds nothing, nothing is cut off, and all of it is light.

Every page that the route table knows and a link leads to is opened, so that new ones are covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, TypeAlias

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Response

from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, chromium, pages_of, served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_800)]

Scheme: TypeAlias = Literal["light", "dark"]

DESK: Final = (1280, 900, 1.0)
NARROW: Final = (320, 640, 2.0)
ZOOMED: Final = (320, 225, 4.0)
"""Width, height, pixels a point: a desk, a small phone, and a desk at 400 % (1280 × 900 / 4)."""

FORMS: Final = """[...document.querySelectorAll("main form")]
  .filter((form) => form.method === "post" && form.querySelector(".field"))"""
COUNT_FORMS: Final = f"{FORMS}.length"
SEND_EMPTY: Final = f"""(number) => {{
  const form = {FORMS}[number];
  for (const field of form.querySelectorAll("input:not([type=hidden]), textarea, select")) {{
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else field.value = "";
  }}
  form.submit();
}}"""
"""Sends the form with nothing in it, past the browser's own checks."""

MOST_BYTES: Final = 100 * 1024
"""Of a public page with all that it loads (some pay for what they load)."""


@pytest.fixture
def site(portal: Portal) -> Iterator[Served]:
    """The portal on a port."""
    with served(portal) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as opened:
        yield opened


def test_public_pages_have_no_obstacles(site: Served, browser: Browser) -> None:
    """Light in Bulgarian on a desk, dark in English on a small phone."""
    pages = pages_of(site, is_staff=False)
    assert {"/", "/accessibility", "/style", "/sign-in"} <= set(pages)
    faults = _faults(_context(browser, "light", DESK), site, pages)
    faults += _faults(_context(browser, "dark", NARROW), site, pages, "/en")
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize("window", [DESK, NARROW, ZOOMED], ids=["desk", "narrow", "zoomed"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"], ids=["bg", "en"])
def test_all_pages_have_no_obstacles(
    site: Served,
    browser: Browser,
    language: str,
    scheme: Scheme,
    window: tuple[int, int, float],
) -> None:
    """Each page of the staff and of the public, in each language, theme and size."""
    pages = pages_of(site, is_staff=True)
    assert "/staff/municipality" in pages
    faults = _faults(_context(browser, scheme, window, site), site, pages, language)
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "scheme"), [("", "dark"), ("/en", "light")], ids=["bg", "en"])
def test_pages_with_errors_have_no_obstacles(
    site: Served, browser: Browser, language: str, scheme: Scheme
) -> None:
    """Every form is sent as it is, but emptied; the page that says what is wrong is looked at."""
    context = _context(browser, scheme, NARROW, site)
    page = context.new_page()
    faults, refused = [], 0
    for address in pages_of(site, is_staff=True).values():
        page.goto(site.url + language + address)
        for number in range(page.evaluate(COUNT_FORMS)):
            page.goto(site.url + language + address)
            with page.expect_navigation():
                page.evaluate(SEND_EMPTY, number)
            if page.locator(".errors").count():
                refused += 1
                faults += _violations(page, f"{language}{address} refused")
            if page.url.partition("?")[0].endswith("/sign-in"):
                faults.append(f"{address}: sending a form empty signs out")
                break
    context.close()
    assert refused > 10
    assert not faults, "\n".join(faults)


def test_pages_work_without_script_and_ask_nobody_else(site: Served, browser: Browser) -> None:
    """With JavaScript off there are the same headings; nothing is loaded from elsewhere."""
    context = browser.new_context(java_script_enabled=False)
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for address in pages_of(site, is_staff=False).values():
        page.goto(site.url + address)
        assert page.locator("h1").first.inner_text().strip(), address
        assert page.locator("main").count() == 1, address
    assert not [url for url in asked if not url.startswith(site.url)]
    context.close()


def test_public_pages_are_light(site: Served, browser: Browser) -> None:
    """100 KB with everything that they load, nothing compressed."""
    weights = {
        address: _weight(browser, site.url + address)
        for address in pages_of(site, is_staff=False).values()
        if not address.startswith("/style")  # shows all there is; in production it is for staff
    }
    assert "/" in weights
    assert not {address: size for address, size in weights.items() if size > MOST_BYTES}


def test_by_keyboard_the_content_is_one_step_away(site: Served, browser: Browser) -> None:
    """The first stop is the skip link; it is seen, leads to the content, and focus shows."""
    page = browser.new_page()
    page.goto(site.url + "/accessibility")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    style = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return [s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
    )
    assert style[0] == "solid"
    assert style[1] >= 2


def test_targets_are_large_enough(site: Served, browser: Browser) -> None:
    """What is touched is 44 points high at least; links within a sentence may be less."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(site.url + "/style")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             "button, .button, .input, .choice input, select, textarea, summary, .tasks a,"
             + ".languages a, .service a, footer li a, .pages a, .crumbs a, .point, .change a")]
           .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 43.5)
           .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert not small
    context.close()


def _faults(
    context: BrowserContext, site: Served, pages: dict[str, str], language: str = ""
) -> list[str]:
    """What is wrong with each of ``pages``, the address first."""
    page = context.new_page()
    found = []
    for address in pages.values():
        page.goto(site.url + language + address)
        found += _violations(page, f"{language}{address}")
    context.close()
    return found


def _violations(page: Page, what: str) -> list[str]:
    results: dict[str, Any] = Axe().run(page).response
    found = []
    for violation in results["violations"]:
        nodes = [node["html"][:160] for node in violation["nodes"][:3]]
        found.append(f"{what}: {violation['id']} {nodes}")
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > width:
        found.append(f"{what}: {wide} wide on {width}")
    return found


def _weight(browser: Browser, url: str) -> int:
    """Bytes of a page and all that it loads, seen for the first time."""
    loaded: list[Response] = []

    def keep(response: Response) -> None:
        loaded.append(response)

    context = browser.new_context()
    page = context.new_page()
    page.on("response", keep)
    page.goto(url, wait_until="networkidle")
    size = sum(len(response.body()) for response in loaded)
    context.close()
    return size


def _context(
    browser: Browser, scheme: Scheme, window: tuple[int, int, float], site: Served | None = None
) -> BrowserContext:
    """A browser's window; of somebody of the staff of ``site``, where it is given."""
    width, height, factor = window
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=factor,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    if site is not None:
        name, value = site.cookie
        context.add_cookies([{"name": name, "value": value, "url": site.url}])
    return context


@pytest.mark.slow
def test_the_server_is_there(site: Served) -> None:
    """What the tests above stand on: a page for strangers, another one for staff."""
    assert httpx2.get(site.url).status_code == 200
    assert "/staff/municipality" not in pages_of(site, is_staff=False)
    assert "/staff/municipality" in pages_of(site, is_staff=True)
