"""Keeping collections of garbage short.

Streamlit collects all garbage after every run, and goes through everything that lives to do so:
what libraries made, the book, sessions. That takes 100 ms of processor and more, while a renewed
part of a page takes 10. What has outlived a long collection is therefore set aside
(:func:`gc.freeze`), and looked through again every few minutes only, so that nothing is kept for
ever. Most garbage needs no collection: it is gone with its last reference.
"""

from __future__ import annotations

import gc
import time
from typing import Final

LONG_S: Final = 0.003
"""Of processor; a collection that takes longer sets aside what it found alive."""
LOOKED_THROUGH_EVERY_S: Final = 600.0

_ALL: Final = 2
"""The generation that holds everything."""


class _Keeper:
    """Hears of every collection, before and after it."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._through_s = time.monotonic()

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """``phase`` is ``start`` or ``stop``; as :data:`gc.callbacks` wants it."""
        if info["generation"] != _ALL:
            return
        if phase == "start":
            if time.monotonic() - self._through_s > LOOKED_THROUGH_EVERY_S:
                self._through_s = time.monotonic()
                gc.unfreeze()
            self._began_s = time.thread_time()
        elif time.thread_time() - self._began_s > LONG_S:
            gc.freeze()


def keep_collections_short() -> None:
    """From now on, in this process; once is enough, and more do no harm."""
    if not any(isinstance(each, _Keeper) for each in gc.callbacks):
        gc.callbacks.append(_Keeper())
        gc.collect()
