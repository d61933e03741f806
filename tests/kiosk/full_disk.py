"""A disk without room, for this process: by the limit on the size of files."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.ballast import Ballast


@contextmanager
def no_room() -> Iterator[None]:
    """While this lasts no file can be written to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class LiftingBallast(Ballast):
    """Ballast whose freeing makes room where none was, as on a full disk."""

    def free(self) -> bool:
        """Make room."""
        most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        return super().free()
