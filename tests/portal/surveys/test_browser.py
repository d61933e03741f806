"""The builder in a browser: by keyboard and without a script, and nothing in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from portal.surveys.drafts import create_draft
from portal.surveys.editions import find, find_open
from portal.surveys.publishing import Opening, publish_draft
from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, chromium, served
from tests.portal.surveys.making import BASE, EDITOR, WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MOST_TABS = 120


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


def open_page(browser: Browser, site: Served, path: str, **options: object) -> Page:
    """A page of an editor."""
    context = browser.new_context(**options)  # type: ignore[arg-type]  # of Playwright
    name, value = site.cookie
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
    page = context.new_page()
    page.goto(site.url + path)
    return page


def tab_to(page: Page, text: str) -> None:
    """Go on by Tab to what is called ``text`` (a link, button or field)."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not focused.count():
            continue
        name = focused.get_attribute("id")
        named = [focused, *(page.locator(f'label[for="{name}"]').all() if name else [])]
        if any(text in " ".join((each.text_content() or "").split()) for each in named):
            return
    raise AssertionError(f"{text!r} was not reached by Tab")


def test_by_keyboard_without_a_script(site: Served, browser: Browser) -> None:
    """A ready-made survey is changed, published and closed; the mouse is not touched."""
    page = open_page(browser, site, f"/en{BASE}", java_script_enabled=False)
    tab_to(page, "Take a ready-made survey")
    page.keyboard.press("Enter")
    tab_to(page, "Use this – Electronic service")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Draft: Electronic service")
    tab_to(page, "Edit – Were you able to do what you came for?")
    page.keyboard.press("Enter")
    tab_to(page, "Question – English")
    page.keyboard.press("Control+A")
    page.keyboard.type("Did it work?")
    tab_to(page, "Add: option")
    page.keyboard.press("Enter")
    expect(page.locator("legend", has_text="Option 4")).to_have_count(1)
    tab_to(page, "Option 4 – Bulgarian")
    page.keyboard.type("Не помня")
    tab_to(page, "Option 4 – English")
    page.keyboard.type("I don't remember")
    page.keyboard.press("Enter")  # saves, as in any form
    expect(page.locator("h3", has_text="Did it work?")).to_have_count(1)
    tab_to(page, "Publish")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Publish version 1")
    tab_to(page, "Publish")
    page.keyboard.press("Enter")
    expect(page.locator(".banner.success")).to_contain_text("takes answers")
    now = site.portal.clock()
    edition = find_open(site.portal, "web-service", now)
    assert edition is not None
    assert [option.code for option in edition.survey.questions[1].options][-1] == "option-4"
    tab_to(page, "Close the survey")
    page.keyboard.press("Enter")
    expect(page.locator(".banner.success")).to_contain_text("it takes no more answers")
    closed = find(site.portal, "web-service", now)
    assert closed is not None
    assert closed.state == "closed"


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [pytest.param(1280, "light", "", marks=pytest.mark.slow), (320, "dark", "/en")],
)
def test_nothing_is_in_anybodys_way(
    site: Served, browser: Browser, width: int, scheme: str, language: str
) -> None:
    """On a desk and on a small phone, with every sort of question in the draft."""
    now = site.portal.clock()
    create_draft(site.portal.database, EDITOR, WHOLE, now)
    first = WHOLE.model_copy(update={"code": "first"})
    create_draft(site.portal.database, EDITOR, first, now)
    publish_draft(site.portal, EDITOR, "first", now, Opening())
    axe = Axe()
    page = open_page(
        browser,
        site,
        f"{language}{BASE}",
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    faults = []
    for path in (
        *("", "/new", "/ready", "/import", "/first", "/first/window", "/first/results"),
        *("/whole/draft", "/whole/draft/check", "/whole/draft/preview", "/whole/publish"),
        *("/whole/draft/preview?on=kiosk", "/whole/draft/questions/used"),
        *("/whole/draft/questions/staff", "/whole/draft/questions/used/conditions"),
        *("/whole/draft/questions/overall/follow-ups/why", "/whole/draft/texts"),
    ):
        page.goto(f"{site.url}{language}{BASE}{path}")
        found = axe.run(page).response["violations"]
        faults += [f"{path}: {each['id']} {each['nodes'][0]['html']}" for each in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path}: wider than {width}")
    assert not faults, "\n".join(faults)
