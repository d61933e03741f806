"""What every answer tells the browser for its own safety, errors included."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers would then hide the origin of our own forms from us.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HSTS: Final = "max-age=63072000; includeSubDomains"


class SafeHeaders:
    """Adds them, keeps personal pages and faults out of caches, and refuses foreign host names.

    Args:
        app: what answers.
        public_url: under which we are known; over https browsers are told to stay there.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._host = urlsplit(public_url).netloc.lower()
        self._is_secure = public_url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_fault = message["status"] >= 400
                self._add(MutableHeaders(scope=message), scope, is_fault=is_fault)
            await send(message)

        app: ASGIApp = self._app
        if Headers(scope=scope).get("host", "").lower() != self._host:
            app = PlainTextResponse(f"This portal is at {self._host}.\n", 421)
        await app(scope, receive, send_safely)

    def _add(self, headers: MutableHeaders, scope: Scope, *, is_fault: bool) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if self._is_secure:
            headers["Strict-Transport-Security"] = _HSTS
        if is_fault or scope.get("state", {}).get("is_personal", True):
            headers.setdefault("Cache-Control", "no-store")
