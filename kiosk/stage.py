"""The stage: everything by which a kiosk answers, lamps, sound and screen, kept in step."""

from __future__ import annotations

from typing import Protocol

from msgspec.structs import replace

from hardware.panel import Fault, Panel, Signal
from kiosk.scene import Scene


class Screens(Protocol):
    """Where scenes are shown; :class:`kiosk.door.Door`."""

    @property
    def has_screen(self) -> bool:
        """Whether anybody can see them."""

    def show(self, scene: Scene) -> None:
        """Show ``scene``."""


class Ear(Protocol):
    """What makes scenes heard; :class:`kiosk.voice.Voice`."""

    @property
    def speaks_for_ms(self) -> int:
        """About how long it will still speak."""

    def perform(self, before: Scene | None, now: Scene) -> str:
        """Sound and say what the change asks for; returns it in words, for those who can't hear."""

    def faults(self) -> list[Fault]:
        """What broke, or became whole again, since the last call."""


class Stage:
    """Shows signals on the panel, and scenes wherever they can be seen or heard.

    Args:
        panel: its lamps and buzzer.
        screens: where there are any.
        voice: where there is a loudspeaker.
    """

    def __init__(
        self, panel: Panel, screens: Screens | None = None, voice: Ear | None = None
    ) -> None:
        self._panel = panel
        self._screens = screens
        self._voice = voice
        self._scene: Scene | None = None
        self._number = self._thanked = self._voided = 0

    @property
    def has_screen(self) -> bool:
        """Whether somebody can see scenes."""
        return self._screens is not None and self._screens.has_screen

    @property
    def speaks_for_ms(self) -> int:
        """About how long something will still be said."""
        return 0 if self._voice is None else self._voice.speaks_for_ms

    def faults(self) -> list[Fault]:
        """What broke, or became whole again, since the last call."""
        return [] if self._voice is None else self._voice.faults()

    def signal(self, signal: Signal, press_id: str | None = None) -> None:
        """Light the lamps and sound the buzzer."""
        self._panel.show(signal, press_id)
        self._thanked += signal == "thanks"
        self._voided += signal == "void"

    def set(self, scene: Scene) -> None:
        """Let ``scene`` be what is seen and heard, unless it is that already.

        Args:
            scene: complete but for its number, counts and caption, which are given here.
        """
        scene = replace(scene, thanked=self._thanked, voided=self._voided)
        if scene == self._scene:
            return
        before, self._scene = self._scene, scene
        caption = "" if self._voice is None else self._voice.perform(before, scene)
        if self._screens is not None:
            self._number += 1
            self._screens.show(replace(scene, number=self._number, caption=caption))
