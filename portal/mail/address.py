"""What can be the address of a mail, and what can stand in one of its headers."""

from __future__ import annotations

import re
from typing import Final

MOST_ADDRESS: Final = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3)."""
MOST_SUBJECT: Final = 200
MOST_TEXT: Final = 50_000

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_DOMAIN: Final = re.compile(
    r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})\Z"
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class MailError(ValueError):
    """This can't be mailed; the text says why."""


def mail_address(typed: str) -> str:
    """An address as mail servers take it: the domain small, and in ASCII (``xn--…``).

    Raises:
        MailError: it is none; a mail never leaves for an address with something hidden in it.
    """
    local, _, domain = typed.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise MailError("this is no mail address") from error
    found = f"{local}@{domain}"
    if len(found) > MOST_ADDRESS or len(local) > 64 or not _LOCAL.match(local):  # RFC 5321
        raise MailError("this is no mail address")
    if not _DOMAIN.match(domain):
        raise MailError("this is no mail address")
    return found


def check_header(text: str) -> str:
    """``text``, as it may stand in a header.

    Raises:
        MailError: it has a line break or another control character, or is too long.
    """
    if _CONTROL.search(text):
        raise MailError("a line break can't stand in the subject of a mail")
    if not text.strip() or len(text) > MOST_SUBJECT:
        raise MailError(f"the subject of a mail has 1 to {MOST_SUBJECT} characters")
    return text
