"""Where local processes meet: a Unix socket, at a path of any length."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardware.panel import PanelError

MAX_PATH_BYTES: Final = 100
"""A Unix socket's address holds 107 bytes on Linux, less elsewhere."""


@contextlib.contextmanager
def address(path: Path) -> Iterator[str]:
    """Give a name for ``path`` that fits into a socket's address, for as long as it is needed.

    A long path is named through an open descriptor of its folder, which Linux resolves.
    """
    if len(os.fsencode(path)) <= MAX_PATH_BYTES:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def connect(path: Path) -> socket.socket | None:
    """Connect to whoever listens at ``path``; ``None`` where nobody does."""
    attempt = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with address(path) as name:
            attempt.connect(name)
    except (FileNotFoundError, ConnectionRefusedError):
        attempt.close()
        return None
    except OSError:
        attempt.close()
        raise
    return attempt


def listen(path: Path) -> socket.socket:
    """Listen at ``path``, in place of a kiosk that was killed; only its owner may connect.

    Raises:
        PanelError: another kiosk is alive there, or something is there that is no socket.
    """
    if path.exists() and not path.is_socket():
        raise PanelError(f"{path} is there, and is no socket: move it away, or name another path")
    if (other := connect(path)) is not None:
        other.close()
        raise PanelError(f"{path}: another kiosk is using this socket; give each one a path")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with address(path) as name:
        listener.bind(name)
    # Before listening, so that there is no moment in which others may connect.
    path.chmod(0o600)
    listener.listen()
    listener.settimeout(0.0)
    return listener
