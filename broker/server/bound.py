"""Become another program that ends when its parent ends: a script, run by ``popen_bound``.

It asks the kernel for a signal at the parent's death and then replaces itself, so that process
id, output and exit status are the program's own. A script and not a ``preexec_fn``, which is not
safe where threads run. It imports the standard library only, to start within milliseconds.

Usage: ``python -I -S bound.py SIGNAL PARENT PROGRAM [ARGUMENT…]``
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""

EXIT_CANNOT_RUN = 127
"""What a shell gives for a program that it can't run."""


def bind_to_parent(signal_number: int, parent_pid: int) -> None:
    """Ask for ``signal_number`` when the parent dies; end at once if it is dead already.

    Only Linux can do it. Elsewhere the program runs unbound, which is the lesser evil.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit(f"parent {parent_pid} has ended")


def main(signal_number: str, parent_pid: str, *command: str) -> None:
    """Bind to the parent, then become ``command``."""
    bind_to_parent(int(signal_number), int(parent_pid))
    try:
        os.execvp(command[0], command)  # noqa: S606  # no shell: the point of it
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        sys.exit(EXIT_CANNOT_RUN)


if __name__ == "__main__":
    main(*sys.argv[1:])
