"""A whole touch kiosk: firmware and screen as processes, a display, and a visitor at it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec

from broker.server.process import free_port
from broker.wire.configuration import Configuration
from kiosk.scene import Scene, State, Touched
from kiosk.ui.client import Client
from tests.fixtures.display import Display, wait_until
from tests.kiosk_ui.overheard import Overheard
from tests.kiosk_ui.window import Window

END_S: Final = 20
USUAL: Final = (800, 480)
"""The size with which Kivy's window begins, before it fills the display."""

SETTINGS: Final = """
touchpoint = "hall-desk-1"
clock = "trusted"
broker.port = {port}
[screen]
socket = "{socket}"
[maintenance]
pin = "{pin}"
"""


class Hall:
    """What is in a hall.

    Args:
        folder: for all files.
        display: what the visitor looks at.
        project: where the sources are.
        configuration: as the server sent it; without one the kiosk asks what is built in.
        pin: hash of the maintenance PIN.
    """

    def __init__(
        self,
        folder: Path,
        display: Display,
        project: Path,
        *,
        configuration: Configuration | None = None,
        pin: str,
    ) -> None:
        self._folder = folder
        self._seen = 0
        self._environment = os.environ | {"PYTHONPATH": str(project)}
        if configuration is not None:
            (folder / "configuration.json").write_bytes(msgspec.json.encode(configuration))
        given = {"port": free_port(), "pin": pin}
        self._overheard = Overheard(folder / "overheard.sock", folder / "screen.sock")
        settings = SETTINGS.format(socket="overheard.sock", **given)
        # Here is no window manager, which would make a window as large as the display.
        size = (display.width, display.height)
        options = () if size == USUAL else ("--window", f"{size[0]}x{size[1]}")
        self.window = Window(folder, display, *options, settings=settings)
        # The same for the firmware, but for the socket.
        text = (folder / "kiosk.toml").read_text().replace("overheard.sock", "screen.sock")
        (folder / "firmware.toml").write_text(text)
        self.display = display
        self.firmware = self._start()
        # One more screen, that only looks: so that we know what is shown, and where.
        self._eyes = Client(folder / "screen.sock")

    def scene(self) -> Scene | None:
        """What is shown now."""
        self._eyes.read()
        return self._eyes.scene

    def wait_for(self, *states: State) -> Scene:
        """Wait until one of ``states`` is shown, and was seen by whoever looks at the display.

        What they saw is kept as a picture, such as ``2-thanks.png``.
        """

        def is_shown() -> bool:
            assert self.firmware.poll() is None, (self._folder / "firmware.log").read_text()
            scene = self.scene()
            return scene is not None and scene.state in states

        wait_until(is_shown, f"the kiosk is {' or '.join(states)}")
        # Before there is a window, or before it was told anything, it is dark.
        wait_until(lambda: len(self.display.colours()) > 2, "something is drawn")
        self.display.wait_until_still()
        scene = self.scene()
        assert scene is not None
        self._seen += 1
        self.display.save(self._folder / f"{self._seen}-{scene.state}.png")
        return scene

    def touched(self) -> list[Touched]:
        """What the screen took for a touch, so far."""
        return [each for each in self._overheard.said if isinstance(each, Touched)]

    def tap(self, target: str) -> None:
        """Touch ``target`` where it is now."""
        scene = self.scene()
        assert scene is not None
        self.window.tap(scene, target)

    def kept(self) -> list[dict[str, Any]]:
        """The events in the outbox, in order."""
        with closing(sqlite3.connect(self._folder / "outbox.db")) as connection:
            rows = connection.execute("SELECT id, body FROM event ORDER BY seq").fetchall()
        return [{"id": event_id, **json.loads(body)} for event_id, body in rows]

    def wait_until_kept(self, count: int) -> list[dict[str, Any]]:
        """Wait until there are ``count`` events; returns them."""
        wait_until(lambda: len(self.kept()) >= count, f"{count} events are kept")
        return self.kept()

    def close(self) -> None:
        """Everyone goes home."""
        self._eyes.close()
        self.window.end()
        self.firmware.terminate()
        self.firmware.wait(END_S)
        self._overheard.close()

    def _start(self) -> subprocess.Popen[bytes]:
        settings = str(self._folder / "firmware.toml")
        command = [sys.executable, "-m", "kiosk", "run", "--settings", settings]
        with (self._folder / "firmware.log").open("ab") as log:
            return subprocess.Popen(command, stderr=log, env=self._environment)


def sleep_until(at_s: float) -> None:
    """Wait for a moment of the monotonic clock."""
    time.sleep(max(0.0, at_s - time.monotonic()))
