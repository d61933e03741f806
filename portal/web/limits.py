"""How often something may be tried, without keeping who tried.

Addresses of visitors are hashed with a key that lives for a day in memory only: a restart or
midnight makes them unknowable.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Final

from portal.web.errors import Stop

_MOST_KEYS: Final = 50_000
"""Of counters in memory; the longest unused go first. Some 20 MB."""


class Limits:
    """Counters of tries within a time, by what was tried and by whom."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._tries: dict[tuple[str, str], deque[float]] = {}
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)
        self._key_on: date | None = None

    def visitor(self, address: str, on: date) -> str:
        """What stands for a visitor's address today: a network of 64 bits for IPv6."""
        with self._lock:
            if self._key_on != on:
                self._key, self._key_on = secrets.token_bytes(32), on
            key = self._key
        return hmac.new(key, network(address).encode(), sha256).hexdigest()[:32]

    def check(self, what: str, who: str, most: int, within: timedelta) -> None:
        """Count a try of ``who`` at ``what``.

        Raises:
            Stop: (429) it is one more than ``most`` within the time; it isn't counted.
        """
        now, window_s = self._clock_s(), within.total_seconds()
        with self._lock:
            tries = self._tries.pop((what, who), None) or deque()
            self._tries[(what, who)] = tries  # the newest stand last
            while tries and tries[0] <= now - window_s:
                tries.popleft()
            if len(tries) >= most:
                wait_s = max(1, round(tries[0] + window_s - now))
                raise Stop(429, retry_after_s=wait_s)
            tries.append(now)
            while len(self._tries) > _MOST_KEYS:
                del self._tries[next(iter(self._tries))]


def network(address: str) -> str:
    """What stands for one visitor: an IPv4 address, or a network of 64 bits for IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return found.exploded[:19]
    return str(found)
