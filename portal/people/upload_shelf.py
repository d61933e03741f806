"""Lists between their preview and their taking: files that wait for a yes, a day at the most."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Final

from portal.store.tables import new_id

_NAME: Final = re.compile("[0-9a-f]{32}")
LIFETIME: Final = timedelta(days=1)


class UploadShelf:
    """Files in a folder, known by ids that nobody can guess."""

    FOLDER: Final = "lists"
    """In the portal's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes, now_s: float) -> str:
        """Keep ``content``; its id. What is too old goes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.clear(now_s)
        name = new_id()
        (self._folder / name).write_bytes(content)
        return name

    def clear(self, now_s: float) -> int:
        """Throw away what is older than :data:`LIFETIME`; how many."""
        if not self._folder.is_dir():
            return 0
        oldest_s = now_s - LIFETIME.total_seconds()
        old = [path for path in self._folder.iterdir() if path.stat().st_mtime < oldest_s]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def read(self, name: str) -> bytes | None:
        """What was kept; ``None`` when it is gone."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Throw it away."""
        if _NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)
