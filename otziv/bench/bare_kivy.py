"""A peer of the touchscreen: a Kivy window that changes its colour when it is touched.

Runs as a process: ``python -m otziv.bench.bare_kivy``, on the display of its environment.
"""

from __future__ import annotations

import os
import time

os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_CONFIG": "1", "KIVY_NO_FILELOG": "1"}
os.environ |= {"KIVY_NO_CONSOLELOG": "1"}

from kivy.app import App
from kivy.core.window import Window
from kivy.graphics import Color, Rectangle
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

SIZE = (800, 480)


class Tile(Widget):  # type: ignore[misc]  # Kivy has no types
    """All of the window."""

    def __init__(self) -> None:
        super().__init__()
        with self.canvas:
            self._colour = Color(0.1, 0.4, 0.5)
            Rectangle(size=SIZE)

    def on_touch_down(self, _touch: MotionEvent) -> bool:
        """Turn from dark to light and back."""
        print("touched", time.monotonic(), flush=True)
        self._colour.r = 1.0 - self._colour.r
        return True


class Bare(App):  # type: ignore[misc]  # Kivy has no types
    """One window with one tile."""

    def build(self) -> Tile:
        """Make what is in it."""
        Window.borderless = True
        Window.size = SIZE
        return Tile()


if __name__ == "__main__":
    Bare().run()
