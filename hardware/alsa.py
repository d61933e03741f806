"""The real loudspeaker: ALSA, through aplay, in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.aplay import Playback, PlaybackError
from hardware.espeak import Reader
from hardware.faults import Faults
from hardware.panel import Fault
from hardware.sound import Tone, Utterance
from hardware.tones import tone_wav
from hardware.wav import scaled

CLOSE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Order:
    """One thing to be heard."""

    what: Tone | Utterance
    is_private: bool


class AlsaSound:
    """A :class:`~hardware.sound.Sound` on ALSA's devices.

    Callers only leave orders; the thread carries them out, tones first. Tones are never cut: they
    are over in a quarter of a second. A missing program or device is a fault, and each next order
    tries again, so that what was plugged out and in works on.

    Faults: ``sound:dead`` (the loudspeaker), ``headphones:dead`` (where they are a device of their
    own), ``speech:missing``, ``speech:lacks-ka``.

    Args:
        cache: folder for what espeak-ng has said.
        device: ALSA's name of the loudspeaker.
        private_device: of the headphones; without it the same.
        recordings: folder of texts read by a person.
    """

    def __init__(
        self,
        *,
        cache: Path,
        device: str = "default",
        private_device: str | None = None,
        recordings: Path | None = None,
    ) -> None:
        self._device = device
        self._private_device = private_device or device
        self._faults = Faults()
        self._reader = Reader(self._faults, cache, recordings)
        self._percent = 100
        self._changed = threading.Condition()
        self._tones: deque[_Order] = deque()
        self._speech: deque[_Order] = deque()
        self._current: _Order | None = None
        self._playback = Playback()
        self._is_closed = False
        # Should a driver hang for good, the kiosk must still be able to end.
        self._thread = threading.Thread(target=self._work, name="sound", daemon=True)
        self._thread.start()

    def tone(self, tone: Tone, *, is_private: bool) -> None:
        """Sound ``tone``; what is being said ends. One that waits already is not sounded twice."""
        order = _Order(tone, is_private)
        with self._changed:
            self._cut_speech()
            if order not in self._tones:
                self._tones.append(order)
            self._changed.notify()

    def say(self, utterances: Sequence[Utterance], *, is_private: bool) -> None:
        """Say ``utterances`` instead of what is being said."""
        with self._changed:
            self._cut_speech()
            self._speech.extend(_Order(utterance, is_private) for utterance in utterances)
            self._changed.notify()

    def hush(self) -> None:
        """End what is being said."""
        with self._changed:
            self._cut_speech()

    def set_volume(self, percent: int) -> None:
        """Make what begins from now on so loud: the amplitude, 0 to 100."""
        self._percent = min(100, max(0, percent))

    def faults(self) -> list[Fault]:
        """Return what broke, or became whole again, since the last call."""
        return self._faults.take()

    def close(self) -> None:
        """Fall silent and end the thread."""
        with self._changed:
            self._is_closed = True
            self._playback.cut()
            self._changed.notify()
        self._thread.join(CLOSE_S)

    def _is_saying(self) -> bool:
        return (
            self._current is not None
            and isinstance(self._current.what, Utterance)
            and not self._playback.is_cut
        )

    def _cut_speech(self) -> None:
        self._speech.clear()
        if self._is_saying():
            self._playback.cut()

    def _work(self) -> None:
        while (order := self._next()) is not None:
            if wav := self._wav_of(order):
                self._play(scaled(wav, self._percent), order)

    def _play(self, wav: bytes, order: _Order) -> None:
        device = self._private_device if order.is_private else self._device
        part = "sound" if device == self._device else "headphones"
        try:
            self._playback.play(wav, device)
        except PlaybackError as error:
            self._faults.note(part, "dead", is_present=True, why=str(error))
        else:
            # What was cut short tells nothing of the device.
            if not self._playback.is_cut:
                self._faults.note(part, "dead", is_present=False)

    def _next(self) -> _Order | None:
        """Wait for the next order; ``None`` when there won't be any."""
        with self._changed:
            self._current = None
            self._changed.wait_for(lambda: self._tones or self._speech or self._is_closed)
            if self._is_closed:
                return None
            self._current = (self._tones or self._speech).popleft()
            self._playback = Playback()
            return self._current

    def _wav_of(self, order: _Order) -> bytes:
        if isinstance(order.what, Utterance):
            return self._reader.read(order.what)
        return tone_wav(order.what)
