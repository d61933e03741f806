"""A code that a page shows makes a real kiosk a device of a running installation."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from broker.server.process import popen_bound
from broker.store.migrate import open_database
from hardware.ids import mint_id
from hardware.virtual.client import VirtualPanelClient
from portal.web.portal import Portal, utc_now
from tests.fixtures.portal_server import chromium
from tests.portal.fleet.keyboard import Typist
from tests.portal.fleet.serving import on_a_port
from tests.portal.fleet.test_devices import line_of
from tests.system.serving import Served, environment, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

SECURE = {
    "OTZIV_MQTT_TLS": "true",
    "OTZIV_LISTEN": "127.0.0.1",
    "OTZIV_PUBLIC_HOST": "127.0.0.1",
}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Served]:
    """A secure installation that runs: broker, collector and the fleet's process."""
    with Served(tmp_path / "data", **SECURE) as served:
        yield served


@pytest.fixture
def live(portal: Portal, hall: Served) -> Iterator[Portal]:
    """A portal on that installation's feedback store, by the real clock."""
    (site,) = (each["code"] for each in hall.ask("site", "list"))
    with closing(open_database(f"sqlite:///{hall.data / 'feedback.sqlite3'}")) as feedback:
        settings = portal.settings.model_copy(update={"site": site})
        yield replace(portal, feedback=feedback, settings=settings, clock=utc_now, parts={})


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as opened:
        yield opened


def kiosk(*words: str) -> list[str]:
    """A command of a kiosk."""
    return [sys.executable, "-m", "otziv", "kiosk", *words]


def enrol(command: str, data: Path) -> None:
    """Do on a kiosk what the page says is to be written on its command line."""
    words = command.split()
    assert words[:4] == ["sudo", "otziv", "kiosk", "enrol"]
    done = subprocess.run(
        kiosk(*words[3:], "--data", str(data)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def running(data: Path) -> Iterator[VirtualPanelClient]:
    """A virtual kiosk that runs, and somebody at its panel."""
    log_path = data.parent / f"{data.name}.log"
    words = kiosk("run", "--virtual", "--headless", "--data", str(data))
    with log_path.open("wb") as log:
        process = popen_bound(words, stdout=log, stderr=log, env=environment())
    panel = VirtualPanelClient(data / "panel.sock")
    try:
        wait_for(panel.connect, log_path.read_text)
        yield panel
    finally:
        panel.close()
        process.terminate()
        process.wait(20)


def test_a_hall_is_set_up_by_its_pages_alone(
    live: Portal, hall: Served, browser: Browser, tmp_path: Path
) -> None:
    """Touchpoint, device, code, first rating, an order, another one in its place; and barred."""
    with on_a_port(live) as site:
        typist = Typist(browser, site)
        typist.open("/staff/touchpoints/add")
        typist.write("name", "Desk 1")
        typist.write("code", "desk-1")
        typist.press("form .button")
        typist.open("/staff/devices/add")
        typist.write("name", "kiosk-1")
        typist.choose("touchpoint", "desk-1")
        typist.press("form .button")
        enrol(typist.read("pre code"), tmp_path / "kiosk-1")
        with running(tmp_path / "kiosk-1") as panel:
            wait_for(lambda: line_of(live, "kiosk-1").is_online)
            panel.press("face-4", mint_id())
            wait_for(lambda: _stored(hall) == 1)
            typist.open("/staff/devices/kiosk-1")
            assert "свързано" in typist.read("h1")
            typist.press('button[value="ping"]')
            assert "изпълнено" in typist.read(".banner")
            typist.open("/staff/devices/kiosk-1/replace")
            typist.write("name", "kiosk-2")
            typist.mark("old", 1)
            typist.press("form .button")
            command = typist.read("pre code")
            assert "със спрян достъп" in _device(typist, "kiosk-1")
            enrol(command, tmp_path / "kiosk-2")
            wait_for(lambda: not line_of(live, "kiosk-1").is_online)
        with running(tmp_path / "kiosk-2") as panel:
            wait_for(lambda: line_of(live, "kiosk-2").is_online)
            panel.press("face-1", mint_id())
            wait_for(lambda: _stored(hall) == 2)
            assert "свързано" in _device(typist, "kiosk-2")


def _stored(hall: Served) -> int:
    return sum(row["stored"] for row in hall.ask("feedback", "completeness"))


def _device(typist: Typist, name: str) -> str:
    typist.open(f"/staff/devices/{name}")
    return typist.read()
