"""One line for each answer: the route's name, never the address, which may hold secrets."""

from __future__ import annotations

import secrets
import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class RequestLog:
    """Logs answers, and faults with a number that the error page shows."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_number"] = secrets.token_hex(4)
        began_s, status = time.perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception:  # the error page is sent, and the log has the fault under its number
            if not status:
                raise
        finally:
            _log.info(
                "answered",
                number=scope["request_number"],
                method=scope["method"],
                route=getattr(scope.get("route"), "path", "none"),
                status=status,
                ms=round(1000 * (time.perf_counter() - began_s)),
            )
