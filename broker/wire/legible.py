"""What a text needs to look right on a screen, in whichever language and script.

The rules are about characters, not about words. A text that breaks one shows as boxes, upside down,
over its neighbours, or not at all; and hostile ones are made to do just that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final

MAX_MARKS: Final = 4
"""Combining marks on one letter: pointed Hebrew has three; from five on they pile up over the
line above."""

_JOINERS: Final = frozenset("\u061c\u200c\u200d\u200e\u200f")
"""Invisible, but needed: without them Persian, Arabic, Hebrew and some pictures are written wrong.
The overrides and isolates of direction are not among them: they turn what comes after."""

_BLANKS: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
"""Letters, marks and symbols by their category, that nobody sees: fillers of Hangul syllables, the
empty braille pattern, inherent vowels of Khmer, a note without a head."""

_READ: Final = frozenset("%\u2030\u066a\uff05")
"""Punctuation by its category, that is read as a word: it may be a unit."""

MAX_LINES: Final = 4
MAX_GAP: Final = 2
"""White space in a row: a line may be left empty, and some put two spaces after a sentence."""

MAX_WORD: Final = 40
"""Letters in a row without a place to break the line: the longest words of German and Finnish."""

# Chinese and Japanese lines may be broken anywhere; Thai, Lao, Burmese and Khmer have no spaces.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
)
_WORD: Final = re.compile(f"[^\\s/{_UNSPACED}-]+")
_GAP: Final = re.compile(r"\s+")

_UNSHOWN: Final = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Cs": "half a character",
    "Co": "a character that only some computers have",
    "Cn": "a character that does not exist",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}


def faults_of_text(
    text: str, max_length: int, *, has_lines: bool, max_lines: int = MAX_LINES
) -> Iterator[str]:
    """What would look broken about ``text``, and what to do; a fault of each sort at most.

    Args:
        text: in any language; any string at all.
        max_length: characters that fit.
        has_lines: whether it may have several lines.
        max_lines: how many.
    """
    if not any(_is_read(character) for character in text):
        yield "has nothing to read; write something"
        return
    if len(text) > max_length:
        yield f"has {len(text)} characters; at most {max_length} fit the screen: shorten it"
    if "\n" in text and not has_lines:
        yield "has a line break; write it in one line"
    yield from _misspaced(text, max_lines)
    yield from _unshown(text)
    if _longest_pile(text) > MAX_MARKS:
        yield "has marks that pile up on one letter; take them out"
    if not unicodedata.is_normalized("NFC", text):
        yield "has letters made of pieces; type it anew, or save it as Unicode NFC"


def as_seen(text: str) -> str:
    """``text`` as far as the eye can tell it from another: capitals, spaces and joiners apart."""
    visible = "".join(character for character in text if character not in _JOINERS)
    return " ".join(visible.casefold().split())


def _is_read(character: str) -> bool:
    """Whether it says something by itself, as a letter, a number or a picture does."""
    is_sign = unicodedata.category(character)[0] in "LNS" or character in _READ
    return is_sign and character not in _BLANKS


def _misspaced(text: str, max_lines: int) -> Iterator[str]:
    """What no line breaking can make good."""
    lines, gap, word = text.count("\n") + 1, _longest(_GAP, text), _longest(_WORD, text)
    if lines > max_lines:
        yield f"has {lines} lines; at most {max_lines} fit the screen: join some"
    elif gap > MAX_GAP:
        yield f"has {gap} spaces in a row; leave one"
    if word > MAX_WORD:
        yield f"has {word} characters without a space; at most {MAX_WORD} fit a line: shorten it"


def _longest(pattern: re.Pattern[str], text: str) -> int:
    return max(map(len, pattern.findall(text)), default=0)


def _unshown(text: str) -> Iterator[str]:
    """The first character that can't be shown; line feeds are another rule's."""
    for character in text:
        what = "Cf" if character in _BLANKS else unicodedata.category(character)
        if what in _UNSHOWN and character != "\n" and character not in _JOINERS:
            yield f"has {_UNSHOWN[what]}, U+{ord(character):04X}; take it out"
            return
    if "\ufffd" in text:
        yield "has U+FFFD, which stands where a letter was lost; type it anew"


def _longest_pile(text: str) -> int:
    """How many combining marks follow each other at most."""
    runs = groupby(text, key=lambda character: unicodedata.category(character) in ("Mn", "Me"))
    return max((sum(1 for _ in run) for is_marks, run in runs if is_marks), default=0)
