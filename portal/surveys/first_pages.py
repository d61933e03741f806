"""The first page of a survey, made once for many visitors.

A link that a newspaper prints brings a crowd, and all of them get the same page but for the form's
state and token. So for some seconds it is kept without these, and each visitor's are put in. Only
for those whom nobody knows, at addresses without anything behind a question mark.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from starlette.responses import HTMLResponse, Response

from portal.web.forms import TOKEN_FIELD
from portal.web.page import Page
from portal.web.portal import Portal

KEPT_S: Final = 2.0
"""So long a change of the municipality's name or arms may go unseen there."""
_MOST: Final = 200

_STATE: Final = "\0state\0"
_TOKEN: Final = "\0token\0"  # noqa: S105  # a mark; no page has a NUL in it
_FIND_TOKEN: Final = re.compile(rf'name="{TOKEN_FIELD}" value="([^"]+)"')


class _Made(NamedTuple):
    made_s: float
    html: str


class FirstPages:
    """Those of one process; a part of the portal."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._made: dict[tuple[str, ...], _Made] = {}

    def answer(self, page: Page, key: tuple[str, ...], state: str) -> Response | None:
        """The page with ``state`` in it; ``None``: it isn't kept, or must not be."""
        found = self._made.get((page.language.code, page.path, *key))
        if found is None or not _is_for_anyone(page):
            return None
        if self._clock_s() - found.made_s > KEPT_S:
            return None
        html = found.html.replace(_STATE, state).replace(_TOKEN, page.form_token())
        return HTMLResponse(html)

    def keep(self, page: Page, key: tuple[str, ...], state: str, answer: Response) -> None:
        """Keep the page that was just made with ``state`` in it."""
        html = bytes(answer.body).decode()
        tokens = _FIND_TOKEN.findall(html)
        if not _is_for_anyone(page) or html.count(state) != 1 or len(tokens) != 1:
            return
        if len(self._made) >= _MOST:
            self._made.clear()
        marked = html.replace(state, _STATE).replace(tokens[0], _TOKEN)
        self._made[page.language.code, page.path, *key] = _Made(self._clock_s(), marked)


def first_pages(portal: Portal) -> FirstPages:
    """Those of a portal."""
    found = portal.parts.setdefault(FirstPages, FirstPages())
    assert isinstance(found, FirstPages)  # noqa: S101  # parts are by class
    return found


def _is_for_anyone(page: Page) -> bool:
    return page.actor.kind == "anonymous" and not page.request.scope["query_string"]
