"""Sound: tones that answer, and speech; the protocol that every loudspeaker fulfils.

One tone for every value: what was chosen is never told apart by sound, unless through headphones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from hardware.panel import Fault

Tone: TypeAlias = Literal["pressed", "thanks", "void", "warn"]
"""``pressed`` answers at once, ``thanks`` follows the commit, ``void`` says that a press came to
nothing, ``warn`` that it won't wait much longer."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to say.

    Attributes:
        text: in words.
        language: BCP 47 tag of ``text``.
        recording: name of the file in which a person reads it, without language and ending; where
            there is none, a synthesiser says ``text``.
    """

    text: str
    language: str
    recording: str = ""


class Sound(Protocol):
    """A loudspeaker and a headphone socket. No call waits for what is heard."""

    def tone(self, tone: Tone, *, is_private: bool) -> None:
        """Sound ``tone`` after the tones under way; what is being said ends at once.

        Args:
            tone: which.
            is_private: through the headphones, not the loudspeaker.
        """

    def say(self, utterances: Sequence[Utterance], *, is_private: bool) -> None:
        """Say ``utterances`` one after another, after the tones, instead of what is being said."""

    def hush(self) -> None:
        """End what is being said; tones are over by themselves."""

    def set_volume(self, percent: int) -> None:
        """Make what begins from now on so loud: the amplitude, 0 to 100."""

    def faults(self) -> list[Fault]:
        """Return what broke, or became whole again, since the last call."""

    def close(self) -> None:
        """Fall silent and let go of the devices."""
