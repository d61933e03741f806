#!/usr/bin/python3.13
"""The machine's first process: mounts what Linux needs, runs the module named, powers off."""

from __future__ import annotations

import ctypes
import runpy
import sys
import termios
import traceback

sys.path.insert(0, "/opt")  # where the test put the project

from tests.machines.guest.console import say

POWER_OFF = 0x4321FEDC  # reboot(2)


def main() -> None:
    """Run the module of the first argument; a failure is told as ``{"failed": …}``."""
    libc = ctypes.CDLL(None)
    for kind, place in ((b"proc", b"/proc"), (b"sysfs", b"/sys"), (b"devtmpfs", b"/dev")):
        libc.mount(kind, place, kind, 0, None)
    # Commands come in by the line on which we speak: they must not come back.
    console = termios.tcgetattr(0)
    console[3] &= ~termios.ECHO
    termios.tcsetattr(0, termios.TCSANOW, console)
    try:
        runpy.run_module(sys.argv[1], run_name="__main__")
    except BaseException:  # noqa: BLE001 whatever it is, whoever started the machine wants to know
        say(failed=traceback.format_exc())
    libc.reboot(POWER_OFF)


if __name__ == "__main__":
    main()
