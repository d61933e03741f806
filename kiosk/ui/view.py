"""What this screen knows besides the scene: the page, the PIN typed so far, whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from hardware.panel import Input
from kiosk.scene import Gesture, Leave, Scene, TestYourself, Touched, Unlock
from kiosk.ui.glass import Glass
from kiosk.ui.item import Arrangement, page_of
from kiosk.ui.layout import Measure, arrange

TURN_MS: Final = 8_000
"""How long each of the idle texts is shown: 30 words at the pace of a slow reader."""

MAX_PIN: Final = 12


class View:
    """The scene as it is looked at; pure: told the time, and gives gestures back.

    Args:
        new_id: makes the ids of presses, UUIDs in lower case.

    Attributes:
        scene: what was shown last.
        page: that somebody turned to; ``None`` for the one with the focus.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._idle_since_ms: float | None = None
        self.page: int | None = None
        self._pin = ""
        self._turn = 0
        self._warned_at_ms: float | None = None
        self.scene: Scene | None = None

    def show(self, scene: Scene, at_ms: float) -> bool:
        """``scene`` is what is going on at ``at_ms``; returns whether the glass changes."""
        before, self.scene = self.scene, scene
        if before is None or _place(before) != _place(scene):
            self.page = None
        if not scene.asks_pin:
            self._pin = ""
        if not scene.warns_until_ms:
            self._warned_at_ms = None
        elif self._warned_at_ms is None:
            self._warned_at_ms = at_ms
        is_turned = self._take_turns(scene, at_ms)
        return is_turned or before is None or not _looks_the_same(before, scene)

    def time_left(self, at_ms: float) -> float | None:
        """How much is left of the time that a warning gives, 1 to 0; ``None`` without one."""
        if self.scene is None or self._warned_at_ms is None:
            return None
        given_ms = max(1.0, self.scene.warns_until_ms - self._warned_at_ms)
        return (self.scene.warns_until_ms - at_ms) / given_ms

    def arrange(self, glass: Glass, measure: Measure, *, has_clip: bool = False) -> Arrangement:
        """Everything on its place; call :meth:`show` before.

        ``has_clip``: there is a sign-language clip for this scene.
        """
        if self.scene is None:
            return Arrangement(items=(), scheme="dark")
        return arrange(
            self.scene,
            glass,
            measure=measure,
            page=self.page,
            turn=self._turn,
            pin_length=len(self._pin),
            has_clip=has_clip,
        )

    def take(self, target: str, at_ms: float, kind: Input) -> Gesture | None:
        """Somebody meant ``target``; returns what the firmware must know of it.

        ``None`` is what the screen settles by itself: another page, one more digit of the PIN.
        """
        if (page := page_of(target)) is not None:
            self.page = page
            return None
        if target.startswith("pin:"):
            return self._type(target.removeprefix("pin:"))
        match target:
            case "leave":
                return Leave()
            case "self-test":
                return TestYourself()
        return Touched(button=target, at_ms=int(at_ms), id=self._new_id(), input=kind)

    def _type(self, key: str) -> Unlock | None:
        if key == "back":
            self._pin = self._pin[:-1]
        elif key == "ok":
            typed, self._pin = self._pin, ""
            return Unlock(pin=typed) if typed else None
        elif len(self._pin) < MAX_PIN:
            self._pin += key
        return None

    def _take_turns(self, scene: Scene, at_ms: float) -> bool:
        """Count turns while nobody is here; returns whether it is another one's."""
        before = self._turn
        if scene.state != "idle":
            self._idle_since_ms, self._turn = None, 0
        elif self._idle_since_ms is None:
            self._idle_since_ms = at_ms
        else:
            self._turn = int(at_ms - self._idle_since_ms) // TURN_MS
        return self._turn != before and len(scene.idle_texts) > 1


def _place(scene: Scene) -> tuple[object, ...]:
    """Where a visitor is: a page that was turned to stays only as long as this does."""
    return scene.state == "idle", scene.title, scene.language, scene.focus


def _looks_the_same(one: Scene, other: Scene) -> bool:
    return one is other or _seen(one) == _seen(other)


def _seen(scene: Scene) -> Scene:
    """Without what is only counted or heard."""
    return replace(scene, number=0, chosen="", reads_aloud=False, thanked=0, voided=0, helped=0)
