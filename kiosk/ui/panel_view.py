"""A drawn button panel beside the screen, for a desktop: its lamps light, the mouse presses it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kivy.graphics import Color, Ellipse, Rectangle
from kivy.graphics.texture import Texture
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from hardware.ids import mint_id
from hardware.panel import TACTILE_KEYS, PanelError
from hardware.virtual.client import VirtualPanelClient
from kiosk.ui.figures import figure
from kiosk.ui.glass import Rect

BUTTON_PX: Final = 84
EDGE_PX: Final = 18
"""Between a button's rim and the sign on its cap."""

HOUSING: Final = (0.16, 0.18, 0.2)
DARK: Final = (0.3, 0.33, 0.36)
LIT: Final = (1.0, 0.86, 0.35)
CAP: Final = (0.93, 0.93, 0.9)
PLUGGED: Final = (0.35, 0.75, 0.45)

HEADPHONES: Final = "headphones"
FIGURES: Final = {
    "previous": "back",
    "next": "more",
    "select": "tick",
    "help": "other",
    "skip": "skip",
    HEADPHONES: "sound",
}


class PanelView(Widget):  # type: ignore[misc]  # Kivy has no types
    """Draws the panel that listens at ``path``; it may come and go.

    Each button closes and opens like a real one, so that it can be held, and the debouncer works.
    The socket for headphones, below, takes the plug at one click and lets it go at the next.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(size_hint=(None, None))
        self._client = VirtualPanelClient(path)
        self._lit: frozenset[str] = frozenset()
        self._held: dict[object, str] = {}
        self._is_plugged = False
        self._buttons: tuple[str, ...] = ()
        self.bind(pos=self._draw, size=self._draw)

    def look(self) -> None:
        """See what the panel shows; to be called once a frame."""
        try:
            shown = self._client.wait(0.0)
        except PanelError:
            # It has no headphones, or no such button: nothing happens, as with a real one.
            shown = []
        hello = self._client.hello
        buttons = hello.buttons if hello is not None and self._client.is_connected else ()
        lit = frozenset(shown[-1].lamps) if shown else self._lit
        if (lit, buttons) != (self._lit, self._buttons):
            self._lit, self._buttons = lit, buttons
            self._draw()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A button is pressed, or the plug put in or out."""
        point = (touch.x - self.x, self.height - touch.y)
        for name, place in self._places().items():
            if place.holds(*point):
                self._press(touch, name)
                return True
        return False

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """The button that was pressed is let go."""
        button = self._held.pop(touch.uid, None)
        if button is not None:
            self._client.edge(button, is_closed=False)
        return False

    def _press(self, touch: MotionEvent, name: str) -> None:
        if name == HEADPHONES:
            self._is_plugged = not self._is_plugged
            self._client.set_plug(HEADPHONES, is_in=self._is_plugged)
            self._draw()
            return
        self._held[touch.uid] = name
        self._client.edge(name, is_closed=True, press_id=mint_id())

    def _places(self) -> dict[str, Rect]:
        """Where each button is: faces in one column, keys and the socket in another."""
        faces = [name for name in self._buttons if name not in TACTILE_KEYS]
        keys = [name for name in self._buttons if name in TACTILE_KEYS]
        columns = [faces, [*keys, HEADPHONES]] if self._buttons else []
        wide = self.width / max(1, len(columns))
        return {
            name: Rect(
                column * wide + (wide - BUTTON_PX) / 2,
                (row + 0.5) * self.height / len(names) - BUTTON_PX / 2,
                BUTTON_PX,
                BUTTON_PX,
            )
            for column, names in enumerate(columns)
            for row, name in enumerate(names)
        }

    def _draw(self, *_: object) -> None:
        places = self._places()
        # Before the canvas is open: whatever is made while it is, is drawn on it, too.
        signs = {
            name: figure(self._figure(name), _side(place), "light")
            for name, place in places.items()
        }
        self.canvas.clear()
        with self.canvas:
            Color(*HOUSING)
            Rectangle(pos=self.pos, size=self.size)
            for name, place in places.items():
                self._button(name, place, signs[name])

    def _button(self, name: str, place: Rect, sign: Texture) -> None:
        is_socket = name == HEADPHONES
        is_lit = not is_socket and f"lamp-{self._buttons.index(name) + 1}" in self._lit
        ring = PLUGGED if is_socket and self._is_plugged else LIT if is_lit else DARK
        self._disc(place, ring)
        self._disc(place.inset(8), CAP)
        box = place.inset(EDGE_PX)
        Color(1, 1, 1)
        Rectangle(
            texture=sign,
            pos=(round(self.x + box.x), round(self.height - box.bottom)),
            size=sign.size,
        )

    def _disc(self, place: Rect, colour: tuple[float, float, float]) -> None:
        Color(*colour)
        Ellipse(
            pos=(self.x + place.x, self.height - place.bottom), size=(place.width, place.height)
        )

    def _figure(self, name: str) -> str:
        """The drawing on a button."""
        if not name.startswith("face-"):
            return FIGURES.get(name, "other")
        faces = sum(button.startswith("face-") for button in self._buttons)
        return f"{name}-of-{faces}"


def _side(place: Rect) -> int:
    """Of the sign on a button."""
    return round(place.inset(EDGE_PX).width)
