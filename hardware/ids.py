"""Ids of presses and of what follows from them: UUID version 7, RFC 9562 §5.7.

Ours and not the ``uuid6`` package, which the server uses: that one reads its own version from the
installed packages when it is imported, and loads ``zipfile`` and ``importlib.metadata`` for it,
which the firmware has no other use for. Python has ``uuid.uuid7`` of its own from 3.14 on.
"""

from __future__ import annotations

import os
import time
import uuid
from typing import Final

_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_RANDOM: Final = (1 << 80) - 1 - (0xF << 76) - (0b11 << 62)
"""The 74 bits of the last 80 that are neither version nor variant."""


def mint_id() -> str:
    """Return a new id in lower case: 48 bits of time in ms, and 74 random ones.

    The time is the machine's own, right or wrong: it puts ids in order, and says nothing else.
    """
    moment_ms = time.time_ns() // 1_000_000 & (1 << 48) - 1
    random = int.from_bytes(os.urandom(10), "big") & _RANDOM
    return str(uuid.UUID(int=moment_ms << 80 | _VERSION | _VARIANT | random))
