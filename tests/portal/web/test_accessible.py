"""Pages as browsers show them: axe finds nothing, nothing is cut off, and all of it is light.

Every page that the route table knows and a link leads to is opened, so that new ones are covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Response

from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, chromium, pages_of, served, served_apart

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
AT_ONCE: Final = 8
"""So many pages wait together for their network to fall silent."""


@pytest.fixture(scope="module")
def site(
    migrated_portal: Path, migrated_feedback: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The portal on a port, for all who only look."""
    folder = tmp_path_factory.mktemp("looked-at")
    with served_apart(migrated_portal, migrated_feedback, folder) as running:
        yield running


@pytest.fixture(scope="module")
def public_pages(site: Served) -> dict[str, str]:
    """What everybody may open: route → address."""
    return pages_of(site, is_staff=False)


@pytest.fixture
def written_to(portal: Portal) -> Iterator[Served]:
    """Another one, to which forms are sent."""
    with served(portal) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "scheme", "window"),
    [("", "light", DESK), pytest.param("/en", "dark", NARROW, marks=pytest.mark.slow)],
    ids=["bg-light-desk", "en-dark-narrow"],
)
def test_public_pages_have_no_obstacles(
    site: Served,
    public_pages: dict[str, str],
    browser: Browser,
    language: str,
    scheme: Scheme,
    window: tuple[int, int, float],
) -> None:
    """Light in Bulgarian on a desk, dark in English on a small phone."""
    assert {"/", "/accessibility", "/style", "/sign-in"} <= set(public_pages)
    faults = _faults(_context(browser, scheme, window), site, public_pages, language)
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
    written_to: Served, browser: Browser, language: str, scheme: Scheme
) -> None:
    """Every form is sent as it is, but emptied; the page that says what is wrong is looked at."""
    site = written_to
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


def test_pages_work_without_script_and_ask_nobody_else(
    site: Served, public_pages: dict[str, str], browser: Browser
) -> None:
    """With JavaScript off there are the same headings; nothing is loaded from elsewhere."""
    context = browser.new_context(java_script_enabled=False)
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for address in public_pages.values():
        page.goto(site.url + address)
        assert page.locator("h1").first.inner_text().strip(), address
        assert page.locator("main").count() == 1, address
    assert not [url for url in asked if not url.startswith(site.url)]
    context.close()


def test_public_pages_are_light(
    site: Served, public_pages: dict[str, str], browser: Browser
) -> None:
    """100 KB with everything that they load, nothing compressed."""
    looked_at = [
        address
        for address in public_pages.values()
        if not address.startswith("/style")  # shows all there is; in production it is for staff
    ]
    weights: dict[str, int] = {}
    for start in range(0, len(looked_at), AT_ONCE):
        weights |= _weights(browser, site.url, looked_at[start : start + AT_ONCE])
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


def _weights(browser: Browser, url: str, addresses: list[str]) -> dict[str, int]:
    """Bytes of pages and all that each loads, seen for the first time; opened at the same time."""
    loaded: dict[str, list[Response]] = {address: [] for address in addresses}
    with closing(browser.new_context()) as context:
        pages = [context.new_page() for _ in addresses]
        for page, (address, responses) in zip(pages, loaded.items(), strict=True):
            network = context.new_cdp_session(page)
            network.send("Network.enable")
            network.send("Network.setCacheDisabled", {"cacheDisabled": True})
            page.on("response", _keeping(responses))
            page.goto(url + address)
        for page in pages:
            page.wait_for_load_state("networkidle")
        return {
            address: sum(len(response.body()) for response in responses)
            for address, responses in loaded.items()
        }


def _keeping(responses: list[Response]) -> Callable[[Response], None]:
    """What notes a response; Playwright takes no method of a list."""

    def keep(response: Response) -> None:
        responses.append(response)

    return keep


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
