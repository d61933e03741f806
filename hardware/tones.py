"""The tones: a few short notes each, told apart by their melody, not by their pitch alone. Pure."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Final, NamedTuple

from hardware.sound import Tone
from hardware.wav import FULL_SCALE, write_wav

RATE_HZ: Final = 22_050
LEVEL: Final = 0.5
"""Of the full scale, about as loud as espeak-ng speaks."""

RAMP_MS: Final = 5
"""So long a note swells and fades; without it each would begin and end with a crack."""


class Note(NamedTuple):
    """A sine of ``hz`` for ``ms``; 0 Hz is a rest."""

    hz: float
    ms: int


TONES: Final[dict[Tone, tuple[Note, ...]]] = {
    "pressed": (Note(880, 60),),
    "thanks": (Note(660, 90), Note(880, 160)),
    "void": (Note(440, 90), Note(330, 160)),
    "warn": (Note(660, 120), Note(0, 80), Note(660, 120)),
}
"""Between 300 Hz and 1 kHz: above it hearing fades first with age, below it small loudspeakers."""


@cache
def tone_wav(tone: Tone) -> bytes:
    """Return ``tone`` as a WAV file: mono, 16 bit."""
    return write_wav(array("h", chain.from_iterable(map(_samples, TONES[tone]))), RATE_HZ)


def _samples(note: Note) -> Iterator[int]:
    count, ramp = (RATE_HZ * ms // 1000 for ms in (note.ms, RAMP_MS))
    for index in range(count):
        loudness = min(1.0, index / ramp, (count - 1 - index) / ramp)
        wave = math.sin(2 * math.pi * note.hz * index / RATE_HZ)
        yield round(FULL_SCALE * LEVEL * loudness * wave)
