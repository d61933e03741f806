"""The demo's kiosks: real firmware in processes of their own, each with a virtual panel."""

from __future__ import annotations

import json
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker.store.database import Database
from broker.store.registry import add_device, add_touchpoint
from otziv.process import Process

PLACES: Final = (
    "Гише 1, справки",
    "Гише 2, деловодство",
    "Гише 3, каса",
    "Гише 4, местни данъци",
    "Гише 5, такса битови отпадъци",
    "Гише 6, гражданско състояние",
    "Гише 7, кадастър",
    "Гише 8, търговия",
    "Гише 9, социални услуги",
    "Кметство Горна чешма",
    "Кметство Кривия дъб",
    "Туристически център",
)
"""Twelve, as many as Smolyan hung up; the names are invented."""

BUTTONS: Final = (
    *(f"face-{number}" for number in range(1, 5)),
    *(f"option-{number}" for number in range(1, 7)),
    "skip",
)
"""Four faces, and what a screen would offer for the reasons."""


@dataclass(frozen=True, slots=True)
class DemoKiosk:
    """One kiosk: its name is that of its device and of its touchpoint."""

    name: str
    folder: Path
    process: Process

    @property
    def panel(self) -> Path:
        """The socket of its panel."""
        return self.folder / "panel.sock"

    @property
    def outbox(self) -> Path:
        """Its outbox."""
        return self.folder / "outbox.db"

    def waiting(self) -> int:
        """Events without a receipt."""
        if not self.outbox.exists():
            return 0
        connection = sqlite3.connect(f"file:{self.outbox}?mode=ro", uri=True, timeout=5)
        try:
            (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
        finally:
            connection.close()
        return int(count)


def kiosk_name(number: int) -> str:
    """Name of the demo's kiosk ``number``, from 1."""
    return f"demo-{number:02}"


def register(database: Database, site: str, names: list[str]) -> None:
    """Make the demo's touchpoints and devices known, in test mode."""
    for name, place in zip(names, PLACES, strict=True):
        add_touchpoint(database, name, site=site, name=place, is_test=True)
        add_device(database, name, touchpoint=name)


def make_kiosk(name: str, folder: Path, log: Path, *, site: str, host: str, port: int) -> DemoKiosk:
    """Write a kiosk's settings, and describe its process."""
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
        f"buttons = {quoted(BUTTONS)}\n"
        "[broker]\n"
        f"host = {quoted(host)}\n"
        f"port = {port}\n",
        encoding="utf-8",
    )
    argv = [sys.executable, "-m", "kiosk", "--settings", str(settings)]
    return DemoKiosk(name, folder, Process(name, argv, log))
