"""The visitor's side put together by the settings: lamps, screen, voice, and who looks inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from broker.link.link import Link
from hardware.panel import Panel
from kiosk.clock import Clock, Reading
from kiosk.configuration import ConfigurationFile
from kiosk.door import Door
from kiosk.facts import Inner, facts
from kiosk.front import Front
from kiosk.health import Health
from kiosk.house import House
from kiosk.inside import Inside
from kiosk.maintenance import Maintenance
from kiosk.outbox import Outbox
from kiosk.programme import Programme
from kiosk.recorder import Recorder
from kiosk.scene import Fact, Gesture
from kiosk.settings import Settings
from kiosk.stage import Stage
from kiosk.voice import SPEECH_NAME, Voice, open_sound
from kiosk.words import Words, words_in
from kiosk.wrong_pins import WRONG_PINS_NAME, WrongPinsFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the visitor's side shares with the relay's.

    Attributes:
        received: when the last receipt came.
        when_stepped: called after each step of the front: the sign of life.
    """

    settings: Settings
    panel: Panel
    link: Link
    clock: Clock
    outbox: Outbox
    configuration: ConfigurationFile
    health: Health
    received: Callable[[], Reading | None]
    when_stepped: Callable[[], None]


class Reception:
    """Opens what visitors see and hear, and closes it again.

    Attributes:
        front: serves the visitors.

    Raises:
        PanelError: another kiosk has the screen's socket.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._words_of = words_in(parts.settings.languages)
        self._door: Door | None = None
        self._voice = self._open_voice()
        if parts.settings.screen is not None:
            self._door = Door(parts.settings.screen_socket, parts.panel, self._take)
        self.front = Front(self._house())

    def close(self) -> None:
        """Send the screens away, and fall silent."""
        if self._door is not None:
            self._door.close()
        if self._voice is not None:
            self._voice.close()

    def _house(self) -> House:
        parts = self._parts
        return House(
            panel=parts.panel,
            stage=Stage(parts.panel, self._door, self._voice),
            programme=Programme(parts.configuration, parts.clock, self._words_of),
            recorder=Recorder(parts.outbox, parts.clock, parts.health, parts.link.wake),
            clock=parts.clock,
            health=parts.health,
            inside=self._inside(),
            words_of=self._words_of,
            when_stepped=parts.when_stepped,
        )

    def _inside(self) -> Inside:
        parts = self._parts
        inner = Inner(
            settings=parts.settings,
            configuration=parts.configuration,
            health=parts.health,
            clock=parts.clock,
            counts=parts.outbox.counts,
            is_connected=lambda: parts.link.is_connected,
            received=parts.received,
        )
        keeper = WrongPinsFile(parts.settings.data / WRONG_PINS_NAME)
        lock = Maintenance(parts.settings.maintenance.pin, keeper, parts.clock.uptime_ms())
        return Inside(lock, partial(facts, inner), self._test, parts.panel.wake)

    def _test(self, words: Words) -> list[Fact]:
        from kiosk.selftest import SelfTest  # noqa: PLC0415 few kiosks need it, once a year

        test = SelfTest(
            settings=self._parts.settings,
            words=words,
            clock=self._parts.clock,
            zone=self._parts.configuration.zone,
            is_connected=lambda: self._parts.link.is_connected,
        )
        return [result.fact for result in test.passive()]

    def _open_voice(self) -> Voice | None:
        parts, settings = self._parts, self._parts.settings
        sound = open_sound(settings.sound, settings.data / SPEECH_NAME)
        if sound is None:
            return None
        return Voice(
            sound,
            buttons=parts.panel.buttons,
            words_of=self._words_of,
            uptime_ms=parts.clock.uptime_ms,
            loudspeaker_percent=settings.sound.volume_percent,
        )

    def _take(self, gesture: Gesture) -> None:
        self.front.take(gesture)
