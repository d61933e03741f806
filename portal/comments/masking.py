"""Masking: takes out of a text what tells who somebody is. Pure, and the same for the same text.

Rules, no guesses: each is written down in ``numbers``, ``names`` and here, and ``docs/privacy.md``
tells how often they take what they should leave. They can't find everything (a name that is no
employee's, an address); editors mask the rest by hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.comments.checks import is_iban
from portal.comments.kinds import Kind, mark
from portal.comments.names import NamePattern
from portal.comments.numbers import Found, find_numbers

_EMAIL: Final = re.compile(
    r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\]|＠)\s?(?:[\w-]{1,63}(?:\.|\s?\(dot\)\s?)){1,4}\w{2,24}",
    re.IGNORECASE,
)
_IBAN_BG: Final = re.compile(
    r"(?<!\w)[BВ][GГ][\s-]?\d\d(?:[\s-]?[A-ZА-Я]){4}(?:[\s-]?\d){6}(?:[\s-]?[A-ZА-Я\d]){8}(?!\w)",
    re.IGNORECASE,
)
"""Nothing else looks like it, so a mistyped one counts, too."""
_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?:[ -]?[A-Z\d]{1,4}){3,9}(?!\w)")
_GAP: Final = re.compile("[ -]")

_PROVINCES: Final = "А|В|ВТ|ВН|ВР|ЕВ|ТХ|К|КН|ОВ|М|РА|РК|ЕН|РВ|РР|Р|СС|СН|СМ|СО|С|СА|СВ|СТ|Т|Х|У|Е"
"""Codes of provinces on plates, in the twelve letters that both alphabets have."""
_SHAPES: Final[dict[str, str]] = {
    "А": "[АA]",
    "В": "[ВB]",
    "Е": "[ЕE]",
    "К": "[КK]",
    "М": "[МM]",
    "Н": "[НH]",
    "О": "[ОO]",
    "Р": "[РP]",
    "С": "[СC]",
    "Т": "[ТT]",
    "У": "[УY]",
    "Х": "[ХX]",
}
_SERIES: Final = "[АВЕКМНОРСТУХABEKMHOPCTYX]{2}"
_CODES: Final = "|".join("".join(_SHAPES[c] for c in code) for code in _PROVINCES.split("|"))
_PLATE: Final = re.compile(rf"(?<!\w)(?:{_CODES})[ -]?\d{{4}}[ -]?{_SERIES}(?!\w)")
_PLATE_SMALL: Final = re.compile(rf"(?<!\w)(?:{_CODES})\d{{4}}{_SERIES}(?!\w)", re.IGNORECASE)

_JOINER: Final = "\u200d"
"""Holds emoji together; all other invisible characters go."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text after masking.

    Attributes:
        kinds: what was masked, each kind once, in the order of the text.
    """

    text: str
    kinds: tuple[Kind, ...]


def mask(text: str, language: str, names: NamePattern) -> Masked:
    """``text`` without what tells who somebody is; marks of ``language`` stand instead."""
    cleaned = clean(text)
    out: list[str] = []
    kinds: list[Kind] = []
    at = 0
    for found in _apart(cleaned, names):
        out += (cleaned[at : found.start], mark(found.kind, language))
        kinds.append(found.kind)
        at = found.end
    return Masked("".join((*out, cleaned[at:])), tuple(dict.fromkeys(kinds)))


def clean(text: str) -> str:
    """``text`` as it looks: without characters that nobody sees or that turn others round.

    They would hide a number from the rules; PostgreSQL takes no NUL, and nobody lone surrogates.
    """
    whole = text.encode("utf-8", "replace").decode()
    unified = whole.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in unified if c in "\n\t" + _JOINER or unicodedata.category(c)[0] != "C")
    digits_apart = re.sub(rf"(?<=[\w.@+-]){_JOINER}(?=[\w.@+-])", "", kept)
    return re.sub(r"\n{3,}", "\n\n", digits_apart).strip(" \t\n" + _JOINER)


def _apart(text: str, names: NamePattern) -> Iterator[Found]:
    """What to mask, from left to right; of two that overlap the longer one."""
    at = 0
    for found in sorted(_all(text, names), key=lambda f: (f.start, -f.end)):
        if found.start >= at:
            yield found
            at = found.end
        elif found.end > at:
            yield Found(at, found.end, found.kind)
            at = found.end


def _all(text: str, names: NamePattern) -> Iterator[Found]:
    for found in _EMAIL.finditer(text):
        yield Found(*found.span(), "e-mail")
    for found in _IBAN_BG.finditer(text):
        yield Found(*found.span(), "iban")
    for found in _IBAN.finditer(text):
        end = _end_of_iban(found[0])
        if end:
            yield Found(found.start(), found.start() + end, "iban")
    for pattern in (_PLATE, _PLATE_SMALL):
        for found in pattern.finditer(text):
            yield Found(*found.span(), "plate")
    yield from find_numbers(text)
    for start, end in names.find(text):
        yield Found(start, end, "name")


def _end_of_iban(written: str) -> int:
    """How much of ``written`` is an IBAN; the words behind it may have come along. 0: nothing."""
    ends = [len(written), *(m.start() for m in reversed(list(_GAP.finditer(written))))]
    return next((end for end in ends if is_iban(_GAP.sub("", written[:end]))), 0)
