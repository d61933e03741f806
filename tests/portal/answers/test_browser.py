"""What a browser does: a tablet without a network, paper by keyboard, a survey without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.surveys.tablets import list_tablets, new_tablet
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, chromium, served
from tests.portal.answers.asked import SHORT
from tests.portal.answers.making import events, open_survey

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


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


@pytest.fixture
def new_tablet_page(browser: Browser, site: Served) -> Callable[..., Page]:
    """Pairs a tablet, and opens its page."""

    def pair(**options: Any) -> Page:  # noqa: ANN401  # of Playwright
        context = browser.new_context(viewport={"width": 1024, "height": 768}, **options)
        page = context.new_page()
        _, pairing = new_tablet(site.portal, Actor(id="test"), "hall-web")
        page.goto(f"{site.url}/tablet/hall-web/pair/{pairing}")
        page.locator("main form button").click()
        expect(page.locator("form h1, main h1").first).to_be_visible()
        return page

    return pair


def wait_for(portal: Portal, visits: int, page: Page) -> list[dict[str, Any]]:
    """The events, once there are so many visits."""
    for _ in range(200):
        found = events(portal)
        if len({event["visit"] for event in found}) >= visits:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"{visits} visits never came")


def press(page: Page, value: str) -> None:
    """Touch a face."""
    page.locator(f'label.point:has(input[value="{value}"])').click()


def test_tablet_without_a_network(site: Served, new_tablet_page: Callable[..., Page]) -> None:
    """Answers wait in the browser, over a reload without a network, and each is delivered once."""
    open_survey(site.portal, SHORT)
    page = new_tablet_page()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_timeout(1000)  # the worker keeps what the page is made of
    press(page, "5")
    wait_for(site.portal, 1, page)
    page.context.set_offline(True)
    for value in ("1", "2"):
        page.locator("main .panel").wait_for(state="detached", timeout=20_000)
        press(page, value)
        expect(page.locator("main .panel")).to_be_visible()
    page.reload()
    expect(page.locator("#queue")).to_contain_text("2")
    press(page, "3")
    expect(page.locator("main .panel")).to_be_visible()
    assert len(events(site.portal)) == 1
    page.context.set_offline(False)
    found = wait_for(site.portal, 4, page)
    expect(page.locator("#queue")).to_have_text("")
    page.reload()
    page.wait_for_timeout(500)
    assert sorted(event["value"] for event in events(site.portal)) == [1, 2, 3, 5]
    assert {event["channel"] for event in found} == {"tablet"}
    tablets = [each for each in list_tablets(site.portal.database) if each.paired_at is not None]
    assert [each.waiting for each in tablets if each.seen_at is not None] == [0]


def hurry(context: BrowserContext) -> None:
    """Let a tablet lose its patience within seconds."""

    def shorten(route: Any) -> None:  # noqa: ANN401  # of Playwright
        answer = route.fetch()
        document = {**answer.json(), "times": {"idle_s": 1, "warned_s": 3, "thanks_s": 1}}
        route.fulfill(response=answer, json=document)

    context.route("**/survey", shorten)


def test_tablet_warns_extends_and_begins_anew(
    site: Served, new_tablet_page: Callable[..., Page]
) -> None:
    """A visitor who went away has answered what he answered; the language is the first again."""
    open_survey(site.portal)
    page = new_tablet_page(service_workers="block")
    hurry(page.context)
    page.reload()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("How did we serve you?")
    page.locator('label.point:has(input[name="q-overall"][value="2"])').click()
    ask = page.locator("#ask")
    expect(ask).to_be_visible(timeout=5_000)
    expect(ask.locator("h2")).to_have_text("Are you still there?")
    page.get_by_role("button", name="I need more time").click()
    expect(ask).to_be_hidden()
    expect(ask).to_be_visible(timeout=5_000)
    expect(page.locator("h1")).to_have_text("Как Ви обслужихме?", timeout=8_000)
    found = wait_for(site.portal, 1, page)
    assert {(event["question"], event["outcome"]) for event in found} == {
        ("overall", None),
        ("polite", "timeout"),
        ("expert", "timeout"),
    }
    assert {event["language"] for event in found} == {"en"}
    expect(page.locator("input:checked")).to_have_count(0)


def test_tablet_asks_all_sorts(site: Served, new_tablet_page: Callable[..., Page]) -> None:
    """The same steps as on the web, by keyboard too."""
    open_survey(site.portal)
    page = new_tablet_page()
    page.locator('input[name="q-overall"][value="1"]').focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=re.compile("Продълж|Continue")).click()
    expect(page.locator("legend")).to_have_text("Какво не беше наред?")
    page.get_by_text("Дълго чакане").click()
    page.keyboard.press("Enter")
    page.get_by_text("Друго").click()
    page.get_by_label("Колко чакахте? (минути)").fill("999")
    page.keyboard.press("Enter")
    expect(page.locator(".error")).to_have_count(1)
    page.get_by_label("Колко чакахте? (минути)").fill("12,5")
    expect(page.locator(".field .inset")).to_contain_text("/write-to-us")
    page.get_by_label("Какво да подобрим?").fill("Повече пейки, тел. 0888 123456")
    page.get_by_role("button", name=re.compile("Продълж|Continue")).click()
    page.get_by_text("Сайт").click()
    page.get_by_role("button", name=re.compile("Изпра|Send")).click()
    expect(page.locator("main .panel")).to_be_visible()
    expect(page.locator("main .inset")).to_contain_text("телефонен номер")
    found = {event["question"]: event for event in wait_for(site.portal, 1, page)}
    assert found["reason"]["rating"] == found["overall"]["id"]
    assert found["minutes"]["stated_number"] == 12.5
    assert found["channels"]["options"] == '["web"]'
    assert found["recommend"]["outcome"] == "skipped"


def test_twenty_paper_forms_by_keyboard(site: Served, browser: Browser) -> None:
    """No mouse, no script: a line of strokes and Enter for each form."""
    open_survey(site.portal)
    name, value = site.cookie
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
    page = context.new_page()
    page.goto(f"{site.url}/staff/paper")
    page.locator("#field-survey").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.locator("main form .button").first.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#field-keys")).to_be_focused()
    for number in range(20):
        page.keyboard.type(f"{3 + number % 3}-41x")
        page.keyboard.press("Enter")
        expect(page.locator("#field-keys")).to_be_focused()
        expect(page.locator("main > p strong")).to_have_text(re.compile(rf"^{number + 1} |^един"))
    page.locator("form[action$=close] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/paper*")
    assert len({event["visit"] for event in events(site.portal)}) == 20


def test_a_survey_by_keyboard_without_script(site: Served, browser: Browser) -> None:
    """Tab, arrows, space, Enter."""
    open_survey(site.portal, SHORT)
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/s/brief")
    page.locator("#field-q-overall").focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks")
    (event,) = events(site.portal)
    assert event["value"] == 4
