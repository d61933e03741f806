"""How often one address may ask: so that a stranger costs us little, and others nothing."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

_MOST_ADDRESSES: Final = 10_000
_MINUTE_S: Final = 60.0


@dataclass(slots=True)
class _Minute:
    """What an address did in the minute that began at ``began_s``."""

    began_s: float
    asked: int = 0


class Allowance:
    """Requests of each address in a minute; for one thread.

    Args:
        per_minute: how many are answered.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute: Final = per_minute
        self._minutes: Final[dict[str, _Minute]] = {}

    def __len__(self) -> int:
        """How many addresses are remembered; never more than ten thousand."""
        return len(self._minutes)

    def excess(self, address: str, at_s: float) -> int:
        """Count a request: 0 where it is answered, else how many too many there were so far."""
        name = network_of(address)
        minute = self._minutes.get(name)
        if minute is None or not minute.began_s <= at_s < minute.began_s + _MINUTE_S:
            self._minutes.pop(name, None)
            if len(self._minutes) >= _MOST_ADDRESSES:
                del self._minutes[next(iter(self._minutes))]
            minute = self._minutes[name] = _Minute(at_s)
        minute.asked += 1
        return max(0, minute.asked - self._per_minute)


def network_of(address: str) -> str:
    """Whose an address is: in IPv6 a household has a whole /64 of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(found) >> 64 << 64)) if found.version == 6 else address
