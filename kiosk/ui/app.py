"""The screen itself: a Kivy window that draws the latest scene and passes gestures on.

No :class:`kivy.app.App`: that one opens settings on F1, reads files and ends on Esc. Everything
happens in one thread, once a frame; a frame is drawn only when something on it changed.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from kivy.base import EventLoop, runTouchApp
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from hardware.ids import mint_id
from hardware.inbox import uptime_ms
from hardware.panel import Input
from kiosk.scene import Scene, Unlock
from kiosk.ui.backlight import Backlight
from kiosk.ui.canvas import Painter
from kiosk.ui.care import brightness, shift
from kiosk.ui.client import Client
from kiosk.ui.clips import ClipError, Clips
from kiosk.ui.complaints import Complaints
from kiosk.ui.glass import Glass
from kiosk.ui.keyboard import Keyboard
from kiosk.ui.lettering import Lettering
from kiosk.ui.lost import out_of_order
from kiosk.ui.panel_view import PanelView
from kiosk.ui.toolkit import PANEL_PX, set_pace
from kiosk.ui.touches import Touches
from kiosk.ui.view import View
from kiosk.watchdog import Watchdog
from kiosk.words import Words

_log: Final = logging.getLogger(__name__)

LOOK_AGAIN_MS: Final = 60_000
"""How often we look for fonts that were lacking; it takes some frames' time."""

LOOK_MS: Final = 100
"""How often we look after what changes by itself: turns of texts, dimming, a firmware that is lost.
What the firmware says is drawn with the next frame; to look with each would cost as much again as
Kivy's own turns of the loop do while nobody is there."""

STILL_MS: Final = 3_000
"""After this time without a touch nobody is there."""

OLDEST_TOUCH_MS: Final = 1_000
"""A touch that claims to be older is not: the wall clock was set meanwhile."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where this screen is, and what it has.

    Attributes:
        glass_of: makes the glass of a width and height in pixels.
        words_of: the kiosk's own words in a language.
        fonts: folder of fonts that come before all others.
        clips: folder of sign-language clips.
        is_windowed: in a window on a desktop, which may be closed.
        panel: drawn buttons beside the screen, where there are any.
    """

    glass_of: Callable[[int, int], Glass]
    words_of: Callable[[str], Words]
    fonts: Path | None = None
    clips: Path | None = None
    is_windowed: bool = False
    panel: PanelView | None = None


class Screen(Widget):  # type: ignore[misc]  # Kivy has no types
    """One screen, from :meth:`run` until it is told to end.

    Args:
        client: the way to the firmware.
        place: where it is.
    """

    def __init__(self, client: Client, place: Place) -> None:
        super().__init__(size_hint=(None, None))
        self._client = client
        self._place = place
        self._view = View(new_id=mint_id)
        self._touches = Touches()
        self._keyboard = Keyboard()
        self._letters = Lettering(place.fonts)
        self._painter = Painter(self.canvas, self._letters)
        self._backlight = Backlight()
        self._touched_ms = self._looked_ms = self._look_by_ms = uptime_ms()
        self._complaints = Complaints(client.send)
        self._clips = Clips(place.clips)
        self._watchdog = Watchdog.of()
        self._is_ready = False
        self._glass = place.glass_of(1, 1)
        self._is_told_to_end = False

    def run(self) -> None:
        """Show the window until SIGTERM, or until it is closed on a desktop."""
        signal.signal(signal.SIGTERM, self._end)
        Window.bind(
            on_key_down=self._key_down,
            on_key_up=self._key_up,
            on_request_close=self._refuse_to_close,
            size=self._resize,
        )
        self._resize(Window, Window.size)
        Clock.schedule_interval(self._frame, 0)
        root = Widget()
        root.add_widget(self)
        if self._place.panel is not None:
            root.add_widget(self._place.panel)
        runTouchApp(root)
        self._watchdog.stopping()
        self._client.close()

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """A finger, or the left button of a mouse, comes down."""
        if not self.collide_point(*touch.pos) or not _is_finger(touch):
            return False
        at_ms = self._touched_ms = _pressed_at_ms(touch)
        for target in self._touches.down(touch.uid, *self._point(touch), at_ms):
            self._mean(target, at_ms, "touch")
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """It slides."""
        self._touches.move(touch.uid, *self._point(touch))
        return False

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """It is lifted."""
        self._touches.up(touch.uid)
        return False

    def _frame(self, _elapsed_s: float) -> None:
        """Look whether anything changed; called before each frame."""
        if self._is_told_to_end:
            EventLoop.quit = True
            return
        at_ms = uptime_ms()
        self._live(at_ms)
        if self._client.read() or at_ms >= self._look_by_ms:
            self._look(at_ms)
        self._play(at_ms)
        if (left := self._view.time_left(at_ms)) is not None:
            self._painter.count_down(left)
        if self._touches.is_corner_held(at_ms):
            self._client.send(Unlock())
        if self._place.panel is not None:
            self._place.panel.look()

    def _live(self, at_ms: float) -> None:
        """Let the service manager know: frames come many times a second, whoever is there."""
        if not self._is_ready:
            self._is_ready = True
            self._watchdog.ready()
        self._watchdog.feed(int(at_ms), int(at_ms))

    def _look(self, at_ms: float) -> None:
        """Draw what is going on, if that has changed."""
        self._look_by_ms = at_ms + LOOK_MS
        scene = self._scene()
        if scene is not None:
            if self._view.show(scene, at_ms):
                self._paint(at_ms)
            self._complain(scene, at_ms)
            self._care(scene, at_ms)

    def _scene(self) -> Scene | None:
        """What to show: the latest scene, unless nobody is there any more to hear an answer."""
        scene = self._client.scene
        if scene is None or not self._client.is_lost:
            return scene
        return out_of_order(scene, self._place.words_of)

    def _paint(self, at_ms: float) -> None:
        if self._view.scene is not None:
            self._letters.speak(self._view.scene)
        has_clip = self._clips.find(self._view.scene) is not None
        measure = self._letters.measure
        arrangement = self._view.arrange(self._glass, measure, has_clip=has_clip)
        self._touches.arrange(arrangement, at_ms)
        self._painter.paint(arrangement, self._glass.rect)
        self._play(at_ms)

    def _play(self, at_ms: float) -> None:
        """Let the clip go on, where there is one."""
        if not self._painter.has_film or (clip := self._clips.find(self._view.scene)) is None:
            return
        try:
            self._painter.play(clip.picture(at_ms))
        except ClipError as error:
            _log.error("%s", error)
            self._clips.drop()
            self._paint(at_ms)

    def _care(self, scene: Scene, at_ms: float) -> None:
        """Move what stands still for months, and be dark while nobody looks."""
        if scene.state not in ("idle", "out-of-hours"):
            self._touched_ms = at_ms
        set_pace(is_resting=at_ms - self._touched_ms >= STILL_MS)
        self._painter.shift(*shift(int(at_ms), self._glass))
        level = brightness(scene, int(at_ms - self._touched_ms))
        is_lit_by_us = self._backlight.set(level)
        self._painter.darken(0.0 if is_lit_by_us else 1.0 - level)

    def _complain(self, scene: Scene, at_ms: float) -> None:
        """Tell the firmware which languages lack letters; and when somebody has mended that."""
        if self._letters.lacking and at_ms - self._looked_ms >= LOOK_AGAIN_MS:
            self._looked_ms = at_ms
            self._letters.look_again()
        if not self._client.is_lost:
            self._complaints.look(self._letters.lacking, scene, self._client.connection)

    def _mean(self, target: str, at_ms: float, kind: Input) -> None:
        """Somebody meant ``target``."""
        gesture = self._view.take(target, at_ms, kind)
        if gesture is None:
            self._paint(uptime_ms())
        elif self._client.send(gesture):
            # What a touch changes, the firmware tells: at once, so it is in the next frame.
            self._client.wait_for_reply()
            self._client.read()
            self._look(uptime_ms())

    def _key_down(
        self, _window: object, _key: int, place: int, _text: str, modifiers: list[str]
    ) -> bool:
        """A key comes down; ``True`` keeps it from Kivy."""
        if self._view.scene is not None:
            target = self._keyboard.down(place, modifiers, self._view.scene)
            if target:
                self._mean(target, uptime_ms(), "keyboard")
        return True

    def _key_up(self, _window: object, _key: int, place: int) -> bool:
        self._keyboard.up(place)
        return True

    def _resize(self, _window: object, size: tuple[int, int]) -> None:
        width, height = int(size[0]), int(size[1])
        panel = self._place.panel
        if panel is not None:
            width -= PANEL_PX
            panel.pos, panel.size = (width, 0), (PANEL_PX, height)
        self.size = (width, height)
        self._glass = self._place.glass_of(width, height)
        self._paint(uptime_ms())

    def _point(self, touch: MotionEvent) -> tuple[float, float]:
        """Where it is, as glasses count: ``y`` downwards."""
        return touch.x, self.height - 1 - touch.y

    def _refuse_to_close(self, *_: object, **__: object) -> bool:
        return not self._place.is_windowed

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._is_told_to_end = True


def _is_finger(touch: MotionEvent) -> bool:
    """Whether it is one; the other buttons of a mouse, and its wheel, mean nothing."""
    return "button" not in touch.profile or touch.button == "left"


def _pressed_at_ms(touch: MotionEvent) -> float:
    """When the finger came down: its driver noted that, a frame before we hear of it."""
    age_ms = (time.time() - touch.time_start) * 1000
    return uptime_ms() - (age_ms if 0 <= age_ms <= OLDEST_TOUCH_MS else 0.0)
