"""One kiosk a data folder: two would share one outbox and throw each other off the broker."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.database import OutboxError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the only kiosk in ``folder``, which is made where it is missing, for its owner only.

    The kernel lets go when we die, however that is.

    Raises:
        OutboxError: another one is there, or the folder can't be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise OutboxError(f"{folder} can't be written: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutboxError(f"another kiosk uses {folder}; give each one a folder") from error
        yield
