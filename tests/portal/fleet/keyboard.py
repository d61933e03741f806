"""Somebody who has a keyboard and nothing else: no mouse, and no JavaScript in the browser."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Browser, Page

from tests.portal.fleet.serving import Site

MOST_STEPS: Final = 120
"""Of the tab key, from the top of a page to the last button of the longest form."""
PHONE: Final = (360, 760)


class Typist:
    """A browser of the staff of ``site``, worked by keys alone."""

    def __init__(self, browser: Browser, site: Site, size: tuple[int, int] = PHONE) -> None:
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": size[0], "height": size[1]}
        )
        name, value = site.cookie
        context.add_cookies([{"name": name, "value": value, "url": site.url}])
        self.page: Final[Page] = context.new_page()
        self._site = site

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self._site.url + path)

    def reach(self, selector: str) -> None:
        """Step to an element; it must be reachable so, or this fails."""
        wanted = self.page.locator(f"main {selector}").first
        assert wanted.count(), f"{selector} is not on {self.page.url}: {self.page.content()}"
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"main {selector}:focus").count():
                return
        raise AssertionError(f"{selector} can't be reached by the tab key")

    def write(self, name: str, text: str) -> None:
        """Fill an input in; what stood in it goes."""
        self.reach(f'[name="{name}"]')
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Choose of a list by the arrow keys."""
        self.reach(f'select[name="{name}"]')
        chosen = self.page.locator(f'select[name="{name}"]')
        self.page.keyboard.press("Home")
        for _ in range(chosen.locator("option").count()):
            if chosen.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value!r} can't be chosen by the arrow keys")

    def mark(self, name: str, steps: int = 0) -> None:
        """Choose of radios: the one that is reached, or so many below it."""
        self.reach(f'[name="{name}"]')
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")
        if not steps:
            self.page.keyboard.press("Space")

    def press(self, selector: str) -> None:
        """Step to a button or a link, and press it."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, text: str) -> None:
        """Press a link or a button by what stands on it."""
        found = self.page.locator("main a, main button").filter(has_text=text).first
        assert found.count(), f"{text!r} is not on {self.page.url}"
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.locator(":focus").filter(has_text=text).count():
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"{text!r} can't be reached by the tab key")

    def read(self, selector: str = "main") -> str:
        """What stands there."""
        return self.page.locator(selector).first.inner_text()
