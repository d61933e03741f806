"""Strings that break software go into every field of every public form, and through addresses."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import httpx2
import pytest

from portal.web.forms import TOKEN_FIELD
from tests.fixtures.portal_server import Served, pages_of

FEW = 24
"""Strings in a quick run; a slow one takes all."""


class Forms(HTMLParser):
    """The forms of a page that are posted: where to, and their fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._is_posted = False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note forms and fields."""
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._is_posted = given.get("method", "").lower() == "post"
            if self._is_posted:
                self.found.append((given.get("action", ""), {}))
        elif self._is_posted and tag in {"input", "textarea", "select", "button"}:
            name = given.get("name")
            if name:
                self.found[-1][1].setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._is_posted = False


def is_shown_raw(string: str, html: str) -> bool:
    """Whether markup of a string stands in a page as markup."""
    pieces = re.findall(r"<[a-z!/?][^<>]{6,}", string, re.IGNORECASE)
    return any(piece in html for piece in pieces)


def rounds(strings: list[str], names: list[str]) -> list[dict[str, str]]:
    """Forms whose fields hold the strings, each string once."""
    each = max(1, len(names))
    return [
        dict(zip(names, strings[start : start + each], strict=False))
        for start in range(0, len(strings), each)
    ]


def attack(site: Served, naughty: list[str]) -> tuple[int, list[str]]:
    """Post everything; how many forms were sent, and what went wrong."""
    sent, faults = 0, []
    with httpx2.Client(base_url=site.url, follow_redirects=False, timeout=60) as client:
        for path in sorted(pages_of(site, is_staff=False).values()):
            for action, fields in Forms(client.get(path).text).found:
                names = [name for name in fields if name != TOKEN_FIELD]
                for values in rounds(naughty, names):
                    body = {**fields, **values}
                    answer = client.post(
                        unescape(action) or path, data=body, headers={"Origin": site.url}
                    )
                    sent += 1
                    if answer.status_code >= 500:
                        faults.append(f"{path}: {answer.status_code} with {values!r}")
                    if any(is_shown_raw(value, answer.text) for value in values.values()):
                        faults.append(f"{path}: shown as it is: {values!r}")
    return sent, faults


@pytest.mark.timeout(600)
def test_some_in_every_public_form(site: Served, naughty: list[str]) -> None:
    """No 5xx, nothing unescaped."""
    markup = [string for string in naughty if "<" in string][: FEW // 2]
    sent, faults = attack(site, [*markup, *naughty[:: len(naughty) // (FEW // 2)]])

    assert sent >= 20
    assert faults == []


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_all_in_every_public_form(site: Served, naughty: list[str]) -> None:
    """The same with all of them."""
    _, faults = attack(site, naughty)
    assert faults == []


@pytest.mark.timeout(600)
def test_in_addresses(site: Served, naughty: list[str]) -> None:
    """Behind the question mark of what editors search by, and as a path."""
    cookies = dict([site.cookie])
    with httpx2.Client(base_url=site.url, cookies=cookies, timeout=60) as client:
        for string in naughty[::4]:
            asked = dict.fromkeys(("touchpoint", "survey", "theme", "state", "first_on"), string)
            for path in ("/staff/comments", "/sign-in", "/"):
                answer = client.get(path, params=asked)
                assert answer.status_code < 500, (path, string)
                assert not is_shown_raw(string, answer.text), (path, string)
