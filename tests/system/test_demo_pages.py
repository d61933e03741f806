"""The demo's portal: a survey answered by web, code, tablet and paper shows channel by channel."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from broker.server.process import popen_bound

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

WITHIN_S = 5.0
PATIENCE_MS = 60_000
HALL = "Приемна: уеб, код, таблет, хартия"


class Demo:
    """A running ``otziv demo``, as it is seen on a terminal."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._out = data.parent / "demo.out"
        argv = [sys.executable, "-m", "otziv", "demo", "--rate", "0.2", "--data", str(data)]
        plain = {name: value for name, value in os.environ.items() if "OTZIV" not in name}
        plain |= {"COLUMNS": "200", "HOME": str(data.parent)}
        with self._out.open("wb") as out:
            self.process = popen_bound(argv, stdout=out, stderr=subprocess.STDOUT, env=plain)
        deadline_s = time.monotonic() + 120
        while "Ctrl-C ends it" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline_s, self.said
            time.sleep(0.2)

    @property
    def said(self) -> str:
        """What it has printed."""
        return self._out.read_text(encoding="utf-8")

    def told(self, what: str) -> str:
        """What stands behind a word on a line of its own."""
        found = re.search(rf"^ *{what} +(\S+)", self.said, re.MULTILINE)
        assert found is not None, self.said
        return found[1]

    def by_channel(self) -> dict[str, int]:
        """What ``otziv feedback summary`` tells of the reception."""
        words = ("feedback", "summary", "--by", "channel", "--touchpoint", "demo-hall", "--json")
        done = subprocess.run(
            [sys.executable, "-m", "otziv", *words, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
        )
        found = [figure for each in json.loads(done.stdout) for figure in each["figures"]]
        return {figure["key"]: figure["n"] for figure in found}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """One that runs for the length of a test, and ends as it should."""
    running = Demo(tmp_path / "data")
    yield running
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(120) == 0, running.said


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield started
        started.close()


def answer(browser: Browser, address: str) -> None:
    """Answer the survey there, on a telephone without scripts."""
    page = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 800}
    ).new_page()
    page.goto(address)
    for _ in range(6):
        if page.locator('input[name="q-overall"]').count():
            page.locator('label:has(input[name="q-overall"][value="4"])').click()
        page.locator('main form button[value="next"], main form .button').first.click()
        if page.url.endswith("/thanks") or page.locator("main .panel").count():
            return
    pytest.fail(f"no thanks: {page.locator('main').inner_text()}")


def answer_on_tablet(browser: Browser, address: str) -> None:
    """Pair the tablet, and touch a face."""
    page = browser.new_context(viewport={"width": 1024, "height": 768}).new_page()
    page.goto(address)
    page.locator("main form button").click()
    page.locator('label.point:has(input[value="4"])').click(timeout=PATIENCE_MS)
    for _ in range(6):
        if page.locator("main .panel").count():
            break
        page.locator("main form .button.primary, main form button").first.click()
        page.wait_for_timeout(300)
    page.wait_for_timeout(500)


def signed_in(browser: Browser, demo: Demo, name: str) -> Page:
    """A page of somebody of the sample's staff."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{demo.told('portal')}/sign-in")
    page.locator('[name="name"]').fill(name)
    page.locator('[name="password"]').fill(demo.told("sign in .*password:"))
    page.locator("main form .button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def key_in(page: Page, address: str) -> None:
    """Key a paper form in, as a clerk."""
    page.goto(address)
    page.locator('select[name="touchpoint"]').select_option("demo-hall")
    page.locator("main form .button").first.click()
    page.locator("#field-keys").fill("4--")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Отмяна")).to_be_visible()
    page.locator("form[action$=close] button").click()


def test_the_reception_survey_channel_by_channel(demo: Demo, browser: Browser) -> None:
    """By web, code, tablet and paper; the summary and the dashboard show it within seconds."""
    manager = signed_in(browser, demo, "manager")
    manager.goto(f"{demo.told('portal')}/dashboard")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Днес", timeout=PATIENCE_MS)
    clerk = signed_in(browser, demo, "clerk")
    answer(browser, demo.told("web"))
    answer(browser, demo.told("QR code"))
    key_in(clerk, demo.told("paper"))
    answer_on_tablet(browser, demo.told("tablet"))
    done_s = time.monotonic()
    for channel in ("уебстраница", "QR код", "хартиена бланка", "таблет"):
        left_ms = 1000 * (WITHIN_S - time.monotonic() + done_s)
        row = manager.get_by_role("row", name=f"{HALL} {channel} пет лица 1 ")
        expect(row).to_be_visible(timeout=max(left_ms, 1))
    assert demo.by_channel() == {"paper": 1, "qr": 1, "tablet": 1, "web": 1}
