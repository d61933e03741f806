"""One run of aplay, which plays a WAV file and which another thread can cut short."""

from __future__ import annotations

import subprocess
import threading
from typing import Final

from hardware.wav import duration_s

OVERTIME_S: Final = 5.0
"""So much longer than its sound may aplay take, before we take the device for stuck."""


class PlaybackError(Exception):
    """Nothing, or not all of it, was heard; the text says why."""


class Playback:
    """Plays one sound; make a new one for each.

    It is a process of its own: what a sound driver does when it is unplugged stays there.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_cut = False

    @property
    def is_cut(self) -> bool:
        """Whether it was told to be silent."""
        return self._is_cut

    def cut(self) -> None:
        """Be silent from now on; from any thread. It waits for nothing."""
        with self._lock:
            self._is_cut = True
            if self._process is not None:
                self._process.kill()

    def play(self, wav: bytes, device: str) -> None:
        """Play ``wav`` on ALSA's ``device`` and wait until it is over or cut.

        Raises:
            PlaybackError: aplay is missing, failed, or hangs.
        """
        command = ["aplay", "--quiet", "--device", device, "-"]
        pipe = subprocess.PIPE
        try:
            # Started outside the lock, so that `cut` need not wait for it.
            process = subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe)
        except OSError as error:
            raise PlaybackError(f"aplay can't be started ({error}); install alsa-utils") from error
        with process:
            self._take(process)
            self._feed(process, wav)

    def _take(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = process
            if self._is_cut:
                process.kill()

    def _feed(self, process: subprocess.Popen[bytes], wav: bytes) -> None:
        try:
            _, said = process.communicate(wav, timeout=duration_s(wav) + OVERTIME_S)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise PlaybackError("aplay hangs: the device takes no sound") from error
        if process.returncode and not self._is_cut:
            raise PlaybackError(said.decode(errors="replace").strip() or "aplay failed")
