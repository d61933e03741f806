"""What somebody wanted to see before he was sent to sign in: a path of the dashboard's, kept in a
cookie while he is away.

A link to an alert in a message leads to that alert, also for who must sign in first.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

MOST: Final = 1_000
"""Characters; who wants more gets the first page."""

_PATH: Final = re.compile(r"/(?:[a-z][a-z-]*)?(?:\?[A-Za-z0-9%&=+._~:-]*)?")
"""Pages of the dashboard, with their choices: never another host's address."""


def kept(path: str, query: str) -> str:
    """What the cookie holds; empty where there is nothing worth keeping, or it is no page."""
    wanted = f"{path}?{query}" if query else path
    return urlsafe_b64encode(wanted.encode()).decode() if _is_page(wanted) else ""


def wanted_in(cookie: str) -> str:
    """The path and choices in a cookie; empty where it holds none. Anybody can write a cookie."""
    try:
        wanted = urlsafe_b64decode(cookie.encode()).decode()
    except ValueError:
        return ""
    return wanted if _is_page(wanted) else ""


def _is_page(wanted: str) -> bool:
    return wanted != "/" and len(wanted) <= MOST and _PATH.fullmatch(wanted) is not None
