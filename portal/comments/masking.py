"""Masking: takes out of a text what tells who somebody is. Pure, and the same for the same text.

Rules, no guesses: each is written down in ``numbers``, ``names`` and here, and ``docs/privacy.md``
tells how often they take what they should leave. They can't find everything (a name that is no
employee's, most addresses); editors mask the rest by hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.comments.checks import is_iban
from portal.comments.homes import APARTMENT, LIVES
from portal.comments.kinds import Kind, mark
from portal.comments.names import NamePattern
from portal.comments.numbers import Found, find_numbers

_DOT: Final = (
    r"(?:\.|\s?[(\[{]\s?(?:dot|точка|\.)\s?[)\]}]\s?|\s(?:dot|точка)\s|"
    r"\s?\.\s?(?=(?:bg|com|net|org|eu|бг)\b))"
)
_HOSTS: Final = (
    r"(?:abv|gmail|g-?mail|mail|yahoo|outlook|hotmail|icloud|dir|proton(?:mail)?|абв|гмейл)"
)
_EMAIL: Final = re.compile(
    r"[\w.+%-]{1,64}\s?(?:@|＠|[(\[{<]\s?(?:at|@|ат|ет|а|кльомба|маймунка)\s?[)\]}>])\s?"
    rf"(?:(?:[\w-]{{1,63}}{_DOT}){{1,4}}\w{{2,24}}|{_HOSTS}\b)|"
    r"[\w.+%-]{1,64}\s(?:at|ат|ет|кльомба|маймунка|маймунско(?:\sа)?)\s"
    rf"{_HOSTS}(?:{_DOT}\w{{2,24}})?\b",
    re.IGNORECASE,
)
"""Behind a bare *at* only where it is one of the hosts that everybody uses."""
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
_PLATE: Final = re.compile(
    rf"(?<!\w)(?:{_CODES})[^\S\n]?[-–.]?[^\S\n]?\d\d[ ]?\d\d[^\S\n]?[-–.]?[^\S\n]?{_SERIES}(?!\w)"
)
_PLATE_SAID: Final = re.compile(
    rf"(?:кола|автомобил|джип|бус|мотор|рег\.|номер|№|plate|car)\w*\W{{1,4}}(?:(?:с|номер|рег|no|№)\W{{1,3}}){{0,3}}"
    rf"((?:{_CODES})[ -]?\d{{4}}[ -]?{_SERIES})(?!\w)",
    re.IGNORECASE,
)
_PLATE_SMALL: Final = re.compile(rf"(?<!\w)(?:{_CODES})\d{{4}}{_SERIES}(?!\w)", re.IGNORECASE)

_SHAPED: Final[tuple[tuple[re.Pattern[str], int, Kind], ...]] = (
    (_EMAIL, 0, "e-mail"),
    (_IBAN_BG, 0, "iban"),
    (APARTMENT, 0, "address"),
    (LIVES, 1, "address"),
    (_PLATE, 0, "plate"),
    (_PLATE_SMALL, 0, "plate"),
    (_PLATE_SAID, 1, "plate"),
)
"""What its form alone gives away, and which part of it."""

_JOINER: Final = "\u200d"
"""Holds emoji together; all other invisible characters go."""
_BLANK: Final = str.maketrans(dict.fromkeys("\u2800\u3164\u115f\u1160\uffa0", " "))
"""Signs and letters that are drawn as nothing."""
_AROUND: Final = " \t\n\u00a0\u3000\ufe0f" + _JOINER + "".join(map(chr, range(0x2000, 0x200B)))
_ON_LETTERS: Final = re.compile(r"(?<=\w)[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0\ufe00-\ufe0f]+")
"""Accents that are part of no letter, frames around digits: nobody needs them to read it."""


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

    Each letter is one character (NFC), however a browser sends it. All that would hide a name or a
    number from the rules; PostgreSQL takes no NUL, and nobody lone surrogates.
    """
    whole = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    unified = whole.translate(_BLANK).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in unified if c in "\n\t" + _JOINER or unicodedata.category(c)[0] != "C")
    digits_apart = re.sub(rf"(?<=[\w.@+-]){_JOINER}(?=[\w.@+-])", "", kept)
    plain = _ON_LETTERS.sub("", digits_apart)
    return re.sub(r"\n{3,}", "\n\n", plain).strip(_AROUND)


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
    for pattern, group, kind in _SHAPED:
        for found in pattern.finditer(text):
            yield Found(*found.span(group), kind)
    for found in _IBAN.finditer(text):
        end = _end_of_iban(found[0])
        if end:
            yield Found(found.start(), found.start() + end, "iban")
    yield from find_numbers(text)
    for start, end in names.find(text):
        yield Found(start, end, "name")


def _end_of_iban(written: str) -> int:
    """How much of ``written`` is an IBAN; the words behind it may have come along. 0: nothing."""
    ends = [len(written), *(m.start() for m in reversed(list(_GAP.finditer(written))))]
    return next((end for end in ends if is_iban(_GAP.sub("", written[:end]))), 0)
