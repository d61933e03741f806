"""A display that nobody looks at: Xvfb with a finger on it, and an eye.

The finger is ``xdotool``'s, so that a touch comes by the same road as a real one: from the X
server to the window. The eye reads the memory of the display, so that a frame counts when it can
be seen, not when somebody says that it is drawn.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from broker.server.process import popen_bound
from otziv.process import ProcessError

WIDTH: Final = 800
HEIGHT: Final = 480
START_S: Final = 20.0
PATIENCE_S: Final = 5.0
GLANCE_S: Final = 0.0005
"""How often the eye looks while it waits for a frame: no touch is timed more finely."""

ROW_STEP: Final = 8
"""It looks at each eighth row: nothing that a screen shows is smaller."""


def check_programs() -> None:
    """Look whether windows can be measured here.

    Raises:
        ProcessError: a program or Kivy is missing.
    """
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            raise ProcessError(f"{program} is missing, and windows are measured on it: install it")
    from importlib.util import find_spec

    if find_spec("kivy") is None:
        raise ProcessError("Kivy is missing, and the screen is drawn by it: install otziv[touch]")


class Touch(NamedTuple):
    """A touch, and when it showed; both by ``time.monotonic``."""

    at_s: float
    seen_at_s: float


class Display:
    """One display of 800 × 480 pixels.

    Attributes:
        environment: what programs need to open their windows on it.
    """

    def __init__(self, name: str, memory: mmap.mmap, finger: subprocess.Popen[bytes]) -> None:
        self.environment = {"DISPLAY": name}
        self._memory = memory
        self._finger = finger
        # The format of xwd, version 7: 25 words, then the window's name, then the colours.
        header = struct.unpack(">25I", memory[:100])
        self._start, self._stride = header[0] + 12 * header[19], header[12]

    def point(self, x: float, y: float) -> None:
        """Hold the finger over a place."""
        self._tell(f"mousemove {x:.0f} {y:.0f}")

    def touch(self) -> Touch:
        """Touch, and wait for another frame.

        Raises:
            TimeoutError: none is.
        """
        before = self.seen()
        began_s = time.monotonic()
        self._tell("click 1")
        while self.seen() == before:
            if time.monotonic() - began_s > PATIENCE_S:
                raise TimeoutError("a touch changed nothing on the screen")
            time.sleep(GLANCE_S)
        return Touch(began_s, time.monotonic())

    def wait_until_still(self, for_s: float) -> None:
        """Wait until there is a picture in which nothing has moved for so long.

        Raises:
            TimeoutError: there is none.
        """
        deadline_s = time.monotonic() + START_S
        last, since_s = self.seen(), time.monotonic()
        while not any(last) or time.monotonic() - since_s < for_s:
            if time.monotonic() > deadline_s:
                raise TimeoutError("no picture comes to rest on the screen")
            time.sleep(0.02)
            if (now := self.seen()) != last:
                last, since_s = now, time.monotonic()

    def seen(self) -> bytes:
        """What is seen now, row after row."""
        rows = range(self._start, self._start + HEIGHT * self._stride, ROW_STEP * self._stride)
        return b"".join(self._memory[row : row + 4 * WIDTH] for row in rows)

    def _tell(self, command: str) -> None:
        if self._finger.stdin is not None:
            self._finger.stdin.write(f"{command}\n".encode())
            self._finger.stdin.flush()


@contextmanager
def open_display(folder: Path) -> Iterator[Display]:
    """Start a display on a number that was free.

    Args:
        folder: for its memory and its log.

    Raises:
        ProcessError: it does not start.
    """
    folder.mkdir()
    options = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24", "+extension", "GLX", "-noreset"]
    options += ["-nolisten", "tcp", "-fbdir", str(folder), "-displayfd", "1"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        server = popen_bound(["Xvfb", *options], stdout=subprocess.PIPE, stderr=log)
        stack.callback(_end, server)
        number = b"" if server.stdout is None else server.stdout.readline().strip()
        if not number:
            raise ProcessError(f"Xvfb does not start; see {folder / 'log'}")
        name = f":{number.decode()}"
        environment = {**os.environ, "DISPLAY": name}
        finger = popen_bound(["xdotool", "-"], stdin=subprocess.PIPE, env=environment)
        stack.callback(_end, finger)
        with (folder / "Xvfb_screen0").open("rb") as file:
            memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        yield Display(name, stack.enter_context(memory), finger)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and close what it was spoken to by."""
    process.terminate()
    process.communicate()
