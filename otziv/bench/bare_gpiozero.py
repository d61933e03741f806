"""A peer of the firmware: a script as gpiozero's manual begins with, a button and a light.

Runs as a process: ``python -m otziv.bench.bare_gpiozero``; see :mod:`otziv.bench.finger`.
"""

from __future__ import annotations

import time
from typing import Final

from gpiozero import LED, Button
from gpiozero.pins.mock import MockFactory

from otziv.bench.finger import Finger, Seen, obey

BUTTON: Final = 17
LIGHT: Final = 27


def main() -> None:
    """Light up while the button is down, until there is no more to read."""
    factory, seen = MockFactory(), Seen()
    button, light = Button(BUTTON, pin_factory=factory), LED(LIGHT, pin_factory=factory)

    def when_pressed() -> None:
        light.on()
        seen.put(("pressed", time.monotonic()))

    button.when_pressed = when_pressed
    button.when_released = light.off
    obey(Finger([factory.pin(BUTTON)], seen, last="pressed"))


if __name__ == "__main__":
    main()
