"""What the gate tells the browser for its own safety: the dashboard itself tells it nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from starlette.datastructures import MutableHeaders

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_HSTS: Final = "max-age=63072000; includeSubDomains"
_PAGE_CSP: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class Policy:
    """Headers of all answers that pass the gate.

    Args:
        scripts: that stand in the dashboard's pages; no others are run.
        is_secure: whether browsers come over TLS.
        socket_url: where the dashboard's websocket is.
    """

    def __init__(self, scripts: Iterable[str], socket_url: str, *, is_secure: bool) -> None:
        hashes = " ".join(_hash(script) for script in scripts)
        self._csp = (
            # Charts are programs in a language of their own, which Vega makes functions of.
            f"default-src 'none'; script-src 'self' 'unsafe-eval' {hashes}; "
            # Streamlit writes its styles while it runs.
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            f"connect-src 'self' {socket_url}; media-src 'self'; worker-src 'self' blob:; "
            "manifest-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
        )
        self._is_secure = is_secure

    def add_to(self, headers: MutableHeaders, *, is_own: bool) -> None:
        """Add them; ``is_own``: it is the gate's own answer, which runs nothing at all."""
        headers.update(_HEADERS)
        headers["Content-Security-Policy"] = _PAGE_CSP if is_own else self._csp
        if self._is_secure:
            headers["Strict-Transport-Security"] = _HSTS
        for name in ("access-control-allow-origin", "server"):
            if name in headers:
                del headers[name]
        # Only what has a hash of its content in its name is the same for everybody, and for good.
        if is_own or "immutable" not in headers.get("cache-control", ""):
            headers["Cache-Control"] = "no-store"


def _hash(script: str) -> str:
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"
