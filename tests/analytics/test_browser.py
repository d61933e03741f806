"""The running dashboard, as a browser shows it."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from analytics.dashboard.launch import command
from broker.server.process import free_port, popen_bound
from tests.analytics.feedback import Feedback

pytestmark = pytest.mark.browser

WITHIN_MS = 30_000
"""For a page to be there; the machine may be busy."""


@pytest.fixture
def address(feedback: Feedback, project: Path, tmp_path: Path) -> Iterator[str]:
    """A dashboard over ``feedback``, as it is started in life."""
    feedback.place("trial-1", name="Пробно гише", is_test=True)
    feedback.press("trial-1", 4, times=3, at=datetime.now(UTC))
    port = free_port()
    argv, environment = command(feedback.url, port)
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(project)}
    with (tmp_path / "log").open("wb") as log:
        child = popen_bound(argv, stdout=log, stderr=log, env={**os.environ, **environment})
    try:
        _wait_until_ready(port, child)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of Debian's Chromium, the size of a telephone, that may only look at this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        context = browser.new_context(viewport={"width": 360, "height": 800})
        yield context.new_page()
        context.close()
        browser.close()


@pytest.mark.timeout(180)
def test_a_press_is_seen(address: str, page: Page, feedback: Feedback) -> None:
    """Figures are there, in Bulgarian, on a telephone; a new press appears by itself.

    Nobody but us is asked for anything.
    """
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    figures = page.get_by_role("row", name="Пробно гише 3 100 %")
    expect(figures).to_be_visible(timeout=WITHIN_MS)
    expect(page).to_have_title("Днес · Отзив")
    assert page.evaluate("document.documentElement.lang") == "bg"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    expect(page.get_by_role("heading", level=1)).to_have_text("Днес")
    feedback.press("trial-1", 4, at=datetime.now(UTC))
    more = page.get_by_role("row", name="Пробно гише 4 100 %")
    expect(more).to_be_visible(timeout=WITHIN_MS)
    assert not [url for url in asked if not url.startswith((address, "data:", "blob:"))]


@pytest.mark.timeout(180)
def test_the_other_language_is_a_link_away(address: str, page: Page) -> None:
    """English is reached by a link, and the page then says that it is English."""
    page.goto(address)
    page.get_by_role("link", name="English").click(timeout=WITHIN_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today", timeout=WITHIN_MS)
    expect(page).to_have_title("Today · Otziv", timeout=WITHIN_MS)
    page.wait_for_function("document.documentElement.lang === 'en'", timeout=WITHIN_MS)


def _wait_until_ready(port: int, child: subprocess.Popen[bytes]) -> None:
    """Wait until the dashboard answers, at most a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert child.poll() is None, "the dashboard has ended"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            assert connection.getresponse().read() == b"ok"
            return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    pytest.fail("the dashboard did not answer within a minute")
