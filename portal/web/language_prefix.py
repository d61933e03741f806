"""Takes the language off the front of a path: ``/en/surveys`` is ``/surveys`` in English."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.language import FIRST, NAMES


class LanguagePrefix:
    """Notes the language in the scope."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "http":
            first, _, rest = scope["path"].removeprefix("/").partition("/")
            if first in NAMES and first != FIRST:
                path = f"/{rest}"
                scope.update(language=first, path=path, raw_path=path.encode())
        await self._app(scope, receive, send)
