"""Files that pages need: styles, drawings. A municipality's own stand before ours.

Their addresses carry a mark of their content, so browsers keep them for good and still see a new
one at once.
"""

from __future__ import annotations

import time
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static"

_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_FOR_A_WHILE: Final = "public, max-age=300"


def address(name: str, own: Path | None = None) -> str:
    """Where browsers find the file ``name``; that in ``own`` stands before ours.

    Raises:
        FileNotFoundError: there is none.
    """
    return _address(name, own, int(time.monotonic()))


@lru_cache(maxsize=2_000)
def _address(name: str, own: Path | None, _second: int) -> str:
    """Looked at once a second: a page has many of them."""
    path = next((each for each in _places(name, own) if each.is_file()), FOLDER / name)
    return f"{PREFIX}/{name}?v={_mark(path, path.stat().st_mtime_ns)}"


def _places(name: str, own: Path | None) -> list[Path]:
    return [own / name] if own is not None else []


@lru_cache(maxsize=500)
def _mark(path: Path, _changed_ns: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


class Assets(StaticFiles):
    """Serves them.

    Args:
        own: a municipality's own files; a folder that need not be there.
    """

    def __init__(self, own: Path | None = None) -> None:
        super().__init__(directory=FOLDER)
        if own is not None:
            self.all_directories = [own, *self.all_directories]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        asked: bytes = scope.get("query_string", b"")
        kept = _FOR_GOOD if asked.startswith(b"v=") else _FOR_A_WHILE

        async def send_kept(message: Message) -> None:
            is_found = message["type"] == "http.response.start" and message["status"] in {200, 304}
            if is_found and "cache-control" not in Headers(raw=message["headers"]):
                MutableHeaders(scope=message)["Cache-Control"] = kept
            await send(message)

        await super().__call__(scope, receive, send_kept)
