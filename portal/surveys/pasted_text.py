"""Texts as they come out of other programs, mended where nobody would see the difference. Pure.

Word, PDF and some keyboards leave behind what the eye can't see: letters made of pieces, soft
hyphens, marks of byte order, tabs, bullets of a font of their own. A kiosk's screen can't show
these, so the feedback store refuses them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINERS: Final = frozenset("\u061c\u200c\u200d\u200e\u200f")
"""Invisible, but some scripts are written wrong without them."""
_BLANKS: Final = str.maketrans(dict.fromkeys("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", ""))
_LINE_ENDS: Final = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_BULLETS: Final = re.compile("[\uf0a7\uf0b7\uf0d8\uf0fc]")
"""Of Word's lists, in the fonts Symbol and Wingdings."""
_SPACES: Final = re.compile(r"[^\S\n]+")
_AROUND_ENDS: Final = re.compile(r" ?\n ?")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def mended(text: str) -> str:
    """``text`` with whole letters, single spaces, and nothing that can't be seen."""
    text = _BULLETS.sub("•", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
    seen = "".join(
        each
        for each in text
        if each == "\n" or each in _JOINERS or unicodedata.category(each) not in _UNSEEN
    )
    whole = unicodedata.normalize("NFC", seen.translate(_BLANKS))
    return _EMPTY_LINES.sub("\n\n", _AROUND_ENDS.sub("\n", _SPACES.sub(" ", whole)))
