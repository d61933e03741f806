"""No request is larger than we are willing to read, whatever it says of itself."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.errors import Stop

MAX_BODY_BYTES: Final = 55 * 1024 * 1024
"""Five files of 10 MB, and a form around them."""
MAX_PLAIN_BYTES: Final = 2 * 1024 * 1024
"""Of what has no files in it, and is held in memory."""


class _TooLargeError(Stop):
    """It turned out while it was read; the application makes a page of it."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimit:
    """Answers 413 to what is larger."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("This is too large.\n", 413)
        headers = Headers(scope=scope)
        has_files = headers.get("content-type", "").startswith("multipart/form-data")
        most = MAX_BODY_BYTES if has_files else MAX_PLAIN_BYTES
        claimed = headers.get("content-length", "0")
        if not claimed.isdecimal() or int(claimed) > most:
            await refusal(scope, receive, send)
            return
        left, has_begun = most, False

        async def receive_counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _TooLargeError
            return message

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive_counted, send_noted)
        except _TooLargeError:
            if not has_begun:
                await refusal(scope, receive, send)
