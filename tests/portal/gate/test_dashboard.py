"""The real dashboard behind the gate, in a real browser and with real websockets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect, sync_playwright
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from portal.accounts.accounts import change
from portal.accounts.sessions import cookie_name, end_all
from portal.gate.sockets import ENDED
from tests.portal.gate.running import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WITHIN_MS = 60_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A portal and a dashboard whose gate looks twice a second."""
    with running(tmp_path_factory.mktemp("town") / "data", recheck_s=0.5) as found:
        found.feedback.place("trial-1", name="Пробно гише", is_test=True)
        found.feedback.press("trial-1", 4, times=3, at=datetime.now(UTC))
        yield found


@pytest.fixture
def browser() -> Iterator[BrowserContext]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        context = started.new_context(viewport={"width": 1280, "height": 800})
        yield context
        context.close()
        started.close()


def _sign_in(town: Running, browser: BrowserContext) -> str:
    account, secret = town.sign_in("manager")
    url = town.settings.public_url
    browser.add_cookies([{"name": cookie_name(is_secure=False), "value": secret, "url": url}])
    return account


def _opened(town: Running, browser: BrowserContext) -> Page:
    page = browser.new_page()
    page.goto(f"{town.settings.public_url}/dashboard")
    expect(page.get_by_role("heading", level=1)).to_have_text("Днес", timeout=WITHIN_MS)
    return page


def test_one_sign_on_shows_the_dashboard(town: Running, browser: BrowserContext) -> None:
    """Nothing of it breaks our policy, and it says who is signed in."""
    _sign_in(town, browser)
    said: list[str] = []
    browser.on("console", lambda message: said.append(message.text))
    page = _opened(town, browser)
    assert page.url == f"{town.settings.dashboard_url}/"
    expect(page.get_by_text("Влезли сте като Ева Илиева")).to_be_visible(timeout=WITHIN_MS)
    expect(page.get_by_role("row", name="Пробно гише 3 100 %")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator(".vega-embed").locator("canvas, svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "bg"
    page.goto(f"{town.settings.public_url}/en/dashboard")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today", timeout=WITHIN_MS)
    back = page.get_by_role("link", name="To the portal")
    assert back.get_attribute("href") == f"{town.settings.public_url}/en"
    assert not [text for text in said if "Content Security Policy" in text]


def _sign_out(town: Running, account: str) -> None:
    with town.database.transaction() as connection:
        end_all(connection, account, datetime.now(UTC))


def _lock(town: Running, account: str) -> None:
    with town.database.transaction() as connection:
        change(connection, account, state="locked")


def test_signing_out_in_another_tab_ends_the_page(town: Running, browser: BrowserContext) -> None:
    """The dashboard's page hears nothing new, and its figures leave the screen by themselves."""
    account = _sign_in(town, browser)
    sockets: list[WebSocket] = []

    def note(socket: WebSocket) -> None:  # Playwright takes no method of a list
        sockets.append(socket)

    browser.on("page", lambda page: page.on("websocket", note))
    page = _opened(town, browser)
    rows = page.get_by_role("row", name="Пробно гише 3 100 %")
    expect(rows).to_be_visible(timeout=WITHIN_MS)
    with sockets[-1].expect_event("close", timeout=WITHIN_MS):
        _sign_out(town, account)
    page.wait_for_url(f"{town.settings.public_url}/sign-in?next=**", timeout=WITHIN_MS)


@pytest.fixture
def admitted(town: Running, browser: BrowserContext) -> tuple[str, str]:
    """An account, and the Cookie header of its browser at the dashboard."""
    account = _sign_in(town, browser)
    _opened(town, browser).close()
    kept = browser.cookies(town.settings.dashboard_url)
    return account, "; ".join(f"{each['name']}={each['value']}" for each in kept)


def _connect(town: Running, cookies: str, origin: str | None, **headers: str) -> ClientConnection:
    address = town.settings.dashboard_url.replace("http:", "ws:") + "/_stcore/stream"
    return connect(
        address,
        origin=origin,  # type: ignore[arg-type]  # a text
        additional_headers={"Cookie": cookies, **headers},
        subprotocols=["streamlit"],  # type: ignore[list-item]  # as above
        open_timeout=30,
    )


def test_a_websocket_needs_pass_and_origin(town: Running, admitted: tuple[str, str]) -> None:
    """Streamlit alone would take the one without an origin."""
    _, cookies = admitted
    own = town.settings.dashboard_url
    for origin in (None, "http://evil.test", town.settings.public_url, "null"):
        with pytest.raises(InvalidStatus) as refused:
            _connect(town, cookies, origin)
        assert refused.value.response.status_code == 403
    forged = {"X-Otziv-Person": '{"name":"x","roles":["manager"],"portal":""}'}
    for nobody in ("", "otziv-dashboard=x.y"):
        with pytest.raises(InvalidStatus) as refused:
            _connect(town, nobody, own, **forged)
        assert refused.value.response.status_code == 403
    with _connect(town, cookies, own) as socket:
        assert socket.ping().wait(30)


@pytest.mark.parametrize("happens", [_sign_out, _lock])
def test_an_open_websocket_ends(town: Running, admitted: tuple[str, str], happens: object) -> None:
    """Soon after the session or the account does."""
    assert callable(happens)
    account, cookies = admitted
    with _connect(town, cookies, town.settings.dashboard_url) as socket:
        happens(town, account)
        assert _close_code(socket, 30) == ENDED


def _close_code(socket: ClientConnection, within_s: float) -> int:
    """With which code it is closed; 0 where it isn't."""
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        with suppress(TimeoutError):
            try:
                socket.recv(timeout=1)
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd is not None else 0
    return 0


@pytest.mark.slow
def test_within_thirty_seconds(tmp_path: Path, browser: BrowserContext) -> None:
    """With the interval of life: page, parts of pages and an open websocket."""
    with running(tmp_path / "data") as town:
        account = _sign_in(town, browser)
        page = _opened(town, browser)
        kept = browser.cookies(town.settings.dashboard_url)
        cookies = "; ".join(f"{each['name']}={each['value']}" for each in kept)
        with _connect(town, cookies, town.settings.dashboard_url) as socket:
            time.sleep(12)
            assert socket.ping().wait(10)  # it was looked at, and stays
            _lock(town, account)
            assert page.request.get(f"{town.settings.dashboard_url}/_stcore/health").status == 401
            assert _close_code(socket, 30) == ENDED
        page.wait_for_url(f"{town.settings.public_url}/sign-in?next=**", timeout=WITHIN_MS)
