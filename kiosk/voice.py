"""The voice: performs what a change of scene sounds like, so loud as this visitor wants it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final

from hardware.panel import Fault
from hardware.sound import Sound, Utterance
from kiosk.scene import Scene
from kiosk.settings import SoundSettings
from kiosk.speech import Cue, cue
from kiosk.speech.phrases import VOLUME_STEPS, utterance, volume_number
from kiosk.words import Words

SPEECH_NAME: Final = "speech"
"""Folder below the data for what espeak-ng has said."""

STEP_DB: Final = 5.0
"""From one step of the volume to the next: clearly louder, and not twice as loud."""

VOLUMES_PERCENT: Final = tuple(
    round(100 * 10 ** (-STEP_DB * (VOLUME_STEPS - step) / 20))
    for step in range(1, VOLUME_STEPS + 1)
)
FIRST_STEP: Final = 3
AGAIN_MS: Final = 5_000
"""Who asks for help again within this time has not heard it well."""

MS_PER_CHARACTER: Final = 80
MS_PER_UTTERANCE: Final = 700
CHARACTERS_PER_DIGIT: Final = 5
"""A third more than espeak-ng needs on the whole, and never less: the tests hold that."""


class Voice:
    """Makes scenes heard.

    Audio mode comes and goes with ``is_private`` of the scenes: with it begins the greeting, with
    its end there is silence at once, since what is said would go on through the loudspeaker.

    Args:
        sound: the loudspeaker and the headphones.
        buttons: names of the panel's buttons: what to press for an answer.
        words_of: gives the kiosk's own words in a language.
        uptime_ms: the device's uptime.
        loudspeaker_percent: how loud the loudspeaker is; headphones have their steps.
    """

    def __init__(
        self,
        sound: Sound,
        *,
        buttons: Collection[str],
        words_of: Callable[[str], Words],
        uptime_ms: Callable[[], int],
        loudspeaker_percent: int,
    ) -> None:
        self._sound = sound
        self._buttons = buttons
        self._words_of = words_of
        self._uptime_ms = uptime_ms
        self._loudspeaker_percent = loudspeaker_percent
        self._step = FIRST_STEP
        self._helped_at_ms: int | None = None
        self._speaks_until_ms = 0
        self._caption = ""
        sound.set_volume(loudspeaker_percent)

    @property
    def speaks_for_ms(self) -> int:
        """About how long it will still speak: no question may end while it is being read."""
        return max(0, self._speaks_until_ms - self._uptime_ms())

    def perform(self, before: Scene | None, now: Scene) -> str:
        """Sound and say what the change asks for, without waiting for its end.

        Returns:
            What is heard by now, in words, for those who can't hear; empty when it is silent.
        """
        words = self._words_of(now.language)
        self._prepare(before, now)
        heard = cue(before, now, words, self._buttons)
        if heard.is_silent:
            return self._caption if self.speaks_for_ms else ""
        if heard.utterances and _asks_for_help(before, now):
            heard = self._repeated(heard, words)
        self._sing(heard, is_private=now.is_private)
        return heard.caption

    def faults(self) -> list[Fault]:
        """Return what broke, or became whole again, since the last call; for the heartbeat."""
        return self._sound.faults()

    def close(self) -> None:
        """Fall silent."""
        self._sound.close()

    def _prepare(self, before: Scene | None, now: Scene) -> None:
        """Begin anew with each visitor, and whenever the plug goes in or out."""
        was_private = before is not None and before.is_private
        if was_private and not now.is_private:
            self._sound.hush()
            self._speaks_until_ms = 0
        is_new = before is not None and before.state != "idle" and now.state == "idle"
        if is_new or was_private != now.is_private:
            self._step, self._helped_at_ms = FIRST_STEP, None
            self._set_volume(is_private=now.is_private)

    def _set_volume(self, *, is_private: bool) -> None:
        percent = VOLUMES_PERCENT[self._step - 1] if is_private else self._loudspeaker_percent
        self._sound.set_volume(percent)

    def _repeated(self, heard: Cue, words: Words) -> Cue:
        """Say it again; louder, if it was asked for again. After the loudest comes the softest."""
        last_ms, self._helped_at_ms = self._helped_at_ms, self._uptime_ms()
        if last_ms is None or self._helped_at_ms - last_ms >= AGAIN_MS:
            return heard
        self._step = self._step % VOLUME_STEPS + 1
        self._set_volume(is_private=True)
        text = volume_number(self._step, VOLUME_STEPS, words)
        louder = utterance(text, words.language)
        return Cue(heard.tone, (louder, *heard.utterances), f"{text} {heard.caption}")

    def _sing(self, heard: Cue, *, is_private: bool) -> None:
        if heard.tone is not None:
            self._sound.tone(heard.tone, is_private=is_private)
        if heard.utterances:
            self._sound.say(heard.utterances, is_private=is_private)
        self._caption = heard.caption
        self._speaks_until_ms = self._uptime_ms() + duration_ms(heard.utterances)


def open_sound(settings: SoundSettings, cache: Path) -> Sound | None:
    """Open the loudspeaker and the headphones; ``None`` for a kiosk that has none.

    Args:
        settings: which they are.
        cache: folder for what espeak-ng has said.
    """
    match settings.kind:
        case "none":
            return None
        case "virtual":
            from hardware.virtual.sound import VirtualSound  # noqa: PLC0415 for desktops only

            return VirtualSound()
        case "alsa":
            from hardware.alsa import AlsaSound  # noqa: PLC0415 many kiosks are silent

            return AlsaSound(
                cache=cache,
                device=settings.device,
                private_device=settings.private_device,
                recordings=settings.recordings,
            )


def duration_ms(utterances: Iterable[Utterance]) -> int:
    """Estimate how long it takes to say ``utterances``: rather too long than too short."""
    return sum(MS_PER_UTTERANCE + MS_PER_CHARACTER * _characters(each.text) for each in utterances)


def _characters(text: str) -> int:
    return sum(CHARACTERS_PER_DIGIT if letter.isdigit() else 1 for letter in text)


def _asks_for_help(before: Scene | None, now: Scene) -> bool:
    return before is not None and now.helped > before.helped
