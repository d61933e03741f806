"""Types of fields that people fill in, with words of our own for what is wrong.

They stand in forms: ``born_on: Day``, ``opens_at: Hour | None = None``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from portal.web.forms import FormError
from portal.web.mail_address import mailable

_DAY_FORMATS: Final = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_PHONE: Final = re.compile(r"[+(]?[\d(][\d\s()/.-]{3,24}\d")
_URL_MOST: Final = 2_000


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def _day(given: object) -> object:
    """``22.11.2026``, with or without "г.", or ``2026-11-22``; a date is left as it is."""
    if not isinstance(given, str):
        return given
    text = given.strip().removesuffix("г.").removesuffix("г").rstrip(" .")
    for form in _DAY_FORMATS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        if found >= _FIRST_DAY:
            return found
    raise FormError(_("Write a day, for example 22.11.2026"))


_FIRST_DAY: Final = date(1800, 1, 1)
"""Nobody means an earlier one: it is a slip, such as a year of two digits."""


def _hour(given: object) -> object:
    """``9:30``, ``09:30``, ``9.30`` or ``9``; a time is left as it is."""
    if not isinstance(given, str):
        return given
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*ч\.?)?", given.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise FormError(_("Write a time of day, for example 9:30"))
    return time(int(found[1]), int(found[2] or 0))


def _code(given: str) -> str:
    if not _CODE.fullmatch(given):
        raise FormError(
            _("Use small Latin letters, digits and hyphens, for example main-hall; at most 63")
        )
    return given


def check_email(given: str) -> str:
    """``given``, if it is an e-mail address that mails can go to.

    Raises:
        FormError: it is not.
    """
    try:
        mailable(given)
    except ValueError as error:
        raise FormError(
            _("Write an e-mail address in Latin letters, for example name@example.bg")
        ) from error
    return given


def _phone(given: str) -> str:
    if not _PHONE.fullmatch(given):
        raise FormError(_("Write a phone number, for example +359 670 12345"))
    return given


def check_url(given: str) -> str:
    """``given``, if it is an address of the web.

    Raises:
        FormError: it is not.
    """
    try:
        parts = urlsplit(given)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_good = False
    if not is_good or len(given) > _URL_MOST or re.search(r"[\s\x00-\x1f\"<>\\]", given):
        raise FormError(_("Write an address that begins with https://"))
    return given


Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
"""A day: ``22.11.2026`` or ``2026-11-22``."""

Hour: TypeAlias = Annotated[time, BeforeValidator(_hour)]
"""A time of day: ``9:30``."""

Code: TypeAlias = Annotated[str, AfterValidator(_code)]
"""A code that stays for good: small Latin letters, digits and hyphens."""

EmailAddress: TypeAlias = Annotated[str, AfterValidator(check_email)]
"""An e-mail address, as far as it can be told without writing to it."""

Phone: TypeAlias = Annotated[str, AfterValidator(_phone)]
"""A phone number in any usual spelling."""

Url: TypeAlias = Annotated[str, AfterValidator(check_url)]
"""An address of the web."""

Line: TypeAlias = Annotated[str, Field(max_length=200)]
"""A short text."""

Text: TypeAlias = Annotated[str, Field(max_length=5_000)]
"""A long one."""
