"""What a text needs to look right on a screen, in whichever language and script.

The rules are about characters, not about words. A text that breaks one shows as boxes, upside down,
over its neighbours, or not at all; and hostile ones are made to do just that.
"""

from __future__ import annotations

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

_UNSHOWN: Final = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Cs": "half a character",
    "Co": "a character that only some computers have",
    "Cn": "a character that does not exist",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}


def faults_of_text(text: str, max_length: int, *, has_lines: bool) -> Iterator[str]:
    """What would look broken about ``text``, and what to do; a fault of each sort at most.

    Args:
        text: in any language; any string at all.
        max_length: characters that fit.
        has_lines: whether it may have several lines.
    """
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        yield "has nothing to read; write something"
        return
    if len(text) > max_length:
        yield f"has {len(text)} characters; at most {max_length} fit the screen: shorten it"
    if "\n" in text and not has_lines:
        yield "has a line break; write it in one line"
    yield from _unshown(text)
    if _longest_pile(text) > MAX_MARKS:
        yield "has marks that pile up on one letter; take them out"
    if not unicodedata.is_normalized("NFC", text):
        yield "has letters made of pieces; type it anew, or save it as Unicode NFC"


def _unshown(text: str) -> Iterator[str]:
    """The first character that can't be shown; line feeds are another rule's."""
    for character in text:
        category = unicodedata.category(character)
        if category in _UNSHOWN and character != "\n" and character not in _JOINERS:
            yield f"has {_UNSHOWN[category]}, U+{ord(character):04X}; take it out"
            return
    if "\ufffd" in text:
        yield "has U+FFFD, which stands where a letter was lost; type it anew"


def _longest_pile(text: str) -> int:
    """How many combining marks follow each other at most."""
    runs = groupby(text, key=lambda character: unicodedata.category(character) in ("Mn", "Me"))
    return max((sum(1 for _ in run) for is_marks, run in runs if is_marks), default=0)
