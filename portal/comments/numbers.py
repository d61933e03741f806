"""Finds numbers that belong to somebody: identifiers, documents, telephones, cards. Pure.

A number may be broken by spaces, dots, dashes, slashes and brackets. What it is follows from its
digits, from how they are grouped, and from the word before it; a number that only nearly fits (a
mistyped ЕГН) is masked, too, since it tells nearly as much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from portal.comments.checks import begins_as_egn, is_card, is_egn, is_lnch
from portal.comments.kinds import Kind

_RUN: Final = re.compile(r"(?<!\d)\(?\+?\d(?:[\s./()\-‐-―−_]{0,3}\d){4,80}")
"""Five digits or more with little between them."""
_WORD: Final = re.compile(r"\S+")

_MOST_WORDS: Final = 12
"""A ЕГН may be written digit by digit; nobody breaks a number further."""
_BEFORE: Final = 32
"""Characters before a number that may say what it is."""
_SAYS_PHONE: Final = re.compile(
    r"(?:тел|телефон\w*|моб|мобил\w*|gsm|джиесем\w*|tel|phone|mobile|звъ[нр]\w*|обад\w+(?:\s+(?:ми|се|ни|му)){0,2}\s+на|"
    r"вайбър\w*|вибър|viber|whatsapp)\W{0,6}(?:ми|ни|му|ѝ|ѝ|й|е|номер|no|№|на|is|me|at|:|\W){0,3}\W*$",
    re.IGNORECASE,
)
_SAYS_EGN: Final = re.compile(
    r"(?:егн(?:-?то)?(?:\s+на\s+\w{2,15})?|egn|е\.?\s?г\.?\s?н\.?)\W{0,4}(?:ми|на|му|ѝ|й|е|is|номер|№|no|:|\W){0,4}\W*$",
    re.IGNORECASE,
)
_SAYS_LNCH: Final = re.compile(
    r"(?:лнч|лнчп|lnch|lnc)\W{0,4}(?:ми|е|№|no|:|\W){0,3}\W*$", re.IGNORECASE
)
_SAYS_TEN: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("egn", _SAYS_EGN),
    ("lnch", _SAYS_LNCH),
)
_SAYS_DOCUMENT: Final = re.compile(
    r"(?:лична(?:та)?(?:\s+ми)?\s+карта|карта\w*\s+за\s+самоличност|документ\w*\s+за\s+самоличност|"
    r"(?<!\w)л\.?\s?к\.?|паспорт\w*|шофьорска(?:та)?(?:\s+ми)?\s+книжка|"
    r"id\s*card|identity\s+card|passport)\W{0,4}(?:номер\w*|ми|е|с|серия|№|no|n|:|\W){0,4}\W*$",
    re.IGNORECASE,
)
_SAYS_COMPANY: Final = re.compile(
    r"(?:еик|булстат|eik|uic|bulstat|vat|ддс)\W{0,6}(?:bg)?\W*$", re.IGNORECASE
)

_SAYS_CASE: Final = re.compile(
    r"(?:вх|изх|рег|преписка\w*|заявление\w*|договор\w*|заповед\w*|акт\w*|фактура\w*|протокол\w*|решение\w*|разрешение\w*|"
    r"удостоверение\w*|file|case)"
    r"\W{0,3}(?:номер|no|№|:|\W){0,3}\W*$",
    re.IGNORECASE,
)

_DOCUMENT: Final = re.compile(r"(?<!\w)[A-ZА-Я]{2}\s?\d{7}(?!\d)", re.IGNORECASE)
"""As on identity cards from 2024 on."""
_DATE: Final = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)\d\d(?!\d)")
_OF_DAY: Final = re.compile(r"\d\s?/\s?\d{1,2}\.\d{1,2}\.(?:19|20)\d\d$")
"""The number of a file with its day behind a slash."""
_COUNTS: Final = re.compile(
    r"\s?(?:лв|лева|евро|€|eur|bgn|ст\b|кв|км|м\b|бр|души|човека|хил|млн)|[.,]\d", re.IGNORECASE
)
"""Behind a number: it is of money or of things."""
_EGN_GROUPS: Final = {(10,), (6, 4), (2, 2, 2, 4), (2, 2, 2, 2, 2), (6, 2, 2), (6, 3, 1), (1,) * 10}
_CARD_GROUPS: Final = {(16,), (4, 4, 4, 4), (15,), (4, 6, 5)}
_MOBILE: Final = {"87", "88", "89", "98"}
_SERVICES: Final = {"0700", "0800", "0900"}
"""Numbers of companies and offices, which are nobody's."""
_INTERNATIONAL: Final = range(8, 16)
"""Digits of a number with its country (E.164: up to 15)."""


class Found(NamedTuple):
    """Something to mask.

    Attributes:
        start: of it in the text.
        end: behind it.
    """

    start: int
    end: int
    kind: Kind


def find_numbers(text: str) -> Iterator[Found]:
    """What numbers in ``text`` belong to somebody."""
    for written in _DOCUMENT.finditer(text):
        if _SAYS_DOCUMENT.search(text[max(0, written.start() - 2 * _BEFORE) : written.start()]):
            yield Found(*written.span(), "document")
    for run in _RUN.finditer(text):
        yield from _of_run(text, run.start(), run.end())


def _of_run(text: str, start: int, end: int) -> Iterator[Found]:
    """What is in one run: all of it is one thing, or else words of it that stand together."""
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(text[start:end])]
    first = 0
    while first < len(words):
        found, first = _longest(text, words, first)
        if found is not None:
            yield found


def _longest(text: str, words: list[tuple[int, int]], first: int) -> tuple[Found | None, int]:
    """The longest thing that begins with the word ``first``, and the word to go on from."""
    start = words[first][0]
    for last in range(min(len(words), first + _MOST_WORDS) - 1, first - 1, -1):
        end = start + len(text[start : words[last][1]].rstrip("./-()_"))
        kind = _kind(text, start, end)
        if kind is not None:
            return Found(start, end, kind), last + 1
    return None, first + 1


def _kind(text: str, start: int, end: int) -> Kind | None:
    """What the number from ``start`` to ``end`` is; ``None``: nobody's."""
    written, before = text[start:end], _before(text, start)
    digits = "".join(str(unicodedata.digit(c)) for c in written if c.isdigit())
    if len(digits) == 10:
        said = _of_ten(digits, text, start, end)
        if said is not None:
            return said
    if len(digits) == 9 and _SAYS_DOCUMENT.search(before):
        return "document"
    if _is_phone(digits, written, before):
        return "phone"
    return "card" if is_card(digits) and _groups(written) in _CARD_GROUPS else None


def _of_ten(digits: str, text: str, start: int, end: int) -> Kind | None:
    """Whether ten digits are a ЕГН or ЛНЧ: said to be, right, or nearly right."""
    groups, before = _groups(text[start:end]), _before(text, start)
    for kind, says in _SAYS_TEN:
        if says.search(before):
            return kind
    if _SAYS_PHONE.search(before) or _OF_DAY.search(text[start:end]):
        return None
    if is_egn(digits) and (
        groups in _EGN_GROUPS or not _is_told_otherwise(digits, text, start, end)
    ):
        return "egn"
    if groups not in _EGN_GROUPS or _is_national(digits) or _SAYS_CASE.search(before):
        return None
    if is_lnch(digits) and len(groups) == 1:
        return "lnch"
    return "egn" if begins_as_egn(digits) and groups != (2, 2, 2, 2, 2) else None


def _is_told_otherwise(digits: str, text: str, start: int, end: int) -> bool:
    """Whether ten digits, grouped as no ЕГН is, are a day, money, a file, a telephone."""
    is_other = _DATE.search(text[start:end]) or _COUNTS.match(text[end : end + _BEFORE])
    said = _SAYS_CASE.search(_before(text, start)) or _SAYS_COMPANY.search(_before(text, start))
    return bool(is_other or said) or _is_national(digits)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _BEFORE) : start]


def _is_phone(digits: str, written: str, before: str) -> bool:
    """Whether it is a telephone number, by how it begins or by the word before it."""
    size = len(digits)
    if size in {8, 9, 10} and digits[:4] in _SERVICES:
        return False
    if ("+" in written and size in _INTERNATIONAL) or re.match("(00)?359", digits):
        return size in _INTERNATIONAL
    if _DATE.match(written) or _SAYS_COMPANY.search(before) or _SAYS_CASE.search(before):
        return False
    is_mobile = size == 9 and digits[:2] in _MOBILE
    is_said = 5 <= size <= 15 and _SAYS_PHONE.search(before) is not None
    return _is_national(digits) or is_mobile or is_said


def _is_national(digits: str) -> bool:
    """Whether it is a Bulgarian number with its 0: nine or ten digits, no second zero."""
    return len(digits) in {9, 10} and digits[0] == "0" and digits[1] in "23456789"


def _groups(written: str) -> tuple[int, ...]:
    """How many digits stand together."""
    return tuple(len(group) for group in re.findall(r"\d+", written))
