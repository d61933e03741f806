"""What numbers are: identifiers of people, accounts and cards, by their check digits. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from portal.people.errors import IdentifierError
from portal.people.identifiers import IdentifierKind, read_identifier

_CENTURIES: Final = ((0, 1900), (20, 1800), (40, 2000))
"""What is added to the month of a ЕГН, and the century it means."""


def begins_as_egn(digits: str) -> bool:
    """Whether ten digits begin with a day of birth as a ЕГН writes it."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    for added, century in _CENTURIES:
        if 1 <= month - added <= 12:
            try:
                date(century + year, month - added, day)
            except ValueError:
                return False
            return True
    return False


def is_egn(digits: str) -> bool:
    """Whether ten digits are a ЕГН: a day of birth, and the check digit is right."""
    return _is("egn", digits)


def is_lnch(digits: str) -> bool:
    """Whether ten digits are a ЛНЧ by their check digit."""
    return _is("lnch", digits)


def is_card(digits: str) -> bool:
    """Whether they are the number of a payment card (ISO/IEC 7812: Luhn's check digit)."""
    if not 15 <= len(digits) <= 19 or digits[0] not in "23456":
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether capital letters and digits are an IBAN (ISO 13616: remainder 1 modulo 97)."""
    if not 15 <= len(text) <= 34:
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _is(kind: IdentifierKind, digits: str) -> bool:
    try:
        read_identifier(kind, digits, today=date.max)
    except IdentifierError:
        return False
    return True
