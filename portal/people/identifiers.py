"""Bulgarian identifiers of people and companies: what is one, and what it tells.

python-stdnum reckons the check digits of ЕГН, ЛНЧ and the 9-digit ЕИК. Around its gaps (2.2): it
takes birth dates in the future, an ЛНЧ or ЕИК of zeros only, and knows no 13-digit ЕИК.

Check digits, as published:

- ЕГН (ЗГР, чл. 11; ГРАО): YYMMDDNNNC, the month + 20 for 18xx and + 40 for 20xx; weights 2, 4, 8,
  5, 10, 9, 7, 3, 6; the sum modulo 11, 10 becoming 0.
- ЛНЧ: weights 21, 19, 17, 13, 11, 9, 7, 3, 1; the sum modulo 10.
- ЕИК/БУЛСТАТ, 9 digits: weights 1…8 modulo 11; if that is 10, weights 3…10 modulo 11, 10 becoming
  0. 13 digits (a branch): the first 9 as before, then digits 9 to 12 with weights 2, 7, 3, 5
  modulo 11; if that is 10, with 4, 9, 5, 7, 10 becoming 0.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from stdnum.bg import egn, pnf, vat
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.util import clean

from portal.people.errors import IdentifierError

IdentifierKind: TypeAlias = Literal["egn", "lnch", "eik", "foreign"]
KINDS: Final[tuple[IdentifierKind, ...]] = get_args(IdentifierKind)

_DIGITS: Final = re.compile(r"[0-9]+")
_FOREIGN: Final = re.compile(r"[0-9A-Z][0-9A-Z/-]{2,29}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_BRANCH_WEIGHTS: Final = ((2, 7, 3, 5), (4, 9, 5, 7))


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier that passed its checks.

    Attributes:
        value: without spaces and separators; never shown in logs, nor by ``repr``.
        country: ISO 3166 code of who gave a foreign one; empty for the Bulgarian ones.
    """

    kind: IdentifierKind
    value: str = field(repr=False)
    country: str = ""

    @property
    def key(self) -> str:
        """What is hashed: the same for the same person, different for different kinds."""
        return f"{self.kind}:{self.country}:{self.value}"

    @property
    def born_on(self) -> date | None:
        """The day of birth that an ЕГН tells."""
        return egn.get_birth_date(self.value) if self.kind == "egn" else None

    @property
    def is_public(self) -> bool:
        """Whether everybody may know it: the Commercial Register shows every ЕИК."""
        return self.kind == "eik"


def read_identifier(kind: str, text: str, *, today: date, country: str = "") -> Identifier:
    """The identifier that ``text`` is, spaces, dots and hyphens aside.

    Args:
        kind: one of :data:`KINDS`.
        text: as typed.
        today: a birth date after it is none.
        country: of a foreign one.

    Raises:
        IdentifierError: it is none of that kind; the text says what is wrong with it.
    """
    if kind == "foreign":
        return _foreign(text, country)
    digits = clean(text, " -.").strip()
    if kind == "eik":
        digits = digits.upper().removeprefix("BG")
    if not _DIGITS.fullmatch(digits):
        raise IdentifierError("Use digits only", field="identifier")
    if not int(digits):
        raise IdentifierError("A number of zeros only is none", field="identifier")
    if kind == "egn":
        return Identifier("egn", _egn(digits, today))
    if kind == "lnch":
        return Identifier("lnch", _lnch(digits))
    if kind == "eik":
        return Identifier("eik", _eik(digits))
    raise IdentifierError("Choose a kind of identifier", field="identifier_kind")


def possible(text: str, *, today: date) -> list[Identifier]:
    """All identifiers that ``text`` may be; a foreign one is written ``DE 1234567``."""
    found: list[Identifier] = []
    for kind in ("egn", "lnch", "eik"):
        try:
            found.append(read_identifier(kind, text, today=today))
        except IdentifierError:
            continue
    country, _, number = text.strip().upper().partition(" ")
    with contextlib.suppress(IdentifierError):
        found.append(_foreign(number, country))
    return found


def masked(identifier: Identifier) -> str:
    """What may be shown of it to everybody who works with the person: its last four at most.

    An ``ЕИК`` is public and stands there whole.
    """
    if identifier.is_public:
        return identifier.value
    shown = min(4, len(identifier.value) * 2 // 5)
    return "*" * (len(identifier.value) - shown) + identifier.value[-shown:]


def _egn(digits: str, today: date) -> str:
    if len(digits) != 10:
        raise IdentifierError(
            "An ЕГН has 10 digits; this has {n}", field="identifier", n=len(digits)
        )
    try:
        born_on = egn.get_birth_date(digits)
        egn.validate(digits)
    except InvalidComponent as error:
        raise IdentifierError(
            "The first six digits of this ЕГН are no date", field="identifier"
        ) from error
    except ValidationError as error:
        raise IdentifierError(
            "The last digit of this ЕГН does not fit the others; check what was typed",
            field="identifier",
        ) from error
    if born_on > today:
        raise IdentifierError("This ЕГН has a day of birth in the future", field="identifier")
    return digits


def _lnch(digits: str) -> str:
    if len(digits) != 10:
        raise IdentifierError(
            "An ЛНЧ has 10 digits; this has {n}", field="identifier", n=len(digits)
        )
    if not pnf.is_valid(digits):
        raise IdentifierError(
            "The last digit of this ЛНЧ does not fit the others; check what was typed",
            field="identifier",
        )
    return digits


def _eik(digits: str) -> str:
    if len(digits) not in {9, 13}:
        raise IdentifierError(
            "An ЕИК has 9 digits, of a branch 13; this has {n}", field="identifier", n=len(digits)
        )
    is_firm = int(digits[:9]) > 0 and vat.calc_check_digit_legal(digits[:8]) == digits[8]
    if not is_firm or (len(digits) == 13 and _branch_digit(digits[8:12]) != digits[12]):
        raise IdentifierError(
            "A check digit of this ЕИК does not fit the others; check what was typed",
            field="identifier",
        )
    return digits


def _branch_digit(four: str) -> str:
    """The 13th digit of an ЕИК, from the four before it."""
    for weights in _BRANCH_WEIGHTS:
        rest = sum(weight * int(digit) for weight, digit in zip(weights, four, strict=True)) % 11
        if rest != 10:
            return str(rest)
    return "0"


def _foreign(text: str, country: str) -> Identifier:
    if not _COUNTRY.fullmatch(country) or country == "BG":
        raise IdentifierError(
            "Write the country with two letters, for example DE", field="identifier_country"
        )
    value = "".join(text.split()).upper()
    if not _FOREIGN.fullmatch(value):
        raise IdentifierError(
            "Use 3 to 30 Latin letters and digits, as on the document", field="identifier"
        )
    return Identifier("foreign", value, country)
