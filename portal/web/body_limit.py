"""No request is larger than we are willing to read, whatever it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.errors import Stop

MAX_BODY_BYTES: Final = 55 * 1024 * 1024
"""Five files of 10 MB, and a form around them: only where a route takes files, of whoever may."""
MAX_PLAIN_BYTES: Final = 2 * 1024 * 1024
"""Of all the rest."""
_KEY: Final = "otziv.body_allowance"


@dataclass(slots=True)
class _Allowance:
    """How much of a request's body may be read.

    Attributes:
        claimed: bytes, as the request says of itself.
        most: that may be read.
        read: so far.
    """

    claimed: int
    most: int = MAX_PLAIN_BYTES
    read: int = 0

    async def receive(self, receive: Receive) -> Message:
        """The next part, unless that is too much; nothing is read of what says that it is."""
        message: Message = {} if self.claimed > self.most else await receive()
        self.read += len(message.get("body", b""))
        if max(self.read, self.claimed) > self.most:
            raise _TooLargeError
        return message


def allow_files(scope: Scope) -> None:
    """Let the body of this request be as large as one with files; before it is read."""
    scope[_KEY].most = MAX_BODY_BYTES


def check_claim(scope: Scope) -> None:
    """See that a request does not say of itself that it is larger than any may be.

    Raises:
        Stop: (413) it does.
    """
    if scope[_KEY].claimed > MAX_BODY_BYTES:
        raise _TooLargeError


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
        claimed = headers.get("content-length", "0")
        if "content-length" in headers and "transfer-encoding" in headers:
            # RFC 9112, 6.3: perhaps smuggling; what follows on this connection is nobody's.
            twice = PlainTextResponse("The length is told twice.\n", 400, {"Connection": "close"})
            await twice(scope, receive, send)
            return
        if not claimed.isdecimal():
            await refusal(scope, receive, send)
            return
        allowance = scope[_KEY] = _Allowance(int(claimed))
        has_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, partial(allowance.receive, receive), send_noted)
        except _TooLargeError:
            if not has_begun:
                await refusal(scope, receive, send)
