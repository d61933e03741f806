"""Draws a view into the window once, and keeps what is seen as a picture."""

from __future__ import annotations

from pathlib import Path

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.ui.canvas import Painter
from kiosk.ui.glass import Glass
from kiosk.ui.lettering import Lettering
from kiosk.ui.view import View


class Studio:
    """One window of one size."""

    def __init__(self, glass: Glass) -> None:
        self._glass = glass
        self._widget = Widget(size=(glass.width_px, glass.height_px))
        self._letters = Lettering()
        self._painter = Painter(self._widget.canvas, self._letters)
        Window.add_widget(self._widget)
        EventLoop.start()

    def draw(self, view: View, path: Path) -> None:
        """Write ``view`` to ``path`` as a PNG."""
        if view.scene is not None:
            self._letters.speak(view.scene)
        self._painter.paint(view.arrange(self._glass, self._letters.measure), self._glass.rect)
        EventLoop.idle()
        size = (self._glass.width_px, self._glass.height_px)
        pixels = glReadPixels(0, 0, *size, GL_RGBA, GL_UNSIGNED_BYTE)
        texture = Texture.create(size=size, colorfmt="rgba")
        texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
        texture.save(str(path), flipped=True)
