"""What can be a mail address: one check, for forms as for the queue of mails.

Mail servers of a town take ASCII before the ``@`` (few know RFC 6531), so that is what we take.
"""

from __future__ import annotations

import re
from typing import Final

MOST_ADDRESS: Final = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3, without the angle brackets)."""
_MOST_LOCAL: Final = 64
"""Of them before the ``@`` (RFC 5321, 4.5.3.1.1)."""

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_DOMAIN: Final = re.compile(
    r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z"
)


def mailable(typed: str) -> str:
    """An address as mail servers take it: the domain small, and in ASCII (``xn--…``).

    Raises:
        ValueError: it is none.
    """
    local, _, domain = typed.strip().rpartition("@")
    domain = domain.encode("idna").decode("ascii").lower()  # UnicodeError is a ValueError
    found = f"{local}@{domain}"
    if len(found) > MOST_ADDRESS or len(local) > _MOST_LOCAL or not _LOCAL.match(local):
        raise ValueError("this is no mail address")
    if not _DOMAIN.match(domain):
        raise ValueError("this is no mail address")
    return found
