"""A finger on gpiozero's mock pins: presses buttons, and times how soon there is light.

It works in the process of those whom it presses, and obeys that process's standard input: each
line is a number of presses, answered by a line of JSON, the seconds from the first edge of each
press to the light.
"""

from __future__ import annotations

import json
import queue
import sys
import time
from collections.abc import Sequence
from typing import Final, TypeAlias

from gpiozero.pins.mock import MockPin

CHATTER_MS: Final = (0.0, 0.4, 1.1, 1.9, 3.2, 4.6, 5.0)
"""When the contact closes, opens, and so on until it rests closed: a cheap microswitch."""

HOLD_S: Final = 0.03
PAUSE_S: Final = 0.05
PATIENCE_S: Final = 10.0

Seen: TypeAlias = queue.SimpleQueue[tuple[str, float]]
"""What was shown, and when: by ``time.monotonic``."""


class Finger:
    """Presses buttons, and watches the light.

    Args:
        pins: of the buttons, to be pressed in turn.
        seen: where whatever is shown is told.
        last: what answers a press last: the next one waits for it.
    """

    def __init__(self, pins: Sequence[MockPin], seen: Seen, last: str) -> None:
        self._pins = pins
        self._seen = seen
        self._last = last

    def press(self, presses: int) -> list[float]:
        """Press so many times; returns the seconds from first edge to light, press by press."""
        return [self._press(self._pins[number % len(self._pins)]) for number in range(presses)]

    def wait_for(self, signal: str) -> float:
        """Wait for ``signal``; returns when it was shown.

        Raises:
            queue.Empty: it was not, for too long.
        """
        while True:
            shown, at_s = self._seen.get(timeout=PATIENCE_S)
            if shown == signal:
                return at_s

    def _press(self, pin: MockPin) -> float:
        while not self._seen.empty():
            self._seen.get()
        first_edge_s = time.monotonic()
        for number, at_ms in enumerate(CHATTER_MS):
            time.sleep(max(0.0, first_edge_s + at_ms / 1000 - time.monotonic()))
            pin.drive_high() if number % 2 else pin.drive_low()
        lit_s = self.wait_for("pressed")
        if self._last != "pressed":
            self.wait_for(self._last)
        time.sleep(HOLD_S)
        pin.drive_high()
        time.sleep(PAUSE_S)
        return lit_s - first_edge_s


def obey(finger: Finger) -> None:
    """Press as often as standard input says, until it ends."""
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(finger.press(int(line))), flush=True)
