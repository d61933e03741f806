"""Finds names of people in a text as Bulgarians write them. Pure.

A name stands in Cyrillic or Latin letters (by the law on transliteration, or as people type it),
with the endings that Bulgarian puts on names: the vocative (*Иване*, *Марийо*), the old accusative
(*Ивана*), the article (*Ивановата*), the family's plural (*Иванови*). Names that are words as well
(*Надежда*, *Мина*) count only where they are written as names: with a capital inside a sentence,
beside another name, or behind a title. Streets, schools and places that bear somebody's name stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

_WORDS: Final = frozenset(
    Path(__file__).with_name("names_that_are_words.txt").read_text("utf-8").split()
)
"""Forms of names that are words, too: of Bulgarian, and of English where one is written so."""

_ENDINGS_OF: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ър", ("ър", "ъра", "ъре", "ра", "ре")),
    ("ия", ("ия", "ийо", "ио", "ии", "ийке")),
    ("ска", ("ска", "ската")),
    ("а", ("а", "о", "е", "и", "ата", "ини", "ке", "ичка", "ичке")),
    ("я", ("я", "ьо", "йо", "и", "ята")),
    ("ий", ("ий", "ия", "ие")),
    ("ски", ("ски", "ския", "ските")),
    ("ки", ("ки", "кия", "ка")),
    ("и", ("и", "ия", "ю", "йо", "е", "ито")),
    ("ьо", ("ьо", "я")),
    ("о", ("о", "а", "овци")),
    ("й", ("й", "я", "йо", "ю")),
)
"""The end of a base form, and what may stand there; what ends in a consonant takes others."""
_AFTER_CONSONANT: Final = ("", "а", "е", "у", "ът", "ов", "чо", "и", "ата", "ия")

_LATIN: Final[dict[str, tuple[str, ...]]] = {
    **dict(zip("абвгдезиклмнопрст", ((c,) for c in "abvgdeziklmnoprst"), strict=True)),
    "ж": ("z", "i"),
    "й": ("i",),
    "ѝ": ("i",),
    "у": ("u", "i"),
    "ф": ("f",),
    "х": ("h", "4"),
    "ц": ("c",),
    "ч": ("4",),
    "ш": ("6",),
    "щ": ("6t",),
    "ъ": ("a", "u", "i"),
    "ь": ("i", ""),
    "ю": ("iu", "u"),
    "я": ("q", "a"),
}
"""Letters as :func:`_folded` leaves them in a Latin word; several where people differ."""
_FOLDS: Final = (
    *(("sht", "6t"), ("sh", "6"), ("ch", "4"), ("zh", "z"), ("kh", "h"), ("ph", "f"), ("w", "v")),
    *(("ya", "q"), ("ia", "q"), ("ja", "q"), ("ts", "c"), ("tz", "c"), ("x", "h"), ("oo", "u")),
    *(("y", "i"), ("j", "i")),
)
"""In this order: the many ways to write one letter become one."""
_ALIKE: Final = str.maketrans("aeopcxykmtbhѐѝ", "аеорсхукмтвнеи")
"""Latin letters that look like Cyrillic ones, in a Cyrillic word; those that bear the stress."""

_TOKEN: Final = re.compile(r"\w+")
_CYRILLIC: Final = re.compile("[а-яѝ]")
_LIVING: Final = re.compile(
    r"(?<!\w)(?:г-?н|г-?жа|г-?ца|господ(?:ин\w*|жа)|госпож\w+|гос(?:по|п)?\.|колег\w*|колеж\w+|"
    r"служител\w*|mr|mrs|ms|miss|gospo\w+|g-n|g-ja|g-zha)[\s.]{1,3}$",
    re.IGNORECASE,
)
"""Before the name of somebody who works there, never before a street's."""
_TITLE: Final = re.compile(
    rf"{_LIVING.pattern}|(?<!\w)(?:инж|арх|д-р|др|проф|юрк|юрисконсулт\w*|dr)[\s.]{{1,3}}$",
    re.IGNORECASE,
)
_STREET: Final = (
    r"(?-i:[А-ЯA-Z][\w-]{1,19}\s|[А-ЯA-Z][\w-]{0,3}\.\s?)|"
    r"(?:ген|кап|капитан|полк|полковник|майор|св|цар|княз|д-р|проф|акад|инж|поп|отец|баба|дядо|бр|"
    r"братя|даскал|хан|войвода|хаджи)(?:\.\s?|\s)"
)
"""A word that may stand between what a place is and the name that it bears."""
_PLACE: Final = re.compile(
    r"(?<![\w-])(?:"
    r"(?:ул|улица|бул|булевард|пл|площад|кв|квартал|ж\.?\s?к|гр|град|училище|ОУ|СУ|ПГ|НУ|гимназия|"
    r"читалище|градина|болница|връх|вр|хижа|местност|река|р|язовир|яз|парк|стадион|музей|театър|"
    r"църква|храм|манастир|св|свети|света|ДГ|str|street|st|blvd|square|school)[\s.]{1,3}"
    r"[„\"“«']?|"
    r"(?:улица|булевард|площад|квартал|училище|гимназия|читалище|градина|църква|стадион|театър|"
    r"музея|храма|парка)\w{0,3}\s{1,3}"
    r"[„\"“«']|"
    r"село\s{1,3}|паметник\w{0,3}\s(?:на\s)?[„\"“«']?"
    rf")(?:{_STREET}){{0,2}}$",
    re.IGNORECASE,
)
"""Ends with what bears a person's name: a street, a school; with the article only in quotes."""
_VILLAGE: Final = re.compile(r"(?<!\w)с\.\s{0,2}$", re.IGNORECASE)
"""Without its dot it is the preposition."""
_BEFORE: Final = 70
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?…\n])\W*$")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """What finds certain people's names.

    Attributes:
        cyrillic: all forms of them, in small letters.
        latin: the same, written with Latin letters and folded.
    """

    cyrillic: frozenset[str]
    latin: frozenset[str]

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in ``text`` a name stands."""
        words = list(_TOKEN.finditer(text))
        known = [self._has(word[0].casefold()) for word in words]
        for place, word in enumerate(words):
            if not known[place]:
                continue
            before = text[max(0, word.start() - _BEFORE) : word.start()]
            is_beside = any(_are_beside(text, words, known, place, other) for other in (-1, 1))
            if _is_name(word[0], before, is_beside=is_beside) and not _is_place(word[0], before):
                yield word.span()

    def _has(self, word: str) -> bool:
        if _CYRILLIC.search(word):
            return word.translate(_ALIKE) in self.cyrillic
        return word.isascii() and _folded(word) in self.latin


@lru_cache(maxsize=4)
def name_pattern(people: tuple[tuple[str, ...], ...]) -> NamePattern:
    """What finds the names of ``people``: (first, middle, last) of each, as many as are known."""
    bases = {name.strip().casefold() for names in people for name in names}
    parts = {part for base in bases for part in _TOKEN.findall(base) if len(part) >= 3}
    forms = {form for part in parts for form in _forms(part)}
    latin = {written for form in forms for written in _in_latin(form)}
    return NamePattern(frozenset(forms), frozenset(latin))


def _is_name(word: str, before: str, *, is_beside: bool) -> bool:
    """Whether a word that may be something else is written as a name."""
    if not _is_word(word) or is_beside or _TITLE.search(before):
        return True
    return _is_titled(word) and not _SENTENCE_END.search(before)


def _is_word(word: str) -> bool:
    """Whether it may be a word; Bulgarian in Latin letters only where it is small."""
    return word.casefold() in _WORDS or (word.islower() and _folded(word) in _latin_words())


def _is_titled(word: str) -> bool:
    """With one capital, at its beginning."""
    return word[0].isupper() and word[1:].islower()


@lru_cache(maxsize=1)
def _latin_words() -> frozenset[str]:
    cyrillic = (word for word in _WORDS if _CYRILLIC.search(word))
    return frozenset(written for word in cyrillic for written in _in_latin(word))


def _is_place(word: str, before: str) -> bool:
    """Whether the name is that of a street, a school, a village."""
    if _PLACE.search(before):
        return _LIVING.search(before) is None
    return word[0].isupper() and _VILLAGE.search(before) is not None


def _are_beside(
    text: str, words: list[re.Match[str]], known: list[bool], place: int, step: int
) -> bool:
    """Whether the next word that way is a name, too: surely one, or both with a capital."""
    other = place + step
    if not 0 <= other < len(words) or not known[other]:
        return False
    first, second = words[min(place, other)], words[max(place, other)]
    is_sure = words[other][0].casefold() not in _WORDS
    are_names = is_sure or (_is_titled(first[0]) and _is_titled(second[0]))
    return are_names and text[first.end() : second.start()].strip(" \u00a0.") == ""


def _forms(base: str) -> Iterable[str]:
    """All forms of a name, its base form included."""
    if not _CYRILLIC.search(base):
        return (base,)
    for end, endings in _ENDINGS_OF:
        if base.endswith(end) and len(base) - len(end) >= 2:
            return {base, *(base.removesuffix(end) + ending for ending in endings)}
    return {base + ending for ending in _AFTER_CONSONANT}


def _in_latin(form: str) -> Iterator[str]:
    """All ways to write a form with Latin letters, folded."""
    if not _CYRILLIC.search(form):
        yield _folded(form)
        return
    for letters in product(*(_LATIN.get(c, (c,)) for c in form)):
        yield _folded("".join(letters))


def _folded(word: str) -> str:
    for written, meant in _FOLDS:
        word = word.replace(written, meant)
    return word
