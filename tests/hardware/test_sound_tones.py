"""The tones, and WAV files as bytes."""

from __future__ import annotations

from array import array
from typing import get_args

import pytest

from hardware.sound import Tone
from hardware.tones import LEVEL, TONES, tone_wav
from hardware.wav import (
    FULL_SCALE,
    WavError,
    duration_s,
    mended,
    scaled,
    write_wav,
)
from tests.hardware.sound_bench import samples_of


@pytest.mark.parametrize("tone", get_args(Tone))
def test_a_tone_is_short_and_soft_at_both_ends(tone: Tone) -> None:
    """No tone lasts half a second, none is too loud, and none begins or ends with a crack."""
    samples = samples_of(tone_wav(tone))
    assert duration_s(tone_wav(tone)) == pytest.approx(
        sum(n.ms for n in TONES[tone]) / 1000, abs=0.001
    )
    assert duration_s(tone_wav(tone)) < 0.5
    assert FULL_SCALE * LEVEL * 0.95 < max(samples) <= FULL_SCALE * LEVEL
    assert abs(samples[0]) < 500
    assert abs(samples[-1]) < 500


def test_tones_are_told_apart() -> None:
    """No two sound the same."""
    assert len({tone_wav(tone) for tone in get_args(Tone)}) == len(get_args(Tone))


def test_scaling_is_exact_and_keeps_the_length() -> None:
    """Half of the amplitude is half of each sample; all of it is the same file."""
    wav = write_wav(array("h", [-32_768, -101, 0, 101, 32_767]), 8_000)
    assert list(samples_of(scaled(wav, 50))) == [-16_384, -51, 0, 50, 16_383]
    assert scaled(wav, 100) == wav
    assert set(samples_of(scaled(wav, 0))) == {0}


def test_stereo_stays_stereo() -> None:
    """A recording of two channels lasts as long as its frames."""
    wav = write_wav(array("h", [1, 2] * 8_000), 8_000, channels=2)
    assert duration_s(wav) == 1.0
    assert duration_s(scaled(wav, 30)) == 1.0


def test_a_header_written_before_the_end_is_mended() -> None:
    """What a pipe said of its length is put right, and half a sample at its end is left out."""
    wav = write_wav(array("h", [7] * 100), 8_000)
    torn = wav[:40] + b"\xf0\xff\xff\x7f" + wav[44:] + b"\x01"
    assert mended(torn) == wav


@pytest.mark.parametrize("wrong", [b"", b"RIFF", b"MP3 " * 20, write_wav(array("h"), 8_000)])
def test_what_is_no_wav_is_refused(wrong: bytes) -> None:
    """Other bytes are an error that says so."""
    with pytest.raises(WavError):
        mended(wrong)


def test_eight_bit_is_refused_with_what_to_do() -> None:
    """A WAV file of other samples is refused, with the format that is needed."""
    wav = bytearray(write_wav(array("h", [1] * 100), 8_000))
    wav[32], wav[34] = 1, 8
    with pytest.raises(WavError, match="save 16-bit"):
        mended(bytes(wav))
