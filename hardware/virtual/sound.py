"""The virtual loudspeaker: keeps what was to be heard, and breaks when told to."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from hardware.faults import Faults
from hardware.panel import Fault
from hardware.sound import Tone, Utterance

KEPT: Final = 10_000
"""It may run for days on a desktop that has no loudspeaker."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came out of the loudspeaker or the headphones.

    Attributes:
        what: a tone, or something said.
        is_private: through the headphones.
        percent: how loud.
    """

    what: Tone | Utterance
    is_private: bool
    percent: int


class VirtualSound:
    """A :class:`~hardware.sound.Sound` in which everything is over as soon as it is begun.

    Attributes:
        heard: the latest of it, in order.
    """

    def __init__(self, voices: Collection[str] = ("bg", "en")) -> None:
        """Speak the languages ``voices``, and read every recording."""
        self.heard: list[Heard] = []
        self._voices = voices
        self._faults = Faults()
        self._percent = 100
        self._waiting: deque[tuple[Utterance, bool]] = deque()
        self._is_held = False
        self._is_saying = False
        self._is_dead = False

    def tone(self, tone: Tone, *, is_private: bool) -> None:
        """Sound ``tone``; what is being said ends."""
        self.hush()
        self._sound(tone, is_private=is_private)

    def say(self, utterances: Sequence[Utterance], *, is_private: bool) -> None:
        """Say ``utterances`` instead of what is being said."""
        self.hush()
        self._waiting.extend((utterance, is_private) for utterance in utterances)
        self._go_on()

    def hush(self) -> None:
        """End what is being said."""
        self._waiting.clear()
        self._is_saying = False

    def set_volume(self, percent: int) -> None:
        """Make what begins from now on so loud: the amplitude, 0 to 100."""
        self._percent = min(100, max(0, percent))

    def faults(self) -> list[Fault]:
        """Return what broke, or became whole again, since the last call."""
        return self._faults.take()

    def close(self) -> None:
        """Fall silent."""
        self.hush()

    def set_held(self, *, is_held: bool) -> None:
        """Let what is being said last until it is let go, cut or replaced."""
        self._is_held = is_held
        if not is_held:
            self._is_saying = False
            self._go_on()

    def set_dead(self, *, is_dead: bool) -> None:
        """Break or mend the devices: nothing is heard, and ``sound:dead`` reported when tried."""
        self._is_dead = is_dead

    def _go_on(self) -> None:
        while self._waiting and not self._is_saying:
            utterance, is_private = self._waiting.popleft()
            if self._can_say(utterance):
                self._is_saying = self._is_held
                self._sound(utterance, is_private=is_private)

    def _can_say(self, utterance: Utterance) -> bool:
        can = bool(utterance.recording) or utterance.language in self._voices
        self._faults.note("speech", f"lacks-{utterance.language}", is_present=not can)
        return can

    def _sound(self, what: Tone | Utterance, *, is_private: bool) -> None:
        self._faults.note("sound", "dead", is_present=self._is_dead)
        if not self._is_dead:
            self.heard.append(Heard(what, is_private, self._percent))
            del self.heard[:-KEPT]
