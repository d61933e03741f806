"""What somebody waits for at a dashboard, seen in Chromium: a page, and figures for a new choice.

A page is usable when its title is there, its script's run is over, and nothing in it has changed
for a while; the time is that of the last change, as the page itself saw it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from otziv.bench.dashboard_running import Dashboard

PATIENCE_MS: Final = 120_000
STILL_MS: Final = 700
"""For so long nothing may have changed; the wait is not part of the time."""

_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WATCH: Final = """
window.otzivBench = {began: 0, changed: 0};
document.addEventListener("DOMContentLoaded", () => {
  const outside = (node) => !(node.closest ? node : node.parentElement ?? document.body)
    .closest('[data-testid="stHeader"], [data-testid="stStatusWidget"], [role="listbox"]');
  new MutationObserver((found) => {
    if (found.some((each) => outside(each.target))) otzivBench.changed = performance.now();
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  for (const kind of ["click", "keydown"]) {
    document.addEventListener(kind, () => { otzivBench.began = performance.now(); }, true);
  }
});
"""
_IS_STILL: Final = """([seen, still]) => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.dataset.testScriptState === "notRunning"
    && document.querySelector("h1") && !document.querySelector('[data-testid="stSkeleton"]')
    && otzivBench.changed > seen && performance.now() - otzivBench.changed > still;
}"""
_TAKEN: Final = "otzivBench.changed - otzivBench.began"


@dataclass
class Window:
    """A browser with a fresh profile, at one dashboard.

    Attributes:
        foreign: addresses of other machines that a page asked for.
        requests: how many were made.
    """

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)
    requests: int = 0

    def load(self, address: str) -> float:
        """Open a page; milliseconds until it can be used."""
        self.page.goto(self.url + address)
        self._await_still(0)
        return float(self.page.evaluate("otzivBench.changed"))

    def choose(self, label: str, option: str) -> float:
        """Choose of a list; milliseconds from the click to its figures.

        Raises:
            RuntimeError: nothing is drawn.
        """
        self.page.get_by_role("combobox", name=label).first.click()
        self.page.keyboard.type(option)  # a long list has only what is in sight
        entry = self.page.get_by_role("option", name=option).first
        entry.wait_for(timeout=PATIENCE_MS)
        self.page.wait_for_timeout(200)  # the list's own opening
        before = self._said()
        entry.click()
        self.page.wait_for_function(
            "(before) => document.querySelector('[data-testid=stMain]').innerText !== before",
            arg=before,
            timeout=PATIENCE_MS,
        )
        self._await_still(self.page.evaluate("otzivBench.began"))
        return float(self.page.evaluate(_TAKEN))

    def _said(self) -> Any:  # noqa: ANN401  # a text
        return self.page.evaluate("document.querySelector('[data-testid=stMain]').innerText")

    def _await_still(self, since: float) -> None:
        self.page.wait_for_function(
            _IS_STILL, arg=[since, STILL_MS], polling=50, timeout=PATIENCE_MS
        )

    def note(self, url: str) -> None:
        """A request."""
        self.requests += 1
        if not url.startswith((self.url, "data:", "blob:")):
            self.foreign.append(url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        yield browser
        browser.close()


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_ARGUMENTS))


@contextmanager
def window(browser: Browser, dashboard: Dashboard) -> Iterator[Window]:
    """A window with nothing in its cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [
            {"name": name, "value": value, "url": dashboard.url}
            for name, value in dashboard.cookies.items()
        ]
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.add_init_script(_WATCH)
    found = Window(page, dashboard.url)
    page.on("request", lambda request: found.note(request.url))
    yield found
    context.close()
