"""A kiosk as a process: the real firmware with a virtual panel, for the demo and benchmarks."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.built_in import BUILT_IN_SURVEY
from kiosk.database import OUTBOX_NAME
from kiosk.simulator.people import buttons_of
from otziv.process import Process


@dataclass(frozen=True, slots=True)
class KioskProcess:
    """One kiosk: its name is that of its device and of its touchpoint."""

    name: str
    folder: Path
    process: Process

    @property
    def panel(self) -> Path:
        """The socket of its panel."""
        return self.folder / "panel.sock"

    @property
    def settings(self) -> Path:
        """Its settings."""
        return self.folder / "kiosk.toml"

    @property
    def outbox(self) -> Path:
        """Its outbox."""
        return self.folder / OUTBOX_NAME

    def waiting(self) -> int:
        """Events without a receipt."""
        return int(self._ask("SELECT count(*) FROM event")) if self.outbox.exists() else 0

    def stream(self) -> str:
        """The id of its outbox."""
        return str(self._ask("SELECT id FROM stream"))

    def _ask(self, query: str) -> str | int:
        with closing(
            sqlite3.connect(f"file:{self.outbox}?mode=ro", uri=True, timeout=5)
        ) as connection:
            answer: tuple[str | int] = connection.execute(query).fetchone()
        return answer[0]


def make_kiosk(
    name: str, folder: Path, log: Path, *, site: str, broker: Mapping[str, str | int]
) -> KioskProcess:
    """Write a kiosk's settings, and describe its process; ``broker`` is that section of them."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "kiosk.toml"
    quoted = json.dumps  # a JSON string is a TOML string, too
    settings.write_text(
        f"site = {quoted(site)}\n"
        f"device = {quoted(name)}\n"
        f"touchpoint = {quoted(name)}\n"
        f"data = {quoted(str(folder))}\n"
        # Containers and virtual machines can't see whether their host's clock is right.
        'clock = "trusted"\n'
        "[panel]\n"
        'kind = "virtual"\n'
        f"path = {quoted(str(folder / 'panel.sock'))}\n"
        f"buttons = {quoted(buttons_of(BUILT_IN_SURVEY))}\n"
        "[broker]\n" + "".join(f"{key} = {quoted(value)}\n" for key, value in broker.items()),
        encoding="utf-8",
    )
    argv = [sys.executable, "-m", "kiosk", "run", "--settings", str(settings)]
    return KioskProcess(name, folder, Process(name, argv, log))
