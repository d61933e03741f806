"""Where the files of published reports lie, in the portal's folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from portal.settings import PortalSettings

Form: TypeAlias = Literal["pdf", "html", "docx"]
FOLDER: Final = "reports"
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class ReportShelf:
    """A file for each report and form; they can be made anew at any time."""

    folder: Path

    @classmethod
    def of(cls, settings: PortalSettings) -> ReportShelf:
        """That of a portal."""
        return cls(settings.data / FOLDER)

    def has(self, report: str, form: Form) -> bool:
        """Whether it is there."""
        return self._path(report, form).is_file()

    def get(self, report: str, form: Form) -> bytes | None:
        """The file; ``None`` while it is not made."""
        path = self._path(report, form)
        return path.read_bytes() if path.is_file() else None

    def put(self, report: str, form: Form, content: bytes) -> None:
        """Keep it; whoever reads meanwhile finds all of it, or none.

        Raises:
            OSError: it can't be written.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = self.folder / f".{report}.{form}.{os.getpid()}"
        written.write_bytes(content)
        written.replace(self._path(report, form))

    def _path(self, report: str, form: Form) -> Path:
        if not _ID.fullmatch(report):  # an id of ours never leads elsewhere
            raise ValueError(f"no id of a report: {report!r}")
        return self.folder / f"{report}.{form}"
