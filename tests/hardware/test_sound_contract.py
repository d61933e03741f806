"""What every sound does, the real one (aplay, ALSA) and the virtual one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.panel import Fault
from hardware.sound import Utterance
from tests.hardware.sound_bench import (
    READ,
    AlsaBench,
    SoundBench,
    VirtualBench,
    wait_for_fault,
    wait_for_heard,
)

QUESTION, GOOD, THANKS = READ


@pytest.fixture(params=[AlsaBench, VirtualBench])
def bench(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SoundBench]:
    """Each kind of sound."""
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    made: SoundBench = request.param(tmp_path)
    yield made
    made.hold(is_held=False)
    made.sound.close()


def test_tones_and_words_are_heard_in_order(bench: SoundBench) -> None:
    """Tones come first, then what is said, each whole, at full level, on the loudspeaker."""
    bench.sound.tone("pressed", is_private=False)
    bench.sound.tone("thanks", is_private=False)
    bench.sound.say([QUESTION, GOOD], is_private=False)
    heard = wait_for_heard(bench, "pressed", "thanks", QUESTION, GOOD)
    assert {(each.is_private, each.percent) for each in heard} == {(False, 100)}
    assert bench.sound.faults() == []


def test_what_is_private_comes_from_the_headphones_only(bench: SoundBench) -> None:
    """Tones and words that are private are heard there, and nowhere else."""
    bench.sound.tone("thanks", is_private=True)
    bench.sound.say([GOOD], is_private=True)
    assert all(each.is_private for each in wait_for_heard(bench, "thanks", GOOD))


def test_a_press_ends_what_is_being_said(bench: SoundBench) -> None:
    """A tone cuts the speech at once, the rest of it is never heard, and the tone is."""
    bench.hold(is_held=True)
    bench.sound.say([QUESTION, GOOD], is_private=False)
    wait_for_heard(bench, QUESTION)
    bench.sound.tone("pressed", is_private=False)
    wait_for_heard(bench, QUESTION, "pressed")
    bench.hold(is_held=False)
    bench.sound.say([THANKS], is_private=False)
    wait_for_heard(bench, QUESTION, "pressed", THANKS)


def test_new_words_take_the_place_of_old_ones(bench: SoundBench) -> None:
    """``say`` ends what is being said, and drops what was to be said."""
    bench.hold(is_held=True)
    bench.sound.say([QUESTION, GOOD], is_private=False)
    wait_for_heard(bench, QUESTION)
    bench.sound.say([THANKS], is_private=False)
    wait_for_heard(bench, QUESTION, THANKS)


def test_hush_is_silence_at_once(bench: SoundBench) -> None:
    """After ``hush`` nothing is being said, and nothing of the old speech comes later."""
    bench.hold(is_held=True)
    bench.sound.say([QUESTION, GOOD], is_private=True)
    wait_for_heard(bench, QUESTION)
    bench.sound.hush()
    bench.hold(is_held=False)
    bench.sound.tone("void", is_private=True)
    wait_for_heard(bench, QUESTION, "void")


@pytest.mark.parametrize(("asked", "got"), [(25, 25), (3, 3), (140, 100)])
def test_the_volume_is_that_of_the_samples(bench: SoundBench, asked: int, got: int) -> None:
    """The level set is the level heard, of words as of tones; beyond 100 it is 100."""
    bench.sound.set_volume(asked)
    bench.sound.say([GOOD], is_private=False)
    assert wait_for_heard(bench, GOOD)[0].percent == got


def test_a_dead_device_is_a_fault_and_no_more(bench: SoundBench) -> None:
    """Without its device everything is taken as before; with it again, it is heard again."""
    bench.kill(is_dead=True)
    bench.sound.tone("pressed", is_private=False)
    bench.sound.say([QUESTION], is_private=False)
    wait_for_fault(bench, Fault("sound", "dead", is_present=True))
    bench.sound.hush()
    bench.kill(is_dead=False)
    bench.sound.tone("thanks", is_private=False)
    wait_for_heard(bench, "thanks")
    wait_for_fault(bench, Fault("sound", "dead", is_present=False))


def test_a_language_without_a_voice_is_a_fault(bench: SoundBench) -> None:
    """What nobody can say is passed over and reported; what follows is said."""
    bench.sound.say([Utterance("nuqneH", "tlh-x-none"), GOOD], is_private=False)
    wait_for_heard(bench, GOOD)
    wait_for_fault(bench, Fault("speech", "lacks-tlh-x-none", is_present=True))


def test_nothing_to_say_is_silence(bench: SoundBench) -> None:
    """An empty ``say`` ends what is being said."""
    bench.hold(is_held=True)
    bench.sound.say([QUESTION], is_private=False)
    wait_for_heard(bench, QUESTION)
    bench.sound.say([], is_private=False)
    bench.sound.say([THANKS], is_private=False)
    wait_for_heard(bench, QUESTION, THANKS)


def test_after_close_it_is_silent(bench: SoundBench) -> None:
    """``close`` ends what is being said; whoever calls later gets no error and no sound."""
    bench.hold(is_held=True)
    bench.sound.say([QUESTION, GOOD], is_private=False)
    wait_for_heard(bench, QUESTION)
    bench.sound.close()
    bench.hold(is_held=False)
    bench.sound.hush()
    wait_for_heard(bench, QUESTION)
