"""What can be the address of a mail, and what can stand in one of its headers."""

from __future__ import annotations

import re
from typing import Final

from portal.web.mail_address import mailable

MOST_SUBJECT: Final = 200
MOST_TEXT: Final = 50_000

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class MailError(ValueError):
    """This can't be mailed; the text says why."""


def mail_address(typed: str) -> str:
    """An address as mail servers take it: the domain small, and in ASCII (``xn--…``).

    Raises:
        MailError: it is none; a mail never leaves for an address with something hidden in it.
    """
    try:
        return mailable(typed)
    except ValueError as error:
        raise MailError("this is no mail address") from error


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
