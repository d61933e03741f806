"""An open websocket, and whether its person may still have it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDED: Final = 4401
"""Close code: the session is over."""
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)
_DISCONNECT: Final[Message] = {"type": "websocket.disconnect", "code": ENDED}


class GuardedSocket:
    """Passes messages between browser and dashboard until the session has ended.

    Args:
        receive: from the browser.
        send: to the browser.
        when_received: told of each message of the browser.
    """

    def __init__(
        self, receive: Receive, send: Send, when_received: Callable[[Message], None]
    ) -> None:
        self._receive = receive
        self._send = send
        self._when_received = when_received
        self._ended = asyncio.Event()

    async def run(
        self, app: ASGIApp, scope: Scope, may_stay: Callable[[], Awaitable[bool]], every_s: float
    ) -> None:
        """Run ``app`` on it; it is asked every ``every_s`` whether the person may stay."""
        watching = asyncio.create_task(self._watch(may_stay, every_s))
        try:
            await app(scope, self._receive_until_end, self._send_until_end)
        finally:
            watching.cancel()

    async def _watch(self, may_stay: Callable[[], Awaitable[bool]], every_s: float) -> None:
        """Wait until the person may stay no more; whoever can't be asked about may not."""
        try:
            while await may_stay():  # noqa: ASYNC110  # nobody tells us when a session ends
                await asyncio.sleep(every_s)
        except Exception:  # noqa: BLE001  # a watch that died would leave the door open
            _log.exception("socket-watch-failed")
        self._ended.set()
        await self._send({"type": "websocket.close", "code": ENDED, "reason": "signed out"})

    async def _receive_until_end(self) -> Message:
        """The next message; when the session ends, the dashboard is told that nobody is there."""
        if self._ended.is_set():
            return _DISCONNECT
        getting = asyncio.ensure_future(self._receive())
        ending = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait({getting, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
            if not getting.done():
                getting.cancel()
        if self._ended.is_set():
            return _DISCONNECT
        message = getting.result()
        self._when_received(message)
        return message

    async def _send_until_end(self, message: Message) -> None:
        if not self._ended.is_set():
            await self._send(message)
