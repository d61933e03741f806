"""Which firmware this is.

It stands here as well as in ``pyproject.toml`` (a test holds them together), since asking Python
for the version of an installed package loads readers of packages and archives, for nothing else.
"""

from __future__ import annotations

from typing import Final

FIRMWARE: Final = "0.1.0"
"""The program's version, as the heartbeat tells it."""
