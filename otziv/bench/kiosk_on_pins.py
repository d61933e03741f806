"""The whole firmware on gpiozero's mock pins: a board of four buttons, and no broker.

Runs as a process: ``python -m otziv.bench.kiosk_on_pins FOLDER``; see :mod:`otziv.bench.finger`.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Final

from gpiozero.pins.mock import MockFactory

from hardware.board import find_board
from hardware.gpio import GpioPanel
from hardware.open import GpioSettings
from hardware.panel import Signal
from kiosk.clock import DeviceClock
from kiosk.connecting import open_link
from kiosk.firmware import Kiosk
from kiosk.logs import set_up_logs
from kiosk.settings import BrokerSettings, Settings
from otziv.bench.finger import Finger, Seen, obey

NOBODY: Final = 1
"""A port at which nobody listens."""


class WatchedPanel(GpioPanel):
    """Tells ``seen`` of whatever the lamps show by now."""

    seen: Seen

    def show(self, signal: Signal, press_id: str | None = None) -> None:
        """Show ``signal``, and tell when it was seen."""
        super().show(signal, press_id)
        self.seen.put((signal, time.monotonic()))


def main() -> None:
    """Serve the panel until there is no more to read."""
    set_up_logs("error", is_json=False)  # that there is no broker is known
    settings = GpioSettings()
    board, factory = find_board(settings.board), MockFactory()
    panel = WatchedPanel(board, pin_factory=factory)
    panel.seen = Seen()
    pins = [factory.pin(pin) for pin in board.buttons.values()]
    kiosk = _open(Path(sys.argv[1]), settings, panel)
    stop = threading.Event()

    def press() -> None:
        finger = Finger(pins, panel.seen, last="thanks")
        try:
            finger.wait_for("idle")
            obey(finger)
        finally:
            stop.set()
            panel.wake()

    threading.Thread(target=press).start()
    kiosk.run(stop)
    panel.close()


def _open(folder: Path, panel_settings: GpioSettings, panel: GpioPanel) -> Kiosk:
    settings = Settings(
        site="bench",
        device="bench",
        touchpoint="bench",
        data=folder,
        panel=panel_settings,
        clock="trusted",
        broker=BrokerSettings(port=NOBODY),
    )
    return Kiosk(settings, panel, open_link(settings), DeviceClock(is_trusted=True))


if __name__ == "__main__":
    main()
