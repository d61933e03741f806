"""What only the real sound has: espeak-ng, recordings, a cache, devices that fail or hang."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware import aplay, espeak
from hardware.alsa import AlsaSound
from hardware.aplay import Playback, PlaybackError
from hardware.espeak import Reader
from hardware.faults import Faults
from hardware.panel import Fault
from hardware.sound import Utterance
from hardware.tones import tone_wav
from hardware.wav import duration_s, write_wav
from tests.hardware.sound_bench import (
    READ,
    AlsaBench,
    only,
    samples_of,
    samples_of_raw,
    wait_for,
    wait_for_fault,
    wait_for_heard,
)

RATE_HZ = 22_050


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlsaBench]:
    """The real sound."""
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    made = AlsaBench(tmp_path)
    yield made
    made.hold(is_held=False)
    made.sound.close()


@pytest.mark.parametrize(
    ("language", "text"),
    [("bg", "Доволни ли сте от обслужването днес?"), ("en", "Are you satisfied today?")],
)
def test_text_is_spoken(bench: AlsaBench, language: str, text: str) -> None:
    """A text that nobody read is said by espeak-ng: some seconds long, and loud enough."""
    bench.sound.say([Utterance(text, language)], is_private=True)
    wait_for(lambda: len(bench.files()) == 1)
    played = samples_of_raw(bench.files()[0])
    assert 1.0 < len(played) / RATE_HZ < 6.0
    assert max(played) > 8_000
    assert bench.sound.faults() == []


def test_speech_can_be_turned_down(bench: AlsaBench) -> None:
    """At a quarter of the volume the samples of speech are a quarter as large."""
    utterance = Utterance("Благодарим Ви!", "bg")
    bench.sound.say([utterance], is_private=True)
    wait_for(lambda: len(bench.files()) == 1)
    bench.sound.set_volume(25)
    bench.sound.say([utterance], is_private=True)
    wait_for(lambda: len(bench.files()) == 2)
    loud, soft = (max(samples_of_raw(file)) for file in bench.files())
    assert soft == loud * 25 // 100


def test_without_aplay_the_kiosk_goes_on(
    bench: AlsaBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing aplay is ``sound:dead`` until it is there again."""
    with monkeypatch.context() as patch:
        patch.setenv("PATH", only(("espeak-ng",), tmp_path / "bin"))
        bench.sound.tone("pressed", is_private=False)
        wait_for_fault(bench, Fault("sound", "dead", is_present=True))
    bench.sound.tone("thanks", is_private=False)
    wait_for_heard(bench, "thanks")
    wait_for_fault(bench, Fault("sound", "dead", is_present=False))


def test_without_espeak_recordings_are_heard(
    bench: AlsaBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing espeak-ng is ``speech:missing``; tones and recordings are heard all the same."""
    monkeypatch.setenv("PATH", only(("aplay", "sh", "cat", "mv", "date"), tmp_path / "bin"))
    bench.sound.say([Utterance("Без глас.", "bg"), READ[0]], is_private=False)
    wait_for_heard(bench, READ[0])
    wait_for_fault(bench, Fault("speech", "missing", is_present=True))


def test_headphones_of_their_own_have_a_fault_of_their_own(tmp_path: Path) -> None:
    """Where the private device is another one, its fault is ``headphones:dead``."""
    sound = AlsaSound(cache=tmp_path, device="null", private_device="nowhere")
    sound.tone("pressed", is_private=True)
    sound.say([Utterance("Край", "xx-none")], is_private=True)
    told: list[Fault] = []

    def is_told() -> bool:
        told.extend(sound.faults())
        return bool(told)

    wait_for(is_told)
    assert told[0] == Fault("headphones", "dead", is_present=True)
    sound.close()


def test_callers_never_wait(bench: AlsaBench) -> None:
    """While the device takes no sound, a hundred presses are taken without waiting for it."""
    bench.hold(is_held=True)
    bench.sound.say(READ, is_private=False)
    wait_for_heard(bench, READ[0])
    start_s = time.monotonic()
    for _ in range(100):
        bench.sound.tone("pressed", is_private=False)
        bench.sound.say(READ, is_private=False)
    assert time.monotonic() - start_s < 1.0


def test_hammering_is_not_sounded_for_minutes(bench: AlsaBench) -> None:
    """A tone that waits to be sounded already is not sounded twice."""
    bench.hold(is_held=True)
    bench.sound.tone("pressed", is_private=False)
    wait_for_heard(bench, "pressed")
    for _ in range(30):
        bench.sound.tone("pressed", is_private=False)
        bench.sound.tone("thanks", is_private=False)
    bench.hold(is_held=False)
    wait_for_heard(bench, "pressed", "pressed", "thanks")


def test_a_device_that_hangs_is_given_up(bench: AlsaBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound that takes much too long is ended and reported."""
    monkeypatch.setattr(aplay, "OVERTIME_S", 0.1)
    bench.hold(is_held=True)
    with pytest.raises(PlaybackError, match="hangs"):
        Playback().play(tone_wav("pressed"), "loud")


def test_what_is_cut_before_it_begins_is_not_heard(bench: AlsaBench) -> None:
    """A playback that is cut first ends at once, whatever its length."""
    bench.hold(is_held=True)
    playback = Playback()
    playback.cut()
    playback.play(tone_wav("warn"), "loud")
    assert playback.is_cut


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"no sound at all" * 50])
def test_a_broken_recording_is_spoken_instead(tmp_path: Path, broken: bytes) -> None:
    """A recording that can't be played is passed over, not the text."""
    (tmp_path / "bg").mkdir()
    (tmp_path / "bg" / "name.wav").write_bytes(broken)
    reader = Reader(Faults(), tmp_path / "cache", recordings=tmp_path)
    assert duration_s(reader.read(Utterance("Благодарим Ви!", "bg", "name"))) > 0.5


def test_a_recording_serves_the_regions_of_its_language(tmp_path: Path) -> None:
    """What was recorded for ``de`` is taken for ``de-AT``, unless that has its own."""
    german, austrian = (write_wav(array("h", [n] * 100), 8_000) for n in (1, 2))
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "hello.wav").write_bytes(german)
    utterance = Utterance("Guten Tag", "de-AT", "hello")
    reader = Reader(Faults(), tmp_path / "cache", recordings=tmp_path)
    assert reader.read(utterance) == german
    (tmp_path / "de-AT").mkdir()
    (tmp_path / "de-AT" / "hello.wav").write_bytes(austrian)
    assert reader.read(utterance) == austrian


def test_what_was_spoken_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time a text comes from the cache, and espeak-ng is not needed."""
    faults = Faults()
    reader = Reader(faults, tmp_path / "cache")
    first = reader.read(Utterance("Добре дошли.", "bg"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reader.read(Utterance("Добре дошли.", "bg")) == first
    assert reader.read(Utterance("Друго.", "bg")) == b""
    assert faults.take() == [Fault("speech", "missing", is_present=True)]


def test_the_cache_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is full the oldest go first; nothing else in the folder is touched."""
    monkeypatch.setattr(espeak, "CACHE_BYTES", 250_000)
    (tmp_path / "notes.txt").write_text("mine")
    reader = Reader(Faults(), tmp_path)
    spoken = [reader.read(Utterance(f"Изречение номер {n}.", "bg")) for n in range(8)]
    kept = sorted(tmp_path.glob("*.wav"), key=lambda file: file.stat().st_mtime_ns)
    assert sum(file.stat().st_size for file in kept) <= 250_000
    assert kept
    assert kept[-1].read_bytes() == spoken[-1]
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """Where nothing can be kept, everything is said all the same."""
    (tmp_path / "file").write_bytes(b"")
    faults = Faults()
    wav = Reader(faults, tmp_path / "file").read(Utterance("Добре.", "bg"))
    assert max(samples_of(wav)) > 5_000
    assert faults.take() == []


def test_a_hostile_text_is_only_read(tmp_path: Path) -> None:
    """A text that looks like an option or a command is read out, and does nothing."""
    reader = Reader(Faults(), tmp_path)
    for text in ("--version", "-w /etc/x", "$(reboot)", "<voice name='x'>", "…", "🙂"):
        assert duration_s(reader.read(Utterance(text, "bg"))) > 0.2
