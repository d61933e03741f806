"""What of a request goes on to the dashboard: what it needs, and who is looking.

A list of what may pass, not of what may not: a header that names a person, whatever it is called,
comes from the gate alone.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from analytics.dashboard.person import HEADER, Person, header_of

_PASSED_ON: Final = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"cache-control",
        b"connection",
        b"host",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"origin",
        b"pragma",
        b"range",
        b"sec-websocket-extensions",
        b"sec-websocket-key",
        b"sec-websocket-protocol",
        b"sec-websocket-version",
        b"upgrade",
        b"user-agent",
    }
)
_ITS_COOKIES: Final = "_streamlit"
"""How the names of the dashboard's own cookies begin."""


def passed_on(scope: Scope, person: Person) -> Scope:
    """The request as the dashboard gets it."""
    headers = [(name, value) for name, value in scope["headers"] if name.lower() in _PASSED_ON]
    own = [
        f"{name}={value}"
        for name, value in cookies_of(scope).items()
        if name.startswith(_ITS_COOKIES)
    ]
    if own:
        headers.append((b"cookie", "; ".join(own).encode("latin-1")))
    headers.append((HEADER.lower().encode(), header_of(person).encode("ascii")))
    return {**scope, "headers": headers}


def cookies_of(scope: Scope) -> dict[str, str]:
    """The cookies of a request; those that can't be read are not there."""
    found: dict[str, str] = {}
    for given in Headers(scope=scope).getlist("cookie"):
        for part in given.split(";"):
            cookie: SimpleCookie = SimpleCookie()
            try:
                cookie.load(part.strip())
            except CookieError:
                continue
            found.update({name: morsel.value for name, morsel in cookie.items()})
    return found


def only(scope: Scope, name: str) -> str | None:
    """The value of a header that is there once; ``None`` where it is missing or there twice."""
    found = Headers(scope=scope).getlist(name)
    return found[0] if len(found) == 1 else None
