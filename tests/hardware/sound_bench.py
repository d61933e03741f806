"""A loudspeaker on the bench: what came out of it can be read, and its cable is in our hand.

The real one plays through ALSA's ``file`` plugin into a program that keeps the samples, so that
aplay and ALSA do all that they do in a kiosk but the last step.
"""

from __future__ import annotations

import io
import shutil
import sys
import time
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, get_args

from hardware.alsa import AlsaSound
from hardware.panel import Fault
from hardware.sound import Sound, Tone, Utterance
from hardware.tones import tone_wav
from hardware.virtual.sound import Heard, VirtualSound
from hardware.wav import write_wav

DEADLINE_S: Final = 20.0
RATE_HZ: Final = 22_050
PEAK: Final = 20_000
READ: Final = tuple(
    Utterance(text, "bg", recording=f"text-{number}")
    for number, text in enumerate(("Въпрос едно.", "Много доволен.", "Благодарим Ви!"))
)
"""Texts that a person has read for us."""


class SoundBench(Protocol):
    """A sound under test."""

    sound: Sound

    def heard(self) -> list[Heard]:
        """All that was heard so far, in order."""

    def hold(self, *, is_held: bool) -> None:
        """Make what is being said last until it is let go."""

    def kill(self, *, is_dead: bool) -> None:
        """Break or mend the devices."""


class VirtualBench:
    """The virtual sound."""

    def __init__(self, _folder: Path) -> None:
        self._virtual = VirtualSound()
        self.sound: Sound = self._virtual

    def heard(self) -> list[Heard]:
        """All that was heard."""
        return list(self._virtual.heard)

    def hold(self, *, is_held: bool) -> None:
        """Use the knob."""
        self._virtual.set_held(is_held=is_held)

    def kill(self, *, is_dead: bool) -> None:
        """Use the knob."""
        self._virtual.set_dead(is_dead=is_dead)


class AlsaBench:
    """The real sound: aplay, and behind it files in place of a sound card.

    ``ALSA_CONFIG_PATH`` must say ``folder / "asound.conf"``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._played = folder / "played"
        self._played.mkdir()
        self._held = folder / "held"
        self._keeper = folder / "keep.sh"
        # It ends when the sound ends, or when it is let go: as a device that plays in real time.
        self._keeper.write_text(
            "set -eu\n"
            f'file={self._played}/$(date +%s%N)-"$1"\n'
            'cat > "$file.part"; mv "$file.part" "$file"\n'
            f"while [ -e {self._held} ]; do sleep 0.02; done\n"
        )
        self.kill(is_dead=False)
        self._known = _record(folder / "recordings")
        self.sound: Sound = AlsaSound(
            cache=folder / "cache",
            device="loud",
            private_device="private",
            recordings=folder / "recordings",
        )

    def heard(self) -> list[Heard]:
        """All that was heard: recordings and tones, told by their samples."""
        return [self._tell(file) for file in self.files()]

    def files(self) -> list[Path]:
        """Raw samples of what was heard, in order; the name ends in the device's."""
        files = [file for file in self._played.iterdir() if file.suffix != ".part"]
        return sorted(files, key=lambda file: int(file.name.partition("-")[0]))

    def hold(self, *, is_held: bool) -> None:
        """Let aplay wait for its device."""
        if is_held:
            self._held.touch()
        else:
            self._held.unlink(missing_ok=True)

    def kill(self, *, is_dead: bool) -> None:
        """Take the devices out, or put them in."""
        devices = "" if is_dead else "".join(map(self._device, ("loud", "private")))
        (self.folder / "asound.conf").write_text("pcm.null { type null }\n" + devices)

    def _device(self, name: str) -> str:
        return (
            f"pcm.{name} {{ type file; slave.pcm null; format raw;"
            f' file "|exec sh {self._keeper} {name} 2> /dev/null" }}\n'
        )

    def _tell(self, file: Path) -> Heard:
        played = samples_of_raw(file)
        for what, samples in self._known.items():
            percent = round(100 * max(played) / max(samples))
            begin = played[: len(samples)]
            if len(begin) == len(samples) and not any(played[len(samples) :]):
                wanted = array("h", (sample * percent // 100 for sample in samples))
                if begin == wanted:
                    return Heard(what, file.name.endswith("private"), percent)
        raise AssertionError(f"{file}: {len(played)} samples that nobody recorded")


def samples_of(wav: bytes) -> array[int]:
    """The samples of a WAV file, channels in turns."""
    with wave.open(io.BytesIO(wav), "rb") as reader:
        return array("h", reader.readframes(reader.getnframes()))


def samples_of_raw(file: Path) -> array[int]:
    """The samples in a raw file."""
    return array("h", file.read_bytes())


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds; the machine may be busy."""
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)


def wait_for_heard(bench: SoundBench, *whats: Tone | Utterance) -> list[Heard]:
    """Wait until exactly ``whats`` have been heard, and return them with how."""
    wait_for(lambda: len(bench.heard()) >= len(whats))
    heard = bench.heard()
    assert [each.what for each in heard] == list(whats)
    return heard


def wait_for_fault(bench: SoundBench, fault: Fault) -> None:
    """Wait until ``fault`` is reported."""
    seen: list[Fault] = []

    def is_reported() -> bool:
        seen.extend(bench.sound.faults())
        return fault in seen

    wait_for(is_reported)


def only(programs: tuple[str, ...], folder: Path) -> str:
    """A PATH on which nothing is but ``programs``."""
    folder.mkdir()
    for program in programs:
        found = shutil.which(program)
        assert found, f"{program} is not installed"
        (folder / program).symlink_to(found)
    return str(folder)


def _record(folder: Path) -> dict[Tone | Utterance, array[int]]:
    """Record :data:`READ`, each as long as no other, and return all that can be told apart."""
    known: dict[Tone | Utterance, array[int]] = {
        tone: samples_of(tone_wav(tone)) for tone in get_args(Tone)
    }
    (folder / "bg").mkdir(parents=True)
    for number, utterance in enumerate(READ):
        samples = array("h", [PEAK] * (3_000 * (number + 1)))
        wav = write_wav(samples, RATE_HZ)
        (folder / "bg" / f"{utterance.recording}.wav").write_bytes(wav)
        known[utterance] = samples
    return known


assert sys.byteorder == "little", "raw files are read as this machine keeps its numbers"
