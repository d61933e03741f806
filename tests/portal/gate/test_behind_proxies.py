"""Portal and dashboard as a town has them: behind nginx or Caddy, over TLS, by two host names."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Response, expect, sync_playwright

from broker.server.process import free_port, popen_bound
from otziv.hosting.render import caddy, hosting_of, nginx
from otziv.installation import Installation, open_installation
from portal.accounts.sessions import cookie_name
from tests.otziv.test_hosting import DASHBOARD, PORTAL, certificate, nginx_around
from tests.portal.gate.running import running
from tests.portal.gate.test_dashboard import ARGUMENTS, WITHIN_MS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def with_nginx(installation: Installation, folder: Path) -> list[str | Path]:
    """The command that runs it."""
    site = folder / "otziv.conf"
    site.write_text(nginx(hosting_of(installation), *certificate(folder)))
    return ["nginx", "-c", nginx_around(site, folder)]


def with_caddy(installation: Installation, folder: Path) -> list[str | Path]:
    """The command that runs it."""
    file = folder / "Caddyfile"
    text = caddy(hosting_of(installation), *certificate(folder))
    file.write_text(text.replace("{\n", "{\n\tadmin off\n", 1))
    return ["caddy", "run", "--adapter", "caddyfile", "--config", file]


@contextmanager
def proxy(command: list[str | Path], folder: Path) -> Iterator[None]:
    """A running one."""
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "HOME": str(folder)}
    environment |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    words = [str(word) for word in command]
    with (folder / "proxy.log").open("wb") as log:
        child = popen_bound(words, stdout=log, stderr=subprocess.STDOUT, env=environment)
    try:
        yield
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture
def browser() -> Iterator[BrowserContext]:
    """Chromium that finds both names on this machine."""
    rules = f"--host-resolver-rules=MAP {PORTAL} 127.0.0.1, MAP {DASHBOARD} 127.0.0.1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*ARGUMENTS, rules]
        )
        context = started.new_context(ignore_https_errors=True)
        yield context
        context.close()
        started.close()


@pytest.mark.parametrize("command", [with_nginx, pytest.param(with_caddy, marks=pytest.mark.slow)])
def test_both_are_there(
    tmp_path: Path,
    browser: BrowserContext,
    command: Callable[[Installation, Path], list[str | Path]],
) -> None:
    """One sign-on, a live websocket, cookies bound to their hosts, and browsers stay on TLS."""
    port = free_port()
    told = {
        "portal_port": free_port(),
        "dashboard_port": free_port(),
        "portal_url": f"https://{PORTAL}:{port}",
        "dashboard_url": f"https://{DASHBOARD}:{port}",
    }
    data = tmp_path / "data"
    with (
        running(data, recheck_s=0.5, **told) as town,
        proxy(command(open_installation(data, **told), tmp_path), tmp_path),
    ):
        town.feedback.place("trial-1", name="Пробно гише", is_test=True)
        _, secret = town.sign_in("manager")
        name = cookie_name(is_secure=True)
        url = town.settings.public_url
        browser.add_cookies([{"name": name, "value": secret, "url": url, "secure": True}])
        page = browser.new_page()
        there = _patiently(lambda: page.goto(f"{url}/dashboard"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Днес", timeout=WITHIN_MS)
        expect(page.get_by_text("Влезли сте като Ева Илиева")).to_be_visible(timeout=WITHIN_MS)
        assert page.url == f"{town.settings.dashboard_url}/"
        for answer in (there, page.goto(f"{url}/")):
            assert answer is not None
            headers = answer.headers
            assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
            assert headers["content-security-policy"]
            assert "nginx/" not in headers.get("server", "")
        kept = {each["name"]: each for each in browser.cookies(town.settings.dashboard_url)}
        assert kept["__Host-otziv-dashboard"]["secure"]
        assert kept["__Host-otziv-dashboard"]["httpOnly"]
        assert name not in kept


def _patiently(go: Callable[[], Response | None]) -> Response | None:
    """Go there as soon as the proxy listens."""
    for _ in range(300):
        try:
            return go()
        except Error as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            time.sleep(0.1)
    pytest.fail("the proxy never listened")
