"""Tokens in forms: a form was given by us, to this session, not long ago (CSRF).

They need no cookie where nobody is signed in; there the exact origin of the request counts beside
them. Each is unique, so it tells a form that is sent twice from two forms.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from portal.keys import Keys

LIFETIME: Final = timedelta(hours=24)
_USE: Final = "form-token"


def new_token(keys: Keys, session: str, now: datetime) -> str:
    """A token for the forms of one page, bound to ``session`` (empty where there is none)."""
    head = f"{int(now.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{head}.{keys.sign(_USE, f'{session} {head}')}"


def is_good_token(token: str, keys: Keys, session: str, now: datetime) -> bool:
    """Whether ``token`` was given to ``session`` within :data:`LIFETIME`."""
    head, _, signature = token.rpartition(".")
    if not head or not keys.is_signed(_USE, f"{session} {head}", signature):
        return False
    made_at = datetime.fromtimestamp(int(head.partition(".")[0]), UTC)
    return now - LIFETIME <= made_at <= now + timedelta(minutes=5)


def is_own_origin(request: Request, public_url: str) -> bool:
    """Whether a page of ours sent this, as far as the browser tells."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin == public_url
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    referer = request.headers.get("referer")
    if referer is None:
        return True  # an old browser: the token has to do
    parts = urlsplit(referer)
    return f"{parts.scheme}://{parts.netloc}" == public_url
