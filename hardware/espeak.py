"""Texts as sound: read by a person where there is a recording, else by espeak-ng."""

from __future__ import annotations

import hashlib
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardware.faults import Faults
from hardware.files import replace_file
from hardware.sound import Utterance
from hardware.wav import WavError, mended

WORDS_PER_MINUTE: Final = 150
"""Slower than espeak-ng's own 175: who hears it for the first time has to understand it."""

CACHE_BYTES: Final = 32 << 20
"""About twelve minutes of speech."""

TIMEOUT_S: Final = 20.0
_log: Final = logging.getLogger(__name__)


class EspeakError(Exception):
    """espeak-ng is missing, hangs or is broken; the text says which."""


class Reader:
    """Turns utterances into WAV files.

    Args:
        faults: hear of ``speech:missing`` (espeak-ng), and ``speech:lacks-ka`` (a voice).
        cache: folder for what espeak-ng has said; it is kept below :data:`CACHE_BYTES`.
        recordings: folder of ``<language>/<name>.wav``: 16 bit, any rate.
    """

    def __init__(self, faults: Faults, cache: Path, recordings: Path | None = None) -> None:
        self._faults = faults
        self._cache = cache
        self._recordings = recordings

    def read(self, utterance: Utterance) -> bytes:
        """Return ``utterance`` as a WAV file; nothing where nobody can say it."""
        return self._recorded(utterance) or self._cached(utterance) or self._spoken(utterance)

    def _recorded(self, utterance: Utterance) -> bytes:
        if self._recordings is None or not utterance.recording:
            return b""
        for tag in _tags(utterance.language):
            path = self._recordings / tag / f"{utterance.recording}.wav"
            if wav := _load(path):
                return wav
        return b""

    def _cached(self, utterance: Utterance) -> bytes:
        return _load(self._place(utterance))

    def _spoken(self, utterance: Utterance) -> bytes:
        try:
            wav = _first_voice(utterance)
        except EspeakError as error:
            self._faults.note("speech", "missing", is_present=True, why=str(error))
            return b""
        self._faults.note("speech", "missing", is_present=False)
        self._faults.note("speech", f"lacks-{utterance.language}", is_present=not wav)
        if wav:
            self._keep(self._place(utterance), wav)
        return wav

    def _place(self, utterance: Utterance) -> Path:
        key = f"{WORDS_PER_MINUTE}\n{utterance.language}\n{utterance.text}"
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"

    def _keep(self, path: Path, wav: bytes) -> None:
        """Put ``wav`` into the cache, and the oldest out of it; a full disk makes it no worse."""
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            replace_file(path, wav)  # else what a power cut leaves half is heard half for ever
            self._make_room()
        except OSError as error:
            _log.warning("speech is not kept in %s: %s", self._cache, error)

    def _make_room(self) -> None:
        files = [(file.stat(), file) for file in self._cache.glob("*.wav")]
        excess = sum(stat.st_size for stat, _ in files) - CACHE_BYTES
        for stat, file in sorted(files, key=lambda each: each[0].st_mtime_ns):
            if excess <= 0:
                return
            file.unlink(missing_ok=True)
            excess -= stat.st_size


def _tags(language: str) -> Iterator[str]:
    """The tag itself, then the language without its region: ``de-AT``, ``de``."""
    yield language
    primary, hyphen, _ = language.partition("-")
    if hyphen:
        yield primary


def _load(path: Path) -> bytes:
    """A WAV file; nothing where there is none, or none that can be played."""
    try:
        return mended(path.read_bytes())
    except FileNotFoundError:
        return b""
    except (OSError, WavError) as error:
        _log.warning("%s can't be played: %s", path, error)
        return b""


def _first_voice(utterance: Utterance) -> bytes:
    """The text in the first voice that there is for its language; nothing where there is none.

    Raises:
        EspeakError: nothing can be spoken.
    """
    voices = (tag.lower() for tag in _tags(utterance.language))
    return next(filter(None, (_speak(utterance.text, voice) for voice in voices)), b"")


def _speak(text: str, voice: str) -> bytes:
    """What espeak-ng makes of ``text``; nothing where it has no such ``voice``.

    Raises:
        EspeakError: it is not there, hangs, or is broken.
    """
    options = ["-v", voice, "-s", str(WORDS_PER_MINUTE), "-b", "1"]
    command = ["espeak-ng", *options, "--stdin", "--stdout"]
    try:
        run = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EspeakError(f"espeak-ng can't be run ({error}); install it") from error
    if run.returncode:
        return b""
    try:
        return mended(run.stdout)
    except WavError as error:
        raise EspeakError(f"espeak-ng made no sound of {text!r}: {error}") from error
